"""A ledger is tried, brought in as history, and taken back as a whole.

The dry run and the import read and decide every row by the same code; only the import writes. It goes on where it was
broken off: a row that is here already is known by its keyed mark in the key of its event.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import directory
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.actions.decided_step import DecidedStep, StepResult
from xinfang.cases.actions.perform import begin_many, perform
from xinfang.cases.models import Event, Petition
from xinfang.categories.queries import category_names
from xinfang.core.clock import today
from xinfang.core.table_rows import SkippedRows
from xinfang.ledgers.entries import (
    LedgerEntry,
    LedgerMatches,
    RefusedLedgerRow,
    headings_of,
    numbered,
    read_entries,
)
from xinfang.ledgers.fields import FIELDS, NEEDED, SAYS_WHAT, SKIP
from xinfang.ledgers.models import LedgerImport
from xinfang.ledgers.reading import LedgerSheet, read_ledger
from xinfang.matters.queries.ties import ties_of
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import InvalidAnswer, StaffCode, load_step
from xinfang.procedure.steps.history_import import ImportHistory, UndoImport
from xinfang.procedure.words import State
from xinfang.vault.keys import keyring

ROWS_AT_ONCE = 300
"""Rows of one transaction: a kill in between loses no more, and others wait no longer."""
SHOWN = 20
"""Rows that are shown as they will be."""
_KEY = "ledger:"
_MARK_DIGITS = 20
_State = LedgerImport.State


@dataclass(frozen=True)
class LedgerAccount:
    """Where every row of the chosen sheets went. `left` are the rows that are no matters, by sheet."""

    taken: int = 0
    already: int = 0
    refused: int = 0
    left: int = 0
    refusals: tuple[RefusedLedgerRow, ...] = ()
    skipped: tuple[str, ...] = ()
    """What was left out, in words."""
    unused: tuple[str, ...] = ()
    """Headings of columns that nothing was taken from."""
    notes: tuple[str, ...] = ()
    shown: tuple[dict[str, str], ...] = ()
    """The first rows as they will be."""

    @property
    def rows(self) -> int:
        """All rows of the sheets that were read, titles and empty ones among them."""
        return self.taken + self.already + self.refused + self.left

    def __str__(self) -> str:
        parts = f"登记 {self.taken} + 已导入过 {self.already} + 未登记 {self.refused} + 略去 {self.left}"
        told = f"（{'；'.join(self.skipped)}）" if self.skipped else ""
        return f"共 {self.rows} 行 = {parts}{told}。"


def account_as_json(account: LedgerAccount) -> dict[str, Any]:
    """Return an account as plain data, to be kept."""
    return asdict(account)


def account_of_json(kept: Mapping[str, Any]) -> LedgerAccount:
    """Return a kept account."""
    refusals = tuple(RefusedLedgerRow(r["sheet"], r["row"], tuple(r["reasons"])) for r in kept.get("refusals", ()))
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in kept.items() if k != "refusals"}
    return LedgerAccount(**plain, refusals=refusals)


@dataclass(frozen=True)
class LedgerChoice:
    """What of a file is taken, and how: sheets by title, a field for each heading, the channel where none is said."""

    sheets: tuple[str, ...]
    columns: Mapping[str, str]
    channel: str = ""

    def faults(self, sheets: Sequence[LedgerSheet]) -> list[str]:
        """Return what is wrong with it as a whole, a sentence each."""
        wrong = []
        chosen = [s for s in sheets if s.title in self.sheets]
        if not chosen:
            wrong.append("请至少选一个工作表。")
        if missing := [s.title for s in chosen if not s.header]:
            wrong.append(
                f"工作表{'、'.join(f'“{t}”' for t in missing)}没有认出表头，请不要选它，或者在表中补上一行列名。"
            )
        used = [code for h in headings_of(chosen) if (code := self.columns.get(h)) in FIELDS]
        wrong += [f"“{FIELDS[c].label}”没有对应的列，请选择。" for c in NEEDED if c not in used]
        if not set(SAYS_WHAT) & set(used):
            wrong.append("“事由”和“内容”至少要有一项对应的列。")
        for sheet in chosen:
            codes = [self.columns.get(h, "") for h in sheet.headings]
            twice = {c for c in codes if c in FIELDS and codes.count(c) > 1}
            wrong += [f"工作表“{sheet.title}”有两列都对应“{FIELDS[c].label}”，请只留一列。" for c in sorted(twice)]
        return list(dict.fromkeys(wrong))


@dataclass
class _Brought:
    """What was brought in before: the mark of its content, and its number."""

    content: str
    number: str


def matches_of(choice: LedgerChoice, now: datetime) -> LedgerMatches:
    """Return what the values of a ledger are matched with now (2 queries)."""
    day = today(now)
    units = {unit.name: code for code, unit in directory(day).units.items()}
    names: dict[str, list[str]] = {}
    for category in category_names():
        names.setdefault(category.name, []).append(category.code)
    alone = {name: codes[0] for name, codes in names.items() if len(codes) == 1}
    return LedgerMatches(units, alone, day, choice.channel)


@dataclass
class LedgerRun:
    """One pass over a ledger. With `dry_run` nothing is written.

    `batch` names the import in the keys of its events, `by` who brings it in.
    """

    choice: LedgerChoice
    file: str
    digest: str
    by: Staff | None
    now: datetime
    batch: int = 0
    dry_run: bool = True
    progress: Callable[[int, int], None] | None = None
    taken: int = 0
    already: int = 0
    refusals: list[RefusedLedgerRow] = field(default_factory=list)
    shown: list[dict[str, str]] = field(default_factory=list)

    def over(self, sheets: Sequence[LedgerSheet]) -> LedgerAccount:
        """Take every row of the chosen sheets, in the order of the days on which they were received.

        Raises:
            AdminChangeRefused: the choice can't be right.
        """
        if wrong := self.choice.faults(sheets):
            raise AdminChangeRefused(*wrong)
        chosen = [s for s in sheets if s.title in self.choice.sheets]
        matches = matches_of(self.choice, self.now)
        entries: list[LedgerEntry] = []
        for sheet in chosen:
            read, faulty = read_entries(sheet, self.choice.columns, matches)
            entries += read
            self.refusals += faulty
        total = len(entries)
        entries.sort(key=lambda e: e.received_on)
        new = list(self._new(entries, numbered(entries)))
        done = total - len(new)
        for start in range(0, len(new), ROWS_AT_ONCE):
            part = new[start : start + ROWS_AT_ONCE]
            self._bring(part)
            done += len(part)
            if self.progress:
                self.progress(done, total)
        order = {s.title: n for n, s in enumerate(chosen)}
        self.refusals.sort(key=lambda r: (order[r.sheet], r.row))
        return self._account(sheets, chosen, matches, entries)

    def _new(self, entries: Sequence[LedgerEntry], by_number: bool) -> Iterator[tuple[LedgerEntry, str]]:
        """Yield what isn't here yet, each with its key; the others are counted or refused."""
        mark = keyring().marks_of_many("ledger row")
        known = brought_before()
        first: dict[str, LedgerEntry] = {}
        for entry in entries:
            who = mark(entry.identity(numbered=by_number).encode())[:_MARK_DIGITS]
            said = mark(entry.content().encode())[:_MARK_DIGITS]
            before = known.get(who)
            if before is not None and before.content == said:
                self.already += 1
            elif before is not None:
                self._refuse(entry, f"这一行已导入为 {before.number}，但内容不同；请在该件上更正，或者核对编号")
            elif who in first and first[who].content() == entry.content():
                self.already += 1
            elif who in first:
                self._refuse(entry, f"编号与{first[who].place}相同，但内容不同，请核对编号")
            elif entry.ended is not True:
                self._refuse(entry, _NOT_OVER if entry.ended is None else _STILL_OPEN)
            else:
                first[who] = entry
                yield entry, f"{_KEY}{who}:{said}:{self.batch}"

    def _refuse(self, entry: LedgerEntry, *reasons: str) -> None:
        self.refusals.append(RefusedLedgerRow(entry.sheet, entry.row, reasons))

    def _bring(self, rows: Sequence[tuple[LedgerEntry, str]]) -> None:
        steps, places = [], []
        for entry, key in rows:
            try:
                steps.append((load_step(ImportHistory, self._answers(entry)), key))
                places.append(entry)
            except InvalidAnswer as e:
                self._refuse(entry, *e.problems.values())
        done = begin_many(steps, by=SYSTEM, now=self.now, dry_run=self.dry_run)
        for entry, result in zip(places, done, strict=True):
            if isinstance(result, StepResult | DecidedStep):
                self.taken += 1
                if len(self.shown) < SHOWN:
                    self.shown.append(_shown(entry))
            elif isinstance(result, Refused):
                self._refuse(entry, *(r.text for r in result.reasons))
            else:
                self._refuse(entry, *result.problems.values())

    def _answers(self, entry: LedgerEntry) -> dict[str, Any]:
        return {
            **entry.answers,
            "source": "direct",
            "file": self.file,
            "file_digest": self.digest,
            "place": entry.place,
            "brought_by": StaffCode(self.by.get_username()) if self.by else "",
        }

    def _account(
        self,
        sheets: Sequence[LedgerSheet],
        chosen: Sequence[LedgerSheet],
        matches: LedgerMatches,
        entries: Sequence[LedgerEntry],
    ) -> LedgerAccount:
        skipped, left = [], 0
        for sheet in chosen:
            left += sum(entry.rows for entry in sheet.left)
            where = f"“{sheet.title}”" if len(chosen) > 1 else ""
            skipped += [f"{where}{entry}" for entry in sheet.left]
        for sheet in sheets:
            if sheet not in chosen and sheet.filled:
                left += sheet.filled
                why = "隐藏的工作表，没有选择" if sheet.hidden else "没有选择"
                skipped.append(str(SkippedRows(f"工作表“{sheet.title}”", sheet.filled, why)))
        unused = [h for h in headings_of(chosen) if self.choice.columns.get(h, SKIP) == SKIP]
        notes = [f"“{s.title}”{note}。" for s in chosen for note in s.notes]
        codes = set(matches.units)
        strange: dict[str, int] = {}
        for entry in entries:
            unit = entry.answers["handled_by"]
            if unit and unit not in codes and "（原表：" not in unit:
                strange[unit] = strange.get(unit, 0) + 1
        if strange:
            named = "、".join(f"{unit}（{n} 行）" for unit, n in list(strange.items())[:10])
            notes.append(f"承办处室没有对上本系统的，照原文记载：{named}{'等' if len(strange) > 10 else ''}。")
        return LedgerAccount(
            self.taken,
            self.already,
            len(self.refusals),
            left,
            tuple(self.refusals),
            tuple(skipped),
            tuple(unused),
            tuple(notes),
            tuple(self.shown),
        )


_NOT_OVER = "没有记载办理结果、答复或者办结日期，不能作为历史件：办结的请在表中补上，仍在办理的请在“登记来件”登记"
_STILL_OPEN = "表中写明还在办理，不能作为历史件：请在“登记来件”登记，按期办理"


def _shown(entry: LedgerEntry) -> dict[str, str]:
    a = entry.answers
    return {
        "place": entry.place,
        "number": entry.number,
        "received": a["received_on"],
        "channel": a["channel"],
        "name": "、".join(p.get("name", "") for p in a["persons"]) or ("匿名" if a["anonymous"] else ""),
        "subject": a["subject"],
        "unit": a["handled_by"],
        "ended": a["ended"] or a["replied"],
        "result": (a["result"] or a["reply"])[:80],
    }


def brought_before() -> dict[str, _Brought]:
    """Return every matter that a ledger brought in and that wasn't undone, by its mark (1 query)."""
    found = {}
    events = Event.objects.filter(key__startswith=_KEY).exclude(petition__state=State.UNDONE.value)
    for key, number in events.values_list("key", "petition__number").iterator(chunk_size=5000):
        _, who, said, _ = (key or "").split(":")
        found[who] = _Brought(said, number)
    return found


def run_import(
    ledger: LedgerImport, *, dry_run: bool, now: datetime | None = None, sheets: Sequence[LedgerSheet] | None = None
) -> LedgerAccount:
    """Try a ledger, or bring it in, with what was chosen of it; the account is kept with it.

    Raises:
        AdminChangeRefused: the choice can't be right, or it isn't the turn of this.
        UnreadableWorkbook: the file can't be read any more.
    """
    now = now or timezone.now()
    if ledger.content is None:
        raise AdminChangeRefused("文件已经删除，请重新选择文件。")
    choice = LedgerChoice(tuple(ledger.sheets), ledger.columns, ledger.channel)
    read = read_ledger(ledger.read_content()) if sheets is None else sheets
    run = LedgerRun(choice, ledger.file, ledger.digest, ledger.by, now, ledger.pk, dry_run, _alive(ledger, dry_run))
    try:
        account = run.over(read)
    except IntegrityError:
        raise AdminChangeRefused("同一份台账正在由另一次导入处理，请稍后再试。") from None
    kept = ledger.read_account()
    with transaction.atomic():
        ledger.state = _State.CHECKED if dry_run else _State.DONE
        ledger.rows = account.rows
        ledger.refused, ledger.left = account.refused, account.left
        if dry_run:
            ledger.taken, ledger.already = account.taken, account.already
            ledger.keep_account({**kept, "tried": account_as_json(account)})
        else:
            # What was brought in before this run was broken off belongs to it as well.
            ledger.taken = len(keys_of(ledger))
            ledger.already = account.already + account.taken - ledger.taken
            ledger.done_at = now
            ledger.keep_account({**kept, "done": account_as_json(account)})
            counts = {"rows": ledger.rows, "registered": ledger.taken, "already": ledger.already}
            audit_log.record(
                ledger.by, "导入台账", ledger.file, now, **counts, refused=ledger.refused, digest=ledger.digest
            )
        ledger.alive_at = None
        ledger.save()
    return account


def _alive(ledger: LedgerImport, dry_run: bool) -> Callable[[int, int], None] | None:
    if dry_run:
        return None

    def told(done: int, rows: int) -> None:
        LedgerImport.objects.filter(pk=ledger.pk).update(rows_done=done, rows=rows, alive_at=timezone.now())

    return told


def keys_of(ledger: LedgerImport) -> list[int]:
    """Return the primary keys of the cases that this import brought in and that weren't undone (1 query)."""
    events = Event.objects.filter(key__startswith=_KEY, key__endswith=f":{ledger.pk}")
    return list(
        events.exclude(petition__state=State.UNDONE.value).order_by("petition_id").values_list("petition_id", flat=True)
    )


@dataclass(frozen=True)
class UndoReport:
    """What became of the cases of an import: how many were undone, and which stay, with the reason."""

    undone: int
    kept: tuple[tuple[str, str], ...]


def check_undo(ledger: LedgerImport, reason: str, now: datetime) -> None:
    """Refuse an undo that can't be.

    Raises:
        AdminChangeRefused: it isn't there to be undone, or no reason is given.
    """
    broken_off = ledger.state in (_State.RUNNING, _State.UNDOING) and not ledger.is_alive(now)
    if ledger.state not in (_State.DONE, _State.UNDOING) and not broken_off:
        raise AdminChangeRefused("只有已经导入的台账可以撤销。")
    if not reason.strip():
        raise AdminChangeRefused("请写明撤销的理由。")


def undo_import(ledger: LedgerImport, *, by: Staff | None, reason: str, now: datetime | None = None) -> UndoReport:
    """Take back an import as a whole, but for the cases on which somebody worked since. Nothing is deleted.

    Raises:
        AdminChangeRefused: it isn't there to be undone, or no reason is given.
    """
    now = now or timezone.now()
    check_undo(ledger, reason, now)
    step = UndoImport(undone_by=StaffCode(by.get_username()) if by else StaffCode(""), reason=reason.strip())
    undone, kept = 0, []
    keys = keys_of(ledger)
    for start in range(0, len(keys), ROWS_AT_ONCE):
        part = keys[start : start + ROWS_AT_ONCE]
        with transaction.atomic():
            named = _named_elsewhere(part)
            for number, pk in Petition.objects.filter(pk__in=part).order_by("pk").values_list("number", "pk"):
                if pk in named:
                    kept.append((number, "已认定与其他件重复或者同事"))
                    continue
                try:
                    perform(step, number, by=SYSTEM, now=now)
                    undone += 1
                except Refused:
                    kept.append((number, "导入之后有人在此件上办理"))
        done = start + len(part)
        LedgerImport.objects.filter(pk=ledger.pk).update(rows_done=done, rows=len(keys), alive_at=timezone.now())
    with transaction.atomic():
        ledger.state = _State.UNDONE
        ledger.undone_by, ledger.undone_at, ledger.kept, ledger.alive_at = by, now, len(kept), None
        ledger.undone = ledger.taken - len(kept)
        ledger.keep_account({**ledger.read_account(), "kept": kept})
        ledger.save()
        audit_log.record(
            by,
            "撤销导入台账",
            ledger.file,
            now,
            count=undone,
            kept=len(kept),
            reason=reason.strip(),
            digest=ledger.digest,
        )
    return UndoReport(undone, tuple(kept))


def _named_elsewhere(keys: Collection[int]) -> set[int]:
    """Return which of these cases others repeat or are tied to (2 queries)."""
    tied = {pk for tie in ties_of(keys) for pk in (tie.one_id, tie.other_id)}
    return tied | set(Petition.objects.filter(repeat_of__in=keys).values_list("repeat_of_id", flat=True))
