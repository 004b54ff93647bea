"""Small numbers in what is published or sent.

One to four cases of a small group could point at a person, so they are shown as “<5”. A total could give them away
again: everybody who knows the other parts can subtract. So further parts, and at last the total itself, are covered
with “*” until at least two values remain possible for every covered number.
"""

from collections.abc import Sequence
from dataclasses import replace

from xinfang.figures.tables import Figure, FigureReport, FigureRow, FigureTable, FigureValue

MIN_SHOWN_COUNT = 5
FEW, COVERED = "<5", "*"
UNSUPPRESSED_TABLES = frozenset({"4", "9"})
"""Tables about the whole department's work, which have no parts that point at anybody."""


def _bounds(number: int, mark: str) -> tuple[int, int]:
    """Return what a reader knows of a covered number: the least and the most it can be."""
    return (1, MIN_SHOWN_COUNT - 1) if mark == FEW else (MIN_SHOWN_COUNT, 10**9)


def _is_open(hidden: dict[int, str], parts: Sequence[int], total: int) -> bool:
    """Tell whether a reader who knows the total and the parts that are shown still can't tell any covered part."""
    rest = total - sum(n for place, n in enumerate(parts) if place not in hidden)
    for place, mark in hidden.items():
        low, high = _bounds(parts[place], mark)
        others = [_bounds(parts[p], m) for p, m in hidden.items() if p != place]
        low = max(low, rest - sum(b for _, b in others))
        high = min(high, rest - sum(a for a, _ in others))
        if high <= low:
            return False
    return True


def suppress_parts(parts: Sequence[int], total: int | None) -> tuple[dict[int, str], str]:
    """Return what to show instead of each part (by place), and instead of the total ("" for itself).

    Without a total, each part is judged by itself.
    """
    hidden = {place: FEW for place, n in enumerate(parts) if 0 < n < MIN_SHOWN_COUNT}
    if not hidden:
        return {}, FEW if total is not None and 0 < total < MIN_SHOWN_COUNT else ""
    if total is None:
        return hidden, ""
    if total < MIN_SHOWN_COUNT:
        return hidden, FEW
    rest = sorted((n, place) for place, n in enumerate(parts) if n >= MIN_SHOWN_COUNT)
    while not _is_open(hidden, parts, total):
        if not rest:
            return hidden, COVERED
        hidden[rest.pop(0)[1]] = COVERED
    return hidden, ""


def suppress_report(report: FigureReport) -> FigureReport:
    """Return the report as it may be published or sent.

    Tables 1 to 3 and 5 to 8 have small numbers covered, and what is computed from them.
    """
    tables = tuple(t if t.code in UNSUPPRESSED_TABLES else _table(t) for t in report.tables)
    return replace(report, tables=tables)


def _table(table: FigureTable) -> FigureTable:
    marks: dict[tuple[int, int, int], str] = {}
    groups: dict[str, list[int]] = {}
    places = {row.code: place for place, row in enumerate(table.rows)}
    for place, row in enumerate(table.rows):
        groups.setdefault(row.part_of or f"alone {row.code}", []).append(place)
    # Twice: a total that was covered may itself be a part of another.
    for _ in range(2):
        for of, members in groups.items():
            total_at = places.get(of.removesuffix("-source"))
            for column in range(len(table.columns)):
                for stretch in range(4):
                    _cover(table, marks, members, total_at, column, stretch)
    rows = tuple(
        replace(
            row,
            figures=tuple(
                _figure(f, [marks.get((place, column, s), "") for s in range(4)], _row_is_covered(marks, place))
                if f
                else None
                for column, f in enumerate(row.figures)
            ),
        )
        for place, row in enumerate(table.rows)
    )
    return replace(table, rows=rows)


def _number(row: FigureRow, column: int, stretch: int) -> int | None:
    figure = row.figures[column]
    value = figure.values()[stretch] if figure else None
    return None if value is None or value.is_rate or value.number is None else int(value.number)


def _cover(
    table: FigureTable,
    marks: dict[tuple[int, int, int], str],
    members: list[int],
    total_at: int | None,
    column: int,
    stretch: int,
) -> None:
    known = [(p, n) for p in members if (n := _number(table.rows[p], column, stretch)) is not None]
    total = _number(table.rows[total_at], column, stretch) if total_at is not None else None
    if total_at is not None and (total_at, column, stretch) in marks:
        total = None
    hidden, over = suppress_parts([n for _, n in known], total)
    for place, mark in hidden.items():
        marks.setdefault((known[place][0], column, stretch), mark)
    if over and total_at is not None:
        marks.setdefault((total_at, column, stretch), over)


def _row_is_covered(marks: dict[tuple[int, int, int], str], place: int) -> list[bool]:
    """Tell by stretch of time whether any number of the row is covered.

    Then its rates, and how many people they were, are covered too.
    """
    return [any(p == place and s == stretch for p, _, s in marks) for stretch in range(4)]


def _figure(figure: Figure, marks: list[str], row_covered: list[bool]) -> Figure:
    values: list[FigureValue | None] = []
    # The year so far less the months before gives a covered month away.
    months = bool(marks[0])
    for stretch, value in enumerate(figure.values()):
        mark = marks[stretch]
        if (
            value is not None
            and not mark
            and value.is_rate
            and (row_covered[stretch] or 0 < (value.under or 0) < MIN_SHOWN_COUNT)
        ):
            mark = COVERED
        if value is not None and not mark and stretch == 3 and months and value.number:
            mark = COVERED
        values.append(replace(value, veiled=mark) if value is not None and mark else value)
    now, previous, last_year, to_date = values
    assert now is not None
    return replace(figure, now=now, previous=previous, last_year=last_year, to_date=to_date)
