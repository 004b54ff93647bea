"""E-mail saved as a file (eml): a petition may come so. Opened by a mail program, never shown here.

Its parts go by the rules of files that come alone: a program, an archive or a macro is refused inside a mail as well,
and so is a text that acts (scripts, frames, forms). A picture that the text only names stays: mail programs ask before
they fetch one.
"""

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any

from .kinds import NotAccepted

MAX_NESTING = 25
"""Parts that hold parts, in one mail; each answered or forwarded mail in it has two or three.

Reading takes time for each layer.
"""
MAX_LINES = 1_000_000
"""Fifty megabytes of packed attachments have 700,000."""
_HEAD = 65536
_FIELD = re.compile(rb"[!-9;-~]{1,76}:")
_BESIDE = frozenset((b"to", b"date", b"subject", b"received", b"message-id", b"mime-version", b"return-path"))
_ACTS = re.compile(
    rb"<\s*(script|iframe|frame|object|embed|applet|form|base)\b|<\s*meta[^>]{0,200}http-equiv[^>]{0,20}refresh",
    re.IGNORECASE,
)
_PROGRAM = re.compile(rb"^begin(-base64)? [0-7]{3,4} \S", re.MULTILINE)
_TEXTS = ("plain", "html", "calendar", "enriched", "watch-html", "x-amp-html")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_INSTEAD = "请把邮件正文打印为 PDF，附件另存后分别上传。"


def file_type_of(data: bytes) -> str | None:
    """Return the code of a mail by its head, or None.

    A head has fields of a mail, among them the sender, and nothing else before an empty line.
    """
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if head.startswith(b"From ") and b"\n" in head:
        head = head.partition(b"\n")[2]
    names = set()
    for line in head.splitlines():
        if not line:
            break
        if line[:1] in b" \t":
            continue
        found = _FIELD.match(line)
        if found is None:
            return None
        names.add(found[0][:-1].lower())
    return "eml" if b"from" in names and names & _BESIDE else None


def check_content(data: bytes, check: Callable[[bytes, str], object]) -> None:
    """Refuse a mail with a part that wouldn't be taken alone.

    `check` says so of a file with its name, by raising NotAccepted.

    Raises:
        NotAccepted: a part is not taken, or the mail is damaged, nested too deep or has too many lines.
    """
    low = data.lower()
    if low.count(b"multipart/") + low.count(b"message/") > MAX_NESTING:
        raise NotAccepted(f"邮件里套着的邮件和附件层数太多，无法逐份检查。{_INSTEAD}")
    if data.count(b"\n") > MAX_LINES:
        raise NotAccepted(f"邮件的行数异常地多，打开时可能使电脑死机，不能接收。{_INSTEAD}")
    for part in _leaves(data):
        kind, names = part.get_content_type(), _names(part)
        if kind in ("message/external-body", "message/partial"):
            raise NotAccepted(f"邮件打开时会从别处取内容，不能接收。{_INSTEAD}")
        if part.get_content_maintype() == "multipart":
            raise NotAccepted(f"邮件已损坏或没有保存完整，分不出正文和附件。{_INSTEAD}")
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content or kind in _SIGNATURES:
            continue
        if not names and part.get_content_maintype() == "text" and part.get_content_subtype() in _TEXTS:
            check_text(content)
            continue
        for name in names or {""}:
            check_part(content, name, check)


def _leaves(data: bytes) -> Iterator[Message]:
    # The parser meets mails made to confuse it; whatever it fails on counts as a damaged mail.
    try:
        parts = list(message_from_bytes(data).walk())
    except (RecursionError, HeaderParseError, ValueError, LookupError, TypeError, AssertionError, AttributeError):
        raise NotAccepted(f"邮件已损坏，读不出内部结构。{_INSTEAD}") from None
    for part in parts:
        if not part.is_multipart() or part.get_content_type() in ("message/external-body", "message/partial"):
            yield part


def _names(part: Message) -> set[str]:
    """Return the names that a part has in both places: one mail program believes the one, another the other."""
    said = (part.get_param("filename", header="content-disposition"), part.get_param("name"))
    return {_readable(name) for name in said if name}


def _readable(said: Any) -> str:
    try:
        return str(make_header(decode_header(collapse_rfc2231_value(said)))).strip()
    except (HeaderParseError, ValueError, LookupError, TypeError):
        return "未命名"


def check_text(content: bytes) -> None:
    """Refuse a text that acts.

    Raises:
        NotAccepted: it has a script, a form, a page or a file in it.
    """
    # Also where each letter takes two bytes.
    content = content.replace(b"\0", b"")
    if _ACTS.search(content):
        raise NotAccepted(
            "邮件正文里有脚本、表单或嵌入的网页，打开时可能自行运行，不能接收。请把邮件打印为 PDF 后再上传，附件另存后分别上传。"
        )
    if _PROGRAM.search(content):
        raise NotAccepted(f"邮件正文里夹着编码的文件，无法检查。{_INSTEAD}")


def check_part(content: bytes, name: str, check: Callable[[bytes, str], object]) -> None:
    """Check a file in a mail; a refusal names it.

    Raises:
        NotAccepted: it wouldn't be taken alone.
    """
    try:
        check(content, name)
    except NotAccepted as e:
        raise NotAccepted(f"邮件里的附件“{name or '（没有名称）'}”不能接收：{e}{_INSTEAD}") from None
