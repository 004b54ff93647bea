"""How often somebody may try to open a case: so few that no code can be guessed, and nobody is shut out by another.

Each pair of a case and an address has its own count, so who guesses at a case from elsewhere takes nothing from the
petitioner. An address has a count over all cases, too; past it, the first tries of a pair are still looked at, as
behind one address there may be a whole village.
"""

import math
import sqlite3
import time

import structlog
from django.conf import settings

from xinfang.web.rate_limits import RateLimit, rate_counters

PAIR = RateLimit(10, 3600)
"""Tries at one case from one address."""
FIRST_OF_PAIR = RateLimit(3, 3600)
"""Those of them that are looked at even when the address has used up its own count."""
ADDRESS = RateLimit(120, 3600)
"""Tries from one address, at all cases together."""
CHECKED_AN_HOUR = PAIR.times
"""At most so many tries at one case from one address are compared with its code within an hour."""
_log = structlog.get_logger(__name__)


def may_try(number: str, address: str) -> bool:
    """Count a try; tell whether it may be compared with what the case keeps.

    A counter that fails is logged and lets pass: it must not shut anybody out, and the code has 80 bits.
    """
    if not settings.RATE_LIMITS:
        return True
    pair = f"{number.upper()} {address}"
    try:
        counters, now = rate_counters(), time.time()
        if counters.wait([(f"window pair {pair}", PAIR)], now) > 0:
            return False
        within = counters.wait([(f"window address {address}", ADDRESS)], now) <= 0
        return within or counters.wait([(f"window first {pair}", FIRST_OF_PAIR)], now) <= 0
    except sqlite3.Error as e:
        _log.error("rate_limits_failed", error=type(e).__name__)
        return True


def years_to_guess(tries_per_second: float, bits: int) -> float:
    """Return how many years it takes on average to guess a code of so many bits."""
    return math.ldexp(1, bits - 1) / tries_per_second / (365.25 * 86400)
