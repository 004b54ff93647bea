"""Taking a list out of the system: what is asked for, what is written at once and what in the background, the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.actions.export_approvals import ask_to_export, use_approval
from xinfang.core import file_store
from xinfang.core.background import start_command
from xinfang.core.clock import today
from xinfang.core.file_store import path_of
from xinfang.procedure.exports import EXPORTS_IDENTITY, ExportKind
from xinfang.procedure.facts import Actor
from xinfang.registers.columns import Cell
from xinfang.registers.exported_lists import MAX_ROWS, ExportedList, ListColumn, exported_list
from xinfang.registers.files import CSV, Sheet, write_csv, write_workbook
from xinfang.registers.models import ExportJob, packed, unpacked

MAX_ROWS_AT_ONCE = 300
"""Rows that are written while the reader waits, in about a second; more is written in the background."""
MAX_ROWS_PRINTED = 500
"""Rows on one page of the browser."""
KEEP_FILES_FOR = timedelta(hours=24)
"""How long a file waits to be fetched."""
_State = ExportJob.State


@dataclass(frozen=True)
class Export:
    """What somebody asks for. `picked` are keys chosen one by one; None: all that fit."""

    of: ExportedList
    title: str
    criteria: Mapping[str, str]
    columns: Sequence[str]
    format: str
    picked: Sequence[int] | None = None
    personal: bool = False
    reason: str = ""
    words: str = field(default="", init=False)
    """What narrows it, for people."""

    def __post_init__(self) -> None:
        parts = self.of.words(self.criteria, today())
        if self.picked is not None:
            parts = [f"逐件选中 {len(self.picked)} 件"]
        object.__setattr__(self, "words", "，".join(parts)[:300])

    def chosen(self) -> list[ListColumn]:
        """Return the columns that are asked for, in the order of the list."""
        return [c for c in self.of.columns if c.code in self.columns]


def keys_of(export: Export, actor: Actor) -> list[int]:
    """Return the keys of the rows that this person may see now, in their order.

    Raises:
        AdminChangeRefused: there are none, or too many.
    """
    if export.picked is None:
        keys = export.of.keys(actor, export.criteria, today(), MAX_ROWS + 1)
        if len(keys) > MAX_ROWS:
            raise AdminChangeRefused(f"超过 {MAX_ROWS // 10_000} 万行，一次导不出，请缩小范围，例如按年份分开导出。")
    else:
        keys = list(dict.fromkeys(export.picked))
    if export.picked is not None or export.personal:
        seen = export.of.seen(actor, keys, export.personal)
        keys = [key for key in keys if key in seen]
    if not keys:
        raise AdminChangeRefused("没有可以导出的内容。")
    return keys


def refuse_what_may_not_be(export: Export, actor: Actor) -> None:
    """Refuse what this person may not export, whatever it holds.

    Raises:
        AdminChangeRefused: they may not, or no column is chosen.
    """
    if not actor.has(*export.of.roles):
        raise AdminChangeRefused("您的职责不包括导出这份清单。")
    if export.personal and not actor.has(*EXPORTS_IDENTITY):
        raise AdminChangeRefused("您的职责不需要联系信访人，导出的台账一律隐去个人信息。")
    if not export.chosen():
        raise AdminChangeRefused("请至少选一列。")


def is_short(rows: int) -> bool:
    """Tell whether a list of so many rows is written while the reader waits."""
    return rows <= MAX_ROWS_AT_ONCE


def export_now(export: Export, *, actor: Actor, staff: Staff) -> bytes | None:
    """Return a short list as a file, logged; None where it is too long to be written while the reader waits.

    Raises:
        AdminChangeRefused: it may not be exported, or there is nothing.
    """
    refuse_what_may_not_be(export, actor)
    if export.personal:
        return None
    keys = keys_of(export, actor)
    if not is_short(len(keys)):
        return None
    now = timezone.now()
    rows = _masked_rows(export, actor, keys, now)
    file = write_file(export, rows, mark_of(staff, len(rows), now, export.of.note))
    record_export(export, staff, "导出清单", len(rows), now)
    return file


def rows_on_paper(export: Export, *, actor: Actor, staff: Staff) -> tuple[list[list[Cell]], str]:
    """Return the rows of a list to be printed, logged, and the mark of every page.

    Raises:
        AdminChangeRefused: it may not be exported, there is nothing, or it is too long for one page of the browser.
    """
    refuse_what_may_not_be(export, actor)
    keys = keys_of(export, actor)
    if len(keys) > MAX_ROWS_PRINTED:
        raise AdminChangeRefused(f"共 {len(keys)} 行，打印一次最多 {MAX_ROWS_PRINTED} 行。请缩小范围，或导出后打印。")
    now = timezone.now()
    rows = _masked_rows(export, actor, keys, now)
    record_export(export, staff, "打印清单", len(rows), now)
    return rows, mark_of(staff, len(rows), now, export.of.note)


def _masked_rows(export: Export, actor: Actor, keys: Sequence[int], now: datetime) -> list[list[Cell]]:
    return [cells for _, cells in export.of.rows(actor, keys, export.columns, today(now), False)]


def record_export(export: Export, staff: Staff, what: str, rows: int, now: datetime) -> None:
    """Append to the administrative log who took out what."""
    audit_log.record(
        staff,
        what,
        export.title,
        now,
        filter=export.words,
        rows=rows,
        columns="、".join(c.label for c in export.chosen()),
        format=export.format,
        masked=not export.personal,
        reason=export.reason,
    )


def mark_of(staff: Staff, rows: int, now: datetime, why: str) -> str:
    """Return the mark that is on every page: who took it out, when, how many rows, masked or by whose agreement."""
    when = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    return f"{staff.name}（{staff.get_username()}）于{when}导出，共 {rows} 行，{why}。仅供工作使用，不得转交他人。"


def write_file(export: Export, rows: Iterable[Sequence[Cell]], mark: str) -> bytes:
    """Return a list in its format."""
    sheet = Sheet(export.title, export.words, mark, export.chosen())
    return (write_csv if export.format == CSV else write_workbook)(sheet, rows)


def _refuse_while_one_is_written(staff: Staff) -> None:
    if ExportJob.objects.filter(by=staff, state__in=(_State.WAITING, _State.RUNNING)).exists():
        raise AdminChangeRefused("您有一份清单正在生成，请等它完成，或者先取消。")


@transaction.atomic
def queue_export(export: Export, *, actor: Actor, staff: Staff) -> ExportJob:
    """Keep that a list is to be written in the background; with personal data once somebody else has agreed.

    Raises:
        AdminChangeRefused: it may not be exported, there is nothing, or another one of this person is being written.
    """
    refuse_what_may_not_be(export, actor)
    now = timezone.now()
    Staff.objects.select_for_update().get(pk=staff.pk)
    _refuse_while_one_is_written(staff)
    keys = keys_of(export, actor)
    job = ExportJob.objects.create(
        by=staff,
        list_code=export.of.code,
        title=export.title[:60],
        words=export.words,
        criteria=dict(export.criteria),
        columns=[c.code for c in export.chosen()],
        format=export.format,
        picked=packed(keys) if export.picked is not None else None,
        personal=export.personal,
        state=_State.ASKED if export.personal else _State.WAITING,
        asked_at=now,
        rows=len(keys),
    )
    if export.personal:
        job.request = ask_to_export(ExportKind.REGISTER, None, str(job.pk), staff=staff, reason=export.reason, now=now)
        job.save(update_fields=["request"])
    else:
        transaction.on_commit(start_writer)
    record_export(export, staff, "申请导出清单" if export.personal else "后台导出清单", len(keys), now)
    return job


@transaction.atomic
def make_agreed(job: ExportJob, *, staff: Staff) -> None:
    """Use up the agreement to an export with personal data, and let it be written.

    Raises:
        AdminChangeRefused: nobody agreed, too long ago, or it was used; or another export is being written.
    """
    _refuse_while_one_is_written(staff)
    row = ExportJob.objects.select_for_update().get(pk=job.pk, by=staff)
    if row.request is None or row.state != _State.ASKED:
        raise AdminChangeRefused("这份清单不在等待审批。")
    row.mark = use_approval(row.request)
    row.state = _State.WAITING
    row.save(update_fields=["mark", "state"])
    transaction.on_commit(start_writer)


def cancel_export(job: ExportJob, *, staff: Staff) -> bool:
    """Stop an export that isn't written yet; returns whether it could be stopped."""
    open_ones = (_State.ASKED, _State.WAITING, _State.RUNNING)
    stopped = ExportJob.objects.filter(pk=job.pk, by=staff, state__in=open_ones).update(state=_State.CANCELLED)
    if stopped:
        audit_log.record(staff, "取消导出清单", job.title)
    return bool(stopped)


def hand_out(job: ExportJob, *, staff: Staff) -> bytes:
    """Return the file of an export, logged.

    What the asker may no longer see goes away with the whole file.

    Raises:
        AdminChangeRefused: it isn't there any more, or holds what this person may not see now.
    """
    now = timezone.now()
    actor, of = actor_of(staff), exported_list(job.list_code)
    if job.state != _State.DONE or job.done_at is None or job.done_at < now - KEEP_FILES_FOR:
        raise AdminChangeRefused("这份文件已经删除，请重新导出。")
    keys = unpacked(job.written)
    allowed = of is not None and actor.has(*of.roles) and (not job.personal or actor.has(*EXPORTS_IDENTITY))
    lost = len(keys) if of is None or not allowed else len(set(keys) - of.seen(actor, keys, job.personal))
    if lost:
        forget_file(job, f"其中 {lost} 行您现在不能查看，文件已删除。")
        audit_log.record(staff, "清单因职责变化删除", job.title, now, rows=lost)
        raise AdminChangeRefused(f"文件中有 {lost} 行您现在不能查看，文件已经删除，请重新导出。")
    key = job.key()
    try:
        content = b"".join(file_store.read_content(job.address, key)) if key else b""
    except FileNotFoundError:
        content = b""
    if not content:
        forget_file(job, "文件不在服务器上，请重新导出。")
        raise AdminChangeRefused("文件不在服务器上，请重新导出。")
    audit_log.record(staff, "下载清单", job.title, now, filter=job.words, rows=job.rows_done, masked=not job.personal)
    return content


def forget_file(job: ExportJob, why: str, state: str = _State.GONE) -> None:
    """Delete the file of an export and its key; that there was one stays."""
    address = job.address
    ExportJob.objects.filter(pk=job.pk).update(
        state=state, error=why[:200], wrapped_key=None, address="", written=None, picked=None
    )
    if address:
        file_store.remove_file(path_of(address))


def delete_old_files(now: datetime | None = None) -> int:
    """Delete the files that nobody fetched in time; returns how many, for the sweep."""
    now = now or timezone.now()
    old = list(ExportJob.objects.filter(state=_State.DONE, done_at__lt=now - KEEP_FILES_FOR).defer("picked", "written"))
    for job in old:
        forget_file(job, "超过保存时间，已自动删除。")
    return len(old)


def start_writer() -> None:
    """Start a process that writes what waits and then ends by itself, beside the server."""
    start_command("write-exports")
