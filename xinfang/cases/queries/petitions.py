"""Reading a case as it is kept: its row, its events, and the facts they tell.

Nothing here is hidden from anybody: pages and commands come by `cases.access`, lists by `cases.queries.visible`.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from xinfang.cases.models import Event, Petition
from xinfang.core.composed import composed_for_any
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.history import StoredEvent, replay
from xinfang.procedure.shapes import StaffCode

from .visible import visible_to


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
    if events is None:
        return facts_of_all([petition])[petition.pk]
    return replay(petition.number, map(stored, events))


def facts_of_all(petitions: Iterable[Petition]) -> dict[int, Facts]:
    """What the histories of some petitions say, by primary key (1 query)."""
    numbers = {p.pk: p.number for p in petitions}
    histories: dict[int, list[StoredEvent]] = {pk: [] for pk in numbers}
    fields = ("seq", "code", "stage", "data", "happened_on", "recorded_at", "by__username", "entered_by__username")
    rows = Event.objects.filter(petition_id__in=numbers).order_by("petition_id", "seq")
    for pk, *rest, by, entered_by in rows.values_list("petition_id", *fields):
        histories[pk].append(StoredEvent(*rest, by=StaffCode(by or ""), entered_by=StaffCode(entered_by or "")))
    return {pk: replay(numbers[pk], events) for pk, events in histories.items()}


def visible_pk(number: str, actor: Actor) -> int | None:
    """The primary key of the petition of this number, if this person may see it (1 query)."""
    found = _visible_pk(number, actor)
    return int(found[0][0]) if found else None


@composed_for_any
def _visible_pk(number: str, actor: Actor) -> QuerySet[Any, Any]:
    return visible_to(actor, each=True).filter(number=number).order_by().values_list("pk")
