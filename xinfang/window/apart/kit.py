"""The kit of a window apart: made at the desk from its key folder, carried to the window once.

All of it follows from the lookup key: made again it is the same, and nothing of it needs keeping at the desk.
"""

import base64
import json
import os
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from xinfang.vault.keys import keyring
from xinfang.vault.sealed_box import private_key, public_bytes
from xinfang.vault.sm_ciphers import VaultError

FILE = "window-kit.json"
"""In the data folder of the window."""
_FORMAT = "xinfang-window-kit-1"
_INTAKE, _PUBLISHED, _RECEIPT, _CODES = "window intake", "window published", "window receipt signature", "window codes"


class KitMissing(VaultError):
    """The window has no kit, or one that can't be used. Its text says what to do."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What a window apart needs of the desk. Bytes as base64."""

    intake: str
    """The desk's public key, for which submissions are sealed."""
    published: str
    """The desk's public key by which the window checks what the desk publishes."""
    department: str
    """The department's public key of receipts, for the page that checks them."""
    receipt: str
    """The secret of the window's own key, which signs its receipts."""
    codes: str
    """The secret from which inquiry codes and numbers follow, with the key of a form."""
    format: str = _FORMAT

    def bytes_of(self, name: str) -> bytes:
        """Return one of them."""
        return base64.b64decode(getattr(self, name))


def desk_kit(department: bytes) -> Kit:
    """Return the kit that belongs to this desk's keys; `department` is the public key of its receipts."""
    ring = keyring()
    return Kit(
        intake=_text(public_bytes(intake_key())),
        published=_text(public_bytes(publishing_key())),
        department=_text(department),
        receipt=_text(ring.derived(_RECEIPT)),
        codes=_text(ring.derived(_CODES)),
    )


def intake_key() -> ec.EllipticCurvePrivateKey:
    """Return the desk's key that opens what a window apart sealed."""
    return private_key(keyring().derived(_INTAKE))


def publishing_key() -> ec.EllipticCurvePrivateKey:
    """Return the desk's key that signs what it publishes for a window apart."""
    return private_key(keyring().derived(_PUBLISHED))


def windows_receipt_key() -> ec.EllipticCurvePrivateKey:
    """Return the key that signs receipts of a window apart: at the window from its kit, at the desk from its keys."""
    at_the_window = settings.PART == "window"
    return private_key(kit().bytes_of("receipt") if at_the_window else keyring().derived(_RECEIPT))


def write_kit(made: Kit, file: Path) -> None:
    """Write a kit for its owner only; a file that is there isn't overwritten.

    Raises:
        OSError: the file can't be written, or is there already.
    """
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump(asdict(made), stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())


def kit() -> Kit:
    """Return the kit of this window, read once.

    Raises:
        KitMissing: it isn't there, or can't be used.
    """
    return _read(Path(settings.DATA) / FILE)


@lru_cache(maxsize=4)
def _read(file: Path) -> Kit:
    try:
        found = Kit(**json.loads(file.read_text("utf-8")))
        # Looked at now, not at the first submission.
        private_key(found.bytes_of("receipt"))
        usable = found.format == _FORMAT and len(found.bytes_of("intake")) == len(found.bytes_of("published")) == 65
    except (OSError, ValueError, TypeError) as e:
        raise KitMissing(
            f"窗口没有可用的密钥包 {file}（{type(e).__name__}）。请在内网运行 xinfang window kit 文件，把文件带到这里，放在这个位置。"
        ) from None
    if not usable:
        raise KitMissing(f"密钥包 {file} 不能使用。请在内网重新运行 xinfang window kit。")
    return found


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
