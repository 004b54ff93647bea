"""Looking closer: each time for a reason that is kept.

It is asked why a sealed case is opened, and why a petitioner's personal data is shown in plain.
"""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from xinfang.accounts.confirm_again import confirm_first, recently_confirmed, safe_next_address
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.access import ViewScope, case_or_404
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.sealed_case_reason import REASON_VALID_MINUTES, remember_reason
from xinfang.casework.calling import calls_now, remember_call
from xinfang.casework.queries.case_page import masked_people
from xinfang.core.clock import today
from xinfang.procedure.visibility import calls_the_petitioner
from xinfang.procedure.words import AccessKind
from xinfang.web.page_frame import render_page
from xinfang.web.reasons import read_reason, reason_field

if TYPE_CHECKING:
    from xinfang.cases.models import Petition


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def reason(request: DeskRequest, number: str) -> HttpResponse:
    """Ask why this sealed case is opened; afterwards go to the page that was wanted."""
    every = (ViewScope.FULL, ViewScope.ADVICE, ViewScope.DESTROYED)
    found = case_or_404(request, number, opened=False, scopes=every).petition
    if not found.sealed:
        return redirect("petition", number=found.number)
    back = safe_next_address(request, reverse("petition", args=[found.number]))
    words, wrong = read_reason(request)
    if request.method == "POST" and not wrong:
        log_access(found, request.user, AccessKind.READ, words)
        remember_reason(request, found)
        return redirect(back)
    context = {
        **reason_field(words, wrong),
        "petition": found,
        "next": back,
        "minutes": REASON_VALID_MINUTES,
    }
    return render_page(request, "casework/sealed_reason.html", context, here="petitions", status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def people(request: DeskRequest, number: str) -> HttpResponse:
    """Show names, telephones, addresses and ID numbers in plain: once, for a reason, to a person who may see them.

    Raises:
        Http404: the case or its identities aren't this person's to see.
    """
    case = case_or_404(request, number)
    if not case.may_see_identity:
        raise Http404
    found = case.petition
    if not recently_confirmed(request):
        return confirm_first(request, request.path)
    words, wrong = read_reason(request)
    context: dict[str, Any] = {**reason_field(words, wrong), "petition": found}
    if request.method == "POST" and not wrong:
        rows = _in_plain(found)
        shown = sorted({field for row in rows for field in ("phone", "address", "id_number") if row[field]})
        log_access(found, request.user, AccessKind.UNMASK, words, fields=shown)
        context["people"] = rows
    return render_page(request, "web/unmasked.html", context, here="petitions", status=422 if wrong else 200)


@require_POST
@desk_page()
def phone(request: DeskRequest, number: str) -> HttpResponse:
    """Show this person name and telephone of the petitioners of their own case for the rest of the day.

    Raises:
        Http404: the case isn't this person's to see, or not theirs to call.
    """
    case = case_or_404(request, number)
    if not calls_the_petitioner(request.actor, case.facts, today()):
        raise Http404
    remember_call(request, case.petition.number)
    if request.htmx:
        # Only what is exchanged: what is typed beside it stays as it is.
        shown = masked_people(case.petition, case.facts, callable_now=calls_now(request, case))
        context = {"petition": case.petition, "people": shown, "may_call": False}
        return render(request, "casework/parts/call_card.html", context)
    return redirect(safe_next_address(request, reverse("petition", args=[case.petition.number])))


def _in_plain(petition: "Petition") -> list[dict[str, str]]:
    return [
        {
            "name": p.full_name,
            "role": p.get_role_display(),
            "kind": p.get_kind_display(),
            "phone": p.phone,
            "address": p.address,
            "id_number": p.id_number,
        }
        for p in petition.petitioners.all()
    ]
