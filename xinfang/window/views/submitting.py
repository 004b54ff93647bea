"""Submitting a petition: one form, and its receipt."""

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from xinfang.attachments.upload_handler import for_anybody
from xinfang.cases.inquiry_codes import code_of_form, grouped
from xinfang.core.client_address import client_address
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.visibility import NotVisible
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.dates import chinese_date, moment_text
from xinfang.web.rate_limits import network_of
from xinfang.window import session
from xinfang.window.actions import Submitted, submit
from xinfang.window.forms import SubmissionForm
from xinfang.window.queries.progress import open_own_case, progress_of
from xinfang.window.queries.receipts import receipt_of
from xinfang.window.queries.waiting import own_waiting
from xinfang.window.receipt_file import receipt_qr
from xinfang.window.receipts import public_key_id
from xinfang.window.session import ProvenCase
from xinfang.window.submission import words_of
from xinfang.window.views.pages import WindowRequest, also_while_waiting, proven_page, window_page
from xinfang.window.views.sent_files import files_context, forget_waiting, sent_files


def form_key(sent: str) -> str:
    """Return the key that makes a form sent twice one: the one that was sent, or a new one where it is none."""
    return sent if len(sent) == 32 and sent.isalnum() and sent.isascii() else uuid.uuid4().hex


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def submit_page(request: HttpRequest) -> HttpResponse:
    """Show the form, take what is sent, and lead to the receipt; what can't be taken brings it back as it was typed.

    Raises:
        Http404: a field was filled in that no person sees.
    """
    form = SubmissionForm(request.POST if request.method == "POST" else None)
    key = form_key(request.POST.get("key", ""))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            raise Http404
        if sent_already(request, form):
            # Back to the form and sent once more: one petition, one number.
            return redirect("window-receipt")
        try:
            done = _submitted(request, form, key)
        except Refused as e:
            form.refuse_by_rules(e.reasons)
        except InvalidAnswer as e:
            form.refuse([str(e)])
        except NotVisible:
            # The key of this form is that of something else: never drawn so, only ever made up.
            key = uuid.uuid4().hex
            form.refuse(["页面已过期，内容仍在，请再提交一次。"])
        else:
            response = redirect("window-receipt")
            session.keep(response, ProvenCase(done.number, 1, True, key))
            return response
    context = {
        "form": form, "key": key, "errors": form.summary if form.is_bound else [],
        **files_context(request, key, sent=form.is_bound),
    }  # fmt: skip
    return window_page(request, "window/submit.html", context, status=422 if form.is_bound else 200)


def sent_already(request: HttpRequest, form: SubmissionForm) -> bool:
    """Tell whether this browser has just submitted the same words."""
    before = session.read(request)
    receipt = receipt_of(before.number) if before is not None and before.form else None
    return receipt is not None and receipt.said["text"] == words_of(form.answers())


def _submitted(request: HttpRequest, form: SubmissionForm, key: str) -> Submitted:
    files, left_out = sent_files(request, "请打开此件补充提交", key=key)
    done = submit(
        form.answers(),
        word=form.cleaned_data["word"],
        wrongdoing=form.cleaned_data["wrongdoing"],
        files=files,
        left_out=left_out,
        key=key,
        network=network_of(client_address(request) or ""),
        wishes=form.wishes(),
    )
    forget_waiting(key)
    return done


@require_safe
@proven_page
@also_while_waiting
def receipt_page(request: WindowRequest) -> HttpResponse:
    """Show the receipt of what was submitted, with its code as long as this browser has the form's key.

    Raises:
        Http404: the case was not submitted here.
    """
    receipt = receipt_of(request.proven.number)
    if receipt is None:
        raise Http404
    try:
        due, has_contact = _notice_owed(request.proven)
    except (NotVisible, VaultError):
        raise Http404 from None
    form = request.proven.form
    context = {
        "receipt": receipt,
        "received": moment_text(receipt.received_at),
        "qr": receipt_qr(receipt, settings.WINDOW_URL),
        "key_id": public_key_id(),
        "code": grouped(code_of_form(form)) if form else [],
        "due": due,
        "waits": request.proven.waits,
        "has_contact": has_contact,
    }
    return window_page(request, "window/receipt.html", context)


def _notice_owed(proven: ProvenCase) -> tuple[str, bool]:
    """Return by when the petitioner is told in writing, empty where that is over; and whether they can be reached.

    Raises:
        NotVisible: there is no such case any more.
        VaultError: it can't be read.
    """
    if proven.waits:
        own = own_waiting(proven.number)
        if own is None:
            raise NotVisible
        return chinese_date(own.owed.due.due), own.has_contact
    case = open_own_case(proven)
    owed = progress_of(case).owed
    return owed[0].due if owed else "", case.facts.contact_clear_since is not None
