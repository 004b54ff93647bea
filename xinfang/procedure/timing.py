"""How a time limit is counted: the first day, calendar or working days, rolling or not, and the account of it.

All dates are calendar days in Asia/Shanghai. The first day never counts (民法典第二百零一条). A duty of the department does
not roll past a holiday, its alarm rings on the last working day before; a right of the petitioner rolls to the next
working day (民法典第二百零三条).
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from xinfang.procedure.articles import CIVIL_CODE, Article, cite
from xinfang.procedure.facts import CaseEvent, Facts

from .calendar import Calendar
from .dated_rules import DAYS, MINUTES, WORKING, Limit, LimitVersion
from .rules import Step, codes
from .words import PaperKind, Word


class ClockKind(Word):
    """Whose a limit is: the department's duty, the petitioner's right, set by the department itself, or another body's.

    Nothing of another body's delay is recorded or counted as the department's own.
    """

    DUTY = "duty", "本厅的义务"
    RIGHT = "right", "信访人的权利"
    SETTING = "setting", "本厅自定"
    ELSEWHERE = "elsewhere", "其他机关的义务"


OURS = (ClockKind.DUTY, ClockKind.SETTING)
"""Limits that the department keeps: of these it is warned, by these its cases are sorted, and these it counts."""


@dataclass(frozen=True, slots=True)
class DerivationDay:
    """One row of a derivation: a day, whether it counted, and why."""

    day: date
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date that explains itself."""

    due: date
    alarm: date
    """When the department's own alarm rings: the last working day on or before the due date."""
    provisional: bool
    derivation: tuple[DerivationDay, ...]
    cites: tuple[Article, ...] = ()
    """The articles of the number that it was counted with; empty where it was counted again without its history."""


def is_late(due: date, day: date) -> bool:
    """Tell whether a due date has passed on this day; on the last day itself nothing is late."""
    return day > due


def is_within(due: date, day: date, days: int) -> bool:
    """Tell whether a date is due in these days, today included, and isn't late."""
    return 0 <= (due - day).days <= days


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One clock of one case. `stopped_on` is None while it runs."""

    clock: "Clock"
    occurrence: int
    """The number of the event that started it; one clock may run several times."""
    started_on: date
    due: DueDate
    stopped_on: date | None
    stopped_by: int | None = None
    """The number of the event that stopped it. None while it runs, and where it fell away because the case ended."""

    def overdue(self, today: date) -> bool:
        """Tell whether it stopped after its due date, or still runs and that date is before `today` (Asia/Shanghai)."""
        return is_late(self.due.due, self.stopped_on or today)

    @property
    def cites(self) -> tuple[Article, ...]:
        """The articles it follows: those of the number that held when it began."""
        return self.due.cites or self.clock.cites

    @property
    def fell_away(self) -> bool:
        """Whether it stopped because the case ended, with nothing done of what was owed."""
        return self.stopped_on is not None and self.stopped_by is None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time limit as data: the steps that start and stop it, and its length.

    Its printed words come from these steps.
    """

    code: str
    label: str
    kind: ClockKind
    limit: Limit | None
    """None where the date itself is stated."""
    starts: tuple[type[Step], ...] = ()
    stops: tuple[type[Step], ...] = ()
    first_day: str = ""
    """What the first day is, in words, where the first of `starts` began it; empty where it is the day of that step."""
    starts_note: str = ""
    papers: tuple[PaperKind, ...] = ()
    """Papers that stop it on the day on which they leave the house."""
    stops_note: str = ""
    """For print: what the names of the steps can't say, such as conditions."""
    cites: tuple[Article, ...]
    begins: Callable[[Facts, CaseEvent], date | None]
    """The first day, or None when the clock doesn't run in this case."""
    stated: Callable[[Facts, CaseEvent], date | None] | None = None
    added: Callable[[Facts, CaseEvent], int] | None = None
    """Days lawfully added: an extension, the days of a hearing."""
    restarts: tuple[type[Step], ...] = ()
    """Starting steps that replace a run which still runs: it counts no more."""
    stops_if: Callable[[Facts, CaseEvent], bool] | None = None
    """What must hold of a stopping step for it to stop the clock; None: nothing more."""
    stops_if_of: Callable[[Facts, CaseEvent, CaseEvent], bool] | None = None
    """The same where it depends on the step that started the run: that comes first."""
    survives_the_end: Callable[[Facts], bool] | None = None
    """Tells whether it still runs when the case has ended; None: it never does."""
    whose: str = ""
    """Which body keeps it, where that is not the department: 复查机关."""
    leads: bool = True
    """Whether cases may be sorted by it: internal book-keeping never hides what the petitioner waits for."""

    @cached_property
    def start_codes(self) -> tuple[str, ...]:
        """The codes of the steps that start it, as events keep them."""
        return codes(*self.starts)

    @cached_property
    def stop_codes(self) -> tuple[str, ...]:
        """The codes of the steps that stop it, as events keep them."""
        return codes(*self.stops)

    @cached_property
    def restart_codes(self) -> tuple[str, ...]:
        """The codes of the starting steps that replace a run which still runs."""
        return codes(*self.restarts)

    @property
    def starts_words(self) -> str:
        """What starts it and from which day it counts, for print."""
        counts = f"自{self.first_day}起算" if self.first_day else ""
        return "；".join(words for words in (_any_of(self.starts), counts, self.starts_note) if words)

    @property
    def stops_words(self) -> str:
        """What stops it, for print."""
        left = f"{_listed([k.label for k in self.papers])}发出" if self.papers else ""
        return "；".join(words for words in (left, _any_of(self.stops), self.stops_note) if words)

    def first_day_words(self, started_by: str = "") -> str:
        """Return what the first day is, for the account of a due date.

        `started_by` is the code of a starting step, by default the first; a run that begins again counts as that did.
        """
        if self.first_day and started_by in ("", *self.start_codes[:1], *self.restart_codes):
            return self.first_day
        began = [s.rule.label for s in self.starts if not started_by or s.rule.code == started_by]
        return f"{began[0]}之日"

    @property
    def unit(self) -> str:
        """The unit in which its length counts, for people."""
        return self.limit.unit if self.limit else "指定日期"

    def compute(
        self, start: date, calendar: Calendar, *, stated: date | None = None, extra: int = 0, started_by: str = ""
    ) -> DueDate:
        """Return the due date counted from `start`, with its derivation; `started_by` as in `first_day_words`.

        Raises:
            ValueError: the clock has no fixed length and no date was given, or it counts in minutes.
        """
        limit = self.limit
        if limit is None:
            if stated is None:
                raise ValueError(f"“{self.label}”没有固定天数，要给出指定的日期。")
            return stated_due(self, start, stated, calendar)
        if limit.unit == MINUTES:
            raise ValueError(f"“{self.label}”按分钟计，不按日计。")
        due = self._counted(limit.on(start), start, calendar, extra, started_by)
        for later in limit.versions:
            # The transitional rule of a change, for what began before it and hasn't ended.
            if later.holds_for_running and later.since and start < later.since <= due.due:
                due = self._counted(later, start, calendar, extra, started_by)
        return due

    def _counted(self, version: LimitVersion, start: date, calendar: Calendar, extra: int, started_by: str) -> DueDate:
        rows = [DerivationDay(start, False, f"{self.first_day_words(started_by)}，不计（{CIVIL_CODE[201]}）")]
        articles, source = self.articles_of(version), self.source_of(version)
        if version.unit == WORKING:
            end, touched = _working(start, version.value, calendar, rows, source)
        elif version.unit == DAYS:
            end, touched = _calendar_days(start, version.value, extra, rows, source), False
        else:
            end, touched = _months(start, version.value, rows, source), False
        if version.since and start < version.since and end < version.since:
            end = version.since
            rows.append(DerivationDay(end, True, f"新的期限自这一日施行，此前已经起算的，不早于这一日届满（{source}）"))
        return _finish(self, end, rows, calendar, touched, articles)

    def articles_of(self, version: LimitVersion) -> tuple[Article, ...]:
        """Return the articles that say how long this clock runs, where this number holds."""
        return self.cites if version.since is None else version.cites

    def source_of(self, version: LimitVersion) -> str:
        """Return the articles of a number of this clock and, where it was or will be another, from when it holds."""
        assert self.limit is not None
        when = self.limit.when(version)
        return cite(self.articles_of(version)) + (f"，{when}为{version}" if when else "")


def _any_of(steps: tuple[type[Step], ...]) -> str:
    """Return the names of these steps: 甲、乙或丙."""
    return _listed([s.rule.label for s in steps])


def _listed(labels: Sequence[str]) -> str:
    """Return these names: 甲、乙或丙."""
    return "或".join(part for part in ("、".join(labels[:-1]), *labels[-1:]) if part)


def _finish(
    clock: Clock,
    due: date,
    rows: list[DerivationDay],
    calendar: Calendar,
    touched: bool,
    articles: tuple[Article, ...],
) -> DueDate:
    if clock.kind is ClockKind.RIGHT:
        rolled = calendar.next_working_day_from(due)
        day = due
        while day < rolled:
            rows.append(
                DerivationDay(day, False, f"{calendar.why(day)}，最后一日不是工作日，顺延（{CIVIL_CODE[203]}）")
            )
            day += timedelta(days=1)
        if rolled != due:
            rows.append(DerivationDay(rolled, True, f"{calendar.why(rolled)}，顺延到这一日"))
        due = alarm = rolled
    else:
        alarm = calendar.last_working_day_until(due)
        if alarm != due:
            rows.append(DerivationDay(due, True, f"{calendar.why(due)}；本厅的期限不因休假日顺延，提醒提前到 {alarm}"))
    provisional = touched or not calendar.published(due) or not calendar.published(alarm)
    if provisional:
        rows.append(DerivationDay(due, False, f"暂定：{due.year}年放假安排尚未公布，公布后重算"))
    return DueDate(due, alarm, provisional, tuple(rows), articles)


def _calendar_days(start: date, count: int, extra: int, rows: list[DerivationDay], source: str) -> date:
    end = start + timedelta(days=count)
    rows.append(DerivationDay(start + timedelta(days=1), True, "第1日"))
    rows.append(DerivationDay(end, True, f"第{count}日（{source}）"))
    if extra:
        end += timedelta(days=extra)
        rows.append(DerivationDay(end, True, f"依法延长{extra}日"))
    return end


def months_after(start: date, months: int) -> date:
    """Return the same day so much later, or the last of that month where it has no such day (民法典第二百零二条)."""
    years, month = divmod(start.month - 1 + months, 12)
    last = monthrange(start.year + years, month + 1)[1]
    return date(start.year + years, month + 1, min(start.day, last))


def _months(start: date, count: int, rows: list[DerivationDay], source: str) -> date:
    end = months_after(start, count)
    why = f"{count}个月期满：到期月的对应日，没有对应日的为月末日（{CIVIL_CODE[202]}、{source}）"
    rows.append(DerivationDay(end, True, why))
    return end


def _working(start: date, count: int, calendar: Calendar, rows: list[DerivationDay], source: str) -> tuple[date, bool]:
    """Return the last day, and whether a year without a published schedule was touched."""
    counted, touched, day = 0, False, start
    while counted < count:
        day += timedelta(days=1)
        works = calendar.is_working(day)
        counted += works
        touched = touched or not calendar.published(day)
        place = f"，第{counted}个工作日" if works else "，不计"
        rows.append(DerivationDay(day, works, calendar.why(day) + place))
    rows[-1] = replace(rows[-1], why=f"{rows[-1].why}（{source}）")
    return day, touched


def stated_due(clock: Clock, start: date, stated: date, calendar: Calendar) -> DueDate:
    """Return the due date that somebody stated, with its derivation."""
    rows = [
        DerivationDay(start, False, clock.first_day_words()),
        DerivationDay(stated, True, f"指定的日期（{cite(clock.cites)}）"),
    ]
    return _finish(clock, stated, rows, calendar, False, clock.cites)
