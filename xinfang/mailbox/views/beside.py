"""A message beside the registration form: shown there, tied to the case that comes of it."""

from typing import TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from xinfang.accounts.pages import DeskRequest
from xinfang.attachments.queries import size_text
from xinfang.mailbox.actions.deciding import JoinedMail, erase_secret, log_look
from xinfang.mailbox.queries.mails import MailView, find_mail, mail_to_register
from xinfang.mailbox.reading import ReadMail
from xinfang.web.dates import chinese_date, moment_text
from xinfang.web.forms import posted_key

FIELD = "mail"
"""What an address and the form name the message by."""


class BesideMail(TypedDict):
    """A message as it is shown beside the form."""

    pk: int
    received: str
    came: str
    size: str
    read: ReadMail
    files: list[tuple[str, str, str]]


def mail_beside(request: DeskRequest) -> MailView | None:
    """Return the message that the form or the address names, if it waits and this person may register it."""
    return mail_to_register((request.POST or request.GET).get(FIELD, ""), request.actor)


def opened_beside(request: DeskRequest) -> MailView | None:
    """Return the same for a form that is begun, which is written down."""
    mail = mail_beside(request)
    if mail is not None:
        log_look(mail.pk, "登记成件", staff=request.user)
    return mail


def shown_beside(request: DeskRequest) -> BesideMail | None:
    """Return what is shown of it."""
    mail = mail_beside(request)
    if mail is None or mail.read is None:
        return None
    return {
        "pk": mail.pk,
        "received": chinese_date(mail.received_on),
        "came": moment_text(mail.came_at),
        "size": size_text(mail.size),
        "read": mail.read,
        "files": [(f.name, size_text(f.size), f.why_not) for f in mail.read.files],
    }


def decided_meanwhile(request: DeskRequest) -> HttpResponse | None:
    """Lead away from a form whose message was decided on since, perhaps by this very form; None where it wasn't."""
    key = posted_key(request.POST.get(FIELD, ""))
    mail = find_mail(key, request.actor) if key else None
    if mail is None or mail.is_open:
        return None
    messages.info(request, "这封邮件已经办理，没有再次登记。")
    return redirect("petition", mail.number) if mail.number else redirect("mails")


def tell_refused(request: DeskRequest, joined: JoinedMail) -> None:
    """Say which files of a message didn't become attachments; the message keeps them."""
    for name, why in joined.refused:
        messages.error(request, f"“{name}”没有添加为附件：{why}原始邮件仍保存在“邮箱来件”中。")


def erase_beside(request: DeskRequest) -> None:
    """Erase the message of a registration that was stopped because it may be secret (H3)."""
    if mail := mail_beside(request):
        erase_secret(mail.pk, by=request.actor, staff=request.user)
        messages.warning(request, "邮件的内容已从本系统清除。邮箱中的原邮件请按保密规定处理。")
