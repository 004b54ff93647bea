"""Reading what days are counted with: working days and holidays, and the department's own numbers."""

from datetime import date

from django.db import connection

from xinfang.core.clock import today
from xinfang.procedure.calendar import Calendar, YearSchedule, published_years
from xinfang.procedure.dated_rules import EnteredNumbers, LimitVersion, ask_for_numbers
from xinfang.procedure.department_numbers import CHANGEABLE, version_of

from .models import CalendarDay, CalendarYear, NumberChange, NumberChangeAnswer, ScheduleProposal

_read: tuple[object, Calendar, EnteredNumbers] | None = None
"""What was read last, and of which state: replaced as a whole, as other threads ask at the same time."""


def calendar() -> Calendar:
    """Return the years that ship with the program and those imported since (1 query while nothing new was imported).

    What was agreed of the department's numbers is read with it, so that every due date is counted with both as they
    are now.
    """
    global _read
    # Asked by every page and every step, so without the ORM, which takes twenty times as long to put the question.
    with connection.cursor() as cursor:
        answers = NumberChangeAnswer._meta.db_table
        newest = f"(SELECT COUNT(*) FROM {answers}), (SELECT MAX(at) FROM {answers})"  # noqa: S608
        cursor.execute(f"SELECT COUNT(*), MAX(imported_at), {newest} FROM {CalendarYear._meta.db_table}")  # noqa: S608
        version = cursor.fetchone()
    known = _read
    if known is None or known[0] != version:
        known = _read = (version, _read_calendar(), _read_numbers())
    return known[1]


def agreed_numbers() -> EnteredNumbers:
    """Return what was agreed of the department's numbers, as it was when `calendar` was last asked (no query)."""
    return _read[2] if _read else {}


# The limits are pure: who keeps the department's numbers tells them where to ask.
ask_for_numbers(agreed_numbers, today)


def number_changes() -> list[NumberChange]:
    """Return every change of a number that was asked for, the latest first, each with its answer (1 query)."""
    return list(NumberChange.objects.select_related("by", "acting_for", "answer__by", "answer__acting_for"))


def waiting_schedules() -> list[ScheduleProposal]:
    """Return the schedules that wait for a second person, the oldest first (1 query)."""
    return list(ScheduleProposal.objects.filter(answer=None).select_related("by").order_by("id"))


def imported_years() -> dict[int, CalendarYear]:
    """Return the schedules that were imported, by year, each with where it comes from (1 query)."""
    return {y.year: y for y in CalendarYear.objects.all()}


def _read_calendar() -> Calendar:
    years = {y.pk: y for y in CalendarYear.objects.all()}
    off: dict[int, dict[date, str]] = {pk: {} for pk in years}
    work: dict[int, dict[date, str]] = {pk: {} for pk in years}
    for year_id, day, kind, name in CalendarDay.objects.values_list("year_id", "day", "kind", "name"):
        (work if kind == CalendarDay.Kind.WORK else off)[year_id][day] = name
    imported = {y.year: YearSchedule(y.year, off[pk], work[pk], y.source) for pk, y in years.items()}
    return Calendar({**published_years(), **imported})


def _read_numbers() -> EnteredNumbers:
    agreed = NumberChangeAnswer.objects.filter(agree=True).order_by("id")
    found: dict[str, list[LimitVersion]] = {}
    for code, value, since in agreed.values_list("change__code", "change__value", "change__since"):
        if code in CHANGEABLE:
            found.setdefault(code, []).append(version_of(code, value, since))
    return found
