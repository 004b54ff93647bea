"""Writes lists in the background: a process beside the servers at the lowest priority, one list after another."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.procedure.errors import XinfangError
from xinfang.registers.actions.exporting import (
    Export,
    keys_of,
    mark_of,
    refuse_what_may_not_be,
    start_writer,
    write_file,
)
from xinfang.registers.columns import Cell
from xinfang.registers.exported_lists import exported_list
from xinfang.registers.models import ExportJob, packed, unpacked
from xinfang.registers.queries.jobs import SILENT
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import VaultError, sm3

_State = ExportJob.State
_NICE = 19
MAX_TRIES = 3
STEP = 250
"""Rows between two signs of life."""
_log = structlog.get_logger(__name__)


class JobLost(XinfangError):
    """The export was cancelled, or another process has taken it over."""


@dataclass
class WriterReport:
    """How many lists were written, and how many can't be."""

    done: int = 0
    failed: int = 0


def write_exports() -> WriterReport:
    """Write what waits, then end."""
    os.nice(_NICE)
    worker, report = secrets.token_hex(16), WriterReport()
    while (job := claim_job(worker)) is not None:
        write_one(job, report)
    return report


def claim_job(worker: str, now: datetime | None = None) -> ExportJob | None:
    """Take the next export for this process: the oldest that waits, or whose writer has died; None without one."""
    now = now or timezone.now()
    while (row := _to_write(now).order_by("id").first()) is not None:
        free = ExportJob.objects.filter(pk=row.pk, state=row.state, worker=row.worker, alive_at=row.alive_at)
        if row.tries >= MAX_TRIES:
            if free.update(state=_State.FAILED, error=f"写了{MAX_TRIES}次都没有写完，已停止。请告诉系统管理员。"):
                _tell(row, f"“{row.title}”没有生成，请到“台账与导出”查看。", now)
        elif free.update(
            state=_State.RUNNING, alive_at=now, worker=worker, tries=F("tries") + 1, rows_done=0, error=""
        ):
            return ExportJob.objects.select_related("by", "request__answer__by").get(pk=row.pk)
    return None


def _to_write(now: datetime) -> QuerySet[ExportJob]:
    """Return what waits, and what a writer that has died left behind."""
    return ExportJob.objects.filter(Q(state=_State.WAITING) | Q(state=_State.RUNNING, alive_at__lt=now - SILENT))


def write_one(job: ExportJob, report: WriterReport) -> None:
    """Write one claimed export, and tell its asker."""
    now = timezone.now()
    try:
        _write(job, now)
        report.done += 1
        _tell(job, f"“{job.title}”已生成，请在24小时内到“台账与导出”下载。", timezone.now())
    except JobLost:
        _log.info("export_lost", job=job.pk)
    except AdminChangeRefused as refused:
        _failed(job, "".join(refused.sentences), report)
    except (OSError, VaultError) as e:
        _log.error("export_failed", job=job.pk, error=type(e).__name__)
        _failed(job, "服务器上写不出这份文件。请告诉系统管理员。", report)


def _failed(job: ExportJob, why: str, report: WriterReport) -> None:
    report.failed += 1
    mine = ExportJob.objects.filter(pk=job.pk, state=_State.RUNNING, worker=job.worker)
    if mine.update(state=_State.FAILED, error=why[:200]):
        _tell(job, f"“{job.title}”没有生成：{why}", timezone.now())


def _tell(job: ExportJob, text: str, now: datetime) -> None:
    notify([job.by_id], None, kind="export", text=text, now=now)


def _write(job: ExportJob, now: datetime) -> None:
    """Write what the asker may see at this moment.

    Raises:
        AdminChangeRefused: they may not export it any more, or nothing is left.
        JobLost: it was cancelled.
    """
    of, actor = exported_list(job.list_code), actor_of(job.by)
    if of is None:
        raise AdminChangeRefused("没有这份清单。")
    picked = unpacked(job.picked) if job.picked is not None else None
    export = Export(of, job.title, job.criteria, job.columns, job.format, picked, job.personal)
    refuse_what_may_not_be(export, actor)
    keys = keys_of(export, actor)
    while True:
        _alive(job, 0, rows=len(keys))
        written: list[int] = []
        why = job.mark or of.note
        rows = _counted(job, of.rows(actor, keys, job.columns, today(now), job.personal), written)
        content = write_file(export, rows, mark_of(job.by, len(keys), now, why.rstrip("。")))
        if written == keys:
            break
        # A case went out of sight while it was written: the number on the pages is to be right.
        keys = written
    _keep(job, content, written)


def _counted(job: ExportJob, rows: Iterator[tuple[int, list[Cell]]], written: list[int]) -> Iterator[list[Cell]]:
    for key, cells in rows:
        written.append(key)
        if len(written) % STEP == 0:
            _alive(job, len(written))
        yield cells


def _alive(job: ExportJob, done: int, **more: int) -> None:
    mine = ExportJob.objects.filter(pk=job.pk, state=_State.RUNNING, worker=job.worker)
    if not mine.update(alive_at=timezone.now(), rows_done=done, **more):
        raise JobLost


def _keep(job: ExportJob, content: bytes, written: list[int]) -> None:
    key, wrapped = keyring().new_key()
    digest = sm3(content).hex()
    address = file_store.content_address(f"export-{job.pk}", digest)
    fresh = file_store.write_encrypted(content, key)
    file_store.move_into_place(fresh, address)
    mine = ExportJob.objects.filter(pk=job.pk, state=_State.RUNNING, worker=job.worker)
    kept = mine.update(
        state=_State.DONE,
        done_at=timezone.now(),
        rows_done=len(written),
        rows=len(written),
        written=packed(written),
        address=address,
        digest=digest,
        wrapped_key=wrapped,
    )
    if not kept:
        file_store.remove_file(file_store.path_of(address))
        raise JobLost


def start_writer_if_needed(now: datetime | None = None) -> bool:
    """Start a writer where exports wait or one was broken off, for the sweep; returns whether one was started."""
    now = now or timezone.now()
    if not _to_write(now).exists():
        return False
    start_writer()
    return True
