"""A paper as a Word file: parts put into an archive. The same content gives the same bytes."""

import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from xml.sax.saxutils import escape

from xinfang.papers.content import PaperContent, PaperForm
from xinfang.papers.shared_layout import page_feet
from xinfang.papers.word.paragraph_styles import (
    BOTTOM,
    LEFT,
    LINES,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PITCH,
    RED,
    RIGHT,
    TOP,
)

from .body import body, department_name_look, department_name_size, paragraph, pictures, sign, words
from .styles import HEAD, R, W, fonts_xml, numbering_xml, settings_xml, styles_xml

_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_BORN = (2026, 1, 1, 0, 0, 0)
"""The time written on every part: the same paper is the same file whenever it is made."""
_FIXED = ("styles", "numbering", "settings", "fontTable")
_RUNNING = ("header1", "header2", "header3", "footer1", "footer2", "footer3")
_USES = ("default", "even", "first")


def render_docx(content: PaperContent, *, fonts: Mapping[str, str] | None = None, lines: int = LINES) -> bytes:
    """Write the Word file of a paper.

    `fonts` gives other fonts by the standard's names (仿宋_GB2312 …), which are written otherwise; `lines` is how many
    lines of text a page has, more where the PDF is closed up (`pdf.pdf_and_lines`).
    """
    formal, pitch = content.form in (PaperForm.LETTER, PaperForm.DOCUMENT), PITCH * LINES // lines
    parts = dict(_fixed(formal, pitch, tuple(sorted((fonts or {}).items()))))
    parts["word/document.xml"] = _document(content, fonts or {}, pitch)
    parts |= _running(content)
    parts["docProps/core.xml"] = _core(content)
    media = _media(content, parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _BORN), text, zipfile.ZIP_DEFLATED)
        for name, png in media.items():
            archive.writestr(zipfile.ZipInfo(name, _BORN), png)
    return made.getvalue()


def _media(content: PaperContent, parts: dict[str, str]) -> dict[str, bytes]:
    """Return the pictures by the names of their parts; enter them in the list of contents and the text's links."""
    found = {f"word/media/picture{n}.png": p.drawing.png for n, p in enumerate(pictures(content), 1)}
    if found:
        types, links = "[Content_Types].xml", "word/_rels/document.xml.rels"
        png = '<Default Extension="png" ContentType="image/png"/>'
        parts[types] = parts[types].replace("<Override", f"{png}<Override", 1)
        uses = "".join(
            f'<Relationship Id="picture{n}" Type="{R}/image" Target="media/picture{n}.png"/>'
            for n in range(1, len(found) + 1)
        )
        parts[links] = parts[links].replace("</Relationships>", f"{uses}</Relationships>")
    return found


@lru_cache(maxsize=8)
def _fixed(formal: bool, pitch: int, fonts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return what every paper has in common, made once. The list of contents comes first, as readers expect."""
    chosen = dict(fonts)
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_OFFICE}.{name.rstrip("123")}+xml"/>'
        for name in (*_FIXED, *_RUNNING)
    )
    types = (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )
    roots = (
        f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
        ' Target="docProps/core.xml"/></Relationships>'
    )
    uses = "".join(
        f'<Relationship Id="{name}" Type="{R}/{name.rstrip("123")}" Target="{name}.xml"/>'
        for name in (*_FIXED, *_RUNNING)
    )
    return (
        ("[Content_Types].xml", types),
        ("_rels/.rels", roots),
        (
            "word/_rels/document.xml.rels",
            f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{uses}</Relationships>',
        ),
        ("word/styles.xml", styles_xml(chosen, formal=formal, pitch=pitch)),
        ("word/numbering.xml", numbering_xml()),
        ("word/settings.xml", settings_xml()),
        ("word/fontTable.xml", fonts_xml(chosen)),
    )


def _document(content: PaperContent, fonts: Mapping[str, str], pitch: int) -> str:
    letter = content.form is PaperForm.LETTER
    references = "".join(
        f'<w:{kind}Reference w:type="{use}" r:id="{kind}{place}"/>'
        for kind in ("header", "footer")
        for place, use in enumerate(_USES, 1)
    )
    head = round(30 * MM) - 20 if letter else 851
    foot = round(20 * MM) if letter else _FOOT
    return (
        f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body(content, fonts, pitch)}<w:sectPr>{references}'
        f'<w:pgSz w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/>'
        f'<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}"'
        f' w:header="{head}" w:footer="{foot}" w:gutter="0"/>'
        f'<w:cols w:space="425"/>{"<w:titlePg/>" if letter else ""}'
        f'<w:docGrid w:type="lines" w:linePitch="{PITCH}"/></w:sectPr></w:body></w:document>'
    )


_FOOT = round(28 * MM) - 140
"""The dash of a page number is 7 mm below the text.

That is 28 mm over the edge of the paper, in the middle of a line of 14 pt.
"""


def _running(content: PaperContent) -> dict[str, str]:
    """Return heads and feet of pages: marks, the red name of a letter, page numbers, signatures of a record."""
    marks = _marks(content)
    empty = paragraph("Gap", "")
    letter = content.form is PaperForm.LETTER
    if letter or content.form is PaperForm.DOCUMENT:
        feet = [_page_number("right", letter), _page_number("left", letter), _letter_line("thinThickSmallGap")]
    else:
        signs = "".join(sign(block, content.form, foot=True) for block in page_feet(content)[1])
        feet = [signs + _counted(apart=bool(signs))] * 3
    heads = [marks + empty, marks + empty, marks + (_letterhead(content) if letter else empty)]
    named = {f"header{n}": ("hdr", head) for n, head in enumerate(heads, 1)}
    named |= {f"footer{n}": ("ftr", foot) for n, foot in enumerate(feet, 1)}
    return {
        f"word/{name}.xml": f'{HEAD}<w:{root} xmlns:w="{W}" xmlns:r="{R}">{text}</w:{root}>'
        for name, (root, text) in named.items()
    }


def _marks(content: PaperContent) -> str:
    if not content.marks:
        return ""
    frame = (
        '<w:framePr w:w="2400" w:hSpace="0" w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:x="8900" w:y="760"/>'
    )
    return paragraph("Mark", words("　".join(content.marks)), f'{frame}<w:jc w:val="right"/>')


def _letterhead(content: PaperContent) -> str:
    """Write the head of a letter (10.1).

    The name's upper edge is 30 mm from the paper's, a red double line of 170 mm 4 mm below it.
    """
    size = department_name_size(content.department, 36)
    name = paragraph(
        "DepartmentName",
        words(content.department, look=department_name_look(size)),
        f'<w:spacing w:line="{size * 20}" w:lineRule="exact"/>',
    )
    return name + _letter_line("thickThinSmallGap")


def _letter_line(kind: str) -> str:
    line = f'<w:pBdr><w:bottom w:val="{kind}" w:sz="24" w:space="0" w:color="{RED}"/></w:pBdr>'
    return paragraph(
        "Gap",
        "",
        f'{line}<w:spacing w:line="180" w:lineRule="exact"/>'
        f'<w:ind w:left="{round(20 * MM) - LEFT}" w:right="{round(20 * MM) - RIGHT}"/>',
    )


def _field(code: str, look: str = "") -> str:
    """Write a number that Word counts."""
    run = f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}"
    return (
        f'{run}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'{run}<w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'{run}<w:fldChar w:fldCharType="separate"/></w:r>{run}<w:t>1</w:t></w:r>'
        f'{run}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def _page_number(side: str, letter: bool) -> str:
    """Write a page number as — 1 —, one character from the outer edge (7.5)."""
    number = paragraph(
        "Running",
        words("— ") + _field("PAGE") + words(" —"),
        f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>',
    )
    # A letter's foot starts lower, at its red line; an empty line lifts the number to its place.
    lift = paragraph("Gap", "", f'<w:spacing w:line="{_FOOT - round(20 * MM)}" w:lineRule="exact"/>') if letter else ""
    return number + lift


def _counted(*, apart: bool) -> str:
    """Write 第 1 页　共 2 页 of a form or a record; `apart` from the lines to sign above it."""
    small = '<w:sz w:val="21"/><w:szCs w:val="21"/>'
    runs = [
        words("第 ", look=small),
        _field("PAGE", small),
        words(" 页　共 ", look=small),
        _field("NUMPAGES", small),
        words(" 页", look=small),
    ]
    return paragraph("Running", "".join(runs), f'<w:spacing w:before="{160 if apart else 0}"/><w:jc w:val="center"/>')


def _core(content: PaperContent) -> str:
    """Write the title only: the drafter of a paper isn't named in a file that is sent out."""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(content.kind.label)}</dc:title></cp:coreProperties>"
    )
