"""Messages of a public board, from a workbook: each is registered as an online petition, through `perform`, once.

Columns are found by their headings 留言编号 留言用户 留言主题 留言时间 留言详情; others are named as left out. A row that can't be
registered is reported with its reason and nothing of it is kept; the others go on. Every row of the file is accounted for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from xinfang.actions.perform import perform
from xinfang.actions.tables import Account, Row, account_of
from xinfang.actions.workbook import Form, Unreadable, read_table
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.rules import Refused
from xinfang.procedure.shapes import Misshapen, load
from xinfang.procedure.steps.intake import Register
from xinfang.records.models import Event

__all__ = ["Imported", "Refusal", "Unreadable", "import_messages"]

NAMES = {
    "id": ("留言编号",),
    "user": ("留言用户",),
    "subject": ("留言主题",),
    "time": ("留言时间",),
    "text": ("留言详情",),
}
SUBJECT_MAX = 120
_ID_MAX = 40
_BATCH = 200


@dataclass(frozen=True)
class Refusal:
    """A row that was not registered, by its number in Excel, and why."""

    row: int
    reason: str
    sheet: str = ""
    """Where it stands, if the table goes over several."""

    def __str__(self) -> str:
        return f"{f'“{self.sheet}”' if self.sheet else ''}第 {self.row} 行：{self.reason}"


@dataclass(frozen=True)
class Imported:
    """Every row is registered now, was registered already, is refused, or is left out and named."""

    rows: int
    registered: int
    already: int
    refusals: tuple[Refusal, ...]
    account: Account


@dataclass(frozen=True)
class Message:
    """One message as the board has it, tidied."""

    row: Row
    number: str
    answers: dict[str, Any]

    @property
    def key(self) -> str:
        """What makes a message that is imported twice one petition."""
        return f"message:{self.number}"


def import_messages(
    source: Path | bytes,
    *,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    sheets: Sequence[str] = (),
    now: datetime | None = None,
) -> Imported:
    """Register every message of a workbook. With `dry_run` every check is made and nothing is kept.

    Raises Unreadable when the file as a whole can't be used. `sheets` are read even if hidden, and no others. `progress` is told how many rows of how many are done.
    """
    table = read_table(source, NAMES, Form(tuple(NAMES)), sheets=sheets, dated="time")
    rows = table.rows
    if not rows:
        raise Unreadable("表头下面没有任何留言。")
    registered = already = 0
    refusals: list[tuple[Row, Refusal]] = []
    first_seen: dict[str, Message] = {}
    for start in range(0, len(rows), _BATCH):
        batch = []
        for row in rows[start : start + _BATCH]:
            try:
                message = read_message(row)
            except ValueError as e:
                refusals.append(_refusal(row, str(e)))
                continue
            before = first_seen.setdefault(message.number, message)
            if before is message:
                batch.append(message)
            elif before.answers == message.answers:
                already += 1
            else:
                reason = f"留言编号 {message.number} 与{before.row.place}相同，但内容不同，请核对编号。"
                refusals.append(_refusal(row, reason))
        known = _known(batch)
        for message in batch:
            if message.key in known:
                number, body = known[message.key]
                if body == message.answers["body"]:
                    already += 1
                else:
                    reason = (
                        f"留言编号 {message.number} 已登记为 {number}，但内容不同；如有补充，请在该件上办理“补充”。"
                    )
                    refusals.append(_refusal(message.row, reason))
                continue
            try:
                if _register(message, dry_run, now):
                    registered += 1
                else:
                    already += 1
            except Misshapen as e:
                refusals.append(_refusal(message.row, "".join(e.problems.values())))
            except Refused as e:
                refusals.append(_refusal(message.row, "；".join(map(str, e.reasons))))
        if progress:
            progress(min(start + _BATCH, len(rows)), len(rows))
    account = account_of(table, ("登记", registered), ("已登记过", already), ("未登记", len(refusals)))
    order = {id(row): place for place, row in enumerate(rows)}
    told = [refusal for _, refusal in sorted(refusals, key=lambda r: order[id(r[0])])]
    return Imported(account.rows, registered, already, tuple(told), account)


def _refusal(row: Row, reason: str) -> tuple[Row, Refusal]:
    return row, Refusal(row.number, reason, row.head.sheet if row.several else "")


def _known(batch: list[Message]) -> dict[str, tuple[str, str]]:
    """The number and text of those already registered (1 query)."""
    events = Event.objects.filter(key__in=[m.key for m in batch])
    return {k: (n, b) for k, n, b in events.values_list("key", "petition__number", "petition__body")}


def _register(message: Message, dry_run: bool, now: datetime | None) -> bool:
    step = load(Register, message.answers)
    if not dry_run:
        return not perform(step, None, by=SYSTEM, key=message.key, now=now).again
    with transaction.atomic():
        done = perform(step, None, by=SYSTEM, key=message.key, now=now)
        transaction.set_rollback(True)
    return not done.again


def read_message(row: Row) -> Message:
    """The answers of a registration from one row. Raises ValueError with a sentence that names the column."""
    merged = "（单元格被合并，请取消合并后逐行填写）" if row.merged else ""
    number = row.identifier("id")
    if not number:
        raise ValueError(f"“留言编号”为空{merged}。没有编号就无法保证不重复登记。")
    if len(number) > _ID_MAX or not number.isprintable():
        raise ValueError(f"“留言编号”应为 {_ID_MAX} 字以内的编号。")
    try:
        day = row.day("time")
    except ValueError as e:
        raise ValueError(f"“留言时间”{e}{merged}。请写成 2019-04-25 9:32:09 的样子。") from None
    subject, text = " ".join(row.text("subject").split()), tidy(row.text("text"))
    if not subject and not text:
        raise ValueError(f"“留言主题”和“留言详情”都是空的{merged}。")
    if len(subject) > SUBJECT_MAX:
        # The whole heading stays readable at the head of the text.
        text = f"{subject}\n{text}".strip()
    answers = {
        "channel": "online",
        "source": "direct",
        "received_on": day.isoformat(),
        "subject": _short(subject or " ".join(text.split())),
        "body": text or subject,
        "persons": [{"name": row.text("user")}],
        "external_number": f"留言{number}",
    }
    return Message(row, number, answers)


def _short(text: str) -> str:
    return text if len(text) <= SUBJECT_MAX else text[: SUBJECT_MAX - 1] + "…"


def tidy(text: str) -> str:
    """The text without the indentation and blank lines that pages leave in an export; no word is touched."""
    lines = (line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)
