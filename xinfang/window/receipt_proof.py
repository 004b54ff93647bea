"""Whether something is a receipt of this department, as it was signed: a saved file, its text, or its QR code.

The same is worked out on the petitioner's own device by `static/js/receipt_proof.js`; a test holds both to one answer.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from xinfang.procedure.words import Word
from xinfang.vault.hash_chain import CHAIN_FORMAT
from xinfang.vault.sm_ciphers import sm3
from xinfang.vault.standalone import SEAL_FIELDS, TABLES
from xinfang.window.receipts import FORMAT, SM3_IN_PLACE_OF_SHA256, digest_of, key_number, own_keys, sign

SHORT_FORMAT = "XFHZ1"
_INSIDE = re.compile(r'<script type="application/json" id="receipt">([^<]*)</script>')
_TWO_LINES = re.compile(r"(\{[^\r\n]*\})\r?\n([0-9a-f]+)")
_SHORT = re.compile(
    rf"({SHORT_FORMAT}\.([A-Z]{{2}}[0-9]{{10}}(?:[0-9]{{6}})?)\.([0-9]{{14}})\.([\w-]{{43}}))\.([\w-]{{86}})$", re.ASCII
)
_LINE = re.compile(r"[0-9a-f]{64}")


class Verdict(Word):
    """What a receipt turns out to be. The words are those of the page."""

    RIGHT = "right", "签名正确：是本厅签发的，内容一字未改。"
    ALTERED = "altered", "签名不对。内容改动过，或者不是本厅签发的，不要相信它写的内容。"
    FOREIGN = "foreign", "不是本厅签发的：它是用另一把钥匙签名的。"
    UNREADABLE = "unreadable", "这不是信访回执，或者不完整。请选择保存的回执文件，或者把回执文本整段粘贴进来。"


@dataclass(frozen=True, slots=True)
class GivenReceipt:
    """A receipt as somebody brought it: the text, the signature under it, the key and the night's seal it names."""

    text: str
    signature: str
    key: str = ""
    seal: Any = None
    short: tuple[str, str, str] | None = None
    """Of a QR code: number, time, digest."""


@dataclass(frozen=True, slots=True)
class CoveringSeal:
    """The night's seal that covers the registration."""

    number: int
    day: str
    hash: str


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """What a receipt is; of a right one also what it says. `key` is the number of the key that signed it."""

    verdict: Verdict
    said: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
    key: str = ""
    short: bool = False
    seal: CoveringSeal | None = None
    seal_is_wrong: bool = False

    @property
    def is_right(self) -> bool:
        """Whether the department signed it, and nothing was changed."""
        return self.verdict is Verdict.RIGHT

    @property
    def received_at(self) -> datetime:
        """When it was received (Asia/Shanghai)."""
        return datetime.fromisoformat(self.said["received_at"])


def short_receipt(number: str, at: datetime, digest: str) -> str:
    """Return what a receipt's QR code says: number, time and digest with a signature of their own."""
    text = f"{SHORT_FORMAT}.{number}.{at:%Y%m%d%H%M%S}.{_base64url(bytes.fromhex(digest))}"
    r, s = decode_dss_signature(bytes.fromhex(sign(text)))
    return f"{text}.{_base64url(r.to_bytes(32) + s.to_bytes(32))}"


def read_receipt(written: str) -> GivenReceipt | None:
    """Return the receipt in a saved file, in its text, or in what a QR code says; None where there is none."""
    plain = written.strip()
    if short := _SHORT.search(plain):
        both = _bytes_of(short[5])
        right = _base64url(both) == short[5]
        numbers = int.from_bytes(both[:32]), int.from_bytes(both[32:])
        der = encode_dss_signature(*numbers).hex() if right else ""
        return GivenReceipt(short[1], der, short=(short[2], short[3], short[4]))
    if lines := _TWO_LINES.fullmatch(plain):
        return GivenReceipt(lines[1], lines[2])
    inside = _INSIDE.search(written)
    found = _json(inside[1]) if inside else None
    if not isinstance(found, dict):
        return None
    text, signature, key = found.get("text"), found.get("signature"), found.get("key")
    if not isinstance(text, str) or not isinstance(signature, str):
        return None
    return GivenReceipt(text, signature, key if isinstance(key, str) else "", found.get("seal"))


def check_receipt(written: str) -> CheckedReceipt:
    """Return what this is, by this department's own key."""
    given = read_receipt(written)
    if given is None:
        return CheckedReceipt(Verdict.UNREADABLE)
    keys = own_keys()
    own = next((key for key in keys if _fits(given, key)), "")
    if not own:
        if given.key not in ("", *keys) and _fits(given, given.key):
            return CheckedReceipt(Verdict.FOREIGN, key=key_number(given.key))
        return CheckedReceipt(Verdict.ALTERED)
    said: dict[str, Any] | None = _said(given)
    if said is None:
        return CheckedReceipt(Verdict.UNREADABLE)
    seal = _covering(given.seal, str(said.get("event", ""))) if given.seal is not None else None
    return CheckedReceipt(
        Verdict.RIGHT,
        said,
        said["digest"] if given.short else digest_of(given.text),
        key_number(own),
        given.short is not None,
        seal,
        given.seal is not None and seal is None,
    )


def _said(given: GivenReceipt) -> dict[str, Any] | None:
    if given.short:
        number, at, digest = given.short
        moment = f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:12]}:{at[12:]}+08:00"
        return {"number": number, "received_at": moment, "digest": _bytes_of(digest).hex()}
    said = _json(given.text)
    return said if isinstance(said, dict) and said.get("format") == FORMAT else None


def _fits(given: GivenReceipt, key: str) -> bool:
    # One spelling of a signature only, so that no character of a receipt can be changed.
    if not re.fullmatch(r"(?:[0-9a-f]{2})+", given.signature):
        return False
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes_of(key))
        signature, digest = bytes.fromhex(given.signature), sm3(given.text.encode("utf-8", "surrogatepass"))
        if encode_dss_signature(*decode_dss_signature(signature)) != signature:
            return False
        point.verify(signature, digest, SM3_IN_PLACE_OF_SHA256)
    except (InvalidSignature, ValueError):
        return False
    return True


def _covering(seal: Any, event: str) -> CoveringSeal | None:
    """Return the seal if it is one and covers the event; the same as `standalone` checks of a bundle."""
    line, covers = (str(seal.get(name)) for name in ("line", "covers")) if isinstance(seal, dict) else ("", "")
    fields = _json(line)
    if not isinstance(fields, list) or len(fields) != SEAL_FIELDS or fields[0] != CHAIN_FORMAT or fields[2] != "seal":
        return None
    kept = sm3(line.encode("utf-8", "surrogatepass")).hex()
    *lines, end = covers.split("\n")
    table, count, found, hashed = -1, 0, False, []
    for one in lines:
        if table + 1 < len(TABLES) and one == TABLES[table + 1]:
            table += 1
            hashed.append(f"{one}\n")
        elif table >= 0 and _LINE.fullmatch(one):
            count += 1
            hashed.append(one)
            found = found or (table == 0 and one == event)
        else:
            return None
    whole = end == "" and table == len(TABLES) - 1 and count == fields[9] and found
    right = whole and sm3("".join(hashed).encode()).hex() == fields[10] and kept == seal.get("hash")
    return CoveringSeal(fields[3], fields[4], kept) if right else None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
