"""Files that came in chunks become attachments; scans that were read before their case existed join it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from xinfang.accounts.models import Staff
from xinfang.attachments.actions import chunks
from xinfang.attachments.actions.attach import attach, require_no_virus
from xinfang.attachments.actions.ocr_jobs import hand_on, queue_ocr_of_scan
from xinfang.attachments.filecheck import NotAccepted, check_file
from xinfang.attachments.models import Attachment, PageRendering, Upload
from xinfang.attachments.models.uploads import in_display_order
from xinfang.attachments.page_images import RENDERABLE_KINDS
from xinfang.cases.models import Petition
from xinfang.procedure.facts import Actor
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Material
from xinfang.vault.sm_ciphers import DecryptionFailed

LOST = "已传到的部分在服务器上不完整，没有保存。请重新选择这个文件，从头再传一次。"


def attach_upload(upload: Upload, *, by: Actor, staff: Staff) -> Attachment:
    """Make the chunks of a case's file its attachment.

    Raises:
        NotAccepted: the file is not taken, or chunks are lost; nothing is left of it.
        Refused: the step is not allowed; nothing is left of it.
        NotVisible: the case isn't this person's to see; nothing is left of it.
    """
    assert upload.petition is not None
    what = Material.of(upload.what)
    number = upload.petition.number
    try:
        data = chunks.read_upload(upload)
    except DecryptionFailed:
        # Perhaps the same last chunk came over a second connection, and the first has just finished it.
        done = Upload.objects.filter(pk=upload.pk).select_related("added").first()
        if done is not None and done.added is not None:
            return done.added
        chunks.remove_upload(upload)
        raise NotAccepted(LOST) from None
    try:
        row = attach(number, data, upload.name, what=what, by=by, staff=staff, idempotency_key=_form(upload))
    except (NotAccepted, Refused, NotVisible):
        chunks.remove_upload(upload)
        raise
    # The row stays for a day: a browser that didn't get the answer asks again and is told.
    upload.added = row
    upload.save(update_fields=["added", "touched_at"])
    chunks.remove_chunks(upload)
    return row


def accept_scan(upload: Upload, *, staff: Staff) -> None:
    """Check a complete scan for a registration, and queue it to be read.

    Raises:
        NotAccepted: the file is not taken; nothing is left of it.
    """
    try:
        data = _content(upload)
        found = check_file(data, upload.name, most=settings.UPLOAD_MB * 2**20)
        if found.kind.code not in RENDERABLE_KINDS:
            raise NotAccepted(f"{found.kind.label}不能在登记页上对照。请登记之后在信访件页面添加为附件。")
        require_no_virus(data, "", staff)
    except NotAccepted:
        chunks.remove_upload(upload)
        raise
    upload.kind = found.kind.code
    upload.save(update_fields=["kind", "touched_at"])
    queue_ocr_of_scan(upload)


@dataclass
class JoinedScans:
    """How many scans became attachments, and why others didn't, by their names."""

    added: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def join_scans(number: str, keys: Sequence[str], *, by: Actor, staff: Staff) -> JoinedScans:
    """Make the scans that a registration was made from its first attachments, in this order.

    Those that can't become attachments stay with their person for a day.

    Raises:
        NotVisible: the new case is hidden from this person.
    """
    joined = JoinedScans()
    for key in dict.fromkeys(keys):
        upload = chunks.find_upload(staff, None, key)
        if upload is None or not upload.whole:
            continue
        try:
            name = upload.name
            row = attach(
                number, _content(upload), name, what=Material.LETTER, by=by, staff=staff, idempotency_key=_form(upload)
            )
        except NotAccepted as e:
            joined.refused.append((name, str(e)))
            continue
        except Refused as e:
            joined.refused.append((name, "；".join(str(r) for r in e.reasons)))
            continue
        hand_on(upload, row)
        chunks.remove_upload(upload)
        joined.added += 1
    return joined


def rotate_attachment(attachment: Attachment, degrees: int) -> None:
    """Show a file turned clockwise by this many degrees more. The file stays as it came."""
    with transaction.atomic():
        Petition.objects.select_for_update().get(pk=attachment.petition_id)
        view, _ = PageRendering.objects.get_or_create(attachment=attachment)
        view.turned = (view.turned + degrees) % 360
        view.save(update_fields=["turned"])


def move_attachment(attachment: Attachment, steps: int) -> None:
    """Show a file earlier (-1) or later (1) in its case's list. Its number stays."""
    with transaction.atomic():
        Petition.objects.select_for_update().get(pk=attachment.petition_id)
        shown = list(
            in_display_order(Attachment.objects.filter(petition_id=attachment.petition_id)).values_list("pk", flat=True)
        )
        here = shown.index(attachment.pk)
        there = min(max(here + steps, 0), len(shown) - 1)
        shown.insert(there, shown.pop(here))
        known = {v.attachment_id: v for v in PageRendering.objects.filter(attachment_id__in=shown)}
        for place, pk in enumerate(shown, 1):
            view = known.get(pk) or PageRendering(attachment_id=pk)
            if view.place_shown != place:
                view.place_shown = place
                view.save()


def _form(upload: Upload) -> str:
    return f"{upload.staff_id}-{upload.nonce}"


def _content(upload: Upload) -> bytes:
    try:
        return chunks.read_upload(upload)
    except DecryptionFailed:
        raise NotAccepted(LOST) from None
