"""What a table is planned of: rows of cells, each a measure, a rate or an average."""

from dataclasses import dataclass, field

from xinfang.figures.counting import CountingMeasure


@dataclass(frozen=True)
class RatePlan:
    """One number over another. Its cell shows both, and “—” over nothing."""

    over: tuple[CountingMeasure, ...]
    under: tuple[CountingMeasure, ...]


@dataclass(frozen=True)
class Average:
    """The mean or the median of the days that replies took."""

    of: CountingMeasure
    median: bool = False


CellPlan = CountingMeasure | RatePlan | Average | None
"""What is in a cell; None leaves it empty."""


@dataclass(frozen=True)
class PlanRow:
    """One row.

    `heading` starts a part of the table; `part_of` names the row whose number the rows below it add up to.
    """

    code: str
    label: str
    cells: tuple[CellPlan, ...]
    heading: str = ""
    part_of: str = ""
    listed: bool = True
    """Whether the cases behind it may be listed; of sealed reports only totals are shown (N30)."""


@dataclass(frozen=True)
class TablePlan:
    """One table."""

    code: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[PlanRow, ...]
    notes: tuple[str, ...] = field(default=())
