"""What a backup file looks like.

`XFB1`, four bytes with the length of the head, the head (JSON without any personal data: when, by which program, the
wrapped key), then one encrypted stream (`vault/chunked_cipher.py`). The stream's key depends on the head, so a changed
head opens nothing. Inside, members follow each other in frames: a letter, four bytes with the length, the content. N: a
name, D: content, E: the member's size and SM3, Z: the manifest of all members. A file that was cut off has no Z.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Any, BinaryIO

from xinfang.procedure.errors import XinfangError
from xinfang.vault.chunked_cipher import decrypted_chunks, encrypt_file
from xinfang.vault.keys import Keyring
from xinfang.vault.sm_ciphers import KEY_BYTES, DecryptionFailed, hmac_sm3

MAGIC = b"XFB1"
FORMAT = 1
_HEAD = Struct(">I")
_FRAME = Struct(">cI")
_LONGEST_HEAD = 64 * 1024
_LONGEST_FRAME = 64 * 1024 * 1024
BackupMember = tuple[str, Iterable[bytes]]
ReportProgress = Callable[[str], None]
"""Is told, in words for people, how far the work has come."""


class NotABackup(XinfangError):
    """The file isn't a backup of this system. Its text is for the person who named the file."""


@dataclass(frozen=True)
class BackupHeader:
    """What may be read without a key."""

    made_at: str
    program: str
    database: str
    wrapped_key: bytes
    raw: bytes

    def key(self, ring: Keyring) -> bytes:
        """Return the stream's key.

        Raises:
            DecryptionFailed: the keys aren't those of the backup.
            KeyMissing: the key that wraps it is gone.
        """
        return hmac_sm3(ring.unwrap(self.wrapped_key), self.raw)[:KEY_BYTES]


class ChunkReader:
    """Chunks of any size, read as a file is read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._held = bytearray()

    def read(self, size: int) -> bytes:
        """Read this many bytes; fewer only at the end."""
        while len(self._held) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._held += chunk
        found = bytes(self._held[:size])
        del self._held[:size]
        return found


def write_backup(target: BinaryIO, members: Iterable[BackupMember], ring: Keyring, facts: dict[str, str]) -> int:
    """Write a backup under a key of its own; returns the bytes inside. `facts` are made_at, program, database."""
    _, wrapped = ring.new_key()
    raw = json.dumps({"format": FORMAT, **facts, "key": wrapped.hex()}, ensure_ascii=False).encode()
    target.write(MAGIC + _HEAD.pack(len(raw)) + raw)
    return encrypt_file(ChunkReader(_frames(members)), target, _head(raw).key(ring))


def read_header(source: BinaryIO) -> BackupHeader:
    """Read the head, and leave the file at the beginning of the stream.

    Raises:
        NotABackup: it is no backup, or its head is damaged.
    """
    start = source.read(len(MAGIC) + _HEAD.size)
    if len(start) < len(MAGIC) + _HEAD.size or not start.startswith(MAGIC):
        raise NotABackup("这不是本系统的备份文件。")
    length = _HEAD.unpack(start[len(MAGIC) :])[0]
    raw = source.read(length) if length <= _LONGEST_HEAD else b""
    if len(raw) < length or not raw:
        raise NotABackup("备份文件的开头不完整或已损坏。")
    return _head(raw)


def _head(raw: bytes) -> BackupHeader:
    try:
        told: dict[str, Any] = json.loads(raw)
        if told["format"] != FORMAT:
            raise NotABackup("备份文件的格式比本程序新，请用同一版本或更新的程序恢复。")
        return BackupHeader(
            str(told["made_at"]), str(told["program"]), str(told["database"]), bytes.fromhex(told["key"]), raw
        )
    except (ValueError, KeyError, TypeError):
        raise NotABackup("备份文件的开头不完整或已损坏。") from None


def _frames(members: Iterable[BackupMember]) -> Iterator[bytes]:
    manifest: dict[str, list[Any]] = {}
    for name, content in members:
        yield _frame(b"N", name.encode())
        size, digest = 0, hashlib.new("sm3")
        for chunk in content:
            digest.update(chunk)
            size += len(chunk)
            yield _frame(b"D", chunk)
        manifest[name] = [size, digest.hexdigest()]
        yield _frame(b"E", json.dumps(manifest[name]).encode())
    yield _frame(b"Z", json.dumps(manifest).encode())


def _frame(kind: bytes, content: bytes) -> bytes:
    return _FRAME.pack(kind, len(content)) + content


def read_members(source: BinaryIO, key: bytes) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield each member's name and content, checked by the time the next is asked for.

    What was handed out is complete only once the iteration has ended. The content must be read before the next member.

    Raises:
        DecryptionFailed: at the first damage.
    """
    stream = ChunkReader(decrypted_chunks(source, key))
    found: dict[str, list[Any]] = {}
    while True:
        kind, content = _next(stream)
        if kind == b"Z":
            if json.loads(content) != found or stream.read(1):
                raise DecryptionFailed
            return
        if kind != b"N":
            raise DecryptionFailed
        name = content.decode()
        body = _content(stream, name, found)
        yield name, body
        for _ in body:  # whatever the reader left
            pass


def _content(stream: ChunkReader, name: str, found: dict[str, list[Any]]) -> Iterator[bytes]:
    size, digest = 0, hashlib.new("sm3")
    while True:
        kind, content = _next(stream)
        if kind == b"D":
            digest.update(content)
            size += len(content)
            yield content
            continue
        if kind != b"E" or json.loads(content) != [size, digest.hexdigest()] or name in found:
            raise DecryptionFailed
        found[name] = [size, digest.hexdigest()]
        return


def _next(stream: ChunkReader) -> tuple[bytes, bytes]:
    start = stream.read(_FRAME.size)
    if len(start) < _FRAME.size:
        raise DecryptionFailed
    kind, length = _FRAME.unpack(start)
    if length > _LONGEST_FRAME:
        raise DecryptionFailed
    content = stream.read(length)
    if len(content) < length:
        raise DecryptionFailed
    return kind, content
