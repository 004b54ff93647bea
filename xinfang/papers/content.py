"""What a paper says, free of how it looks. Composed once; the PDF and the Word file are made from the same content."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from xinfang.procedure.calendar import in_chinese
from xinfang.procedure.words import PaperKind


class PaperForm(StrEnum):
    """How a paper is laid out."""

    LETTER = "letter"
    """信函格式 of GB/T 9704-2012, 10.1: notices, opinions and letters that are sent out."""
    DOCUMENT = "document"
    """文件格式 of GB/T 9704-2012, 7: with the red head and the record at the foot (版记)."""
    SHEET = "sheet"
    """A form with a title and a table, for use inside the department."""
    RECORD = "record"
    """A record of a talk or a hearing: a title, what was said, signatures on every page."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, indented by two characters unless `indent` is False."""

    text: str
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; `text` has no number.

    Renderers write 一、（一） 1. （1）, counting again under each higher level.
    """

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Caption:
    """The name of the table or picture that follows, on the same page as its beginning."""

    text: str


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell. `span` columns wide, at least `lines` text lines high; `label` is set in bold and centred."""

    text: str
    span: int = 1
    lines: int = 1
    label: bool = False


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table. The spans of every row add up to `columns`; the first `head` rows are repeated on each page."""

    columns: int
    rows: tuple[tuple[TableCell, ...], ...]
    head: int = 0


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A line to be signed by hand: each label is followed by a blank to write on, e.g. 信访人（签名） and 日期."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page."""


@dataclass(frozen=True, slots=True)
class SignedHere:
    """Where the text ends, with annexes to follow: attachments, 落款, date and note stand here, not at the end."""


class Drawing(Protocol):
    """What the program drew, in the two forms papers take; each is made when a renderer asks for it."""

    @property
    def svg(self) -> str:
        """Lines and letters, for PDF."""

    @property
    def png(self) -> bytes:
        """Dots, for Word."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing made by the program, `width` and `height` in mm; `words` describe it for people who can't see it.

    Only reports have pictures; a Word file that brings one back is refused like any other (`word/unsupported.py`).
    """

    drawing: Drawing
    width: float
    height: float
    words: str


Block = Paragraph | Heading | Caption | PaperTable | SignatureLine | PageBreak | SignedHere | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperContent:
    """All that a paper says.

    `addressee` is the 主送 without its colon; `day` the 成文日期 (Asia/Shanghai); `sealed` leaves the space that the
    department's seal needs and moves signer and date as GB/T 9704-2012 7.3.5.1 asks; `note` is the 附注 without its
    brackets.
    """

    kind: PaperKind
    form: PaperForm
    title: str
    department: str = ""
    """The 发文机关标志, in red at the top of a letter or document."""
    number: str = ""
    """The 文号, e.g. 内科信告〔2026〕12号; empty while the paper is a draft."""
    addressee: str = ""
    blocks: tuple[Block, ...] = ()
    attachments: tuple[str, ...] = ()
    signer: str = ""
    day: date | None = None
    sealed: bool = False
    note: str = ""
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    """The 印发机关 of the foot of a document; letters have none."""
    urgency: str = ""
    approver: str = ""
    """The 签发人, printed only on a document to a superior."""
    marks: tuple[str, ...] = field(default=())
    """Words such as 草稿 printed small in the margin until the paper is issued."""

    def text(self) -> str:
        """Return everything as plain text, for searching, comparing and hashing."""
        lines = [self.department, self.number, self.title, f"{self.addressee}：" if self.addressee else ""]
        for block in self.blocks:
            if isinstance(block, Paragraph | Heading | Caption):
                lines.append(block.text)
            elif isinstance(block, PaperTable):
                lines += ["\t".join(c.text for c in row) for row in block.rows]
            elif isinstance(block, SignatureLine):
                lines.append("\t".join(block.labels))
            elif isinstance(block, Picture):
                lines.append(block.words)
        lines += [*self.attachments, self.signer, chinese_day(self.day), self.note, *self.copies_to, self.printed_by]
        return "\n".join(line for line in lines if line)


def chinese_day(day: date | None) -> str:
    """Write a day as 2026年11月2日: Arabic digits, no leading zeros (GB/T 9704-2012 7.3.5.4); nothing for no day."""
    return in_chinese(day) if day else ""
