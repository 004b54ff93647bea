"""For the sweep: start a sender that ends by itself, so that a slow line never holds up a warning."""

import subprocess
import sys

from xinfang.exchange.actions.exchange import over_http


def start_if_needed() -> bool:
    """Whether one was started. One that still runs holds the lock, and the new one ends at once."""
    if over_http() is None:
        return False
    subprocess.Popen(
        [sys.executable, "-m", "xinfang.operations.main", "exchange", "send", "--once"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    return True
