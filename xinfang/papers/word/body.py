"""What a paper says as the body of a Word file (document.xml). People's words get into it only through `words`."""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from xinfang.papers.content import (
    Block,
    Caption,
    Heading,
    PageBreak,
    PaperContent,
    PaperForm,
    PaperTable,
    Paragraph,
    Picture,
    SignatureLine,
    SignedHere,
    chinese_day,
)
from xinfang.papers.shared_layout import (
    TABLE_LINE,
    column_widths,
    copy_recipients,
    department_heading,
    is_justified,
    lines_of_rows,
    loose_breaks,
    page_feet,
    signature_label,
    signature_offset,
    stays_whole,
    table_stays_whole,
    title_lines,
    width_in_chars,
)
from xinfang.papers.word.paragraph_styles import (
    BODY_SIZE,
    CHAR,
    FOOT_SIZE,
    MADE,
    MM,
    PITCH,
    PLAIN_SIZE,
    RED,
    TABLE_INSET,
    TABLE_PITCH,
    WIDTH,
    WordFont,
)

from .styles import Fonts, font, indents

_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""XML has no way to write these; they carry no meaning in a text."""
_PIECES = re.compile(r"([\t\n])")
_OVER, _OVER_TITLE = (PITCH - 320) // 2, (PITCH - 440) // 2
"""Room that a line leaves over (and under) characters of 3号 and of 2号, in twips."""
SEAL_LINES = 2
"""Empty lines over the signer under a seal.

The seal's top stays within a line of the text, its middle above the date (7.3.5.1).
"""


def words(text: str, *, made: bool = False, look: str = "") -> str:
    """Write a run of text. New lines become line breaks, tabs tabs. `made` marks what reading back leaves out."""
    text = _NEVER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    style = f'<w:rStyle w:val="{MADE[0]}"/>' if made else ""
    run = f"<w:rPr>{style}{look}</w:rPr>" if style or look else ""
    pieces = []
    for piece in _PIECES.split(text):
        if piece == "\n":
            pieces.append("<w:br/>")
        elif piece == "\t":
            pieces.append("<w:tab/>")
        elif piece:
            pieces.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return f"<w:r>{run}{''.join(pieces)}</w:r>" if pieces else ""


def paragraph(style: str, runs: str, extra: str = "", *, keep: bool = False) -> str:
    """Write a paragraph in one of the program's styles.

    `extra` are further properties, already in the order of the schema.
    """
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{"<w:keepNext/>" if keep else ""}{extra}</w:pPr>{runs}</w:p>'


def body(content: PaperContent, fonts: Fonts, pitch: int = PITCH) -> str:
    """Write everything between the head of the page and its foot, in the order of the paper.

    `pitch` is from line to line of the text, in twips.
    """
    parts = [*_head(content, fonts, pitch), *_blocks(content, pitch)]
    foot = _foot(content)
    if foot:
        parts += [foot, paragraph("Gap", "")]
    return "".join(parts)


def _head(content: PaperContent, fonts: Fonts, pitch: int) -> Iterable[str]:
    formal = content.form in (PaperForm.LETTER, PaperForm.DOCUMENT)
    if content.form is PaperForm.DOCUMENT:
        yield from _red_head(content, font(WordFont.KAI, fonts))
    elif content.form is PaperForm.LETTER:
        # The gap to the red line is 7/8 of a character (10.1); a line of text already leaves some of it.
        yield _number_line(content, fonts, 280 - _OVER)
    elif content.department:
        yield paragraph("Issuer", words(content.department))
    title = "\n".join(title_lines(content.title))
    # Two lines below the number of a letter, or below the red line of a document.
    above = 2 * pitch + (_OVER if content.form is PaperForm.LETTER else 0) - _OVER_TITLE
    spacing = f'<w:spacing w:before="{above}"/>' if formal else f'<w:spacing w:after="{PITCH // 2}"/>'
    yield paragraph("PaperTitle", words(title), spacing)
    if not formal and (content.number or content.urgency):
        yield _number_line(content, fonts, 0)
    if content.addressee:
        yield paragraph("To", words(f"{content.addressee}："))
    elif formal:
        yield paragraph("Gap", "", f'<w:spacing w:before="{pitch}"/>')


def _number_line(content: PaperContent, fonts: Fonts, before: int) -> str:
    """Write the number on the right, the urgency on the left."""
    spacing = f'<w:spacing w:before="{before}"/>'
    if not content.urgency:
        return paragraph("Number", words(content.number), f'{spacing}<w:jc w:val="right"/>')
    runs = words(content.urgency, look=font(WordFont.HEI, fonts)) + words("\t", made=True) + words(content.number)
    return paragraph(
        "Number", runs, f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH}"/></w:tabs>{spacing}<w:jc w:val="left"/>'
    )


def _red_head(content: PaperContent, kai: str) -> Iterable[str]:
    """Yield the red head (7.2).

    The name is 35 mm below the top of the text, the number two lines below it, the red line 4 mm below that.
    """
    if content.urgency:
        yield paragraph("Urgency", words(content.urgency))
    name = department_heading(content)
    size = department_name_size(name, 44)
    before = round(35 * MM) - (PITCH if content.urgency else 0)
    yield paragraph(
        "DepartmentName",
        words(name, look=department_name_look(size)),
        f'<w:spacing w:before="{before}" w:line="{size * 20}" w:lineRule="exact"/>',
    )
    # The red line is 4 mm below the characters, 0.7 mm thick.
    space = round((4 * MM - _OVER) / 20)
    line = f'<w:pBdr><w:bottom w:val="single" w:sz="16" w:space="{space}" w:color="{RED}"/></w:pBdr>'
    above = f'<w:spacing w:before="{2 * PITCH - _OVER}"/>'
    if content.approver:
        # Borders follow indents, so the border would shrink with them: a space replaces the character on the left.
        runs = (
            words("　", made=True)
            + words(content.number)
            + words("\t签发人：", made=True)
            + words(content.approver, look=kai)
        )
        tabs = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH - CHAR}"/></w:tabs>'
        extra = f'{line}{tabs}{above}<w:jc w:val="left"/>'
    else:
        runs = words(content.number)
        extra = f'{line}{above}<w:jc w:val="center"/>'
    yield paragraph("Number", runs, extra)


def department_name_size(name: str, largest: int) -> int:
    """Return the size of the red name in points: a long one is set smaller, so that it stays on one line."""
    return min(largest, int((WIDTH - 2 * CHAR) / 20 / max(1.0, width_in_chars(name))))


def department_name_look(size: int) -> str:
    """Return the properties of a run that has this size in points."""
    return f'<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/>'


_EMU = 36_000
"""Drawing units in a millimetre."""
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def pictures(content: PaperContent) -> tuple[Picture, ...]:
    """Return the pictures of a paper.

    The nth is the part word/media/picture<n>.png, used under the name picture<n>.
    """
    return tuple(b for b in content.blocks if isinstance(b, Picture))


def _picture(block: Picture, number: int) -> str:
    """Write a picture in a centred paragraph of its own."""
    size = f'cx="{round(block.width * _EMU)}" cy="{round(block.height * _EMU)}"'
    said = escape(_NEVER.sub("", block.words), {'"': "&quot;"})
    run = (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"'
        ' distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="{number}" name="picture{number}" descr="{said}"/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="picture{number}" descr="{said}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="picture{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    return paragraph("Picture", run)


def _blocks(content: PaperContent, pitch: int) -> Iterable[str]:
    blocks = page_feet(content)[0]
    if not any(isinstance(block, SignedHere) for block in blocks):
        blocks = (*blocks, SignedHere())
    kept = _kept_together(blocks, signed=bool(content.signer or content.day))
    for place, block in enumerate(blocks):
        before = blocks[place - 1] if place else None
        if isinstance(block, Paragraph):
            runs = _unbroken_numbers(block, content.form)
            yield paragraph("Body" if block.indent else "BodyFlush", runs, keep=place in kept)
        elif isinstance(block, Heading):
            yield paragraph(f"Heading{block.level}", words(block.text))
        elif isinstance(block, Caption):
            yield paragraph("Caption", words(block.text))
        elif isinstance(block, PaperTable):
            if isinstance(before, Paragraph | Heading) or (before is None and content.addressee):
                # Exact lines leave nothing below their letters.
                yield paragraph("Gap", "", '<w:spacing w:line="100" w:lineRule="exact"/>', keep=True)
            yield table(block)
            # Two tables need something between them, or they become one.
            last = isinstance(blocks[place + 1], SignedHere)
            yield paragraph("Gap", "", f'<w:spacing w:line="{20 if last else 200}" w:lineRule="exact"/>')
        elif isinstance(block, SignatureLine):
            yield sign(block, content.form, keep=place in kept)
        elif isinstance(block, SignedHere):
            yield from _end(content, pitch)
        elif isinstance(block, Picture):
            yield _picture(block, [b for b in blocks if isinstance(b, Picture)].index(block) + 1)
        elif isinstance(block, PageBreak):
            yield paragraph("NewPage", '<w:r><w:br w:type="page"/></w:r>')


def _unbroken_numbers(block: Paragraph, form: PaperForm) -> str:
    """Write a paragraph, with an end of the line before a long number that the line would be torn apart for.

    The settings say that a line which ends so isn't filled up; reading back leaves the mark out.
    """
    line = WIDTH / (CHAR if form in (PaperForm.LETTER, PaperForm.DOCUMENT) else PLAIN_SIZE * 20)
    runs, begin = "", 0
    for place in loose_breaks(block.text, line, 2 if block.indent else 0):
        runs += words(block.text[begin:place]) + words("\n", made=True)
        begin = place
    return runs + words(block.text[begin:])


def _kept_together(blocks: Sequence[Block], *, signed: bool) -> set[int]:
    """Return the places of blocks that stay on the page of the next one.

    Neither lines to sign nor the signature are on a page without the end of the text.
    """
    kept: set[int] = set()
    for place, block in enumerate(blocks[1:], 1):
        if isinstance(block, SignatureLine) or (isinstance(block, SignedHere) and signed):
            kept.add(place - 1)
    return kept


def sign(block: SignatureLine, form: PaperForm, *, foot: bool = False, keep: bool = False) -> str:
    """Write labels with a blank to write on behind each.

    On one line if that leaves a centimetre and a half for each, else in columns.
    """
    chars = WIDTH / 20 / (BODY_SIZE if form in (PaperForm.LETTER, PaperForm.DOCUMENT) else PLAIN_SIZE)
    labels = [signature_label(name) for name in block.labels]
    wide = [width_in_chars(label) + 1 for label in labels]
    blank = (chars - sum(wide) - (len(labels) - 1)) / max(1, len(labels))
    if blank >= 3:
        each = len(labels)
        ends = [sum(wide[: n + 1]) + n + blank * (n + 1) for n in range(each)]
    else:
        each = max(1, int(chars // (max(wide, default=0) + 5)))
        ends = [chars / each * (n + 1) - (1 if n < each - 1 else 0) for n in range(each)]
    tabs = "".join(f'<w:tab w:val="left" w:leader="underscore" w:pos="{int(end * WIDTH / chars)}"/>' for end in ends)
    runs = []
    for place, label in enumerate(labels):
        if place:
            runs.append(words("\n" if place % each == 0 else "　", made=True))
        runs.append(words(label) + words("：\t", made=True))
    spacing = '<w:spacing w:before="144"/>' if foot else ""
    return paragraph("SignHere", "".join(runs), f"<w:tabs>{tabs}</w:tabs>{spacing}", keep=keep)


def _end(content: PaperContent, pitch: int) -> Iterable[str]:
    """Yield 附件说明, 署名, 成文日期, 附注 (7.3.4 to 7.3.6)."""
    many = len(content.attachments) > 1
    for place, name in enumerate(content.attachments):
        made = ("附件：" if place == 0 else "") + (f"{place + 1}. " if many else "")
        hanging = round(width_in_chars(made) * 100)
        left = 500 + (150 if many else 0)
        extra = f'<w:spacing w:before="{pitch}"/>' if place == 0 else ""
        yield paragraph("Attached", words(made, made=True) + words(name), extra + indents(left=left, hanging=hanging))
    signer_right, day_right = signature_offset(content.signer, chinese_day(content.day), content.sealed)
    before = pitch * (SEAL_LINES if content.sealed else 1)
    if content.signer:
        yield paragraph(
            "Signer", words(content.signer), f'<w:spacing w:before="{before}"/>{indents(right=signer_right)}'
        )
        before = 0
    if content.day:
        spacing = f'<w:spacing w:before="{before}"/>' if before else ""
        keep = bool(content.note)
        yield paragraph("Day", words(chinese_day(content.day)), spacing + indents(right=day_right), keep=keep)
    if content.note:
        yield paragraph("Note", words("（", made=True) + words(content.note) + words("）", made=True))


_BORDER = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_INSET = "".join(
    f'<w:{side} w:w="{wide}" w:type="dxa"/>'
    for side, wide in (("top", TABLE_INSET), ("left", 80), ("bottom", TABLE_INSET), ("right", 80))
)


def table(block: PaperTable) -> str:
    """Write a table over the whole width.

    Its head rows are repeated; a row breaks over pages only where it is long, so that nothing is lost.
    """
    widths = [int(WIDTH * wide / TABLE_LINE) for wide in column_widths(block)]
    # All rows but the last of a short table stay with the next.
    last_kept = len(block.rows) - 1 if table_stays_whole(block) else block.head
    rows = []
    for place, (row, high) in enumerate(zip(block.rows, lines_of_rows(block), strict=True)):
        cells, at = [], 0
        for cell in row:
            wide = sum(widths[at : at + cell.span])
            span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
            style = "Label" if cell.label else "Entry"
            ragged = "" if cell.label or is_justified(wide * TABLE_LINE / WIDTH) else '<w:jc w:val="left"/>'
            cells.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>'
                f"{paragraph(style, words(cell.text), ragged, keep=place < last_kept)}</w:tc>"
            )
            at += cell.span
        lines = max((cell.lines for cell in row), default=1)
        head = "<w:cantSplit/>" if place < block.head or stays_whole(high) else ""
        repeat = "<w:tblHeader/>" if place < block.head else ""
        height = f'<w:trHeight w:val="{lines * TABLE_PITCH + 2 * TABLE_INSET}" w:hRule="atLeast"/>'
        rows.append(f"<w:tr><w:trPr>{head}{height}{repeat}</w:trPr>{''.join(cells)}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{_BORDER}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{_INSET}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _foot(content: PaperContent) -> str:
    """Write the 版记 (7.4) at the bottom of the last page.

    Its lines are 0.35 mm around and 0.25 mm within; a letter has no lines (10.1).
    """
    letter = content.form is PaperForm.LETTER
    formal = letter or content.form is PaperForm.DOCUMENT
    rows = []
    if content.copies_to:
        names = words("，", made=True).join(map(words, copy_recipients(content)))
        runs = words("抄送：", made=True) + names + words("。", made=True)
        rows.append(("Copies", runs, "", indents(left=400, right=100, hanging=300)))
    if content.printed_by and content.form is PaperForm.DOCUMENT:
        day = f"\t{chinese_day(content.day)}印发" if content.day else ""
        tabs = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH - round(FOOT_SIZE * 20)}"/></w:tabs>'
        rows.append(("Printed", words(content.printed_by + day, made=True), tabs, ""))
    frame = _AT_FOOT if formal else ""
    parts = [paragraph(style, runs, f"{frame}{tabs}{indent}") for style, runs, tabs, indent in rows]
    if parts and content.form is PaperForm.DOCUMENT:
        thick, thin = (f"{frame}{_INK}" + f'<w:spacing w:line="{high}" w:lineRule="exact"/>' for high in (20, 14))
        lines = [
            paragraph("Gap", "", thick),
            *(paragraph("Gap", "", thin) for _ in parts[1:]),
            paragraph("Gap", "", thick),
        ]
        parts = [lines[0], *(piece for pair in zip(parts, lines[1:], strict=True) for piece in pair)]
    return "".join(parts)


_AT_FOOT = (
    f'<w:framePr w:w="{WIDTH}" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin"'
    ' w:xAlign="left" w:yAlign="bottom"/>'
)
_INK = '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'
"""A line drawn as a very low black paragraph: LibreOffice takes no frame whose paragraphs have borders.

20 twips are 0.35 mm, 14 are 0.25.
"""
