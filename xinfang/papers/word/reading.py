"""A Word file that somebody edited, back as the text of a paper (`papers.source`).

Paragraphs are known by the names of the program's styles, which Word, WPS and LibreOffice keep. What has no such style
is text of the body. The number of the paper, its red head, page numbers and the words that the layout adds are not part
of the text and are left out.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from docx.oxml.ns import qn

from xinfang.papers.content import Block, Heading, PageBreak, PaperTable, Paragraph, SignatureLine, TableCell
from xinfang.papers.source import WordingSyntaxError
from xinfang.papers.word.list_numbers import Counting, without_number
from xinfang.papers.word.opening import WordParts, integer_property, open_docx, reference
from xinfang.papers.word.paragraph_styles import BY_NAME, MADE, TABLE_INSET, TABLE_PITCH
from xinfang.papers.word.source_text import source_text
from xinfang.papers.word.unsupported import refuse_what_cannot_be_kept, style_id

_MAX_COLUMNS = 63
"""As many as Word itself allows."""
_PAGE = "\f"
"""A new page inside a text. XML can't hold the character, so nobody can have typed it."""
_MADE = r"(?:附件：|抄送：|签发人：|\d{1,2}\. ?|[，。（）：\s　_])+"
_LEADING, _TRAILING = re.compile(rf"^{_MADE}"), re.compile(rf"{_MADE}$")
_TYPED = (r"[一二三四五六七八九十]+、", r"（[一二三四五六七八九十]+）", r"\d+[.．]", r"（\d+）")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_LEFT_OUT = ("文书标志", "文书机关", "文书文号", "文书印发", "文书页眉页脚", "文书边注")
_RUNNING = {"文书标志", "文书边注", "文书页眉页脚", "文书签字", "文书间隔"}
_IN_BOXES = {"文书抄送", "文书印发", "文书间隔", "文书边注"}
_HEADINGS = {f"标题 {level}": f"heading {level}" for level in range(1, 5)}
_SPLIT_COPIES = re.compile(r"[，,](?![^（(]*[）)])")


@dataclass
class _Line:
    """A paragraph: the name of its style, its text, and whether parts of it were marked as made by the layout."""

    style: str
    text: str
    made: bool
    element: Any


@dataclass
class _Draft:
    head: dict[str, list[str]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def add(self, name: str, value: str) -> None:
        value = " ".join(value.replace(_PAGE, " ").split())
        if value:
            self.head.setdefault(name, []).append(value)


def read_docx(data: bytes) -> str:
    """Return the text of a paper that was edited as a Word file.

    Kept: title, addressee, signer, date, attachments, note, copies, urgency, approver, paragraphs, headings, tables,
    lines to sign, new pages. Left out without complaint: looks of characters and paragraphs, which are the layout's,
    and the paper's number.

    Raises:
        WordingSyntaxError: something can't be kept, or is missing; it says what the user must do first.
    """
    file = open_docx(data)
    boxes = _own_boxes(file)
    refuse_what_cannot_be_kept(file, frozenset(boxes))
    reader = _Reader(file, boxes)
    reader.read()
    head = reader.draft.head
    if not head.get("标题"):
        raise WordingSyntaxError("Word 文件里没有找到标题。请把标题那一行的样式设为“文书标题”，保存后再上传。")
    day = head.get("日期", [""])[0]
    if day and not _is_day(day):
        raise WordingSyntaxError("Word 文件里的成文日期不是有效日期。请写成 2026年11月2日 的样子，保存后再上传。")
    return source_text({name: tuple(values) for name, values in head.items()}, reader.draft.blocks)


def _is_day(text: str) -> bool:
    found = _DAY.fullmatch(text)
    try:
        return bool(found and date(*map(int, found.groups())))
    except ValueError:
        return False


def _own_boxes(file: WordParts) -> list[Any]:
    """Return text boxes that hold only the program's foot or marks: LibreOffice writes some frames in that way."""
    boxes = []
    for root in (file.body, *file.running.values()):
        for box in root.iter(qn("w:drawing"), qn("w:pict")):
            lines = [p for content in box.iter(qn("w:txbxContent")) for p in content.iter(qn("w:p"))]
            named = [_name(file, p) for p in lines if "".join(t.text or "" for t in p.iter(qn("w:t")))]
            if named and all(name in _IN_BOXES for name in named) and next(box.iter(_BLIP), None) is None:
                boxes.append(box)
    return boxes


_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"


def _name(file: WordParts, paragraph: Any) -> str:
    """Return the name of the program's style that a paragraph's style is or is based on; empty for other styles."""
    for name in file.names(style_id(paragraph)):
        known = _HEADINGS.get(name, name if name in BY_NAME else name.lower())
        if known in BY_NAME and known != "Normal":
            return known
    return ""


class _Reader:
    def __init__(self, file: WordParts, boxes: list[Any]) -> None:
        self.file = file
        self.boxes = boxes
        self.draft = _Draft()
        self.counting = Counting(file)
        self._title_ended = self._to_ended = False
        self._attached: list[_Line] = []
        self._signer: list[str] = []

    def read(self) -> None:
        """Read everything, top to bottom; then the lines to sign that a record has at the foot of its pages."""
        for element in _blocks_of(self.file.body):
            if element.tag == qn("w:tbl"):
                self._end_head()
                self._table(element)
            else:
                self._paragraph(element)
        for box in self.boxes:
            content = next(box.iter(qn("w:txbxContent")))
            if not _fallback(box):
                for paragraph in content.iter(qn("w:p")):
                    self._paragraph(paragraph)
        self._attachments()
        self.draft.add("落款", " ".join(self._signer))
        self.draft.blocks += self._feet()

    def _end_head(self) -> None:
        self._title_ended = self._title_ended or "标题" in self.draft.head
        self._to_ended = self._to_ended or "主送" in self.draft.head

    def _line(self, paragraph: Any) -> _Line:
        style = _name(self.file, paragraph)
        pieces = _pieces(self.file, paragraph)
        made = any(by_layout for _, by_layout in pieces)
        text = "".join(_without_made(text) if by_layout else text for text, by_layout in pieces)
        return _Line(style, text, made, paragraph)

    def _paragraph(self, paragraph: Any) -> None:
        line = self._line(paragraph)
        number = self.counting.before(paragraph, style_id(paragraph))
        style, text = line.style, line.text
        if _breaks_before(paragraph):
            text = _PAGE + text
        if style.startswith("heading"):
            self._end_head()
            self._heading(int(style[-1]), text, paragraph)
        elif style in _LEFT_OUT:
            if style == "文书文号":
                self._number_line(text, "".join(t for t, _ in _pieces(self.file, paragraph)))
        elif style == "文书标题" and not self._title_ended:
            title = self.draft.head.setdefault("标题", [])
            joined = "".join(title) + text.replace("\n", "").replace(_PAGE, "")
            self.draft.head["标题"] = [joined.strip()] if joined.strip() else []
            if not self.draft.head["标题"]:
                del self.draft.head["标题"]
        elif style == "文书主送" and not self._to_ended:
            self._title_ended = self._title_ended or "标题" in self.draft.head
            name = text.strip()
            self.draft.add("主送", name[:-1] if name.endswith(("：", ":")) else name)
        elif style == "文书签字":
            self._end_head()
            self._sign(line)
        else:
            self._rest(line, number, text)

    def _number_line(self, text: str, whole: str) -> None:
        """Read what is beside the number, without the number itself, which is the register's.

        Beside it are the urgency, on its left, or the approver, on its right.
        """
        left, tab, right = text.partition("\t")
        if "签发人" in whole:
            self.draft.add("签发人", right if tab else re.split("签发人[：:]?", text)[-1])
        elif tab:
            self.draft.add("紧急程度", left)

    def _rest(self, line: _Line, number: str, text: str) -> None:
        style = line.style
        if style == "文书紧急程度":
            self.draft.add("紧急程度", text)
        elif style == "文书附件":
            if text.strip():
                self._attached.append(line)
        elif style == "文书落款":
            if text.strip():
                self._signer.append(text.strip())
        elif style == "文书日期":
            self.draft.add("日期", re.sub(r"\s", "", text))
        elif style == "文书附注":
            inner = text.strip()
            self.draft.add("附注", inner[1:-1] if not line.made and inner[:1] + inner[-1:] in ("（）", "()") else inner)
        elif style == "文书抄送":
            names = text if line.made else text.strip().removeprefix("抄送：").removesuffix("。")
            for name in _SPLIT_COPIES.split(names.replace(_BETWEEN, "，")):
                self.draft.add("抄送", name)
        else:
            if text.strip():
                self._end_head()
            self._text(number + text if text.strip() else text)

    def _text(self, text: str) -> None:
        """Read paragraphs and the new pages between them. A page's break inside a paragraph ends it."""
        for place, part in enumerate(text.split(_PAGE)):
            if place:
                self._end_head()
                self.draft.blocks.append(PageBreak())
            self.draft.blocks += [Paragraph(piece.strip()) for piece in part.split("\n") if piece.strip()]

    def _heading(self, level: int, text: str, paragraph: Any) -> None:
        if text.startswith(_PAGE):
            self.draft.blocks.append(PageBreak())
        text = " ".join(text.replace(_PAGE, " ").split("\n")).strip()
        if without_number(paragraph):
            # Where somebody turned the number into text there would otherwise be two.
            text = re.sub(f"^{_TYPED[level - 1]}\\s*", "", text)
        if text:
            self.draft.blocks.append(Heading(level, text))

    def _sign(self, line: _Line) -> None:
        block = _sign_of(line)
        if block.labels:
            self.draft.blocks.append(block)

    def _attachments(self) -> None:
        lines = self._attached
        texts = [line.text.strip() for line in lines]
        if lines and not lines[0].made:
            texts[0] = texts[0].removeprefix("附件：").strip()
        numbers = [re.match(r"(\d{1,2})[.．]\s?", text) for text in texts]
        if (
            len(texts) > 1
            and not any(line.made for line in lines)
            and [int(n[1]) for n in numbers if n] == list(range(1, len(texts) + 1))
        ):
            texts = [text[n.end() :] for text, n in zip(texts, numbers, strict=True) if n]
        for text in texts:
            self.draft.add("附件", text)

    def _feet(self) -> list[Block]:
        """Return the lines to sign at the foot of every page.

        Raises:
            WordingSyntaxError: there is other text, which would be lost, or the feet differ.
        """
        found: dict[str, list[Block]] = {}
        uses = {
            reference(use): use.get(qn("w:type"), "default")
            for use in self.file.body.iter(qn("w:footerReference"), qn("w:headerReference"))
        }
        for key, root in self.file.running.items():
            if key not in uses:
                continue
            signs: list[Block] = []
            for paragraph in root.iter(qn("w:p")):
                line = self._line(paragraph)
                if line.style == "文书签字" and (block := _sign_of(line)).labels:
                    signs.append(block)
                elif line.text.strip() and line.style not in _RUNNING:
                    raise WordingSyntaxError(
                        "Word 文件的页眉或页脚里有文字，文书保留不了它。请移到正文，保存后再上传。"
                    )
            if root.tag == qn("w:ftr"):
                found[uses[key]] = signs
        kinds = list(found.values())
        if any(signs != kinds[0] for signs in kinds[1:]):
            raise WordingSyntaxError(
                "Word 文件单页和双页页脚的签字栏不一样。请改成一样，或移到正文末尾，保存后再上传。"
            )
        return kinds[0] if kinds else []

    def _table(self, table: Any) -> None:
        rows = [self._row(row) for row in table.iter(qn("w:tr"))]
        rows = [row for row in rows if row]
        columns = max((sum(cell.span for cell in row) for row in rows), default=0)
        if columns > _MAX_COLUMNS:
            raise WordingSyntaxError(
                f"Word 文件里有超过 {_MAX_COLUMNS} 栏的表格，一页纸放不下。请拆成几个表格，保存后再上传。"
            )
        filled = []
        for row in rows:
            missing = columns - sum(cell.span for cell in row)
            filled.append((*row, TableCell("", missing)) if missing else row)
        if filled:
            self.draft.blocks.append(PaperTable(columns, tuple(filled)))

    def _row(self, row: Any) -> tuple[TableCell, ...]:
        properties = row.find(qn("w:trPr"))
        cells: list[TableCell] = []
        skipped = _number(properties, "w:gridBefore")
        if skipped:
            cells.append(TableCell("", skipped))
        for cell in row.iter(qn("w:tc")):
            own = cell.find(qn("w:tcPr"))
            lines = [self._line(p) for p in cell.iter(qn("w:p"))]
            text = "\n".join(line.text.replace(_PAGE, "\n") for line in lines).strip()
            numbers = [self.counting.before(line.element, style_id(line.element)) for line in lines]
            if any(numbers):
                text = "\n".join(f"{n}{line.text}" for n, line in zip(numbers, lines, strict=True)).strip()
            label = bool(lines) and lines[0].style == "文书栏目名"
            cells.append(
                TableCell(text.removesuffix("：") if label else text, max(1, _number(own, "w:gridSpan")), 1, label)
            )
        skipped = _number(properties, "w:gridAfter")
        if skipped and cells:
            cells.append(TableCell("", skipped))
        return _with_height(cells, _number(properties, "w:trHeight"))


def _with_height(cells: list[TableCell], height: int) -> tuple[TableCell, ...]:
    """Give the height of a row to its widest cell that is no label."""
    lines = min(99, round((height - 2 * TABLE_INSET) / TABLE_PITCH))
    if lines > 1 and cells:
        place = max(range(len(cells)), key=lambda n: (not cells[n].label, cells[n].span, n))
        cell = cells[place]
        cells[place] = TableCell(cell.text, cell.span, lines, cell.label)
    return tuple(cells)


def _number(properties: Any, name: str) -> int:
    return integer_property(properties.find(qn(name)) if properties is not None else None)


def _blocks_of(body: Any) -> list[Any]:
    """Return paragraphs and tables of the body in order, also those in content controls."""
    found = []
    for element in body:
        if element.tag in (qn("w:p"), qn("w:tbl")):
            found.append(element)
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:smartTag")):
            found += _blocks_of(element)
    return found


def _fallback(element: Any) -> bool:
    return any(str(parent.tag).endswith("}Fallback") for parent in element.iterancestors())


def _breaks_before(paragraph: Any) -> bool:
    properties = paragraph.find(qn("w:pPr"))
    found = properties.find(qn("w:pageBreakBefore")) if properties is not None else None
    return found is not None and found.get(qn("w:val"), "1") not in ("0", "false", "off")


_BETWEEN = "\v"
"""Takes the place of a comma that the layout put between names."""


def _pieces(file: WordParts, paragraph: Any) -> list[tuple[str, bool]]:
    """Return the text of a paragraph in parts, each with whether the layout made it; like neighbours are joined."""
    pieces: list[tuple[str, bool]] = []
    for run in paragraph.iter(qn("w:r")):
        inner = next(run.iterancestors(qn("w:p")), None)
        if inner is not paragraph:
            continue
        style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
        made = style is not None and MADE[1] in file.names(style.get(qn("w:val"), ""))
        text = "".join(_said(child) for child in run)
        if pieces and pieces[-1][1] == made:
            pieces[-1] = (pieces[-1][0] + text, made)
        elif text:
            pieces.append((text, made))
    return pieces


def _said(element: Any) -> str:
    tag = element.tag
    if tag == qn("w:t"):
        return element.text or ""
    if tag in (qn("w:tab"), qn("w:ptab")):
        return "\t"
    if tag == qn("w:br"):
        return _PAGE if element.get(qn("w:type")) == "page" else "\n"
    if tag == qn("w:cr"):
        return "\n"
    if tag == qn("w:noBreakHyphen"):
        return "-"
    return ""


def _without_made(text: str) -> str:
    """Return what somebody typed into words that the layout had made; the words themselves are left out."""
    if re.fullmatch(_MADE, text):
        return _BETWEEN if text == "，" else "\t" if "\t" in text else ""
    return _TRAILING.sub("", _LEADING.sub("", text))


def _sign_of(line: _Line) -> SignatureLine:
    text = line.text.replace(_PAGE, "\t")
    parts = re.split(r"[\t\n]|_{2,}", text)
    return SignatureLine(tuple(label for part in parts if (label := part.strip(" 　_").removesuffix("：").strip())))
