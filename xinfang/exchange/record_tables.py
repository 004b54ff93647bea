"""The records of a package as tables: for a region whose clerks read them in, or look at them, in a spreadsheet.

The numbered fields with their codes and labels, a row a case; and the people of these cases, a row a person.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xinfang.exchange.case_record import PERSON_FIELDS, RECORD_FIELDS
from xinfang.exchange.protocol import ExchangeMessage
from xinfang.registers.exported_lists import PlainColumn
from xinfang.registers.files import CSV, XLSX, Sheet, write_csv, write_workbook

FOLDER = "tables/"
_WIDE = ("gkxx", "tsnr", "zz")
_RECORDS = tuple(
    PlainColumn(f.code, f"{f.number} {f.label}（{f.code}）", 40 if f.code in _WIDE else 14) for f in RECORD_FIELDS
)
_PERSONS = (
    PlainColumn("xfjbh", "信访件编号（xfjbh）", 16),
    *(PlainColumn(code, f"{label}（{code}）", 40 if code in _WIDE else 14) for code, label, _ in PERSON_FIELDS),
)


def record_tables(messages: Iterable[ExchangeMessage], mark: str) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of the tables; nothing where no message enters a case."""
    entries = [said for message in messages if "record" in (said := json.loads(message.content))]
    if not entries:
        return
    records = [_cells(entry["record"], _RECORDS) for entry in entries]
    persons = [
        _cells({"xfjbh": entry["number"], **person}, _PERSONS) for entry in entries for person in entry["persons"]
    ]
    for name, title, columns, rows in (
        ("records", "信访件交换记录", _RECORDS, records),
        ("persons", "信访人", _PERSONS, persons),
    ):
        sheet = Sheet(title, "", mark, columns)
        yield f"{FOLDER}{name}.{CSV}", write_csv(sheet, rows)
        yield f"{FOLDER}{name}.{XLSX}", write_workbook(sheet, rows)


def _cells(said: Mapping[str, Any], columns: Iterable[PlainColumn]) -> list[str]:
    return [str(said.get(column.code, "")) for column in columns]
