"""For the sweep: start a sender that ends by itself, so that a slow connection never holds up a warning."""

import subprocess
import sys

from xinfang.exchange.actions.transfers import http_region


def start_sender_if_needed() -> bool:
    """Start a sender where a region is set, and tell whether one was started.

    One that still runs holds the lock, and the new one ends at once.
    """
    if http_region() is None:
        return False
    subprocess.Popen(
        [sys.executable, "-m", "xinfang.operations.main", "exchange", "send", "--once"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    return True
