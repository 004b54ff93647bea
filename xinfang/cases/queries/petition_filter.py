"""The filters and orders of the list of petitions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from xinfang.cases.models import Petition
from xinfang.cases.queries.due_columns import FIRST, cases_with, late, within
from xinfang.categories.models import Category
from xinfang.procedure.words import OPEN_STATES, TERMINAL_STATES, State

SORT_ORDERS: Mapping[str, tuple[str, ...]] = {
    "due": ("next_due", "id"),
    "received": ("received_on", "id"),
    "number": ("number",),
    "unit": ("unit_order", "id"),
    "state": ("state_order", "id"),
    "fit": ("relevance", "id"),
}
"""The last asks for cases with how well they fit what was looked for (`search.finding.with_relevance`)."""


@dataclass(frozen=True)
class PetitionFilter:
    """What somebody looks for in the list of petitions; an empty field doesn't narrow it."""

    states: tuple[str, ...] = ()
    unit: int | None = None
    no_unit: bool = False
    leader: int | None = None
    handler: int | None = None
    channel: str = ""
    source: str = ""
    category: str = ""
    clock: str = ""
    since: date | None = None
    until: date | None = None
    due_in: tuple[date, int] | None = None
    """Due from this day on within so many days, this day included."""
    supervised: bool = False
    overdue_on: date | None = None


def filter_petitions(
    petitions: QuerySet[Petition], wanted: PetitionFilter, *, broad: bool = False
) -> QuerySet[Petition]:
    """Return the petitions that fit. References are compared by key in subqueries, so that no join hides an index.

    With `broad`, unit, leader and handler are compared in a way no index serves: where thousands fit, a page is found
    sooner by walking along the order of the list than by sorting them all.
    """
    fits = Q()
    # What an import brought in by mistake is listed only where it is asked for.
    fits &= Q(state__in=wanted.states) if wanted.states else ~Q(state=State.UNDONE.value)
    if wanted.no_unit:
        fits &= Q(handling_unit=None)
    for column, key in (
        ("handling_unit", wanted.unit),
        ("responsible_leader", wanted.leader),
        ("handler", wanted.handler),
        ("channel", wanted.channel),
        ("source", wanted.source),
    ):
        if key and broad and isinstance(key, int):
            petitions = petitions.alias(**{f"{column}_key": F(column) + 0})
            fits &= Q(**{f"{column}_key": key})
        elif key:
            fits &= Q(**{column: key})
    if wanted.category:
        fits &= Q(category__in=Category.objects.filter(code__startswith=wanted.category).values("pk"))
    if wanted.since:
        fits &= Q(received_on__gte=wanted.since)
    if wanted.until:
        fits &= Q(received_on__lte=wanted.until)
    if wanted.clock:
        # Of the limit that is asked for, whether or not it comes first in the case.
        fits &= Q(pk__in=cases_with([wanted.clock], _due(wanted, "due")))
    else:
        fits &= _due(wanted, FIRST)
    if wanted.supervised:
        fits &= Q(supervised=True)
    return petitions.filter(fits)


def with_order(petitions: QuerySet[Petition], sort: str) -> QuerySet[Petition]:
    """Return the same petitions with what this order sorts by, where that is no column of theirs.

    Units as their list has them, cases without a unit in front; states as a case goes through them.
    """
    if sort == "unit":
        return petitions.annotate(unit_order=Coalesce("handling_unit", 0))
    if sort == "state":
        steps = [When(state=s.value, then=Value(place)) for place, s in enumerate(State)]
        return petitions.annotate(state_order=Case(*steps, default=Value(len(State)), output_field=IntegerField()))
    return petitions


def _due(wanted: PetitionFilter, column: str) -> Q:
    fits = Q()
    if wanted.overdue_on:
        fits &= late(wanted.overdue_on, column)
    if wanted.due_in is not None:
        fits &= within(*wanted.due_in, column)
    return fits


def ordered(petitions: QuerySet[Petition], wanted: PetitionFilter, sort: str, more: bool) -> QuerySet[Petition]:
    """Return the same petitions, asked for in the way that finds one page soonest; `more` is from `counted`."""
    if wanted == PetitionFilter():
        return petitions.exclude(state=State.UNDONE.value)
    if more:
        return filter_petitions(petitions, wanted, broad=not sort.startswith("due"))
    # Few fit: found first and then sorted, instead of walking past everything that doesn't.
    return Petition.objects.filter(pk__in=filter_petitions(petitions, wanted).order_by().values("pk"))


OPEN_STATE_CODES = tuple(s.value for s in OPEN_STATES)
ENDED_STATE_CODES = tuple(s.value for s in TERMINAL_STATES)
