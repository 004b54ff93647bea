"""A stream comes back whole, or not at all."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinfang.vault import chunked_cipher
from xinfang.vault.sm_ciphers import DecryptionFailed

KEY = bytes(range(16))
HEAD = 20
BLOCK = chunked_cipher.CHUNK_BYTES + 16


def sealed(plain: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    assert chunked_cipher.encrypt_file(io.BytesIO(plain), target, key) == len(plain)
    return target.getvalue()


def opened(text: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    size = chunked_cipher.decrypt_file(io.BytesIO(text), target, key)
    assert size == len(target.getvalue())
    return target.getvalue()


def plain_of(size: int) -> bytes:
    return bytes(i * 7 % 251 for i in range(997)) * (size // 997 + 1)


SIZES = [
    0,
    1,
    chunked_cipher.CHUNK_BYTES - 1,
    chunked_cipher.CHUNK_BYTES,
    chunked_cipher.CHUNK_BYTES + 1,
    3 * chunked_cipher.CHUNK_BYTES,
    3 * chunked_cipher.CHUNK_BYTES + 5,
]
THREE = sealed(plain_of(4 * chunked_cipher.CHUNK_BYTES)[: 3 * chunked_cipher.CHUNK_BYTES + 100])
OTHER = sealed(plain_of(4 * chunked_cipher.CHUNK_BYTES)[1 : 3 * chunked_cipher.CHUNK_BYTES + 101])


@pytest.mark.parametrize("size", SIZES)
def test_any_size_comes_back(size: int) -> None:
    plain = plain_of(size)[:size]
    text = sealed(plain)
    assert opened(text) == plain
    assert len(text) == HEAD + size + 16 * (size // chunked_cipher.CHUNK_BYTES + 1)


def test_a_source_that_gives_little_at_a_time() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 1000) if size and size > 0 else size)

    plain = plain_of(200_000)[:200_000]
    target, back = io.BytesIO(), io.BytesIO()
    chunked_cipher.encrypt_file(Slow(plain), target, KEY)
    chunked_cipher.decrypt_file(Slow(target.getvalue()), back, KEY)
    assert back.getvalue() == plain


def test_memory_stays_small() -> None:
    """100 MiB pass through without being held."""
    import tracemalloc

    class Zeros:
        left = 100 * 1024 * 1024

        def read(self, size: int) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    class Nowhere:
        size = 0

        def write(self, data: bytes) -> int:
            self.size += len(data)
            return len(data)

    nowhere = Nowhere()
    tracemalloc.start()
    chunked_cipher.encrypt_file(Zeros(), nowhere, KEY)  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert nowhere.size > 100 * 1024 * 1024
    assert peak < 2 * 1024 * 1024


@given(st.data())
def test_any_flipped_bit_is_found(data: st.DataObject) -> None:
    touched = bytearray(THREE)
    touched[data.draw(st.integers(0, len(THREE) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DecryptionFailed):
        opened(bytes(touched))


@given(
    st.integers(0, len(THREE) - 1) | st.sampled_from([0, 4, HEAD, HEAD + 16, *(HEAD + n * BLOCK for n in (1, 2, 3))])
)
def test_any_cut_is_found(length: int) -> None:
    with pytest.raises(DecryptionFailed):
        opened(THREE[:length])


@given(st.binary(min_size=1, max_size=40) | st.sampled_from([THREE, THREE[HEAD:], THREE[-116:]]))
def test_anything_added_is_found(more: bytes) -> None:
    with pytest.raises(DecryptionFailed):
        opened(THREE + more)


def blocks(text: bytes) -> list[bytes]:
    return [text[at : at + BLOCK] for at in range(HEAD, len(text), BLOCK)]


@given(st.lists(st.integers(0, 3), max_size=6))
def test_any_other_order_repetition_or_omission_is_found(order: list[int]) -> None:
    if order == [0, 1, 2, 3]:
        return
    with pytest.raises(DecryptionFailed):
        opened(THREE[:HEAD] + b"".join(blocks(THREE)[n] for n in order))


@given(st.lists(st.booleans(), min_size=4, max_size=4), st.booleans())
def test_a_piece_of_another_stream_with_the_same_key_is_found(ours: list[bool], head: bool) -> None:
    if set(ours) == {head}:
        return
    mixed = [(a if mine else b) for mine, a, b in zip(ours, blocks(THREE), blocks(OTHER), strict=True)]
    with pytest.raises(DecryptionFailed):
        opened((THREE if head else OTHER)[:HEAD] + b"".join(mixed))


def test_another_key_opens_nothing() -> None:
    with pytest.raises(DecryptionFailed):
        opened(THREE, KEY[::-1])


@given(st.binary(max_size=300))
def test_garbage_is_broken_and_nothing_else(text: bytes) -> None:
    with pytest.raises(DecryptionFailed):
        opened(text)
    with pytest.raises(DecryptionFailed):
        opened(b"XFS1" + text)
