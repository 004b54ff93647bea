"""The petitioner's own case: where it is, what is owed, their papers, and their own data."""

import uuid
from urllib.parse import quote

import structlog
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xinfang.procedure.rules import Refused
from xinfang.procedure.steps.electronic import TakeDelivery
from xinfang.procedure.visibility import NotVisible
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.dates import chinese_date
from xinfang.window import session
from xinfang.window.actions import act
from xinfang.window.actions.clearing import ask_again
from xinfang.window.forms import AskAgainForm
from xinfang.window.queries.own_papers import own_paper
from xinfang.window.queries.personal_data import personal_data
from xinfang.window.queries.possible_acts import possible_acts
from xinfang.window.queries.progress import open_own_case, progress_of
from xinfang.window.queries.waiting import own_waiting
from xinfang.window.queries.who_looked import who_looked
from xinfang.window.refusals import SIGNED_IN
from xinfang.window.views.pages import WindowRequest, also_while_waiting, proven_page, window_page

_log = structlog.get_logger(__name__)


@require_safe
@proven_page
@also_while_waiting
def case_page(request: WindowRequest) -> HttpResponse:
    """Show how far the case is, what comes next and by when, and what the petitioner can do."""
    if request.proven.waits:
        return waiting_page(request, AskAgainForm())
    try:
        case = open_own_case(request.proven)
    except (NotVisible, VaultError):
        return _gone()
    acts = possible_acts(case)
    context = {
        "progress": progress_of(case),
        "acts": [a.act for a in acts if not a.why_not],
        "not_now": [a for a in acts if a.why_not],
        "looks": who_looked(case),
        "has_receipt": case.petition.inquiry_sealed is None,
    }
    return window_page(request, "window/case.html", context)


def waiting_page(request: WindowRequest, form: AskAgainForm) -> HttpResponse:
    """Show what was submitted and has no case yet: that it waits, or why it was set aside."""
    try:
        own = own_waiting(request.proven.number)
    except VaultError:
        own = None
    if own is None:
        return _gone()
    context = {
        "own": own,
        "received": chinese_date(own.received_on),
        "due": chinese_date(own.owed.due.due),
        "decided_on": chinese_date(own.decided_on) if own.decided_on else "",
        "form": form,
        "errors": form.summary if form.is_bound else [],
    }
    return window_page(request, "window/waiting.html", context, status=422 if form.is_bound else 200)


@require_POST
@proven_page
@also_while_waiting
def ask_again_page(request: WindowRequest) -> HttpResponse:
    """Take why somebody doesn't agree that what they wrote is no petition: others look at it again."""
    form = AskAgainForm(request.POST)
    if not request.proven.waits:
        return redirect("window-case")
    if request.user.is_authenticated:
        form.refuse([f"{SIGNED_IN.text}。{SIGNED_IN.todo}"])
    if not form.is_valid():
        return waiting_page(request, form)
    if ask_again(request.proven.number, form.cleaned_data["words"]):
        messages.success(request, "已经提交，由没有参与过的工作人员重新看。")
    return redirect("window-case")


def _gone() -> HttpResponse:
    response = redirect("window-follow")
    session.end(response)
    return response


@require_safe
@proven_page
def paper_file(request: WindowRequest, place: int) -> HttpResponse:
    """Send a paper that was sent to the petitioner, as it was issued.

    Raises:
        Http404: there is none of this number for them.
    """
    try:
        found = own_paper(open_own_case(request.proven), place)
    except (NotVisible, VaultError, OSError) as e:
        _log.error("own_paper_unreadable", error=type(e).__name__)
        raise Http404 from None
    if found is None:
        raise Http404
    response = HttpResponse(found.data, content_type=found.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return response


@require_POST
@proven_page
def open_paper(request: WindowRequest, place: int) -> HttpResponse:
    """Take delivery of a paper that was sent here, and lead back to the case, where it can be downloaded."""
    if request.user.is_authenticated:
        messages.error(request, f"{SIGNED_IN.text}。{SIGNED_IN.todo}")
        return redirect("window-case")
    try:
        act(TakeDelivery(paper=place, persons=(request.proven.person,)), request.proven, key=uuid.uuid4().hex)
    except (NotVisible, VaultError):
        return _gone()
    except Refused as e:
        for reason in e.reasons:
            messages.error(request, f"{reason.text}。{reason.todo}")
    else:
        messages.success(request, "已经签收，现在可以下载。今天就是送达之日。")
    return redirect("window-case")


@require_safe
@proven_page
def own_data(request: WindowRequest) -> HttpResponse:
    """Show the personal data that the department keeps of the petitioner, and why (PIPL 45)."""
    try:
        data = personal_data(open_own_case(request.proven), request.proven.person)
    except (NotVisible, VaultError):
        return _gone()
    return window_page(request, "window/data.html", {"data": data})
