"""What is read of a message when it comes in: for the clerk beside it, and whether a program sent it.

Whatever the message is, something is read of it: one that can't be taken apart is named as such, never left out.
"""

import json
import re
from dataclasses import asdict, dataclass, replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parseaddr

from xinfang.attachments.filecheck import NotAccepted, check_file
from xinfang.attachments.filecheck.mail import MAX_LINES, MAX_NESTING
from xinfang.attachments.mail_content import MailContent, UnreadableMail, decode_text, read_mail
from xinfang.core.own_mail import is_own
from xinfang.vault.sm_ciphers import DecryptionFailed, seal, unseal

MAX_HOPS = 30
"""Servers that a message may have passed: one that goes round passes more."""
UNREADABLE = "邮件的结构已损坏，分不出正文和附件。以下是能读出的部分；请下载原始邮件，用邮件程序打开核对。"
TOO_DEEP = "邮件里套着的层数或者行数异常地多，没有拆开。请下载原始邮件，由系统管理员在单独的电脑上查看。"
MISNAMED = "邮件标注的文字编码与实际不符，已按实际的编码读出，个别字可能不对，请对照原始邮件。"
ONLY_HEAD = "邮件过大，只收取了邮件头。请用邮件程序打开邮箱查看全文、保存附件，登记时补充。"
_LINE = 300
_MAX_HEAD = 2**20
_MAX_RAW_TEXT = 20_000
_PLACE = b"incoming mail"
_BULK = ("bulk", "junk", "list")
_REPORTS = re.compile(r"^(delivery-status|disposition-notification|feedback-report)$")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file in a message; `why_not` says why it won't be taken along, empty where it will. `size` in bytes."""

    number: int
    name: str
    size: int
    why_not: str


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What was read of a message.

    `doubt` says what the clerk must know of it, `automatic` why it seems to be no letter.
    """

    sender: str
    to: str
    sent: str
    subject: str
    text: str
    files: tuple[ReadFile, ...]
    doubt: str = ""
    automatic: str = ""

    @property
    def sender_name(self) -> str:
        """The name that the sender gave; empty where there is only an address."""
        return parseaddr(self.sender)[0][:_LINE]

    @property
    def sender_address(self) -> str:
        """The address it says it came from; anybody can write any."""
        return parseaddr(self.sender)[1][:_LINE]


def read_incoming(raw: bytes, *, whole: bool, most: int) -> tuple[ReadMail, str]:
    """Return what is read of a message, and what tells it from others: its Message-ID with its text.

    `most` is the limit of one file in bytes. `whole` is False where only the head is there.
    """
    head = _head(raw)
    automatic, message_id = why_automatic(head), _said(head, "Message-ID").strip()
    content, doubt = _content(raw, whole)
    if content is None:
        text = "" if doubt == ONLY_HEAD else decode_text(_body(raw)[:_MAX_RAW_TEXT], "utf-8")[0]
        content = _of_head(raw, head, text)
    files = tuple(ReadFile(f.number, f.name, len(f.data), _why_not(f.data, f.name, most)) for f in content.files)
    read = ReadMail(
        content.sender[:_LINE], content.to[:_LINE], content.sent[:_LINE], content.subject[:_LINE], content.text, files,
        doubt or (MISNAMED if content.misnamed else ""), automatic,
    )  # fmt: skip
    return read, f"{message_id}\0{content.text}\0{[(f.name, f.size) for f in files]}" if message_id and whole else ""


def _content(raw: bytes, whole: bool) -> tuple[MailContent | None, str]:
    if not whole:
        return None, ONLY_HEAD
    low = raw.lower()
    if low.count(b"multipart/") + low.count(b"message/") > MAX_NESTING or raw.count(b"\n") > MAX_LINES * 2:
        return None, TOO_DEEP
    try:
        found = read_mail(raw)
    except UnreadableMail:
        return None, UNREADABLE
    # Parts whose boundary never comes leave nothing: what is there is shown as it is.
    lost = not found.text and not found.files and _body(raw).strip()
    return (None, UNREADABLE) if lost else (found, "")


def _of_head(raw: bytes, head: EmailMessage, text: str) -> MailContent:
    """Return what the head alone says, in words where they can be read, with this text."""
    try:
        return replace(read_mail(raw.partition(b"\r\n\r\n")[0][:_MAX_HEAD]), text=text, files=())
    except UnreadableMail:
        return MailContent(
            _said(head, "From"), _said(head, "To"), _said(head, "Date"), _said(head, "Subject"), text, ()
        )


def _why_not(data: bytes, name: str, most: int) -> str:
    try:
        check_file(data, name, most=most)
    except NotAccepted as e:
        return str(e)
    return ""


def _head(raw: bytes) -> EmailMessage:
    # As it came: the parser of today's policy fails on what was made to confuse it.
    found = BytesHeaderParser(EmailMessage, policy=policy.compat32).parsebytes(
        raw.partition(b"\r\n\r\n")[0][:_MAX_HEAD]
    )
    return found  # type: ignore[return-value]


def _body(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[2] or raw.partition(b"\n\n")[2]


def _said(head: EmailMessage, name: str) -> str:
    return " ".join(str(head.get(name, "")).replace("\0", "").encode("utf-8", "replace").decode().split())


def why_automatic(head: EmailMessage) -> str:
    """Return why a message seems to be sent by a program, as a sentence; empty where nothing says so (RFC 3834)."""
    submitted = _said(head, "Auto-Submitted").partition(";")[0].strip().lower()
    precedence = _said(head, "Precedence").lower()
    report = _said(head, "Content-Type").lower()
    hops = len(head.get_all("Received") or ())
    if is_own(_said(head, "Message-ID")):
        return "是本系统自己发出的邮件，又回到了邮箱"
    if hops > MAX_HOPS:
        return f"经过了 {hops} 台服务器，可能在循环转发"
    if report.startswith("multipart/report") and any(
        _REPORTS.match(word.split("=", 1)[-1].strip(" \"'"))
        for word in report.split(";")
        if word.strip().startswith("report-type")
    ):
        return "是退信或者阅读回执"
    if submitted and submitted != "no":
        return "是程序自动发出的回复或者通知"
    if head.get("X-Autoreply") or head.get("X-Autorespond") or precedence == "auto_reply":
        return "是自动回复"
    if "Return-Path" in head and _said(head, "Return-Path").strip() == "<>":
        return "没有退信地址，是退信或者自动通知"
    if precedence in _BULK or head.get("List-Id") or head.get("List-Unsubscribe"):
        return "是群发邮件"
    return ""


def sealed_reading(key: bytes, read: ReadMail) -> bytes:
    """Return what was read as it is kept, under the key of its message."""
    return seal(key, json.dumps(asdict(read), ensure_ascii=False).encode("utf-8", "replace"), _PLACE)


def opened_reading(key: bytes, sealed: bytes) -> ReadMail:
    """Return what was read.

    Raises:
        DecryptionFailed: it was altered.
    """
    try:
        said = json.loads(unseal(key, sealed, _PLACE))
        return ReadMail(**{**said, "files": tuple(ReadFile(**f) for f in said["files"])})
    except (ValueError, KeyError, TypeError):
        raise DecryptionFailed from None
