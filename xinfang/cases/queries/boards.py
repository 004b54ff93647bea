"""What the boards count: the open cases and whatever still has a date, in one pass."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, QuerySet

from xinfang.cases.models import Petition
from xinfang.cases.models.case import NO_DUE_DATE
from xinfang.cases.queries.petition_filter import ENDED_STATE_CODES, OPEN_STATE_CODES
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.compiled_queries import compiled_query
from xinfang.procedure.facts import Actor

K = TypeVar("K")


@dataclass
class BoardCounts:
    """How many are open, pressed, overdue, and due within three and seven days (today included)."""

    open: int = 0
    supervised: int = 0
    late: int = 0
    in_3: int = 0
    in_7: int = 0

    def add(self, group: "BoardGroup") -> None:
        """Add the figures of a group."""
        for name in ("open", "supervised", "late", "in_3", "in_7"):
            setattr(self, name, getattr(self, name) + getattr(group.figures, name))


@dataclass(frozen=True)
class BoardGroup:
    """The cases of one unit, leader and clock; 0 or "" where a case has none."""

    unit: int
    leader: int
    clock: str
    figures: BoardCounts


def board_groups(actor: Actor, day: date) -> list[BoardGroup]:
    """Return all open or dated cases that this person may see, by unit, leader and first clock (2 queries)."""
    found: dict[tuple[int, int, str], BoardCounts] = {}
    # Two questions, because one with "or" would read every case there ever was.
    for _, *key, due, supervised, number in _open(actor):
        of = _add(found, key, due, number, day)
        of.open += number
        of.supervised += number if supervised else 0
    for *key, due, number in _ended(actor):
        _add(found, key, due, number, day)
    return [BoardGroup(*key, figures) for key, figures in found.items()]


_BY = ("handling_unit", "responsible_leader", "next_clock")


@compiled_query
def _open(actor: Actor) -> QuerySet[Any, Any]:
    # In the order of an index: counted as they are read, and nothing sorted.
    by = ("state", *_BY, "next_due", "supervised")
    return _numbers(visible_to(actor).filter(state__in=OPEN_STATE_CODES), by)


@compiled_query
def _ended(actor: Actor) -> QuerySet[Any, Any]:
    ended = visible_to(actor).filter(next_due__lt=NO_DUE_DATE, state__in=ENDED_STATE_CODES)
    return _numbers(ended, (*_BY, "next_due"))


def _numbers(petitions: QuerySet[Petition], by: tuple[str, ...]) -> QuerySet[Any, Any]:
    return petitions.order_by().values_list(*by).annotate(number=Count("pk"))


def _add(
    found: dict[tuple[int, int, str], BoardCounts], key: list[Any], due: date, number: int, day: date
) -> BoardCounts:
    unit, leader, clock = key
    of = found.setdefault((unit or 0, leader or 0, clock), BoardCounts())
    left = (due - day).days
    if left < 0:
        of.late += number
    elif left <= 7:
        of.in_7 += number
        of.in_3 += number if left <= 3 else 0
    return of


def total_counts(found: list[BoardGroup]) -> BoardCounts:
    """Return the sum of all groups."""
    return counts_by(found, lambda g: 0).get(0, BoardCounts())


def counts_by(found: list[BoardGroup], key: Callable[[BoardGroup], K]) -> dict[K, BoardCounts]:
    """Return the groups added up by unit, leader or clock."""
    sums: dict[K, BoardCounts] = {}
    for group in found:
        sums.setdefault(key(group), BoardCounts()).add(group)
    return sums
