"""Adding a file to a case: checked, scanned, encrypted, and then one transaction for the event and its row."""

from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction

from xinfang.accounts.models import Staff
from xinfang.attachments import virus_scanner
from xinfang.attachments.actions.ocr_jobs import queue_ocr
from xinfang.attachments.filecheck import NotAccepted, check_file
from xinfang.attachments.models import Attachment
from xinfang.attachments.models.files import encrypt_name
from xinfang.audit.actions import audit_log
from xinfang.cases.actions.locked_petition import lock_petition
from xinfang.cases.actions.perform import perform, why_not_allowed
from xinfang.cases.models import Event
from xinfang.core import file_store
from xinfang.core.disk_full import translate_disk_full
from xinfang.procedure.facts import Actor
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps.attachments import Attach
from xinfang.procedure.words import Material
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import sm3

DISK_WRITE_FAILED = "服务器的磁盘写不进去（可能已满），文件没有保存。请告诉系统管理员，稍后再传。"
_log = structlog.get_logger(__name__)


@translate_disk_full
def attach(
    number: str, data: bytes, name: str, *, what: Material, by: Actor, staff: Staff | None, idempotency_key: str = ""
) -> Attachment:
    """Check a file, keep it, and take the step 添加附件.

    `idempotency_key` makes a form that is sent twice one attachment. `staff` is None where a petitioner sends it.

    Raises:
        NotAccepted: the file is not taken; with a sentence for the clerk.
        Refused: the step is not allowed; with the reasons.
        NotVisible: the case isn't this person's to see.
    """
    # Before anything costs something: a case that isn't theirs, or a step that isn't.
    if reasons := why_not_allowed(Attach, number, by=by):
        raise Refused(reasons)
    checked = check_file(data, name, most=settings.UPLOAD_MB * 2**20)
    require_no_virus(data, number, staff)
    row = attach_checked(
        number, data, checked.name, checked.kind.code, what=what, by=by, idempotency_key=idempotency_key
    )
    queue_ocr(row)
    return row


def attach_checked(
    number: str,
    data: bytes,
    name: str,
    kind: str,
    *,
    what: Material,
    by: Actor,
    idempotency_key: str = "",
    now: datetime | None = None,
) -> Attachment:
    """Keep content that was checked, or that the program made itself, as an attachment.

    Raises:
        NotAccepted: the disk doesn't take the file.
        Refused: the step is not allowed; with the reasons.
        NotVisible: the case isn't this person's to see.
    """
    digest = sm3(data).hex()
    step = load_step(
        Attach,
        {"what": what.value, "name": name, "kind": kind, "kilobytes": -(-len(data) // 1024), "digest": digest},
    )
    file_key, wrapped = keyring().new_key()
    address = file_store.content_address(number, digest)
    fresh = write_content(data, file_key)
    try:
        with transaction.atomic():
            petition = lock_petition(number, by)
            before = (
                Event.objects.filter(key=idempotency_key, petition=petition, code=StepCode.ATTACH).first()
                if idempotency_key
                else None
            )
            if before is not None:
                return before.attachment
            same = Attachment.objects.filter(petition=petition, digest=digest, wrapped_key__isnull=False).first()
            if same is not None and same.wrapped_key is not None:
                # Withdrawn and brought again: it lies there already, under its own key.
                file_key, wrapped = keyring().unwrap(bytes(same.wrapped_key)), bytes(same.wrapped_key)
            row = Attachment.objects.create(
                petition=petition,
                place=Attachment.objects.filter(petition=petition).count() + 1,
                what=what.value,
                kind=kind,
                size=len(data),
                digest=digest,
                address=address,
                wrapped_key=wrapped,
                name_sealed=encrypt_name(name, file_key),
            )
            row.event = perform(step, number, by=by, idempotency_key=idempotency_key, now=now).event
            row.save(update_fields=["event"])
            if same is None:
                # Last, and under the case's lock: everybody who reads the row finds the file.
                file_store.move_into_place(fresh, address)
            return row
    finally:
        file_store.remove_file(fresh)


def write_content(data: bytes, key: bytes) -> Path:
    """Encrypt content to a file that has no address yet (`file_store.move_into_place`).

    Raises:
        NotAccepted: the disk doesn't take it.
    """
    try:
        return file_store.write_encrypted(data, key)
    except OSError as e:
        _log.error("file_not_written", error=type(e).__name__, errno=e.errno)
        raise NotAccepted(DISK_WRITE_FAILED) from None


def require_no_virus(data: bytes, number: str, staff: Staff | None) -> None:
    """Refuse content in which the scanner finds a virus; `number` is recorded, and is empty before registration.

    Raises:
        NotAccepted: there is a virus, or the scanner doesn't answer.
    """
    if not settings.CLAMD:
        return
    try:
        virus = virus_scanner.scan_for_virus(data, settings.CLAMD)
    except virus_scanner.ScannerUnavailable as e:
        _log.error("clamd_unavailable", why=str(e))
        raise NotAccepted(
            "病毒检查程序没有应答，未经检查的文件不能接收。请稍后再传；一直如此的，请告诉系统管理员。"
        ) from None
    if virus:
        # Its name stays out of the record: it may name a person.
        with transaction.atomic():
            audit_log.record(staff, "拦截病毒", number, virus=virus)
        raise NotAccepted(f"文件带有病毒（{virus}），没有保存，已记录。请提醒来源方查杀病毒，再重新取得这份文件。")
