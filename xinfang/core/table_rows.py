"""A table that somebody brings, row by row: what a cell says, and what of the file was left out.

So every row is accounted for.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from xinfang.procedure.written_dates import NotADay, parse_day

ColumnNames = Mapping[str, tuple[str, ...]]
"""Our name of a column and the headings that it may have; the first one is used in messages."""

_EXCEL_ORIGIN = datetime(1899, 12, 30)
_EXCEL_DAYS = (18264, 73415)
"""The serials of 1950 to 2100: a number outside can't be meant as a date."""
_EXACT = 10**15
"""Excel keeps 15 digits of a number; the others are zeros when it is opened again."""
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d{2,}", re.IGNORECASE)
_EIGHT = (19000101, 21001231)


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A cell whose formula failed: Excel shows #DIV/0!, #N/A or the like instead of a value."""

    shown: str


ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA")


@dataclass(frozen=True)
class TableHeader:
    """The header of a table: where each of our columns is, on which sheet, and the year of its days without a year."""

    names: ColumnNames
    columns: Mapping[str, int]
    sheet: str = ""
    year: int | None = None


@dataclass(frozen=True)
class TableRow:
    """One line of a table: its number as Excel shows it, and its cells by our names."""

    number: int
    cells: Mapping[str, Any]
    merged: bool = False
    """Whether a cell of it is swallowed by a merged area, and so is empty here."""
    head: TableHeader = field(default_factory=lambda: TableHeader({}, {}))
    several: bool = False
    """Whether the table goes over several sheets."""

    @property
    def place(self) -> str:
        """第 3 行; with its sheet where there is more than one."""
        return f"“{self.head.sheet}”第 {self.number} 行" if self.several else f"第 {self.number} 行"

    def text(self, name: str) -> str:
        """Return the cell as text; a whole number without the `.0` that Excel keeps.

        Raises:
            ValueError: Excel spoilt it; the sentence names the cell.
        """
        value = self.cells.get(name, "")
        if value is None or isinstance(value, str):
            return (value or "").strip()
        if isinstance(value, FormulaError):
            raise ValueError(f"{self.cell_name(name)}是错误值 {value.shown}，请在原表中改正公式后再导入")
        if isinstance(value, bool):
            raise ValueError(f"{self.cell_name(name)}是逻辑值 {str(value).upper()}，不是文字，请改正")
        if isinstance(value, date):
            raise ValueError(f"{self.cell_name(name)}被 Excel 当作日期（{value:%Y-%m-%d}），请设为文本格式后重新填写")
        if abs(value) >= _EXACT:
            raise ValueError(
                f"{self.cell_name(name)}超过 15 位且是数字格式，Excel 已丢失末位，请设为文本后重新导出，不要在原处改格式"
            )
        return str(int(value)) if float(value).is_integer() else f"{value:.15g}"

    def identifier(self, name: str) -> str:
        """Return the cell as a number that names something.

        It has one spelling for full and half width, and is without the ' that Excel hides.

        Raises:
            ValueError: Excel spoilt it; the sentence names the cell.
        """
        text = unicodedata.normalize("NFKC", self.text(name)).strip()
        if _SCIENTIFIC.fullmatch(text):
            raise ValueError(
                f"{self.cell_name(name)}“{text[:30]}”是科学计数法，Excel 已丢失后面的数字，请设为文本后重新导出"
            )
        return text[1:] if text.startswith("'") and text[1:].isdecimal() else text

    def day(self, name: str) -> date:
        """Return the cell as a day, in local time.

        Raises:
            ValueError: it isn't a day; the sentence names the cell.
        """
        value = self.cells.get(name, "")
        if isinstance(value, str) or value is None:
            text = (value or "").strip()
            serial = re.fullmatch(r"\d{5}(\.\d+)?", text)
            return _from_number(float(text)) if serial else parse_day(text, year=self.head.year)
        if isinstance(value, bool | FormulaError):
            self.text(name)
        return _from_number(float(value)) if isinstance(value, int | float) else _day_of(value)

    def cell_name(self, name: str) -> str:
        """Return the heading of a cell and where Excel shows it: “来信日期”（B12）."""
        column = self.head.columns.get(name)
        label = self.head.names.get(name, (name,))[0]
        return f"“{label}”（{column_letters(column)}{self.number}）" if column is not None else f"“{label}”"


def column_letters(column: int) -> str:
    """Return the name of a column in Excel; `column` counts from 0."""
    found, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _from_number(number: float) -> date:
    if number.is_integer() and _EIGHT[0] <= number <= _EIGHT[1]:
        return parse_day(str(int(number)))
    if 1900 <= number <= 2100:
        raise NotADay(f"{number:.15g}", "只有年份或年、月，没有日")
    if not _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        raise NotADay(f"{number:.15g}")
    return (_EXCEL_ORIGIN + timedelta(seconds=round(number * 86400))).date()


@dataclass(frozen=True)
class SkippedRows:
    """Rows that are no rows of the table: what they are, how many, and where they are or why they weren't read."""

    what: str
    rows: int
    why: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.rows} 行" + (f"（{self.why}）" if self.why else "")


@dataclass(frozen=True)
class UnusedColumn:
    """A column that nothing was taken from, and how many of its cells are filled."""

    heading: str
    filled: int


@dataclass(frozen=True)
class ImportedTable:
    """The rows to be taken; whatever else the file holds is counted."""

    rows: list[TableRow]
    left: tuple[SkippedRows, ...] = ()
    unused: tuple[UnusedColumn, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportAccount:
    """Where every row of a file went: `parts` name what became of those that are rows of the table."""

    parts: tuple[tuple[str, int], ...]
    left: tuple[SkippedRows, ...] = ()
    unused: tuple[UnusedColumn, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        """How many rows were left out."""
        return sum(entry.rows for entry in self.left)

    @property
    def rows(self) -> int:
        """All rows below the headers, and the filled rows of the sheets that weren't read."""
        return sum(n for _, n in self.parts) + self.left_out

    def __str__(self) -> str:
        parts = [f"{what} {n}" for what, n in (*self.parts, ("略去", self.left_out))]
        told = f"（{'；'.join(map(str, self.left))}）" if self.left else ""
        return f"共 {self.rows} 行 = {' + '.join(parts)}{told}。"

    @property
    def asides(self) -> list[str]:
        """What else the user must know: columns that nothing was taken from, and doubts about the file."""
        named = "、".join(f"{u.heading}（{u.filled} 格）" for u in self.unused)
        return [*([f"没有采用的列：{named}。"] if named else []), *self.notes]


def import_account(table: ImportedTable, *parts: tuple[str, int]) -> ImportAccount:
    """Return the account of a table whose rows were dealt with in these ways."""
    return ImportAccount(parts, table.left, table.unused, table.notes)


def no_rows_message(table: ImportedTable, what: str) -> str:
    """Return the sentence for a table without rows; what was left out may be what was meant."""
    left = f"略去的有：{'；'.join(map(str, table.left))}。" if table.left else ""
    return f"表头下面没有任何{what}。{left}"


def first_sentences(sentences: Sequence[str], told: int = 20) -> list[str]:
    """Return the first of many problems, and how many more there are."""
    more = [f"另有 {len(sentences) - told} 处问题未列出。"] if len(sentences) > told else []
    return [*sentences[:told], *more]
