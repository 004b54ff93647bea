"""Content that anybody can seal for one reader and only that reader opens: ECDH on P-256, a key by HMAC-SM3, SM4-GCM.

Each content has a sender's key of its own, thrown away after sealing: who sealed it can't open it again. It tells
nothing of who sealed it; what must come from somebody certain is signed beside it (`sign`, `is_signed`).
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from xinfang.vault.sm_ciphers import KEY_BYTES, DecryptionFailed, hmac_sm3, seal, sm3, unseal

POINT_BYTES = 65
"""Of an uncompressed point of the curve."""
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SM3 = ec.ECDSA(Prehashed(hashes.SHA256()))
"""The library signs a digest of 32 bytes as it is given one."""


def private_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the key that follows from 32 secret bytes."""
    return ec.derive_private_key(int.from_bytes(secret) % (_ORDER - 1) + 1, _CURVE)


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public key: the point on the curve, uncompressed."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal_for(reader: bytes, plain: bytes, aad: bytes) -> bytes:
    """Seal content for the reader with this public key; `aad` says where it belongs, as in `sm_ciphers.seal`.

    Raises:
        ValueError: that is no public key.
    """
    once = ec.generate_private_key(_CURVE)
    shared = once.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, reader))
    sender = public_bytes(once)
    return sender + seal(_key(shared, sender, reader), plain, aad)


def open_sealed(reader: ec.EllipticCurvePrivateKey, blob: bytes, aad: bytes) -> bytes:
    """Return what `seal_for` was given.

    Raises:
        DecryptionFailed: it was altered, belongs elsewhere, or was sealed for somebody else.
    """
    sender = blob[:POINT_BYTES]
    try:
        shared = reader.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender))
    except ValueError:
        raise DecryptionFailed from None
    return unseal(_key(shared, sender, public_bytes(reader)), blob[POINT_BYTES:], aad)


def sign(key: ec.EllipticCurvePrivateKey, content: bytes) -> bytes:
    """Return the signature over the SM3 digest of this content."""
    return key.sign(sm3(content), _SM3)


def is_signed(public: bytes, content: bytes, signature: bytes) -> bool:
    """Tell whether the owner of this public key signed this content."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public).verify(signature, sm3(content), _SM3)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(shared: bytes, sender: bytes, reader: bytes) -> bytes:
    return hmac_sm3(shared, b"xinfang sealed box" + sender + reader)[:KEY_BYTES]
