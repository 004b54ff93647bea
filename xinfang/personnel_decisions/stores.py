"""The files of decisions."""

from collections.abc import Iterator
from functools import partial

from xinfang.core import file_store
from xinfang.vault.keys import KeyMissing

from .models import Decision


def _read(decision: Decision) -> Iterator[bytes]:
    key = getattr(decision, "kept_key", None)
    if key is None:
        raise KeyMissing("它的密钥不在数据库中。请从备份恢复。")
    return file_store.read_content(decision.file_address, key.open())


def _files() -> Iterator[file_store.StoredFile]:
    for d in Decision.objects.select_related("kept_key").order_by("pk").iterator(chunk_size=500):
        yield file_store.StoredFile(f"{d.number} 的决定文件", d.file_address, d.file_digest, partial(_read, d))


STORES = (file_store.FileStore(_files, lambda: Decision.objects.values_list("file_address", flat=True)),)
