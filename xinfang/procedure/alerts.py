"""When the people concerned are warned of a limit.

At half the time, seven days and three days before it, overdue, long overdue.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from xinfang.procedure.timing import OURS, ClockRun

from . import clocks
from .dated_rules import filled
from .limits import TELL_PRINCIPAL, WARN_HEAD, WARN_LEADER
from .words import Word


class Level(Word):
    """How near a limit is, in order.

    A later level makes an earlier warning superfluous, but never the record that it passed.
    """

    HALF = "half", "时限过半"
    WEEK = "week", "{warn_head}内到期"
    DAYS = "days", "{warn_leader}内到期"
    OVERDUE = "overdue", "已超期"
    LONG = "long", "超期{tell_principal}以上"


LEVELS = tuple(Level)
ESCALATED = tuple(
    c.code
    for c in (
        clocks.NOTICE,
        clocks.HANDLING,
        clocks.OWN_REVIEW,
        clocks.OWN_DUTY,
        clocks.SIMPLE_ACCEPTANCE,
        clocks.SIMPLE_HANDLING,
        clocks.PROMISED_REPLY,
        clocks.ASSIGNED_FEEDBACK,
        clocks.MESSAGE,
    )
)
"""The department's own duties to petitioners, and to the authority that handed a matter down.

A message too, though the department set its days itself: who doesn't answer one may be whom it is about.

A review is the duty of a higher authority.
"""
AT_ONCE = (clocks.SUPERVISION.code,)
"""Escalated as soon as it is missed: who was pressed and does not answer was given time already (N40)."""
_LONG_ENOUGH_FOR_HALF = 20
_LONG_ENOUGH_FOR_WEEK = 15


@dataclass(frozen=True, slots=True)
class Alert:
    """A level and the day from which it holds (Asia/Shanghai)."""

    level: Level
    on: date


def alerts(clock: str, started_on: date, due: date, alarm: date) -> tuple[Alert, ...]:
    """Return the warnings of one run, earliest first.

    Neither the petitioner's own rights nor the duties of other bodies give a warning to staff.
    """
    if clocks.CLOCKS[clock].kind not in OURS:
        return ()
    length = (due - started_on).days
    found = []
    if length >= _LONG_ENOUGH_FOR_HALF:
        found.append(Alert(Level.HALF, started_on + timedelta(days=length // 2 + 1)))
    if length >= _LONG_ENOUGH_FOR_WEEK:
        found.append(Alert(Level.WEEK, alarm - timedelta(days=WARN_HEAD.on(started_on).value)))
    leader = WARN_LEADER.on(started_on).value
    if length > leader:
        found.append(Alert(Level.DAYS, alarm - timedelta(days=leader)))
    found.append(Alert(Level.OVERDUE, due + timedelta(days=1)))
    if clock in AT_ONCE:
        found.append(Alert(Level.LONG, due + timedelta(days=1)))
    elif clock in ESCALATED:
        found.append(Alert(Level.LONG, due + timedelta(days=TELL_PRINCIPAL.on(started_on).value + 1)))
    return tuple(found)


def level_words(level: Level) -> str:
    """Return what a level is called, with today's numbers."""
    return filled(level.label)


def said(level: Level, clock: str) -> str:
    """Return the words for a level of a clock: a supervision is escalated as soon as it is missed."""
    return "逾期未反馈" if level is Level.LONG and clock in AT_ONCE else level_words(level)


def _to_give(run: ClockRun, warned: str) -> tuple[Alert, ...]:
    if run.stopped_on is not None:
        return ()
    given = [level.value for level in LEVELS].index(warned) if warned else -1
    every = alerts(run.clock.code, run.started_on, run.due.due, run.due.alarm)
    return tuple(a for a in every if LEVELS.index(a.level) > given)


def next_alert(run: ClockRun, warned: str) -> date | None:
    """Return the day of the first warning not yet given, or None when the clock stopped or all is said."""
    return next((a.on for a in _to_give(run, warned)), None)


def level_on(run: ClockRun, warned: str, today: date) -> Level | None:
    """Return what is to be said today; None for nothing.

    After missed days it is only the last warning, but that the limit passed is always recorded first.
    """
    due = [a.level for a in _to_give(run, warned) if a.on <= today]
    if Level.OVERDUE in due:
        return Level.OVERDUE
    return due[-1] if due else None
