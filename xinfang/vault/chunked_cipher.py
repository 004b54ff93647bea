"""Files of any size, encrypted chunk by chunk in constant memory.

Layout: `XFS1`, 16 random bytes, then chunks of 64 KiB, each followed by its tag of 16 bytes; the last is shorter, or
empty. Each stream has a key of its own, derived from the given key and the random bytes, so a chunk fits no other
stream. A chunk's number is its nonce; its number and whether it is the last are authenticated with it. Hence a stream
that was cut off, lengthened, put in another order or mixed with another gives `DecryptionFailed`.
"""

from collections.abc import Iterator
from secrets import token_bytes
from typing import BinaryIO, Protocol

from xinfang.vault.sm_ciphers import KEY_BYTES, NONCE_BYTES, TAG_BYTES, DecryptionFailed, hmac_sm3
from xinfang.vault.sm_ciphers import decrypt as open_piece
from xinfang.vault.sm_ciphers import encrypt as seal_piece

CHUNK_BYTES = 64 * 1024
_MAGIC = b"XFS1"
_SALT = 16


class Readable(Protocol):
    """What content is read from: a file, a pipe or what only reads."""

    def read(self, size: int, /) -> bytes | None:
        """Return at most this many bytes; nothing at the end."""


def encrypt_file(source: Readable, target: BinaryIO, key: bytes) -> int:
    """Write `source` to `target`, encrypted; returns how many plain bytes it had."""
    salt = token_bytes(_SALT)
    own = _own_key(key, salt)
    target.write(_MAGIC + salt)
    size = number = 0
    while True:
        piece = _read(source, CHUNK_BYTES)
        # Content that ends with a full chunk is followed by an empty one, so the length alone tells the last.
        last = len(piece) < CHUNK_BYTES
        text, tag = seal_piece(own, _nonce(number), piece, _aad(number, last))
        target.write(text + tag)
        size += len(piece)
        if last:
            return size
        number += 1


def decrypt_file(source: Readable, target: BinaryIO, key: bytes) -> int:
    """Write what was encrypted to `target`; returns how many bytes it has.

    Raises:
        DecryptionFailed: the content is damaged. The chunks before the damage were written by then: `target` holds the
            whole only once this returns.
    """
    size = 0
    for piece in decrypted_chunks(source, key):
        target.write(piece)
        size += len(piece)
    return size


def decrypted_chunks(source: Readable, key: bytes) -> Iterator[bytes]:
    """Yield the plain content, chunk by chunk, each only after its tag was found right.

    Raises:
        DecryptionFailed: the content is damaged, or was encrypted with another key.
    """
    head = _read(source, len(_MAGIC) + _SALT)
    if len(head) < len(_MAGIC) + _SALT or not head.startswith(_MAGIC):
        raise DecryptionFailed
    own = _own_key(key, head[len(_MAGIC) :])
    number = 0
    while True:
        block = _read(source, CHUNK_BYTES + TAG_BYTES)
        if len(block) < TAG_BYTES:
            raise DecryptionFailed
        last = len(block) < CHUNK_BYTES + TAG_BYTES
        piece = open_piece(own, _nonce(number), block[:-TAG_BYTES], block[-TAG_BYTES:], _aad(number, last))
        if piece:
            yield piece
        if last:
            return
        number += 1


def _own_key(key: bytes, salt: bytes) -> bytes:
    return hmac_sm3(key, b"xinfang stream " + salt)[:KEY_BYTES]


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES, "big")


def _aad(number: int, last: bool) -> bytes:
    return (b"last " if last else b"more ") + str(number).encode()


def _read(source: Readable, size: int) -> bytes:
    """Read this many bytes, fewer only at the end: a pipe may give less at a time."""
    found = source.read(size) or b""
    while 0 < len(found) < size:
        more = source.read(size - len(found))
        if not more:
            break
        found += more
    return found
