"""A ledger from the file to the import: kept, matched, tried, brought in, in the request or in the background."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import xlsxwriter
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.core.background import start_command
from xinfang.core.table_files import UnreadableWorkbook, heading_of
from xinfang.core.table_rows import FormulaError
from xinfang.ledgers.actions.bringing_in import (
    LedgerAccount,
    LedgerChoice,
    UndoReport,
    account_of_json,
    check_undo,
    matches_of,
    run_import,
    undo_import,
)
from xinfang.ledgers.entries import LedgerEntry, RefusedLedgerRow, headings_of, read_entries
from xinfang.ledgers.fields import CHOICES, WAS_ROW, WRONG, guess_columns
from xinfang.ledgers.models import LedgerImport, LedgerMapping
from xinfang.ledgers.queries.comparison import LedgerComparison, compare
from xinfang.ledgers.reading import LedgerSheet, read_ledger, sample_of
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import Channel
from xinfang.vault.sm_ciphers import sm3

MAX_BYTES = 20 * 1024 * 1024
ROWS_IN_A_REQUEST = 1000
"""A longer ledger is worked through in the background."""
KEEP_FILES_FOR = timedelta(days=30)
"""A file that nothing more is done with is forgotten, as are the reasons of its refused rows."""
_SAMPLES = 3
_State = LedgerImport.State
_OPEN = (_State.DRAFT, _State.CHECKED)


def look_at(sheets: Sequence[LedgerSheet]) -> list[dict[str, object]]:
    """Return what the clerk is shown of each sheet: its rows, and how often each column is filled, with samples."""
    return [
        {
            "title": s.title,
            "hidden": s.hidden,
            "filled": s.filled,
            "header": s.header,
            "rows": len(s.rows),
            "left": [str(entry) for entry in s.left],
            "columns": [
                {
                    "heading": heading,
                    "filled": sum(bool(heading_of(row.cells[at])) for row in s.rows),
                    "samples": [sample_of(c)[:24] for row in s.rows[:50] if heading_of(c := row.cells[at])][:_SAMPLES],
                }
                for at, heading in enumerate(s.headings)
            ],
        }
        for s in sheets
    ]


def take_file(content: bytes, named: str, *, by: Staff | None, now: datetime | None = None) -> LedgerImport:
    """Keep a ledger that somebody brings, with a guess of its columns: of a saved mapping where one fits best.

    Raises:
        AdminChangeRefused: it is too large, or can't be read.
    """
    now = now or timezone.now()
    if len(content) > MAX_BYTES:
        raise AdminChangeRefused(f"文件超过 {MAX_BYTES >> 20} MB，请按年份分成几个文件。")
    try:
        sheets = read_ledger(content)
    except UnreadableWorkbook as e:
        raise AdminChangeRefused(str(e)) from None
    _forget_old_files(now)
    chosen = [s for s in sheets if s.header and not s.hidden]
    headings = headings_of([s for s in sheets if s.header])
    columns, channel = guess_columns(headings), ""
    fitting = [m for m in LedgerMapping.objects.all() if len(set(m.columns) & set(headings)) * 3 >= len(headings) * 2]
    if fitting:
        best = max(fitting, key=lambda m: (len(set(m.columns) & set(headings)), m.at))
        columns |= {h: code for h, code in best.columns.items() if h in columns}
        channel = best.channel
    ledger = LedgerImport(
        by=by,
        at=now,
        file=named[:200] or "台账",
        digest=sm3(content).hex(),
        sheets=[s.title for s in chosen],
        columns=columns,
        channel=channel,
    )
    ledger.keep_content(content)
    ledger.keep_account({"look": look_at(sheets)})
    with transaction.atomic():
        ledger.save()
        audit_log.record(by, "带入台账", ledger.file, now, digest=ledger.digest)
    return ledger


def _forget_old_files(now: datetime) -> None:
    old = LedgerImport.objects.filter(at__lt=now - KEEP_FILES_FOR, wrapped_key__isnull=False)
    for ledger in old.exclude(state__in=(_State.RUNNING, _State.TRYING)):
        ledger.content = ledger.account = ledger.wrapped_key = None
        ledger.save(update_fields=["content", "account", "wrapped_key"])


@transaction.atomic
def choose(
    ledger: LedgerImport,
    *,
    sheets: Sequence[str],
    columns: Mapping[str, str],
    channel: str,
    save_as: str,
    by: Staff | None,
) -> None:
    """Set what is taken of a ledger and how its columns are matched; under `save_as` for the next one as well.

    Raises:
        AdminChangeRefused: it is being worked on, or a name is too long.
    """
    if ledger.state not in _OPEN:
        raise AdminChangeRefused("这份台账已经不能修改。")
    codes = {code for code, _ in CHOICES}
    ledger.sheets = list(sheets)
    ledger.columns |= {h: code for h, code in columns.items() if h in ledger.columns and code in codes}
    ledger.channel = channel if channel in set(map(str, Channel)) else ""
    ledger.state = _State.DRAFT
    ledger.save()
    name = " ".join(save_as.split())
    if len(name) > 40:
        raise AdminChangeRefused("对应方案的名称不超过 40 个字。")
    if name:
        saved = {"columns": ledger.columns, "channel": ledger.channel, "by": by, "at": timezone.now()}
        LedgerMapping.objects.update_or_create(name=name, defaults=saved)


def try_out(ledger: LedgerImport) -> bool:
    """Try a ledger: at once, or in the background where it is long; returns whether it is done.

    Raises:
        AdminChangeRefused: what was chosen can't be right, or it isn't the turn of this.
    """
    if ledger.state not in _OPEN:
        raise AdminChangeRefused("这份台账已经不能再试运行。")
    return _work(ledger, _State.TRYING)


def bring_in(ledger: LedgerImport) -> bool:
    """Bring a ledger in after its dry run, or go on where it was broken off; returns whether it is done.

    Raises:
        AdminChangeRefused: it wasn't tried, or is being brought in.
    """
    broken_off = ledger.state == _State.RUNNING and not ledger.is_alive(timezone.now())
    if ledger.state in (_State.TRYING, _State.UNDOING) and not ledger.is_alive(timezone.now()):
        # What was tried or undone in the background and broken off is gone on with as that.
        LedgerImport.objects.filter(pk=ledger.pk).update(alive_at=timezone.now())
        transaction.on_commit(lambda: start_command("ledgers", "go-on", str(ledger.pk)))
        return False
    if ledger.state != _State.CHECKED and not broken_off:
        raise AdminChangeRefused("请先试运行，核对无误后再导入。")
    if not ledger.taken and not broken_off:
        raise AdminChangeRefused("没有可以登记的行。")
    return _work(ledger, _State.RUNNING)


def _work(ledger: LedgerImport, state: str) -> bool:
    dry_run = state == _State.TRYING
    sheets = read_ledger(ledger.read_content()) if ledger.content is not None else []
    choice = LedgerChoice(tuple(ledger.sheets), ledger.columns, ledger.channel)
    if wrong := choice.faults(sheets):
        raise AdminChangeRefused(*wrong)
    now = timezone.now()
    free = LedgerImport.objects.filter(pk=ledger.pk, state=ledger.state, alive_at=ledger.alive_at)
    ledger.refresh_from_db()
    with transaction.atomic():
        if not free.select_for_update().exists():
            raise AdminChangeRefused("另一个人正在处理这份台账，请刷新后再看。")
        ledger.state, ledger.alive_at, ledger.rows_done = state, now, 0
        ledger.rows = sum(len(s.rows) for s in sheets if s.title in ledger.sheets)
        ledger.save()
    if ledger.rows > ROWS_IN_A_REQUEST:
        transaction.on_commit(lambda: start_command("ledgers", "go-on", str(ledger.pk)))
        return False
    run_import(ledger, dry_run=dry_run, sheets=sheets)
    return True


def check_choice(ledger: LedgerImport) -> None:
    """Refuse a choice that can't be right.

    Raises:
        AdminChangeRefused: with every reason, or as the file was forgotten.
    """
    if ledger.content is None:
        raise AdminChangeRefused("文件已经删除，请重新选择文件。")
    choice = LedgerChoice(tuple(ledger.sheets), ledger.columns, ledger.channel)
    if wrong := choice.faults(read_ledger(ledger.read_content())):
        raise AdminChangeRefused(*wrong)


def compare_with(ledger: LedgerImport, *, actor: Actor) -> tuple[LedgerComparison, list[RefusedLedgerRow]]:
    """Compare a ledger with what this person sees here, and return the rows that can't be read. Nothing is written.

    Raises:
        AdminChangeRefused: what was chosen can't be right, or the file was forgotten.
    """
    if ledger.content is None:
        raise AdminChangeRefused("文件已经删除，请重新选择文件。")
    sheets = read_ledger(ledger.read_content())
    choice = LedgerChoice(tuple(ledger.sheets), ledger.columns, ledger.channel)
    if wrong := choice.faults(sheets):
        raise AdminChangeRefused(*wrong)
    matches = matches_of(choice, timezone.now())
    entries: list[LedgerEntry] = []
    refused: list[RefusedLedgerRow] = []
    for sheet in sheets:
        if sheet.title in choice.sheets:
            read, faulty = read_entries(sheet, choice.columns, matches)
            entries += read
            refused += faulty
    return compare(entries, actor), refused


def undo(ledger: LedgerImport, *, by: Staff, reason: str) -> UndoReport | None:
    """Take an import back: at once, or in the background where it is long, then None.

    Raises:
        AdminChangeRefused: it isn't there to be undone, or no reason is given.
    """
    now = timezone.now()
    check_undo(ledger, reason, now)
    if ledger.taken <= ROWS_IN_A_REQUEST:
        return undo_import(ledger, by=by, reason=reason)
    with transaction.atomic():
        ledger.state, ledger.alive_at, ledger.rows_done, ledger.rows = _State.UNDOING, now, 0, ledger.taken
        ledger.undone_by = by
        ledger.keep_account({**ledger.read_account(), "undo_reason": reason})
        ledger.save()
        transaction.on_commit(lambda: start_command("ledgers", "go-on", str(ledger.pk)))
    return None


def go_on(ledger: LedgerImport) -> LedgerAccount | UndoReport:
    """Do in a process of its own what was begun; what can't be done leaves it as a draft.

    Raises:
        AdminChangeRefused: there is nothing to go on with.
    """
    if ledger.state == _State.UNDOING:
        reason = str(ledger.read_account().get("undo_reason", ""))
        return undo_import(ledger, by=ledger.undone_by, reason=reason)
    if ledger.state not in (_State.TRYING, _State.RUNNING):
        raise AdminChangeRefused("这份台账没有在处理。")
    return run_import(ledger, dry_run=ledger.state == _State.TRYING)


@transaction.atomic
def drop(ledger: LedgerImport, *, by: Staff | None) -> None:
    """Give up a ledger that wasn't brought in; its file is forgotten.

    Raises:
        AdminChangeRefused: it was brought in.
    """
    if ledger.state not in _OPEN:
        raise AdminChangeRefused("已经导入的台账不能放弃，可以撤销。")
    ledger.state = _State.DROPPED
    ledger.content = ledger.account = ledger.wrapped_key = None
    ledger.save()
    audit_log.record(by, "放弃台账", ledger.file, digest=ledger.digest)


def faults_workbook(ledger: LedgerImport) -> bytes:
    """Return the refused rows as a workbook to be mended and brought again.

    It has the same sheets and headings, each row with its number in the first file and what is wrong with it.

    Raises:
        AdminChangeRefused: there are none, or the file was forgotten.
    """
    kept = ledger.read_account()
    last = kept.get("done") or kept.get("tried")
    account = account_of_json(last) if last else None
    if account is None or not account.refusals or ledger.content is None:
        raise AdminChangeRefused("没有未登记的行，或者文件已经删除。")
    sheets = {s.title: s for s in read_ledger(ledger.read_content())}
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        red = book.add_format({"font_color": "#B00020", "text_wrap": True})
        for title in dict.fromkeys(r.sheet for r in account.refusals):
            sheet = sheets[title]
            page = book.add_worksheet(title[:31] or None)
            page.write_row(0, 0, [*sheet.headings, WAS_ROW, WRONG], bold)
            page.freeze_panes(1, 0)
            page.set_column(0, len(sheet.headings), 16)
            page.set_column(len(sheet.headings) + 1, len(sheet.headings) + 1, 60)
            by_number = {row.number: row for row in sheet.rows}
            for at, refused in enumerate((r for r in account.refusals if r.sheet == title), 1):
                for column, cell in enumerate(by_number[refused.row].cells):
                    if isinstance(cell, FormulaError):
                        page.write_string(at, column, cell.shown)
                    elif hasattr(cell, "isoformat"):
                        page.write_datetime(at, column, cell, days)
                    elif isinstance(cell, int | float) and not isinstance(cell, bool):
                        page.write_number(at, column, cell)
                    elif cell not in ("", None):
                        page.write_string(at, column, str(cell))
                page.write_number(at, len(sheet.headings), refused.row)
                page.write_string(at, len(sheet.headings) + 1, "；".join(refused.reasons), red)
    return out.getvalue()
