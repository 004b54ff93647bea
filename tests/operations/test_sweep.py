"""The sweep: every alert once, in time, whatever was missed and however many workers run."""

from datetime import date, timedelta

import pytest

from tests.world import LETTER, register, sweep_on, take, walk
from xinfang.accounts.actions.people import add_absence
from xinfang.accounts.models import Staff
from xinfang.cases.models import Deadline, Event, EventText, Petition
from xinfang.notifications.models import Notification
from xinfang.operations.actions import sweep as sweeping
from xinfang.operations.actions.sweep import SweepReport
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def told(number: str, *kinds: str) -> set[str]:
    rows = Notification.objects.filter(petition__number=number, kind__in=kinds or ("deadline", "overdue"))
    return set(rows.values_list("staff__username", flat=True))


def alerts(number: str, clock: str) -> list[tuple[str, str]]:
    events = Event.objects.filter(petition__number=number, code__in=(StepCode.WARN, StepCode.MARK_OVERDUE)).order_by(
        "seq"
    )
    return [(e.code, e.data.get("level", "")) for e in events if e.data["clock"] == clock]


def test_nothing_due_is_one_look() -> None:
    sweep_on(MONDAY)  # with nothing to tell, the digest of the week is done
    register(MONDAY)
    assert sweep_on(MONDAY) == SweepReport(compared=1)


def test_each_level_is_given_once_on_its_day() -> None:
    number = register(MONDAY)
    last = walk(number, "signed", MONDAY)
    due = Deadline.objects.get(petition__number=number, clock="handling").due
    day = last
    while day <= due + timedelta(days=3):
        sweep_on(day)
        sweep_on(day)
        day += timedelta(days=1)
    assert alerts(number, "handling") == [
        (StepCode.WARN, "时限过半"),
        (StepCode.WARN, "7日内到期"),
        (StepCode.WARN, "3日内到期"),
        (StepCode.MARK_OVERDUE, ""),
    ]
    assert told(number, "overdue") == {"handler", "head", "leader", "clerk", "clerk2", "office_head"}
    # What is left to say is said to the principal leader.
    assert Deadline.objects.get(petition__number=number, clock="handling").next_alert == due + timedelta(days=11)


def test_after_a_missed_month_only_the_last_warning_is_given() -> None:
    number = register(MONDAY)
    walk(number, "signed", MONDAY)
    sweep_on(MONDAY + timedelta(days=200))
    assert alerts(number, "handling") == [(StepCode.MARK_OVERDUE, "")]


def test_a_missed_week_is_caught_up_with_the_level_that_holds_now() -> None:
    number = register(MONDAY)
    walk(number, "signed", MONDAY)
    row = Deadline.objects.get(petition__number=number, clock="handling")
    sweep_on(row.alarm - timedelta(days=2))
    assert alerts(number, "handling") == [(StepCode.WARN, "3日内到期")]
    assert Deadline.objects.get(pk=row.pk).next_alert == row.due + timedelta(days=1)


def test_a_stored_date_is_never_trusted() -> None:
    number = register(MONDAY)
    row = Deadline.objects.get(petition__number=number, clock="notice")
    right = (row.due, row.next_alert)
    Deadline.objects.filter(pk=row.pk).update(due=MONDAY, next_alert=MONDAY)
    assert sweep_on(MONDAY + timedelta(days=1)).looked == 1
    assert not alerts(number, "notice")
    row.refresh_from_db()
    assert (row.due, row.next_alert) == right


def test_a_wrong_row_that_is_really_due_is_put_right_and_warned() -> None:
    number = register(MONDAY)
    row = Deadline.objects.get(petition__number=number, clock="notice")
    Deadline.objects.filter(pk=row.pk).update(due=row.due + timedelta(days=30))
    late = row.due + timedelta(days=1)
    assert sweep_on(late).overdue >= 1
    assert alerts(number, "notice") == [(StepCode.MARK_OVERDUE, "")]
    assert sweep_on(late) == SweepReport()


def test_one_case_that_fails_is_tried_tomorrow_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = register(MONDAY), register(MONDAY)
    real = sweeping.perform_locked

    def perform(step, petition, facts, **rest):
        done = real(step, petition, facts, **rest)
        if petition.number == bad:
            raise Refused([])  # when all was written, so that undoing it is seen too
        return done

    monkeypatch.setattr(sweeping, "perform_locked", perform)
    late = MONDAY + timedelta(days=16)
    swept = sweep_on(late)
    assert swept.failed == 2 and swept.overdue == 2
    assert not alerts(bad, "notice") and not told(bad)
    assert alerts(good, "notice")
    row = Deadline.objects.get(petition__number=bad, clock="notice")
    assert (row.next_alert, row.warned, row.alert_retry) == (late + timedelta(days=1), "", 1)
    monkeypatch.undo()
    assert sweep_on(late) == SweepReport()
    assert sweep_on(late + timedelta(days=1)).overdue == 2
    assert alerts(bad, "notice") == [(StepCode.MARK_OVERDUE, "")]
    assert verify().whole


def test_of_a_sealed_case_only_the_named_officer_is_told_and_nothing_of_its_content() -> None:
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    assert sweep_on(MONDAY + timedelta(days=8)).alerts
    assert told(number) == {"sealed"}
    assert sweep_on(MONDAY + timedelta(days=40)).overdue
    assert told(number) == {"sealed"}
    marked = Event.objects.filter(petition__number=number, code=StepCode.MARK_OVERDUE)
    assert [e.data["clock"] for e in marked] == ["report_hand_over"], "and of nothing that must not be done"
    texts = Notification.objects.filter(petition__number=number, kind="overdue").values_list("text", flat=True)
    assert texts and not any(LETTER["subject"] in t or "其木格" in t for t in texts)


def test_whoever_stands_in_is_told_too_and_who_is_recused_is_not() -> None:
    number = register(MONDAY)
    day = walk(number, "signed", MONDAY)
    people = {s.username: s for s in Staff.objects.all()}
    late = MONDAY + timedelta(days=100)
    add_absence(people["clerk2"], deputy=people["support"], since=late, until=date(2099, 1, 1), by=None)
    take(number, StepCode.RECUSE, "head", day, person="clerk", reason="与信访人有亲属关系")
    take(number, StepCode.RECUSE, "leader", day, agree=True)
    sweep_on(late)
    assert told(number, "overdue") == {"handler", "head", "leader", "clerk2", "office_head", "support"}


def test_a_stopped_clock_says_nothing() -> None:
    number = register(MONDAY)
    walk(number, "archived", MONDAY)
    sweep_on(MONDAY + timedelta(days=365))
    stopped = set(
        Petition.objects.get(number=number).deadlines.exclude(stopped_on=None).values_list("clock", flat=True)
    )
    warned = {e.data["clock"] for e in Event.objects.filter(code__in=(StepCode.WARN, StepCode.MARK_OVERDUE))}
    assert "handling" in stopped and not stopped & warned


def test_a_case_whose_text_was_altered_is_warned_of_like_any_other() -> None:
    damaged, whole = register(MONDAY), register(MONDAY)
    for number in (damaged, whole):
        walk(number, "classified", MONDAY)
    row = EventText.objects.filter(event__petition__number=damaged).earliest("event_id")
    EventText.objects.filter(pk=row.pk).update(sealed=bytes(row.sealed)[:-1] + b"x")
    subject = Petition.objects.get(number=damaged).subject
    swept = sweep_on(MONDAY + timedelta(days=20))
    assert not swept.failed and swept.overdue == 4, "both their limits"
    assert Event.objects.filter(petition__number=damaged, code=StepCode.MARK_OVERDUE).exists()
    assert Petition.objects.get(number=damaged).subject == subject, "and its columns say what they said"
