"""邮箱来件: what came into the mailbox; one message with what is to be decided on it."""

from collections.abc import Iterator
from itertools import chain
from typing import TypedDict
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.attachments.queries import size_text
from xinfang.core.clock import today
from xinfang.mailbox.actions.deciding import answer_proposal, join_mail, log_look, look_again, put_forward
from xinfang.mailbox.queries.accounting import last_look
from xinfang.mailbox.queries.mails import MailView, counts, find_mail, mails, raw_mail
from xinfang.mailbox.reading import ReadMail
from xinfang.mailbox.stores import read_raw
from xinfang.mailbox.views.beside import tell_refused
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.waiting_submissions import CLEARS
from xinfang.vault.sm_ciphers import VaultError
from xinfang.web.dates import chinese_date, moment_text
from xinfang.web.form_types import Problem
from xinfang.web.list_pages import list_address
from xinfang.web.masking import masked, masked_mail
from xinfang.web.page_frame import render_page
from xinfang.web.refusals import problems_of

NAV_ROUTE = "mails"
MAX_REASON = 500
TABS = (("waiting", "待登记"), ("proposed", "拟不登记"), ("set_aside", "不登记"), ("registered", "已登记"))
"""The states in which messages are listed, in the order of the page."""


class MailLine(TypedDict):
    """A message in the list."""

    pk: int
    readable: bool
    came: str
    sender: str
    subject: str
    files: int
    due: str
    late: bool
    note: str
    number: str


class MailsPage(TypedDict):
    """What the list shows."""

    lines: list[MailLine]
    tabs: list[tuple[str, str, int, bool]]
    state: str
    count: int
    looked: str
    trouble: str


class MailPage(TypedDict):
    """What the page of one message shows."""

    mail: MailView
    came: str
    received: str
    due: str
    late: bool
    size: str
    files: list[tuple[str, str, str]]
    proposed_at: str
    reason: str
    number: str
    opinion: str
    errors: list[Problem]


@require_safe
@desk_page(*CLEARS)
def mails_page(request: DeskRequest) -> HttpResponse:
    """List the messages in one state."""
    asked = request.GET.get("show", "")
    state = asked if asked in dict(TABS) else TABS[0][0]
    numbers, look = counts(), last_look()
    context: MailsPage = {
        "lines": [_line(mail) for mail in mails(request.actor, state)],
        "tabs": [
            (list_address(reverse("mails"), {"show": code}), label, numbers[code], code == state)
            for code, label in TABS
        ],
        "state": state,
        "count": numbers[state],
        "looked": moment_text(look.well_at) if look and look.well_at else "",
        "trouble": look.error or (f"有 {look.failed} 封没有收下，将再次收取。" if look.failed else "") if look else "",
    }
    return render_page(request, "mailbox/mails.html", context, here=NAV_ROUTE)


def _line(mail: MailView) -> MailLine:
    read = mail.read
    note = mail.proposal.reason if mail.proposal else (read.doubt if read else "")
    return {
        "pk": mail.pk,
        # What waits and can't be read is opened all the same: something must be decided on it.
        "readable": read is not None or mail.is_open,
        "came": moment_text(mail.came_at),
        "sender": _whose(read) if read else "",
        "subject": read.subject if read else "",
        "files": len(read.files) if read else 0,
        "due": chinese_date(mail.due.due.due) if mail.is_open else "",
        "late": mail.is_open and mail.due.overdue(today()),
        "note": note,
        "number": mail.number,
    }


def _whose(read: ReadMail) -> str:
    return masked(read.sender_name) if read.sender_name else masked_mail(read.sender_address)


@require_safe
@desk_page(*CLEARS)
def mail_page(request: DeskRequest, pk: int) -> HttpResponse:
    """Show one message, which is written down.

    Raises:
        Http404: there is none.
    """
    return _page(request, _mail_or_404(request, pk), [])


def _mail_or_404(request: DeskRequest, pk: int) -> MailView:
    found = find_mail(pk, request.actor) if pk < 2**31 else None
    if found is None:
        raise Http404
    return found


def _page(request: DeskRequest, mail: MailView, errors: list[Problem]) -> HttpResponse:
    read = mail.read
    if request.method == "GET" and read is not None:
        log_look(mail.pk, "打开查看", staff=request.user)
    context: MailPage = {
        "mail": mail,
        "came": moment_text(mail.came_at),
        "received": chinese_date(mail.received_on),
        "due": chinese_date(mail.due.due.due),
        "late": mail.is_open and mail.due.overdue(today()),
        "size": size_text(mail.size),
        "files": [(f.name, size_text(f.size), f.why_not) for f in read.files] if read else [],
        "proposed_at": moment_text(mail.proposal.at) if mail.proposal else "",
        "reason": _typed(request, "reason"),
        "number": _typed(request, "number"),
        "opinion": _typed(request, "opinion"),
        "errors": errors,
    }
    return render_page(request, "mailbox/mail.html", context, here=NAV_ROUTE, status=422 if errors else 200)


def _typed(request: DeskRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()[:MAX_REASON]


@require_POST
@desk_page(*CLEARS)
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """Take what was decided on a message; the page again where it can't be.

    Raises:
        Http404: there is no such message for this person, or nothing to decide so.
    """
    mail, do = _mail_or_404(request, pk), request.POST.get("do", "")
    by, staff = request.actor, request.user
    try:
        if do == "aside":
            put_forward(pk, _typed(request, "reason"), by=by, staff=staff)
            messages.success(request, "已提出不登记，等待另一人决定。决定之前期限照常计算。")
        elif do in ("agree", "refuse"):
            answer_proposal(pk, agree=do == "agree", opinion=_typed(request, "opinion"), by=by, staff=staff)
            messages.success(request, "已确认不登记。" if do == "agree" else "已退回待登记。")
        elif do == "again":
            look_again(pk, by=by, staff=staff)
            messages.success(request, "已重新放到待登记。")
        elif do == "join":
            return _joined(request, mail)
        else:
            raise Http404
    except Refused as e:
        field = _FIELD.get(do, "")
        return _page(request, mail, problems_of(e.reasons, {"a_reason_is_given": field}, {field}))
    except NotVisible:
        raise Http404 from None
    return redirect("mails")


_FIELD = {"aside": "reason", "agree": "opinion", "refuse": "opinion"}


def _joined(request: DeskRequest, mail: MailView) -> HttpResponse:
    number = _typed(request, "number").upper()[:20]
    try:
        joined = join_mail(mail.pk, number, by=request.actor, staff=request.user)
    except NotVisible:
        return _page(
            request, mail, [{"reason": "没有这个编号，或者不在您可以查看的范围内。请核对。", "field": "number"}]
        )
    messages.success(request, f"已并入 {number}，{joined.added} 份已作为附件添加。请在该件登记补充材料、反映的新情况。")
    tell_refused(request, joined)
    return redirect("petition", number)


@require_safe
@desk_page(*CLEARS)
def raw(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Send a message as it came, to be opened by a mail program; that it was taken is written down.

    Raises:
        Http404: there is none for this person, or it can't be read.
    """
    mail = _mail_or_404(request, pk)
    row = raw_mail(pk)
    if mail.read is None or row is None:
        raise Http404
    try:
        content = _begun(read_raw(row))
    except (OSError, VaultError):
        raise Http404 from None
    if request.method == "GET":
        log_look(pk, "下载原始邮件", staff=request.user)
    answer = StreamingHttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'邮件{pk}.eml')}"
    answer["Cache-Control"] = "no-store"
    return answer


def _begun(content: Iterator[bytes]) -> Iterator[bytes]:
    """Read the first chunk at once: whether it can be read is known before the answer begins."""
    return chain([next(content, b"")], content)
