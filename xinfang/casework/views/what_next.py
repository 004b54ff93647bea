"""Where a person is led after a step: to what they owe next on this case, else back to where they came from."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from xinfang.accounts.confirm_again import safe_next_address
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.access import ViewScope, case_or_404
from xinfang.casework.queries.next_owed import next_case, next_step
from xinfang.core.clock import today
from xinfang.procedure.facts import Facts

if TYPE_CHECKING:
    from xinfang.cases.models import Petition


@require_safe
@desk_page()
def what_next(request: DeskRequest, number: str) -> HttpResponse:
    """Lead on from this case; `next` is where the person came from.

    Raises:
        Http404: the case isn't this person's to see.
    """
    case = case_or_404(request, number, scopes=(ViewScope.FULL, ViewScope.ADVICE))
    return HttpResponseRedirect(address_after(request, case.petition, case.facts))


def address_after(request: DeskRequest, petition: "Petition", facts: Facts, *, from_inbox: bool = False) -> str:
    """Return the address of the form of what this person owes next on this case.

    Where they owe nothing more, it is where they came from, or the case; there the next case is offered. `from_inbox`
    says that they go on in the inbox, where the page doesn't tell.
    """
    came_from = safe_next_address(request, default=reverse("inbox"))
    named = from_inbox or bool(request.POST.get("next") or request.GET.get("next"))
    step = next_step(petition, facts, request.actor, today())
    if step is not None:
        messages.info(request, f"接下来由您办理：{step.words}。")
        return f"{step.url}?{urlencode({'next': came_from})}" if named else step.url
    if named:
        return came_from
    if other := next_case(request.actor, today(), but=facts.number):
        words = '<span class="prose"><a href="{}" data-key="n">下一件待办 {}</a></span>'
        messages.info(request, format_html(words, reverse("petition", args=[other]), other))
    return reverse("petition", args=[facts.number])
