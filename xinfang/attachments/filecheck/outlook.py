"""A mail as Outlook saves it (msg): a small file system inside one file, with a stream for each property (MS-OXMSG).

It goes by the rules of `mail.py`: what wouldn't be taken alone isn't taken inside it either. A mail in a mail becomes
an eml, so that it can be kept by itself.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from struct import unpack_from

import olefile

from . import mail, ole, rtf
from .kinds import NotAccepted

MAX_NESTING = 4
"""Mails inside mails; each is written out once more around what is in it."""
_BEIJING = timezone(timedelta(hours=8))
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_BY_VALUE, _EMBEDDED, _OLE = 1, 5, 6
_INSTEAD = "请在 Outlook 中把邮件另存为 eml，或打印为 PDF，附件另存后分别上传。"
_DAMAGED = f"Outlook 邮件已损坏，读不出内部结构。{_INSTEAD}"

_SUBJECT, _DISPLAY_TO, _SUBMITTED, _DELIVERED = 0x0037, 0x0E04, 0x0039, 0x0E06
_SENDERS = ((0x0C1A, (0x5D01, 0x0C1F)), (0x0042, (0x5D02, 0x0065)))
"""The sender's name and where their address may be: who sent it, then for whom it was sent."""
_CLASS, _BODY, _HTML, _RTF = 0x001A, 0x1000, 0x1013, 0x1009
_MESSAGE_CODE_PAGE, _INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE
_FILE_NAMES, _DATA, _METHOD = (0x3707, 0x3704, 0x3001), 0x3701, 0x3705


@dataclass(frozen=True, slots=True)
class OutlookMail:
    """What the mail says; empty words where it doesn't. `files` are names with what is in them, in their order."""

    sender: str
    to: str
    sent: str
    subject: str
    text: str
    html: str
    files: tuple[tuple[str, bytes], ...]


def read(data: bytes) -> OutlookMail:
    """Return what a mail says.

    Raises:
        NotAccepted: it is damaged, no mail, or has something in it that can't be looked into.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as found:
            return _Storage(found, (), [len(data)], 32).mail()
    except NotAccepted:
        raise
    except Exception:
        # olefile and the decoders meet files made to confuse them.
        raise NotAccepted(_DAMAGED) from None


def check_content(data: bytes, check: Callable[[bytes, str], object]) -> None:
    """Refuse a mail with a part that wouldn't be taken alone.

    `check` says so of a file with its name, by raising NotAccepted.

    Raises:
        NotAccepted: a part is not taken, or the mail is damaged.
    """
    found = read(data)
    for text in (found.text, found.html):
        mail.check_text(text.encode())
    for name, content in found.files:
        if content:
            mail.check_part(content, name, check)


class _Storage:
    """A mail, a recipient or an attached file: its properties by their numbers.

    `left` is how many bytes may still be read of the whole file, so that streams that share their bytes end somewhere.
    """

    def __init__(self, source: olefile.OleFileIO, path: tuple[str, ...], left: list[int], head: int) -> None:
        self._ole, self._path, self._left = source, path, left
        self._fixed: dict[int, bytes] = {}
        raw = self._stream(ole.MAIL_STREAM)
        for place in range(head, len(raw) - 15, 16):
            _, number = unpack_from("<HH", raw, place)
            self._fixed.setdefault(number, raw[place + 8 : place + 16])
        self.code_page = self.number(_MESSAGE_CODE_PAGE) or self.number(_INTERNET_CODE_PAGE) or 936

    def mail(self) -> OutlookMail:
        kind = self.text(_CLASS).lower()
        if kind and not kind.startswith(("ipm.note", "report.")):
            raise NotAccepted("这是 Outlook 的日历、名片或任务，不是邮件。请打开后打印为 PDF，或截图后再上传。")
        page = self.number(_INTERNET_CODE_PAGE) or self.code_page
        packed = self.binary(_RTF)
        rich = rtf.unpack(packed) if packed else b""
        if rtf.embeds(rich):
            raise NotAccepted(f"邮件正文里嵌有其他程序的对象，无法检查。{_INSTEAD}")
        text, html = self.text(_BODY), self.text(_HTML) or self.binary(_HTML).decode(rtf.encoding_of(page), "replace")
        if rich and not text.strip() and not html.strip():
            text = rtf.text_of(rich, rtf.encoding_of(self.code_page))
        return OutlookMail(
            sender=self._sender(),
            to=_one_line(self.text(_DISPLAY_TO)),
            sent=self._moment(_SUBMITTED) or self._moment(_DELIVERED),
            subject=_one_line(self.text(_SUBJECT)),
            text=text.replace("\r\n", "\n"),
            html=html,
            files=tuple(self._file(name) for name in self._storages("__attach_version1.0_")),
        )

    def text(self, number: int) -> str:
        found = self._stream(f"__substg1.0_{number:04X}001F").decode("utf-16-le", "replace")
        if not found:
            found = self._stream(f"__substg1.0_{number:04X}001E").decode(rtf.encoding_of(self.code_page), "replace")
        return found.rstrip("\0")

    def binary(self, number: int) -> bytes:
        return self._stream(f"__substg1.0_{number:04X}0102")

    def number(self, number: int) -> int:
        return int(unpack_from("<I", self._fixed.get(number, bytes(8)))[0])

    def _moment(self, number: int) -> str:
        ticks = int(unpack_from("<Q", self._fixed.get(number, bytes(8)))[0])
        try:
            moment = (_EPOCH + timedelta(microseconds=ticks // 10)).astimezone(_BEIJING)
        except OverflowError:
            return ""
        return format_datetime(moment) if ticks else ""

    def _sender(self) -> str:
        for name_at, addresses in _SENDERS:
            name = _one_line(self.text(name_at))
            # Within an organisation the address may be a path in its directory, which tells a reader nothing.
            address = next((a for a in (_one_line(self.text(n)) for n in addresses) if "@" in a), "")
            if name or address:
                return f"{name} <{address}>" if name and address and name != address else name or address
        return ""

    def _file(self, storage: str) -> tuple[str, bytes]:
        file = _Storage(self._ole, (*self._path, storage), self._left, 8)
        file.code_page = self.code_page
        name = next((n for n in (_one_line(file.text(n)) for n in _FILE_NAMES) if n), "")
        method = file.number(_METHOD)
        inner = f"__substg1.0_{_DATA:04X}000D"
        if method == _OLE or (method != _EMBEDDED and self._ole.exists("/".join((*file._path, inner)))):
            raise NotAccepted(f"邮件里的“{name or '（没有名称）'}”是嵌入的对象，无法检查。{_INSTEAD}")
        if method == _EMBEDDED:
            if len(self._path) // 2 >= MAX_NESTING:
                raise NotAccepted(f"邮件里套着的邮件和附件层数太多，无法逐份检查。{_INSTEAD}")
            found = _Storage(self._ole, (*file._path, inner), self._left, 24).mail()
            return f"{found.subject or '转发的邮件'}.eml", as_eml(found)
        if method not in (0, _BY_VALUE):
            raise NotAccepted(
                f"附件“{name or '（没有名称）'}”没有存在邮件里，邮件里只有它的链接。请打开链接另存后上传，邮件另存为 eml 或打印为 PDF。"
            )
        return name, file.binary(_DATA)

    def _storages(self, begins: str) -> list[str]:
        depth = len(self._path)
        paths = self._ole.listdir(streams=False, storages=True)
        return sorted(
            p[depth]
            for p in paths
            if len(p) == depth + 1 and tuple(p[:depth]) == self._path and p[depth].startswith(begins)
        )

    def _stream(self, name: str) -> bytes:
        path = "/".join((*self._path, name))
        if not self._ole.exists(path):
            return b""
        self._left[0] -= self._ole.get_size(path)
        if self._left[0] < 0:
            raise NotAccepted(_DAMAGED)
        return bytes(self._ole.openstream(path).read())


def as_eml(found: OutlookMail) -> bytes:
    """Return a mail as other programs save it."""
    whole = EmailMessage(policy=SMTP)
    for name, said in (("From", found.sender or "unknown"), ("To", found.to), ("Date", found.sent)):
        if said:
            whole[name] = said
    whole["Subject"] = found.subject
    whole.set_content(found.text)
    if found.html:
        whole.add_alternative(found.html, subtype="html")
    for name, content in found.files:
        whole.add_attachment(content, maintype="application", subtype="octet-stream", filename=name or None)
    return bytes(whole)


def _one_line(said: str) -> str:
    return " ".join(said.split())
