"""Files that come in chunks: where the chunks wait, encrypted, until the file is complete.

They lie in DATA/uploads/<upload>/<number of the chunk>. Every chunk but the last has the same size, so the number of a
chunk says where it belongs, and one that is sent twice is written twice and counted once. A chunk may be lost in a
power cut: a file that doesn't come together is sent again.
"""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.attachments.filecheck import NotAccepted, clean_name, too_big_message
from xinfang.attachments.models import Upload
from xinfang.attachments.models.uploads import CHUNK_BYTES as CHUNK_BYTES
from xinfang.attachments.models.uploads import encrypt_upload_name
from xinfang.cases.models import Petition
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.words import Material
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import DecryptionFailed, seal, unseal

MAX_PENDING_FACTOR = 4
"""How many times the limit of one file may wait for one person, and come in one form."""
MAX_PENDING_UPLOADS = 100
"""Files of one person that may wait at once."""
MAX_FORM_UPLOADS = 40
"""Files of one form of the window that may wait at once."""
MAX_WAITING_FOR_FORMS = 4 * 2**30
"""Bytes that may wait for forms of the window altogether: they come from anybody, and must not fill the disk."""
PENDING_UPLOAD_LIFETIME = timedelta(days=1)


class ChunkOutOfOrder(XinfangError):
    """The chunk doesn't follow what is there; `received` bytes are."""

    def __init__(self, received: int) -> None:
        super().__init__(str(received))
        self.received = received


def chunk_folder(upload: Upload) -> Path:
    """Return the folder of the chunks of this upload, which may not exist yet."""
    return _folder() / upload.nonce


def find_upload(staff: Staff, petition: Petition | None, key: str) -> Upload | None:
    """Return this person's upload of this file for this case (or for a registration), if it was begun."""
    return Upload.objects.filter(staff=staff, petition=petition, key=key).select_related("added").first()


def begin_upload(staff: Staff, petition: Petition | None, key: str, *, name: str, size: int, what: Material) -> Upload:
    """Begin an upload, or return the one that was begun.

    Raises:
        NotAccepted: the file is empty or too large, or too much of this person's waits already; with a sentence.
    """
    if not 0 < size <= settings.UPLOAD_MB * 2**20:
        raise NotAccepted(
            too_big_message(settings.UPLOAD_MB * 2**20) if size > 0 else "文件是空的（0 字节）。请确认选对了文件。"
        )
    with transaction.atomic():
        # The person's own row is the lock: two windows must not fill the room together.
        Staff.objects.select_for_update().get(pk=staff.pk)
        found = find_upload(staff, petition, key)
        if found is not None:
            return found
        waiting = Upload.objects.filter(staff=staff, added=None)
        asked = (waiting.aggregate(sum=Sum("size"))["sum"] or 0) + size
        if asked > MAX_PENDING_FACTOR * settings.UPLOAD_MB * 2**20 or waiting.count() >= MAX_PENDING_UPLOADS:
            raise NotAccepted(
                f"您尚未传完和尚未登记的文件已有 {waiting.count()} 个，"
                f"加上这一个超过 {MAX_PENDING_FACTOR * settings.UPLOAD_MB} MB 或 {MAX_PENDING_UPLOADS} 个的上限，"
                "没有保存。请先传完或移除前面的；没有动过的，一天后自动清除。"
            )
        file_key, wrapped = keyring().new_key()
        return Upload.objects.create(
            staff=staff,
            petition=petition,
            key=key,
            what=what.value,
            size=size,
            wrapped_key=wrapped,
            name_sealed=encrypt_upload_name(clean_name(name), file_key),
        )


def find_form_upload(form: str, key: str) -> Upload | None:
    """Return the upload of this file for a form of the window, if it was begun."""
    return Upload.objects.filter(form=form, key=key).first() if form else None


def form_uploads(form: str, keys: Sequence[str]) -> list[Upload]:
    """Return the uploads of these files for a form of the window, in this order (1 query)."""
    found = {u.key: u for u in Upload.objects.filter(form=form, key__in=keys)} if form else {}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def begin_form_upload(form: str, key: str, *, name: str, size: int, what: Material) -> Upload:
    """Begin an upload for a form of the window, or return the one that was begun.

    Raises:
        NotAccepted: the file is empty or too large, or too much waits already; with a sentence.
    """
    most = settings.UPLOAD_MB * 2**20
    if not 0 < size <= most:
        raise NotAccepted(too_big_message(most) if size > 0 else "文件是空的（0 字节）。请确认选对了文件。")
    own = Upload.objects.filter(form=form)
    waiting = (own.aggregate(sum=Sum("size"))["sum"] or 0) + size
    if waiting > MAX_PENDING_FACTOR * most or own.count() >= MAX_FORM_UPLOADS:
        raise NotAccepted(f"一次最多传{MAX_PENDING_FACTOR * settings.UPLOAD_MB} MB。请先提交，其余的打开此件补充提交。")
    everybody = Upload.objects.exclude(form="").aggregate(sum=Sum("size"))["sum"] or 0
    if everybody + size > MAX_WAITING_FOR_FORMS:
        raise NotAccepted("现在上传的人太多。请先提交文字，过一会儿打开此件补充文件，或者寄送、当面交给我们。")
    file_key, wrapped = keyring().new_key()
    sealed = encrypt_upload_name(clean_name(name), file_key)
    row = Upload(form=form, key=key, what=what.value, size=size, wrapped_key=wrapped, name_sealed=sealed)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Begun over another connection just now.
        return Upload.objects.get(form=form, key=key)
    return row


def remove_form_uploads(form: str) -> None:
    """Remove what waited for a form of the window that was sent."""
    for upload in Upload.objects.filter(form=form) if form else ():
        remove_upload(upload)


def put_chunk(upload: Upload, offset: int, data: bytes) -> int:
    """Keep a chunk; return how many bytes are there now.

    Raises:
        ChunkOutOfOrder: it isn't the next one.
    """
    whole_piece = len(data) == CHUNK_BYTES or offset + len(data) == upload.size
    if offset != upload.received or offset % CHUNK_BYTES or not data or not whole_piece or len(data) > CHUNK_BYTES:
        raise ChunkOutOfOrder(upload.received)
    folder = chunk_folder(upload)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = offset // CHUNK_BYTES
    fresh = folder / f".{number}-{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            target.write(seal(upload.file_key(), data, _place(number)))
        fresh.replace(folder / str(number))
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    received = offset + len(data)
    # The same chunk over two connections: one of them counts it.
    mine = Upload.objects.filter(pk=upload.pk, received=offset)
    if not mine.update(received=received, touched_at=timezone.now()):
        upload.refresh_from_db(fields=["received"])
        raise ChunkOutOfOrder(upload.received)
    upload.received = received
    return received


def read_upload(upload: Upload) -> bytes:
    """Return the whole content.

    Raises:
        DecryptionFailed: a chunk is missing or damaged.
        KeyMissing: the key that wraps the upload's key is gone.
    """
    content = b"".join(_pieces(upload))
    if len(content) != upload.size:
        raise DecryptionFailed
    return content


def _pieces(upload: Upload) -> Iterator[bytes]:
    key = upload.file_key()
    for number in range(-(-upload.size // CHUNK_BYTES)):
        try:
            yield unseal(key, (chunk_folder(upload) / str(number)).read_bytes(), _place(number))
        except OSError:
            raise DecryptionFailed from None


def remove_chunks(upload: Upload) -> None:
    """Remove the chunks of this upload, if there are any."""
    shutil.rmtree(chunk_folder(upload), ignore_errors=True)


def remove_upload(upload: Upload) -> None:
    """Remove an upload with its chunks and what was read of it."""
    upload.delete()
    remove_chunks(upload)


def remove_expired_uploads(now: datetime) -> int:
    """Remove what nobody touched for a day, and folders that no upload knows; returns how many uploads went."""
    old = list(Upload.objects.filter(touched_at__lt=now - PENDING_UPLOAD_LIFETIME))
    for upload in old:
        remove_upload(upload)
    known = set(Upload.objects.values_list("nonce", flat=True))
    limit = now.timestamp() - PENDING_UPLOAD_LIFETIME.total_seconds()
    for folder in _folder().iterdir() if _folder().exists() else ():
        if folder.name not in known and folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.FILES_DIR).with_name("uploads")


def _place(number: int) -> bytes:
    return b"piece " + str(number).encode()
