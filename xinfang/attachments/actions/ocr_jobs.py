"""The queue of scans to be read: asked for, claimed by one worker, kept page by page, and then found by search."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from xinfang.attachments.models import Attachment, OcrJob, Upload
from xinfang.attachments.page_images import RENDERABLE_KINDS
from xinfang.cases.models import Petition
from xinfang.cases.projection import projections
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.words import Material

_State = OcrJob.State
SILENT = timedelta(minutes=10)
"""A worker that gave no sign for this long has died: a page takes seconds, on a busy machine perhaps a minute."""
MAX_OCR_TRIES = 3


class OcrJobLost(XinfangError):
    """Another worker has taken this job over, or its file is gone."""


def queue_ocr(attachment: Attachment) -> None:
    """Queue an attachment, if it is a picture or PDF from outside and the office reads scans at all."""
    if settings.OCR and attachment.kind in RENDERABLE_KINDS and attachment.what != Material.PAPER.value:
        OcrJob.objects.get_or_create(attachment=attachment)


def queue_ocr_of_scan(upload: Upload) -> None:
    """Queue a scan that is to be registered, if the office reads scans at all."""
    if settings.OCR and upload.kind in RENDERABLE_KINDS:
        OcrJob.objects.get_or_create(upload=upload)


def queue_ocr_of_older() -> int:
    """Queue what came in before the office read scans, or between an attachment's commit and its queueing."""
    left = Attachment.objects.filter(kind__in=RENDERABLE_KINDS, reading=None, wrapped_key__isnull=False)
    rows = [OcrJob(attachment_id=pk) for pk in left.exclude(what=Material.PAPER.value).values_list("pk", flat=True)]
    OcrJob.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def hand_on(upload: Upload, attachment: Attachment) -> None:
    """Hand a scan's job on to the attachment that it became: its text is kept, and an unfinished scan is read there."""
    before = OcrJob.objects.filter(upload=upload, state=_State.DONE).select_related("upload").first()
    if before is None:
        return
    with transaction.atomic():
        row = OcrJob.objects.select_for_update().filter(attachment=attachment).exclude(state=_State.DONE).first()
        if row is None:
            return
        row.attachment = attachment
        row.keep(before.texts())
        row.pages, row.page_done, row.state, row.worker, row.error = before.pages, before.page_done, _State.DONE, "", ""
        _index(row, row.save)


def claim_job(worker: str, now: datetime | None = None) -> OcrJob | None:
    """Take the next scan for this worker: the oldest that waits, or whose worker has died; None without one."""
    now = now or timezone.now()
    open_rows = Q(state=_State.WAITING) | Q(state=_State.RUNNING, started_at__lt=now - SILENT)
    while True:
        row = OcrJob.objects.filter(open_rows).order_by("id").first()
        if row is None:
            return None
        free = OcrJob.objects.filter(pk=row.pk, state=row.state, started_at=row.started_at, worker=row.worker)
        if row.tries >= MAX_OCR_TRIES:
            free.update(state=_State.FAILED, error=f"识别程序{MAX_OCR_TRIES}次都没有读完这份文件，已停止。请看图录入。")
        elif free.update(state=_State.RUNNING, started_at=now, worker=worker, tries=row.tries + 1):
            return OcrJob.objects.select_related("attachment__petition", "upload").get(pk=row.pk)


def save_pages(reading: OcrJob, texts: list[str], pages: int) -> None:
    """Keep what was read so far, of how many pages.

    Raises:
        OcrJobLost: another worker has taken the job, or it is gone.
    """
    reading.keep(texts)
    reading.pages, reading.page_done, reading.started_at = pages, len(texts), timezone.now()
    _update(reading, text_sealed=reading.text_sealed, pages=pages, page_done=len(texts), started_at=reading.started_at)


def finish_job(reading: OcrJob) -> None:
    """Mark all pages as read; from now on search finds them.

    Raises:
        OcrJobLost: another worker has taken the job, or it is gone.
    """
    _index(reading, lambda: _update(reading, state=_State.DONE, tries=0, error=""))


def fail_job(reading: OcrJob, why: str) -> None:
    """Mark a scan as unreadable; `why` is a sentence for the case's page.

    Raises:
        OcrJobLost: another worker has taken the job, or it is gone.
    """
    _update(reading, state=_State.FAILED, error=why[:200])


def release_job(reading: OcrJob) -> None:
    """Give a job back, as the worker was told to stop.

    The next worker goes on after the last page, and it doesn't count as a try.

    Raises:
        OcrJobLost: another worker has taken the job, or it is gone.
    """
    _update(reading, state=_State.WAITING, started_at=None, worker="", tries=max(reading.tries - 1, 0))


def _update(reading: OcrJob, **columns: object) -> None:
    mine = OcrJob.objects.filter(pk=reading.pk, state=_State.RUNNING, worker=reading.worker)
    if not mine.update(**columns):
        raise OcrJobLost


def _index(reading: OcrJob, save: Callable[[], None]) -> None:
    """Save under the case's lock and bring its index up to date.

    A step that is taken meanwhile waits, and then sees the text.
    """
    with transaction.atomic():
        petition = None
        if reading.attachment is not None:
            petition = Petition.objects.select_for_update().get(pk=reading.attachment.petition_id)
        save()
        if petition is not None:
            for projection in projections():
                projection.text_was_read(petition)
