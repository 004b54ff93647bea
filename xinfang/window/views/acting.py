"""An act of the petitioner on their own case: a form of a few fields, and what the rules say to it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xinfang.attachments.upload_handler import for_anybody
from xinfang.cases.access import CaseView
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.visibility import NotVisible
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.forms import Form
from xinfang.window import session
from xinfang.window.actions import NotProven, act, keep_files
from xinfang.window.acts import ACTS, PetitionersAct
from xinfang.window.forms import OpeningForm
from xinfang.window.queries.possible_acts import why_not
from xinfang.window.queries.progress import open_own_case, reviewing_body
from xinfang.window.receipts import NotArrived
from xinfang.window.refusals import SIGNED_IN
from xinfang.window.views.opening import NOT_PROVEN, opened_by
from xinfang.window.views.pages import WindowRequest, proven_page, window_page
from xinfang.window.views.sent_files import files_context, forget_waiting, sent_files
from xinfang.window.views.submitting import form_key

ABOVE = "上一级行政机关"
"""Whom a review is asked of where the opinion names nobody, as one from before this system (N35)."""


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def act_page(request: WindowRequest, name: str) -> HttpResponseBase:
    """Show the form of an act, or why it can't be done now; take what is sent.

    Who comes back after the proof's time is asked for it once more, and finds what they wrote.

    Raises:
        Http404: there is no such act.
    """
    wanted = ACTS.get(name)
    if wanted is None:
        raise Http404
    if request.method == "POST" and session.read(request) is None:
        return _asked_again(request, wanted)
    return _act_page(request, wanted)


def _asked_again(request: WindowRequest, wanted: PetitionersAct) -> HttpResponseBase:
    opening = OpeningForm(request.POST if "number" in request.POST else None)
    if opening.is_bound and opening.is_valid():
        try:
            proven = opened_by(request, opening)
        except NotProven:
            opening.refuse([NOT_PROVEN])
        else:
            request.proven = proven
            messages.info(request, "已经打开。您写的内容还在，请核对后提交；选过的文件请再选一次。")
            response = _form_page(request, wanted)
            session.keep(response, proven)
            return response
    written = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", *opening.fields)
    ]
    context = {
        "act": wanted, "form": opening, "written": written, "errors": opening.summary if opening.is_bound else [],
    }  # fmt: skip
    return window_page(request, "window/again.html", context, status=422 if opening.is_bound else 200)


def _form_page(request: WindowRequest, wanted: PetitionersAct) -> HttpResponseBase:
    """Show what was written before the proof was asked for once more; nothing of it was sent yet."""
    try:
        case = open_own_case(request.proven)
    except (NotVisible, VaultError):
        return redirect("window-follow")
    form, key = wanted.form(request.POST, facts=case.facts), form_key(request.POST.get("key", ""))
    context = {
        "act": wanted, "form": form, "key": key, "reasons": why_not(case, wanted), "errors": form.summary,
        **files_context(request, key, sent=True),
    }  # fmt: skip
    return window_page(request, "window/act.html", context)


@proven_page
def _act_page(request: WindowRequest, wanted: PetitionersAct) -> HttpResponse:
    try:
        case = open_own_case(request.proven)
    except (NotVisible, VaultError):
        return redirect("window-follow")
    reasons = why_not(case, wanted)
    if request.user.is_authenticated:
        # Who works here, or sits at a browser of the desk, says nothing in a petitioner's name (N21).
        reasons.append(SIGNED_IN)
    form = wanted.form(request.POST if request.method == "POST" else None, facts=case.facts)
    key = form_key(request.POST.get("key", ""))
    if request.method == "POST" and not reasons and form.is_valid():
        try:
            return _taken(request, case, wanted, form, key)
        except Refused as e:
            reasons = list(e.reasons)
        except InvalidAnswer as e:
            form.refuse([str(e)])
    context = {
        "act": wanted, "form": form, "key": key, "reasons": reasons, "errors": form.summary if form.is_bound else [],
        **files_context(request, key, sent=form.is_bound),
    }  # fmt: skip
    return window_page(request, "window/act.html", context, status=422 if form.is_bound else 200)


def _taken(request: WindowRequest, case: CaseView, wanted: PetitionersAct, form: Form, key: str) -> HttpResponse:
    given = {**form.cleaned_data, "person": request.proven.person}
    step = wanted.step(given, case.facts, reviewing_body(case.facts) or ABOVE)
    act(step, request.proven, key=key, code=wanted.answers or "")
    left: list[NotArrived] = []
    if wanted.takes_files:
        files, left_out = sent_files(request, "请再补充一次", key=key)
        _, refused = keep_files(request.proven.actor, files, key=key)
        forget_waiting(key)
        left = [*refused, *left_out]
    messages.success(request, wanted.done)
    for file in left:
        messages.error(request, f"没有收到“{file.name}”：{file.why}")
    return redirect("window-case")
