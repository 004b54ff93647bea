"""What this feature adds to the frame around every page."""

from typing import Any

from xinfang.accounts.pages import DeskRequest
from xinfang.web.shell import MAX_COUNTED, count_text

from .queries.inbox import how_many, unread


def part(request: DeskRequest, waiting: int | None) -> dict[str, Any]:
    """How many tasks and unread messages wait for this person (2 queries; 1 where the tasks were counted)."""
    if waiting is None:
        waiting = how_many(request.actor, MAX_COUNTED + 1)
    return {
        "unread_count": count_text(unread(request.actor, MAX_COUNTED + 1)),
        "badges": {"/": (waiting, "件待办")},
    }
