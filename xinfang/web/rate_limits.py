"""How often somebody may ask for what can be misused by repetition: signing in, searching, uploading, unmasking.

The counters are a small SQLite file of their own in the data folder, shared by all processes of the machine: the cases'
database isn't written for it, and losing the file costs nothing. Addresses and accounts are kept there only as keyed
hashes.
"""

import hashlib
import hmac
import ipaddress
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from xinfang.core.client_address import client_address

from .views import too_many

MAX_COUNTERS = 100_000
"""Of the file at most; requests from more addresses at once make the oldest be forgotten."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `times` within `seconds`, and after that one each `seconds / times`."""

    times: int
    seconds: int


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """The limits of one kind of request.

    An address may be a whole office behind one router, so it has room for many.
    """

    name: str
    address: RateLimit
    account: RateLimit
    methods: tuple[str, ...] = ("POST",)


_SIGN_IN = RequestLimits("sign_in", RateLimit(60, 600), RateLimit(20, 600))
_SEARCH = RequestLimits("search", RateLimit(600, 60), RateLimit(60, 60), ("GET", "HEAD", "POST"))
_TYPING = RequestLimits("typing", RateLimit(1200, 60), RateLimit(240, 60))
_UPLOAD = RequestLimits("upload", RateLimit(600, 60), RateLimit(120, 60))
_UNMASK = RequestLimits("unmask", RateLimit(120, 600), RateLimit(30, 600))
# A chunk has two megabytes, so this is what the largest files need on a fast connection.
_PIECES = RequestLimits("pieces", RateLimit(6000, 60), RateLimit(1200, 60), ("GET", "POST"))
# Each drawn by a process of its own the first time; a long list of attachments asks for all of them at once.
_PICTURE = RequestLimits("picture", RateLimit(3000, 60), RateLimit(600, 60), ("GET", "HEAD"))
_FILE = RequestLimits("file", RateLimit(1200, 60), RateLimit(120, 60), ("GET", "HEAD"))
# Every open history is read again.
_WHAT_IF = RequestLimits("what_if", RateLimit(30, 60), RateLimit(6, 60), ("GET", "HEAD"))
# Nobody is refused: past a few, what one address hands in waits (window/flood.py). This only keeps the machine alive.
_SUBMISSION = RequestLimits("submission", RateLimit(1500, 600), RateLimit(1500, 600))
_ACT = RequestLimits("act", RateLimit(60, 600), RateLimit(60, 600))
_FORM_PIECES = RequestLimits("form_pieces", RateLimit(900, 600), RateLimit(900, 600), ("GET", "POST"))
_OPENING = RequestLimits("opening", RateLimit(300, 600), RateLimit(300, 600))
RATE_LIMITS: dict[str, RequestLimits] = {
    "login": _SIGN_IN,
    "login-code": _SIGN_IN,
    "login-demo": _SIGN_IN,
    "confirm": _SIGN_IN,
    "password": _SIGN_IN,
    "second-factor": _SIGN_IN,
    "search": _SEARCH,
    "search-found": _SEARCH,
    "register-similar": _TYPING,
    "files-add": _UPLOAD,
    "calendar-import": _UPLOAD,
    "categories-import": _UPLOAD,
    "numbers-what-if": _WHAT_IF,
    "window-submit": _SUBMISSION,
    "window-act": _ACT,
    "window-ask-again": _ACT,
    "window-news": _ACT,
    "window-pieces": _FORM_PIECES,
    "window-follow": _OPENING,
    "unmask": _UNMASK,
    "phone": _UNMASK,
    "sealed-reason": _UNMASK,
    "file": _FILE,
    "file-see": _PICTURE,
    "file-page": _PICTURE,
    "file-thumbnail": _PICTURE,
    "file-reading": _PICTURE,
    "file-arrange": _PIECES,
    "file-pieces": _PIECES,
    "scans-add": _UPLOAD,
    "scan-pieces": _PIECES,
    "scan": _PICTURE,
    "paper": _UPLOAD,
    "paper-file": _FILE,
    "paper-page": _PICTURE,
    "paper-preview-page": _PICTURE,
    "wording-page": _PICTURE,
    "scan-page": _PICTURE,
    "reward-new": _UPLOAD,
    "reward-file": _FILE,
    "incident-step": _UPLOAD,
    "incident-file": _PICTURE,
    "incident-report": _FILE,
    "incident-report-page": _PICTURE,
}
"""By the name of the address in `urls.py`."""


class RateLimitMiddleware:
    """Answers 429 with the seconds to wait.

    A counter that fails is logged and lets pass: it must not close the office.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; what is limited is stopped in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Count the request where its page has a limit; return 429 if it is over the limit, None if it may pass."""
        kept = RATE_LIMITS.get(request.resolver_match.url_name or "") if request.resolver_match else None
        if kept is None or request.method not in kept.methods or not settings.RATE_LIMITS:
            return None
        try:
            wait = rate_counters().wait(_counted(request, kept), time.time())
        except sqlite3.Error as e:
            _log.error("rate_limits_failed", error=type(e).__name__)
            return None
        if wait <= 0:
            return None
        seconds = math.ceil(wait)
        _log.warning("rate_limited", limit=kept.name, seconds=seconds)
        if request.headers.get("Accept") == "application/json":
            response: HttpResponse = JsonResponse({"wait": seconds}, status=429)
        else:
            response = too_many(request, seconds)
        response["Retry-After"] = str(seconds)
        return response


def _counted(request: HttpRequest, kept: RequestLimits) -> list[tuple[str, RateLimit]]:
    """Return who is counted for this request: the address, and the account that asks or that is to be signed in to."""
    found = []
    address = client_address(request)
    if address:
        found.append((f"{kept.name} address {network_of(address)}", kept.address))
    user = getattr(request, "user", None)  # a window apart knows no accounts
    if user is not None and user.is_authenticated:
        found.append((f"{kept.name} account {user.pk}", kept.account))
    elif request.method == "POST" and request.POST.get("username"):
        found.append((f"{kept.name} name {request.POST['username'].strip().lower()}", kept.account))
    return found


def network_of(address: str) -> str:
    """Return what counts as one address: a person who has one IPv6 address has 2^64 of them; empty stays empty."""
    if not address:
        return ""
    ip = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address


class RateCounters:
    """One number a key: when all that was asked so far would be paid off at the steady rate (GCRA)."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._own = threading.local()

    def wait(self, asked: Iterable[tuple[str, RateLimit]], now: float) -> float:
        """Return the seconds to wait, 0 if it may pass. Counted only if it passes under every limit."""
        link = self._link()
        link.execute("BEGIN IMMEDIATE")
        try:
            longest, paid = 0.0, []
            for key, limit in asked:
                mark, each = _mark(key), limit.seconds / limit.times
                row = link.execute("SELECT paid_at FROM counter WHERE mark = ?", (mark,)).fetchone()
                # A clock that was set back must not shut anybody out for longer than the limit says.
                paid_at = min(max(row[0], now), now + limit.seconds) if row else now
                longest = max(longest, paid_at + each - now - limit.seconds)
                paid.append((mark, paid_at + each))
            if longest <= 1e-6:
                longest = 0.0
                link.executemany("INSERT OR REPLACE INTO counter (mark, paid_at) VALUES (?, ?)", paid)
                self._tidy(link, now)
            link.execute("COMMIT")
            return longest
        except BaseException:
            link.execute("ROLLBACK")
            raise

    def _tidy(self, link: sqlite3.Connection, now: float) -> None:
        # Rows that are paid off say nothing any more. One in some hundred requests does the sweeping.
        if link.execute("SELECT abs(random()) % 200").fetchone()[0]:
            return
        link.execute("DELETE FROM counter WHERE paid_at < ?", (now,))
        link.execute(
            "DELETE FROM counter WHERE mark IN (SELECT mark FROM counter ORDER BY paid_at DESC LIMIT -1 OFFSET ?)",
            (MAX_COUNTERS,),
        )

    def _link(self) -> sqlite3.Connection:
        link: sqlite3.Connection | None = getattr(self._own, "link", None)
        if link is None:
            link = sqlite3.connect(self.file, timeout=2, isolation_level=None)
            # No WAL: two processes that turn a new file to it at once don't wait for each other, one is refused.
            # What is lost in a power cut is a count.
            link.execute("PRAGMA synchronous=OFF")
            link.execute("CREATE TABLE IF NOT EXISTS counter (mark BLOB PRIMARY KEY, paid_at REAL) WITHOUT ROWID")
            link.execute("CREATE INDEX IF NOT EXISTS counter_paid ON counter (paid_at)")
            self.file.chmod(0o600)
            self._own.link = link
        return link


def _mark(key: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"rate limit {key}".encode("utf-8", "replace"), hashlib.sha256)[
        :16
    ]


_shared: RateCounters | None = None


def rate_counters() -> RateCounters:
    """Return the counters of this installation."""
    global _shared
    file = Path(settings.DATA) / "limits.sqlite3"
    if _shared is None or _shared.file != file:
        _shared = RateCounters(file)
    return _shared
