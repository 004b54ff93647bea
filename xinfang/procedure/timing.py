"""How a time limit is counted: the first day, calendar or working days, rolling or not, and the account of it.

All dates are calendar days in Asia/Shanghai. The first day never counts (民法典第二百零一条). A duty of the department does
not roll past a holiday, its alarm rings on the last working day before; a right of the petitioner rolls to the next
working day (民法典第二百零三条).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .articles import CIVIL, Article, cite
from .calendar import Calendar
from .facts import Facts, Happening
from .limits import DAYS, WORKING, Limit
from .words import Word


class Kind(Word):
    """Whose limit it is."""

    DUTY = "duty", "本厅的义务"
    RIGHT = "right", "信访人的权利"
    SETTING = "setting", "本厅自定"


@dataclass(frozen=True, slots=True)
class Day:
    """One row of a derivation: a day, whether it counted, and why."""

    day: date
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """A due date that explains itself."""

    due: date
    alarm: date
    """When the department's own alarm rings: the last working day on or before the due date."""
    provisional: bool
    derivation: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """One clock of one case. `stopped_on` is None while it runs."""

    clock: "Clock"
    occurrence: int
    """The number of the event that started it; one clock may run several times."""
    started_on: date
    due: Due
    stopped_on: date | None

    def overdue(self, today: date) -> bool:
        return (self.stopped_on or today) > self.due.due


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time limit as data: the steps that start and stop it, and its length."""

    code: str
    label: str
    kind: Kind
    limit: Limit | None
    """None where the date itself is stated."""
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    starts_words: str
    stops_words: str
    cites: tuple[Article, ...]
    begins: Callable[[Facts, Happening], date | None]
    """The first day, or None when the clock doesn't run in this case."""
    stated: Callable[[Facts, Happening], date | None] | None = None
    added: Callable[[Facts, Happening], int] | None = None
    """Days lawfully added: an extension, the days of a hearing."""
    anew: tuple[str, ...] = ()
    """Steps that begin it anew: a run that still runs then counts no more."""
    must_reach: bool = False
    """Whether it is stopped only by what could reach the petitioner."""
    survives_the_end: bool = False
    """Whether it still runs when the case has ended."""
    leads: bool = True
    """Whether it may be the date by which a case is sorted; our own book-keeping never hides what the petitioner waits for."""

    @property
    def unit(self) -> str:
        return self.limit.unit if self.limit else "指定日期"

    def compute(self, start: date, calendar: Calendar, *, stated: date | None = None, extra: int = 0) -> Due:
        """The due date counted from `start`, with its derivation. Raises ValueError for a clock without a date."""
        if self.limit is None:
            if stated is None:
                raise ValueError(f"“{self.label}”没有固定天数，要给出指定的日期。")
            return stated_due(self, start, stated, calendar)
        if self.limit.unit == WORKING:
            return _working(self, start, self.limit, calendar)
        if self.limit.unit == DAYS:
            return _calendar_days(self, start, self.limit.value, extra, calendar)
        raise ValueError(f"“{self.label}”按分钟计，不按日计。")


def _source(clock: Clock) -> str:
    return cite(clock.cites)


def _finish(clock: Clock, due: date, rows: list[Day], calendar: Calendar, touched: bool) -> Due:
    if clock.kind is Kind.RIGHT:
        rolled = calendar.next_working_day_from(due)
        day = due
        while day < rolled:
            rows.append(Day(day, False, f"{calendar.why(day)}，最后一日不是工作日，顺延（{CIVIL[203]}）"))
            day += timedelta(days=1)
        if rolled != due:
            rows.append(Day(rolled, True, f"{calendar.why(rolled)}，顺延到这一日"))
        due = alarm = rolled
    else:
        alarm = calendar.last_working_day_until(due)
        if alarm != due:
            rows.append(Day(due, True, f"{calendar.why(due)}；本厅的期限不因休假日顺延，提醒提前到 {alarm}"))
    provisional = touched or not calendar.published(due) or not calendar.published(alarm)
    if provisional:
        rows.append(Day(due, False, f"暂定：{due.year}年放假安排尚未公布，公布后重算"))
    return Due(due, alarm, provisional, tuple(rows))


def _calendar_days(clock: Clock, start: date, count: int, extra: int, calendar: Calendar) -> Due:
    rows = [Day(start, False, f"{clock.starts_words}，当日不计（{CIVIL[201]}）")]
    end = start + timedelta(days=count)
    rows.append(Day(start + timedelta(days=1), True, "第1日"))
    rows.append(Day(end, True, f"第{count}日（{_source(clock)}）"))
    if extra:
        end += timedelta(days=extra)
        rows.append(Day(end, True, f"依法延长{extra}日"))
    return _finish(clock, end, rows, calendar, False)


def _working(clock: Clock, start: date, limit: Limit, calendar: Calendar) -> Due:
    rows = [Day(start, False, f"{clock.starts_words}，当日不计（{CIVIL[201]}）")]
    counted, touched, day = 0, False, start
    while counted < limit.value:
        day += timedelta(days=1)
        works = calendar.is_working(day)
        counted += works
        touched = touched or not calendar.published(day)
        place = f"，第{counted}个工作日" if works else "，不计"
        rows.append(Day(day, works, calendar.why(day) + place))
    rows[-1] = replace(rows[-1], why=f"{rows[-1].why}（{_source(clock)}）")
    return _finish(clock, day, rows, calendar, touched)


def stated_due(clock: Clock, start: date, stated: date, calendar: Calendar) -> Due:
    rows = [Day(start, False, clock.starts_words), Day(stated, True, f"指定的日期（{_source(clock)}）")]
    return _finish(clock, stated, rows, calendar, False)
