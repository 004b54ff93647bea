"""An e-mail opened for reading: who wrote, when, about what, its text, and the files in it. Nothing in it is run.

What is hypertext becomes plain text; pictures that the text only names are never fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from html.parser import HTMLParser

from xinfang.attachments.filecheck import NotAccepted, clean_name, ole, outlook
from xinfang.procedure.errors import XinfangError

MAX_TEXT_CHARACTERS = 200_000
_MAX_TEXT_BYTES = 4 * 2**20
"""Bytes of a text that are looked at: a page of more is mostly made to be slow."""
MAX_FILES = 100
_CHINESE = ("gb2312", "gbk", "gb_2312-80", "x-gbk", "euc-cn")
"""What mail programs call a text that may as well be of the larger set."""
_WESTERN = ("iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252")
"""Sets in which every byte is some letter: they are named by programs that don't know."""
_TRIED = ("utf-8", "gb18030")
_REPLACED = "\ufffd"
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
    misnamed: bool = False
    """Whether its characters aren't those of the set that it names, and were read as another: as well as could be."""


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
        text, misnamed = _text_of(body) if isinstance(body, EmailMessage) else ("", False)
        return MailContent(
            sender=_field(mail, "From"),
            to=_field(mail, "To"),
            sent=_field(mail, "Date"),
            subject=_field(mail, "Subject"),
            text=text[:MAX_TEXT_CHARACTERS],
            files=tuple(_files(mail)),
            misnamed=misnamed,
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


def _text_of(part: EmailMessage) -> tuple[str, bool]:
    raw = part.get_payload(decode=True)
    data = raw[:_MAX_TEXT_BYTES] if isinstance(raw, bytes) else b""
    text, misnamed = decode_text(data, part.get_content_charset() or "utf-8")
    return (_plain(text) if part.get_content_subtype() == "html" else text).strip(), misnamed


def decode_text(data: bytes, charset: str) -> tuple[str, bool]:
    """Return a text in the set that it names, or else in the one that fits; and whether it was another.

    What fits none is read in the named one, with a mark in place of each character that isn't in it.
    """
    named = "gb18030" if charset.lower() in _CHINESE else charset.lower()
    if data.isascii():
        named, order = "ascii", ["ascii"]
    else:
        order = [*_TRIED, named] if named in _WESTERN else [named, *_TRIED]
    if named == "gb18030" and _is_chinese(_decoded(data, "utf-8")):
        order = ["utf-8"]  # it would be read as other Chinese characters
    for name in order:
        text = _decoded(data, name)
        if text is not None and (name == named or _is_chinese(text)):
            return text, name != named
    try:
        return data.decode(named, "replace").replace("\0", ""), True
    except LookupError:
        return data.decode("utf-8", "replace").replace("\0", ""), True


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name).replace("\0", "")
    except (LookupError, ValueError):
        return None


def _is_chinese(text: str | None) -> bool:
    """Tell whether most of what isn't ASCII are Chinese characters and signs."""
    others = [ch for ch in text or "" if ch > "\x7f"]
    return bool(others) and 2 * sum("\u2e80" <= ch <= "\uffef" for ch in others) > len(others)


def _field(mail: EmailMessage, name: str) -> str:
    """Return a field of the head; where its characters aren't of the set that it names, those of the one that fits."""
    found = str(mail.get(name, ""))
    raw = next((str(value) for key, value in mail.raw_items() if key.lower() == name.lower()), "")
    if _REPLACED not in found and not any("\udc80" <= ch <= "\udcff" for ch in found + raw):
        return found.replace("\0", "")
    data = raw.encode("utf-8", "surrogateescape")
    try:
        parts = decode_header(raw) if data.isascii() else [(data, None)]
    except (HeaderParseError, ValueError):
        parts = [(data, None)]
    words = [p if isinstance(p, str) else decode_text(p, charset or "utf-8")[0] for p, charset in parts]
    return " ".join("".join(words).split())


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
