"""Small numbers in what is published or sent.

One to four cases of a small group could point at a person, so “*” is shown instead. What else is printed could give
them away again: the total and the other parts, the same number in another table, a rate. So further numbers are
covered, over all tables of a report together, until nobody who adds and subtracts what is printed (`relations`) gets
at a covered one.
All are covered alike: “<5” would tell too much where everything around it is small as well. The figures of the office's
own punctuality stay: they point at no petitioner.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from xinfang.figures.periods import Period
from xinfang.figures.relations import Cell, Equation, equations, is_punctuality, printed_counts
from xinfang.figures.tables import Figure, FigureReport, FigureTable, FigureValue, figure_report

MIN_SHOWN_COUNT = 5
COVERED = "*"
RECEIVED = "1.ordinary.0"
TOTAL = (RECEIVED, "3.all.0", "4.new.0", "7.all.0")
_MOST = 10**9
_MAX_ROUNDS = 30
"""Rounds of narrowing what a covered number may be; each uses what the others have become."""
_PRIME = 2**61 - 1
"""Equations are solved modulo this: exact for sums of sums, and fast."""


def is_small(number: int) -> bool:
    """Tell whether so few could point at a person."""
    return 0 < number < MIN_SHOWN_COUNT


def published_report(period: Period, today: date, *, printed: bool = False) -> FigureReport:
    """Return the tables as they may be published or sent: without sealed reports (N30), small numbers covered."""
    return suppress_report(figure_report(period, today, printed=printed, inside=False))


def suppress_report(report: FigureReport) -> FigureReport:
    """Return a report that has no sealed reports in it with its small numbers covered.

    Only its own period is in it, and how much came in before: a number that two reports print would have to be covered
    alike in both.
    """
    printed = printed_counts(report)
    covered = cover(printed, equations(report), set(filter(is_punctuality, printed)))
    return replace(report, tables=tuple(_table(table, covered) for table in report.tables))


def cover(printed: Mapping[Cell, int], known: Iterable[Equation], shown: set[Cell]) -> set[Cell]:
    """Return the numbers to cover; `shown` are never covered, and in no equation.

    It ends at the latest when all numbers that have to do with each other are covered: any multiple of theirs is
    possible then.
    """
    covered = {cell for cell, number in printed.items() if is_small(number) and cell not in shown}
    reader = _Reader(printed, known)
    while exposed := reader.finds_out(covered):
        more: set[Cell] = set()
        for cell in exposed:
            # What was covered for another may have helped this one too: asked again in the next round.
            if not more & reader.beside(cell):
                more |= reader.same_as(reader.next_to_cover(cell, covered | shown))
        covered |= more
    return covered


@dataclass(frozen=True)
class _Sum:
    """What somebody knows of numbers that they don't see: times a few of them add up to `total`."""

    terms: dict[Cell, int]
    total: int


class _Reader:
    """Somebody who knows all equations and what is printed, and works out the rest."""

    def __init__(self, printed: Mapping[Cell, int], known: Iterable[Equation]) -> None:
        self.numbers: dict[Cell, int] = dict(printed)
        self.rests: set[Cell] = set()
        self.delicate: set[Cell] = set()
        self.sums: list[dict[Cell, int]] = []
        self.of: dict[Cell, list[int]] = defaultdict(list)
        for place, equation in enumerate(known):
            terms = dict(equation.terms)
            if equation.rest:
                rest = f"rest {place}"
                self.numbers[rest] = sum(times * printed[cell] for cell, times in terms.items())
                self.rests.add(rest)
                if equation.delicate and is_small(self.numbers[rest]):
                    self.delicate.add(rest)
                terms[rest] = -1
            if sum(times * self.numbers[cell] for cell, times in terms.items()):
                continue
            # None is always printed: what it is added to is the same number with and without it.
            terms = {cell: times for cell, times in terms.items() if self.numbers[cell] or cell in self.rests}
            for cell in terms:
                self.of[cell].append(len(self.sums))
            self.sums.append(terms)

    def same_as(self, cell: Cell) -> set[Cell]:
        """Return the cells in which this number is printed."""
        found, left = {cell}, [cell]
        while left:
            for place in self.of[left.pop()]:
                terms = self.sums[place]
                if len(terms) == 2 and not self.rests & terms.keys() and sum(terms.values()) == 0:
                    left += terms.keys() - found
                    found |= terms.keys()
        return found

    def finds_out(self, covered: set[Cell]) -> list[Cell]:
        """Return the covered numbers, and small ones not printed, that have only one possible value left, in order."""
        hidden = covered | self.rests
        sums = [found for terms in self.sums if (found := self._unseen(terms, hidden)).terms]
        return self._known(sums, covered) or self._known([*sums, *_solved(sums)], covered)

    def _unseen(self, terms: dict[Cell, int], hidden: set[Cell]) -> _Sum:
        seen = sum(times * self.numbers[cell] for cell, times in terms.items() if cell not in hidden)
        return _Sum({cell: times for cell, times in terms.items() if cell in hidden}, -seen)

    def _known(self, sums: list[_Sum], covered: set[Cell]) -> list[Cell]:
        # Where there is none it is printed: what is covered is one or more.
        low = dict.fromkeys(covered, 1) | dict.fromkeys(self.rests, 0)
        high = dict.fromkeys(low, _MOST)
        for _ in range(_MAX_ROUNDS):
            narrowed = [_narrow(one, low, high) for one in sums]
            if not any(narrowed):
                break
        return sorted(cell for cell in covered | self.delicate if low[cell] == high[cell])

    def beside(self, cell: Cell) -> set[Cell]:
        """Return the cells that are in an equation with this one, and itself."""
        return {other for place in self.of[cell] for other in self.sums[place]}

    def next_to_cover(self, exposed: Cell, kept: set[Cell]) -> Cell:
        """Return the smallest number that is still printed beside an exposed one; if there is none, beside its like.

        The total goes only where nothing else helps.
        `kept` are covered already or stay as they are.

        Raises:
            LookupError: there is none, which can't be (`cover`).
        """
        kept = kept | self.rests
        for spared in (kept | {cell for cell in self.numbers if cell in TOTAL}, kept):
            near, asked = [exposed], {exposed}
            while near:
                beside = {cell for one in near for cell in self.beside(one)}
                if free := beside - spared:
                    return min(free, key=lambda cell: (self.numbers[cell], cell))
                near = sorted((beside & kept) - asked)
                asked |= beside
        raise LookupError(exposed)


def _narrow(one: _Sum, low: dict[Cell, int], high: dict[Cell, int]) -> bool:
    """Narrow what each number of a sum may be by what the others may be; tell whether that changed anything."""
    least = {cell: times * (low if times > 0 else high)[cell] for cell, times in one.terms.items()}
    most = {cell: times * (high if times > 0 else low)[cell] for cell, times in one.terms.items()}
    all_least, all_most = sum(least.values()), sum(most.values())
    changed = False
    for cell, times in one.terms.items():
        ends = one.total - (all_most - most[cell]), one.total - (all_least - least[cell])
        a, b = (ends[0], ends[1]) if times > 0 else (-ends[1], -ends[0])
        a, b = -(-a // abs(times)), b // abs(times)
        if a > low[cell]:
            low[cell], changed = a, True
        if b < high[cell]:
            high[cell], changed = b, True
    return changed


def _solved(sums: Iterable[_Sum]) -> list[_Sum]:
    """Return the sums solved for as many numbers as can be: what follows from several of them together."""
    rows: dict[Cell, tuple[dict[Cell, int], int]] = {}
    for one in sums:
        terms, total = dict(one.terms), one.total
        for cell in list(terms):
            if cell in rows and cell in terms:
                terms, total = _less(terms, total, terms[cell], rows[cell])
        if not terms:
            continue
        first = min(terms)
        by = pow(terms[first], -1, _PRIME)
        solved = {cell: times * by % _PRIME for cell, times in terms.items()}, total * by % _PRIME
        for cell, row in rows.items():
            if first in row[0]:
                rows[cell] = _less(*row, row[0][first], solved)
        rows[first] = solved
    return [found for terms, total in rows.values() if (found := _whole(terms, total))]


def _less(
    terms: dict[Cell, int], total: int, times: int, other: tuple[dict[Cell, int], int]
) -> tuple[dict[Cell, int], int]:
    """Return an equation less some times another."""
    found = dict(terms)
    for cell, by in other[0].items():
        left = (found.get(cell, 0) - times * by) % _PRIME
        if left:
            found[cell] = left
        else:
            found.pop(cell, None)
    return found, (total - times * other[1]) % _PRIME


def _whole(terms: dict[Cell, int], total: int) -> _Sum | None:
    """Return a solved sum in whole numbers again; None if they are fractions."""
    signed = {cell: times if times < _PRIME // 2 else times - _PRIME for cell, times in terms.items()}
    if any(abs(times) > 1000 for times in signed.values()):
        return None
    return _Sum(signed, total if total < _PRIME // 2 else total - _PRIME)


def _table(table: FigureTable, covered: set[Cell]) -> FigureTable:
    return replace(
        table,
        rows=tuple(
            replace(row, figures=tuple(_figure(f, covered) if f else None for f in row.figures)) for row in table.rows
        ),
    )


def _figure(figure: Figure, covered: set[Cell]) -> Figure:
    now = figure.now
    if is_punctuality(figure.code):
        hidden = False
    elif now.is_count:
        hidden = figure.code in covered
    elif now.is_rate:
        hidden = any(code in covered for code in figure.made_of)
    else:
        hidden = is_small(now.sample or 0)
    before = (figure.previous, figure.last_year) if figure.code == RECEIVED else (None, None)
    previous, last_year = (_covered(v, is_small(int(v.number or 0))) if v else None for v in before)
    return replace(figure, now=_covered(now, hidden), previous=previous, last_year=last_year, to_date=None)


def _covered(value: FigureValue, hidden: bool) -> FigureValue:
    return replace(value, veiled=COVERED) if hidden else value
