"""Sending seals out of the reach of who owns the database: a folder, the log of another machine, an e-mail.

Every sweep sends what is new. A place that doesn't answer stops nothing: the same seals go with the next sweep, and
`/healthz` and the auditor's page say since when.
"""

import os
import smtplib
import socket
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from xinfang.audit.models import Seal, SealCopy
from xinfang.audit.seals import seal_line
from xinfang.core.own_mail import own_mail_headers
from xinfang.core.seal_settings import SyslogServer
from xinfang.proof.seal_places import FILE, LOG_MARK, configured_places

_MAIL_PAUSE = timedelta(hours=20)
"""Seals are mailed once a day; the other places get those of every sweep."""
_MOST_AT_ONCE = 2000
_AUDIT_NOTICE = 13 * 8 + 5
"""Facility and severity of a line of syslog: log audit, notice (RFC 5424, 6.2.1)."""
_TIMEOUT_SECONDS = 10
_log = structlog.get_logger(__name__)


def send_seals(now: datetime | None = None) -> None:
    """Send the seals that are new to each place that is set up."""
    now = now or timezone.now()
    for place in configured_places():
        copy, _ = SealCopy.objects.get_or_create(pk=place)
        if place == "mail" and copy.failed_at is None and copy.sent_at and now - copy.sent_at < _MAIL_PAUSE:
            continue
        while seals := list(Seal.objects.filter(number__gt=copy.number).order_by("number")[:_MOST_AT_ONCE]):
            try:
                _SEND[place]([seal_line(s) for s in seals])
            except (OSError, smtplib.SMTPException) as e:
                copy.failed_at, copy.why = copy.failed_at or now, type(e).__name__
                copy.save()
                _log.error("seals_not_sent", place=place, error=type(e).__name__)
                break
            copy.number, copy.sent_at, copy.failed_at, copy.why = seals[-1].number, now, None, ""
            copy.save()


def _to_folder(lines: Sequence[str]) -> None:
    """Append to the file in the folder, brought to the disk. The folder is never made: it may be one not mounted."""
    folder: Path = settings.SEALS_FOLDER  # type: ignore[assignment]  # asked only where it is set up
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    _folder_to_disk(folder)


def _folder_to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _to_log(lines: Sequence[str]) -> None:
    server: SyslogServer = settings.SEALS_SYSLOG  # type: ignore[assignment]  # asked only where it is set up
    texts = [f"<{_AUDIT_NOTICE}>{LOG_MARK} {line}".encode() for line in lines]
    if server.way == "tcp":
        with socket.create_connection((server.host, server.port), _TIMEOUT_SECONDS) as link:
            link.sendall(b"".join(text + b"\n" for text in texts))
        return
    if server.way == "unix":
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
            link.settimeout(_TIMEOUT_SECONDS)
            link.connect(server.host)
            for text in texts:
                link.send(text)
        return
    family, kind, protocol, _, address = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as link:
        for text in texts:
            link.sendto(text, address)


def _by_mail(lines: Sequence[str]) -> None:
    newest = lines[-1].split()[0]
    text = (
        "以下是信访系统的封印（序号、日期、SM3、行状态的SM3）。请保存此邮件，不要放在信访系统的服务器上。\n"
        "核对时把各行存成文件，运行 xinfang verify --seals 文件。\n\n" + "\n".join(lines) + "\n"
    )
    link = get_connection("django.core.mail.backends.smtp.EmailBackend")
    subject, to = f"信访系统封印 第{newest}号", [settings.SEALS_EMAIL]
    EmailMessage(subject, text, to=to, connection=link, headers=own_mail_headers()).send()


_SEND: dict[str, Callable[[Sequence[str]], None]] = {"folder": _to_folder, "syslog": _to_log, "mail": _by_mail}
