"""The files of attachments."""

from collections.abc import Iterator
from functools import partial

from xinfang.cases.models import Event
from xinfang.core import file_store
from xinfang.procedure.steps.attachments import Attach
from xinfang.procedure.steps.retention import Destroy
from xinfang.vault.keys import KeyMissing

from .models import Attachment


def read_attachment(attachment: Attachment) -> Iterator[bytes]:
    """Yield the plain content in chunks, each checked.

    Raises:
        FileNotFoundError: the file or its key is gone.
        DecryptionFailed: it is damaged.
        KeyMissing: the key that wraps its key is gone.
    """
    key = attachment.key()
    if key is None:
        raise FileNotFoundError(attachment.address)
    return file_store.read_content(attachment.address, key)


def _files() -> Iterator[file_store.StoredFile]:
    destroyed = set(_TOOK_EFFECT.filter(code=Destroy.rule.code).values_list("petition_id", flat=True))
    for a in Attachment.objects.select_related("petition").order_by("pk").iterator(chunk_size=500):
        erased = a.wrapped_key is None and a.petition_id in destroyed
        label = f"{a.petition.number} 的附件{a.place}"
        yield file_store.StoredFile(label, a.address, a.digest, None if erased else partial(_read, a))


def _read(attachment: Attachment) -> Iterator[bytes]:
    if attachment.wrapped_key is None:
        raise KeyMissing("它的密钥不在数据库中，而案卷没有销毁。请从备份恢复。")
    return read_attachment(attachment)


def _missing() -> Iterator[str]:
    """Yield the attachments whose row is gone, by the steps that added them."""
    added = _TOOK_EFFECT.filter(code=Attach.rule.code, attachment=None).order_by("petition_id", "seq")
    for number, seq in added.values_list("petition__number", "seq"):
        yield f"{number} 的附件（第{seq}步添加）"


_TOOK_EFFECT = Event.objects.filter(stage__in=("done", "confirmed"))
STORES = (file_store.FileStore(_files, lambda: Attachment.objects.values_list("address", flat=True), _missing),)
