"""The messages that came into the mailbox, as they came."""

from collections.abc import Iterator
from functools import partial

from xinfang.core import file_store
from xinfang.vault.sm_ciphers import DecryptionFailed

from .models import IncomingMail


def read_raw(mail: IncomingMail) -> Iterator[bytes]:
    """Yield a message as it came in chunks, each checked.

    Raises:
        FileNotFoundError: the file is gone.
        DecryptionFailed: it is damaged, or its key was erased.
        KeyMissing: the key it is wrapped with isn't here.
    """
    key = mail.key()
    if key is None:
        raise DecryptionFailed
    return file_store.read_content(mail.address, key)


def _files() -> Iterator[file_store.StoredFile]:
    for mail in IncomingMail.objects.order_by("pk").iterator(chunk_size=500):
        content = partial(read_raw, mail) if mail.wrapped_key is not None else None
        yield file_store.StoredFile(f"第{mail.pk}封邮件", mail.address, mail.digest, content)


STORES = (file_store.FileStore(_files, lambda: IncomingMail.objects.values_list("address", flat=True)),)
