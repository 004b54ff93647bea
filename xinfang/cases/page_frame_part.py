"""What this feature adds to the frame around every page."""

from typing import Any

from xinfang.accounts.pages import DeskRequest
from xinfang.cases.queries.inbox import inbox_count, unread_count
from xinfang.web.page_frame import MAX_BADGE_COUNT, badge_text


def part(request: DeskRequest, waiting: int | None) -> dict[str, Any]:
    """Return how many tasks and unread messages wait for this person (2 queries; 1 where the tasks were counted)."""
    if waiting is None:
        waiting = inbox_count(request.actor, MAX_BADGE_COUNT + 1)
    return {
        "unread_count": badge_text(unread_count(request.actor, MAX_BADGE_COUNT + 1)),
        "badges": {"inbox": (waiting, "件待办")},
    }
