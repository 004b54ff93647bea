"""The text of an event lies in a row of its own: read with the case's key, bound to its event, erased with the file."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.archive.test_disposal import archived, department, proposed, staff
from tests.tables import T
from tests.urls import url
from tests.world import LETTER, make_department, register, sweep_on, take, walk, who
from xinfang.archive.actions import disposal
from xinfang.archive.actions.destruction import _ERASED
from xinfang.cases.models import Event, EventText, Petition, Request
from xinfang.cases.queries.personal_answers import personal_answers_of
from xinfang.cases.queries.petitions import facts_of, facts_of_all
from xinfang.procedure.facts import Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import WITHHELD_MARK
from xinfang.proof.actions.rebuild import rebuild
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.proof.verify import verify
from xinfang.search import index
from xinfang.vault.sm_ciphers import DecryptionFailed

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture
def number() -> str:
    make_department()
    number = register(MONDAY)
    walk(number, "drafted", MONDAY)
    return number


def petition(number: str) -> Petition:
    return Petition.objects.get(number=number)


def broken() -> list[tuple[str, str]]:
    return [(b.place, b.what) for b in verify().broken]


def not_compared(number: str) -> tuple[str, str]:
    """What is said of the rows of a case whose events can't be read."""
    return f"{number} {T.cases_event}", "内容不能解密（DecryptionFailed），无法核对"


def test_a_history_is_read_in_one_question(number: str, django_assert_num_queries) -> None:
    first, second = petition(number), petition(register(MONDAY))
    with django_assert_num_queries(1):
        facts = facts_of(first)
    assert facts.subject == LETTER["subject"] and facts.requests[1].finding == "应发12个月补助属实。"
    assert facts.persons[0].name == WITHHELD_MARK and facts.history[0].step.body == WITHHELD_MARK
    with django_assert_num_queries(1):
        both = facts_of_all([second, first])
    assert both[first.pk] == facts and both[second.pk].subject == LETTER["subject"]
    assert personal_answers_of(first, facts.history[0])["body"] == LETTER["body"]


def test_an_event_says_only_that_something_was_written(number: str) -> None:
    event = Event.objects.get(petition__number=number, seq=1)
    assert event.data["subject"] == event.data["body"] == WITHHELD_MARK and event.data["sender"] == ""
    assert event.data["requests"] == [{"text": WITHHELD_MARK}] * 2 and event.data["channel"] == "letter"
    assert len(event.text_digest) == 64
    # A step without words has no row.
    assert not Event.objects.get(petition__number=number, code=StepCode.CLASSIFY).text_digest


def test_without_its_text_a_case_still_reads_and_is_named(number: str) -> None:
    before = facts_of(petition(number))
    EventText.objects.filter(event__petition__number=number).delete()
    after = facts_of(petition(number))
    assert (after.state, after.handler, after.reply_stage) == (before.state, before.handler, before.reply_stage)
    assert after.subject == WITHHELD_MARK and [r.finding for r in after.requests] == [WITHHELD_MARK] * 2
    *steps, rows = broken()
    assert steps[0][0] == f"{number} 第1步" and len(steps) == Event.objects.exclude(text_digest="").count()
    assert {what for _, what in steps} == {"这一步的文字不在，而案卷没有销毁"} and rows == not_compared(number)


def test_without_its_key_a_case_still_reads(number: str) -> None:
    Petition.objects.filter(number=number).update(wrapped_key=None)
    facts = facts_of(petition(number))
    assert facts.subject == WITHHELD_MARK and facts.state == facts_of(petition(number)).state
    assert personal_answers_of(petition(number), facts.history[0])["body"] == ""


def test_a_damaged_text_is_an_error_and_is_named(number: str) -> None:
    text = EventText.objects.get(event__petition__number=number, event__seq=1)
    whole = bytes(text.sealed)
    for damaged in (whole[:-1] + bytes([whole[-1] ^ 1]), whole[:20], b""):
        EventText.objects.filter(pk=text.pk).update(sealed=damaged)
        with pytest.raises(DecryptionFailed, match="第1步的文字无法还原"):
            facts_of(petition(number))
        assert broken() == [(f"{number} 第1步", "这一步的文字与当时不同，或取自别处"), not_compared(number)]
    EventText.objects.filter(pk=text.pk).update(sealed=whole)
    assert facts_of(petition(number)).subject == LETTER["subject"] and verify().whole


def test_a_text_says_nothing_under_another_event(number: str) -> None:
    texts = list(EventText.objects.filter(event__petition__number=number).order_by("event__seq"))
    EventText.objects.filter(pk=texts[0].pk).update(sealed=bytes(texts[1].sealed))
    with pytest.raises(DecryptionFailed):
        facts_of(petition(number))
    assert broken() == [(f"{number} 第1步", "这一步的文字与当时不同，或取自别处"), not_compared(number)]


def test_a_damaged_case_and_every_other_are_still_warned_of(number: str) -> None:
    """Limits run by what events hold in plain."""
    other = register(MONDAY)
    EventText.objects.filter(event__petition__number=number, event__seq=1).update(sealed=b"x" * 60)
    assert not sweep_on(MONDAY + timedelta(days=200)).failed
    for of in (number, other):
        assert Event.objects.filter(petition__number=of, code=StepCode.MARK_OVERDUE).exists()
    assert petition(number).subject == LETTER["subject"]


def test_destroying_a_file_erases_its_text_and_proves_whole() -> None:
    department()
    number, kept = archived(), archived("permanent")
    subject = petition(number).subject
    disposal.decide_disposal(
        proposed(number), agree=True, opinion="", by=who("office_head"), staff=staff("office_head")
    )
    assert not EventText.objects.filter(event__petition__number=number).exists()
    assert EventText.objects.filter(event__petition__number=kept).exists() and verify().whole
    facts = facts_of(petition(number))
    assert facts.destroyed_on is not None and facts.subject == WITHHELD_MARK and facts.archived_on is not None
    assert facts.volume and subject != WITHHELD_MARK
    # A text that is put back under such an event isn't taken for its own.
    event = Event.objects.get(petition__number=number, seq=1)
    EventText.objects.create(event=event, sealed=b"x" * 60)
    assert [place for place, _ in broken()] == [f"{number} 第1步"]


def _columns(number: str) -> tuple[str, ...]:
    kept = petition(number)
    rows = Request.objects.filter(petition=kept).values_list("text", "finding", "basis", "changed", "carried_out")
    of_case = (kept.subject, kept.body, kept.reception_place, kept.sender, kept.sender_number, kept.external_number)
    return (*of_case, *(word for row in rows for word in row))


def _words(facts: Facts) -> tuple[str, ...]:
    return (facts.subject, *(r.text for r in facts.requests))


@pytest.mark.parametrize("entered", [False, True])
def test_sealing_a_case_takes_its_words_out_of_the_tables_and_back(client, entered: bool) -> None:
    make_department()
    sent = {"sender": "旗委督查室", "sender_number": "督转〔2026〕77号", "external_number": "外编0099"}
    number = register(MONDAY, channel="visit", reception_place="二楼第三接待室", source="superior", **sent)
    if entered:
        sent["external_number"] = "自治区7788"
        take(number, StepCode.ENTER_REGIONAL, "clerk", MONDAY, external_number=sent["external_number"])
    before, words = _columns(number), _words(facts_of(petition(number)))
    assert {"二楼第三接待室", *sent.values()} <= set(before)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report", purpose="report")
    assert set(_columns(number)) == {"密封件", ""} and _differences() == []
    words_of_the_row = _ERASED[Petition].keys() - {"subject", "inquiry_mark", "inquiry_sealed"}
    assert not any(getattr(petition(number), column) for column in words_of_the_row)
    client.force_login(staff("sealed"))
    client.post(f"/petitions/{number}/reason/", {"reason": "办理需要，核对材料"})
    page = client.get(f"/petitions/{number}/").content.decode()
    assert all(word in page for word in sent.values()), "who may see it reads them as before"
    assert _words(facts_of(petition(number))) == words and index.check_index() == []
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                assert not any(w in str(v) for v in row for w in (*words, *sent.values(), LETTER["body"])), table
    take(number, StepCode.UNSEAL, "sealed", MONDAY, reason="误转")
    assert _columns(number) == before and index.check_index() == [] and _differences() == []


def test_a_sealed_case_is_read_by_its_officer_as_before(client) -> None:
    make_department()
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report", purpose="report")
    client.force_login(staff("sealed"))
    assert client.post(url("sealed-reason", number), {"reason": "办理需要，核对材料"}).status_code == 302
    for page in (url("petition", number), url("step", number, StepCode.HAND_OVER), url("receipt", number)):
        said = client.get(page).content.decode()
        assert LETTER["subject"] in said
        assert page == url("receipt", number) or LETTER["body"] in said
    assert all(r["text"] in client.get(url("petition", number)).content.decode() for r in LETTER["requests"])


def _differences() -> list[str]:
    return [f"{d.number} {d.table}: {d.what}" for d in differences() if isinstance(d, RowDifference)]


def test_rows_are_made_again_from_what_the_events_withhold(number: str) -> None:
    assert _differences() == []
    person = petition(number).petitioners.get()
    kept = (person.full_name, person.phone, person.address)
    petition(number).petitioners.all().delete()
    Petition.objects.filter(number=number).update(subject="别的", body="", reception_place="别处")
    assert rebuild([number])[T.cases_petitioner] == 1 and _differences() == []
    person = petition(number).petitioners.get()
    assert (person.full_name, person.phone, person.address) == kept
    assert (petition(number).subject, petition(number).body) == (LETTER["subject"], LETTER["body"])


def test_what_is_gone_from_the_events_stays_in_the_rows(number: str) -> None:
    """Rows aren't made again from marks: they may be the last that says what was asked."""
    EventText.objects.filter(event__petition__number=number, event__seq=1).delete()
    assert _differences() == [
        f"{number} {T.cases_event}: 第1步 这一步的文字不在，而案卷没有销毁",
        ": ".join(not_compared(number)),
    ]
    rebuild([number])
    assert petition(number).subject == LETTER["subject"] and petition(number).petitioners.get().phone


def test_of_sealed_and_destroyed_cases_the_rows_are_what_the_events_say() -> None:
    department()
    number, sealed = archived(), register(MONDAY, channel="visit", reception_place="二楼")
    take(sealed, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report", purpose="report")
    assert _differences() == []
    disposal.decide_disposal(
        proposed(number), agree=True, opinion="", by=who("office_head"), staff=staff("office_head")
    )
    assert _differences() == [] and petition(number).wrapped_key is None
    take(sealed, StepCode.UNSEAL, "sealed", MONDAY, reason="误转")
    assert _differences() == [] and petition(sealed).reception_place == "二楼"
