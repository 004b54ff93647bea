"""The columns a register can have: those of the ledgers that offices keep, with what each says of a case."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from xinfang.procedure.timing import is_late
from xinfang.procedure.words import Channel, Conclusion, MatterClass, Purpose, Route, Source, State
from xinfang.registers.case_rows import CaseRow
from xinfang.web.masking import masked, masked_address

Cell = str | int | date | None
"""What a cell holds: a text, a number, a day, or nothing."""

SEALED_WORDS = "密封件"


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """A column: its name, how wide it is (characters), what it says."""

    code: str
    label: str
    width: int
    read: Callable[[CaseRow], Cell]
    needs: str = ""
    """Which rows beside the case it is read from (`case_rows.BESIDE`)."""
    personal: bool = False
    """Whether it shows what is masked everywhere else. Never of a sealed case."""
    of_sealed: bool = False
    """Whether it says nothing of what a sealed report is about, nor of whom, and may be shown to its officer."""
    on_screen: bool = True


def _yes(holds: bool) -> str:
    return "是" if holds else "否"


def _who(row: CaseRow) -> str:
    if row.petition.anonymous:
        return "匿名"
    return "、".join(masked(p.name, p.kind) for p in row.people) or "姓名不清"


def _region(row: CaseRow) -> str:
    return "、".join(dict.fromkeys(masked_address(a) for p in row.people if (a := p.address)))


def _plain(row: CaseRow, field: str) -> str:
    return "、".join(dict.fromkeys(value for p in row.people if (value := str(getattr(p, field)))))


def _requests(row: CaseRow) -> str:
    texts = [row.without_names(r.text) for r in row.requests]
    return texts[0] if len(texts) == 1 else "；".join(f"{n}. {text}" for n, text in enumerate(texts, 1))


def _conclusions(row: CaseRow) -> str:
    words = [Conclusion.label_of(r.conclusion) for r in row.requests]
    if not any(words):
        return ""
    return words[0] if len(words) == 1 else "；".join(f"{n}. {w or '—'}" for n, w in enumerate(words, 1))


def _overdue(row: CaseRow) -> str:
    """Say whether the limit of handling was kept; nothing where none ever ran."""
    limits = row.limits_of_handling
    if not limits:
        return ""
    return _yes(any(is_late(limit.due, limit.stopped_on or row.day) for limit in limits))


def _last(days: Iterable[date | None]) -> date | None:
    return max((d for d in days if d), default=None)


COLUMNS: tuple[RegisterColumn, ...] = (
    RegisterColumn("number", "编号", 13, lambda r: r.petition.number, of_sealed=True, on_screen=False),
    RegisterColumn("received_on", "收到日期", 10, lambda r: r.petition.received_on, of_sealed=True),
    RegisterColumn(
        "channel", "信访形式", 7, lambda r: Channel.label_of(r.petition.channel), of_sealed=True, on_screen=False
    ),
    RegisterColumn("source", "来源", 12, lambda r: Source.label_of(r.petition.source)),
    RegisterColumn("sender", "来文机关", 14, lambda r: r.petition.sender),
    RegisterColumn("sender_number", "来文编号", 14, lambda r: r.petition.sender_number),
    RegisterColumn("external_number", "外部编号", 14, lambda r: r.petition.external_number),
    RegisterColumn("who", "姓名（已隐去）", 10, _who, needs="people", on_screen=False),
    RegisterColumn("people", "人数", 5, lambda r: r.petition.group_size),
    RegisterColumn("region", "住址（地区）", 11, _region, needs="people"),
    RegisterColumn("reception_place", "接待地点", 11, lambda r: r.petition.reception_place),
    RegisterColumn(
        "subject", "事由", 24, lambda r: r.without_names(r.petition.subject), needs="people", on_screen=False
    ),
    RegisterColumn("requests", "诉求", 28, _requests, needs="requests people", on_screen=False),
    RegisterColumn("category", "内容分类", 11, lambda r: r.petition.category.name if r.petition.category else ""),
    RegisterColumn("matter_class", "类别", 9, lambda r: MatterClass.label_of(r.petition.matter_class)),
    RegisterColumn("purpose", "信访目的", 9, lambda r: Purpose.label_of(r.petition.purpose)),
    RegisterColumn("route", "办理途径", 11, lambda r: Route.label_of(r.petition.route)),
    RegisterColumn("repeat", "重复件", 7, lambda r: _yes(r.petition.repeat_of_id is not None)),
    RegisterColumn(
        "unit",
        "承办单位",
        12,
        lambda r: r.petition.handling_unit.name if r.petition.handling_unit else "",
        of_sealed=True,
        on_screen=False,
    ),
    RegisterColumn("assisting", "协办单位", 12, lambda r: "、".join(r.assisting), needs="assisting"),
    RegisterColumn(
        "leader", "包案领导", 8, lambda r: r.petition.responsible_leader.name if r.petition.responsible_leader else ""
    ),
    RegisterColumn("handler", "承办人", 8, lambda r: r.petition.handler.name if r.petition.handler else ""),
    RegisterColumn("state", "办理状态", 9, lambda r: State.label_of(r.petition.state), of_sealed=True, on_screen=False),
    RegisterColumn("accepted_on", "受理日期", 10, lambda r: r.petition.accepted_on),
    RegisterColumn("told_on", "告知日期", 10, lambda r: _last(d.stopped_on for d in r.met("notice")), needs="limits"),
    RegisterColumn(
        "handling_due", "办结期限", 10, lambda r: _last(d.due for d in r.limits_of_handling), needs="limits"
    ),
    RegisterColumn("replied_on", "办结日期", 10, lambda r: r.petition.replied_on),
    RegisterColumn("reply_number", "答复文号", 14, lambda r: "、".join(r.reply_numbers), needs="replies"),
    RegisterColumn("served_on", "送达日期", 10, lambda r: r.petition.served_on),
    RegisterColumn("conclusion", "结论", 12, _conclusions, needs="requests"),
    RegisterColumn("closed_on", "结案日期", 10, lambda r: r.petition.closed_on),
    RegisterColumn("overdue", "是否超期", 7, _overdue, needs="limits"),
    RegisterColumn("supervised", "督办", 6, lambda r: _yes(r.petition.supervised)),
    RegisterColumn(
        "supervised_on", "督办日期", 10, lambda r: _last(d.started_on for d in r.limits("supervision")), needs="limits"
    ),
    RegisterColumn(
        "feedback_due", "督办反馈期限", 10, lambda r: _last(d.due for d in r.limits("supervision")), needs="limits"
    ),
    RegisterColumn(
        "feedback_on", "督办反馈日期", 10, lambda r: _last(d.stopped_on for d in r.met("supervision")), needs="limits"
    ),
    RegisterColumn(
        "name", "姓名", 12, lambda r: _plain(r, "name") or "匿名", needs="people", personal=True, on_screen=False
    ),
    RegisterColumn("phone", "电话", 13, lambda r: _plain(r, "phone"), needs="people", personal=True, on_screen=False),
    RegisterColumn(
        "address", "住址", 24, lambda r: _plain(r, "address"), needs="people", personal=True, on_screen=False
    ),
)
BY_CODE = {c.code: c for c in COLUMNS}
PERSONAL = tuple(c.code for c in COLUMNS if c.personal)
ON_SCREEN = tuple(c.code for c in COLUMNS if c.on_screen)
"""Columns that can be added to the list on the screen, beside those it always has."""
LEDGER = (
    "number", "received_on", "channel", "source", "sender_number", "who", "people", "region", "subject", "requests",
    "category", "unit", "leader", "handler", "accepted_on", "told_on", "handling_due", "replied_on", "reply_number",
    "conclusion", "overdue", "supervised", "state",
)  # fmt: skip
"""The 来信来访登记表 as an office keeps it."""


def read_columns(asked: Iterable[str], *, personal: bool = False) -> tuple[RegisterColumn, ...]:
    """Return the columns of these codes in the order of the table, personal ones only where they may be there.

    Unknown codes are left out.
    """
    wanted = set(asked)
    return tuple(c for c in COLUMNS if c.code in wanted and (personal or not c.personal))


def cell_of(column: RegisterColumn, row: CaseRow) -> Cell:
    """Return what a cell says; of a sealed report no more than its line in a list does (N30)."""
    if row.petition.sealed and not column.of_sealed:
        return SEALED_WORDS if column.code == "subject" else ""
    return column.read(row)


def text_of(cell: Cell) -> str:
    """Return a cell as text: days as 2026-11-22."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)
