"""The files of attachments."""

from collections.abc import Iterator
from functools import partial

from xinfang.core import file_store

from .models import Attachment


def read_attachment(attachment: Attachment) -> Iterator[bytes]:
    """The plain content in pieces, each checked. FileNotFoundError if it is gone, Broken if damaged, KeyMissing."""
    key = attachment.key()
    if key is None:
        raise FileNotFoundError(attachment.address)
    return file_store.read_content(attachment.address, key)


def _files() -> Iterator[file_store.StoredFile]:
    for a in Attachment.objects.select_related("petition").order_by("pk").iterator(chunk_size=500):
        label = f"{a.petition.number} 的附件{a.place}"
        yield file_store.StoredFile(
            label, a.address, a.digest, partial(read_attachment, a) if a.wrapped_key is not None else None
        )


STORES = (file_store.FileStore(_files, lambda: Attachment.objects.values_list("address", flat=True)),)
