"""The OFD of pages that were printed: its parts in XML and its fonts, in one archive (GB/T 33190-2016).

Lengths are millimetres, to a thousandth. Parts have the names that readers expect. Nothing in the file comes from the
clock: the same PDF gives the same bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from xml.sax.saxutils import escape

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
    contents = {f"Doc_0/Pages/Page_{n}/Content.xml": writer.page(page) for n, page in enumerate(pages)}
    parts: dict[str, str | bytes] = {
        "OFD.xml": _entry(sha256(pdf).hexdigest()[:32], title, f"{day[2:6]}-{day[6:8]}-{day[8:10]}" if day else ""),
        "Doc_0/Document.xml": writer.document(pages[0]),
        "Doc_0/PublicRes.xml": writer.resources(),
        **contents,
        **{f"Doc_0/Res/{_font_name(n, font)}": font_file(font) for n, font in enumerate(fonts)},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            # The fast way packs these parts to within two of a hundred of the thorough one.
            archive.writestr(zipfile.ZipInfo(name, _PART_TIME), data, zipfile.ZIP_DEFLATED, compresslevel=1)
    return target.getvalue()


def _entry(identity: str, title: str, day: str) -> str:
    said = {"DocID": identity, "Title": escape(title), "CreationDate": day, "Creator": "xinfang"}
    info = "".join(_element(name, text) for name, text in said.items() if text)
    body = _element("DocInfo", info) + _element("DocRoot", "Doc_0/Document.xml")
    return _part("OFD", _element("DocBody", body), Version="1.0", DocType="OFD")


class _Writer:
    """Numbers everything that has an ID: the fonts first, then the pages with what is on them."""

    def __init__(self, fonts: Sequence[EmbeddedFont]) -> None:
        self._fonts = fonts
        self._last_id = len(fonts)
        self._drawn_by = [characters(font) for font in fonts]
        self._plain = [{glyph for char, glyph in c.items() if char <= "\uffff"} for c in self._drawn_by]
        self._page_ids: list[int] = []

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def document(self, first: PrintedPage) -> str:
        """Return the root of the document; to be called after every page, as it names the highest ID."""
        common = _element("MaxUnitID", str(self._last_id)) + _element("PageArea", _box(first))
        common += _element("PublicRes", "PublicRes.xml")
        pages = (
            _element("Page", ID=page_id, BaseLoc=f"Pages/Page_{n}/Content.xml")
            for n, page_id in enumerate(self._page_ids)
        )
        return _part("Document", _element("CommonData", common) + _element("Pages", "".join(pages)))

    def resources(self) -> str:
        """Return the part that names the files of the fonts."""
        fonts = []
        for n, font in enumerate(self._fonts):
            name, file = escape(font.name, {'"': "&quot;"}), _element("FontFile", _font_name(n, font))
            fonts.append(_element("Font", file, ID=n + 1, FontName=name, FamilyName=name))
        return _part("Res", _element("Fonts", "".join(fonts)), BaseLoc="Res")

    def page(self, page: PrintedPage) -> str:
        """Return the content of one page."""
        self._page_ids.append(self._new_id())
        layer, objects = self._new_id(), []
        for drawn in page.objects:
            if isinstance(drawn, DrawnPath):
                objects.append(self._path_object(drawn))
            else:
                objects += (self._text_object(drawn, part) for part in self._parts(drawn))
        content = _element("Layer", "".join(objects), ID=layer, Type="Body")
        return _part("Page", _element("Area", _box(page)) + _element("Content", content))

    def _path_object(self, path: DrawnPath) -> str:
        points = [v for _, values in path.parts for v in values]
        # A line has a width, which its points don't have.
        around = path.pen.width
        origin = (min(points[::2]) - around, min(points[1::2]) - around)
        wide, high = max(points[::2]) + around - origin[0], max(points[1::2]) + around - origin[1]
        data = " ".join(
            " ".join((letter, *(_number(v - origin[n % 2]) for n, v in enumerate(values))))
            for letter, values in path.parts
        )
        pen = path.pen
        return _element(
            "PathObject",
            _colour("StrokeColor", pen.stroke) + _colour("FillColor", pen.fill) + _element("AbbreviatedData", data),
            ID=self._new_id(),
            Boundary=_numbers((*origin, wide, high)),
            Stroke="false" if pen.stroke is None else "true",
            Fill="false" if pen.fill is None else "true",
            Rule="Even-Odd" if path.even_odd else None,
            **_line(pen),
        )

    def _text_object(self, run: GlyphRun, part: slice) -> str:
        """Write some glyphs of a run, each at its place."""
        font, pen, glyphs, places = self._fonts[run.font], run.pen, run.glyphs[part], run.places[part]
        said = [font.text[glyph] for glyph in glyphs]
        above, high = font.ascent * run.size, (font.ascent - font.descent) * run.size
        wide = places[-1] + font.widths[glyphs[-1]] * run.size - places[0]
        # Differences of rounded places, so that they don't add up to more than a thousandth.
        at = [round(place * 1000) for place in places]
        steps = " ".join([_thousandths(after - before) for before, after in pairwise(at)])
        which = ""
        if not self._plain[run.font].issuperset(glyphs):
            drawn_by = self._drawn_by[run.font]
            which = "".join(
                _element("CGTransform", _element("Glyphs", str(g)), CodePosition=n, CodeCount=len(char), GlyphCount=1)
                for n, (g, char) in enumerate(zip(glyphs, said, strict=True))
                if drawn_by.get(char) != g
            )
        code = _element("TextCode", escape("".join(said)), X=0, Y=_number(above), DeltaX=steps or None)
        return _element(
            "TextObject",
            _colour("FillColor", pen.fill) + _colour("StrokeColor", pen.stroke) + which + code,
            ID=self._new_id(),
            Boundary=_numbers((places[0], run.baseline - above, wide, high)),
            Font=run.font + 1,
            Size=_number(run.size),
            Stroke=None if pen.stroke is None else "true",
            **_line(pen),
        )

    def _parts(self, run: GlyphRun) -> Iterator[slice]:
        """Yield the parts of a run whose glyphs are as many as their characters, without blanks around them.

        A character beyond the first 65,536, and a glyph for several, is a part of its own: readers don't count them
        alike.

        Raises:
            NotInOfd: a glyph says nothing.
        """
        font = self._fonts[run.font]
        said = [font.text.get(glyph, "") for glyph in run.glyphs]
        if not all(said):
            raise NotInOfd(f"a glyph of {font.name} that says nothing")
        bounds = {0, len(said)}
        if not self._plain[run.font].issuperset(run.glyphs):
            for n, text in enumerate(said):
                if len(text) > 1 or text > "\uffff":
                    bounds |= {n, n + 1}
        for first, last in pairwise(sorted(bounds)):
            while first < last and said[first].isspace():
                first += 1
            while first < last and said[last - 1].isspace():
                last -= 1
            if first < last:
                yield slice(first, last)


def _part(name: str, content: str, **attributes: str) -> str:
    whole = _element(name, content, **{"xmlns:ofd": "http://www.ofdspec.org/2016", **attributes})
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}'


def _element(name: str, content: str = "", **attributes: str | int | None) -> str:
    said = "".join(f' {key}="{value}"' for key, value in attributes.items() if value is not None)
    return f"<ofd:{name}{said}>{content}</ofd:{name}>"


def _box(page: PrintedPage) -> str:
    return _element("PhysicalBox", _numbers((0, 0, page.width, page.height)))


def _font_name(number: int, font: EmbeddedFont) -> str:
    return f"font_{number}.{'ttf' if font.is_truetype else 'otf'}"


def _line(pen: Pen) -> dict[str, str]:
    return {} if pen.stroke is None else {"LineWidth": _number(pen.width), "MiterLimit": _number(pen.mitre)}


def _colour(name: str, colour: Colour | None) -> str:
    return "" if colour is None else _element(name, Value=_numbers(colour))


@lru_cache(maxsize=4096)
def _thousandths(value: int) -> str:
    # Without a fraction where there is none.
    return str(value / 1000).removesuffix(".0")


def _number(value: float) -> str:
    return _thousandths(round(value * 1000))


def _numbers(values: Iterable[float]) -> str:
    return " ".join(map(_number, values))
