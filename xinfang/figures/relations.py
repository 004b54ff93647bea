"""What the numbers of a report have to do with each other: which are sums of which, in all tables together.

Readers of a report can add and subtract. So what is covered in one place (`suppression`) must not follow from what
is printed in another: these equations are what a reader knows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xinfang.figures.table_plans import CLOCK_ROWS
from xinfang.figures.tables import FigureReport, FigureTable

Cell = str
"""The code of a figure of this period, such as `1.letter.0`."""


@dataclass(frozen=True)
class Equation:
    """What is printed, times 1 or -1, adds up to nothing; with `rest`, to a number not printed that is none or more.

    Where that number counts cases as well, such as those of a whole that aren't in a part, it is `delicate`: as few of
    them point at a person as of those that are printed.
    """

    terms: Mapping[Cell, int]
    rest: bool = False
    delicate: bool = False


def is_punctuality(code: str) -> bool:
    """Tell whether a figure is about the office's own punctuality, which points at no petitioner."""
    return code.startswith(tuple(f"4.{row}" for row in CLOCK_ROWS))


def printed_counts(report: FigureReport) -> dict[Cell, int]:
    """Return every count of this period; neither rates nor averages."""
    return {
        figure.code: int(figure.now.number)
        for table in report.tables
        for row in table.rows
        for figure in row.figures
        if figure and figure.now.is_count and figure.now.number is not None
    }


def equations(report: FigureReport) -> tuple[Equation, ...]:
    """Return what adds up among the numbers of this period, in a report without sealed reports of wrongdoing."""
    printed = printed_counts(report)
    return tuple(e for e in _all_equations(report) if len(e.terms) > 1 and e.terms.keys() <= printed.keys())


def _sum(whole: Cell, parts: list[Cell]) -> Equation:
    return Equation({whole: -1, **dict.fromkeys(parts, 1)})


def _at_least(more: Cell, *less: Cell, delicate: bool = True) -> Equation:
    return Equation({more: 1, **dict.fromkeys(less, -1)}, rest=True, delicate=delicate)


def _all_equations(report: FigureReport) -> Iterator[Equation]:
    tables = {table.code: table for table in report.tables}
    for table in report.tables:
        yield from _groups(table)
    for code, laws in (("1", _of_totals), ("2", _of_classes), ("5", _of_conclusions)):
        if code in tables:
            yield from laws(tables[code])
    if "7" in tables:
        for row in tables["7"].rows:
            # A limit of a case that has ended may still be due: those aren't a part of what is open.
            yield _at_least(f"7.{row.code}.2", f"7.{row.code}.5")
    if "9" in tables:
        yield _at_least("9.reported.0", "9.completion.0")
    if "8" in tables:
        for end in ("", "-down"):
            yield _at_least(f"8.visitors{end}.0", f"8.visits{end}.0", delicate=False)
            yield _at_least(f"8.visits{end}.0", f"8.days{end}.0", delicate=False)
        settled = {"8.visits.0": 1, "8.visits-down.0": 1, "8.settled.0": -1}
        yield Equation(settled, rest=True, delicate=True)
    # The same number in two tables. What isn't there was not counted.
    yield from (_sum(one, [other]) for one, other in _SAME)
    for column in range(3):
        yield _at_least(f"7.all.{column}", f"8.all.{column}")


_SAME = (
    ("4.new.0", "1.ordinary.0"),
    ("4.open-now.0", "7.all.2"),
    ("3.all.0", "1.ordinary.0"),
    ("7.all.0", "1.ordinary.0"),
    ("9.group.0", "1.group.0"),
    ("9.people.0", "1.group.1"),
    ("1.group.5", "1.group.0"),
    ("1.group.6", "1.group.1"),
    ("7.supervise.0", "7.all.6"),
    ("7.send-back.0", "7.all.8"),
    ("6.rated.0", "6.rated.1"),
    ("6.missed.0", "6.missed.1"),
)


def _groups(table: FigureTable) -> Iterator[Equation]:
    """Yield that the rows of a part add up to the row it is a part of, column by column."""
    parts: dict[str, list[str]] = {}
    for row in table.rows:
        if row.part_of and not is_punctuality(f"{table.code}.{row.code}"):
            parts.setdefault(row.part_of, []).append(row.code)
    for whole, rows in parts.items():
        for column in range(len(table.columns)):
            members = [f"{table.code}.{code}.{column}" for code in rows if table.row(code).figures[column]]
            yield _sum(f"{table.code}.{whole.removesuffix('-source')}.{column}", members)


def _of_totals(table: FigureTable) -> Iterator[Equation]:
    """Yield that a number of cases is that of first and repeated ones, and how many people they are."""
    visits = ("ordinary", "single", "group")
    for row in table.rows:
        cases, people, first, again, _, joint, joint_people = (f"1.{row.code}.{column}" for column in range(7))
        yield _sum(cases, [first, again])
        yield _at_least(people, cases, delicate=False)
        yield _at_least(cases, joint)
        if row.code not in visits and row.part_of == "ordinary":
            # One person each, where not two or more sign together.
            yield Equation({people: 1, joint_people: -1, cases: -1, joint: 1})
    yield _at_least("1.ordinary.0", "1.same-matter.0")


def _of_classes(table: FigureTable) -> Iterator[Equation]:
    for row in table.rows:
        columns = [f"2.{row.code}.{column}" for column in range(1, len(table.columns))]
        yield _sum(f"2.{row.code}.0", columns)
    yield _sum("1.ordinary.0", [f"2.{row.code}.0" for row in table.rows])


def _of_conclusions(table: FigureTable) -> Iterator[Equation]:
    yield _at_least("5.support.0", "5.carried-out.0")
