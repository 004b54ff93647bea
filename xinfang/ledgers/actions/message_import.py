"""Messages of a public board, from a workbook: each becomes one petition, through `perform`, once.

Columns are found by their headings 留言编号 留言用户 留言主题 留言时间 留言详情; others are named as left out. A message whose 15 days to
inform are over comes in as history, any other as an open online petition. A row that can't be registered is reported
with its reason and nothing of it is kept; the others go on. Every row of the file is accounted for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from xinfang.audit.actions import audit_log
from xinfang.cases.actions.decided_step import StepResult
from xinfang.cases.actions.perform import begin_many, perform
from xinfang.cases.models import Event
from xinfang.core.clock import today
from xinfang.core.table_files import TableLayout, UnreadableWorkbook, read_table
from xinfang.core.table_rows import (
    ImportAccount,
    ImportedTable,
    TableRow,
    UnusedColumn,
    import_account,
    no_rows_message,
)
from xinfang.ledgers.actions.sweep_preview import NextSweep, SweepPreview
from xinfang.ledgers.entries import MAX_SUBJECT_CHARACTERS, short_subject, tidy_text
from xinfang.ledgers.values import is_answer
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import InvalidAnswer, load_step
from xinfang.procedure.steps.corrections import is_history
from xinfang.procedure.steps.history_import import ImportHistory
from xinfang.procedure.steps.intake import Register
from xinfang.vault.sm_ciphers import sm3

__all__ = ["MessageImportReport", "RefusedRow", "UnreadableWorkbook", "import_messages"]

REQUIRED_COLUMNS = {
    "id": ("留言编号",),
    "user": ("留言用户",),
    "subject": ("留言主题",),
    "time": ("留言时间",),
    "text": ("留言详情",),
}
COLUMN_NAMES = {**REQUIRED_COLUMNS, "reply": ("答复意见",), "replied": ("答复时间",)}
_MAX_ID_CHARACTERS = 40
_ROWS_PER_BATCH = 200


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not registered, by its number in Excel, and why."""

    row: int
    reason: str
    sheet: str = ""
    """The sheet it is on, if the table goes over several."""

    def __str__(self) -> str:
        return f"{f'“{self.sheet}”' if self.sheet else ''}第 {self.row} 行：{self.reason}"


@dataclass(frozen=True)
class MessageImportReport:
    """Every row is registered now, was registered already, is refused, or is left out and named.

    Of those registered `history` came in as history, the others are open; `next_sweep` is what the sweep will do about
    these.
    """

    rows: int
    registered: int
    already: int
    refusals: tuple[RefusedRow, ...]
    account: ImportAccount
    history: int
    next_sweep: SweepPreview
    unanswered: tuple[str, ...] = ()
    """The numbers of the messages in the history of which the file records no answer: somebody may still be owed
    one."""

    @property
    def open(self) -> int:
        """Those registered that are still to be handled, that is, not history."""
        return self.registered - self.history


@dataclass(frozen=True)
class BoardMessage:
    """One message as the board has it, tidied; `reply` is what it says of an answer."""

    row: TableRow
    number: str
    received_on: date
    answers: dict[str, Any]
    reply: dict[str, str]

    @property
    def key(self) -> str:
        """What makes a message that is imported twice one petition."""
        return f"message:{self.number}"


def import_messages(
    source: Path | bytes,
    *,
    named: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    sheets: Sequence[str] = (),
    now: datetime | None = None,
) -> MessageImportReport:
    """Register every message of a workbook. With `dry_run` every check is made and nothing is kept.

    `named` is the file's name where only its content is given. `sheets` are read even if hidden, and no others.
    `progress` is told how many rows of how many are done.

    Raises:
        UnreadableWorkbook: the file as a whole can't be used, or has no rows.
    """
    table = read_table(source, COLUMN_NAMES, TableLayout(tuple(REQUIRED_COLUMNS)), sheets=sheets, dated="time")
    if not table.rows:
        raise UnreadableWorkbook(no_rows_message(table, "留言"))
    content = source.read_bytes() if isinstance(source, Path) else source
    file = {
        "file": (named or (source.name if isinstance(source, Path) else "留言"))[:200],
        "file_digest": sm3(content).hex(),
    }
    run = _Import(file, dry_run, now)
    for start in range(0, len(table.rows), _ROWS_PER_BATCH):
        run.batch(table.rows[start : start + _ROWS_PER_BATCH])
        if progress:
            progress(min(start + _ROWS_PER_BATCH, len(table.rows)), len(table.rows))
    done = run.done(table)
    if not dry_run:
        counts = {"rows": done.rows, "registered": done.registered, "history": done.history, "already": done.already}
        audit_log.record(
            None, "导入留言", file["file"], **counts, refused=len(done.refusals), digest=file["file_digest"]
        )
    return done


@dataclass
class _Import:
    """One run: it counts, and remembers which numbers it has met."""

    file: dict[str, str]
    dry_run: bool
    now: datetime | None
    registered: int = 0
    history: int = 0
    already: int = 0
    replies_left: int = 0
    unanswered: list[str] = field(default_factory=list)
    refusals: list[tuple[TableRow, str]] = field(default_factory=list)
    first_seen: dict[str, BoardMessage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.day = today(self.now)
        self.sweep = NextSweep(self.day)

    def batch(self, rows: Sequence[TableRow]) -> None:
        """Register some rows; one query asks for all of them whether they are known."""
        messages = [m for m in map(self._read, rows) if m is not None]
        known = _known(messages)
        old: list[BoardMessage] = []
        for message in messages:
            if message.key not in known and is_history(message.received_on, self.day):
                old.append(message)
            elif message.key not in known:
                self._register(message)
            elif known[message.key][1] == message.answers["body"]:
                self.already += 1
            else:
                number = known[message.key][0]
                reason = f"留言编号 {message.number} 已登记为 {number}，但内容不同；如有补充，请在该件上办理“补充”（历史件先恢复办理）。"
                self.refusals.append((message.row, reason))
        self._bring_in(old)

    def _bring_in(self, old: Sequence[BoardMessage]) -> None:
        """Bring in what is history, all in one transaction, as a ledger is."""
        steps, messages = [], []
        for message in old:
            try:
                steps.append((load_step(ImportHistory, {**message.answers, **self.file, **message.reply}), message.key))
                messages.append(message)
            except InvalidAnswer as e:
                self.refusals.append((message.row, "".join(e.problems.values())))
        now = self.now or timezone.now()
        for message, done in zip(messages, begin_many(steps, by=SYSTEM, now=now, dry_run=self.dry_run), strict=True):
            if isinstance(done, Refused):
                self.refusals.append((message.row, "；".join(map(str, done.reasons))))
            elif isinstance(done, InvalidAnswer):
                self.refusals.append((message.row, "".join(done.problems.values())))
            else:
                self.registered += 1
                self.history += 1
                if not is_answer(message.reply["reply"]):
                    self.unanswered.append(message.number)

    def _read(self, row: TableRow) -> BoardMessage | None:
        """Return the message of a row that is to be registered; otherwise count or refuse the row and return None."""
        try:
            message = read_message(row)
        except ValueError as e:
            self.refusals.append((row, str(e)))
            return None
        before = self.first_seen.setdefault(message.number, message)
        if before is message:
            return message
        if before.answers == message.answers:
            self.already += 1
        else:
            reason = f"留言编号 {message.number} 与{before.row.place}相同，但内容不同，请核对编号。"
            self.refusals.append((row, reason))
        return None

    def _register(self, message: BoardMessage) -> None:
        try:
            step = load_step(Register, message.answers)
            done = self._perform(step, message.key)
        except InvalidAnswer as e:
            self.refusals.append((message.row, "".join(e.problems.values())))
        except Refused as e:
            self.refusals.append((message.row, "；".join(map(str, e.reasons))))
        else:
            if done.again:
                self.already += 1
                return
            self.registered += 1
            self.replies_left += bool(message.reply["reply"])
            self.sweep.look(done.petition, done.facts)

    def _perform(self, step: Register, key: str) -> StepResult:
        if not self.dry_run:
            return perform(step, None, by=SYSTEM, idempotency_key=key, now=self.now)
        with transaction.atomic():
            done = perform(step, None, by=SYSTEM, idempotency_key=key, now=self.now)
            transaction.set_rollback(True)
        return done

    def done(self, table: ImportedTable) -> MessageImportReport:
        """Return the report: the refusals in the order of the file, and where every row went."""
        parts = (("登记", self.registered), ("已登记过", self.already), ("未登记", len(self.refusals)))
        account = import_account(table, *parts)
        if self.replies_left:
            account = replace(
                account, unused=(*account.unused, UnusedColumn("答复意见（在办件的）", self.replies_left))
            )
        order = {id(row): place for place, row in enumerate(table.rows)}
        refusals = (
            RefusedRow(row.number, reason, row.head.sheet if row.several else "")
            for row, reason in sorted(self.refusals, key=lambda r: order[id(r[0])])
        )
        return MessageImportReport(
            account.rows,
            self.registered,
            self.already,
            tuple(refusals),
            account,
            self.history,
            self.sweep.foreseen,
            tuple(self.unanswered),
        )


def _known(batch: list[BoardMessage]) -> dict[str, tuple[str, str]]:
    """Return the number and text of those already registered, by key (1 query)."""
    events = Event.objects.filter(key__in=[m.key for m in batch])
    return {k: (n, b) for k, n, b in events.values_list("key", "petition__number", "petition__body") if k}


def read_message(row: TableRow) -> BoardMessage:
    """Return the answers of a registration from one row.

    Raises:
        ValueError: the row can't be registered; the sentence names the column.
    """
    merged = "（单元格被合并，请取消合并后逐行填写）" if row.merged else ""
    number = row.identifier("id")
    if not number:
        raise ValueError(f"“留言编号”为空{merged}。没有编号就无法保证不重复登记。")
    if len(number) > _MAX_ID_CHARACTERS or not number.isprintable():
        raise ValueError(f"“留言编号”应为 {_MAX_ID_CHARACTERS} 字以内的编号。")
    try:
        day = row.day("time")
    except ValueError as e:
        raise ValueError(f"“留言时间”{e}{merged}。请写成 2019-04-25 9:32:09 的样子。") from None
    subject, text = " ".join(row.text("subject").split()), tidy_text(row.text("text"))
    if not subject and not text:
        raise ValueError(f"“留言主题”和“留言详情”都是空的{merged}。")
    if len(subject) > MAX_SUBJECT_CHARACTERS:
        # The whole heading stays readable at the head of the text.
        text = f"{subject}\n{text}".strip()
    answers = {
        "channel": "online",
        "source": "direct",
        "received_on": day.isoformat(),
        "subject": short_subject(subject or " ".join(text.split())),
        "body": text or subject,
        "persons": [{"name": row.text("user")}],
        "external_number": f"留言{number}",
    }
    reply = {"reply": tidy_text(row.text("reply")), "replied": _when(row)}
    return BoardMessage(row, number, day, answers, reply)


def _when(row: TableRow) -> str:
    """Return when the board says it was answered: as a day, or as it is written."""
    try:
        return row.day("replied").isoformat()
    except ValueError:
        value = row.cells.get("replied")
        return value.strip()[:200] if isinstance(value, str) else ""
