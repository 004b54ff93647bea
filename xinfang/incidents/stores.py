"""The files of urgent events."""

from collections.abc import Iterator
from functools import partial

from xinfang.core import file_store

from .models import IncidentFile


def read_incident_file(file: IncidentFile) -> Iterator[bytes]:
    """Yield the plain content in chunks, each checked.

    Raises:
        FileNotFoundError: the file is gone.
        DecryptionFailed: the file is damaged.
        KeyMissing: the key that wraps the file's key isn't here.
    """
    return file_store.read_content(file.address, file.secret())


def _files() -> Iterator[file_store.StoredFile]:
    for f in IncidentFile.objects.select_related("incident").order_by("pk").iterator(chunk_size=500):
        yield file_store.StoredFile(
            f"{f.incident.number} 的文件{f.place}", f.address, f.digest, partial(read_incident_file, f)
        )


STORES = (file_store.FileStore(_files, lambda: IncidentFile.objects.values_list("address", flat=True)),)
