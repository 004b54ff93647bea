"""Every row that follows from the events can be made again from them, and one that was altered is named and mended."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.tables import T
from tests.world import LETTER, make_department, noon, register, scan, sweep_on, take, walk, who
from xinfang.accounts.models import Unit
from xinfang.attachments.actions.attach import attach_checked
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Deadline, Event, Petition
from xinfang.cases.queries.case_text import case_text, text_of_events, words_as_registered
from xinfang.cases.queries.petitions import facts_of
from xinfang.operations.demo.load import load_demo
from xinfang.operations.main import main
from xinfang.papers.models import Paper
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material
from xinfang.proof.actions.rebuild import rebuild
from xinfang.proof.derived_rows import RowDifference, derived_tables, differences

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def found() -> list[str]:
    return [f"{d.number} {d.table}: {d.what}" for d in differences() if isinstance(d, RowDifference)]


@pytest.mark.parametrize(
    "until", ["registered", "classified", "advised", "accepted", "extended", "replied", "served", "closed", "archived"]
)
def test_along_the_path_nothing_differs(until: str) -> None:
    make_department()
    walk(register(MONDAY), until, MONDAY)
    assert found() == []


def test_a_report_of_wrongdoing_and_corrections() -> None:
    make_department()
    number = register(MONDAY, persons=[{"name": "周明远", "phone": "15000007779"}])
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    other = register(MONDAY)
    take(other, StepCode.CORRECT, "clerk", MONDAY, what="name", new_value="其其格", reason="听写有误")
    take(other, StepCode.CORRECT, "clerk", MONDAY, what="subject", new_value="请求补发补助", reason="原事由有误")
    take(other, StepCode.SUPPLEMENT, "clerk", MONDAY, text="联名", persons=[{"name": "萨仁", "role": "co_signer"}])
    for what, value, more in (
        ("phone", "15000007781", {"person": 2}),
        ("role", "代表", {"person": 2}),
        ("sender", "自治区信访局", {}),
        ("sender_date", MONDAY.isoformat(), {}),
        ("group_size", "3", {}),
        ("request", "请补发上年补助", {"request": 1}),
    ):
        take(other, StepCode.CORRECT, "clerk", MONDAY, what=what, new_value=value, reason="登记有误", **more)
    petition = Petition.objects.get(number=other)
    second = petition.petitioners.get(place=2)
    assert (second.phone, second.role, petition.sender, petition.group_size) == (
        "15000007781",
        "representative",
        "自治区信访局",
        3,
    )
    assert petition.requests.get(number=1).text == "请补发上年补助"
    assert found() == []


def test_the_words_of_a_letter_are_corrected_and_its_first_words_are_kept() -> None:
    make_department()
    number = register(MONDAY)
    words = "本人担任科技特派员，补助未按月发放，请说明原因并补发。"
    take(number, StepCode.CORRECT, "clerk", MONDAY, what="body", new_body=words, reason="漏字")
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    assert petition.body == words == text_of_events(petition, facts).body
    assert words_as_registered(petition, facts) == LETTER["body"]
    assert found() == []
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    petition.refresh_from_db()
    assert petition.body == "" and case_text(petition, facts_of(petition)).body == words
    assert found() == []


def test_the_fields_of_the_form_are_kept_as_what_they_correct() -> None:
    make_department()
    number = register(MONDAY)
    day = MONDAY - timedelta(days=3)
    take(number, StepCode.CORRECT, "clerk", MONDAY, what="received_on", new_day=day, reason="照收文登记簿")
    take(number, StepCode.CORRECT, "clerk", MONDAY, what="request", request=1, new_text="说明原因", reason="误写")
    petition = Petition.objects.get(number=number)
    assert petition.received_on == day and petition.requests.get(number=1).text == "说明原因"
    first = Event.objects.get(petition=petition, code=StepCode.CORRECT, stage="proposed", data__what="received_on")
    kept = {k: first.data[k] for k in ("new_day", "public_value", "old_value")}
    assert kept == {"new_day": None, "public_value": day.isoformat(), "old_value": MONDAY.isoformat()}
    assert found() == []


def test_those_who_joined_later_are_petitioners_as_well() -> None:
    make_department()
    number = register(MONDAY, channel="visit", group_size=9, persons=[])
    joined = [{"name": "高娃", "phone": "15000007780", "role": "representative"}, {"name": "萨仁", "role": "co_signer"}]
    chosen = {"what": Material.PETITIONERS_WORDS, "by": who("clerk", MONDAY), "now": noon(MONDAY)}
    attach_checked(number, scan(7), "推选书.png", "png", **chosen)
    take(number, StepCode.SUPPLEMENT, "clerk", MONDAY, text="推选代表", persons=joined[:1], attachment=1)
    take(number, StepCode.SUPPLEMENT, "clerk", MONDAY, text="联名", persons=joined[1:])
    petition = Petition.objects.get(number=number)
    people = [(p.place, p.full_name, p.phone, p.role) for p in petition.petitioners.order_by("place")]
    assert people == [(1, "高娃", "15000007780", "representative"), (2, "萨仁", "", "co_signer")]
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    assert found() == []


def test_how_the_dead_were_reached_is_in_no_row_and_who_goes_on_is_written_to() -> None:
    make_department()
    number = register(MONDAY)
    waiting = take(number, StepCode.RECORD_DEATH, "clerk", MONDAY, waits=True, person=1, text="其女称将继续")
    assert waiting.petition.petitioners.get().phone, "nothing has changed yet"
    take(number, StepCode.RECORD_DEATH, "clerk2", MONDAY)
    petition = Petition.objects.get(number=number)
    dead = petition.petitioners.get()
    assert (dead.full_name, dead.phone, dead.address, dead.id_number) == ("其木格", "", "", "")
    assert found() == []
    heir = {"name": "萨仁", "phone": "15000007782", "address": "某盟某旗", "role": "heir"}
    take(number, StepCode.SUPPLEMENT, "clerk", MONDAY, text="其女继续", persons=[heir], attachment=1)
    assert petition.petitioners.get(place=2).phone == "15000007782" and found() == []


def test_who_was_recorded_as_dead_by_mistake_is_reached_again_once_that_is_corrected() -> None:
    make_department()
    number = register(MONDAY)
    take(number, StepCode.RECORD_DEATH, "clerk", MONDAY, person=1, text="误听来电")
    take(number, StepCode.CORRECT, "clerk", MONDAY, what="living", person=1, new_living="alive", reason="登记有误")
    take(number, StepCode.CORRECT, "clerk", MONDAY, what="phone", new_value="15000007783", reason="照原件")
    person = Petition.objects.get(number=number).petitioners.get()
    assert (person.full_name, person.phone) == ("其木格", "15000007783")
    assert facts_of(Petition.objects.get(number=number)).deceased == () and found() == []


def test_after_warnings_nothing_differs() -> None:
    make_department()
    walk(register(MONDAY), "advised", MONDAY)
    for days in (3, 9, 14, 20, 70):
        sweep_on(MONDAY + timedelta(days=days))
        assert found() == []


def test_after_warnings_and_a_later_date_nothing_differs() -> None:
    make_department()
    number = register(MONDAY)
    walk(number, "heard", MONDAY)
    later = MONDAY + timedelta(days=45)
    sweep_on(later)
    assert Event.objects.filter(code=StepCode.WARN, data__clock="handling").exists() and found() == []
    take(number, StepCode.REQUEST_EXTENSION, "handler", later, days=30, reason="等待审计结果")
    assert (
        take(number, StepCode.GRANT_EXTENSION, "leader", later, days=30, reason="等待审计结果").facts.extended_days
        == 30
    )
    assert Deadline.objects.get(clock="handling").warned == "" and found() == []
    for days in (60, 80, 95, 130):
        sweep_on(MONDAY + timedelta(days=days))
        assert found() == []


@pytest.mark.parametrize(
    "silenced",
    [
        {"warned": "long", "next_alert": None},
        {"warned": "lapsed"},
        {"alert_retry": 1, "next_alert": date(2099, 1, 1)},
        {"next_alert": None},
    ],
)
def test_warnings_that_were_silenced_are_named_and_given(silenced: dict[str, Any]) -> None:
    make_department()
    number = register(MONDAY)
    walk(number, "accepted", MONDAY)
    sweep_on(MONDAY + timedelta(days=38))
    assert found() == [] and Deadline.objects.exclude(warned="").exists()
    Deadline.objects.filter(stopped_on=None).update(**silenced)
    assert any(f"{T.cases_deadline}: " in line for line in found())
    rebuild([number])
    assert found() == []
    later = MONDAY + timedelta(days=150)
    done = sweep_on(later)
    assert (done.overdue > 0, done.escalated > 0, done.failed) == (True, True, 0)


def test_a_lost_row_comes_back_as_far_warned_as_it_was() -> None:
    make_department()
    number = register(MONDAY)
    walk(number, "accepted", MONDAY)
    sweep_on(MONDAY + timedelta(days=150))
    before = list(Deadline.objects.order_by("clock").values("clock", "warned", "next_alert"))
    Deadline.objects.all().delete()
    rebuild([number])
    assert list(Deadline.objects.order_by("clock").values("clock", "warned", "next_alert")) == before


def test_the_demo_is_what_its_events_say(capsys: pytest.CaptureFixture[str]) -> None:
    load_demo()
    assert found() == []
    assert main(["rebuild", "--check"]) == 0
    assert "没有差异" in capsys.readouterr().out


ALTERED: dict[str, Callable[[Any], dict[str, Any]]] = {
    T.cases_petition: lambda row: {"next_due": date(2030, 1, 1)},
    T.cases_petition_assisting_units: lambda row: {},
    T.cases_petitioner: lambda row: {"name": "别人"},
    T.cases_request: lambda row: {"text": "什么也不要求"},
    T.cases_casevisibility: lambda row: {},
    T.cases_requiredpaper: lambda row: {},
    T.cases_deadline: lambda row: {"due": date(2030, 1, 1)},
    T.cases_task: lambda row: {"words": "别的"},
    T.attachments_attachment: lambda row: {"digest": "0" * 64},
    T.papers_paper: lambda row: {"stage": "signed"},
    T.search_searchtext: lambda row: {"text": "别的"},
    T.search_searchanswer: lambda row: {"text": "别的"},
    T.search_searchperson: lambda row: {"mark": 1},
    T.archive_archivevolume: lambda row: {"until": date(2027, 1, 1)},
    T.supervision_supervisiongroundrow: lambda row: {"since": date(2020, 1, 1)},
    T.exchange_outgoing: lambda row: {"seq": 99},
}


def test_every_derived_table_is_tried() -> None:
    assert set(ALTERED) == {d.model._meta.db_table for d in derived_tables()}


def test_an_altered_row_in_each_table_is_named_and_mended() -> None:
    load_demo()
    assert found() == []
    for derived in derived_tables():
        table = derived.model._meta.db_table
        row = derived.model._default_manager.order_by("pk").first()
        if table == T.cases_petition_assisting_units:
            assert row is None
            first = Petition.objects.order_by("pk")[0]
            first.assisting_units.add(Unit.objects.exclude(pk=first.handling_unit_id)[0])
        elif row is None:
            assert table == T.papers_paper, "the demo has one of all others"
            Paper.objects.create(petition=Petition.objects.order_by("pk")[0], place=99, kind="receipt")
        elif changed := ALTERED[table](row):
            derived.model._default_manager.filter(pk=row.pk).update(**changed)
        else:
            row.delete()
        named = [d for d in differences() if isinstance(d, RowDifference)]
        numbers = sorted({d.number for d in named})
        # One: what the table before had is mended, or its case would be named too.
        assert len(numbers) == 1 and table in {d.table for d in named}, named
        assert rebuild(numbers)[table] >= 1
        assert AdminRecord.objects.filter(what="重建派生数据", target=numbers[0]).exists()
    assert found() == []


def test_the_command_mends(capsys: pytest.CaptureFixture[str]) -> None:
    make_department()
    number = register(MONDAY)
    events = Event.objects.count()
    Petition.objects.filter(number=number).update(state="closed")
    assert main(["rebuild", "--check"]) == 1
    assert f"{number} {T.cases_petition}：" in capsys.readouterr().out
    assert main(["rebuild"]) == 0
    assert main(["rebuild", "--check"]) == 0 and Event.objects.count() == events
