"""What this feature adds to the frame around every page."""

from typing import Any

from xinfang.web import draft_forms

from .made_for import mark_of
from .pages import DeskRequest


def part(request: DeskRequest, waiting: int | None) -> dict[str, Any]:
    """Who is signed in, for whom the page was made, and the drafts that go on."""
    user = request.user
    return {
        "person_text": f"{user.name} · {user.title}" if user.title else user.name,
        "made_for": mark_of(user),
        "draft_page": draft_forms.of_page(request),
    }
