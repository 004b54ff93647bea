"""A list as a file: an Excel workbook or a CSV, written row by row, so that its length costs no memory."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from xlsxwriter import Workbook

from xinfang.registers.columns import Cell, text_of
from xinfang.registers.exported_lists import ListColumn

XLSX, CSV = "xlsx", "csv"
FORMATS = {XLSX: "Excel 工作簿（.xlsx）", CSV: "CSV 文本（.csv）"}
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell of a CSV may not begin with: a spreadsheet would compute it."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_CELL = 32_000
"""Characters of a cell; Excel takes 32,767."""
_SHEET = "xl/worksheets/sheet1.xml"
_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of a spreadsheet."""
_HEAD_ROWS = 3
_FONT_SIZE, _HEIGHT_OF_LINE, _MAX_LINES = 9, 12, 30
"""Points; a row is at most 409 points high."""
_LAST_NARROW = 0x2FF
"""Characters behind it are as wide as two."""
_FITS_A4 = 150
"""Characters of all columns that can be read on A4 across; what is wider is printed on A3."""


@dataclass(frozen=True)
class Sheet:
    """What is above and below the rows: the title, what was asked for, and the mark of who took it out, when, why."""

    title: str
    words: str
    mark: str
    columns: Sequence[ListColumn]


def write_csv(sheet: Sheet, rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the list as CSV that Excel opens rightly; the mark is its last line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([c.label for c in sheet.columns])
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    writer.writerow([])
    writer.writerow([_safe(f"{sheet.title}　{sheet.words}　{sheet.mark}")])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return text_of(cell) if isinstance(cell, date) else cell
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def write_workbook(sheet: Sheet, rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the list as an Excel file.

    XlsxWriter makes everything of it but the rows; these are put in one after another as it writes them itself (text in
    the cell, never a formula), straight into the compressed file: nothing plain is ever on the disk.
    """
    layout, styles = _layout(sheet)
    book = io.BytesIO()
    with zipfile.ZipFile(layout) as empty, zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as full:
        for part in empty.infolist():
            content = empty.read(part)
            if part.filename != _SHEET:
                full.writestr(part.filename, content)
                continue
            before, after = _around_rows(content.decode())
            with full.open(_SHEET, "w", force_zip64=True) as target:
                target.write(before.encode())
                last = _HEAD_ROWS
                for last, row in enumerate(rows, _HEAD_ROWS + 1):
                    height = _HEIGHT_OF_LINE * _lines_needed(row, sheet.columns) + 3
                    target.write(_row(last, row, styles, height).encode())
                target.write(_row(last + 2, [sheet.mark], {**styles, "text": styles["note"]}).encode())
                target.write(after.encode())
    return book.getvalue()


def _layout(sheet: Sheet) -> tuple[io.BytesIO, dict[str, str]]:
    """Return the workbook without its rows, and the numbers of its styles."""
    book = io.BytesIO()
    with Workbook(book, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", sheet.title)[:31])
        small = {"border": 1, "font_size": _FONT_SIZE}
        styles = {
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "note": workbook.add_format({"font_color": "#4B5563", "font_size": _FONT_SIZE}),
            "head": workbook.add_format(
                {**small, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"}
            ),
            # Text even where somebody edits the cell later.
            "text": workbook.add_format({**small, "text_wrap": True, "valign": "top", "quote_prefix": True}),
            "day": workbook.add_format({**small, "num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
            "number": workbook.add_format({**small, "num_format": "0", "valign": "top"}),
        }
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width)
        page.write_string(0, 0, sheet.title, styles["title"])
        page.write_string(1, 0, f"条件：{sheet.words}" if sheet.words else "条件：全部", styles["note"])
        for at, column in enumerate(sheet.columns):
            page.write_string(2, at, column.label, styles["head"])
        for at, name in enumerate(("text", "day", "number", "note")):
            page.write_blank(_HEAD_ROWS, at, None, styles[name])
        page.freeze_panes(_HEAD_ROWS, 1)
        page.repeat_rows(_HEAD_ROWS - 1)
        page.set_landscape()
        page.set_paper(9 if sum(c.width for c in sheet.columns) <= _FITS_A4 else 8)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        # At most 255 characters; an ampersand begins a code there.
        page.set_footer(f"&L&8{sheet.mark.replace('&', '＆')[:220]}&R&8第 &P 页 共 &N 页")
    probes = re.findall(rf'<c r="[A-Z]{_HEAD_ROWS + 1}" s="(\d+)"/>', zipfile.ZipFile(book).read(_SHEET).decode())
    return book, dict(zip(("text", "day", "number", "note"), probes, strict=True))


def _around_rows(xml: str) -> tuple[str, str]:
    """Return what is before and behind the rows of a sheet; the row that tried out the styles falls away."""
    before, _, rest = xml.partition(f'<row r="{_HEAD_ROWS + 1}"')
    return re.sub(r'<dimension ref="[^"]*"/>', "", before), rest[rest.index("</sheetData>") :]


def _row(at: int, cells: Sequence[Cell], styles: dict[str, str], height: int = 0) -> str:
    tall = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{at}"{tall}>{"".join(_cells(at, cells, styles))}</row>'


def _lines_needed(cells: Sequence[Cell], columns: Sequence[ListColumn]) -> int:
    """Return how many lines the longest text of a row takes in its column: not every program finds that by itself."""
    most = 1
    for cell, column in zip(cells, columns, strict=True):
        if isinstance(cell, str) and cell:
            wide = sum(2 if ord(character) > _LAST_NARROW else 1 for character in cell[:_MAX_CELL])
            most = max(most, -(-wide // max(1, column.width - 1)))
    return min(most, _MAX_LINES)


def _cells(at: int, cells: Sequence[Cell], styles: dict[str, str]) -> Iterator[str]:
    for place, cell in enumerate(cells):
        name = f"{_letters(place)}{at}"
        if isinstance(cell, date):
            yield f'<c r="{name}" s="{styles["day"]}"><v>{(cell - _FIRST_DAY).days}</v></c>'
        elif isinstance(cell, int):
            yield f'<c r="{name}" s="{styles["number"]}"><v>{cell}</v></c>'
        elif not cell:
            yield f'<c r="{name}" s="{styles["text"]}"/>'
        else:
            text = escape(_NO_XML.sub("�", cell)[:_MAX_CELL])
            yield f'<c r="{name}" s="{styles["text"]}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(place: int) -> str:
    """Return the name of a column: A, B, …, Z, AA."""
    name, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
