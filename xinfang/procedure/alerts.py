"""When the people concerned are warned of a limit: half the time, seven days, three days, overdue (domain.md 10)."""

from dataclasses import dataclass
from datetime import date, timedelta

from .clocks import CLOCKS
from .timing import Kind, Running
from .words import Word


class Level(Word):
    """How near a limit is. Ordered: a later level makes an earlier one superfluous."""

    HALF = "half", "时限过半"
    WEEK = "week", "七日内到期"
    DAYS = "days", "三日内到期"
    OVERDUE = "overdue", "已超期"


LEVELS = tuple(Level)
_LONG_ENOUGH_FOR_HALF = 20
_LONG_ENOUGH_FOR_WEEK = 15


@dataclass(frozen=True, slots=True)
class Alert:
    """A level and the day from which it holds (Asia/Shanghai)."""

    level: Level
    on: date


def alerts(clock: str, started_on: date, due: date, alarm: date) -> tuple[Alert, ...]:
    """The warnings of one run, earliest first. The petitioner's own rights give no warning to staff."""
    if CLOCKS[clock].kind is Kind.RIGHT:
        return ()
    length = (due - started_on).days
    found = []
    if length >= _LONG_ENOUGH_FOR_HALF:
        found.append(Alert(Level.HALF, started_on + timedelta(days=length // 2 + 1)))
    if length >= _LONG_ENOUGH_FOR_WEEK:
        found.append(Alert(Level.WEEK, alarm - timedelta(days=7)))
    if length > 3:
        found.append(Alert(Level.DAYS, alarm - timedelta(days=3)))
    found.append(Alert(Level.OVERDUE, due + timedelta(days=1)))
    return tuple(found)


def next_alert(run: Running, warned: str) -> date | None:
    """The day of the first warning not yet given, or None when the clock stopped or all is said."""
    if run.stopped_on is not None:
        return None
    given = [level.value for level in LEVELS].index(warned) if warned else -1
    return next(
        (
            a.on
            for a in alerts(run.clock.code, run.started_on, run.due.due, run.due.alarm)
            if LEVELS.index(a.level) > given
        ),
        None,
    )


def level_on(run: Running, warned: str, today: date) -> Level | None:
    """The highest warning that is due today and not yet given: after missed days only the last one is sent."""
    given = [level.value for level in LEVELS].index(warned) if warned else -1
    due = [
        a.level
        for a in alerts(run.clock.code, run.started_on, run.due.due, run.due.alarm)
        if a.on <= today and LEVELS.index(a.level) > given
    ]
    return due[-1] if due and run.stopped_on is None else None
