"""The board of supervision as a list that can be exported: one row a ground, of cases and units, never of persons."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from xinfang.accounts.queries.staff import all_units
from xinfang.core.clock import today
from xinfang.procedure.facts import Actor
from xinfang.procedure.supervision import GroundOfSupervision, ground_sentence
from xinfang.procedure.visibility import IS_SUPERVISED, SUPERVISES, without
from xinfang.procedure.words import Role, State
from xinfang.registers.columns import SEALED_WORDS, Cell
from xinfang.registers.exported_lists import ExportedList, PlainColumn
from xinfang.supervision.queries.board import (
    CURSOR_FIELDS,
    BoardFilter,
    board_rows,
    cases_with_grounds,
    filtered_board,
)

_COLUMNS = (
    PlainColumn("ground", "督办事由", 18),
    PlainColumn("number", "编号", 15),
    PlainColumn("subject", "事由", 36),
    PlainColumn("unit", "责任单位", 18),
    PlainColumn("handled_by", "承办单位", 18),
    PlainColumn("handler", "承办人", 10),
    PlainColumn("state", "办理状态", 12),
    PlainColumn("found", "认定", 40),
    PlainColumn("since", "成立日期", 12),
    PlainColumn("due", "期限", 12),
    PlainColumn("supervised", "已督办", 8),
)
_BATCH = 500


def _filter(criteria: Mapping[str, str]) -> BoardFilter:
    ground = GroundOfSupervision.get(criteria.get("ground", ""))
    unit = criteria.get("unit", "")
    keys = {u.code: u.pk for u in all_units()} if unit else {}
    return BoardFilter(ground.value if ground else "", keys.get(unit), unit == "none")


def _keys(actor: Actor, criteria: Mapping[str, str], day: date, most: int) -> list[int]:
    rows = filtered_board(cases_with_grounds(without(actor, Role.LEGAL_ADVISER), day), _filter(criteria))
    return list(rows.order_by(*CURSOR_FIELDS).values_list("pk", flat=True)[:most])


def _seen(actor: Actor, keys: Sequence[int], personal: bool) -> set[int]:
    rows = cases_with_grounds(without(actor, Role.LEGAL_ADVISER), today())
    found: set[int] = set()
    for start in range(0, len(keys), _BATCH):
        found |= set(rows.filter(pk__in=keys[start : start + _BATCH]).values_list("pk", flat=True))
    return found


def _rows(
    actor: Actor, keys: Sequence[int], codes: Sequence[str], day: date, personal: bool
) -> Iterator[tuple[int, list[Cell]]]:
    seen = board_rows(cases_with_grounds(without(actor, Role.LEGAL_ADVISER), day))
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        found = {row.pk: row for row in seen.filter(pk__in=batch)}
        for row in (found[key] for key in batch if key in found):
            case, unit = row.petition, row.unit.name if row.unit else ""
            said: dict[str, Cell] = {
                "ground": row.rule.ground.label,
                "number": case.number,
                "subject": SEALED_WORDS if case.sealed else case.subject,
                "unit": unit or "办公室",
                "handled_by": case.handling_unit.name if case.handling_unit else "",
                "handler": case.handler.name if case.handler else "",
                "state": State.label_of(case.state),
                "found": ground_sentence(row.found, day, unit),
                "since": row.since,
                "due": row.due,
                "supervised": "是" if case.supervised else "否",
            }
            yield row.pk, [said[c.code] for c in _COLUMNS if c.code in codes]


def _words(criteria: Mapping[str, str], day: date) -> list[str]:
    ground, unit = GroundOfSupervision.get(criteria.get("ground", "")), criteria.get("unit", "")
    name = "办公室" if unit == "none" else next((u.name for u in all_units() if u.code == unit), "")
    return [f"{label}：{words}" for label, words in (("事由", ground and ground.label), ("责任单位", name)) if words]


LISTS = (
    ExportedList(
        "grounds",
        "督办事由",
        tuple(dict.fromkeys((*SUPERVISES, *IS_SUPERVISED))),
        _COLUMNS,
        ("ground", "unit"),
        _keys,
        _seen,
        _rows,
        _words,
    ),
)
