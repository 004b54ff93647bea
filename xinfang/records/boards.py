"""What the boards count: the open cases and whatever still has a date, in one pass."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Count, Q, QuerySet

from .lists import ENDED, OPEN
from .models import Petition
from .models.case import FOREVER

K = TypeVar("K")


@dataclass
class Figures:
    """How many are open, pressed, overdue, and due within three and seven days (today included)."""

    open: int = 0
    supervised: int = 0
    late: int = 0
    in_3: int = 0
    in_7: int = 0

    def add(self, group: "Group") -> None:
        for name in ("open", "supervised", "late", "in_3", "in_7"):
            setattr(self, name, getattr(self, name) + getattr(group.figures, name))


@dataclass(frozen=True)
class Group:
    """The cases of one unit, leader and clock; 0 or "" where a case has none."""

    unit: int
    leader: int
    clock: str
    figures: Figures


def groups(petitions: QuerySet[Petition], day: date) -> list[Group]:
    """Every open or dated case counted once, by unit, leader and first clock (2 queries)."""
    # Two questions, because one with "or" would read every case there ever was.
    still_open = petitions.filter(state__in=OPEN)
    ended = petitions.filter(next_due__lt=FOREVER, state__in=ENDED)
    return [*_groups(still_open, day), *_groups(ended, day)]


def _groups(of: QuerySet[Petition], day: date) -> list[Group]:
    is_open = Q(state__in=OPEN)
    rows = (
        of.order_by()
        .values("handling_unit", "responsible_leader", "next_clock")
        .annotate(
            open=Count("pk", filter=is_open),
            pressed=Count("pk", filter=is_open & Q(supervised=True)),
            late=Count("pk", filter=Q(next_due__lt=day)),
            in_3=Count("pk", filter=Q(next_due__gte=day, next_due__lte=day + timedelta(days=3))),
            in_7=Count("pk", filter=Q(next_due__gte=day, next_due__lte=day + timedelta(days=7))),
        )
    )
    return [
        Group(
            r["handling_unit"] or 0,
            r["responsible_leader"] or 0,
            r["next_clock"],
            Figures(r["open"], r["pressed"], r["late"], r["in_3"], r["in_7"]),
        )
        for r in rows
    ]


def total(found: list[Group]) -> Figures:
    """All groups together."""
    return summed(found, lambda g: 0).get(0, Figures())


def summed(found: list[Group], key: Callable[[Group], K]) -> dict[K, Figures]:
    """The groups added up by unit, leader or clock."""
    sums: dict[K, Figures] = {}
    for group in found:
        sums.setdefault(key(group), Figures()).add(group)
    return sums
