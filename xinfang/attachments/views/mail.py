"""A letter that came as an e-mail, opened: its words in the page, and each file in it kept as an attachment on wish."""

from __future__ import annotations

import structlog
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments import stores
from xinfang.attachments.actions.attach import attach
from xinfang.attachments.filecheck import MAIL_KINDS, NotAccepted
from xinfang.attachments.mail_content import MailContent, UnreadableMail, read_mail
from xinfang.attachments.queries import size_text
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.step_forms import posted
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import AccessKind, Material
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.page_frame import render_page

from .files import attachment_or_404

_log = structlog.get_logger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def mail(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """Show a mail, which is recorded as opening the file; keep one of its files as an attachment of the case.

    Raises:
        Http404: there is no such attachment for this person, or it is no mail.
    """
    attachment = attachment_or_404(request, number, place)
    if attachment.kind not in MAIL_KINDS:
        raise Http404
    petition, problems, content = attachment.petition, [], None
    try:
        content = read_mail(b"".join(stores.read_attachment(attachment)))
    except (UnreadableMail, OSError, VaultError) as e:
        _log.error("mail_unreadable", attachment=attachment.pk, error=type(e).__name__)
    if request.method == "POST" and content is not None:
        try:
            name = _keep(request, petition.number, content)
        except NotAccepted as e:
            problems = [{"reason": str(e)}]
        except Refused as e:
            problems = [{"reason": str(r)} for r in e.reasons]
        except NotVisible:
            raise Http404 from None
        else:
            messages.success(request, f"已将“{name}”存为此件的附件。")
            return redirect("file-mail", number=petition.number, place=place)
    if request.method == "GET":
        log_access(petition, request.user, AccessKind.FILE, place=place)
    context = {
        "petition": petition,
        "place": place,
        "mail": content,
        "files": [(f.number, f.name, size_text(len(f.data))) for f in content.files] if content else [],
        "key": f"mail-{place}",
        "errors": problems,
    }
    status = 422 if problems else 200
    return render_page(request, "attachments/mail.html", context, here="petitions", status=status)


def _keep(request: DeskRequest, number: str, content: MailContent) -> str:
    """Keep the file that was asked for as an attachment, through the checks of every file; returns its name.

    Raises:
        NotAccepted: it isn't in the mail, or isn't taken.
        Refused: nothing may be attached to the case now.
        NotVisible: the case isn't this person's to see.
    """
    wanted = request.POST.get("file", "")
    file = next((f for f in content.files if str(f.number) == wanted), None)
    if file is None:
        raise NotAccepted("邮件中没有这个附件。")
    attach(
        number,
        file.data,
        file.name,
        what=Material.EVIDENCE,
        by=request.actor,
        staff=request.user,
        idempotency_key=f"{request.user.pk}-{posted.idempotency_key_of(request.POST)}-{file.number}",
    )
    return file.name
