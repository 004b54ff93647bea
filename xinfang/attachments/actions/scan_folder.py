"""A folder into which a scanner writes: each file goes to the case that its label names, else beside the registration.

What was taken is moved to 已收下, what wasn't to 没有收下 with the reason beside it; nothing is deleted.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from xinfang.accounts.models import Staff
from xinfang.attachments.actions import chunks
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.actions.finished_uploads import accept_scan
from xinfang.attachments.filecheck import NotAccepted, check_file
from xinfang.attachments.labels import MAX_SIDE, number_on
from xinfang.attachments.models.uploads import CHUNK_BYTES
from xinfang.attachments.page_images import RENDERABLE_KINDS, RenderingFailed, render_page_image
from xinfang.procedure.facts import Actor
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Material
from xinfang.vault.sm_ciphers import sm3

TAKEN, LEFT = "已收下", "没有收下"
SETTLED_SECONDS = 3
"""A file that was written to so lately may still be growing."""


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What became of one file: the case it joined, or waits beside the registration, or why it wasn't taken."""

    name: str
    number: str = ""
    why_not: str = ""


def take_scans(folder: Path, *, by: Actor, staff: Staff, settled: float = SETTLED_SECONDS) -> Iterator[FolderScan]:
    """Take every file in a folder for this person, oldest first; `settled` are seconds since it was last written.

    Yields:
        What became of each.
    """
    files = [f for f in folder.iterdir() if f.is_file() and not f.name.startswith(".")]
    for file in sorted(files, key=lambda f: f.stat().st_mtime):
        if time.time() - file.stat().st_mtime < settled:
            continue
        try:
            number = _take(file, by, staff)
        except (NotAccepted, Refused, NotVisible) as e:
            why = "；".join(str(r) for r in e.reasons) if isinstance(e, Refused) else str(e)
            why = "标签上的编号不存在，或者不在您可以办理的范围内。" if isinstance(e, NotVisible) else why
            _move(file, LEFT, why)
            yield FolderScan(file.name, why_not=why)
        else:
            _move(file, TAKEN)
            yield FolderScan(file.name, number)


def _take(file: Path, by: Actor, staff: Staff) -> str:
    """Attach a file to the case on its label, or let it wait beside the registration; return the case's number.

    Raises:
        NotAccepted: it isn't taken.
        Refused: nothing may be attached to that case now.
        NotVisible: that case isn't theirs to see.
    """
    if file.stat().st_size > settings.UPLOAD_MB * 2**20:
        raise NotAccepted(f"文件超过 {settings.UPLOAD_MB} MB。")
    data = file.read_bytes()
    kind = check_file(data, file.name, most=settings.UPLOAD_MB * 2**20).kind.code
    number = _labelled(data, kind) if kind in RENDERABLE_KINDS else ""
    mark = sm3(data).hex()[:32]
    if number:
        key = f"{staff.pk}-folder-{mark}"
        attach(number, data, file.name, what=Material.LETTER, by=by, staff=staff, idempotency_key=key)
        return number
    upload = chunks.begin_upload(staff, None, mark, name=file.name, size=len(data), what=Material.LETTER)
    while upload.received < len(data):
        chunks.put_chunk(upload, upload.received, data[upload.received : upload.received + CHUNK_BYTES])
    if not upload.whole:
        accept_scan(upload, staff=staff)
    return ""


def _labelled(data: bytes, kind: str) -> str:
    try:
        return number_on(render_page_image(data, kind, 1, MAX_SIDE).jpeg)
    except RenderingFailed:
        return ""


def _move(file: Path, where: str, why: str = "") -> None:
    folder = file.parent / where
    folder.mkdir(exist_ok=True)
    target, n = folder / file.name, 1
    while target.exists():
        n += 1
        target = folder / f"{file.stem}-{n}{file.suffix}"
    file.replace(target)
    if why:
        target.with_name(f"{target.name}.txt").write_text(f"{why}\n", "utf-8")
