"""For the sweep: start a sender of messages to petitioners, so that a slow gateway never holds up a warning."""

from django.utils import timezone

from xinfang.core.background import start_command
from xinfang.petitioner_news.actions.sending import is_anything_due


def start_news_sender_if_needed() -> bool:
    """Start a sender that ends by itself, where a message is due, and tell whether one was started (1 query).

    One that still runs holds the lock, and the new one ends at once.
    """
    if not is_anything_due(timezone.now()):
        return False
    start_command("news", "send")
    return True
