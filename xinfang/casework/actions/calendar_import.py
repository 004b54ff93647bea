"""Importing a published schedule.

The year is kept, every open deadline is brought in line, and those concerned are notified.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.calendars.models import CalendarDay, CalendarYear
from xinfang.calendars.queries import calendar
from xinfang.calendars.schedule_files import (
    ReadSchedule,
    Schedule,
    as_csv,
    doubtful_days,
    read_schedule,
    strays_laid_over,
)
from xinfang.cases.models import Deadline, Petition
from xinfang.core.table_rows import ImportAccount, TableRow
from xinfang.procedure.alerts import next_alert
from xinfang.procedure.articles import CIVIL_CODE
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.dated_rules import WORKING
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.timing import ClockKind, ClockRun, DueDate
from xinfang.procedure.words import Role

from .recomputed_dates import MovedDate, record_moved

__all__ = [
    "AdminChangeRefused",
    "CalendarImportReport",
    "RecomputedDeadlines",
    "ScheduleDoubtful",
    "import_year",
    "recompute_due_date",
    "recompute_open_deadlines",
]

_CASES_PER_BATCH = 1000
_MARGIN = timedelta(days=15)
"""A right may roll, and an alarm may ring early, across the turn of a year."""


@dataclass(frozen=True)
class CalendarImportReport:
    """What an import led to: the years, how many open deadlines were looked at, moved, confirmed as they were."""

    years: tuple[int, ...]
    days: int
    looked: int
    moved: int
    confirmed: int
    failed: int
    warnings: tuple[str, ...]
    seconds: float
    account: ImportAccount


class ScheduleDoubtful(XinfangError):
    """A schedule that somebody must look at before it is kept.

    `questions` say at what, `content` is what was read, as CSV.
    """

    def __init__(self, questions: Sequence[str], content: str, account: ImportAccount) -> None:
        super().__init__("\n".join(questions))
        self.questions, self.content, self.account = tuple(questions), content, account


@dataclass(frozen=True, slots=True)
class RecomputedDeadlines:
    """How many open deadlines were looked at, moved, confirmed as they were, and could not be written."""

    looked: int = 0
    moved: int = 0
    confirmed: int = 0
    failed: int = 0


def import_year(
    source: Path | bytes | Iterable[TableRow],
    *,
    by: Staff | None,
    origin: str = "",
    year: int | None = None,
    named: str = "",
    sheets: Sequence[str] = (),
    agreed: Collection[str] | None = (),
    now: datetime | None = None,
) -> CalendarImportReport:
    """Keep the year or years of a workbook, a CSV file or rows, then recompute every open deadline they touch.

    `origin` names the notice it was taken from, `named` the file; `year` is that of days without one; `sheets` are read
    even if hidden. When it raises, nothing was changed.

    Raises:
        AdminChangeRefused: `by` may not import, or the file has problems; it names every one of them.
        ScheduleDoubtful: there are questions that are not among those `agreed` to (None: to all).
    """
    require_importer(by)
    began = time.perf_counter()
    read, questions = looked_at(source, year, named, sheets, agreed)
    with transaction.atomic():
        years = _keep(read, by, origin, "".join(questions))
    counted = recompute_open_deadlines(now)
    return CalendarImportReport(
        tuple(years),
        sum(len(y.days) for y in read.years) + len(read.strays),
        counted.looked,
        counted.moved,
        counted.confirmed,
        counted.failed,
        tuple(read.warnings),
        round(time.perf_counter() - began, 3),
        read.account,
    )


def recompute_open_deadlines(now: datetime | None = None) -> RecomputedDeadlines:
    """Bring every open deadline in line with the years imported since this was last done (1 query if there are none).

    Part of every import, and of every sweep: an import that was cut off half-way is finished by the next one. What was
    done before is not done twice. A deadline that can't be written is looked at again each time.
    """
    pending = dict(CalendarYear.objects.filter(recounted_at=None).order_by("year").values_list("year", "imported_at"))
    if not pending:
        return RecomputedDeadlines()
    now, the_calendar = now or timezone.now(), calendar()
    touched = _touched(list(pending))
    looked, moved, level = _compare(touched, the_calendar)
    confirmed = sum(_bring_in_line(pks, the_calendar) for pks in _chunks(level))
    for pks in _chunks(_stopped_and_not_in_line(touched, the_calendar)):
        _bring_stopped_in_line(pks, the_calendar)
    done, failed = _record(moved, pending, now)
    if not failed:
        for year, imported_at in pending.items():
            # Somebody may have imported the year again meanwhile.
            CalendarYear.objects.filter(year=year, imported_at=imported_at).update(recounted_at=timezone.now())
    return RecomputedDeadlines(looked, done, confirmed, failed)


def looked_at(
    source: Path | bytes | Iterable[TableRow],
    year: int | None,
    named: str,
    sheets: Sequence[str],
    agreed: Collection[str] | None,
) -> tuple[ReadSchedule, list[str]]:
    """Return what a schedule says, and the questions about it that were answered.

    Raises:
        AdminChangeRefused: the file has problems; it names every one of them.
        ScheduleDoubtful: there are questions that are not among those `agreed` to (None: to all).
    """
    read = read_schedule(source, year=year, named=named, sheets=sheets)
    questions = doubtful_days(read, calendar().years)
    if agreed is not None and set(questions) - set(agreed):
        raise ScheduleDoubtful(questions, as_csv(read), read.account)
    return read, questions


def require_importer(by: Staff | None) -> None:
    """Refuse a person who keeps no calendar; None is the server's command line.

    Raises:
        AdminChangeRefused: this person has no such duty today.
    """
    if by is not None and not actor_of(by).has(Role.SYSTEM_ADMINISTRATOR, Role.OFFICE_HEAD, Role.OFFICE):
        raise AdminChangeRefused("放假安排由办公室或系统管理员导入，您目前没有这项职责。")


def _keep(read: ReadSchedule, by: Staff | None, origin: str, looked_at: str) -> list[int]:
    """Write the years; a year imported before is replaced, and its import stays on record."""
    schedules = list(read.years)
    merged = _with_strays(read)
    if merged:
        schedules.append(merged)
    last = CalendarYear.objects.aggregate(last=Max("imported_at"))["last"]
    # The cached calendar is known by this time: it must never be the same twice, whatever the clock says.
    at = max(timezone.now(), last + timedelta(microseconds=1)) if last else timezone.now()
    for schedule in schedules:
        year, _ = CalendarYear.objects.update_or_create(
            year=schedule.year,
            defaults={
                "source": (origin or f"导入的{schedule.year}年放假安排")[:200],
                "imported_at": at,
                "imported_by": by.get_username() if by else "",
                "recounted_at": None,
            },
        )
        year.days.all().delete()
        kinds = CalendarDay.Kind
        CalendarDay.objects.bulk_create(
            CalendarDay(year=year, day=day, kind=kinds.OFF if off else kinds.WORK, name=name)
            for day, (off, name) in sorted(schedule.days.items())
        )
        audit_log.record(
            by,
            "导入放假安排",
            f"{schedule.year}年",
            source=origin,
            looked_at=looked_at,
            days={day.isoformat(): ("放假" if off else "上班") for day, (off, _) in sorted(schedule.days.items())},
        )
    return sorted(s.year for s in schedules)


def _with_strays(read: ReadSchedule) -> Schedule | None:
    """Return the year that December days of the next year's notice change; a warning says where it isn't published."""
    known = calendar().years
    year = next(iter(read.strays)).year if read.strays else None
    if year is not None and year not in known:
        read.warnings.append(f"{year}年的放假安排尚未导入，文件中{year}年12月的日期未采用。")
    return strays_laid_over(read, known)


def recompute_due_date(clock: str, started_on: date, due: date, the_calendar: Calendar) -> DueDate:
    """Return the due date of an open row under another calendar, without reading its history.

    A duty counted in calendar days, or with a stated date, never moves with the calendar; only its alarm does.
    Everything else is counted again from its first day, as neither working days nor rights are ever lengthened.
    """
    rule = CLOCKS[clock]
    if rule.limit and (rule.kind is ClockKind.RIGHT or rule.limit.unit == WORKING):
        return rule.compute(started_on, the_calendar)
    alarm = the_calendar.last_working_day_until(due)
    return DueDate(due, alarm, not (the_calendar.published(due) and the_calendar.published(alarm)), ())


def _touched(years: list[int]) -> Q:
    """Return which deadlines these years may change."""
    touched = Q(provisional=True)
    for year in years:
        touched |= Q(started_on__lte=date(year, 12, 31) + _MARGIN, due__gte=date(year, 1, 1) - _MARGIN)
    return touched


def _compare(touched: Q, the_calendar: Calendar) -> tuple[int, list[MovedDate], list[int]]:
    """Look at every open deadline that is touched: which move, and which only change their alarm or certainty."""
    rows = Deadline.objects.filter(touched, stopped_on=None).order_by("due", "id")
    fields = ("pk", "petition__number", "clock", "started_on", "due", "alarm", "provisional")
    looked, moved, level = 0, [], []
    counted = cache(partial(recompute_due_date, the_calendar=the_calendar))
    for pk, number, clock, started_on, due, alarm, provisional in rows.values_list(*fields).iterator(chunk_size=5000):
        looked += 1
        fresh = counted(clock, started_on, due)
        if fresh.due != due:
            moved.append(MovedDate(pk, number, clock, due, fresh.due))
        elif (fresh.alarm, fresh.provisional) != (alarm, provisional):
            level.append(pk)
    return looked, moved, level


def _stopped_and_not_in_line(touched: Q, the_calendar: Calendar) -> list[int]:
    """Return the stopped deadlines whose date or alarm is another by this schedule.

    Nothing moves for anybody and no event says so: but whether they were kept in time is judged by the schedule that
    was published, here as by `verify`.
    """
    found: list[int] = []
    counted = cache(partial(recompute_due_date, the_calendar=the_calendar))
    rows = Deadline.objects.filter(touched).exclude(stopped_on=None).order_by("id")
    fields = ("pk", "clock", "started_on", "due", "alarm")
    for pk, clock, started_on, due, alarm in rows.values_list(*fields).iterator(chunk_size=5000):
        fresh = counted(clock, started_on, due)
        if (fresh.due, fresh.alarm) != (due, alarm):
            found.append(pk)
    return found


@transaction.atomic
def _bring_stopped_in_line(pks: list[int], the_calendar: Calendar) -> None:
    rows = list(Deadline.objects.select_for_update().filter(pk__in=pks).exclude(stopped_on=None))
    for row in rows:
        fresh = recompute_due_date(row.clock, row.started_on, row.due, the_calendar)
        row.due, row.alarm = fresh.due, fresh.alarm
    Deadline.objects.bulk_update(rows, ["due", "alarm"], batch_size=250)


def _chunks(pks: list[int]) -> Iterator[list[int]]:
    for i in range(0, len(pks), _CASES_PER_BATCH):
        yield pks[i : i + _CASES_PER_BATCH]


@transaction.atomic
def _bring_in_line(pks: list[int], the_calendar: Calendar) -> int:
    """Write alarms and certainty of rows whose date stays, and return how many were looked at.

    They are read again under the lock, as somebody may have acted since.
    """
    rows = list(Deadline.objects.select_for_update().filter(pk__in=pks, stopped_on=None))
    surer: dict[bool, list[Deadline]] = {True: [], False: []}
    for row in rows:
        fresh = recompute_due_date(row.clock, row.started_on, row.due, the_calendar)
        if fresh.due != row.due:
            continue
        if row.provisional != fresh.provisional:
            surer[fresh.provisional].append(row)
        row.alarm, row.provisional = fresh.alarm, fresh.provisional
        run = ClockRun(CLOCKS[row.clock], row.occurrence, row.started_on, fresh, None)
        row.next_alert = next_alert(run, row.warned)
    Deadline.objects.bulk_update(rows, ["alarm", "provisional", "next_alert"], batch_size=250)
    for provisional, changed in surer.items():
        by_limit: dict[tuple[str, date], list[int]] = {}
        for row in changed:
            by_limit.setdefault((row.clock, row.due), []).append(row.petition_id)
        for (clock, due), petitions in by_limit.items():
            # Of a limit that runs twice in a case, only the one that comes first is in the row of the case.
            first = Petition.objects.filter(pk__in=petitions, next_clock=clock, next_due=due)
            first.update(next_provisional=provisional)
    return len(rows)


def _record(moved: list[MovedDate], years: Mapping[int, datetime], now: datetime) -> tuple[int, int]:
    why = f"{'、'.join(f'{y}年' for y in years)}放假安排已公布"
    return record_moved(moved, why, f"{max(years.values()).timestamp():.6f}", (CIVIL_CODE[203],), now)
