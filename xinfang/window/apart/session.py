"""Who is at a window apart: the inquiry code that was proven, encrypted in a cookie of the window, for half an hour."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import asdict, dataclass
from time import time

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from xinfang.vault.sm_ciphers import DecryptionFailed, seal, sm3, unseal
from xinfang.window.session import COOKIE, MINUTES

_PLACE = b"window apart"


@dataclass(frozen=True, slots=True)
class ProvenCode:
    """The code that somebody proved. `fresh`: they have just submitted it, so the receipt shows the code."""

    code: str
    fresh: bool = False


def read(request: HttpRequest) -> ProvenCode | None:
    """Return what this browser has proven; None where it has nothing, or the time is over."""
    try:
        kept = json.loads(unseal(_key(), urlsafe_b64decode(request.COOKIES.get(COOKIE, "")), _PLACE))
        at = kept.pop("at")
        return ProvenCode(**kept) if time() - at < MINUTES * 60 else None
    except (Error, ValueError, DecryptionFailed, KeyError, TypeError):
        return None


def keep(response: HttpResponseBase, proven: ProvenCode) -> None:
    """Keep the proof for another half hour."""
    plain = json.dumps({**asdict(proven), "at": time()}).encode()
    response.set_cookie(
        COOKIE, urlsafe_b64encode(seal(_key(), plain, _PLACE)).decode(), max_age=MINUTES * 60, path=reverse("window"),
        secure=settings.HTTPS, httponly=True, samesite="Strict",
    )  # fmt: skip


def _key() -> bytes:
    return sm3(b"xinfang window apart " + settings.SECRET_KEY.encode())[:16]
