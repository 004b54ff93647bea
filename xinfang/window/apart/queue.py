"""The files between a window apart and the desk: sealed ones go up, signed ones come down. Carried by anything.

A file is written whole under another name, brought to the disk and then named, so what is carried is never half there,
and what was acknowledged is on the disk. Its name says nothing: it follows from an inquiry code, and not back.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from xinfang.vault.sealed_box import is_signed, sign
from xinfang.vault.sm_ciphers import hmac_sm3

from .kit import kit, publishing_key

SEALED = ".sealed"
_NAME = re.compile(r"[0-9a-f]{32}(?:-[0-9a-f]{32})?\.sealed")
_SIGNATURE_LINE = 160
"""Bytes at most, of the hexadecimal signature that is before the content."""


def folder(*names: str) -> Path:
    """Return a folder of the queue, made if need be."""
    found = _root().joinpath(*names)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def _root() -> Path:
    assert settings.WINDOW_QUEUE is not None
    return settings.WINDOW_QUEUE


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, and stays.

    Raises:
        OSError: the disk doesn't take it.
    """
    fresh = file.parent / f".{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
        handle = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def sealed_files() -> Iterator[Path]:
    """Yield what came up and waits to be taken, the oldest first; half-carried files have other names."""
    found = [file for file in folder("up").iterdir() if _NAME.fullmatch(file.name)]
    yield from sorted(found, key=lambda file: (file.stat().st_mtime, file.name))


def publish(place: tuple[str, ...], content: bytes) -> None:
    """Write a file for the window, signed together with its place.

    Raises:
        OSError: the disk doesn't take it.
    """
    *folders, name = ("down", *place)
    signature = sign(publishing_key(), _bound(place, content)).hex().encode()
    write_whole(folder(*folders) / name, signature + b"\n" + content)


def published(*place: str) -> bytes | None:
    """Return what the desk published at this place; None where there is nothing, or it isn't signed by the desk."""
    try:
        written = _root().joinpath("down", *place).read_bytes()
    except OSError:
        return None
    signature, _, content = written.partition(b"\n")
    try:
        right = len(signature) <= _SIGNATURE_LINE and is_signed(
            kit().bytes_of("published"), _bound(place, content), bytes.fromhex(signature.decode("ascii", "replace"))
        )
    except ValueError:
        return None
    return content if right else None


def _bound(place: tuple[str, ...], content: bytes) -> bytes:
    return "/".join(place).encode() + b"\n" + content


def file_name_of(code: str) -> str:
    """Return the name under which everything of an inquiry code lies: it follows from the code, and not back."""
    return hmac_sm3(code.encode(), b"xinfang window file")[:16].hex()


def key_of(code: str) -> bytes:
    """Return the key that encrypts what belongs to an inquiry code (its 80 bits are all there is to know)."""
    return hmac_sm3(code.encode(), b"xinfang window key")[:16]
