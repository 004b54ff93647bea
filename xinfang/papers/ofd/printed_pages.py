"""What a PDF that was set here draws: runs of glyphs and paths, in millimetres from the upper left corner."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import hypot
from typing import Any

import pikepdf

from xinfang.procedure.errors import XinfangError

MM = 25.4 / 72
"""Millimetres in a point."""
Colour = tuple[int, int, int]
Matrix = tuple[float, float, float, float, float, float]
_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")
_SHOWN = re.compile(rb"<[^>]*>|\((?:[^()\\]|\\.)*\)|[-+.0-9]+", re.DOTALL)
"""A string or a number of what is shown: strings are in hexadecimal digits or, if they are readable, in brackets."""


class NotInOfd(XinfangError):
    """The PDF draws something that our templates don't draw, so that its pages can't be written as OFD."""


@dataclass(frozen=True, slots=True)
class EmbeddedFont:
    """A font as the PDF holds it: its glyphs in use, and what each of them says."""

    name: str
    program: bytes
    is_truetype: bool
    ascent: float
    descent: float
    """These and the other measures are of a size of 1; the descent is below zero."""
    box: tuple[float, ...]
    """Left, low, right and high, around all glyphs."""
    widths: dict[int, float]
    text: dict[int, str]


@dataclass(frozen=True, slots=True)
class Pen:
    """What something is drawn with: filled, stroked, or both. `width` and `mitre` are of the stroke."""

    fill: Colour | None
    stroke: Colour | None
    width: float = 0.0
    mitre: float = 10.0


@dataclass(frozen=True, slots=True)
class GlyphRun:
    """Glyphs of one font on one line. `places` are the origins of the glyphs, from the left of the page."""

    font: int
    size: float
    baseline: float
    glyphs: Sequence[int]
    places: Sequence[float]
    pen: Pen


@dataclass(frozen=True, slots=True)
class DrawnPath:
    """A path: each part is the letter of OFD (M, L, B, C) with its points, an x and a y in turn."""

    parts: tuple[tuple[str, tuple[float, ...]], ...]
    pen: Pen
    even_odd: bool = False


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page: its width and height, and what is drawn on it, from the lowest."""

    width: float
    height: float
    objects: tuple[GlyphRun | DrawnPath, ...]


def printed_pages(pdf: pikepdf.Pdf) -> tuple[tuple[EmbeddedFont, ...], tuple[PrintedPage, ...]]:
    """Return the fonts of a PDF that was set here, and its pages, whose runs name a font by its place among them.

    Raises:
        NotInOfd: something is drawn that our templates don't draw.
    """
    fonts: list[EmbeddedFont] = []
    pages: list[PrintedPage] = []
    known: dict[tuple[int, int], int] = {}
    for page in pdf.pages:
        here = {}
        for name, found in page.obj.Resources.get("/Font", {}).items():
            if found.objgen not in known:
                known[found.objgen] = len(fonts)
                fonts.append(_font(found))
            here[name] = known[found.objgen]
        pages.append(_Reader(page, here, fonts).read())
    return tuple(fonts), tuple(pages)


def _font(found: Any) -> EmbeddedFont:
    inner = found.DescendantFonts[0]
    facts = inner.FontDescriptor
    if found.Encoding != "/Identity-H" or inner.get("/CIDToGIDMap", "/Identity") != "/Identity":
        raise NotInOfd(f"the encoding of the font {found.BaseFont}")
    is_truetype = "/FontFile2" in facts
    program = facts.FontFile2 if is_truetype else facts.FontFile3
    said = {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _MAPPED.findall(found.ToUnicode.read_bytes().partition(b"endcodespacerange")[2])
    }
    name = str(found.BaseFont)[1:].partition("+")[2].removesuffix("-Identity-H")
    return EmbeddedFont(
        name=name,
        program=program.read_bytes(),
        is_truetype=is_truetype,
        ascent=float(facts.Ascent) / 1000,
        descent=float(facts.Descent) / 1000,
        box=tuple(float(v) / 1000 for v in facts.FontBBox),
        widths={glyph: width / 1000 for glyph, width in _widths(inner)},
        text=said,
    )


def _widths(inner: Any) -> Iterator[tuple[int, float]]:
    """Yield the width of each glyph that has one: [first [width …]] and [first last width] in turn."""
    rest = list(inner.get("/W", []))
    while rest:
        first, second = int(rest[0]), rest[1]
        if isinstance(second, pikepdf.Array):
            yield from enumerate((float(w) for w in second.as_list()), first)
            rest = rest[2:]
        else:
            yield from ((glyph, float(rest[2])) for glyph in range(first, int(second) + 1))
            rest = rest[3:]


class _Reader:
    """Reads the content of one page, sign by sign of PDF (ISO 32000-1, annex A)."""

    def __init__(self, page: pikepdf.Page, fonts: dict[str, int], known: Sequence[EmbeddedFont]) -> None:
        left, low, right, high = (float(v) for v in page.mediabox)
        if left or low or page.obj.get("/Rotate"):
            raise NotInOfd("a page that is turned or moved")
        self._page, self._fonts, self._known = page, fonts, known
        self._width, self._height = right * MM, high * MM
        # From points above the lower edge to millimetres below the upper.
        self._matrix: Matrix = (MM, 0, 0, -MM, 0, self._height)
        self._fill: Colour = (0, 0, 0)
        self._stroke: Colour = (0, 0, 0)
        self._line_width, self._mitre = 1.0, 10.0
        self._kept: list[tuple[Matrix, Colour, Colour, float, float]] = []
        self._objects: list[GlyphRun | DrawnPath] = []
        self._path: list[tuple[str, tuple[float, ...]]] = []
        self._font, self._size, self._shown = 0, 0.0, 0
        self._text: Matrix = (1, 0, 0, 1, 0, 0)

    def read(self) -> PrintedPage:
        for instruction in pikepdf.parse_content_stream(self._page):
            operator = str(instruction.operator)
            if operator in _SILENT:
                continue
            act = _ACTS.get(operator)
            if act is None:
                raise NotInOfd(f"the operator {operator}")
            act(self, instruction.operands)
        return PrintedPage(self._width, self._height, tuple(self._objects))

    # ---- the state

    def _keep(self, _: Any) -> None:
        self._kept.append((self._matrix, self._fill, self._stroke, self._line_width, self._mitre))

    def _give_back(self, _: Any) -> None:
        self._matrix, self._fill, self._stroke, self._line_width, self._mitre = self._kept.pop()

    def _move(self, operands: Any) -> None:
        self._matrix = _times(_matrix(operands), self._matrix)

    def _set_fill(self, operands: Any) -> None:
        self._fill = _colour(operands)

    def _set_stroke(self, operands: Any) -> None:
        self._stroke = _colour(operands)

    def _set_width(self, operands: Any) -> None:
        self._line_width = float(operands[0])

    def _set_mitre(self, operands: Any) -> None:
        self._mitre = float(operands[0])

    def _pen(self, *, fill: bool, stroke: bool) -> Pen:
        wide = self._line_width * hypot(self._matrix[0], self._matrix[1]) if stroke else 0.0
        return Pen(self._fill if fill else None, self._stroke if stroke else None, wide, self._mitre)

    # ---- paths

    def _add(self, letter: str, operands: Any) -> None:
        values = [float(v) for v in operands]
        points = (_point(self._matrix, x, y) for x, y in zip(values[::2], values[1::2], strict=True))
        self._path.append((letter, tuple(v for point in points for v in point)))

    def _paint(self, *, fill: bool, stroke: bool, even_odd: bool = False) -> None:
        self._objects.append(DrawnPath(tuple(self._path), self._pen(fill=fill, stroke=stroke), even_odd))
        self._path = []

    # ---- text

    def _begin_text(self, _: Any) -> None:
        self._text = (1, 0, 0, 1, 0, 0)

    def _set_font(self, operands: Any) -> None:
        self._font, self._size = self._fonts[str(operands[0])], float(operands[1])

    def _set_rendering(self, operands: Any) -> None:
        self._shown = int(operands[0])
        if self._shown not in (0, 2):
            raise NotInOfd(f"text of the mode {self._shown}")

    def _set_text_matrix(self, operands: Any) -> None:
        self._text = _matrix(operands)

    def _show(self, operands: Any) -> None:
        a, b, c, d, left, baseline = _times(self._text, self._matrix)
        # Upright on the page, whose y grows downwards.
        if b or c or a <= 0 or abs(a + d) > 1e-6:
            raise NotInOfd("text that is turned or stretched")
        widths, size = self._known[self._font].widths, self._size * a
        glyphs: list[int] = []
        places: list[float] = []
        for part in shown_parts(operands[0]):
            if isinstance(part, float):
                left -= part * size
                continue
            for glyph in part:
                glyphs.append(glyph)
                places.append(left)
                left += widths[glyph] * size
        pen = self._pen(fill=True, stroke=self._shown == 2)
        self._objects.append(GlyphRun(self._font, size, baseline, glyphs, places, pen))


_SILENT = frozenset(("cs", "CS", "BDC", "BMC", "EMC", "ET"))
"""What says nothing of the look: marks of the structure, names of colour spaces, the end of a text."""
_ACTS: dict[str, Callable[[_Reader, Any], None]] = {
    "q": _Reader._keep,
    "Q": _Reader._give_back,
    "cm": _Reader._move,
    "scn": _Reader._set_fill,
    "SCN": _Reader._set_stroke,
    "w": _Reader._set_width,
    "M": _Reader._set_mitre,
    "m": lambda r, o: r._add("M", o),
    "l": lambda r, o: r._add("L", o),
    "c": lambda r, o: r._add("B", o),
    "h": lambda r, o: r._add("C", o),
    "f": lambda r, _: r._paint(fill=True, stroke=False),
    "f*": lambda r, _: r._paint(fill=True, stroke=False, even_odd=True),
    "S": lambda r, _: r._paint(fill=False, stroke=True),
    "B": lambda r, _: r._paint(fill=True, stroke=True),
    "BT": _Reader._begin_text,
    "Tr": _Reader._set_rendering,
    "Tf": _Reader._set_font,
    "Tm": _Reader._set_text_matrix,
    "Tj": _Reader._show,
    "TJ": _Reader._show,
}


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(v) for v in operands)
    return a, b, c, d, e, f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _colour(operands: Any) -> Colour:
    """Return grey or red, green and blue; the spaces of colour of our PDFs are sRGB and a grey of the same kind.

    Raises:
        NotInOfd: it is another kind of colour.
    """
    values = [round(float(v) * 255) for v in operands if isinstance(v, int | float | Decimal)]
    if len(values) != len(operands) or len(values) not in (1, 3):
        raise NotInOfd("a colour that is neither grey nor red, green and blue")
    return (values[0],) * 3 if len(values) == 1 else (values[0], values[1], values[2])


def shown_parts(operand: Any) -> Iterator[tuple[int, ...] | float]:
    """Yield the glyphs of each string of an array, and the numbers between them.

    It is read as text, since an object of Python for each glyph would take as long as all the rest.
    """
    return map(_shown, _SHOWN.findall(operand.unparse()))


@lru_cache(maxsize=10_000)
def _shown(part: bytes) -> tuple[int, ...] | float:
    """Return the glyphs of a string, or how much nearer the next one is than its width says."""
    if part[:1] not in (b"<", b"("):
        return float(part) / 1000
    codes = bytes(pikepdf.Object.parse(part))
    return tuple(high << 8 | low for high, low in zip(codes[::2], codes[1::2], strict=True))
