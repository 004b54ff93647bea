"""Whatever somebody with the database's own password changes, removes, adds or moves is found.

Untouched data verifies.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.personnel_decisions.recording import confirmed
from tests.reception.receiving import answered, booked, given_back, published
from tests.tables import T
from tests.window.standing import PHONE, code_shown, is_open, opened, submitted
from tests.world import make_department, noon, register, walk
from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.attachments.actions.original_places import place_on_registration
from xinfang.audit import append_only_triggers
from xinfang.audit.actions import audit_log
from xinfang.audit.canonical import head_mac
from xinfang.audit.models import RowState, Seal
from xinfang.audit.seals import NO_STATES, KeptSeal
from xinfang.calendars.models import NumberChange, NumberChangeAnswer, ScheduleAnswer, ScheduleProposal
from xinfang.cases.access import open_case
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.models import Event, ExportAnswer, ExportMade, ExportRequest, Petition
from xinfang.mailbox.models import IncomingMail, MailAnswer, MailPlace, MailProposal
from xinfang.matters.actions.judging import judge
from xinfang.petitioner_news.actions import keep_wishes
from xinfang.petitioner_news.wishes import Wishes
from xinfang.phrases.models import Phrase
from xinfang.procedure.same_matter import PairVerdict
from xinfang.procedure.words import AccessKind
from xinfang.proof.actions.sealing import make_seal, seal_hash
from xinfang.proof.verify import verify
from xinfang.supervision.models import MonthlySample, SampledDecision
from xinfang.window.actions.clearing import answer_set_aside, ask_again, set_aside
from xinfang.window.actions.flood import keep_waiting
from xinfang.window.models import Clearing
from xinfang.window.submission import Submission

START = date(2026, 3, 2)
ROUNDS = 1000


def build() -> None:
    """Cases that went different ways; sealed three times, and some work after the last seal."""
    make_department()
    clerk = Staff.objects.get(username="clerk")
    for day, ends in enumerate(("classified", "signed", "instructed", "accepted", "classified", "proposed")):
        on = START + timedelta(days=day)
        number = register(on)
        walk(number, ends, on)
        log_access(Petition.objects.get(number=number), clerk, AccessKind.READ)
        log_access(Petition.objects.get(number=number), clerk, AccessKind.UNMASK, "电话联系信访人")
        audit_log.record(clerk, "试验", f"第{day}次", day=day)
        if day in (1, 3, 4):
            make_seal(on, noon(on))


def one(sql: str, *params: object) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def run(sql: str, *params: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def pick(rng: random.Random, table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        return rng.choice([pk for (pk,) in cursor.fetchall()])


TABLES = (T.cases_event, T.cases_accesslogentry, T.audit_adminrecord)
TEXTS = {
    T.cases_event: ("code", "stage", "data", "state_before", "state_after", "by_role"),
    T.cases_accesslogentry: ("what", "reason", "detail"),
    T.audit_adminrecord: ("what", "target", "detail"),
}


def edit_a_text(rng: random.Random) -> None:
    table = rng.choice(TABLES)
    column = rng.choice(TEXTS[table])
    value = '{"x": 1}' if column in ("data", "detail") else "closed"
    run(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, pick(rng, table))


def back_date(rng: random.Random) -> None:
    pk = pick(rng, T.cases_event)
    if rng.random() < 0.5:
        run(f"UPDATE {T.cases_event} SET happened_on = %s WHERE id = %s", "2026-01-15", pk)
    else:
        run(f"UPDATE {T.cases_event} SET recorded_at = %s WHERE id = %s", "2026-01-15 04:00:00+00:00", pk)


def change_who(rng: random.Random) -> None:
    table, column = rng.choice(
        ((T.cases_event, "by_id"), (T.cases_accesslogentry, "by_id"), (T.audit_adminrecord, "by_id"))
    )
    pk = pick(rng, table)
    (had,) = one(f"SELECT {column} FROM {table} WHERE id = %s", pk)
    other = rng.choice([s for s in Staff.objects.values_list("pk", flat=True) if s != had])
    run(f"UPDATE {table} SET {column} = %s WHERE id = %s", other, pk)


def change_the_withheld(rng: random.Random) -> None:
    pk = _with_text(rng)
    if rng.random() < 0.5:
        run(f"UPDATE {T.cases_eventtext} SET sealed = %s WHERE event_id = %s", rng.randbytes(80), pk)
    else:
        run(f"UPDATE {T.cases_event} SET text_digest = %s WHERE id = %s", rng.choice(["", rng.randbytes(32).hex()]), pk)


def remove_the_withheld(rng: random.Random) -> None:
    run(f"DELETE FROM {T.cases_eventtext} WHERE event_id = %s", _with_text(rng))


def swap_the_withheld(rng: random.Random) -> None:
    """The text of one event under another, as it is there."""
    a, b = _with_text(rng), _with_text(rng)
    while b == a:
        b = _with_text(rng)
    (had,) = one(f"SELECT sealed FROM {T.cases_eventtext} WHERE event_id = %s", b)
    run(f"UPDATE {T.cases_eventtext} SET sealed = %s WHERE event_id = %s", had, a)


def _with_text(rng: random.Random) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT event_id FROM {T.cases_eventtext} ORDER BY event_id")
        return rng.choice([pk for (pk,) in cursor.fetchall()])


def delete_one(rng: random.Random) -> None:
    table = rng.choice(TABLES)
    pk = pick(rng, table)
    if table == T.cases_event:
        run(f"DELETE FROM {T.cases_requiredpaper} WHERE event_id = %s", pk)
    run(f"DELETE FROM {table} WHERE id = %s", pk)


def insert_one(rng: random.Random) -> None:
    pk = pick(rng, T.cases_event)
    case, last = one(
        f"SELECT petition_id, (SELECT MAX(seq) FROM {T.cases_event} WHERE petition_id = e.petition_id)"
        f" FROM {T.cases_event} e WHERE id = %s",
        pk,
    )
    run(
        f"INSERT INTO {T.cases_event} (petition_id, seq, code, stage, data, text_digest, happened_on, recorded_at,"
        " by_id, by_role, state_before, state_after, hash) SELECT petition_id, %s, code, stage, data, text_digest,"
        f" happened_on, recorded_at, by_id, by_role, state_before, state_after, %s FROM {T.cases_event} WHERE id = %s",
        last + 1,
        rng.choice([one(f"SELECT hash FROM {T.cases_event} WHERE id = %s", pk)[0], rng.randbytes(32).hex()]),
        pk,
    )
    if rng.random() < 0.5:
        run(f"UPDATE {T.cases_petition} SET revision = %s WHERE id = %s", last + 1, case)


def reorder(rng: random.Random) -> None:
    case = pick(rng, T.cases_petition)
    (last,) = one(f"SELECT MAX(seq) FROM {T.cases_event} WHERE petition_id = %s", case)
    a, b = rng.sample(range(1, last + 1), 2)
    for was, now in ((a, 1000), (b, a), (1000, b)):
        run(f"UPDATE {T.cases_event} SET seq = %s WHERE petition_id = %s AND seq = %s", now, case, was)


def cut_the_tail(rng: random.Random) -> None:
    """With everything that remembers the end put right, as a careful forger would."""
    case = pick(rng, T.cases_petition)
    (last,) = one(f"SELECT MAX(seq) FROM {T.cases_event} WHERE petition_id = %s", case)
    keep = rng.randint(1, last - 1)
    events = f"SELECT id FROM {T.cases_event} WHERE petition_id = %s AND seq > %s"
    run(f"DELETE FROM {T.cases_requiredpaper} WHERE event_id IN ({events})", case, keep)
    run(f"DELETE FROM {T.cases_event} WHERE petition_id = %s AND seq > %s", case, keep)
    (head,) = one(f"SELECT hash FROM {T.cases_event} WHERE petition_id = %s AND seq = %s", case, keep)
    sealed_up_to = Seal.objects.order_by("-number").values_list("last_event", flat=True)[0]
    if one(f"SELECT MAX(id) FROM {T.cases_event}")[0] >= sealed_up_to and rng.random() < 0.5:
        # Where the seal would not show it, the case itself still does.
        return
    (gone,) = one(f"SELECT COUNT(*) FROM {T.cases_event} WHERE id <= %s", sealed_up_to)
    if gone < SEALED_EVENTS[0]:
        run(f"UPDATE {T.cases_petition} SET revision = %s, head = %s WHERE id = %s", keep, head, case)


SEALED_EVENTS = [0]


def cut_the_looks(rng: random.Random) -> None:
    (last,) = one(f"SELECT MAX(seq) FROM {T.cases_accesslogentry}")
    run(f"DELETE FROM {T.cases_accesslogentry} WHERE seq > %s", rng.randint(0, last - 1))


def swap_two_cases(rng: random.Random) -> None:
    """All events of two cases change places, and the ends with them."""
    a, b = rng.sample(list(Petition.objects.values_list("pk", flat=True)), 2)
    ends = {pk: one(f"SELECT revision, head FROM {T.cases_petition} WHERE id = %s", pk) for pk in (a, b)}
    run(f"UPDATE {T.cases_event} SET seq = seq + 1000 WHERE petition_id = %s", a)
    run(f"UPDATE {T.cases_event} SET petition_id = %s WHERE petition_id = %s", a, b)
    run(f"UPDATE {T.cases_event} SET petition_id = %s, seq = seq - 1000 WHERE petition_id = %s AND seq > 1000", b, a)
    for pk, other in ((a, b), (b, a)):
        run(f"UPDATE {T.cases_petition} SET revision = %s, head = %s WHERE id = %s", *ends[other], pk)


def change_a_seal(rng: random.Random) -> None:
    column, value = rng.choice(
        (("digest", "0" * 64), ("hash", "f" * 64), ("day", "2026-01-01"), ("records", 1), ("last_event", 2))
    )
    run(f"UPDATE {T.audit_seal} SET {column} = %s WHERE id = %s", value, pick(rng, T.audit_seal))


def remove_a_seal(rng: random.Random) -> None:
    numbers = list(Seal.objects.values_list("number", flat=True))
    run(f"DELETE FROM {T.audit_seal} WHERE number = %s", rng.choice([n for n in numbers if n != max(numbers)]))


def drop_a_case(rng: random.Random) -> None:
    (number,) = one(f"SELECT number FROM {T.cases_petition} ORDER BY id")
    run(f"UPDATE {T.cases_petition} SET number = %s WHERE number = %s", "LX2026999999", number)


WAYS: tuple[Callable[[random.Random], None], ...] = (
    edit_a_text,
    back_date,
    change_who,
    change_the_withheld,
    remove_the_withheld,
    swap_the_withheld,
    delete_one,
    insert_one,
    reorder,
    cut_the_tail,
    cut_the_looks,
    swap_two_cases,
    change_a_seal,
    remove_a_seal,
    drop_a_case,
)


class _Undone(Exception):
    pass


def tamper(rounds: int) -> dict[str, int]:
    SEALED_EVENTS[0] = one(
        f"SELECT COUNT(*) FROM {T.cases_event} WHERE id <= (SELECT MAX(last_event) FROM {T.audit_seal})"
    )[0]
    found: dict[str, int] = {}
    for i in range(rounds):
        way = WAYS[i % len(WAYS)]
        try:
            with transaction.atomic():
                way(random.Random(i))
                assert not verify(rows=False).whole, f"{way.__name__} ({i}) was not found"
                found[way.__name__] = found.get(way.__name__, 0) + 1
                raise _Undone
        except _Undone:
            pass
    return found


@contextmanager
def without_guard() -> Iterator[None]:
    """The guard is down, and its absence alone doesn't count as a break."""
    append_only_triggers.remove()
    missing, changed = append_only_triggers.tables_without_triggers, append_only_triggers.tables_that_can_be_changed
    append_only_triggers.tables_without_triggers = list  # type: ignore[assignment]
    append_only_triggers.tables_that_can_be_changed = list  # type: ignore[assignment]
    try:
        yield
    finally:
        append_only_triggers.tables_without_triggers = missing
        append_only_triggers.tables_that_can_be_changed = changed


@pytest.mark.django_db
def test_every_one_of_a_thousand_tamperings_is_found() -> None:
    build()
    assert verify().whole
    with without_guard():
        assert verify().whole
        found = tamper(ROUNDS)
        assert verify().whole
    print(f"\n{sum(found.values())} tamperings found: {found}")
    assert sum(found.values()) == ROUNDS and len(found) == len(WAYS)


@pytest.mark.django_db
def test_a_missing_guard_is_named() -> None:
    append_only_triggers.remove()
    tables = append_only_triggers.append_only_models()
    assert [b.place for b in verify(rows=False).broken] == tables
    append_only_triggers.install()
    assert verify().whole


@pytest.mark.django_db
def test_a_guard_of_the_right_name_that_does_nothing_is_named() -> None:
    build()
    name = f"{T.cases_event}_no_update"
    run(f"DROP TRIGGER {name}")
    run(f"CREATE TRIGGER {name} BEFORE UPDATE ON {T.cases_event} WHEN 0 BEGIN SELECT RAISE(ABORT, 'x'); END")
    said = {b.what for b in verify().broken if b.place == T.cases_event}
    assert any("触发器不在或被改动" in what for what in said)
    assert any("试着改动其中一行" in what for what in said)
    append_only_triggers.install()
    assert verify().whole


def kept_now() -> dict[int, KeptSeal]:
    return {s.number: KeptSeal(s.hash, s.states or NO_STATES) for s in Seal.objects.all()}


@pytest.mark.django_db
def test_seals_kept_elsewhere_show_a_history_that_was_written_otherwise() -> None:
    build()
    kept = kept_now()
    assert verify(kept).whole
    assert not verify({**kept, 2: KeptSeal("0" * 64)}).whole
    assert not verify({**kept, 1: KeptSeal(kept[1].hash, "1" * 64)}).whole
    assert not verify({**kept, 9: KeptSeal("0" * 64)}).whole


@pytest.mark.django_db
def test_a_seal_made_without_the_key_is_named() -> None:
    """All hashes fit: a record of the last seal, and the seal over it, were computed again without the key folder."""
    build()
    assert "封印不是本系统写下的" not in said_by_verify()
    with without_guard():
        newest = Seal.objects.order_by("-number")[0]
        newest.day = date(2026, 1, 1)
        before = Seal.objects.get(number=newest.number - 1)
        run(
            f"UPDATE {T.audit_seal} SET day = %s, hash = %s WHERE number = %s",
            *("2026-01-01", seal_hash(newest, before.hash), newest.number),
        )
        assert said_by_verify() == ["封印不是本系统写下的"]


@pytest.mark.django_db
def test_states_of_rows_that_were_cut_off_are_named_by_the_seal_over_them() -> None:
    build()
    noted = Phrase.objects.create(text="已收悉")
    make_seal(START + timedelta(days=9), noon(START + timedelta(days=9)))
    kept = kept_now()
    with without_guard():
        last = RowState.objects.latest("id")
        run(f"DELETE FROM {T.audit_rowstate} WHERE id = %s", last.pk)
        run(f"DELETE FROM {T.phrases_phrase} WHERE id = %s", noted.pk)
        before = RowState.objects.filter(chain=last.chain).latest("seq")
        # Who copied the end of the chain before can put it back, with what proves it.
        mac = head_mac(before.chain, before.seq, before.hash)
        run(
            f"UPDATE {T.audit_chainhead} SET seq = %s, hash = %s, mac = %s WHERE name = %s",
            *(before.seq, before.hash, mac, before.chain),
        )
        assert any("行状态" in what or "末尾的记录" in what for what in said_by_verify())
        run(f"DELETE FROM {T.audit_seal} WHERE number = (SELECT MAX(number) FROM {T.audit_seal})")
        assert said_by_verify() == [], "the whole is as it was before"
        assert "另存的封印在系统中不存在" in verify(kept).broken[0].what


def said_by_verify() -> list[str]:
    return [b.what for b in verify().broken]


def set_aside_and_asked_again(clerk: Staff, head: Staff) -> None:
    """Something of a flood that two set aside, and that its sender wants looked at again."""
    sent = Submission({"subject": "看不懂的一件", "body": "看不懂"}, "草原蓝天", False, [], "0" * 32, noon(START))
    row = keep_waiting(sent, [], "203.0.113.7")
    set_aside([row.pk], report=False, reason="没有反映情况", by=actor_of(clerk), staff=clerk)
    answer_set_aside(Clearing.objects.get().pk, agree=True, opinion="", by=actor_of(head), staff=head)
    assert ask_again(row.number, "我反映补助没有发放")


def asked_and_drawn() -> None:
    """An export that was asked for, agreed to and made; a monthly sample with one decision."""
    clerk, head = (Staff.objects.get(username=name) for name in ("clerk", "office_head"))
    asked = ExportRequest.objects.create(kind="archive", reason="移交", by=clerk, at=noon(START))
    ExportAnswer.objects.create(request=asked, agree=True, by=head, at=noon(START))
    ExportMade.objects.create(request=asked, at=noon(START))
    change = NumberChange.objects.create(code="archive", value=20, since=START, reason="试", by=clerk, at=noon(START))
    NumberChangeAnswer.objects.create(change=change, agree=True, by=head, at=noon(START))
    proposed = ScheduleProposal.objects.create(content="日期,类型,名称", by=clerk, at=noon(START))
    ScheduleAnswer.objects.create(proposal=proposed, agree=False, by=head, at=noon(START))
    sample = MonthlySample.objects.create(month=START.replace(day=1), drawn_at=noon(START), decisions=1)
    SampledDecision.objects.create(sample=sample, event=Event.objects.latest("pk"))
    mail = IncomingMail.objects.create(
        came_at=noon(START), received_on=START, fetched_at=noon(START), size=1, content_mark="1" * 64, digest="2" * 64,
        address="试", sealed=b"",
    )  # fmt: skip
    MailPlace.objects.create(mail=mail, box="INBOX", uid_validity=1, uid=1, came_at=noon(START))
    put = MailProposal.objects.create(mail=mail, reason="自动回复", by=clerk, at=noon(START))
    MailAnswer.objects.create(proposal=put, agree=True, by=head, at=noon(START))
    answered(given_back(booked(published())), "office_head")
    submitted(Client(), word="草原蓝天")
    row = Petition.objects.latest("pk")
    keep_wishes(row, 1, Wishes(sms="15000004321"), staff=clerk, now=noon(START))
    browser = Client()
    row = submitted(browser, subject="另一件")
    assert is_open(opened(row.number, code_shown(browser), PHONE[-4:]))
    set_aside_and_asked_again(clerk, head)
    two = Petition.objects.order_by("pk").values_list("number", flat=True)[:2]
    one_case, other_case = (open_case(actor_of(clerk), number) for number in two)
    judge(one_case, other_case, PairVerdict.SAME, None, staff=clerk, seen=0)
    place_on_registration("LX2026000001", Petition.objects.earliest("pk").pk, "办公室3号柜", staff=clerk)


@pytest.mark.django_db
def test_the_database_itself_refuses() -> None:
    build()
    confirmed("unit")
    asked_and_drawn()
    for table in append_only_triggers.append_only_models():
        key = "feature" if table == T.core_featuretables else "id"
        for sql in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
                run(sql)
    assert verify().whole
