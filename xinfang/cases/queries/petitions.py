"""Reading what is kept: facts from events, and who may see which petition."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from xinfang.accounts.models import Staff, Unit
from xinfang.cases.models import Event, Petition, Seeing, Task
from xinfang.core.composed import composed_for_any
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.history import StoredEvent, replay
from xinfang.procedure.shapes import StaffCode
from xinfang.procedure.steps.closing import AcceptArchive, IssueReply
from xinfang.procedure.visibility import SEES_CLOSED, SEES_ORDINARY_CASES, SEES_OWN_UNIT
from xinfang.procedure.words import Role


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


def visible_to(actor: Actor, *, each: bool = False) -> QuerySet[Petition]:
    """The petitions this person may see: `procedure.visibility.may_see` in SQL. Everything else does not exist for him.

    `each` asks case by case instead of making the list first: right where few cases are looked at (one case, an inbox), slow
    where somebody who sees little looks through many.
    """
    petitions = Petition.objects.all()
    if actor.has(Role.SYSTEM):
        return petitions
    if actor.has(Role.PETITIONER):
        return petitions.filter(number=actor.case)
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
            units_of = Unit.objects.filter(code__in=own).values("pk")
            assisting = Petition.assisting_units.through.objects.filter(unit__in=units_of).values("petition_id")
            sees |= Q(handling_unit__in=units_of) | Q(pk__in=assisting)
        if actor.has(Role.LEADER):
            sees |= _seen_by(actor, Seeing.Why.INSTRUCTS, each)
        if actor.has(Role.LEGAL_ADVISER):
            sees |= _seen_by(actor, Seeing.Why.ADVISES, each)
        if actor.has(Role.ARCHIVE_ROOM):
            sees |= Q(state__in=[s.value for s in SEES_CLOSED]) | _handed_in(each)
    ordinary = Q(sealed=False) & sees
    if units and not actor.has(Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER):
        accused = Seeing.objects.filter(unit__code__in=units, why=Seeing.Why.COMPLAINED_OF)
        ordinary &= ~Q(pk__in=accused.values("petition_id"))
    if actor.has(Role.SEALED_OFFICER):
        ordinary |= Q(sealed=True)
    return petitions.filter(ordinary).exclude(pk__in=hidden.values("petition_id"))


def petition_by_number(number: str) -> Petition | None:
    """The petition of this number, whoever may see it: for the command line of the server (1 query)."""
    return Petition.objects.filter(number=number).first()


def visible_pk(number: str, actor: Actor) -> int | None:
    """The primary key of the petition of this number, if this person may see it (1 query)."""
    found = _visible_pk(number, actor)
    return int(found[0][0]) if found else None


@composed_for_any
def _visible_pk(number: str, actor: Actor) -> QuerySet[Any, Any]:
    return visible_to(actor, each=True).filter(number=number).order_by().values_list("pk")


def visible_to_nobody_named() -> QuerySet[Petition]:
    """What is open to who works at the server and gives no name: cases that aren't sealed, and of these only how far they are."""
    return Petition.objects.filter(sealed=False)


def visible_petition(number: str, actor: Actor) -> Petition | None:
    """The petition of this number, if this person may see it; hidden and missing look alike (1 query)."""
    return visible_to(actor, each=True).filter(number=number).first()


def numbers_among(petitions: QuerySet[Petition], numbers: Collection[str]) -> set[str]:
    """Which of these numbers are those of one of the petitions (1 query)."""
    return set(petitions.filter(number__in=numbers).values_list("number", flat=True))


def _handed_in(each: bool) -> Q:
    # The archive room is asked to take a file exactly while it waits to be taken (`procedure.archive.waits_for_the_archive`).
    asked = Task.objects.filter(step=AcceptArchive.rule.code)
    if each:
        return Q(Exists(asked.filter(petition=OuterRef("pk"))))
    return Q(pk__in=asked.values("petition_id"))


def _seen_by(actor: Actor, why: str, each: bool) -> Q:
    # The person by subquery and not by join: asked once, not for every case.
    seen = Seeing.objects.filter(staff__in=Staff.objects.filter(username__in=actor.codes).values("pk"), why=why)
    if each:
        return Q(Exists(seen.filter(petition=OuterRef("pk"))))
    return Q(pk__in=seen.values("petition_id"))


def reply_numbers(stem: str) -> list[str]:
    """The numbers of replies, as their steps gave them, that begin with this text (1 query)."""
    replies = Event.objects.filter(code=IssueReply.rule.code, data__document_number__startswith=stem)
    return list(replies.values_list("data__document_number", flat=True))


def seen_of(actor: Actor, numbers: set[str]) -> set[str]:
    """Which of these cases this person sees (1 query)."""
    return set(visible_to(actor, each=True).filter(number__in=numbers).values_list("number", flat=True))
