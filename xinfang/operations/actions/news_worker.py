"""For the sweep: start a sender of messages to petitioners, so that a slow gateway never holds up a warning."""

import subprocess
import sys

from django.utils import timezone

from xinfang.petitioner_news.actions.sending import is_anything_due


def start_news_sender_if_needed() -> bool:
    """Start a sender that ends by itself, where a message is due, and tell whether one was started (1 query).

    One that still runs holds the lock, and the new one ends at once.
    """
    if not is_anything_due(timezone.now()):
        return False
    subprocess.Popen(
        [sys.executable, "-m", "xinfang.operations.main", "news", "send"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    return True
