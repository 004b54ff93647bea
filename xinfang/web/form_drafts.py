"""What a sent form says of the drafts of its page (static/js/drafts.js).

And what becomes of them when the form is accepted.
"""

from typing import Any

from django.http import HttpRequest

from .actions import drafts

ROWS_FIELD = "draft_rows"
"""Names the rows that the page wrote or took over: `FORM/PAGE FORM/PAGE`."""
KEPT_FIELD = "draft_kept"
"""Is 1 where what is typed in the form was kept as a draft before it was sent."""


def form_accepted(request: Any, *looked_at: str) -> None:
    """Remove the rows of the page whose form was accepted.

    `looked_at` are forms whose text is also kept for a preview.
    """
    drafts.delete_accepted(request.user, drafts.drafts_named_by(request.POST.get(ROWS_FIELD, "")), *looked_at)


def drafts_of_page(request: HttpRequest) -> str:
    """Give a form that comes back with what was typed the rows that it named, so that it goes on writing into them."""
    said = request.POST.get(ROWS_FIELD, "") if request.method == "POST" else ""
    return " ".join(f"{form}/{page}" for form, page in drafts.drafts_named_by(said))
