"""For the sweep: start a sender that ends by itself, so that a slow connection never holds up a warning."""

from xinfang.core.background import start_command
from xinfang.exchange.actions.transfers import http_region


def start_sender_if_needed() -> bool:
    """Start a sender where a region is set, and tell whether one was started.

    One that still runs holds the lock, and the new one ends at once.
    """
    if http_region() is None:
        return False
    start_command("exchange", "send", "--once")
    return True
