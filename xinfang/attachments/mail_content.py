"""An e-mail opened for reading: who wrote, when, about what, its text, and the files in it. Nothing in it is run.

What is hypertext becomes plain text; pictures that the text only names are never fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from html.parser import HTMLParser

from xinfang.attachments.filecheck import NotAccepted, clean_name, ole, outlook
from xinfang.procedure.errors import XinfangError

MAX_TEXT_CHARACTERS = 200_000
MAX_FILES = 100
_BREAKS = frozenset(("p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"))
_UNSEEN = frozenset(("script", "style", "head", "title"))


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file in a mail; `number` counts from 1."""

    number: int
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class MailContent:
    """What a mail says. Empty words where its head doesn't tell."""

    sender: str
    to: str
    sent: str
    subject: str
    text: str
    files: tuple[MailFile, ...]


class UnreadableMail(XinfangError):
    """It can't be taken apart; it can still be saved and opened by a mail program."""


def read_mail(data: bytes) -> MailContent:
    """Return what a mail says.

    Raises:
        UnreadableMail: its parts don't fit together.
    """
    if data.startswith(ole.MAGIC):
        return _of_outlook(data)
    try:
        mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
        body = mail.get_body(preferencelist=("plain", "html"))
        text = _text_of(body) if isinstance(body, EmailMessage) else ""
        return MailContent(
            sender=str(mail.get("From", "")),
            to=str(mail.get("To", "")),
            sent=str(mail.get("Date", "")),
            subject=str(mail.get("Subject", "")),
            text=text[:MAX_TEXT_CHARACTERS],
            files=tuple(_files(mail)),
        )
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError) as e:
        # What the library raises for parts that only look like a mail; the checks at upload keep out what acts.
        raise UnreadableMail from e


def _of_outlook(data: bytes) -> MailContent:
    try:
        mail = outlook.read(data)
    except NotAccepted as e:
        raise UnreadableMail from e
    text = mail.text.strip() or _plain(mail.html)
    files = (MailFile(n, clean_name(name or f"附件{n}"), content) for n, (name, content) in enumerate(mail.files, 1))
    return MailContent(
        mail.sender, mail.to, mail.sent, mail.subject, text[:MAX_TEXT_CHARACTERS], tuple(files)[:MAX_FILES]
    )


def _text_of(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        text = data.decode("gb18030" if charset in ("gb2312", "gbk") else charset, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    return (_plain(text) if part.get_content_subtype() == "html" else text).strip()


def _files(mail: EmailMessage) -> Iterator[MailFile]:
    for number, part in enumerate(mail.iter_attachments(), 1):
        if number > MAX_FILES:
            return
        if part.get_content_maintype() == "message":
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            data = first.as_bytes() if isinstance(first, Message) else b""
            name = "转发的邮件.eml"
        else:
            raw = part.get_payload(decode=True)
            data = raw if isinstance(raw, bytes) else b""
            name = f"附件{number}"
        yield MailFile(number, clean_name(part.get_filename() or name), data)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(" ".join(data.split()))


def _plain(html: str) -> str:
    words = _Words()
    words.feed(html)
    lines = (line.strip() for line in "".join(words.words).split("\n"))
    return "\n".join(line for line in lines if line)
