"""What this feature adds to the frame around every page."""

from typing import Any

from xinfang.accounts.page_owner import owner_mark
from xinfang.web import form_drafts

from .pages import DeskRequest


def part(request: DeskRequest, waiting: int | None) -> dict[str, Any]:
    """Return who is signed in, the mark of the person the page was made for, and what continues their drafts."""
    user = request.user
    return {
        "person_text": f"{user.name} · {user.title}" if user.title else user.name,
        "made_for": owner_mark(user),
        "draft_page": form_drafts.drafts_of_page(request),
    }
