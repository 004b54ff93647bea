"""Long lists cut into pages that are as fast at the end as at the beginning, and the filters of the list of petitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from xinfang.procedure.words import ENDS, OPEN_STATES

from .models import Category, Petition
from .models.case import FOREVER

COUNTED = 10_000
"""A list is counted so far; nobody reads on, and counting on costs time."""


@dataclass(frozen=True)
class Cut:
    """One page: its rows in reading order, the places before and after it, whether there is more on either side."""

    rows: list[Any] = field(default_factory=list)
    first: str = ""
    last: str = ""
    more_before: bool = False
    more_after: bool = False


class WrongPlace(ValueError):
    """A place in a list that can't be one, e.g. an address typed by hand."""


def cut(
    rows: QuerySet[Any, Any],
    keys: tuple[str, ...],
    *,
    limit: int,
    descending: bool = False,
    at: str = "",
    where: str = "after",
) -> Cut:
    """The rows next to a place instead of those at an offset (at most 2 queries).

    `keys` are one or two fields that order the rows without doubt, the last of them unique. `where` is after or before
    the place, or end for the last page. Raises WrongPlace.
    """
    backwards = where in ("before", "end")
    down = descending != backwards
    order = [f"-{k}" if down else k for k in keys]
    if at and where != "end":
        # The rest of the same day, then the other days: each part reads one stretch of one index.
        op = "lt" if down else "gt"
        place = _place(at, keys)
        found: list[Any] = []
        if len(keys) > 1:
            same = rows.filter(**{keys[0]: place[0], f"{keys[1]}__{op}": place[1]}).order_by(*order)
            found = list(same[: limit + 1])
        if len(found) <= limit:
            others = rows.filter(**{f"{keys[0]}__{op}": place[0]}).order_by(*order)
            found += others[: limit + 1 - len(found)]
    else:
        found = list(rows.order_by(*order)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    if backwards:
        found.reverse()
    first, last = _ends(found, keys)
    if backwards:
        return Cut(found, first, last, more, where == "before" and bool(at))
    return Cut(found, first, last, bool(at), more)


def first_page(found: list[Any], keys: tuple[str, ...], limit: int) -> Cut:
    """The first page, from rows that were asked for already, one more than the page holds."""
    return Cut(found[:limit], *_ends(found[:limit], keys), more_after=len(found) > limit)


def _ends(rows: list[Any], keys: tuple[str, ...]) -> tuple[str, str]:
    return (_spell(rows[0], keys), _spell(rows[-1], keys)) if rows else ("", "")


def _spell(row: Any, keys: tuple[str, ...]) -> str:
    values = row if isinstance(row, tuple) else [getattr(row, k) for k in keys]
    return "_".join(v.isoformat() if isinstance(v, date) else str(v) for v in values)


def _place(at: str, keys: tuple[str, ...]) -> list[Any]:
    parts = at.split("_")
    if len(parts) != len(keys):
        raise WrongPlace(at)
    try:
        return [_value(p, k) for p, k in zip(parts, keys, strict=True)]
    except ValueError:
        raise WrongPlace(at) from None


def _value(text: str, key: str) -> Any:
    if key in ("due", "next_due", "received_on", "since"):
        return date.fromisoformat(text)
    if key in ("id", "pk", "petition_id"):
        number = int(text)
        if not 0 <= number < 2**63:
            raise ValueError(text)
        return number
    if not text.isalnum() or not text.isascii():
        raise ValueError(text)
    return text


SORTS: Mapping[str, tuple[str, ...]] = {
    "due": ("next_due", "id"),
    "received": ("received_on", "id"),
    "number": ("number",),
}


@dataclass(frozen=True)
class Wanted:
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
    due_since: date | None = None
    due_until: date | None = None
    supervised: bool = False
    overdue_on: date | None = None


def narrowed(petitions: QuerySet[Petition], wanted: Wanted, *, broad: bool = False) -> QuerySet[Petition]:
    """The petitions that fit. References are compared by key in subqueries, so that no join hides an index.

    With `broad`, unit, leader and handler are compared in a way no index serves: where thousands fit, a page is found
    sooner by walking along the order of the list than by sorting them all.
    """
    fits = Q()
    if wanted.states:
        fits &= Q(state__in=wanted.states)
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
    if wanted.clock:
        fits &= Q(next_clock=wanted.clock, next_due__lt=FOREVER)
    if wanted.since:
        fits &= Q(received_on__gte=wanted.since)
    if wanted.until:
        fits &= Q(received_on__lte=wanted.until)
    if wanted.due_since:
        fits &= Q(next_due__gte=wanted.due_since)
    if wanted.due_until:
        fits &= Q(next_due__lte=wanted.due_until)
    if wanted.overdue_on:
        fits &= Q(next_due__lt=wanted.overdue_on)
    if wanted.supervised:
        fits &= Q(supervised=True)
    return petitions.filter(fits)


def listed(petitions: QuerySet[Petition], wanted: Wanted, sort: str, more: bool) -> QuerySet[Petition]:
    """The same petitions, asked for in the way that finds one page soonest; `more` is from `counted`."""
    if wanted == Wanted():
        return petitions
    if more:
        return narrowed(petitions, wanted, broad=not sort.startswith("due"))
    # Few fit: found first and then sorted, instead of walking past everything that doesn't.
    return Petition.objects.filter(pk__in=narrowed(petitions, wanted).order_by().values("pk"))


def counted(rows: QuerySet[Any, Any]) -> tuple[int, bool]:
    """How many there are, and whether there are more than were counted (1 query)."""
    found = rows.order_by().values("pk")[: COUNTED + 1].count()
    return min(found, COUNTED), found > COUNTED


OPEN = tuple(s.value for s in OPEN_STATES)
ENDED = tuple(s.value for s in ENDS)
