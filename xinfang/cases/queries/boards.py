"""What the boards count: the open cases and whatever still has a date, in one pass."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from xinfang.cases.models import Deadline, Petition
from xinfang.cases.queries.due_columns import LISTED_CODES, RUNS, late, something_runs, within
from xinfang.cases.queries.petition_filter import ENDED_STATE_CODES, OPEN_STATE_CODES
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.compiled_queries import compiled_query
from xinfang.procedure.facts import Actor
from xinfang.procedure.timing import is_late, is_within

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
    """The cases of one unit and leader; 0 where a case has none."""

    unit: int
    leader: int
    figures: BoardCounts


def board_groups(actor: Actor, day: date) -> list[BoardGroup]:
    """Return all open or dated cases that this person may see, by unit and leader (2 queries).

    Late and due is a case by the limit that comes first in it.
    """
    found: dict[tuple[int, int], BoardCounts] = {}
    # Two questions, because one with "or" would read every case there ever was.
    for _, unit, leader, _, due, supervised, number in _open(actor):
        of = _add(found, unit, leader, due, number, day)
        of.open += number
        of.supervised += number if supervised else 0
    for unit, leader, _, due, number in _ended(actor):
        _add(found, unit, leader, due, number, day)
    return [BoardGroup(*key, figures) for key, figures in found.items()]


_BY = ("handling_unit", "responsible_leader", "next_clock")


@compiled_query
def _open(actor: Actor) -> QuerySet[Any, Any]:
    # In the order of an index: counted as they are read, and nothing sorted.
    by = ("state", *_BY, "next_due", "supervised")
    return _numbers(visible_to(actor).filter(state__in=OPEN_STATE_CODES), by)


@compiled_query
def _ended(actor: Actor) -> QuerySet[Any, Any]:
    ended = visible_to(actor).filter(something_runs(), state__in=ENDED_STATE_CODES)
    return _numbers(ended, (*_BY, "next_due"))


def _numbers(petitions: QuerySet[Petition], by: tuple[str, ...]) -> QuerySet[Any, Any]:
    return petitions.order_by().values_list(*by).annotate(number=Count("pk"))


def _add(
    found: dict[tuple[int, int], BoardCounts], unit: int | None, leader: int | None, due: date, number: int, day: date
) -> BoardCounts:
    of = found.setdefault((unit or 0, leader or 0), BoardCounts())
    of.late += number if is_late(due, day) else 0
    of.in_7 += number if is_within(due, day, 7) else 0
    of.in_3 += number if is_within(due, day, 3) else 0
    return of


def clock_counts(actor: Actor, day: date) -> dict[str, BoardCounts]:
    """Return the cases that this person may see by each limit that runs in them (1 query).

    Late and due is a case by that very limit: one with several limits is counted with each.
    """
    return {clock: BoardCounts(*numbers) for clock, *numbers in _by_clock(actor, day)}


@compiled_query
def _by_clock(actor: Actor, day: date) -> QuerySet[Any, Any]:
    running = Deadline.objects.filter(RUNS, clock__in=LISTED_CODES)
    seen = running.filter(Exists(visible_to(actor, each=True).filter(pk=OuterRef("petition_id"))))
    open_ones = Q(petition__state__in=OPEN_STATE_CODES)
    wanted = {
        "open": open_ones,
        "supervised": open_ones & Q(petition__supervised=True),
        "late": late(day, "due"),
        "in_3": within(day, 3, "due"),
        "in_7": within(day, 7, "due"),
    }
    numbers = {f"n_{name}": Count("petition_id", distinct=True, filter=fits) for name, fits in wanted.items()}
    return seen.order_by().values("clock").annotate(**numbers).values_list("clock", *numbers)


def total_counts(found: list[BoardGroup]) -> BoardCounts:
    """Return the sum of all groups."""
    return counts_by(found, lambda g: 0).get(0, BoardCounts())


def counts_by(found: list[BoardGroup], key: Callable[[BoardGroup], K]) -> dict[K, BoardCounts]:
    """Return the groups added up by unit or leader."""
    sums: dict[K, BoardCounts] = {}
    for group in found:
        sums.setdefault(key(group), BoardCounts()).add(group)
    return sums
