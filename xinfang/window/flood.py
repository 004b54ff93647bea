"""What looks like a flood: many submissions from one network within an hour, or the same text again and again in a day.

Nothing is refused for it. What is past the numbers waits until somebody clears it (`window.actions.clearing`), so that
neither the inbox nor a person behind the same address is drowned by a program. No puzzle.
"""

import sqlite3
import time
import unicodedata
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings

from xinfang.vault.sm_ciphers import sm3
from xinfang.web.rate_limits import RateLimit, rate_counters

HOUR, DAY = 3600, 86400
_log = structlog.get_logger(__name__)


def essence(answers: Mapping[str, Any]) -> str:
    """Return the letters of what was written, without digits, blanks and signs: in them a program varies one text."""
    written = [answers.get("subject", ""), answers.get("body", ""), *(r["text"] for r in answers.get("requests", ()))]
    plain = unicodedata.normalize("NFKC", "\n".join(written)).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] == "L")


def looks_like_flood(network: str, text: str) -> bool:
    """Count a submission; tell whether it is past what is registered at once.

    `network` may be empty where it isn't known. A counter that fails is logged and lets pass.
    """
    if not settings.RATE_LIMITS:
        return False
    now = time.time()
    asked = [(f"flood text {sm3(text.encode()).hex()}", RateLimit(settings.FLOOD_SAME_TEXT, DAY))]
    if network:
        asked.append((f"flood network {network}", RateLimit(settings.FLOOD_NETWORK, HOUR)))
    try:
        counters = rate_counters()
        # Each for itself: what is past one still counts towards the other.
        return max(counters.wait([one], now) for one in asked) > 0
    except sqlite3.Error as e:
        _log.error("rate_limits_failed", error=type(e).__name__)
        return False
