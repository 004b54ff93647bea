"""Adding a file to a case: checked, scanned, encrypted, and then one transaction for the event and its row."""

from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction

from xinfang.accounts.models import Staff
from xinfang.attachments import clamd
from xinfang.attachments.filecheck import NotAccepted, check
from xinfang.attachments.models import Attachment
from xinfang.attachments.models.files import sealed_name
from xinfang.audit.actions.ledger import note
from xinfang.cases.actions.perform import locked, perform, why_not
from xinfang.cases.models import Event
from xinfang.core import files
from xinfang.core.storage import whole_or_nothing
from xinfang.procedure.facts import Actor
from xinfang.procedure.rules import Refused
from xinfang.procedure.shapes import load
from xinfang.procedure.steps.files import Attach
from xinfang.procedure.words import Material
from xinfang.vault.keys import keyring
from xinfang.vault.sm import sm3

from .reading import ask_to_read

NOT_WRITTEN = "服务器的磁盘写不进去（可能已满），文件没有保存。请告诉系统管理员，稍后再传。"
_log = structlog.get_logger(__name__)


@whole_or_nothing
def attach(
    number: str, data: bytes, name: str, *, what: Material, by: Actor, staff: Staff, key: str = ""
) -> Attachment:
    """Check a file, keep it, and take the step 添加附件. `key` makes a form that is sent twice one attachment.

    Raises NotAccepted with a sentence for the clerk, Refused with the reasons, or NotVisible.
    """
    # Before anything costs something: a case that isn't his, or a step that isn't.
    if reasons := why_not(Attach, number, by=by):
        raise Refused(reasons)
    checked = check(data, name, most=settings.UPLOAD_MB * 2**20)
    no_virus(data, number, staff)
    row = keep(number, data, checked.name, checked.kind.code, what=what, by=by, key=key)
    ask_to_read(row)
    return row


def keep(
    number: str,
    data: bytes,
    name: str,
    kind: str,
    *,
    what: Material,
    by: Actor,
    key: str = "",
    now: datetime | None = None,
) -> Attachment:
    """Keep content that was checked, or that we made ourselves, as an attachment. Raises NotAccepted, Refused or NotVisible."""
    digest = sm3(data).hex()
    step = load(
        Attach,
        {"what": what.value, "name": name, "kind": kind, "kilobytes": -(-len(data) // 1024), "digest": digest},
    )
    file_key, wrapped = keyring().new_key()
    address = files.address_of(number, digest)
    fresh = written(data, file_key)
    try:
        with transaction.atomic():
            petition = locked(number, by)
            before = Event.objects.filter(key=key, petition=petition, code="attach").first() if key else None
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
                name_sealed=sealed_name(name, file_key),
            )
            row.event = perform(step, number, by=by, key=key, now=now).event
            row.save(update_fields=["event"])
            if same is None:
                # Last, and under the case's lock: whoever reads the row finds the file.
                files.settle(fresh, address)
            return row
    finally:
        files.drop(fresh)


def written(data: bytes, key: bytes) -> Path:
    """Content encrypted to a file that has no address yet (`files.settle`). Raises NotAccepted where the disk doesn't take it."""
    try:
        return files.write(data, key)
    except OSError as e:
        _log.error("file_not_written", error=type(e).__name__, errno=e.errno)
        raise NotAccepted(NOT_WRITTEN) from None


def no_virus(data: bytes, number: str, staff: Staff) -> None:
    """Raises NotAccepted where the scanner finds something or doesn't answer. `number` is noted; empty before registration."""
    if not settings.CLAMD:
        return
    try:
        virus = clamd.scan(data, settings.CLAMD)
    except clamd.Unavailable as e:
        _log.error("clamd_unavailable", why=str(e))
        raise NotAccepted(
            "病毒检查程序没有应答，未经检查的文件不能接收。请稍后再传；一直如此的，请告诉系统管理员。"
        ) from None
    if virus:
        # Its name stays out of the record: it may name a person.
        with transaction.atomic():
            note(staff, "拦截病毒", number, virus=virus)
        raise NotAccepted(f"文件带有病毒（{virus}），没有保存，已记录。请提醒来源方查杀病毒，再重新取得这份文件。")
