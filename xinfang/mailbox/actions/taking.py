"""Taking messages in: each is kept whole and encrypted, then read, then marked in the box; and only in this order.

Killed at any point and run again, nothing is taken twice and nothing is lost: what was taken is known by its place in
the box and by what is in it. One message that can't be taken keeps no other waiting.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import disk_usage

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from xinfang.core import file_store
from xinfang.core.background import sole_process, start_command
from xinfang.core.clock import today
from xinfang.core.disk_full import MIN_FREE_BYTES
from xinfang.mailbox.imap_box import BoxMessage, MailboxUnavailable, MessageUnreadable, OpenBox, open_box
from xinfang.mailbox.models import IncomingMail, MailboxLook, MailPlace, MailProposal
from xinfang.mailbox.reading import read_incoming, sealed_reading
from xinfang.procedure.errors import XinfangError
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import VaultError, sm3

MAX_MAIL_BYTES = 128 * 2**20
"""Of a larger message only the head is fetched: reading one takes several times its size of memory."""
SAME_AGAIN = "与已经收到的一封邮件相同，是重复投递"
_SAME, _CONTENT = "same mail", "mail content"
_log = structlog.get_logger(__name__)
State = IncomingMail.State


class NotKept(XinfangError):
    """The disk doesn't take a message, or has too little room left; the message stays in the box for the next time."""

    def __init__(self, number: int | None) -> None:
        super().__init__("磁盘写不进去")
        self.errno = number


@dataclass(slots=True)
class FetchReport:
    """What became of the messages in the box.

    `taken` were kept now, among them `automatic` that were put forward as no letter and `heads` of which only the head
    was fetched; `known` were kept before under another number; `failed` are tried again.
    """

    in_box: int = 0
    taken: int = 0
    automatic: int = 0
    heads: int = 0
    known: int = 0
    failed: int = 0


@contextmanager
def sole_reader() -> Iterator[bool]:
    """Yield whether this process is now the only one that reads the mailbox."""
    with sole_process("mailbox.lock") as alone:
        yield alone


def start_reader_if_needed() -> bool:
    """Start a process that reads the mailbox once, where one is set, and tell whether one was started."""
    if settings.MAILBOX is None:
        return False
    start_command("mailbox", "take")
    return True


def take_all() -> FetchReport:
    """Take every message that wasn't taken yet, and write down that the box was looked into.

    Raises:
        MailboxUnavailable: the box can't be opened, or the line broke; what was taken until then stays.
    """
    report = FetchReport()
    try:
        with open_box() as box:
            _take_from(box, report)
            name = box.name
    except MailboxUnavailable as e:
        _note_look("", 0, str(e))
        raise
    _note_look(name, report.failed, "")
    return report


def _take_from(box: OpenBox, report: FetchReport) -> None:
    uids = box.uids()
    report.in_box = len(uids)
    places = MailPlace.objects.filter(box=box.name, uid_validity=box.uid_validity)
    known = set(places.values_list("uid", flat=True))
    # Kept, and then the line broke before the mark.
    box.mark(sorted(known & box.unmarked()))
    for message in box.about([uid for uid in uids if uid not in known]):
        try:
            if _take(box, message, report):
                box.mark([message.uid])
        except (MessageUnreadable, NotKept, VaultError, DatabaseError, ValueError) as e:
            # One that can't be taken now mustn't keep the others; it is tried again.
            _log.error("mail_not_taken", uid=message.uid, error=type(e).__name__, errno=getattr(e, "errno", None))
            report.failed += 1


def _take(box: OpenBox, message: BoxMessage, report: FetchReport) -> bool:
    whole = message.size <= MAX_MAIL_BYTES
    raw = box.read(message.uid, whole=whole)
    if raw is None:
        return False
    try:
        if disk_usage(Path(settings.DATA)).free - 2 * len(raw) < MIN_FREE_BYTES:
            raise NotKept(errno.ENOSPC)
        mail = keep_mail(raw, message, box.name, box.uid_validity, whole=whole)
    except OSError as e:
        raise NotKept(e.errno) from None
    if mail is None:
        report.known += 1
        return True
    report.taken += 1
    report.heads += not whole
    report.automatic += mail.state == State.PROPOSED
    return True


def keep_mail(
    raw: bytes, message: BoxMessage, box: str, uid_validity: int, *, whole: bool, now: datetime | None = None
) -> IncomingMail | None:
    """Keep a message as it came, with what was read of it; None where it was kept before and only lies elsewhere.

    Raises:
        OSError: the disk doesn't take it.
        VaultError: it can't be encrypted.
    """
    now = now or timezone.now()
    ring, digest = keyring(), sm3(raw).hex()
    content = ring.mark(_CONTENT, digest if whole else f"{box} {uid_validity} {message.uid} {digest}")
    place = MailPlace(box=box, uid_validity=uid_validity, uid=message.uid, came_at=message.came_at)
    if before := IncomingMail.objects.filter(content_mark=content).first():
        place.mail = before
        place.save(force_insert=True)
        return None
    key, wrapped = ring.new_key()
    fresh = file_store.write_encrypted(raw, key)
    try:
        read, same = read_incoming(raw, whole=whole, most=settings.UPLOAD_MB * 2**20)
        came_at = min(message.came_at, now)  # a server whose clock is ahead
        mail = IncomingMail(
            came_at=came_at, received_on=today(came_at), fetched_at=now, size=message.size, whole=whole, digest=digest,
            address=ring.mark("file", f"mail:{content}"), content_mark=content, wrapped_key=wrapped,
            sealed=sealed_reading(key, read), same_mark=ring.mark(_SAME, same) if same else "",
        )  # fmt: skip
        why = read.automatic
        if not why and mail.same_mark and IncomingMail.objects.filter(same_mark=mail.same_mark).exists():
            why = SAME_AGAIN
        mail.state = State.PROPOSED if why else State.WAITING
        with transaction.atomic():
            mail.save(force_insert=True)
            place.mail = mail
            place.save(force_insert=True)
            if why:
                MailProposal.objects.create(mail=mail, reason=why, by=None, at=now)
            file_store.move_into_place(fresh, mail.address)
    finally:
        file_store.remove_file(fresh)
    return mail


def _note_look(name: str, failed: int, error: str) -> None:
    """Write down how the look went; where the box couldn't be opened its name is that of the one before."""
    now = timezone.now()
    name = name or str(MailboxLook.objects.order_by("-at").values_list("box", flat=True).first() or "")
    values = {"at": now, "failed": failed, "error": error[:200], **({} if error else {"well_at": now})}
    MailboxLook.objects.update_or_create(box=name, defaults=values)
