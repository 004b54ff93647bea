"""The tables with their numbers: this period, the one before, the same of last year, and the year so far.

Plain data: pages, charts, workbooks and reports are made from these tables and count nothing themselves.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import fmean, median

from django.db.models import QuerySet

from xinfang.cases.models import Petition
from xinfang.figures.counting import CountingMeasure, cases_behind_measures, count_measures, handling_days
from xinfang.figures.parallel import count_in_parallel
from xinfang.figures.periods import DayRange, Period
from xinfang.figures.plan_rows import Average, CellPlan, PlanRow, RatePlan, TablePlan
from xinfang.figures.table_plans import TableDimensions, table_plans
from xinfang.procedure.errors import XinfangError

NO_VALUE = "—"
"""Is shown for a rate over nothing, and for a comparison that can't be made."""


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A number, or one over another. `number` is None where there is nothing to divide by (or no reply to measure)."""

    number: float | None
    over: int | None = None
    under: int | None = None
    veiled: str = ""
    """What is shown instead where the number could point at a person (`suppression`)."""
    sample: int | None = None
    """Of how many an average is taken; None if it is none."""

    @property
    def is_rate(self) -> bool:
        """Whether this is a share of another number (`under`)."""
        return self.under is not None

    @property
    def is_count(self) -> bool:
        """Whether this counts something: neither a rate nor an average."""
        return not self.is_rate and self.sample is None

    @property
    def text(self) -> str:
        """What is shown: 1,234, 87.5%, 12.5 or —."""
        if self.veiled or self.number is None:
            return self.veiled or NO_VALUE
        if self.is_rate:
            return f"{self.number * 100:.1f}%"
        return f"{self.number:,.0f}" if float(self.number).is_integer() else f"{self.number:,.1f}"

    @property
    def of(self) -> str:
        """7/8: the two numbers of a rate."""
        return f"{self.over}/{self.under}" if self.under and not self.veiled else ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell over four stretches of time; a stock of today has only `now`."""

    code: str
    now: FigureValue
    previous: FigureValue | None = None
    last_year: FigureValue | None = None
    to_date: FigureValue | None = None
    basis: str = ""
    listed: bool = False
    made_of: tuple[str, ...] = ()
    """The codes of the counts that a rate is made of."""

    @property
    def change(self) -> str:
        """环比: against the period before."""
        return change_text(self.now, self.previous)

    @property
    def yearly(self) -> str:
        """同比: against the same period of last year."""
        return change_text(self.now, self.last_year)

    def values(self) -> tuple[FigureValue | None, ...]:
        """Return its four values: now, previous period, last year, year so far."""
        return (self.now, self.previous, self.last_year, self.to_date)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row; an empty cell is None."""

    code: str
    label: str
    figures: tuple[Figure | None, ...]
    heading: str = ""
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """One table; every row has as many figures as there are columns."""

    code: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    notes: tuple[str, ...]

    @property
    def counted_by(self) -> str:
        """What its columns or rows count by."""
        return counted_by(self.columns, self.rows)

    def row(self, code: str) -> FigureRow:
        """Return the row with this code.

        Raises:
            StopIteration: there is none.
        """
        return next(r for r in self.rows if r.code == code)

    def figure(self, row: str, column: int = 0) -> Figure:
        """Return a cell that isn't empty.

        Raises:
            StopIteration: there is no such row.
            AssertionError: the cell is empty.
        """
        found = self.row(row).figures[column]
        assert found is not None
        return found


def counted_by(columns: Sequence[str], rows: Sequence[FigureRow]) -> str:
    """Return what each column, or each row, counts by: “本期收到”按收到日期统计；“在办”为统计当日尚未办结的."""
    first = next(([f.basis for f in row.figures if f] for row in rows if all(row.figures)), [])
    if len(set(first)) > 1:
        named = _spans(list(zip(columns, first, strict=True)))
        of_rows = [(r.label, f.basis) for r in rows if (f := r.figures[0]) and f.basis != first[0]]
        return "；".join([*named, *_spans(of_rows)])
    return "；".join(_spans([(row.label, f.basis) for row in rows if (f := row.figures[0])]))


def _spans(counted: list[tuple[str, str]]) -> list[str]:
    """Return from which to which each basis holds; the basis alone where there is only one."""
    spans = [(basis, [name for name, _ in group]) for basis, group in groupby(counted, key=lambda one: one[1])]
    if len({basis for basis, _ in spans}) == 1 and not spans[0][0].startswith("为"):
        return [spans[0][0]]
    return [
        f"“{names[0]}”{f'至“{names[-1]}”' if len(names) > 1 else ''}{'各项' if len(names) > 1 else ''}{basis}"
        for basis, names in spans
    ]


@dataclass(frozen=True, slots=True)
class FigureReport:
    """All tables of a period, as counted on a day."""

    period: Period
    day: date
    tables: tuple[FigureTable, ...]

    def table(self, code: str) -> FigureTable:
        """Return the table with this code.

        Raises:
            StopIteration: it wasn't counted.
        """
        return next(t for t in self.tables if t.code == code)

    @property
    def unfinished(self) -> bool:
        """Whether the period goes on: then it has fewer days than what it is compared with."""
        return self.day <= self.period.days.last


def change_text(now: FigureValue, before: FigureValue | None) -> str:
    """Return +12.5%, −3.0个百分点 between two rates, or — where there is nothing to compare with."""
    if before is None or now.number is None or before.number is None or now.veiled or before.veiled:
        return NO_VALUE
    if now.is_rate:
        return _signed((now.number - before.number) * 100, "个百分点")
    return _signed((now.number - before.number) / before.number * 100, "%") if before.number else NO_VALUE


def _signed(number: float, unit: str) -> str:
    rounded = round(number, 1) + 0.0
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded):.1f}{unit}"


@dataclass(frozen=True)
class _Counts:
    """What was counted in one stretch of time."""

    numbers: Mapping[CountingMeasure, int]
    middles: Mapping[CountingMeasure, list[int]]

    def value(self, asked: CellPlan) -> FigureValue | None:
        if asked is None:
            return None
        if isinstance(asked, RatePlan):
            over, under = (sum(self.numbers[m] for m in side) for side in (asked.over, asked.under))
            return FigureValue(over / under if under else None, over, under)
        if isinstance(asked, Average):
            days = self.middles[asked.of]
            middle = (median(days) if asked.median else fmean(days)) if days else None
            return FigureValue(middle, sample=len(days))
        return FigureValue(self.numbers[asked])


def _measures(asked: CellPlan) -> tuple[CountingMeasure, ...]:
    if asked is None:
        return ()
    if isinstance(asked, RatePlan):
        return tuple(dict.fromkeys((*asked.over, *asked.under)))
    return (asked.of,) if isinstance(asked, Average) else (asked,)


def _cells(planned: tuple[TablePlan, ...]) -> Iterator[tuple[TablePlan, PlanRow, int, CellPlan]]:
    for plan in planned:
        for row in plan.rows:
            for column, asked in enumerate(row.cells):
                yield plan, row, column, asked


def _is_now(asked: CellPlan) -> bool:
    return any(m.basis.now for m in _measures(asked))


def _count(every: Iterable[CellPlan], days: DayRange) -> _Counts:
    every = list(every)
    plain = dict.fromkeys(m for asked in every if not isinstance(asked, Average) for m in _measures(asked))
    coded = {str(place): measure for place, measure in enumerate(plain)}
    numbers = count_measures(coded, days)
    middles = {asked.of: handling_days(asked.of, days) for asked in every if isinstance(asked, Average)}
    return _Counts({measure: numbers[code] for code, measure in coded.items()}, middles)


def figure_report(
    period: Period, today: date, only: str = "", *, printed: bool = False, inside: bool = True
) -> FigureReport:
    """Return the tables of a period as they are today; `only` counts one table.

    What isn't for use `inside` has no report of wrongdoing in any number, and names nobody.

    About a dozen queries for each stretch of time. With `printed` nothing is counted that a paper doesn't show: it
    compares tables of one column, of the others the first, and so do its charts.
    """
    plans = table_plans(TableDimensions.read(), today, inside=inside)
    planned = tuple(p for p in plans if only in ("", p.code))
    stretches = (period.days, period.previous.days, period.last_year.days, period.year_to_date)

    def wanted(plan: TablePlan, column: int, asked: CellPlan, place: int) -> bool:
        return place == 0 or not (_is_now(asked) or (printed and column and len(plan.columns) > 1))

    def count(days: DayRange) -> _Counts:
        places = [place for place, stretch in enumerate(stretches) if stretch == days]
        cells = _cells(planned)
        return _count((a for plan, _, column, a in cells if any(wanted(plan, column, a, p) for p in places)), days)

    # The longest first, so that no thread waits for it at the end.
    apart = sorted(dict.fromkeys(stretches), key=lambda days: days.first - days.last)
    counts = dict(zip(apart, count_in_parallel(count, apart), strict=True))
    printed_as: dict[CountingMeasure, str] = {}
    for plan, row, column, asked in _cells(planned):
        if isinstance(asked, CountingMeasure):
            printed_as.setdefault(asked, f"{plan.code}.{row.code}.{column}")

    def figure(plan: TablePlan, row: PlanRow, column: int, asked: CellPlan) -> Figure | None:
        if asked is None:
            return None
        now, previous, last_year, to_date = (
            counts[days].value(asked) if wanted(plan, column, asked, place) else None
            for place, days in enumerate(stretches)
        )
        assert now is not None
        basis = "；".join(dict.fromkeys(m.basis.words for m in _measures(asked)))
        made_of = tuple(printed_as[m] for m in _measures(asked)) if isinstance(asked, RatePlan) else ()
        code = f"{plan.code}.{row.code}.{column}"
        return Figure(code, now, previous, last_year, to_date, basis, row.listed, made_of)

    return FigureReport(period, today, tuple(_table(plan, figure) for plan in planned))


def _table(plan: TablePlan, figure: Callable[[TablePlan, PlanRow, int, CellPlan], Figure | None]) -> FigureTable:
    rows = tuple(
        FigureRow(
            row.code,
            row.label,
            tuple(figure(plan, row, column, asked) for column, asked in enumerate(row.cells)),
            row.heading,
            row.part_of,
        )
        for row in plan.rows
    )
    return FigureTable(plan.code, plan.title, plan.columns, rows, plan.notes)


@dataclass(frozen=True)
class CaseDrilldown:
    """The cases behind one number, and the words for it. For a rate, `of` its denominator."""

    title: str
    basis: str
    cases: QuerySet[Petition]


class NoFigure(XinfangError, LookupError):
    """No table has such a cell, or its cases are not listed."""


def cases_behind(code: str, days: DayRange, today: date, *, missing: bool = False) -> CaseDrilldown:
    """Return the cases behind a cell, visible or not; with `missing`, those of a rate's denominator.

    Raises:
        NoFigure: there is no such cell, or its cases aren't listed.
    """
    for plan, row, column, asked in _cells(table_plans(TableDimensions.read(), today)):
        if f"{plan.code}.{row.code}.{column}" != code:
            continue
        if asked is None or not row.listed:
            raise NoFigure(code)
        measures = (asked.under if missing else asked.over) if isinstance(asked, RatePlan) else _measures(asked)
        words = row.label if len(plan.columns) == 1 else f"{row.label}·{plan.columns[column]}"
        basis = "；".join(dict.fromkeys(m.basis.words for m in measures))
        return CaseDrilldown(f"{plan.title.split('　')[0]}　{words}", basis, cases_behind_measures(measures, days))
    raise NoFigure(code)
