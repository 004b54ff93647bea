"""Which petitions a person may see, for lists: by the columns.

One case is opened by `cases.access.open_case`, by its facts.
"""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from xinfang.accounts.models import Staff, Unit
from xinfang.cases.models import CaseVisibility, Event, Petition, Task
from xinfang.procedure.facts import Actor
from xinfang.procedure.overseers import OVERSEES
from xinfang.procedure.people_words import Overseer
from xinfang.procedure.steps.closing import AcceptArchive
from xinfang.procedure.steps.reply import IssueReply
from xinfang.procedure.visibility import SEES_CLOSED, SEES_ORDINARY_CASES, SEES_OWN_UNIT
from xinfang.procedure.words import Role


def visible_to(actor: Actor, *, each: bool = False) -> QuerySet[Petition]:
    """Return the petitions this person may see: `procedure.visibility.may_see` in SQL.

    Everything else does not exist for them. `each` asks case by case instead of making the list first: right where few
    cases are looked at (one case, an inbox), slow where somebody who sees little looks through many.
    """
    petitions = Petition.objects.all()
    if actor.has(Role.SYSTEM):
        return petitions
    if actor.has(Role.PETITIONER):
        return petitions.filter(number=actor.case)
    hidden = CaseVisibility.objects.filter(
        staff__username__in=actor.codes, why__in=(CaseVisibility.Why.RECUSED, CaseVisibility.Why.COMPLAINED_OF)
    )
    units = actor.units(*Role)
    sees = Q(pk__in=[])
    if actor.has(Role.PRINCIPAL_LEADER):
        sees = Q()
    else:
        own = actor.units(*SEES_OWN_UNIT)
        if actor.has(*SEES_ORDINARY_CASES):
            sees |= ~Q(pk__in=_with_acting_office().values("petition_id"))
        if own:
            acting = _with_acting_office().filter(unit__code__in=own)
            sees |= Q(pk__in=acting.values("petition_id"))
            units_of = Unit.objects.filter(code__in=own).values("pk")
            assisting = Petition.assisting_units.through.objects.filter(unit__in=units_of).values("petition_id")
            sees |= Q(handling_unit__in=units_of) | Q(pk__in=assisting)
        if actor.has(Role.LEADER):
            sees |= _seen_by(actor, CaseVisibility.Why.INSTRUCTS, each)
        if actor.has(Role.LEGAL_ADVISER):
            sees |= _seen_by(actor, CaseVisibility.Why.ADVISES, each)
        if actor.has(Role.ARCHIVE_ROOM):
            sees |= Q(state__in=[s.value for s in SEES_CLOSED]) | _handed_in(each)
    accused = CaseVisibility.objects.filter(unit__code__in=units, why=CaseVisibility.Why.COMPLAINED_OF)
    not_of_the_accused = ~Q(pk__in=accused.values("petition_id")) if units else Q()
    ordinary = Q(sealed=False) & sees
    if not actor.has(Role.PRINCIPAL_LEADER):
        ordinary &= not_of_the_accused
    if actor.has(Role.SEALED_OFFICER):
        ordinary |= Q(sealed=True) & not_of_the_accused
    ordinary |= Q(sealed=True) & _seen_by(actor, CaseVisibility.Why.OFFICER, each)
    for rung, role in OVERSEES.items():
        if actor.has(role):
            leads = rung in (Overseer.PRINCIPAL, Overseer.LEADERS)
            ordinary |= _overseen(rung) if leads else _overseen(rung) & not_of_the_accused
    return petitions.filter(ordinary).exclude(pk__in=hidden.values("petition_id"))


def visible_to_nobody_named() -> QuerySet[Petition]:
    """Return what is open to a person who works at the server and gives no name.

    Cases that aren't sealed, and of these only how far they are.
    """
    return Petition.objects.filter(sealed=False)


def _with_acting_office() -> QuerySet[CaseVisibility]:
    # There are few rows with a unit, and they are together in the index.
    return CaseVisibility.objects.filter(unit__isnull=False, why=CaseVisibility.Why.ACTS)


def _overseen(rung: Overseer) -> Q:
    # Rows without a person and a unit: few, and together in the index (`procedure.overseers.oversees`).
    rows = CaseVisibility.objects.filter(staff=None, unit=None)
    opened, closed = (rows.filter(why=f"{seal}_{rung.value}").values("petition_id") for seal in ("open", "sealed"))
    return Q(sealed=False, pk__in=opened) | Q(sealed=True, pk__in=closed)


def _handed_in(each: bool) -> Q:
    # The archive room is asked to take a file exactly while it waits to be taken
    # (`procedure.archive.waits_for_the_archive`).
    asked = Task.objects.filter(step=AcceptArchive.rule.code)
    if each:
        return Q(Exists(asked.filter(petition=OuterRef("pk"))))
    return Q(pk__in=asked.values("petition_id"))


def _seen_by(actor: Actor, why: str, each: bool) -> Q:
    # The person by subquery and not by join: asked once, not for every case.
    seen = CaseVisibility.objects.filter(staff__in=Staff.objects.filter(username__in=actor.codes).values("pk"), why=why)
    if each:
        return Q(Exists(seen.filter(petition=OuterRef("pk"))))
    return Q(pk__in=seen.values("petition_id"))


def reply_numbers(stem: str) -> list[str]:
    """Return the numbers of replies, as their steps gave them, that begin with this text (1 query)."""
    replies = Event.objects.filter(code=IssueReply.rule.code, data__document_number__startswith=stem)
    return list(replies.values_list("data__document_number", flat=True))


def visible_numbers(actor: Actor | None, numbers: Collection[str]) -> set[str]:
    """Return which of these numbers are those of cases that this person sees (1 query).

    Without an actor, it is a person who gives no name.
    """
    seen = visible_to_nobody_named() if actor is None else visible_to(actor, each=True)
    return set(seen.filter(number__in=numbers).values_list("number", flat=True))
