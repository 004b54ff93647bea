"""The board of supervision: what is owed by whom, read from the kept grounds by an index."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from xinfang.cases.models import Deadline
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import COUNTS_SUPERVISION, IS_SUPERVISED, SUPERVISES
from xinfang.supervision.models import SupervisionGroundRow

CURSOR_FIELDS = ("since", "id")


@dataclass(frozen=True)
class BoardFilter:
    """Which grounds are wanted; an empty field doesn't narrow. `office`: those that the office itself owes."""

    ground: str = ""
    unit: int | None = None
    office: bool = False


def cases_with_grounds(actor: Actor, day: date) -> QuerySet[SupervisionGroundRow]:
    """Return the grounds that hold on this day in cases this person may see.

    The head of a unit sees what their own unit owes.
    """
    # Asked of each ground found, and not of all cases there are.
    seen = Exists(visible_to(actor, each=True).filter(pk=OuterRef("petition_id")))
    rows = SupervisionGroundRow.objects.filter(since__lte=day).filter(seen)
    if actor.has(*SUPERVISES):
        return rows
    return rows.filter(unit__code__in=actor.units(*IS_SUPERVISED))


def filtered_board(rows: QuerySet[SupervisionGroundRow], only: BoardFilter) -> QuerySet[SupervisionGroundRow]:
    """Return the rows that the filter asks for."""
    if only.ground:
        rows = rows.filter(ground=only.ground)
    if only.office:
        return rows.filter(unit=None)
    return rows.filter(unit=only.unit) if only.unit else rows


def count_grounds(actor: Actor, day: date) -> dict[tuple[str, int], int]:
    """Return how many grounds of each kind each unit has, 0 for the office (1 query).

    The auditor counts all and sees no case.
    """
    counts_all = actor.has(*COUNTS_SUPERVISION) and not actor.has(*SUPERVISES, *IS_SUPERVISED)
    rows = SupervisionGroundRow.objects.filter(since__lte=day) if counts_all else cases_with_grounds(actor, day)
    counted = rows.order_by().values_list("ground", "unit").annotate(number=Count("pk"))
    return {(ground, unit or 0): number for ground, unit, number in counted}


def board_rows(rows: QuerySet[SupervisionGroundRow]) -> QuerySet[SupervisionGroundRow]:
    """Add what a row of the board shows, and only that."""
    wanted = ("number", "subject", "state", "supervised", "sealed", "handling_unit", "handler")
    return rows.select_related("unit", "petition__handling_unit", "petition__handler").only(
        "ground", "began", "since", "due", "clock", "unit__code", "unit__name",
        *(f"petition__{name}" for name in wanted),
        "petition__handling_unit__code", "petition__handling_unit__name", "petition__handler__name",
    )  # fmt: skip


def last_supervised(petition_pks: Iterable[int]) -> dict[int, Deadline]:
    """Return the latest supervision of each of these cases (1 query).

    It says since when, until when, and when it was answered.
    """
    runs = Deadline.objects.filter(petition_id__in=list(petition_pks), clock="supervision").order_by("occurrence")
    return {run.petition_id: run for run in runs}
