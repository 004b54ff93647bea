"""The pages of a window apart. The public ones were made at the desk; nothing here asks a database."""

import base64
import json
from functools import wraps
from typing import Any
from urllib.parse import quote

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinfang.attachments.upload_handler import for_anybody
from xinfang.cases.inquiry_codes import as_typed, grouped
from xinfang.core.client_address import client_address
from xinfang.core.disk_full import has_room_left
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.dates import moment_text
from xinfang.web.page_frame import View
from xinfang.web.rate_limits import network_of
from xinfang.window import session as window_session
from xinfang.window.attempts import may_try
from xinfang.window.forms import AskAgainForm, OpeningForm, SubmissionForm
from xinfang.window.queries.receipts import Receipt
from xinfang.window.receipt_file import file_name, receipt_file, receipt_qr
from xinfang.window.receipts import public_key_id
from xinfang.window.submission import words_of
from xinfang.window.views.opening import NOT_PROVEN
from xinfang.window.views.pages import window_page
from xinfang.window.views.sent_files import sent_files
from xinfang.window.views.submitting import form_key

from . import session
from .intake import Found, find, own_copy, say, take_in
from .kit import KitMissing, kit
from .queue import folder, published
from .session import ProvenCode
from .status import is_proven

_log = structlog.get_logger(__name__)


class ProvenRequest(HttpRequest):
    """A request of somebody who proved a code."""

    proven: ProvenCode
    found: Found


def _published_page(name: str, content_type: str = "text/html; charset=utf-8") -> View:
    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        content = published("pages", name)
        if content is None:
            if name != "window":
                raise Http404
            return window_page(request, "window/apart/home.html")
        return HttpResponse(content, content_type=content_type)

    return page


home = _published_page("window")
notice = _published_page("window-notice")
reception = _published_page("window-reception")
procedure = _published_page("window-procedure")
figures = _published_page("window-figures")
report = _published_page("window-report", "application/pdf")
leaflet = _published_page("window-leaflet")


@require_safe
def entrance(request: HttpRequest) -> HttpResponse:
    """Lead to the window: nothing else is here."""
    return redirect("window")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if the window is able to work, otherwise 503 and what is wrong."""
    told: dict[str, object] = {"ok": False, "part": "window"}
    try:
        kit()
        waiting = len(list(folder("up").glob("*.sealed")))
    except KitMissing:
        return JsonResponse(told | {"kit": False}, status=503)
    except OSError:
        return JsonResponse(told | {"queue": False}, status=503)
    if not has_room_left():
        return JsonResponse(told | {"disk": "full"}, status=503)
    return JsonResponse(told | {"ok": True, "waiting": waiting})


def proven_page(view: View) -> View:
    """Make a view a page of what was proven; without a proof, or past its time, it leads to where one is given."""

    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        proven = session.read(request)
        found = find(proven.code) if proven is not None else None
        if proven is None or found is None:
            return redirect("window-follow")
        request.proven, request.found = proven, found
        response = view(request, *args, **kwargs)
        if window_session.COOKIE not in response.cookies:
            session.keep(response, proven)
        return response

    return page


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def submit_page(request: HttpRequest) -> HttpResponse:
    """Show the form, seal what is sent for the desk, and lead to the receipt.

    Raises:
        Http404: a field was filled in that no person sees.
    """
    form = SubmissionForm(request.POST if request.method == "POST" else None)
    key = form_key(request.POST.get("key", ""))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            raise Http404
        if _sent_already(request, form):
            return redirect("window-receipt")
        try:
            code = _taken_in(request, form, key)
        except Refused as e:
            form.refuse_by_rules(e.reasons)
        except InvalidAnswer as e:
            form.refuse([str(e)])
        except KitMissing as e:
            _log.error("window_kit_missing", why=str(e))
            form.refuse(["窗口现在收不了，没有保存任何内容。请稍后再试，或者来信、来电、来访。"])
        else:
            response = redirect("window-receipt")
            session.keep(response, ProvenCode(code, fresh=True))
            return response
    context = {
        "form": form, "key": key, "errors": form.summary if form.is_bound else [], "most_mb": settings.UPLOAD_MB,
        "files_were_chosen": bool(request.FILES) if form.is_bound else False,
    }  # fmt: skip
    return window_page(request, "window/submit.html", context, status=422 if form.is_bound else 200)


def _taken_in(request: HttpRequest, form: SubmissionForm, key: str) -> str:
    files, left_out = sent_files(request, "请在登记以后补充提交")
    return take_in(
        form.answers(),
        word=form.cleaned_data["word"],
        wrongdoing=form.cleaned_data["wrongdoing"],
        files=files,
        left_out=left_out,
        key=key,
        network=network_of(client_address(request) or ""),
        wishes=form.wishes(),
    )


def _sent_already(request: HttpRequest, form: SubmissionForm) -> bool:
    before = session.read(request)
    kept = own_copy(before.code) if before is not None and before.fresh else None
    receipt = _receipt_in(kept.receipt) if kept is not None else None
    return receipt is not None and receipt.said["text"] == words_of(form.answers())


def _receipt_in(written: str) -> Receipt | None:
    text, _, signature = written.partition("\n")
    return Receipt(text, signature, json.loads(text)) if text else None


def _own_receipt(request: ProvenRequest) -> Receipt:
    receipt = _receipt_in(request.found.kept.receipt) if request.found.kept is not None else None
    if receipt is None:
        raise Http404
    return receipt


@require_safe
@proven_page
def receipt_page(request: ProvenRequest) -> HttpResponse:
    """Show the receipt of what was submitted here, with its code to who has just submitted it."""
    receipt, kept = _own_receipt(request), request.found.kept
    context = {
        "receipt": receipt,
        "received": moment_text(receipt.received_at),
        "qr": receipt_qr(receipt, settings.WINDOW_URL),
        "key_id": public_key_id(),
        "code": grouped(request.proven.code) if request.proven.fresh else [],
        "due": kept.due if kept else "",
        "apart": True,
        "has_contact": bool(kept and kept.has_contact),
    }
    return window_page(request, "window/receipt.html", context)


@require_safe
@proven_page
def receipt_to_save(request: ProvenRequest) -> HttpResponse:
    """Send the receipt as a file that checks itself."""
    receipt = _own_receipt(request)
    response = HttpResponse(receipt_file(receipt), content_type="text/html; charset=utf-8")
    name = quote(file_name(receipt.said["number"], receipt.received_at), safe="")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    """Ask for number, code and second proof. That something was wrong, or tried too often, is said in one way."""
    form = OpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number, code = form.cleaned_data["number"].strip().upper(), as_typed(form.cleaned_data["code"])
        allowed = may_try(number, network_of(client_address(request) or ""))
        try:
            found = find(code)
        except VaultError as e:
            _log.error("window_status_unreadable", error=type(e).__name__)
            found = None
        right = found is not None and is_proven(found.now, code, form.cleaned_data["proof"])
        if allowed and right and found is not None and number in found.now.numbers:
            response = redirect("window-case")
            session.keep(response, ProvenCode(code))
            return response
        form.refuse([NOT_PROVEN])
    context = {"form": form, "errors": form.summary if form.is_bound else []}
    return window_page(request, "window/follow.html", context, status=422 if form.is_bound else 200)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Take everything off this device."""
    response = window_page(request, "window/left.html")
    window_session.end(response)
    return response


@require_safe
@proven_page
def case_page(request: ProvenRequest) -> HttpResponse:
    """Show how far it is, as the desk published it last; before that, that it is on its way."""
    return _case(request, AskAgainForm())


@require_POST
@proven_page
def say_page(request: ProvenRequest) -> HttpResponse:
    """Take words about what was submitted: they are sealed for the desk, which answers them on the same page."""
    form = AskAgainForm(request.POST)
    if not form.is_valid():
        return _case(request, form)
    say(request.proven.code, form.cleaned_data["words"], form_key(request.POST.get("key", "")))
    return _case(request, AskAgainForm(), said=True)


def _case(request: ProvenRequest, form: AskAgainForm, *, said: bool = False) -> HttpResponse:
    now = request.found.now
    context = {
        "now": now, "number": now.numbers[-1], "form": form, "said": said, "key": form_key(""),
        "errors": form.summary if form.is_bound else [], "has_receipt": request.found.kept is not None,
    }  # fmt: skip
    return window_page(request, "window/apart/case.html", context, status=422 if form.is_bound else 200)


@require_safe
@proven_page
def paper_file(request: ProvenRequest, place: int) -> HttpResponse:
    """Send a paper that was sent to the petitioner, as it was issued.

    Raises:
        Http404: there is none of this number for them.
    """
    paper = request.found.now.papers.get(str(place))
    if paper is None:
        raise Http404
    response = HttpResponse(base64.b64decode(paper.data), content_type=paper.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(paper.name, safe='')}"
    return response
