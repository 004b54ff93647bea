"""The tables as an Excel workbook, laid out as on the screen: every cell is text or a number, never a formula."""

import io
from collections.abc import Iterator, Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xinfang.figures.suppression import COVERED
from xinfang.figures.tables import NO_VALUE, FigureReport, FigureRow, FigureTable, FigureValue
from xinfang.figures.versions import ReportVersion

ITEM, FRACTION = "项目", "分子/分母"
HEAD = (ITEM, "本期", FRACTION)
COMPARED = ("上期", "环比", "去年同期", "同比", "年累计")
"""Behind them for the department's leaders; what is published tells only of its own period."""
COMPARISON = "比较"
"""The name of the sheet in which every cell of a wide table is beside earlier ones."""
_FIRST_ROW = 3
_WIDEST_NAME = 31
"""As many letters a sheet's name may have."""
_ON_ONE_SHEET_WIDE = 9
A4 = 9

Cell = str | FigureValue | None


def workbook_of(report: FigureReport, version: ReportVersion) -> bytes:
    """Return all tables of a version of a report as an Excel file, in the order of the report.

    A table has the columns of the screen, so that it can be copied into the form of another office. What a rate is made
    of is behind them; a table of several columns has a sheet more, where each of its cells is beside earlier ones.
    """
    book = io.BytesIO()
    with Workbook(book, {"in_memory": True}) as workbook:
        styles = _styles(workbook)
        for table in report.tables:
            name = table.title.replace("　", " ")
            if len(table.columns) == 1:
                _sheet(workbook, name, table, report, version, styles, *_compared(table, version))
                continue
            _sheet(workbook, name, table, report, version, styles, *_as_on_the_screen(table))
            if version is ReportVersion.INTERNAL:
                _sheet(workbook, f"{name} {COMPARISON}", table, report, version, styles, *_compared(table, version))
    return book.getvalue()


def _styles(workbook: Workbook) -> dict[str, Format]:
    framed = {"border": 1, "valign": "vcenter"}
    number = {**framed, "align": "right"}
    return {
        "title": workbook.add_format({"bold": True, "font_size": 14}),
        "head": workbook.add_format({**framed, "bold": True, "text_wrap": True, "align": "center"}),
        "part": workbook.add_format({**framed, "bold": True, "bg_color": "#F3F4F6"}),
        "label": workbook.add_format({**framed, "text_wrap": True}),
        "inner": workbook.add_format({**framed, "text_wrap": True, "indent": 1}),
        "number": workbook.add_format({**number, "num_format": "#,##0.##"}),
        "whole": workbook.add_format({**number, "num_format": "#,##0"}),
        "rate": workbook.add_format({**number, "num_format": "0.0%"}),
        "text": workbook.add_format(number),
        "note": workbook.add_format({"font_color": "#4B5563"}),
    }


Lines = Iterator[tuple[FigureRow, str, list[Cell]]]
"""Rows of a sheet: the row of the table, its name and what is in it."""


def _as_on_the_screen(table: FigureTable) -> tuple[tuple[str, ...], Lines]:
    """Return the heads and rows of a table of several columns: this period, and behind it what rates are made of."""
    rates = [
        place
        for place in range(len(table.columns))
        if any(figure.now.is_rate for row in table.rows if (figure := row.figures[place]))
    ]
    heads = (ITEM, *table.columns, *(f"{table.columns[place]}（{FRACTION}）" for place in rates))

    def lines() -> Lines:
        for row in table.rows:
            now = [figure.now if figure else None for figure in row.figures]
            made_of = [value.of if (value := now[place]) else "" for place in rates]
            yield row, row.label, [*now, *made_of]

    return heads, lines()


def _compared(table: FigureTable, version: ReportVersion) -> tuple[tuple[str, ...], Lines]:
    """Return the heads and rows of a table with each cell on a row of its own, for leaders beside earlier ones."""
    inside = version is ReportVersion.INTERNAL

    def lines() -> Lines:
        for row in table.rows:
            for name, figure in zip(table.columns, row.figures, strict=True):
                if figure is None:
                    continue
                cells: list[Cell] = [figure.now, figure.now.of]
                if inside:
                    cells += [figure.previous, figure.change, figure.last_year, figure.yearly, figure.to_date]
                yield row, row.label if len(table.columns) == 1 else f"{row.label}·{name}", cells

    return (*HEAD, *COMPARED) if inside else HEAD, lines()


def _sheet(
    workbook: Workbook,
    name: str,
    table: FigureTable,
    report: FigureReport,
    version: ReportVersion,
    styles: dict[str, Format],
    heads: Sequence[str],
    lines: Lines,
) -> None:
    sheet = workbook.add_worksheet(name[:_WIDEST_NAME])
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, len(heads) - 1, 13)
    sheet.write_string(0, 0, f"{table.title}（{report.period.label}，{version.label}）", styles["title"])
    for column, head in enumerate(heads):
        sheet.write_string(_FIRST_ROW - 1, column, head, styles["head"])
    sheet.freeze_panes(_FIRST_ROW, 1)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST_ROW - 1)
    if len(heads) >= _ON_ONE_SHEET_WIDE or len(table.columns) > 1:
        sheet.set_landscape()
    at, part = _FIRST_ROW, ""
    for row, label, cells in lines:
        if row.heading and row.heading != part:
            part = row.heading
            for column in range(len(heads)):
                sheet.write_string(at, column, "" if column else part, styles["part"])
            at += 1
        sheet.write_string(at, 0, label, styles["inner" if row.part_of else "label"])
        for column, cell in enumerate(cells, 1):
            _write(sheet, at, column, cell, styles)
        at += 1
    for place, note in enumerate(_notes(table, report, version)):
        sheet.write_string(at + 1 + place, 0, note, styles["note"])


def _notes(table: FigureTable, report: FigureReport, version: ReportVersion) -> list[str]:
    return [
        f"统计口径：{table.counted_by}。",
        *table.notes,
        f"统计于 {report.day.isoformat()}。" + ("本期尚未结束。" if report.unfinished else ""),
        "含未公开的数字，请勿外传。"
        if version is ReportVersion.INTERNAL
        else f"“{COVERED}”表示数量较少，或者可据以推算出较少的数，为保护信访人不列出。",
        f"“{NO_VALUE}”表示没有可比的数或者没有分母。",
    ]


def _write(sheet: Worksheet, at: int, column: int, cell: Cell, styles: dict[str, Format]) -> None:
    if cell is None or isinstance(cell, str):
        sheet.write_string(at, column, cell or "", styles["text"])
    elif cell.veiled or cell.number is None:
        sheet.write_string(at, column, cell.veiled or NO_VALUE, styles["text"])
    else:
        whole = float(cell.number).is_integer()
        sheet.write_number(at, column, cell.number, styles["rate" if cell.is_rate else "whole" if whole else "number"])
