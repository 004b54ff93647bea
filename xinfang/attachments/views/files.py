"""The attachments of a petition: adding them, and giving one out to a person who may see the case."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments import stores
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.filecheck import NotAccepted, clean_name, too_big_message
from xinfang.attachments.queries import attachment_at
from xinfang.cases.access import case_or_404
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.step_forms import posted
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import AccessKind, Material
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.attachments.models import Attachment
    from xinfang.cases.models import Petition

FILE_CONTENT_SECURITY_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
)
"""What a file may do in the browser: be looked at. The inline style is the browser's own, around a picture."""
_log = structlog.get_logger(__name__)


def attachment_or_404(request: DeskRequest, number: str, place: int) -> Attachment:
    """Return an attachment that this person may open and whose key was not erased.

    Raises:
        Http404: there is none.
    """
    case = case_or_404(request, number)
    found = attachment_at(case.petition, place)
    fact = next((f for f in case.facts.files if f.number == place), None)
    if found is None or found.wrapped_key is None or fact is None or not case.may_open(fact):
        raise Http404
    return found


@require_POST
@desk_page()
def add_attachments(request: DeskRequest, number: str) -> HttpResponse:
    """Add the files of a form, each on its own: one that is refused doesn't hold back the others.

    A script sends one file at a time and is answered in JSON; without scripts all come in one form.

    Raises:
        Http404: the case isn't this person's to see.
    """
    petition = case_or_404(request, number).petition
    sent: list[Any] = request.FILES.getlist("files")
    over = getattr(request, "files_left_out", [])
    what = Material.get(request.POST.get("what")) or Material.OTHER
    key = f"{request.user.pk}-{posted.idempotency_key_of(request.POST)}"
    added: list[Attachment] = []
    refused = [{"name": clean_name(name), "why": [too_big_message(settings.UPLOAD_MB * 2**20)]} for name in over]
    for n, file in enumerate(sent):
        try:
            added.append(_attach(request, petition, file, what, f"{key}.{n}"))
        except NotAccepted as e:
            refused.append({"name": clean_name(file.name or ""), "why": [str(e)]})
        except Refused as e:
            refused.append({"name": clean_name(file.name or ""), "why": [str(r) for r in e.reasons]})
        except NotVisible:
            raise Http404 from None
    if not added and not refused:
        refused = [{"name": "", "why": ["没有选择文件。请先选择要添加的文件。"]}]
    if request.headers.get("Accept") == "application/json":
        body = {"added": [a.place for a in added], "refused": refused}
        return JsonResponse(body, status=422 if refused else 200)
    if added:
        messages.success(request, f"已添加 {len(added)} 个附件。")
    if refused:
        context = {"petition": petition, "refused": refused}
        return render_page(request, "attachments/files_refused.html", context, here="petitions", status=422)
    return redirect(f"{reverse('petition', args=[petition.number])}#files-title")


def _attach(request: DeskRequest, petition: Petition, file: UploadedFile, what: Material, key: str) -> Attachment:
    name = file.name or ""
    return attach(
        petition.number, file.read(), name, what=what, by=request.actor, staff=request.user, idempotency_key=key
    )


@require_safe
@desk_page()
def download_attachment(request: DeskRequest, number: str, place: int) -> HttpResponseBase:
    """Send one file. Pictures and PDF may be shown by the browser; everything else is saved. Never as a page."""
    attachment = attachment_or_404(request, number, place)
    petition = attachment.petition
    try:
        name, pieces = attachment.name, stores.read_attachment(attachment)
        first = next(pieces, b"")
    except (OSError, VaultError) as e:
        _log.error("attachment_unreadable", attachment=attachment.pk, error=type(e).__name__)
        return render_page(request, "attachments/file_lost.html", {"petition": petition, "place": place}, status=500)
    if request.method == "GET":
        log_access(petition, request.user, AccessKind.FILE, place=place)
    kind = attachment.file_kind
    saved = "save" in request.GET or not kind.inline
    content: Iterator[bytes] = chain((first,), pieces)
    response = StreamingHttpResponse(content, content_type=kind.content_type)
    response["Content-Length"] = str(attachment.size)
    response["Content-Disposition"] = f"{'attachment' if saved else 'inline'}; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Security-Policy"] = FILE_CONTENT_SECURITY_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
