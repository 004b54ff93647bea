"""What is where on a page of a PDF, in millimetres from the paper's upper left corner."""

import io
from dataclasses import dataclass
from itertools import groupby

import pdfplumber
import pikepdf
import pypdfium2  # type: ignore[import-untyped]

MM = 72 / 25.4
"""Points in a millimetre."""
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
"""The area of the text (版心) of GB/T 9704-2012."""
PITCH, CHAR = 225 / 22, 156 / 28
RED = (0xE6 / 255, 0, 0x12 / 255)


@dataclass(frozen=True)
class Char:
    """One character.

    `top` and `bottom` are those of the square it is designed in, whatever its font says of heights.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    """Points."""
    font: str


@dataclass(frozen=True)
class Rule:
    """A rule: a drawn line or a thin filled box."""

    left: float
    right: float
    top: float
    bottom: float
    red: bool

    @property
    def thick(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class Line:
    """The characters on one height."""

    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        return "".join(c.text for c in self.chars)

    @property
    def left(self) -> float:
        return self.chars[0].left

    @property
    def right(self) -> float:
        return self.chars[-1].right

    @property
    def top(self) -> float:
        return max(self.chars, key=lambda c: c.size).top

    @property
    def bottom(self) -> float:
        return max(self.chars, key=lambda c: c.size).bottom

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Page:
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]

    def line(self, part: str) -> Line:
        """The first line that has these words."""
        return next(line for line in self.lines if part in line.text)

    @property
    def body(self) -> list[Line]:
        """The lines within the area of the text."""
        return [line for line in self.lines if line.top > TOP - 1 and line.bottom < BOTTOM + 1]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def pages_of(pdf: bytes) -> list[Page]:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [_page(page) for page in document.pages]


def _page(page: pdfplumber.page.Page) -> Page:
    high = float(page.height)
    chars = []
    for c in page.chars:
        base, size = high - c["matrix"][5], c["size"]
        top, bottom = (base - 0.88 * size) / MM, (base + 0.12 * size) / MM
        chars.append(Char(c["text"], c["x0"] / MM, c["x1"] / MM, top, bottom, size, c["fontname"].partition("+")[2]))
    chars.sort(key=lambda c: (round(c.bottom - 0.12 * c.size / MM, 1), c.left))
    lines = [Line(tuple(g)) for _, g in groupby(chars, key=lambda c: round(c.bottom - 0.12 * c.size / MM, 1))]
    rules = [
        Rule(r["x0"] / MM, r["x1"] / MM, r["top"] / MM, r["bottom"] / MM, _red(r["non_stroking_color"]))
        for r in page.rects
    ]
    rules += [
        Rule(
            w["x0"] / MM,
            w["x1"] / MM,
            (w["top"] - w["linewidth"] / 2) / MM,
            (w["bottom"] + w["linewidth"] / 2) / MM,
            _red(w["stroking_color"]),
        )
        for w in page.lines
        if w["x1"] - w["x0"] > w["bottom"] - w["top"]
    ]
    return Page(tuple(lines), tuple(sorted(rules, key=lambda r: (r.top, r.left))))


def _red(color: object) -> bool:
    return (
        isinstance(color, tuple | list)
        and len(color) == 3
        and all(abs(a - b) < 0.02 for a, b in zip(color, RED, strict=True))
    )


def ink(pdf: bytes, page: int, top: float, bottom: float, left: float = 0, right: float = 210) -> tuple[float, float]:
    """Where the ink in a part of a page begins and ends, from above; a picture of 600 dots an inch is looked at."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=600 / 72).to_pil().convert("L")
    dots = 600 / 25.4
    part = picture.crop((int(left * dots), int(top * dots), int(right * dots), int(bottom * dots)))
    box = part.point(lambda v: 255 if v < 160 else 0).getbbox()
    assert box is not None, "nothing is drawn there"
    return top + box[1] / dots, top + box[3] / dots


def boxes(pdf: bytes) -> int:
    """How many glyphs are the box (.notdef, glyph 0) that a font draws for a character it doesn't have."""
    found = 0
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            for instruction in pikepdf.parse_content_stream(page):
                operands, operator = instruction.operands, str(instruction.operator)
                if operator not in ("Tj", "TJ"):
                    continue
                parts = operands[0] if operator == "TJ" else operands
                for part in parts:
                    if isinstance(part, pikepdf.String):
                        codes = bytes(part)
                        found += sum(codes[i : i + 2] == b"\0\0" for i in range(0, len(codes), 2))
    return found
