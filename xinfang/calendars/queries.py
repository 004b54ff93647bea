"""Reading the working days and holidays."""

from datetime import date

from django.db import connection

from xinfang.procedure.calendar import Calendar, YearSchedule, published_years

from .models import CalendarDay, CalendarYear

_calendars: dict[tuple[int, object], Calendar] = {}


def calendar() -> Calendar:
    """Return the years that ship with the program and those imported since (1 query while nothing new was imported)."""
    # Asked by every page and every step, so without the ORM, which takes twenty times as long to put the question.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*), MAX(imported_at) FROM {CalendarYear._meta.db_table}")  # noqa: S608
        version = cursor.fetchone()
    if version not in _calendars:
        _calendars.clear()
        _calendars[version] = _read_calendar()
    return _calendars[version]


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
