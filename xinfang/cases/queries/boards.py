"""What the boards count: the open cases and whatever still has a date, in one pass."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, QuerySet

from xinfang.cases.models import Petition
from xinfang.cases.models.case import FOREVER
from xinfang.core.compiled_queries import compiled_query
from xinfang.procedure.facts import Actor

from .lists import ENDED, OPEN
from .visible import visible_to

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


def groups(actor: Actor, day: date) -> list[Group]:
    """Every open or dated case that this person may see, by unit, leader and first clock (2 queries)."""
    found: dict[tuple[int, int, str], Figures] = {}
    # Two questions, because one with "or" would read every case there ever was.
    for _, *key, due, supervised, number in _open(actor):
        of = _add(found, key, due, number, day)
        of.open += number
        of.supervised += number if supervised else 0
    for *key, due, number in _ended(actor):
        _add(found, key, due, number, day)
    return [Group(*key, figures) for key, figures in found.items()]


_BY = ("handling_unit", "responsible_leader", "next_clock")


@compiled_query
def _open(actor: Actor) -> QuerySet[Any, Any]:
    # In the order of an index: counted as they are read, and nothing sorted.
    by = ("state", *_BY, "next_due", "supervised")
    return _numbers(visible_to(actor).filter(state__in=OPEN), by)


@compiled_query
def _ended(actor: Actor) -> QuerySet[Any, Any]:
    ended = visible_to(actor).filter(next_due__lt=FOREVER, state__in=ENDED)
    return _numbers(ended, (*_BY, "next_due"))


def _numbers(petitions: QuerySet[Petition], by: tuple[str, ...]) -> QuerySet[Any, Any]:
    return petitions.order_by().values_list(*by).annotate(number=Count("pk"))


def _add(found: dict[tuple[int, int, str], Figures], key: list[Any], due: date, number: int, day: date) -> Figures:
    unit, leader, clock = key
    of = found.setdefault((unit or 0, leader or 0, clock), Figures())
    left = (due - day).days
    if left < 0:
        of.late += number
    elif left <= 7:
        of.in_7 += number
        of.in_3 += number if left <= 3 else 0
    return of


def total(found: list[Group]) -> Figures:
    """All groups together."""
    return summed(found, lambda g: 0).get(0, Figures())


def summed(found: list[Group], key: Callable[[Group], K]) -> dict[K, Figures]:
    """The groups added up by unit, leader or clock."""
    sums: dict[K, Figures] = {}
    for group in found:
        sums.setdefault(key(group), Figures()).add(group)
    return sums
