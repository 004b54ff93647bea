"""The OFD of pages that were printed: its parts in XML and its fonts, in one archive (GB/T 33190-2016).

Lengths are millimetres, to a thousandth. Parts have the names that readers expect. Nothing in the file comes from the
clock: the same PDF gives the same bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pikepdf

from xinfang.papers.ofd.font_files import characters, font_file
from xinfang.papers.ofd.printed_pages import (
    Colour,
    DrawnPath,
    EmbeddedFont,
    GlyphRun,
    NotInOfd,
    Pen,
    PrintedPage,
    printed_pages,
)

_NAMESPACE = "http://www.ofdspec.org/2016"
_PART_TIME = (1980, 1, 1, 0, 0, 0)
"""Of the parts in the archive: the earliest that one can have."""


def pdf_as_ofd(pdf: bytes) -> bytes:
    """Return the pages of a PDF that was set here as OFD.

    Raises:
        NotInOfd: something is drawn that our templates don't draw.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts, pages = printed_pages(document)
        title, day = str(document.docinfo.get("/Title", "")), str(document.docinfo.get("/CreationDate", ""))
    writer = _Writer(fonts)
    written = [writer.page(page) for page in pages]
    parts = {
        "OFD.xml": _entry(sha256(pdf).hexdigest()[:32], title, f"{day[2:6]}-{day[6:8]}-{day[8:10]}" if day else ""),
        "Doc_0/Document.xml": writer.document(pages[0]),
        "Doc_0/PublicRes.xml": writer.resources(),
    }
    parts |= {f"Doc_0/Pages/Page_{n}/Content.xml": page for n, page in enumerate(written)}
    files = {name: _xml(part) for name, part in parts.items()}
    files |= {f"Doc_0/Res/{_font_name(n, font)}": font_file(font) for n, font in enumerate(fonts)}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _PART_TIME), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _entry(identity: str, title: str, day: str) -> Element:
    root = _root("OFD", Version="1.0", DocType="OFD")
    body = SubElement(root, "ofd:DocBody")
    info = SubElement(body, "ofd:DocInfo")
    for name, text in (("DocID", identity), ("Title", title), ("CreationDate", day), ("Creator", "xinfang")):
        if text:
            SubElement(info, f"ofd:{name}").text = text
    SubElement(body, "ofd:DocRoot").text = "Doc_0/Document.xml"
    return root


class _Writer:
    """Numbers everything that has an ID: the fonts first, then the pages with what is on them."""

    def __init__(self, fonts: Sequence[EmbeddedFont]) -> None:
        self._fonts = fonts
        self._last_id = len(fonts)
        self._glyphs = [characters(font) for font in fonts]
        self._page_ids: list[str] = []

    def _new_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    def document(self, first: PrintedPage) -> Element:
        """Return the root of the document; to be called after every page, as it names the highest ID."""
        root = _root("Document")
        common = SubElement(root, "ofd:CommonData")
        SubElement(common, "ofd:MaxUnitID").text = str(self._last_id)
        _box(SubElement(common, "ofd:PageArea"), first)
        SubElement(common, "ofd:PublicRes").text = "PublicRes.xml"
        pages = SubElement(root, "ofd:Pages")
        for n, page_id in enumerate(self._page_ids):
            SubElement(pages, "ofd:Page", ID=page_id, BaseLoc=f"Pages/Page_{n}/Content.xml")
        return root

    def resources(self) -> Element:
        root = _root("Res", BaseLoc="Res")
        entries = SubElement(root, "ofd:Fonts")
        for n, font in enumerate(self._fonts):
            entry = SubElement(entries, "ofd:Font", ID=str(n + 1), FontName=font.name, FamilyName=font.name)
            SubElement(entry, "ofd:FontFile").text = _font_name(n, font)
        return root

    def page(self, page: PrintedPage) -> Element:
        root = _root("Page")
        self._page_ids.append(self._new_id())
        _box(SubElement(root, "ofd:Area"), page)
        layer = SubElement(SubElement(root, "ofd:Content"), "ofd:Layer", ID=self._new_id(), Type="Body")
        for drawn in page.objects:
            if isinstance(drawn, DrawnPath):
                self._path_object(layer, drawn)
            else:
                font = self._fonts[drawn.font]
                for first, last in _plain_parts(drawn, font):
                    self._text(layer, drawn, font, first, last)
        return root

    def _path_object(self, layer: Element, path: DrawnPath) -> None:
        points = [v for _, values in path.parts for v in values]
        left, top = min(points[::2]), min(points[1::2])
        # A line has a width, which its points don't have.
        around = path.pen.width
        box = (left - around, top - around, max(points[::2]) - left + 2 * around, max(points[1::2]) - top + 2 * around)
        element = SubElement(layer, "ofd:PathObject", ID=self._new_id(), Boundary=_numbers(box))
        element.attrib.update(_pen(path.pen))
        element.set("Stroke", _truth(path.pen.stroke is not None))
        element.set("Fill", _truth(path.pen.fill is not None))
        if path.even_odd:
            element.set("Rule", "Even-Odd")
        _colour(element, "StrokeColor", path.pen.stroke)
        _colour(element, "FillColor", path.pen.fill)
        origin = (left - around, top - around)
        SubElement(element, "ofd:AbbreviatedData").text = " ".join(
            f"{letter} {_numbers(v - origin[n % 2] for n, v in enumerate(values))}".strip()
            for letter, values in path.parts
        )

    def _text(self, layer: Element, run: GlyphRun, font: EmbeddedFont, first: int, last: int) -> None:
        """Write the glyphs from the first to the last, each at its place."""
        glyphs, places = run.glyphs[first : last + 1], run.places[first : last + 1]
        said = [font.text[glyph] for glyph in glyphs]
        top, left = run.baseline - font.ascent * run.size, places[0]
        wide = places[-1] + font.widths[glyphs[-1]] * run.size - left
        high = (font.ascent - font.descent) * run.size
        text = SubElement(
            layer,
            "ofd:TextObject",
            ID=self._new_id(),
            Boundary=_numbers((left, top, wide, high)),
            Font=str(run.font + 1),
            Size=_number(run.size),
        )
        text.attrib.update(_pen(run.pen))
        if run.pen.stroke is not None:
            text.set("Stroke", "true")
        _colour(text, "FillColor", run.pen.fill)
        _colour(text, "StrokeColor", run.pen.stroke)
        for n, (glyph, char) in enumerate(zip(glyphs, said, strict=True)):
            # Where a character alone doesn't say which glyph it is.
            if self._glyphs[run.font].get(char) != glyph:
                which = SubElement(
                    text, "ofd:CGTransform", CodePosition=str(n), CodeCount=str(len(char)), GlyphCount="1"
                )
                SubElement(which, "ofd:Glyphs").text = str(glyph)
        code = SubElement(text, "ofd:TextCode", X="0", Y=_number(font.ascent * run.size))
        if len(places) > 1:
            # Differences of rounded places, so that they don't add up to more than a thousandth.
            rounded = [round(p, 3) for p in places]
            code.set("DeltaX", _numbers(b - a for a, b in pairwise(rounded)))
        code.text = "".join(said)


def _plain_parts(run: GlyphRun, font: EmbeddedFont) -> Iterator[tuple[int, int]]:
    """Yield the first and last glyph of each part whose glyphs are as many as its characters, without blanks around it.

    A character beyond the first 65,536, and a glyph for several, has a part of its own: readers don't count them alike.

    Raises:
        NotInOfd: a glyph says nothing.
    """
    first = 0
    said = []
    for glyph in run.glyphs:
        if not font.text.get(glyph):
            raise NotInOfd(f"a glyph of {font.name} that says nothing")
        said.append(font.text[glyph])
    alone = [len(text) > 1 or text > "\uffff" for text in said]
    for n in range(1, len(said) + 1):
        if n == len(said) or alone[n] or alone[n - 1]:
            last = n - 1
            while first <= last and said[first].isspace():
                first += 1
            while last > first and said[last].isspace():
                last -= 1
            if first <= last:
                yield first, last
            first = n


def _root(name: str, **attributes: str) -> Element:
    return Element(f"ofd:{name}", {"xmlns:ofd": _NAMESPACE, **attributes})


def _box(area: Element, page: PrintedPage) -> None:
    SubElement(area, "ofd:PhysicalBox").text = _numbers((0, 0, page.width, page.height))


def _font_name(number: int, font: EmbeddedFont) -> str:
    return f"font_{number}.{'ttf' if font.is_truetype else 'otf'}"


def _pen(pen: Pen) -> dict[str, str]:
    return {"LineWidth": _number(pen.width), "MiterLimit": _number(pen.mitre)} if pen.stroke is not None else {}


def _colour(parent: Element, name: str, colour: Colour | None) -> None:
    if colour is not None:
        SubElement(parent, f"ofd:{name}", Value=" ".join(map(str, colour)))


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _number(value: float) -> str:
    # Without the zeros of 1.500 and the sign of -0.000.
    return f"{round(value, 3) + 0.0:.3f}".rstrip("0").rstrip(".")


def _numbers(values: Iterable[float] | Sequence[float]) -> str:
    return " ".join(map(_number, values))


def _xml(root: Element) -> bytes:
    data: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return data
