"""Each number that the department sets itself moves what it is the number of: on its day, and not the day before.

One row a number: what it decides, asked for something that begins on a given day.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.articles.department import CLERK, HEAD, OTHER_UNIT, Case
from tests.articles.events import GUARD, Event
from tests.articles.stories import accepted, assigned, classified
from tests.articles.test_supervision import found_in
from xinfang.procedure.alerts import Level, alerts
from xinfang.procedure.calendar import seed_calendar
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.dated_rules import LimitVersion, supposing
from xinfang.procedure.department_numbers import CHANGEABLE
from xinfang.procedure.incidents.report_chain import limit_of
from xinfang.procedure.printed_procedure import as_json, as_tables
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.service import Service, taken_as_served_on
from xinfang.procedure.supervision import GroundOfSupervision
from xinfang.procedure.task_rules import a_group_still_chooses
from xinfang.procedure.timing import ClockKind
from xinfang.procedure.waiting import waiting_steps
from xinfang.procedure.words import Role, ServiceMethod

THE_DAY = date(2026, 3, 4)
CALENDAR = seed_calendar()


def _due(code: str) -> Callable[[date], object]:
    return lambda day: CLOCKS[code].compute(day, CALENDAR).due - day


def _warned(level: Level) -> Callable[[date], object]:
    due = timedelta(days=60)
    return lambda day: next(day + due - a.on for a in alerts("handling", day, day + due, day + due) if a.level is level)


def _waits(day: date) -> object:
    case = classified(day)
    case.take(StepCode.CLASSIFY, by=CLERK, route="four", waits=True)
    waiting = next(waiting_steps(case.facts))
    days = range(1, 60)
    reached = (n for n in days if waiting.rungs_reached(case.facts, day + timedelta(days=n), case.calendar))
    return CALENDAR.working_days_between(day, day + timedelta(days=next(reached)))


def _resubmitted(day: date) -> object:
    case = assigned(day)
    case.take(StepCode.SEND_BACK, by=HEAD, on=day)
    return found_in(case)[(GroundOfSupervision.NOT_RESUBMITTED, "")].since - day


def _assists(day: date) -> object:
    case = accepted(day)
    case.take(StepCode.ASSIGN, by=CLERK, assisting_units=[OTHER_UNIT])
    return found_in(case)[(GroundOfSupervision.ASSISTANT_SILENT, OTHER_UNIT)].since - day


def _is_a_group(day: date) -> object:
    case = Case(today=day)
    case.take(StepCode.REGISTER, by=CLERK, channel="visit", group_size=5, received_on=day)
    return a_group_still_chooses(case.facts)


def _served(day: date) -> object:
    return taken_as_served_on(Service(served_on=day, method=ServiceMethod.PUBLIC)) - day


def _confirmed_within(role: Role) -> Callable[[date], object]:
    return lambda day: limit_of(role).on(day).value


DECIDES: dict[str, Callable[[date], object]] = {
    **{code: _due(code) for code in CHANGEABLE if code in CLOCKS and CLOCKS[code].kind is not ClockKind.ELSEWHERE},
    "warn_head": _warned(Level.WEEK),
    "warn_leader": _warned(Level.DAYS),
    "tell_principal": _warned(Level.LONG),
    "second_person": _waits,
    "resubmit": _resubmitted,
    "assist": _assists,
    "group_visit": _is_a_group,
    "public_notice": _served,
    "incident_office": _confirmed_within(Role.OFFICE),
    "incident_leader": _confirmed_within(Role.LEADER),
}
ELSEWHERE = {"export_approval"}
"""Asked where exports are kept: tests/casework/test_numbers.py."""


def test_no_number_is_left_out() -> None:
    assert DECIDES.keys() | ELSEWHERE == CHANGEABLE.keys()


@pytest.mark.parametrize("code", sorted(DECIDES))
def test_it_moves_on_its_day_and_not_before(code: str) -> None:
    limit, decides = CHANGEABLE[code], DECIDES[code]
    before = {day: decides(day) for day in (THE_DAY - timedelta(days=1), THE_DAY)}
    with supposing({code: (LimitVersion(THE_DAY, limit.first_value + 7, limit.unit, limit.cites),)}):
        after = {day: decides(day) for day in before}
    assert after[THE_DAY - timedelta(days=1)] == before[THE_DAY - timedelta(days=1)]
    assert after[THE_DAY] != before[THE_DAY]


SENTENCES = {
    "group_visit": ("{}人以上为集体来访", "不足{}人的来访不是集体来访"),
    "incident_leader": ("“立即”由本厅定为{}分钟",),
    "incident_office": ("“第一时间”由本厅定为{}分钟",),
    "report_hand_over": ("检举控告比照{}日移送",),
    "bureau_advice": ("期限由本厅定为{}日", "按本厅设定自收到之日起{}日"),
    "second_person": ("等待确认超过{}个工作日",),
    "warn_head": ("到期前{}日起提醒",),
}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_of_the_print_have_the_number_that_holds_today(code: str) -> None:
    limit, began = CHANGEABLE[code], date(2020, 1, 1)
    shipped = f"{as_tables()}{as_json()}"
    with supposing({code: (LimitVersion(began, limit.first_value + 7, limit.unit, limit.cites),)}):
        changed = f"{as_tables()}{as_json()}"
    for sentence in SENTENCES[code]:
        old, new = sentence.format(limit.first_value), sentence.format(limit.first_value + 7)
        assert old in shipped and new not in shipped
        assert new in changed and old not in changed


def test_the_chain_of_reports_waits_as_long_as_its_day_says() -> None:
    """Of an event on that day the office is reminded after twelve minutes, not after five."""
    nine = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    changed = {"incident_office": (LimitVersion(nine.date(), 12, "分钟", ()),)}
    with supposing(changed):
        event = Event().do("report", GUARD, kind="sudden_gathering", people=12, place="一楼大厅").until(11)
        assert len(event.log) == 1
        assert len(event.until(12).log) == 2
    assert len(Event().do("report", GUARD, kind="sudden_gathering", people=12, place="一楼大厅").until(5).log) == 2
