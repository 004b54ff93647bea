"""我的待办 as a list that can be exported: a row a case that waits for the reader, in the order of the page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from xinfang.cases.models.case import NO_DUE_DATE
from xinfang.cases.queries.inbox import TABS, inbox_keys, words_asked
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.exports import EXPORTS_CASES
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import without
from xinfang.procedure.words import Role
from xinfang.registers.case_rows import BATCH, CaseRow, read_rows
from xinfang.registers.columns import BY_CODE, Cell, cell_of
from xinfang.registers.exported_lists import CASES, ExportedList, PlainColumn

_FOREVER = date.fromisoformat(NO_DUE_DATE)
_OF_THE_CASE = ("number", "subject", "who", "state", "unit")
"""Columns that say what they say in every register."""
_COLUMNS = (
    PlainColumn("due", "办理期限", 12),
    PlainColumn("clock", "期限名称", 16),
    PlainColumn("number", "编号", 15),
    PlainColumn("subject", "事由", 36),
    PlainColumn("who", "信访人", 12),
    PlainColumn("state", "状态", 12),
    PlainColumn("asked", "需要我做什么", 30),
    PlainColumn("unit", "承办单位", 18),
)


def _reader(actor: Actor) -> Actor:
    # What an adviser was sent is read on its own page and leaves it in no list (H13).
    return without(actor, Role.LEGAL_ADVISER)


def _keys(actor: Actor, criteria: Mapping[str, str], day: date, most: int) -> list[int]:
    return inbox_keys(_reader(actor), criteria.get("tab", ""), day, most)


def _rows(
    actor: Actor, keys: Sequence[int], codes: Sequence[str], day: date, personal: bool
) -> Iterator[tuple[int, list[Cell]]]:
    reader = _reader(actor)
    seen = visible_to(reader, each=True)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        asked = words_asked(batch, reader)
        for row in read_rows(seen, batch, ["people"], day):
            said = _said(row, asked.get(row.petition.pk, []))
            yield row.petition.pk, [said[c.code] for c in _COLUMNS if c.code in codes]


def _said(row: CaseRow, asked: Sequence[str]) -> dict[str, Cell]:
    case = row.petition
    waits = case.next_due < _FOREVER
    return {code: cell_of(BY_CODE[code], row) for code in _OF_THE_CASE} | {
        "due": case.next_due if waits else None,
        "clock": case.next_clock_label if waits else "",
        "asked": "；".join(row.without_names(words) for words in dict.fromkeys(asked)),
    }


def _words(criteria: Mapping[str, str], day: date) -> list[str]:
    tab = criteria.get("tab", "")
    return [f"分组：{TABS[tab]}"] if tab in TABS and tab != "all" else []


LISTS = (ExportedList("inbox", "我的待办", EXPORTS_CASES, _COLUMNS, ("tab",), _keys, CASES.seen, _rows, _words),)
