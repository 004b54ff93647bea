"""Files that people bring as tables: Excel workbooks and CSV, found by their column names.

What is wrong with one is said in sentences. Both the intake and the pages read such files, so the reader is in a layer
below them. Workbooks are opened by a process of their own (`workbook_reader.py`) with limits of memory and time. All
visible sheets with the header are one table; nothing else is dropped unnamed.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xinfang.core import isolated
from xinfang.core.table_rows import (
    ERRORS,
    ColumnNames,
    FormulaError,
    ImportedTable,
    SkippedRows,
    TableHeader,
    TableRow,
    UnusedColumn,
    column_letters,
)
from xinfang.procedure.errors import XinfangError

__all__ = ["ImportedTable", "SourceSheet", "TableLayout", "TableRow", "UnreadableWorkbook", "read_sheets", "read_table"]

_HEADER_WITHIN_ROWS = 50
_MAX_CELLS = 5_000_000
_MAX_FILE_BYTES = 100 * 1024 * 1024
_MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
_PROGRAM = str(Path(__file__).with_name("workbook_reader.py"))
_TIMEOUT_SECONDS = 120
_TOO_LARGE = 2
_TAKEN = "可以导入的是 .xlsx、.xls 工作簿，和逗号、分号或制表符分隔的文本（.csv、.txt）"


class UnreadableWorkbook(XinfangError):
    """A file that can't be used, with a sentence for the person who brought it."""


@dataclass(frozen=True)
class TableLayout:
    """One way a table may be laid out: the columns it needs, and if its sheet must have a certain title, which."""

    needed: tuple[str, ...]
    titles: tuple[str, ...] = ()

    def fits(self, title: str, found: Mapping[str, int]) -> bool:
        """Tell whether a sheet with this title and these columns has this form."""
        return all(n in found for n in self.needed) and (not self.titles or heading_of(title) in self.titles)


@dataclass
class SourceSheet:
    """One sheet of a file as it is: rows of cells, and what the workbook says of it."""

    title: str
    rows: list[list[Any]]
    swallowed: set[int] = field(default_factory=set)
    hidden: bool = False
    hidden_rows: int = 0
    formats: bool = True
    merged: list[list[int]] = field(default_factory=list)
    """Areas: top, left, bottom, right, counted from 0."""

    @property
    def filled(self) -> int:
        """How many rows say anything."""
        return sum(map(is_filled, self.rows))


def read_table(
    source: Path | bytes, names: ColumnNames, *forms: TableLayout, sheets: Sequence[str] = (), dated: str = ""
) -> ImportedTable:
    """Return the rows below the headers of all sheets that have one of these forms, and what of the file was left out.

    Hidden sheets are named and left out. With `sheets` only those are read, hidden or not. `dated` names the column
    whose days tell which year others without one belong to.

    Raises:
        UnreadableWorkbook: the file can't be used; its text says why in the user's words.
    """
    content = _bytes(source)
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        every = _workbook(content)
    else:
        every = _text_table(content, names, forms)
    wanted = _chosen(every, sheets)
    heads = {s.title: h for s in wanted if (h := _header(s, names, forms)) is not None}
    if not heads:
        error = _no_header(every, wanted, names, forms)
        raise error
    read = [s for s in wanted if s.title in heads]
    rows: list[TableRow] = []
    left: list[SkippedRows] = []
    unused: dict[str, int] = {}
    for sheet in read:
        taken, dropped, columns = _below(sheet, *heads[sheet.title], names, forms, dated, len(read) > 1)
        rows += taken
        left += dropped
        for heading, filled in columns:
            unused[heading] = unused.get(heading, 0) + filled
    left += [_not_read(s, sheets) for s in every if s not in read and s.filled]
    return ImportedTable(rows, tuple(left), tuple(UnusedColumn(h, n) for h, n in unused.items()), tuple(_notes(read)))


def read_sheets(source: Path | bytes) -> list[SourceSheet]:
    """Return all sheets of a file as they are, hidden ones too; a text file is one sheet without a title.

    Raises:
        UnreadableWorkbook: the file can't be used; its text says why in the user's words.
    """
    content = _bytes(source)
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return _workbook(content)
    text = _decoded(content)
    cut: list[tuple[int, SourceSheet]] = []
    for delimiter in (*_DELIMITERS, "|"):
        with suppress(csv.Error):
            rows = _cut(text, delimiter)
            # Cells of lines as wide as most lines: the right sign cuts most lines alike.
            widths = Counter(len(row) for row in rows if len(row) > 1)
            cut.append((max((n * width for width, n in widths.items()), default=0), SourceSheet("", rows)))
    if not cut:
        raise UnreadableWorkbook(_BADLY_CUT)
    return [max(cut, key=lambda found: found[0])[1]]


def _chosen(every: list[SourceSheet], sheets: Sequence[str]) -> list[SourceSheet]:
    missing = [title for title in sheets if title not in [s.title for s in every]]
    if missing:
        there = "、".join(f"“{s.title}”" for s in every)
        raise UnreadableWorkbook(f"文件中没有工作表“{missing[0]}”。现有：{there}。")
    return [s for s in every if (s.title in sheets if sheets else not s.hidden)]


def _not_read(sheet: SourceSheet, sheets: Sequence[str]) -> SkippedRows:
    why = "未选择" if sheets else "隐藏的工作表，没有读取" if sheet.hidden else "没有所需的表头，没有读取"
    return SkippedRows(f"工作表“{sheet.title}”", sheet.filled, why)


def _notes(read: Iterable[SourceSheet]) -> list[str]:
    several = [s for s in read if s.hidden_rows]
    notes = [f"工作表“{s.title}”有 {s.hidden_rows} 行被隐藏或筛选掉，也一并读取了。" for s in several]
    if any(not s.formats for s in read):
        notes.append(
            "这种工作簿读不出数字的显示格式和公式错误：编号显示有前导零（如 00007）或有 #N/A 的，请另存为 .xlsx 后再导入。"
        )
    return notes


def _bytes(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        try:
            if source.stat().st_size > _MAX_FILE_BYTES:
                raise UnreadableWorkbook("文件超过 100 MB，请分成几个文件。")
            content = source.read_bytes()
        except IsADirectoryError:
            raise UnreadableWorkbook(f"“{source.name}”是文件夹，不是文件。") from None
        except FileNotFoundError:
            raise UnreadableWorkbook(f"没有找到文件“{source}”。") from None
        except OSError:
            raise UnreadableWorkbook(f"无法读取文件“{source.name}”，请检查权限。") from None
    if len(content) > _MAX_FILE_BYTES:
        raise UnreadableWorkbook("文件超过 100 MB，请分成几个文件。")
    if not content.strip():
        raise UnreadableWorkbook("文件是空的，没有任何内容。请选择填好的文件。")
    return content


def _workbook(content: bytes) -> list[SourceSheet]:
    _not_a_bomb(content)
    reader = isolated.run(_PROGRAM, str(_MAX_CELLS), data=content, seconds=_TIMEOUT_SECONDS)
    if reader is None or reader.returncode < 0:
        raise UnreadableWorkbook(
            "读取这个工作簿需要的内存或时间太多：可能已损坏，或者很远的单元格里有内容。"
            "请用 Excel 打开，删去多余的行和列，另存为 .xlsx 再试。"
        )
    if reader.returncode == _TOO_LARGE:
        raise UnreadableWorkbook(f"工作表“{json.loads(reader.stdout)}”过大，请删去多余的空行、空列，或分成几个文件。")
    if reader.returncode:
        raise UnreadableWorkbook(
            "这不是能读取的 Excel 工作簿（可能已损坏或加了密码）。请用 Excel 打开后另存为 .xlsx 再试。"
        )
    return [
        SourceSheet(
            s["title"],
            [list(map(_cell, row)) for row in s["rows"]],
            set(s["swallowed"]),
            s["hidden"],
            s["hidden_rows"],
            s["formats"],
            s["merged"],
        )
        for s in json.loads(reader.stdout)
    ]


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return FormulaError(value.strip()) if value.strip() in ERRORS else value
    if not isinstance(value, list):
        return value
    kind, text = value
    return {"datetime": datetime.fromisoformat, "date": date.fromisoformat, "error": FormulaError}.get(kind, str)(text)


def _not_a_bomb(content: bytes) -> None:
    if content[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError):
        raise UnreadableWorkbook("文件已损坏，或不是 Excel 工作簿。请重新导出后再试。") from None
    if size > _MAX_UNPACKED_BYTES:
        raise UnreadableWorkbook("文件解压后过大，不能导入。请分成几个文件。")


_STRANGERS = (
    (rb"\s*<\?xml[^>]*>\s*(<\?mso-application|<[\w:]*Workbook)", "这是 XML 格式的 .xls（XML 电子表格 2003）"),
    (rb"\s*(<\?xml[^>]*>\s*)?<!doctype html|\s*<(html|head|body|table|meta|div|style)\b", "这是网页格式的 .xls"),
    (rb"(?s)\s*MIME-Version:.{,2000}multipart/related", "这是网页格式的 .xls"),
)
_OTHERS = ((b"%PDF-", "PDF 文件"), (b"BEGIN:VCALENDAR", "日历文件（.ics）"), (b"{", "JSON 文件"), (b"[", "JSON 文件"))


def _decoded(content: bytes) -> str:
    bare = content.removeprefix(b"\xef\xbb\xbf")
    for pattern, what in _STRANGERS:
        if re.match(pattern, bare, re.IGNORECASE):
            raise UnreadableWorkbook(f"{what}，请用 Excel 打开后另存为 .xlsx 再导入。")
    for mark, what in _OTHERS:
        if bare.lstrip().startswith(mark):
            raise UnreadableWorkbook(f"这是{what}，不能导入；{_TAKEN}。")
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableWorkbook(f"这不是 Excel 工作簿，也不是 CSV 文本；{_TAKEN}。")


_QUOTED_NUMBER = re.compile(r'="(.*)"', re.DOTALL)
_DELIMITERS = ",\t;，"


def _text_table(content: bytes, names: ColumnNames, forms: Sequence[TableLayout]) -> list[SourceSheet]:
    """Return the one sheet of a text file, cut at the sign that gives it a header.

    Raises:
        UnreadableWorkbook: its quotes or separators are wrong.
    """
    text = _decoded(content)
    first: SourceSheet | None = None
    broken = False
    for delimiter in _DELIMITERS:
        try:
            rows = _cut(text, delimiter)
        except csv.Error:
            broken = broken or delimiter == ","
            continue
        sheet = SourceSheet("", rows)
        if _header(sheet, names, forms):
            return [sheet]
        first = first or sheet
    if broken or first is None:
        raise UnreadableWorkbook(_BADLY_CUT)
    return [first]


_BADLY_CUT = "CSV 文件的引号或分隔符有误，请用 Excel 打开后另存为 .xlsx 再试。"


def _cut(text: str, delimiter: str) -> list[list[Any]]:
    """Return the rows of a text, cut at this sign.

    Raises:
        csv.Error: its quotes don't fit.
    """
    return [list(map(_from_csv, row)) for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)]


def _from_csv(cell: str) -> Any:
    """Return what a cell of a CSV file says.

    Excel writes ="00123" to keep the zeros, and TRUE or #N/A as it shows them.
    """
    text = cell.strip()
    if text in ERRORS:
        return FormulaError(text)
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    quoted = _QUOTED_NUMBER.fullmatch(text)
    return quoted[1] if quoted else cell


def heading_of(value: Any) -> str:
    """Return what a cell says as a heading: without blanks, colons and asterisks; empty where it says nothing."""
    return re.sub(r"[\s\u3000\ufeff*：:]+", "", str(value)) if value is not None else ""


def is_filled(cells: Sequence[Any]) -> bool:
    """Tell whether one of these cells says something."""
    return any(heading_of(c) for c in cells)


def _columns(cells: Sequence[Any], names: ColumnNames) -> dict[str, int]:
    headings = [heading_of(c) for c in cells]
    return {n: headings.index(h) for n, options in names.items() for h in options[::-1] if h in headings}


def _header(sheet: SourceSheet, names: ColumnNames, forms: Sequence[TableLayout]) -> tuple[int, dict[str, int]] | None:
    """Return the number of the header's row, from 0, and where our columns are."""
    for at, cells in enumerate(sheet.rows[:_HEADER_WITHIN_ROWS]):
        found = _columns(cells, names)
        if any(form.fits(sheet.title, found) for form in forms):
            return at, found
    return None


def _no_header(
    every: list[SourceSheet], wanted: list[SourceSheet], names: ColumnNames, forms: Sequence[TableLayout]
) -> UnreadableWorkbook:
    if not any(s.filled for s in every):
        return UnreadableWorkbook("文件是空的，没有任何内容。请选择填好的文件。")
    hidden = [s.title for s in every if s not in wanted and s.hidden and _header(s, names, forms)]
    if hidden:
        return UnreadableWorkbook(
            f"所需的表头只在隐藏的工作表里：{'、'.join(f'“{t}”' for t in hidden)}，没有读取。"
            "如确要导入，请在 Excel 中取消隐藏后再试。"
        )
    best: tuple[int, str, list[str]] | None = None
    for sheet in wanted:
        for at, cells in enumerate(sheet.rows[:_HEADER_WITHIN_ROWS]):
            found = _columns(cells, names)
            for form in forms:
                missing = [names[n][0] for n in form.needed if n not in found]
                if missing and len(missing) < len(form.needed) and (best is None or len(missing) < len(best[2])):
                    best = (at + 1, sheet.title if len(wanted) > 1 else "", missing)
    layouts = "；或".join("、".join(names[n][0] for n in form.needed) for form in forms if not form.titles)
    if best:
        at, title, lacks = best
        where = f"工作表“{title}”第 {at} 行" if title else f"第 {at} 行"
        return UnreadableWorkbook(f"{where}像是表头，但缺少这些列：{'、'.join(lacks)}。表头应有：{layouts}。")
    return UnreadableWorkbook(f"没有找到表头。表格里应有一行写着：{layouts}（列的先后不限，其他列不影响）。")


def _no_heading_twice(cells: Sequence[Any], names: ColumnNames, at: int) -> None:
    headings = [heading_of(c) for c in cells]
    for options in names.values():
        for heading in options:
            if headings.count(heading) > 1:
                raise UnreadableWorkbook(f"第 {at + 1} 行的表头有两列都叫“{heading}”，请只留一列。")


_TOTAL = re.compile(r"(本页|本月|本年|累计)?(合计|总计|小计|共计|累计)(\d+[件条行个]?)?")


def is_total(cells: Sequence[Any]) -> bool:
    """Tell whether these cells are 合计 and numbers, and nothing else."""
    said = [heading_of(c) for c in cells if heading_of(c)]
    return any(map(_TOTAL.fullmatch, said)) and all(
        _TOTAL.fullmatch(s) or re.fullmatch(r"[\d.,%]+[件条行个天人]?", s) for s in said
    )


def _below(
    sheet: SourceSheet,
    at: int,
    found: dict[str, int],
    names: ColumnNames,
    forms: Sequence[TableLayout],
    dated: str,
    several: bool,
) -> tuple[list[TableRow], list[SkippedRows], list[tuple[str, int]]]:
    """Return the rows of one sheet, those left out, and the unknown columns with the number of their filled cells."""
    top, below = sheet.rows[at], sheet.rows[at + 1 :]
    _no_heading_twice(top, names, at)
    while below and not is_filled(below[-1]):
        below = below[:-1]
    taken: list[tuple[int, list[Any]]] = []
    dropped: dict[str, list[int]] = {}
    ours = [heading_of(top[c]) for c in found.values()]
    for place, cells in enumerate(below, at + 1):
        mine = [cells[c] if c < len(cells) else "" for c in found.values()]
        if not is_filled(cells):
            dropped.setdefault("空行", []).append(place + 1)
        elif is_total(cells):
            dropped.setdefault("合计行", []).append(place + 1)
        elif [heading_of(c) for c in mine] == ours:
            dropped.setdefault("重复的表头", []).append(place + 1)
        elif not is_filled(mine):
            dropped.setdefault("所需各列都空着的行", []).append(place + 1)
        else:
            taken.append((place, cells))
    head = TableHeader(names, found, sheet.title, only_year(sheet, at, found.get(dated), taken))
    rows = [
        TableRow(
            place + 1,
            {n: cells[c] if c < len(cells) else "" for n, c in found.items()},
            place in sheet.swallowed,
            head,
            several,
        )
        for place, cells in taken
    ]
    where = f"“{sheet.title}”" if several else ""
    left = [SkippedRows(f"{where}{what}", len(numbers), row_numbers(numbers)) for what, numbers in dropped.items()]
    return rows, left, _others(top, set(found.values()), [cells for _, cells in taken])


def row_numbers(numbers: list[int]) -> str:
    """Return the numbers of rows in words, the first five of many."""
    told = "、".join(map(str, numbers[:5]))
    return f"第 {told} 行" if len(numbers) <= 5 else f"第 {told} 等行"


def _others(top: list[Any], ours: set[int], rows: list[list[Any]]) -> list[tuple[str, int]]:
    width = max((len(cells) for cells in (top, *rows)), default=0)
    found = []
    for column in range(width):
        filled = sum(bool(heading_of(cells[column])) for cells in rows if column < len(cells))
        heading = " ".join(str(top[column]).split()) if column < len(top) else ""
        if column not in ours and filled:
            found.append((heading[:40] or f"{column_letters(column)} 列（没有列名）", filled))
    return found


_A_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def years_in(text: str) -> set[int]:
    """Return the years named in a title."""
    return {int(y) for y in _A_YEAR.findall(text)}


def only_year(sheet: SourceSheet, at: int, column: int | None, taken: Iterable[tuple[int, list[Any]]]) -> int | None:
    """Return the only year that the sheet's title, the rows above its header and its other days name.

    None where there are several.
    """
    found = years_in(sheet.title)
    for cells in sheet.rows[:at]:
        for cell in cells:
            found |= years_in(str(cell))
    for _, cells in taken:
        value = cells[column] if column is not None and column < len(cells) else ""
        if isinstance(value, date):
            found.add(value.year)
        elif isinstance(value, str):
            found |= {int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d\d)(?=[-/.年\d])", value)}
    return found.pop() if len(found) == 1 else None
