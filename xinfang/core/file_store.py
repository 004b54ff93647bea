"""Where the content of attachments lies: DATA/files/<2 digits>/<64 digits>, encrypted, readable by the owner only.

A file is written whole under another name, brought to the disk, and then takes its address: a power cut leaves either
the whole file or a stray one that `check` names. Nothing here deletes what an attachment refers to.
"""

import io
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from xinfang.core.features import modules
from xinfang.vault.chunked_cipher import decrypted_chunks, encrypt_file
from xinfang.vault.keys import KeyMissing, keyring
from xinfang.vault.sm_ciphers import DecryptionFailed, sm3

_FRESH = ".new-"
_UNDER_WAY = 60 * 60
"""Seconds after which a file without an attachment isn't an upload in progress any more."""


def content_address(number: str, digest: str) -> str:
    """Return where content with this SM3 hash (hex) of this case is kept: the same content only once in a case."""
    return keyring().mark("file", f"{number}:{digest}")


def path_of(address: str) -> Path:
    """Return the path of the file with this address (64 hexadecimal digits)."""
    return Path(settings.FILES_DIR) / address[:2] / address


def write_encrypted(data: bytes, key: bytes) -> Path:
    """Encrypt to a file of its own that has no address yet, brought to the disk. OSError where the disk is full."""
    folder = Path(settings.FILES_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f"{_FRESH}{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            encrypt_file(io.BytesIO(data), target, key)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        remove_file(fresh)
        raise
    return fresh


def move_into_place(fresh: Path, address: str) -> None:
    """Give a written file its address. The caller holds the lock of its case, so that nobody else does the same."""
    place = path_of(address)
    made = not place.parent.exists()
    place.parent.mkdir(mode=0o700, exist_ok=True)
    fresh.replace(place)
    _to_disk(place.parent)
    if made:
        _to_disk(place.parent.parent)


def remove_file(file: Path) -> None:
    """Remove a file that no attachment refers to."""
    with suppress(OSError):
        file.unlink(missing_ok=True)


def read_content(address: str, key: bytes) -> Iterator[bytes]:
    """Yield the plain content of the file with this address in chunks, each checked.

    Raises:
        FileNotFoundError: there is no such file.
        DecryptionFailed: it was altered, or encrypted with another key.
    """
    return _pieces(path_of(address).open("rb"), key)


def _pieces(source: io.BufferedReader, key: bytes) -> Iterator[bytes]:
    with source:
        yield from decrypted_chunks(source, key)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that a row refers to: how the row is named to people, and how its plain content is read."""

    label: str
    address: str
    digest: str
    """SM3 of the content (hex)."""
    content: Callable[[], Iterator[bytes]] | None
    """None where it was destroyed and only its address is known."""


@dataclass(frozen=True, slots=True)
class FileStore:
    """The files of one table. A feature names its own in `stores.STORES`."""

    files: Callable[[], Iterator[StoredFile]]
    """Every file with its row, a few queries for all."""
    addresses: Callable[[], Iterable[str]]
    missing: Callable[[], Iterable[str]] = tuple
    """What was recorded as added and has no row any more, as it is named to people."""


def check_files() -> list[str]:
    """Read every kept file and compare it with its hash.

    Returns what is missing, damaged or stray, one sentence each.
    """
    wrong, known = [], set()
    for store in _stores():
        for file in store.files():
            known.add(file.address)
            if file.content is not None:
                wrong += _wrong(file, file.content)
        wrong += [f"{label}：有添加的记录，但没有这一行。请从备份恢复。" for label in store.missing()]
    return wrong + [f"files/{stray}：没有附件与它对应，可以移走。" for stray in stray_files(known)]


def wrong_files(store: FileStore) -> list[str]:
    """Read every file of one table and compare it with its hash; returns what is wrong, one sentence each."""
    return [says for f in store.files() if f.content is not None for says in _wrong(f, f.content)]


def _stores() -> Iterator[FileStore]:
    for feature in modules("stores"):
        yield from feature.STORES


def _wrong(file: StoredFile, content: Callable[[], Iterator[bytes]]) -> list[str]:
    where = f"{file.label}（files/{file.address[:2]}/{file.address}）"
    try:
        if sm3(b"".join(content())).hex() != file.digest:
            return [f"{where}：内容与登记的摘要不符。请从备份恢复。"]
    except FileNotFoundError:
        return [f"{where}：文件不见了。请从备份恢复。"]
    except DecryptionFailed:
        return [f"{where}：文件已损坏或被改动。请从备份恢复。"]
    except KeyMissing as e:
        return [f"{where}：{e}"]
    except OSError as e:
        return [f"{where}：读不出来（{e.strerror}）。请检查磁盘和权限。"]
    return []


def stray_files(known: set[str] | None = None) -> list[str]:
    """Return files below the folder that belong to no attachment or decision.

    An upload that was cut off left them.
    """
    folder = Path(settings.FILES_DIR)
    if known is None:
        known = {address for store in _stores() for address in store.addresses()}
    old = time.time() - _UNDER_WAY
    found = []
    for file in sorted(folder.rglob("*")) if folder.exists() else []:
        right = file.name in known and file.parent == folder / file.name[:2]
        with suppress(FileNotFoundError):
            if not right and file.is_file() and file.stat().st_mtime < old:
                found.append(str(file.relative_to(folder)))
    return found


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
