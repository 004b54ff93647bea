"""The ciphers give what the standards print, and open nothing that was touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinfang.vault.sm_ciphers import DecryptionFailed, decrypt, encrypt, hmac_sm3, seal, sm3, unseal

KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
PLACE = b"petitioner 17 phone"


@pytest.mark.parametrize(
    ("text", "digest"),
    [  # GB/T 32905-2016, annex A
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_as_printed(text: bytes, digest: str) -> None:
    assert sm3(text).hex() == digest


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [  # GM/T 0042-2015, annex D.3
        (
            bytes(range(1, 33)),
            b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2,
            "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
        ),
        (
            bytes(range(1, 38)),
            b"\xcd" * 50,
            "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae",
        ),
        (b"\x0b" * 32, b"Hi There", "c0ba18c68b90c88bc07de794bfc7d2c8d19ec31ed8773bc2b390c9604e0be11e"),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882",
        ),
    ],
)
def test_hmac_sm3_as_printed(key: bytes, text: bytes, code: str) -> None:
    assert hmac_sm3(key, text).hex() == code


def test_sm4_gcm_as_printed() -> None:
    """RFC 8998, appendix A.1."""
    nonce = bytes.fromhex("00001234567800000000ABCD")
    aad = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = bytes.fromhex("".join(letter * 16 for letter in "ABCDEFEA"))
    text, tag = encrypt(KEY, nonce, plain, aad)
    assert text.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    assert decrypt(KEY, nonce, text, tag, aad) == plain


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_was_sealed_is_opened(plain: bytes, aad: bytes) -> None:
    blob = seal(KEY, plain, aad)
    assert len(blob) == len(plain) + 28
    assert unseal(KEY, blob, aad) == plain


def test_the_same_text_is_never_sealed_alike() -> None:
    assert len({seal(KEY, b"13900000000", PLACE) for _ in range(50)}) == 50


def test_every_flipped_bit_is_found() -> None:
    blob = seal(KEY, "某人".encode(), PLACE)
    for bit in range(len(blob) * 8):
        touched = bytearray(blob)
        touched[bit // 8] ^= 1 << bit % 8
        with pytest.raises(DecryptionFailed):
            unseal(KEY, bytes(touched), PLACE)


def test_what_is_cut_is_found() -> None:
    blob = seal(KEY, b"secret", PLACE)
    for length in range(len(blob)):
        with pytest.raises(DecryptionFailed):
            unseal(KEY, blob[:length], PLACE)


@pytest.mark.parametrize(
    ("key", "aad"), [(KEY, b"petitioner 18 phone"), (KEY, b""), (KEY[::-1], PLACE)], ids=["moved", "no place", "key"]
)
def test_another_place_or_key_opens_nothing_and_the_error_tells_nothing(key: bytes, aad: bytes) -> None:
    with pytest.raises(DecryptionFailed) as broken:
        unseal(key, seal(KEY, b"13900000000", PLACE), aad)
    assert "139" not in str(broken.value)
    assert broken.value.__cause__ is None and broken.value.__suppress_context__
