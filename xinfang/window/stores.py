"""The files of submissions that wait."""

from collections.abc import Iterator
from functools import partial

from xinfang.core import file_store

from .models import WaitingFile
from .waiting_content import read_waiting_file


def _files() -> Iterator[file_store.StoredFile]:
    for f in WaitingFile.objects.select_related("submission").order_by("pk").iterator(chunk_size=500):
        label = f"{f.submission.number} 的文件{f.place}"
        yield file_store.StoredFile(label, f.address, f.digest, partial(read_waiting_file, f))


STORES = (file_store.FileStore(_files, lambda: WaitingFile.objects.values_list("address", flat=True)),)
