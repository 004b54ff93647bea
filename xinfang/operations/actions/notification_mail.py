"""Notices by e-mail, where a mail server is configured. The desk keeps every notice whether or not mail goes out.

One letter a person holds all that waits for them. It names cases by number only, as notices do.
"""

import smtplib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone

from xinfang.accounts.actions import owner_notices
from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.seals import MAX_CLOCK_DIFFERENCE
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.clock import today
from xinfang.core.own_mail import own_mail_headers
from xinfang.notifications.models import Notification

_KEPT_WAITING = timedelta(days=3)
"""An older notice is no news any more: it stays on the pages, and a new mail server doesn't send last year's."""
_PAGE = 500
_MAX_PAUSE_DOUBLINGS = 9
"""A notice that failed waits 1, 2, 4 … minutes, at most 2^9, before it is tried again."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class MailReport:
    """How many notices went out, and how many are to be tried again."""

    mailed: int = 0
    failed: int = 0


def send_waiting_mail(now: datetime | None = None) -> MailReport:
    """Send each person what they haven't read and wasn't sent.

    A server that is down changes nothing but the next try.
    """
    if not settings.EMAIL:
        return MailReport()
    now = now or timezone.now()
    waiting = _waiting(now)
    if not waiting:
        return MailReport()
    mailed = failed = 0
    server = get_connection("django.core.mail.backends.smtp.EmailBackend")
    try:
        try:
            server.open()
        except (OSError, smtplib.SMTPException) as e:
            _log.warning("mail_server_unreachable", error=type(e).__name__)
            pks = [n.pk for notices in waiting.values() for n in notices]
            tried = Notification.objects.filter(pk__in=pks, mailed_at=None)
            return MailReport(0, tried.update(mail_attempts=Least(F("mail_attempts") + 1, 1000)))
        for addresses, notices in waiting.items():
            claimed = _claim(notices, now)
            if not claimed:
                continue
            try:
                _letter(addresses, claimed, server).send()
                mailed += len(claimed)
            except BaseException as e:
                failed += _later([n.pk for n in claimed])
                if not isinstance(e, OSError):
                    raise
                _log.warning("mail_failed", error=type(e).__name__, notices=len(claimed))
    finally:
        _hang_up(server)
    return MailReport(mailed, failed)


def _hang_up(server: Any) -> None:
    try:
        server.close()
    except OSError:
        _log.debug("mail_server_gone")


def _waiting(now: datetime) -> dict[tuple[str, ...], list[Notification]]:
    """Return recent unread notices by where they go, oldest first.

    They are read from the newest back, so that old ones are never walked through.
    """
    unmailed = Notification.objects.filter(mailed_at=None, ended_at=None).select_related("staff").order_by("-id")
    found: list[Notification] = []
    last: int | None = None
    while True:
        page = list((unmailed.filter(pk__lt=last) if last else unmailed)[:_PAGE])
        found += [n for n in page if n.created_at > now - _KEPT_WAITING]
        if len(page) < _PAGE or page[-1].created_at <= now - _KEPT_WAITING:
            break
        last = page[-1].pk
    people: dict[Staff, list[Notification]] = defaultdict(list)
    for n in reversed(found):
        pause = timedelta(minutes=2 ** min(n.mail_attempts, _MAX_PAUSE_DOUBLINGS)) if n.mail_attempts else timedelta(0)
        # Told when the clock was ahead: not kept back until that day comes again.
        ahead = n.created_at > now + MAX_CLOCK_DIFFERENCE
        ready = ahead or n.created_at + pause <= now
        if ready and n.read_at is None and _addresses(n, now) and n.staff.is_active:
            people[n.staff].append(n)
    letters: dict[tuple[str, ...], list[Notification]] = defaultdict(list)
    for staff, notices in people.items():
        for notice in _of_what_they_see(staff, notices, now):
            letters[_addresses(notice, now)].append(notice)
    return letters


def _addresses(notice: Notification, now: datetime) -> tuple[str, ...]:
    """Return the addresses a notice goes to.

    What happened to an account is told at the address that was just replaced as well, so that no change goes unseen.
    """
    staff = notice.staff
    before = staff.email_before_until and staff.email_before_until > now and notice.kind == owner_notices.KIND
    return tuple(a for a in (staff.email, staff.email_before if before else "") if a)


def _of_what_they_see(staff: Staff, notices: list[Notification], now: datetime) -> list[Notification]:
    """Leave out notices of cases hidden from them since (1 query a person).

    Hidden is a case that was sealed, or from which they were recused, or in which they are accused.
    """
    asked = {n.petition_id for n in notices if n.petition_id}
    actor = actor_of(staff, today(now))
    seen = set(visible_to(actor, each=True).filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
    return [n for n in notices if n.petition_id is None or n.petition_id in seen]


@transaction.atomic
def _claim(notices: list[Notification], now: datetime) -> list[Notification]:
    """Return those of them that no other worker took meanwhile; they are marked as sent, which `_later` takes back."""
    rows = Notification.objects.filter(pk__in=[n.pk for n in notices], mailed_at=None)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    free = list(rows.order_by("id"))
    Notification.objects.filter(pk__in=[n.pk for n in free]).update(mailed_at=now)
    return free


@transaction.atomic
def _later(pks: list[int]) -> int:
    for notice in Notification.objects.filter(pk__in=pks):
        notice.mailed_at = None
        notice.mail_attempts = min(notice.mail_attempts + 1, 1000)
        notice.save(update_fields=["mailed_at", "mail_attempts"])
    return len(pks)


def _letter(addresses: tuple[str, ...], notices: list[Notification], server: Any) -> EmailMessage:
    lines = [f"{timezone.localtime(n.created_at):%m月%d日 %H:%M}  {n.text}" for n in notices]
    body = "\n".join(lines) + "\n\n请登录信访系统办理。本邮件由系统自动发出，请勿回复。\n"
    subject = f"信访系统：{len(notices)} 条提醒"
    first, *others = addresses
    sender, headers = settings.DEFAULT_FROM_EMAIL, own_mail_headers()
    return EmailMessage(subject, body, sender, [first], bcc=others, connection=server, headers=headers)
