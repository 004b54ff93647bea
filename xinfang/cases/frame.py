"""What this feature adds to the frame around every page."""

from typing import Any

from xinfang.web.page_frame import MAX_BADGE_COUNT, badge_text

from .queries.inbox import how_many, unread


def part(request: Any, waiting: int | None) -> dict[str, Any]:
    """How many tasks and unread messages wait for this person (2 queries; 1 where the tasks were counted)."""
    if waiting is None:
        waiting = how_many(request.actor, MAX_BADGE_COUNT + 1)
    return {
        "unread_count": badge_text(unread(request.actor, MAX_BADGE_COUNT + 1)),
        "badges": {"/": (waiting, "件待办")},
    }
