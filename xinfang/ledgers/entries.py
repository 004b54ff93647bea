"""What a row of a ledger says, as the answers of a step: read in one way for the dry run, the import and a comparison.

Every fault of a row is said at once, with the cell. What no field of ours has is kept as it is, a line each.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xinfang.core.table_files import heading_of
from xinfang.core.table_rows import TableHeader, TableRow
from xinfang.ledgers import values
from xinfang.ledgers.fields import FIELDS, NOTED
from xinfang.ledgers.reading import LedgerSheet, SheetRow, sample_of
from xinfang.procedure.limits import MAX_TEXT_CHARACTERS
from xinfang.procedure.written_dates import parse_day

MAX_SUBJECT_CHARACTERS = 120
MAX_NUMBER_CHARACTERS = 40
_MAX_WORDS = 200


@dataclass(frozen=True)
class LedgerMatches:
    """What values of a ledger are matched with: codes of units and categories by name, the last day, the usual channel.

    `channel` is taken where a row says none; without it such a row is refused.
    """

    units: Mapping[str, str]
    categories: Mapping[str, str]
    today: date
    channel: str = ""


@dataclass(frozen=True)
class RefusedLedgerRow:
    """Why a row isn't taken: the sheet, its number in Excel, and every reason."""

    sheet: str
    row: int
    reasons: tuple[str, ...]

    @property
    def place(self) -> str:
        """“2023年”第 12 行."""
        return place_of(self.sheet, self.row)

    def __str__(self) -> str:
        return f"{self.place}：{'；'.join(self.reasons)}"


@dataclass(frozen=True)
class LedgerEntry:
    """One matter of a ledger: where it is, its number there, when it came, and the answers of its step."""

    sheet: str
    row: int
    number: str
    received_on: date
    answers: Mapping[str, Any]
    ended: bool | None
    """Whether the ledger says that it is over; None where it says nothing of it."""

    @property
    def place(self) -> str:
        """“2023年”第 12 行."""
        return place_of(self.sheet, self.row)

    def content(self) -> str:
        """Return all that was said, in one spelling."""
        return json.dumps([self.number, self.answers], ensure_ascii=False, sort_keys=True, default=str)

    def identity(self, *, numbered: bool) -> str:
        """Return what makes two rows one matter: number and year; without a number what it is about."""
        if numbered and self.number:
            return f"{self.number}\0{self.received_on.year}"
        a = self.answers
        return "\0".join([str(self.received_on), a["subject"], a["body"], *(p.get("name", "") for p in a["persons"])])


def place_of(sheet: str, row: int) -> str:
    """Return where a row is, in words."""
    return f"“{sheet}”第 {row} 行" if sheet else f"第 {row} 行"


@dataclass
class _Reader:
    row: TableRow
    faults: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        try:
            return tidy_text(self.row.text(name))
        except ValueError as e:
            self.faults.append(str(e))
            return ""

    def line(self, name: str) -> str:
        return " ".join(self.text(name).split())

    def value(self, name: str, read: Any, default: Any) -> Any:
        """Return a cell as `read` understands its text; the fault names the cell."""
        text = self.line(name)
        try:
            return read(text)
        except ValueError as e:
            self.faults.append(f"{self.row.cell_name(name)}“{text[:30]}”{e}")
            return default


def read_entries(
    sheet: LedgerSheet, columns: Mapping[str, str], known: LedgerMatches
) -> tuple[list[LedgerEntry], list[RefusedLedgerRow]]:
    """Return the matters of a sheet, and its rows that can't be read, in their order."""
    places: dict[str, int] = {}
    noted: list[int] = []
    for at, heading in enumerate(sheet.headings):
        code = columns.get(heading, "")
        if code in FIELDS:
            places.setdefault(code, at)
        elif code == NOTED:
            noted.append(at)
    names = {code: (sheet.headings[at],) for code, at in places.items()}
    years = _years(sheet, places.get("day"))
    entries: list[LedgerEntry] = []
    faults: list[RefusedLedgerRow] = []
    for place, row in enumerate(sheet.rows):
        head = TableHeader(names, places, sheet.title, sheet.year or years[place])
        table_row = TableRow(row.number, {code: row.cells[at] for code, at in places.items()}, head=head)
        reader = _Reader(table_row)
        entry = _entry(reader, sheet, row, noted, known)
        if reader.faults or entry is None:
            faults.append(RefusedLedgerRow(sheet.title, row.number, tuple(dict.fromkeys(reader.faults))))
        else:
            entries.append(entry)
    return entries, faults


def _years(sheet: LedgerSheet, column: int | None) -> list[int | None]:
    """Return for each row the year of the rows around it: where the last dated one and the next one agree."""
    if column is None:
        return [None] * len(sheet.rows)
    own: list[int | None] = []
    for row in sheet.rows:
        cell = row.cells[column]
        try:
            own.append(cell.year if isinstance(cell, date) else parse_day(str(cell)).year)
        except ValueError:
            own.append(None)
    after: list[int | None] = [None] * len(own)
    for at in range(len(own) - 2, -1, -1):
        after[at] = own[at + 1] or after[at + 1]
    found: list[int | None] = []
    before: int | None = None
    for at, year in enumerate(own):
        around = {y for y in (before, after[at]) if y}
        found.append(around.pop() if len(around) == 1 else None)
        before = year or before
    return found


def _entry(
    reader: _Reader, sheet: LedgerSheet, row: SheetRow, noted: Sequence[int], known: LedgerMatches
) -> LedgerEntry | None:
    table = reader.row
    number = _number(reader)
    received = _day(reader, "day")
    if received and received > known.today:
        reader.faults.append(f"{table.cell_name('day')}{received} 在今天之后")
    subject, body = reader.line("subject"), reader.text("body")
    if not subject and not body:
        reader.faults.append("没有写明事由和内容")
    whole = f"{subject}\n{body}".strip() if len(subject) > MAX_SUBJECT_CHARACTERS else body or subject
    if len(whole) > MAX_TEXT_CHARACTERS:
        reader.faults.append(f"内容共 {len(whole)} 个字，超过 {MAX_TEXT_CHARACTERS} 字的上限")
    channel = reader.line("channel")
    if channel or not known.channel:
        channel = reader.value("channel", values.channel_of, "") if channel else _missing(reader, "信访形式")
    else:
        channel = known.channel
    who = reader.value("name", values.names_of, values.Names((), 1, False))
    phone, id_number = reader.value("phone", values.phone_of, ""), _id_number(reader)
    people = max(reader.value("group_size", values.people_in, 1), who.people)
    over = reader.value("state", values.is_ended, None)
    result, reply = reader.text("result"), reader.text("reply")
    ended, replied = _said_day(reader, "ended", received, known), _said_day(reader, "replied", received, known)
    unit, category = reader.line("unit"), reader.line("category")
    kept = {heading: sample_of(row.cells[at]) for at in noted if (heading := sheet.headings[at])}
    code = values.matching(category, known.categories)
    if category and not code:
        kept[_label(table, "category")] = category
    matched = values.matching(unit, known.units)
    if matched and known.units.get(unit) != matched:
        unit = f"{next(n for n, c in known.units.items() if c == matched)}（原表：{unit}）"
    if received is None or reader.faults:
        return None
    persons = [{"name": name} for name in who.names]
    about = {"phone": phone, "id_number": id_number, "address": reader.line("address")[:_MAX_WORDS]}
    said = {k: v for k, v in about.items() if v}
    if said:
        persons = [{**(persons[0] if persons else {}), **said}, *persons[1:]]
    answers: dict[str, Any] = {
        "channel": str(channel),
        "received_on": received.isoformat(),
        "subject": short_subject(subject or " ".join(body.split())),
        "body": whole,
        "persons": persons,
        "anonymous": who.anonymous and not who.names,
        "group_size": people,
        "external_number": number,
        "reply": reply,
        "replied": replied,
        "result": result,
        "ended": ended,
        "handled_by": unit[:_MAX_WORDS],
        "noted": "\n".join(f"{heading}：{text}" for heading, text in kept.items() if text),
    }
    if code:
        answers["category"] = code
    if over is None and (ended or any(values.is_answer(text) for text in (result, reply))):
        over = True
    return LedgerEntry(sheet.title, row.number, number, received, answers, over)


def _missing(reader: _Reader, label: str) -> str:
    reader.faults.append(f"没有写明{label}")
    return ""


def _label(row: TableRow, name: str) -> str:
    return row.head.names[name][0]


def _number(reader: _Reader) -> str:
    try:
        number = reader.row.identifier("number")
    except ValueError as e:
        reader.faults.append(str(e))
        return ""
    if len(number) > MAX_NUMBER_CHARACTERS or not (number.isprintable() or not number):
        reader.faults.append(f"{reader.row.cell_name('number')}应为 {MAX_NUMBER_CHARACTERS} 字以内的编号")
        return ""
    return number


def _id_number(reader: _Reader) -> str:
    try:
        reader.row.identifier("id_number")
    except ValueError as e:
        reader.faults.append(str(e))
        return ""
    return str(reader.value("id_number", values.id_number_of, ""))


def _day(reader: _Reader, name: str) -> date | None:
    try:
        return reader.row.day(name)
    except ValueError as e:
        reader.faults.append(f"{reader.row.cell_name(name)}{e}")
        return None


def _said_day(reader: _Reader, name: str, received: date | None, known: LedgerMatches) -> str:
    """Return a day of what became of it, as a day or as it is written."""
    value = reader.row.cells.get(name, "")
    if value is None or value == "":
        return ""
    try:
        day = reader.row.day(name)
    except ValueError:
        return reader.line(name)[:_MAX_WORDS]
    if received and day < received:
        reader.faults.append(f"{reader.row.cell_name(name)}{day} 早于收到日期 {received}")
    if day > known.today:
        reader.faults.append(f"{reader.row.cell_name(name)}{day} 在今天之后")
    return day.isoformat()


def short_subject(text: str) -> str:
    """Return a subject of at most the characters that one may have."""
    return text if len(text) <= MAX_SUBJECT_CHARACTERS else text[: MAX_SUBJECT_CHARACTERS - 1] + "…"


def tidy_text(text: str) -> str:
    """Return the text without the indentation and blank lines that pages leave in an export; no word is touched."""
    lines = (line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def numbered(entries: Iterable[LedgerEntry]) -> bool:
    """Tell whether the numbers of a ledger tell its matters apart: no two rows of one year have the same."""
    seen = set()
    for entry in entries:
        if entry.number:
            if (mark := (entry.number, entry.received_on.year)) in seen:
                return False
            seen.add(mark)
    return True


def headings_of(sheets: Iterable[LedgerSheet]) -> list[str]:
    """Return all headings of these sheets, each once."""
    return list(dict.fromkeys(h for sheet in sheets for h in sheet.headings if heading_of(h)))
