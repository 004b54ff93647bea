"""Reading what is kept: facts from events, the calendar, and who may see which petition."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from xinfang.people.models import Staff
from xinfang.procedure.calendar import Calendar, YearSchedule, published_years
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.history import StoredEvent, replay
from xinfang.procedure.shapes import StaffCode
from xinfang.procedure.visibility import SEES_CLOSED, SEES_ORDINARY_CASES, SEES_OWN_UNIT
from xinfang.procedure.words import Role

from .models import CalendarDay, CalendarYear, Event, Petition, Seeing

_calendars: dict[tuple[int, object], Calendar] = {}


def calendar() -> Calendar:
    """The years that ship with the program and those imported since (1 query while nothing new was imported)."""
    # Asked by every page and every step, so without the ORM, which takes twenty times as long to put the question.
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), MAX(imported_at) FROM records_calendaryear")
        version = cursor.fetchone()
    if version not in _calendars:
        _calendars.clear()
        _calendars[version] = _read_calendar()
    return _calendars[version]


def _read_calendar() -> Calendar:
    years = {y.pk: y for y in CalendarYear.objects.all()}
    off: dict[int, dict[date, str]] = {pk: {} for pk in years}
    work: dict[int, dict[date, str]] = {pk: {} for pk in years}
    for year_id, day, kind, name in CalendarDay.objects.values_list("year_id", "day", "kind", "name"):
        (work if kind == CalendarDay.Kind.WORK else off)[year_id][day] = name
    imported = {y.year: YearSchedule(y.year, off[pk], work[pk], y.source) for pk, y in years.items()}
    return Calendar({**published_years(), **imported})


def stored(event: Event) -> StoredEvent:
    """An event row as the procedure reads it; `by` and `entered_by` must be loaded with it."""
    return StoredEvent(
        event.seq,
        event.code,
        event.stage,
        event.data,
        event.happened_on,
        event.recorded_at,
        StaffCode(event.by.get_username() if event.by else ""),
        StaffCode(event.entered_by.get_username() if event.entered_by else ""),
    )


def events_of(petition: Petition) -> QuerySet[Event]:
    """The events of one petition with their people, in order."""
    return petition.events.select_related("by", "entered_by", "acting_for").order_by("seq")


def facts_of(petition: Petition, events: Iterable[Event] | None = None) -> Facts:
    """What the history says of this petition (1 query, none when the events are given)."""
    return replay(petition.number, map(stored, events_of(petition) if events is None else events))


def visible_to(actor: Actor) -> QuerySet[Petition]:
    """The petitions this person may see: `procedure.visibility.may_see` in SQL. Everything else does not exist for him."""
    petitions = Petition.objects.all()
    if actor.has(Role.SYSTEM):
        return petitions
    hidden = Seeing.objects.filter(
        staff__username__in=actor.codes, why__in=(Seeing.Why.RECUSED, Seeing.Why.COMPLAINED_OF)
    )
    units = actor.units(*Role)
    sees = Q(pk__in=[])
    if actor.has(*SEES_ORDINARY_CASES):
        sees = Q()
    else:
        own = actor.units(*SEES_OWN_UNIT)
        if own:
            sees |= Q(handling_unit__code__in=own) | Q(
                pk__in=Petition.assisting_units.through.objects.filter(unit__code__in=own).values("petition_id")
            )
        if actor.has(Role.LEADER):
            sees |= Q(pk__in=_seen_by(actor, Seeing.Why.INSTRUCTS))
        if actor.has(Role.LEGAL_ADVISER):
            sees |= Q(pk__in=_seen_by(actor, Seeing.Why.ADVISES))
        if actor.has(Role.ARCHIVE_ROOM):
            sees |= Q(state__in=[s.value for s in SEES_CLOSED])
    ordinary = Q(sealed=False) & sees
    if units and not actor.has(Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER):
        accused = Seeing.objects.filter(unit__code__in=units, why=Seeing.Why.COMPLAINED_OF)
        ordinary &= ~Q(pk__in=accused.values("petition_id"))
    if actor.has(Role.SEALED_OFFICER):
        ordinary |= Q(sealed=True)
    return petitions.filter(ordinary).exclude(pk__in=hidden.values("petition_id"))


def _seen_by(actor: Actor, why: str) -> QuerySet[Seeing]:
    return Seeing.objects.filter(staff__username__in=actor.codes, why=why).values("petition_id")


def staff_by_code(codes: Iterable[str]) -> dict[str, Staff]:
    """Accounts by user name (1 query)."""
    return {s.get_username(): s for s in Staff.objects.filter(username__in=[c for c in codes if c])}
