"""Small numbers in what is published or sent can't be worked out again from anything else that is printed."""

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures.population import TODAY, populate
from tests.world import make_department
from xinfang.categories.actions import add_starter_categories
from xinfang.figures.periods import Period, Span
from xinfang.figures.relations import Cell, Equation, equations, is_punctuality, printed_counts
from xinfang.figures.suppression import cover, is_small, suppress_report
from xinfang.figures.tables import FigureReport, figure_report

ENDLESS = 10**6


def sum_of(parts: list[int]) -> tuple[dict[Cell, int], list[Equation]]:
    """A total and its parts."""
    cells: dict[Cell, int] = {f"1.{place}.0": n for place, n in enumerate(parts)}
    equation = Equation({"1.total.0": -1, **dict.fromkeys(cells, 1)})
    return cells | {"1.total.0": sum(parts)}, [equation]


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([5, 0, 20], "5 0 20 25"),
        ([2, 9, 30], "* * 30 41"),
        ([3, 0], "* 0 *"),
        ([1, 1, 20, 30], "* * * 30 52"),
        ([2, 3, 20], "* * 20 25"),
        ([4, 20, 30], "* * 30 54"),
    ],
)
def test_a_total_and_its_parts(parts: list[int], shown: str) -> None:
    printed, known = sum_of(parts)
    covered = cover(printed, known, set())
    assert ["*" if cell in covered else str(n) for cell, n in printed.items()] == shown.split()


def test_the_same_number_is_covered_wherever_it_is_printed() -> None:
    printed, known = sum_of([2, 9, 30])
    printed |= {"3.other.0": 9}
    covered = cover(printed, [*known, Equation({"3.other.0": 1, "1.1.0": -1})], set())
    assert {"3.other.0", "1.1.0"} <= covered


def test_where_all_is_small_nothing_follows() -> None:
    printed = {"a": 2, "b": 2, "c": 4, "d": 1, "e": 1}
    known = [Equation({"c": -1, "a": 1, "b": 1}), Equation({"a": -1, "d": 1, "e": 1})]
    assert found_out(printed, known, cover(printed, known, set())) == []


@settings(max_examples=150)
@given(st.lists(st.integers(0, 14), min_size=1, max_size=5))
def test_every_covered_number_of_a_sum_could_be_another(parts: list[int]) -> None:
    printed, known = sum_of(parts)
    assert found_out(printed, known, cover(printed, known, set())) == []


# --- the attack ---------------------------------------------------------------------------------------------------
def found_out(printed: dict[Cell, int], known: Iterable[Equation], covered: set[Cell]) -> list[Cell]:
    """The covered numbers of which somebody who adds and subtracts what is printed finds the one possible value,
    and the small ones that aren't printed but follow: 14 supported less 10 carried out.

    By eliminating one unknown after the other in fractions, and by what each can be at least and at most.
    """
    low, high = dict.fromkeys(covered, Fraction(1)), dict.fromkeys(covered, Fraction(ENDLESS))
    rows: list[tuple[dict[Cell, Fraction], Fraction]] = []
    guarded = set(covered)
    for place, equation in enumerate(known):
        row = {cell: Fraction(times) for cell, times in equation.terms.items() if cell in covered}
        seen = sum(Fraction(times) * printed[cell] for cell, times in equation.terms.items() if cell not in covered)
        if equation.rest:
            rest = f"not printed {place}"
            row[rest], low[rest], high[rest] = Fraction(-1), Fraction(0), Fraction(ENDLESS)
            number = sum(times * printed[cell] for cell, times in equation.terms.items())
            if equation.delicate and is_small(number):
                guarded.add(rest)
        rows.append((row, -seen))
    unsolved, solved = list(rows), []
    while unsolved:
        row, total = unsolved.pop()
        if not row:
            continue
        pivot = max(row)
        one = {cell: times / row[pivot] for cell, times in row.items()}, total / row[pivot]
        unsolved = [less(r, one, pivot) for r in unsolved]
        solved = [less(r, one, pivot) for r in solved] + [one]
    for _ in range(40):
        before = (dict(low), dict(high))
        for row, total in [*rows, *solved]:
            for cell, times in row.items():
                others = [sorted((t * low[c], t * high[c])) for c, t in row.items() if c != cell]
                ends = sorted((total - sum(o[place] for o in others)) / times for place in (0, 1))
                low[cell], high[cell] = max(low[cell], ends[0]), min(high[cell], ends[1])
        if before == (low, high):
            break
    return sorted(c for c in guarded if high[c] - low[c] < 1)


def less(row, other, pivot):
    """A row without the unknown that another is solved for."""
    times = row[0].get(pivot)
    if not times:
        return row
    cells = {c: row[0].get(c, 0) - times * other[0].get(c, 0) for c in {*row[0], *other[0]}}
    return {c: t for c, t in cells.items() if t}, row[1] - times * other[1]


@pytest.fixture
def department(db) -> None:
    make_department()
    add_starter_categories()


def veiled(report: FigureReport) -> set[Cell]:
    return {f.code for table in report.tables for row in table.rows for f in row.figures if f and f.now.veiled}


@pytest.mark.parametrize("seed", range(8))
def test_nobody_gets_at_a_covered_number_of_a_small_department(department, seed: int) -> None:
    """All tables of a report together, for populations of a few petitions to a few dozen."""
    random = Random(seed)
    populate(random, random.choice((6, 15, 30, 60)), TODAY - timedelta(300))
    period = (Period(Span.MONTH, 2026, 2), Period(Span.QUARTER, 2026, 2), Period(Span.YEAR, 2026))[seed % 3]
    counted = figure_report(period, TODAY, printed=seed % 2 == 0, inside=False)
    printed, covered = printed_counts(counted), veiled(suppress_report(counted))
    known = equations(counted)
    for equation in known:
        left = sum(times * printed[cell] for cell, times in equation.terms.items())
        assert left >= 0 if equation.rest else left == 0, equation
    small = {cell for cell, n in printed.items() if is_small(n) and not is_punctuality(cell)}
    assert small and small <= covered
    assert found_out(printed, known, covered & printed.keys()) == []
    # A rate is no way round it.
    for figure in (f for table in counted.tables for row in table.rows for f in row.figures if f and f.made_of):
        if not is_punctuality(figure.code) and covered & set(figure.made_of):
            assert figure.code in covered


def test_numbers_that_are_always_equal_are_known_to_be(department) -> None:
    """The equations that suppression knows are all there are, as far as two numbers go."""
    populate(Random(1), 260)
    seen: dict[str, list[int]] = {}
    for month in range(1, 11):
        counted = figure_report(Period(Span.MONTH, 2026, month), TODAY, inside=False)
        printed = printed_counts(counted)
        for code, number in printed.items():
            if not is_punctuality(code):
                seen.setdefault(code, []).append(number)
    same = known_as_equal(counted, printed)
    alike: dict[tuple[int, ...], list[str]] = {}
    for code, numbers in seen.items():
        # Those of today are the same each time, which tells too little.
        if len(set(numbers)) > 4:
            alike.setdefault(tuple(numbers), []).append(code)
    unknown = [codes for codes in alike.values() if len({same[code] for code in codes}) > 1]
    assert len(seen) > 200 and len(alike) > 50 and unknown == []


def known_as_equal(counted: FigureReport, printed: dict[Cell, int]) -> dict[str, str]:
    """By figure the first of those that are the same number."""
    first = {code: code for code in printed}
    for equation in equations(counted):
        if len(equation.terms) == 2 and not equation.rest:
            old, new = (first[code] for code in equation.terms)
            first = {code: new if name == old else name for code, name in first.items()}
    # No purpose is known before the class is: all of the others are none.
    return first | {"2.none.7": first["2.none.0"]}
