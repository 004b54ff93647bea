"""The tables as an Excel workbook, one sheet each: every cell is written as text or number, never as a formula."""

import io

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xinfang.figures.suppression import COVERED
from xinfang.figures.tables import NO_VALUE, FigureReport, FigureTable, FigureValue
from xinfang.figures.versions import ReportVersion

HEAD = ("项目", "本期", "本期分子/分母")
COMPARED = ("上期", "环比", "去年同期", "同比", "年累计")
"""Behind them for the department's leaders; what is published tells only of its own period."""


def workbook_of(report: FigureReport, version: ReportVersion) -> bytes:
    """Return all tables of a version of a report as an Excel file, in the order of the report."""
    book = io.BytesIO()
    with Workbook(book, {"in_memory": True}) as workbook:
        styles = {
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "head": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "align": "center"}),
            "part": workbook.add_format({"bold": True, "bg_color": "#F3F4F6"}),
            "number": workbook.add_format({"num_format": "#,##0.##", "align": "right"}),
            "whole": workbook.add_format({"num_format": "#,##0", "align": "right"}),
            "rate": workbook.add_format({"num_format": "0.0%", "align": "right"}),
            "text": workbook.add_format({"align": "right"}),
            "note": workbook.add_format({"text_wrap": True, "font_color": "#4B5563"}),
        }
        for table in report.tables:
            _sheet(workbook, table, report, version, styles)
    return book.getvalue()


def _sheet(
    workbook: Workbook, table: FigureTable, report: FigureReport, version: ReportVersion, styles: dict[str, Format]
) -> None:
    sheet = workbook.add_worksheet(table.title.replace("　", " ")[:31])
    sheet.set_column(0, 0, 38)
    inside = version is ReportVersion.INTERNAL
    heads = (*HEAD, *COMPARED) if inside else HEAD
    sheet.set_column(1, len(heads) - 1, 13)
    sheet.write_string(0, 0, f"{table.title}（{report.period.label}，{version.label}）", styles["title"])
    for column, name in enumerate(heads):
        sheet.write_string(2, column, name, styles["head"])
    sheet.freeze_panes(3, 1)
    at = 3
    for row in table.rows:
        if row.heading:
            sheet.write_string(at, 0, row.heading, styles["part"])
            at += 1
        for name, figure in zip(table.columns, row.figures, strict=True):
            if figure is None:
                continue
            label = row.label if len(table.columns) == 1 else f"{row.label}·{name}"
            sheet.write_string(at, 0, label)
            _value(sheet, at, 1, figure.now, styles)
            sheet.write_string(at, 2, figure.now.of, styles["text"])
            if inside:
                for column, value in ((3, figure.previous), (5, figure.last_year), (7, figure.to_date)):
                    _value(sheet, at, column, value, styles)
                sheet.write_string(at, 4, figure.change, styles["text"])
                sheet.write_string(at, 6, figure.yearly, styles["text"])
            at += 1
    notes = [
        f"统计口径：{table.counted_by}。",
        *table.notes,
        f"统计于 {report.day.isoformat()}。" + ("本期尚未结束。" if report.unfinished else ""),
        "含未公开的数字，请勿外传。"
        if inside
        else f"“{COVERED}”表示数量较少，或者可据以推算出较少的数，为保护信访人不列出。",
        f"“{NO_VALUE}”表示没有可比的数或者没有分母。",
    ]
    for place, note in enumerate(notes):
        sheet.write_string(at + 1 + place, 0, note)


def _value(sheet: Worksheet, at: int, column: int, value: FigureValue | None, styles: dict[str, Format]) -> None:
    if value is None:
        sheet.write_string(at, column, "", styles["text"])
    elif value.veiled or value.number is None:
        sheet.write_string(at, column, value.veiled or NO_VALUE, styles["text"])
    else:
        whole = float(value.number).is_integer()
        sheet.write_number(
            at, column, value.number, styles["rate" if value.is_rate else "whole" if whole else "number"]
        )
