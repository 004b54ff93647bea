"""Sealed for one reader: only that reader opens it, not even who sealed it; one changed bit and it opens for nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinfang.vault.sealed_box import (
    POINT_BYTES,
    is_signed,
    open_sealed,
    private_key,
    public_bytes,
    seal_for,
    sign,
)
from xinfang.vault.sm_ciphers import DecryptionFailed

READER, OTHER = private_key(b"reader".rjust(32)), private_key(b"other".rjust(32))
PLACE = b"here"


@given(st.binary(max_size=3000), st.binary(max_size=40))
def test_the_reader_reads_what_was_sealed(plain: bytes, place: bytes) -> None:
    sealed = seal_for(public_bytes(READER), plain, place)
    assert open_sealed(READER, sealed, place) == plain
    assert len(plain) < 12 or plain not in sealed


def test_nobody_else_and_nowhere_else() -> None:
    sealed = seal_for(public_bytes(READER), b"words", PLACE)
    for reader, place in ((OTHER, PLACE), (READER, b"there")):
        with pytest.raises(DecryptionFailed):
            open_sealed(reader, sealed, place)
    assert sealed != seal_for(public_bytes(READER), b"words", PLACE), "the same content looks different each time"


def test_every_changed_byte_is_found() -> None:
    sealed = seal_for(public_bytes(READER), b"words", PLACE)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(DecryptionFailed):
            open_sealed(READER, changed, PLACE)
    for cut in (b"", sealed[:POINT_BYTES], sealed[:-1]):
        with pytest.raises(DecryptionFailed):
            open_sealed(READER, cut, PLACE)


def test_a_signature_fits_its_key_and_its_content() -> None:
    signature = sign(READER, b"words")
    assert is_signed(public_bytes(READER), b"words", signature)
    assert not is_signed(public_bytes(READER), b"other words", signature)
    assert not is_signed(public_bytes(OTHER), b"words", signature)
    assert not is_signed(b"no key", b"words", signature) and not is_signed(public_bytes(READER), b"words", b"")


def test_a_key_follows_from_its_secret() -> None:
    assert public_bytes(private_key(b"reader".rjust(32))) == public_bytes(READER) != public_bytes(OTHER)
    assert len(public_bytes(private_key(b"\xff" * 32))) == POINT_BYTES
