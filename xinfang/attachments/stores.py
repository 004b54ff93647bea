"""The files of attachments."""

from collections.abc import Iterator
from functools import partial

from xinfang.core import files

from .models import Attachment


def read(attachment: Attachment) -> Iterator[bytes]:
    """The plain content in pieces, each checked. FileNotFoundError if it is gone, Broken if damaged, KeyMissing."""
    key = attachment.key()
    if key is None:
        raise FileNotFoundError(attachment.address)
    return files.read_at(attachment.address, key)


def _files() -> Iterator[files.StoredFile]:
    for a in Attachment.objects.select_related("petition").order_by("pk").iterator(chunk_size=500):
        label = f"{a.petition.number} 的附件{a.place}"
        yield files.StoredFile(label, a.address, a.digest, partial(read, a) if a.wrapped_key is not None else None)


STORES = (files.FileStore(_files, lambda: Attachment.objects.values_list("address", flat=True)),)
