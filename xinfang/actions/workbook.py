"""Tables that people bring: Excel workbooks and CSV files, found by their column names, with sentences for what is wrong.

Both the intake and the pages read such files, so the reader stands below them. Workbooks are opened by a process of their own
(`sheets.py`) with limits of memory and time.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from xinfang.records.apart import run_apart

Names = Mapping[str, tuple[str, ...]]
"""Our name of a column and the headings under which it may stand; the first one is used in messages."""

_HEADER_WITHIN = 50
_MOST_CELLS = 5_000_000
_MOST_BYTES = 100 * 1024 * 1024
_MOST_UNPACKED = 1024 * 1024 * 1024
_PROGRAM = str(Path(__file__).with_name("sheets.py"))
_SECONDS = 120
_TOO_LARGE = 2
_EXCEL_ORIGIN = datetime(1899, 12, 30)
_EXCEL_DAYS = (18264, 73415)
"""The serials of 1950 to 2100: a number outside can't be meant as a date."""


class Unreadable(Exception):
    """A file that can't be used, with a sentence for whoever brought it."""


@dataclass(frozen=True)
class Row:
    """One line of a table: its number as Excel shows it, and its cells by our names."""

    number: int
    cells: Mapping[str, Any]
    merged: bool = False
    """Whether a cell of it is swallowed by a merged area, and so is empty here."""

    def text(self, name: str) -> str:
        """The cell as text; a whole number without the `.0` that Excel keeps."""
        value = self.cells.get(name, "")
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return "" if value is None else str(value).strip()


def read_table(source: Path | bytes, names: Names, needed: Sequence[str]) -> list[Row]:
    """The rows below the header, blank ones left out. Raises Unreadable in the user's words."""
    content = _bytes(source)
    sheets = _workbook(content) if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") else [("", _csv(content), set())]
    best: tuple[int, list[str]] | None = None
    filled = 0
    for _title, rows, swallowed in sheets:
        for at, cells in enumerate(rows[:_HEADER_WITHIN]):
            found = _columns(cells, names)
            missing = [names[n][0] for n in needed if n not in found]
            if not missing:
                _no_heading_twice(cells, names, at)
                return _below(rows, at, found, swallowed)
            if found and (best is None or len(missing) < len(best[1])):
                best = (at + 1, missing)
        filled += sum(any(_heading(c) for c in cells) for cells in rows)
    if not filled:
        raise Unreadable("文件是空的，没有任何内容。请选择填好的文件。")
    wanted = "、".join(names[n][0] for n in needed)
    if best:
        raise Unreadable(f"第 {best[0]} 行像是表头，但缺少这些列：{'、'.join(best[1])}。表头应有：{wanted}。")
    raise Unreadable(f"没有找到表头。表格里应有一行写着：{wanted}（列的先后不限，其他列不影响）。")


def _bytes(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        try:
            if source.stat().st_size > _MOST_BYTES:
                raise Unreadable("文件超过 100 MB，请分成几个文件。")
            content = source.read_bytes()
        except IsADirectoryError:
            raise Unreadable(f"“{source.name}”是文件夹，不是文件。") from None
        except FileNotFoundError:
            raise Unreadable(f"没有找到文件“{source}”。") from None
        except OSError:
            raise Unreadable(f"无法读取文件“{source.name}”，请检查权限。") from None
    if len(content) > _MOST_BYTES:
        raise Unreadable("文件超过 100 MB，请分成几个文件。")
    if not content.strip():
        raise Unreadable("文件是空的，没有任何内容。请选择填好的文件。")
    return content


_Sheet = tuple[str, list[list[Any]], set[int]]


def _workbook(content: bytes) -> list[_Sheet]:
    _not_a_bomb(content)
    run = run_apart(_PROGRAM, str(_MOST_CELLS), data=content, seconds=_SECONDS)
    if run is None or run.returncode < 0:
        raise Unreadable(
            "读取这个工作簿需要的内存或时间太多：可能已损坏，或者很远的单元格里有内容。"
            "请用 Excel 打开，删去多余的行和列，另存为 .xlsx 再试。"
        )
    if run.returncode == _TOO_LARGE:
        raise Unreadable(f"工作表“{json.loads(run.stdout)}”过大，请删去多余的空行、空列，或分成几个文件。")
    if run.returncode:
        raise Unreadable("这不是能读取的 Excel 工作簿（可能已损坏或加了密码）。请用 Excel 打开后另存为 .xlsx 再试。")
    sheets = json.loads(run.stdout)
    return [(title, [list(map(_cell, row)) for row in rows], set(swallowed)) for title, rows, swallowed in sheets]


def _cell(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, text = value
    return {"datetime": datetime.fromisoformat, "date": date.fromisoformat}.get(kind, str)(text)


def _not_a_bomb(content: bytes) -> None:
    if content[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError):
        raise Unreadable("文件已损坏，或不是 Excel 工作簿。请重新导出后再试。") from None
    if size > _MOST_UNPACKED:
        raise Unreadable("文件解压后过大，不能导入。请分成几个文件。")


def _csv(content: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        try:
            return [list(row) for row in csv.reader(io.StringIO(text), strict=True)]
        except csv.Error:
            raise Unreadable("CSV 文件的引号或分隔符有误，请用 Excel 打开后另存为 .xlsx 再试。") from None
    raise Unreadable("这不是 Excel 工作簿，也不是 CSV 文本。请选择 .xlsx 或 .csv 文件。")


def _heading(value: Any) -> str:
    return re.sub(r"[\s\u3000\ufeff*：:]+", "", str(value)) if value is not None else ""


def _columns(cells: Sequence[Any], names: Names) -> dict[str, int]:
    headings = [_heading(c) for c in cells]
    return {n: headings.index(h) for n, options in names.items() for h in options[::-1] if h in headings}


def _no_heading_twice(cells: Sequence[Any], names: Names, at: int) -> None:
    headings = [_heading(c) for c in cells]
    for options in names.values():
        for heading in options:
            if headings.count(heading) > 1:
                raise Unreadable(f"第 {at + 1} 行的表头有两列都叫“{heading}”，请只留一列。")


def _below(rows: list[list[Any]], at: int, found: Mapping[str, int], swallowed: set[int]) -> list[Row]:
    result = []
    for place, cells in enumerate(rows[at + 1 :], at + 1):
        values = {n: cells[c] if c < len(cells) else "" for n, c in found.items()}
        if any(str(v).strip() for v in values.values() if v is not None):
            result.append(Row(place + 1, values, place in swallowed))
    return result


_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_MOMENT = re.compile(_DAY.pattern + r"(?:[\sT]+(\d{1,2})[:：](\d{1,2})(?:[:：](\d{1,2})(?:\.\d+)?)?)?")


def read_moment(value: Any) -> datetime:
    """A day or a moment as people type and Excel stores it, in local time. Raises ValueError with a sentence."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_serial(float(value))
    text = str(value).strip()
    match = _MOMENT.fullmatch(text)
    if match:
        year, month, day, *clock = (int(g or 0) for g in match.groups())
        try:
            return datetime(year, month, day, *clock)
        except ValueError:
            raise ValueError(f"没有“{text[:30]}”这一天或这个时刻") from None
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _from_serial(float(text))
    raise ValueError(f"“{text[:30]}”不是日期" if text else "没有填写日期")


def _from_serial(number: float) -> datetime:
    if not _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        raise ValueError(f"“{number:g}”不是日期")
    return _EXCEL_ORIGIN + timedelta(seconds=round(number * 86400))


_UNTIL = re.compile(r"\s*(?:至|到|~|～|—+|–)\s*")
_REST = re.compile(r"(?:(\d{1,2})\s*[-/.月]\s*)?(\d{1,2})\s*日?")
_LONGEST_HOLIDAY = 20


def read_days(value: Any) -> list[date]:
    """One day, or a range like `2027-02-06至2027-02-14` or `2027年2月6日至14日`. Raises ValueError with a sentence."""
    parts = _UNTIL.split(value.strip()) if isinstance(value, str) else [value]
    first = read_moment(parts[0]).date()
    if len(parts) == 1:
        return [first]
    if len(parts) > 2:
        raise ValueError(f"“{str(value)[:30]}”不是日期，也不是起止日期")
    rest = _REST.fullmatch(parts[1])
    if rest:
        try:
            last = date(first.year, int(rest[1] or first.month), int(rest[2]))
        except ValueError:
            raise ValueError(f"没有“{parts[1][:30]}”这一天") from None
    else:
        last = read_moment(parts[1]).date()
    if last < first:
        raise ValueError(f"“{str(value)[:30]}”的止日早于起日")
    if (last - first).days >= _LONGEST_HOLIDAY:
        raise ValueError(f"“{str(value)[:30]}”长达 {(last - first).days + 1} 天，请核对起止日期")
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]
