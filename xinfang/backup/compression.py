"""Content on its way into a backup and out of it: compressed quickly, never held whole."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from xinfang.vault.sm_ciphers import DecryptionFailed

CHUNK_BYTES = 256 * 1024
_GZIP = 31
"""zlib's number for gzip's own frame."""


def compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Compress chunks with gzip at its quickest: a database shrinks to a fraction, and less has to be encrypted."""
    press = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    for chunk in chunks:
        if out := press.compress(chunk):
            yield out
    yield press.flush()


def decompressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress what `compressed` was given, in chunks of bounded size.

    Raises:
        DecryptionFailed: it isn't complete.
    """
    press = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            while chunk:
                if out := press.decompress(chunk, CHUNK_BYTES):
                    yield out
                chunk = press.unconsumed_tail
    except zlib.error:
        raise DecryptionFailed from None
    if not press.eof or press.unused_data:
        raise DecryptionFailed


def file_chunks(file: Path) -> Iterator[bytes]:
    """Yield a file in chunks."""
    with file.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            yield chunk


def file_digest(file: Path) -> str:
    """Return the SM3 of a file (hex), read piece by piece.

    Raises:
        OSError: it can't be read.
    """
    digest = hashlib.new("sm3")
    for chunk in file_chunks(file):
        digest.update(chunk)
    return digest.hexdigest()
