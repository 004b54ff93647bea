"""The figures of a finished report as they are stored: counted once, printed the same ever after."""

from datetime import date
from typing import Any

from xinfang.figures.periods import parse_period
from xinfang.figures.tables import Figure, FigureReport, FigureRow, FigureTable, FigureValue


def to_json(report: FigureReport) -> dict[str, Any]:
    """Return a report as plain data. A covered number itself isn't in it."""
    return {
        "period": report.period.code,
        "day": report.day.isoformat(),
        "tables": [
            {
                "code": t.code,
                "title": t.title,
                "columns": list(t.columns),
                "notes": list(t.notes),
                "rows": [
                    [r.code, r.label, r.heading, r.part_of, [_figure_to_json(f) if f else None for f in r.figures]]
                    for r in t.rows
                ],
            }
            for t in report.tables
        ],
    }


def from_json(stored: dict[str, Any]) -> FigureReport:
    """Return the report that was stored."""
    tables = tuple(
        FigureTable(
            t["code"],
            t["title"],
            tuple(t["columns"]),
            tuple(
                FigureRow(code, label, tuple(_figure(f) if f else None for f in figures), heading, part_of)
                for code, label, heading, part_of, figures in t["rows"]
            ),
            tuple(t["notes"]),
        )
        for t in stored["tables"]
    )
    return FigureReport(parse_period(stored["period"]), date.fromisoformat(stored["day"]), tables)


def _figure_to_json(figure: Figure) -> list[Any]:
    values = [
        None if v is None else [v.veiled] if v.veiled else ["", v.number, v.over, v.under, v.sample]
        for v in figure.values()
    ]
    return [figure.code, figure.basis, *values]


def _figure(stored: list[Any]) -> Figure:
    code, basis, *values = stored
    now, previous, last_year, to_date = map(_value, values)
    assert now is not None
    return Figure(code, now, previous, last_year, to_date, basis)


def _value(stored: list[Any] | None) -> FigureValue | None:
    if stored is None:
        return None
    if stored[0]:
        return FigureValue(None, veiled=stored[0])
    _, number, over, under, sample = stored
    return FigureValue(number, over, under, sample=sample)
