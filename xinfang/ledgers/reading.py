"""A ledger as it is: its sheets, the header of each, and every row below it.

Title rows, empty rows, totals, repeated headers and the lines at the foot are left out, each named. Merged cells and
marks for “as above” are filled down. Numbers of rows are those that Excel shows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from xinfang.core.table_files import (
    SourceSheet,
    UnreadableWorkbook,
    heading_of,
    is_filled,
    is_total,
    read_sheets,
    row_numbers,
    years_in,
)
from xinfang.core.table_rows import FormulaError, SkippedRows, column_letters
from xinfang.ledgers.fields import field_of_heading

_HEADER_WITHIN_ROWS = 30
_FEWEST_HEADINGS = 2
_AS_ABOVE = {"〃", "同上", "″", "々", "”", "''", "--〃--", "—〃—", "同 上", '"', "仝上"}
_FOOT = re.compile(r"(填表|制表|审核|负责|统计|填报|备注|说明|注|联系)(人|单位|日期|时间)?[:：].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a ledger by its columns, and its number as Excel shows it."""

    number: int
    cells: Sequence[Any]


@dataclass(frozen=True)
class LedgerSheet:
    """One sheet: its headings by column, the rows below them, and what is none of these."""

    title: str
    hidden: bool
    filled: int
    """Rows that say anything."""
    header: int = 0
    """The number of the header's last row; 0 where none was found."""
    headings: Sequence[str] = ()
    rows: Sequence[SheetRow] = ()
    left: Sequence[SkippedRows] = ()
    year: int | None = None
    """The only year that its title and the rows above the header name."""
    notes: Sequence[str] = ()

    @property
    def row_count(self) -> int:
        """All rows that must be accounted for."""
        return len(self.rows) + sum(entry.rows for entry in self.left)


def read_ledger(source: Path | bytes) -> list[LedgerSheet]:
    """Return every sheet of a file, hidden ones too, in its order.

    Raises:
        UnreadableWorkbook: the file can't be used, or nothing is in it.
    """
    sheets = [_read(sheet) for sheet in read_sheets(source)]
    if not any(sheet.filled for sheet in sheets):
        raise UnreadableWorkbook("文件是空的，没有任何内容。请选择填好的文件。")
    return sheets


@dataclass
class _Header:
    top: int
    bottom: int
    headings: list[str] = field(default_factory=list)


def _read(sheet: SourceSheet) -> LedgerSheet:
    width = max((len(row) for row in sheet.rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in sheet.rows]
    bare = LedgerSheet(sheet.title, sheet.hidden, sheet.filled)
    header = _find_header(rows, sheet.merged)
    if header is None:
        return replace(bare, notes=("没有认出表头",) if sheet.filled else ())
    for top, column, bottom, _right in sheet.merged:
        # A merged area says the same in each of its rows; across columns it is one cell.
        for at in range(max(top, header.bottom) + 1, min(bottom, len(rows) - 1) + 1):
            if top > header.bottom and column < width:
                rows[at][column] = rows[top][column]
    kept, left = _below(rows, header)
    titles = [n for n in range(header.top) if is_filled(rows[n])]
    left = ([SkippedRows("标题行", len(titles), row_numbers([n + 1 for n in titles]))] if titles else []) + left
    years = years_in(sheet.title).union(*(years_in(str(c)) for n in titles for c in rows[n]))
    notes = [f"有 {sheet.hidden_rows} 行被隐藏或筛选掉，也一并读取了"] if sheet.hidden_rows else []
    if not sheet.formats:
        notes.append("这种文件读不出数字的显示格式和公式错误，编号有前导零的请另存为 .xlsx")
    return replace(
        bare,
        header=header.bottom + 1,
        headings=header.headings,
        rows=kept,
        left=left,
        year=years.pop() if len(years) == 1 else None,
        notes=notes,
    )


def _find_header(rows: Sequence[Sequence[Any]], merged: Sequence[Sequence[int]]) -> _Header | None:
    """Return the row, or the two rows, that have most headings of ours; else the first with several short texts."""
    best, at = 0, -1
    for n, cells in enumerate(rows[:_HEADER_WITHIN_ROWS]):
        known = len({code for c in cells if (code := field_of_heading(str(c)))})
        if known > best:
            best, at = known, n
    if best < _FEWEST_HEADINGS:
        several = [n for n, cells in enumerate(rows[:_HEADER_WITHIN_ROWS]) if _looks_like_headings(cells)]
        if not several:
            return None
        at = several[0]
    top = bottom = at
    if at and _says(rows[at - 1]) > 1 and _continued(rows, at - 1, merged):
        top = at - 1
    elif at + 1 < len(rows) and _continued(rows, at, merged):
        bottom = at + 1
    return _Header(top, bottom, _headings(rows, top, bottom, merged))


def _says(cells: Sequence[Any]) -> int:
    return sum(bool(heading_of(c)) for c in cells)


def _looks_like_headings(cells: Sequence[Any]) -> bool:
    said = [c for c in cells if heading_of(c)]
    return len(said) > _FEWEST_HEADINGS and all(isinstance(c, str) and len(heading_of(c)) < 15 for c in said)


def _continued(rows: Sequence[Sequence[Any]], top: int, merged: Sequence[Sequence[int]]) -> bool:
    """Tell whether the row below belongs to this header: it has headings only below a merged or empty cell."""
    across = {c for t, left, b, right in merged if t == b == top and right > left for c in range(left, right + 1)}
    down = {c for t, left, b, right in merged if t == top and b == top + 1 for c in range(left, right + 1)}
    below = {c for c, cell in enumerate(rows[top + 1]) if heading_of(cell)}
    if not across and not down:
        return False
    free = {c for c, cell in enumerate(rows[top]) if not heading_of(cell)}
    texts = all(isinstance(rows[top + 1][c], str) and len(heading_of(rows[top + 1][c])) < 15 for c in below)
    return bool(below) and below <= across | free and texts


def _headings(rows: Sequence[Sequence[Any]], top: int, bottom: int, merged: Sequence[Sequence[int]]) -> list[str]:
    above = [" ".join(str(c).split()) if c is not None else "" for c in rows[top]]
    for t, left, b, right in merged:
        if t <= top <= b:
            for column in range(left + 1, min(right, len(above) - 1) + 1):
                above[column] = above[left]
    found = []
    for column, upper in enumerate(above):
        lower = " ".join(str(rows[bottom][column]).split()) if bottom > top else ""
        found.append("/".join(part for part in (upper, lower) if part)[:60])
    return [_unlike(h, found[:n], n) for n, h in enumerate(found)]


def _unlike(heading: str, before: Sequence[str], column: int) -> str:
    """Return a heading that no other column has: two of one name are told apart by their letters."""
    if not heading:
        return f"{column_letters(column)} 列（没有列名）"
    return f"{heading}（{column_letters(column)} 列）" if heading in before else heading


def _below(rows: list[list[Any]], header: _Header) -> tuple[list[SheetRow], list[SkippedRows]]:
    last = max((n for n, cells in enumerate(rows) if is_filled(cells)), default=-1)
    kept: list[SheetRow] = []
    dropped: dict[str, list[int]] = {}
    names = [heading_of(c) for c in rows[header.bottom]]
    for at in range(header.bottom + 1, last + 1):
        cells = rows[at]
        said = [c for c in cells if heading_of(c)]
        if not said:
            dropped.setdefault("空行", []).append(at + 1)
        elif is_total(cells) or _is_sum(said):
            dropped.setdefault("合计行", []).append(at + 1)
        elif [heading_of(c) for c in cells] == names:
            dropped.setdefault("重复的表头", []).append(at + 1)
        elif len(said) <= _FEWEST_HEADINGS and isinstance(said[0], str) and _FOOT.fullmatch(said[0].strip()):
            dropped.setdefault("表尾说明", []).append(at + 1)
        else:
            before = kept[-1].cells if kept else ()
            kept.append(SheetRow(at + 1, [_as_above(c, before, n) for n, c in enumerate(cells)]))
    return kept, [SkippedRows(what, len(numbers), row_numbers(numbers)) for what, numbers in dropped.items()]


def _is_sum(said: Sequence[Any]) -> bool:
    """Tell whether a row is 合计 with numbers and short texts, such as “合计 | 12 件 | 其中来信 5 件”."""
    first = heading_of(said[0])
    return bool(re.fullmatch(r"(本页|本月|本年|累计)?(合计|总计|小计|共计)", first)) and all(
        isinstance(c, int | float) or len(str(c)) < 20 for c in said[1:]
    )


def _as_above(cell: Any, before: Sequence[Any], column: int) -> Any:
    if isinstance(cell, str) and cell.strip() in _AS_ABOVE and column < len(before):
        return before[column]
    return cell


def sample_of(cell: Any) -> str:
    """Return how a cell is shown beside its heading."""
    if isinstance(cell, FormulaError):
        return cell.shown
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
