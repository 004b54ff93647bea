"""The receipt that proves itself: what was handed in and when, signed by the department (N18, N23).

The signature is ECDSA on the curve P-256 over the SM3 digest of the receipt's canonical JSON. Its key follows from the
lookup key of the key folder, so it needs no keeping of its own and survives a restored backup. Who has the receipt and
the department's public key, as it is printed on the public page and the leaflet, needs nothing else to check it.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from xinfang.core.clock import SHANGHAI
from xinfang.vault.hash_chain import canonical
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import sm3

from .apart.kit import kit, windows_receipt_key

FORMAT = "xinfang-receipt-1"
_PURPOSE = "receipt signature"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SM3_IN_PLACE_OF_SHA256 = ec.ECDSA(Prehashed(hashes.SHA256()))
"""The library signs a digest of 32 bytes as it is given one; which function made it is ours to say."""


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """A file as it arrived: what the sender compares with theirs."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class NotArrived:
    """A file that wasn't taken, and why, in a sentence for the sender."""

    name: str
    why: str


def receipt_text(
    *, department: str, number: str, at: datetime, text: Mapping[str, Any], arrived: Sequence[ArrivedFile],
    not_arrived: Sequence[NotArrived], event: str,
) -> str:  # fmt: skip
    """Return what a receipt says, as the one line of JSON that is signed.

    `event` is the hash of the registration, which the night's seal covers.
    """
    words = dict(text)
    return canonical(
        {
            "format": FORMAT,
            "department": department,
            "number": number,
            "received_at": at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            "text": words,
            "text_sm3": sm3(canonical(words).encode()).hex(),
            "files": [{"name": f.name, "size": f.size, "sm3": f.digest} for f in arrived],
            "not_arrived": [{"name": f.name, "why": f.why} for f in not_arrived],
            "event": event,
            "key": public_key_id(),
        }
    )


def digest_of(text: str) -> str:
    """Return the SM3 digest of a receipt's text: that is what is signed."""
    return sm3(text.encode()).hex()


def sign(text: str) -> str:
    """Return the department's signature under a receipt, as hexadecimal digits."""
    return _private_key().sign(bytes.fromhex(digest_of(text)), SM3_IN_PLACE_OF_SHA256).hex()


def is_signed(text: str, signature: str) -> bool:
    """Tell whether this is the department's receipt, unchanged."""
    try:
        _private_key().public_key().verify(
            bytes.fromhex(signature), bytes.fromhex(digest_of(text)), SM3_IN_PLACE_OF_SHA256
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key() -> str:
    """Return the public key as base64: the point on the curve, uncompressed (65 bytes)."""
    raw = _private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(raw).decode()


def public_key_id() -> str:
    """Return by what people compare two public keys: the first 20 digits of its SM3 digest, in groups of four."""
    return key_number(public_key())


def own_keys() -> list[str]:
    """Return the public keys, as base64, by which a receipt is the department's: of the desk, of its window."""
    own = public_key()
    if settings.PART == "window":
        return [own, kit().department]
    if not settings.WINDOW_QUEUE:
        return [own]
    raw = windows_receipt_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return [own, base64.b64encode(raw).decode()]


def published_key_ids() -> str:
    """Return the numbers of these keys, as the public page, the leaflet and the notice board tell them."""
    return " 或者 ".join(map(key_number, own_keys()))


def key_number(key: str) -> str:
    """Return the number of a public key, given as base64."""
    digest = sm3(base64.b64decode(key)).hex()[:20]
    return " ".join(digest[i : i + 4] for i in range(0, 20, 4)).upper()


def _private_key() -> ec.EllipticCurvePrivateKey:
    if settings.PART == "window":
        return windows_receipt_key()
    scalar = int.from_bytes(keyring().derived(_PURPOSE)) % (_ORDER - 1) + 1
    return ec.derive_private_key(scalar, ec.SECP256R1())
