"""相近的已办结件: asked for beside the form of a step, by who may see them."""

from typing import TYPE_CHECKING, TypedDict

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.access import case_or_404
from xinfang.cases.actions.access_log import log_access
from xinfang.casework.queries.closed_alike import ClosedCase, closed_alike
from xinfang.procedure.words import AccessKind
from xinfang.web.page_frame import in_one_snapshot, render_page

if TYPE_CHECKING:
    from xinfang.cases.models import Petition


class ClosedAlikePage(TypedDict):
    """The closed cases like this one."""

    petition: "Petition"
    found: list[ClosedCase]
    sealed: bool


@require_safe
@desk_page()
@in_one_snapshot
def closed_like_this(request: DeskRequest, number: str) -> HttpResponse:
    """Show up to five closed cases like this one; each that is shown counts as read.

    Raises:
        Http404: the case isn't this person's to see.
    """
    case = case_or_404(request, number)
    found = closed_alike(case, request.actor)
    for petition, _ in found:
        log_access(petition, request.user, AccessKind.READ, part="alike")
    page: ClosedAlikePage = {
        "petition": case.petition,
        "found": [line for _, line in found],
        "sealed": case.facts.sealed,
    }
    if request.headers.get("HX-Request"):
        return render(request, "casework/parts/closed_alike.html", page)
    return render_page(request, "casework/closed_alike.html", page, here="petitions")
