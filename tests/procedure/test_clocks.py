"""Every limit counted twice: by the clocks, and slowly, day by day, from the published schedule itself."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.articles.department import CLERK, HANDLER, HEAD, LEADER, PETITIONER, RECEIVED, SECOND_CLERK
from tests.articles.stories import assigned, closed, handed_down, in_hand, instructed, registered, served, tell
from xinfang.procedure.calendar import Calendar, YearSchedule, seed_calendar
from xinfang.procedure.clocks import CLOCKS, MINUTE_CLOCKS, running
from xinfang.procedure.limits import DAYS, WORKING
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.timing import Clock, ClockKind
from xinfang.procedure.words import PaperKind

ONE = timedelta(days=1)
SEED = seed_calendar()
DAY_CLOCKS = [c for c in CLOCKS.values() if c.limit and c.limit.unit == DAYS]
WORKING_CLOCKS = [c for c in CLOCKS.values() if c.limit and c.limit.unit == WORKING]
STARTS = st.dates(date(2004, 1, 1), date(2026, 8, 31))
"""No limit that starts here, extended or not, leaves the published years."""


def slow_working(start: date, count: int) -> date:
    day = start
    while count:
        day += ONE
        count -= chinese_calendar.is_workday(day)
    return day


def forward(day: date) -> date:
    while not chinese_calendar.is_workday(day):
        day += ONE
    return day


def backward(day: date) -> date:
    while not chinese_calendar.is_workday(day):
        day -= ONE
    return day


@pytest.mark.parametrize(
    ("start", "three", "five", "ten"),
    [
        ("2026-02-13", "2026-02-25", "2026-02-27", "2026-03-05"),
        ("2026-02-14", "2026-02-26", "2026-02-28", "2026-03-06"),
        ("2026-04-30", "2026-05-08", "2026-05-11", "2026-05-18"),
        ("2026-06-15", "2026-06-18", "2026-06-23", "2026-06-30"),
        ("2026-09-18", "2026-09-22", "2026-09-24", "2026-10-09"),
        ("2026-09-29", "2026-10-09", "2026-10-12", "2026-10-19"),
    ],
)
def test_working_day_vectors(start: str, three: str, five: str, ten: str) -> None:
    day = date.fromisoformat(start)
    for code, due in (("simple_acceptance", three), ("objection", five), ("simple_handling", ten)):
        found = CLOCKS[code].compute(day, SEED)
        assert found.due == found.alarm == date.fromisoformat(due)
        assert not found.provisional


@pytest.mark.parametrize(
    ("code", "start", "extra", "due", "alarm"),
    [
        ("notice", "2026-02-01", 0, "2026-02-16", "2026-02-14"),
        ("notice", "2026-09-17", 0, "2026-10-02", "2026-09-30"),
        ("handling", "2026-08-02", 0, "2026-10-01", "2026-09-30"),
        ("handling", "2026-07-03", 30, "2026-10-01", "2026-09-30"),
        ("handling", "2026-03-01", 0, "2026-04-30", "2026-04-30"),
        ("first_review", "2026-09-06", 0, "2026-10-06", "2026-09-30"),
        ("request_first_review", "2026-09-06", 0, "2026-10-08", "2026-10-08"),
        ("request_final_review", "2026-09-01", 0, "2026-10-08", "2026-10-08"),
    ],
)
def test_calendar_day_vectors(code: str, start: str, extra: int, due: str, alarm: str) -> None:
    found = CLOCKS[code].compute(date.fromisoformat(start), SEED, extra=extra)
    assert (found.due, found.alarm) == (date.fromisoformat(due), date.fromisoformat(alarm))


@pytest.mark.parametrize("start", ["2026-02-01"])
def test_a_right_of_fifteen_days_would_roll(start: str) -> None:
    assert SEED.next_working_day_from(date.fromisoformat(start) + 15 * ONE) == date(2026, 2, 24)


@given(STARTS, st.sampled_from(WORKING_CLOCKS))
def test_working_days_counted_slowly(start: date, clock: Clock) -> None:
    assert clock.limit is not None
    found = clock.compute(start, SEED)
    assert found.due == found.alarm == slow_working(start, clock.limit.on(start).value)
    assert not found.provisional
    assert sum(row.counted for row in found.derivation) == clock.limit.on(start).value
    assert [row.day for row in found.derivation] == [start + i * ONE for i in range((found.due - start).days + 1)]
    assert all(row.counted == chinese_calendar.is_workday(row.day) for row in found.derivation[1:])


@given(STARTS, st.sampled_from(DAY_CLOCKS), st.integers(0, 30))
def test_calendar_days_counted_slowly(start: date, clock: Clock, extra: int) -> None:
    assert clock.limit is not None
    found = clock.compute(start, SEED, extra=extra)
    last = start
    for _ in range(clock.limit.on(start).value + extra):
        last += ONE
    if clock.kind is ClockKind.RIGHT:
        assert found.due == found.alarm == forward(last)
    else:
        assert found.due == last
        assert found.alarm == backward(last)
    days = [row.day for row in found.derivation]
    assert days == sorted(days)
    assert days[0] == start and not found.derivation[0].counted, "the first day never counts"
    assert days[-1] == found.due


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_every_published_day_is_what_the_schedule_says(day: date) -> None:
    assert SEED.is_working(day) == chinese_calendar.is_workday(day)


@given(st.dates(date(2026, 12, 1), date(2100, 12, 31)), st.sampled_from([*WORKING_CLOCKS, *DAY_CLOCKS]))
def test_an_unpublished_year_is_provisional_and_says_so(start: date, clock: Clock) -> None:
    found = clock.compute(start, SEED)
    assert found.provisional == (found.due.year > 2026)
    assert any("暂定" in row.why for row in found.derivation) == found.provisional


def test_a_year_imported_makes_it_final() -> None:
    clock = CLOCKS["objection"]
    before = clock.compute(date(2026, 12, 25), SEED)
    assert before.provisional and before.due == date(2027, 1, 4)
    off = {date(2027, 1, d): "元旦" for d in (1, 2, 3, 4)}
    after = clock.compute(date(2026, 12, 25), SEED.with_year(YearSchedule(2027, off, {date(2027, 1, 9): "元旦"})))
    assert not after.provisional
    assert after.due == date(2027, 1, 5)


def test_an_imported_year_replaces_what_was_there_and_leaves_the_rest() -> None:
    changed = SEED.with_year(YearSchedule(2026, {}, {}))
    assert changed.is_working(date(2026, 10, 1)) and not SEED.is_working(date(2026, 10, 1))
    assert changed.published(date(2025, 1, 1))
    assert Calendar().published(date(2026, 1, 1)) is False


def test_minutes_and_stated_dates_are_no_count_of_days() -> None:
    assert {c.code for c in MINUTE_CLOCKS} == {"incident_office", "incident_leader"}
    for clock in MINUTE_CLOCKS:
        with pytest.raises(ValueError, match="按分钟计"):
            clock.compute(RECEIVED, SEED)
    with pytest.raises(ValueError, match="没有固定天数"):
        CLOCKS["promised_reply"].compute(RECEIVED, SEED)


@given(st.integers(0, 120))
def test_a_late_acceptance_counts_from_the_fifteenth_day_at_the_latest(late: int) -> None:
    case = instructed(RECEIVED)
    case.take(StepCode.ACCEPT, by=CLERK, on=RECEIVED + late * ONE)
    assert case.clock("handling").started_on == RECEIVED + min(late, 15) * ONE
    assert (case.clock("handling").due.due - RECEIVED).days == min(late, 15) + 60


@given(st.integers(1, 30))
def test_an_extension_adds_its_days_once(days: int) -> None:
    case = in_hand()
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, days=days)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=days)
    clock = case.clock("handling")
    assert clock.due.due == RECEIVED + (60 + days) * ONE
    assert f"依法延长{days}日" in [row.why for row in clock.due.derivation]


@pytest.mark.parametrize("person", [{}, {"name": "甲某"}, {"address": "某路1号"}])
def test_notice_does_not_run_without_name_and_address(person: dict[str, str]) -> None:
    assert not registered(persons=[person]).runs("notice")


def test_an_online_name_is_enough_to_answer() -> None:
    assert registered(channel="online", persons=[{"name": "甲某"}]).runs("notice")


def test_each_promise_runs_to_its_own_date() -> None:
    case = in_hand()
    case.take(StepCode.PROMISE_REPLY, by=HANDLER, promised_on=RECEIVED + 10 * ONE)
    case.take(StepCode.PROMISE_REPLY, by=HANDLER, on=RECEIVED + 5 * ONE, promised_on=RECEIVED + 20 * ONE)
    case.take(StepCode.TALK, by=HANDLER, on=RECEIVED + 15 * ONE, answered=True)
    runs = [r for r in running(case.facts, case.calendar) if r.clock.code == "promised_reply"]
    assert [r.due.due for r in runs] == [RECEIVED + 10 * ONE, RECEIVED + 20 * ONE]
    assert [r.overdue(case.today) for r in runs] == [True, False]


def test_two_supervisions_are_two_runs() -> None:
    case = assigned()
    case.take(StepCode.SUPERVISE, by=CLERK)
    case.take(StepCode.ANSWER_SUPERVISION, by=HEAD, on=RECEIVED + 3 * ONE)
    case.take(StepCode.SUPERVISE, by=CLERK, on=RECEIVED + 10 * ONE, feedback_on=RECEIVED + 12 * ONE)
    runs = [r for r in running(case.facts, case.calendar) if r.clock.code == "supervision"]
    assert [r.due.due for r in runs] == [RECEIVED + 7 * ONE, RECEIVED + 12 * ONE]
    assert [r.stopped_on for r in runs] == [RECEIVED + 3 * ONE, None]


def test_reopening_asks_for_a_notice_again_and_lengthens_neither_it_nor_the_handling() -> None:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    tell(case, PaperKind.FILING_NOTICE)
    assert case.clock("notice").stopped_on == RECEIVED
    back = RECEIVED + 40 * ONE
    case.take(StepCode.REOPEN, by=CLERK, on=back)
    assert case.clock("notice").due.due == RECEIVED + 15 * ONE
    assert case.clock("notice").stopped_on is None
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.PROPOSE, by=CLERK)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.ACCEPT, by=CLERK, on=back + 3 * ONE)
    assert case.clock("handling").started_on == RECEIVED + 15 * ONE


def test_a_rejected_objection_never_stopped_the_fifteen_days() -> None:
    case = handed_down()
    case.take(StepCode.OBJECT, by=CLERK, on=RECEIVED + 2 * ONE)
    case.take(StepCode.OBJECTION_REJECTED, by=CLERK, on=RECEIVED + 14 * ONE)
    clock = case.clock("notice")
    assert (clock.due.due, clock.stopped_on) == (RECEIVED + 15 * ONE, None)
    assert clock.overdue(RECEIVED + 16 * ONE)


def test_duties_end_with_the_case_and_rights_do_not() -> None:
    case = closed()
    assert case.clock("request_first_review").stopped_on is None
    unsettled = in_hand()
    unsettled.take(StepCode.WITHDRAW, by=PETITIONER, on=RECEIVED + ONE)
    assert unsettled.clock("handling").stopped_on == RECEIVED + ONE


def test_the_account_of_a_due_date_says_which_day_the_first_is() -> None:
    case = registered()
    assert case.clock("notice").due.derivation[0].why == "收到之日，不计（民法典第二百零一条）"
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    case.take(StepCode.REOPEN, by=CLERK)
    assert case.clock("notice").due.derivation[0].why == "收到之日，不计（民法典第二百零一条）"
    replied_to = served()
    assert replied_to.clock("request_first_review").due.derivation[0].why == "送达之日，不计（民法典第二百零一条）"
    assert replied_to.clock("unit_feedback").due.derivation[0].why == "交办之日"
    replied_to.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    replied_to.take(StepCode.FIRST_REVIEW, by=CLERK, result="redo")
    assert replied_to.clock("handling").due.derivation[0].why == "复查意见之日，不计（民法典第二百零一条）"
