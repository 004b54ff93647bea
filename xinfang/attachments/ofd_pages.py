"""The pages of an OFD (GB/T 33190-2016) as a PDF, to be drawn and read like every other PDF.

Runs only within a program of its own (`rendering_program.py`), as the file may be anybody's. Glyphs are drawn as the
outlines that the file's own fonts have, the text lies unseen over them. What can't be drawn here is left out and said
at the foot of its page; so is that nobody looked at whether a seal is genuine.
"""

import io
import logging
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pikepdf
from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont
from pikepdf import Dictionary

from xinfang.attachments.ofd_package import (
    OfdPackage,
    OfdPage,
    Resources,
    Stamp,
    element,
    elements,
    local_name,
    numbers,
    text_of,
)
from xinfang.attachments.ofd_pictures import pdf_image
from xinfang.attachments.ofd_unseen_font import unseen_font
from xinfang.attachments.ofd_weight import PageWeight

POINTS = 72 / 25.4
"""In a millimetre."""
_ORDERS = ("Background", "Body", "Foreground")
"""Of layers and templates, the lowest first."""
_MAX_PARAMS = 20
_DEFAULT_LINE_WIDTH = 0.353
_LETTERS = {"S": "M", "M": "M", "L": "L", "Q": "Q", "B": "C", "A": "A", "C": "Z"}
"""The operators of a path, and what SVG calls them."""
_CAPS, _JOINS = {"Round": 1, "Square": 2}, {"Round": 1, "Bevel": 2}
_SEAL_PICTURE = re.compile(rb"\x16[\x03\x04](png|jpe?g|bmp|gif)\x04", re.IGNORECASE)
"""Where a signature holds the picture of its seal (GB/T 38540): its kind, then its bytes."""
_NOT_VERIFIED = "本页有电子印章或电子签名，本系统没有核验其真伪"
_LEFT_OUT = "有内容没有照原样画出（{}）"
_SEE_ORIGINAL = "请保存原件，用 OFD 阅读器核对。"
# What fontTools thinks of strange fonts is nothing to anybody.
logging.getLogger("fontTools").setLevel(logging.CRITICAL)


def page_count(data: bytes) -> int:
    """Return how many pages the file has."""
    return len(OfdPackage(data).pages)


def as_pdf(data: bytes, pages: Collection[int] = ()) -> bytes:
    """Return these pages, counted from 1, or all of them; what is damaged raises whatever it likes."""
    package, pdf = OfdPackage(data), pikepdf.new()
    for number, page in enumerate(package.pages, 1):
        if not pages or number in pages:
            _Sheet(package, page, pdf).draw()
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


class _Outline(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Writes a path in the operators of PDF; curves of the second order become such of the third."""

    def __init__(self, glyphs: Any = None) -> None:
        super().__init__(glyphs)
        self.said: list[str] = []

    def _moveTo(self, pt: Sequence[float]) -> None:
        self.said.append(f"{pt[0]:.4f} {pt[1]:.4f} m")

    def _lineTo(self, pt: Sequence[float]) -> None:
        self.said.append(f"{pt[0]:.4f} {pt[1]:.4f} l")

    def _curveToOne(self, *points: Sequence[float]) -> None:
        self.said.append(" ".join(f"{x:.4f} {y:.4f}" for x, y in points) + " c")

    def _closePath(self) -> None:
        self.said.append("h")


class _Font:
    """A font's outlines and which character is which of them."""

    def __init__(self, data: bytes) -> None:
        self._font = TTFont(io.BytesIO(data), fontNumber=0, lazy=True)
        self._glyphs = self._font.getGlyphSet()
        self.units = self._font["head"].unitsPerEm
        self._outlines: dict[int, str] = {}
        self._map: dict[int, str] = {}
        if "cmap" in self._font:
            tables = self._font["cmap"].tables
            # Fonts of signs have their characters 0xF000 higher.
            self._map = self._font.getBestCmap() or {
                code & 0xFFF if code >= 0xF000 else code: name for table in tables for code, name in table.cmap.items()
            }

    def glyph(self, char: str) -> int | None:
        name = self._map.get(ord(char))
        return None if name is None else self._font.getGlyphID(name)

    def outline(self, glyph: int) -> str:
        if glyph not in self._outlines:
            pen = _Outline(self._glyphs)
            self._glyphs[self._font.getGlyphName(glyph)].draw(pen)
            self._outlines[glyph] = " ".join(pen.said)
        return self._outlines[glyph]

    def width(self, glyph: int) -> float:
        width: float = self._glyphs[self._font.getGlyphName(glyph)].width / self.units
        return width


@lru_cache(maxsize=1)
def _own_font() -> _Font:
    """Return the font that comes with the program, for what has no font of its own."""
    found = find_spec("pylopdf_fonts_zh_cn")
    assert found and found.submodule_search_locations
    return _Font((Path(next(iter(found.submodule_search_locations))) / "NotoSerifSC-Regular.otf").read_bytes())


class _Sheet:
    """Draws one page."""

    def __init__(self, package: OfdPackage, page: OfdPage, pdf: pikepdf.Pdf) -> None:
        self._package, self._page, self._pdf = package, page, pdf
        self._content = package.xml(page.path)
        own = package.resources(self._content, posixpath.dirname(page.path), "PageRes")
        self._resources: Resources = {**page.body.resources, **own}
        self._box = numbers(text_of(self._content, "Area", "PhysicalBox") or page.body.box)
        self._said: list[str] = []
        self._left_out: dict[str, None] = {}
        self._codes: dict[str, int] = {}
        """The codes of characters in the unseen font."""
        self._stamped = False
        self._images: dict[str, Any] = {}
        self._pictures: dict[str | bytes, str | None] = {}
        """The name of each picture among the images; None where it can't be drawn."""
        self._states: dict[str, Any] = {}
        self._fonts: dict[str, _Font | None] = {}

    def draw(self) -> None:
        left, top, width, height = self._box
        weight = PageWeight(self._resources)
        layers, looks = weight.weighed(self._layers()), weight.weighed(self._looks())
        for layer in layers:
            self._block(layer, layer.get("DrawParam"))
        for look in looks:
            self._within(look, partial(self._block, look, None))
        for stamp in self._page.body.stamps.get(self._page.ident, ()):
            self._stamp(stamp)
        said = self._sentences()
        foot = 5.0 * (1 + len(said) // self._note_width) + 4 if said else 0.0
        page = self._pdf.add_blank_page(page_size=(width * POINTS, (height + foot) * POINTS))
        scale = f"{POINTS:.6f} 0 0 {-POINTS:.6f} {-left * POINTS:.4f} {(top + height + foot) * POINTS:.4f} cm"
        shown = "\n".join([*self._said, *(self._notes(said, left, top + height) if said else ())])
        page.Contents = self._pdf.make_stream(f"q {scale}\n{shown}\nQ".encode())
        page.Resources = Dictionary(XObject=Dictionary(self._images), ExtGState=Dictionary(self._states))
        page.Resources.Font = Dictionary(T=unseen_font(self._pdf, self._codes))

    # ---- what is on the page

    def _layers(self) -> Iterator[Element]:
        """Return the layers of the page and of its templates, the lowest first."""
        own, templates = elements(self._content, "Content", "Layer"), list(self._templates())
        if any(layer.get("Type", "Body") not in _ORDERS for layer in own):
            self._left_out["不认识的图层"] = None
        for order in _ORDERS:
            for at, root in templates:
                if at == order:
                    yield from elements(root, "Content", "Layer")
            yield from (layer for layer in own if layer.get("Type", "Body") == order)

    def _templates(self) -> Iterator[tuple[str, Element]]:
        """Return where each template lies, and its part."""
        roots: dict[str, Element] = {}
        for template in elements(self._content, "Template"):
            path = self._page.body.templates.get(template.get("TemplateID", ""))
            order = template.get("ZOrder", "Background")
            if path is None or order not in _ORDERS:
                self._left_out["模板页"] = None
                continue
            if path not in roots:
                roots[path] = self._package.xml(path)
            yield order, roots[path]

    def _looks(self) -> Iterator[Element]:
        """Return what is drawn of the annotations."""
        if path := self._page.body.annotations.get(self._page.ident):
            for annotation in elements(self._package.xml(path), "Annot"):
                if annotation.get("Visible") != "false":
                    yield from elements(annotation, "Appearance")

    def _block(self, parent: Element, draw_param: str | None) -> None:
        for item in parent:
            kind = local_name(item)
            if item.get("Visible") == "false" or kind in ("Actions", "Clips"):
                continue
            if kind == "PageBlock":
                self._block(item, draw_param)
            elif kind in ("TextObject", "PathObject", "ImageObject", "CompositeObject"):
                look = _Look(self._resources, item, item.get("DrawParam") or draw_param)
                self._within(item, partial(self._object, kind, item, look))
            else:
                self._left_out["不认识的对象"] = None

    def _object(self, kind: str, item: Element, look: "_Look") -> None:
        if kind == "TextObject":
            self._text_object(item, look)
        elif kind == "PathObject":
            self._path_object(item, look)
        elif kind == "ImageObject":
            self._image_object(item)
        elif found := self._resources.get(("CompositeGraphicUnit", item.get("ResourceID", ""))):
            for content in elements(found[0], "Content"):
                self._block(content, None)
        else:
            self._left_out["复合图形"] = None

    def _within(self, item: Element, draw: Callable[[], None]) -> None:
        """Draw in the coordinates of an object: from its corner, by its matrix, within its box and its clips."""
        box = numbers(item.get("Boundary", "0 0 0 0"))
        self._said.append(f"q 1 0 0 1 {box[0]:.4f} {box[1]:.4f} cm")
        # The box of a line has no height; the look of an annotation is a block, whose objects have boxes of their own.
        if local_name(item) != "Appearance" and min(box[2:], default=0) > 0:
            self._said.append(f"0 0 {box[2]:.4f} {box[3]:.4f} re W n")
        matrix = _matrix(item)
        for clips in elements(item, "Clips"):
            self._clip(clips, matrix if clips.get("TransFlag") != "false" else Transform())
        if local_name(item) != "ImageObject":
            self._said.append(" ".join(f"{v:.6f}" for v in matrix) + " cm")
        alpha = int(item.get("Alpha", "255"))
        if alpha < 255:
            self._states[f"/A{alpha}"] = Dictionary(ca=alpha / 255, CA=alpha / 255)
            self._said.append(f"/A{alpha} gs")
        draw()
        self._said.append("Q")

    def _clip(self, clips: Element, matrix: Transform) -> None:
        for clip in elements(clips, "Clip"):
            areas = elements(clip, "Area")
            if any(local_name(e) != "Path" for area in areas for e in area):
                self._left_out["按文字裁剪"] = None
                continue
            for area in areas:
                for path in elements(area, "Path"):
                    corner = numbers(path.get("Boundary", "0 0 0 0"))[:2]
                    by = matrix.transform(_matrix(area)).translate(*corner).transform(_matrix(path))
                    self._said.append(_path(text_of(path, "AbbreviatedData"), by))
            self._said.append("W n")

    def _path_object(self, item: Element, look: "_Look") -> None:
        fill = item.get("Fill", "false") == "true" and self._colour(look, "FillColor", "rg")
        stroke = item.get("Stroke", "true") != "false" and self._colour(look, "StrokeColor", "RG")
        if stroke:
            self._line(look)
        if not fill and not stroke:
            return
        even = "*" if fill and item.get("Rule") == "Even-Odd" else ""
        how = f"B{even}" if fill and stroke else f"f{even}" if fill else "S"
        self._said.append(f"{_path(text_of(item, 'AbbreviatedData'))} {how}")

    def _line(self, look: "_Look") -> None:
        self._said.append(f"{look.line_width:.4f} w")
        self._said.append(f"{_CAPS.get(look.get('Cap'), 0)} J {_JOINS.get(look.get('Join'), 0)} j")
        if dashes := numbers(look.get("DashPattern")):
            dashed = " ".join(f"{v:.4f}" for v in dashes)
            self._said.append(f"[{dashed}] {float(look.get('DashOffset') or 0):.4f} d")

    def _colour(self, look: "_Look", name: str, operator: str) -> bool:
        """Set the colour; False where it is a pattern or another that can't be drawn."""
        colour = look.child(name)
        if colour is not None and (len(colour) or (colour.get("Index") and not colour.get("Value"))):
            self._left_out["渐变、底纹或调色板颜色"] = None
            return False
        said = (colour.get("Value") if colour is not None else "") or "0 0 0"
        values = [int(v.removeprefix("#"), 16) if "#" in said else float(v) for v in said.split()]
        if len(values) not in (1, 3, 4):
            self._left_out["不认识的颜色"] = None
            return False
        kind = {1: "g", 3: "rg", 4: "k"}[len(values)]
        self._said.append(" ".join(f"{v / 255:.4f}" for v in values) + f" {kind if operator == 'rg' else kind.upper()}")
        alpha = int(colour.get("Alpha", "255")) if colour is not None else 255
        if alpha < 255:
            key = "ca" if operator == "rg" else "CA"
            self._states[f"/{key}{alpha}"] = Dictionary({f"/{key}": alpha / 255})
            self._said.append(f"/{key}{alpha} gs")
        return True

    # ---- text

    def _font(self, ident: str | None) -> _Font | None:
        key = ident or ""
        if key not in self._fonts:
            found, self._fonts[key] = self._resources.get(("Font", key)), None
            named = text_of(found[0], "FontFile") if found else ""
            if found and named:
                try:
                    self._fonts[key] = _Font(self._package.read(posixpath.join(found[1], named)))
                except Exception:  # whatever a strange font does: its text is drawn in another one, which is said
                    self._fonts[key] = None
        return self._fonts[key]

    def _text_object(self, item: Element, look: "_Look") -> None:
        size, wide = float(item.get("Size", "0")), float(item.get("HScale", "1"))
        stroke = item.get("Stroke") == "true" and self._colour(look, "StrokeColor", "RG")
        fill = item.get("Fill", "true") != "false" and self._colour(look, "FillColor", "rg")
        if stroke:
            self._line(look)
        how = "B" if fill and stroke else "f" if fill else "S" if stroke else "n"
        if item.get("Italic") == "true" or item.get("ReadDirection", "0") != "0":
            self._left_out["斜体或竖排的字样"] = None
        own = self._font(item.get("Font"))
        quarter = {"90": "0 1 -1 0", "180": "-1 0 0 -1", "270": "0 -1 1 0"}.get(item.get("CharDirection", "0"))
        turn = f" {quarter} 0 0 cm" if quarter else ""
        glyphs: dict[int, int | None] = {}
        x = y = 0.0
        for child in item:
            if local_name(child) == "CGTransform":
                named = [int(v) for v in text_of(child, "Glyphs").split()]
                first, codes = int(child.get("CodePosition", "0")), int(child.get("CodeCount", "1"))
                if len(named) > codes:
                    self._left_out["一字多形的文字"] = None
                glyphs |= {first + n: named[n] if n < len(named) else None for n in range(codes)}
            if local_name(child) != "TextCode":
                continue
            x, y = float(child.get("X", x)), float(child.get("Y", y))
            across, down = (_deltas(child.get(name, "")) for name in ("DeltaX", "DeltaY"))
            at_x, at_y = x, y
            for n, char in enumerate(child.text or ""):
                font, glyph = own, glyphs[n] if own and n in glyphs else own.glyph(char) if own else None
                if glyph is None and not (own and n in glyphs) and not char.isspace():
                    font, glyph = _own_font(), _own_font().glyph(char)
                    self._left_out["没有内嵌的字体，改用别的字体" if glyph else "没有字体的字"] = None
                if font and glyph is not None:
                    outline, scale = font.outline(glyph), size / font.units
                    # The width of a line is one of the page, not of the glyph.
                    line = f"{look.line_width / scale:.4f} w " if stroke else ""
                    drawn = f"{scale * wide:.8f} 0 0 {-scale:.8f} 0 0 cm {line}{outline} {how}" if outline else ""
                    self._said.append(f"q 1 0 0 1 {at_x:.4f} {at_y:.4f} cm{turn} {drawn} Q")
                share = (font.width(glyph) if font and glyph is not None else 0.5) * wide
                code = self._codes.setdefault(char, len(self._codes) + 1)
                at = f"{max(share, 0.01):.4f} 0 0 -1 {at_x:.4f} {at_y:.4f}"
                self._said.append(f"BT 3 Tr /T {size:.4f} Tf {at} Tm <{code:04X}> Tj ET")
                at_x += across[n] if n < len(across) else 0.0 if across or down else share * size
                at_y += down[n] if n < len(down) else 0.0
            glyphs = {}

    # ---- pictures

    def _image_object(self, item: Element) -> None:
        found = self._resources.get(("MultiMedia", item.get("ResourceID", "")))
        box = numbers(item.get("Boundary", "0 0 0 0"))
        matrix = numbers(item.get("CTM", "")) or (box[2], 0, 0, box[3], 0, 0)
        if found is None or item.get("ImageMask"):
            self._left_out["图片"] = None
            return
        self._picture(posixpath.join(found[1], text_of(found[0], "MediaFile")), matrix)

    def _picture(self, source: str | bytes, matrix: Sequence[float]) -> None:
        """Draw a picture, given by its path or its bytes; each is read once, however often it is shown."""
        if source not in self._pictures:
            self._pictures[source] = None
            data = source if isinstance(source, bytes) else self._package.read(source)
            with suppress(Exception):  # whatever a strange picture does: it is left out, and that is said
                image, name = pdf_image(self._pdf, data), f"/I{len(self._images)}"
                self._images[name], self._pictures[source] = image, name
        key = self._pictures[source]
        if key is None:
            self._left_out["图片"] = None
            return
        by = " ".join(f"{v:.6f}" for v in matrix)
        # The upper left corner of a picture of OFD is at the origin; that of PDF is its lower one.
        self._said.append(f"q {by} cm 1 0 0 -1 0 1 cm {key} Do Q")

    def _stamp(self, stamp: Stamp) -> None:
        box, value = stamp.box, stamp.signature
        self._stamped = True
        found = _SEAL_PICTURE.search(value)
        if found is None or len(box) != 4:
            self._left_out["电子印章的图样"] = None
            return
        at = found.end()
        size, count = value[at], value[at] & 0x7F
        if size >= 0x80:
            size, at = int.from_bytes(value[at + 1 : at + 1 + count], "big"), at + count
        self._picture(value[at + 1 : at + 1 + size], (box[2], 0, 0, box[3], box[0], box[1]))

    # ---- what is said at the foot

    def _sentences(self) -> str:
        said = [_NOT_VERIFIED] if self._stamped else []
        if self._left_out:
            said.append(_LEFT_OUT.format("、".join(self._left_out)))
        return f"{'；'.join(said)}。{_SEE_ORIGINAL}" if said else ""

    @property
    def _note_width(self) -> int:
        """How many characters of 4 mm a line under the page has."""
        return max(1, int(self._box[2] / 4) - 2)

    def _notes(self, said: str, left: float, top: float) -> Iterator[str]:
        font = _own_font()
        scale = 4 / font.units
        right = left + self._box[2]
        yield f"0.7 0 0 rg 0.7 0 0 RG 0.2 w {left + 2:.4f} {top + 1:.4f} m {right - 2:.4f} {top + 1:.4f} l S"
        for n, char in enumerate(said):
            x, y = left + 4 + 4 * (n % self._note_width), top + 6 + 5 * (n // self._note_width)
            glyph = font.glyph(char)
            if glyph is not None:
                yield f"q {scale:.8f} 0 0 {-scale:.8f} {x:.4f} {y:.4f} cm {font.outline(glyph)} f Q"


class _Look:
    """How an object is drawn: as it says itself, or else its drawing parameter, or the one that this continues."""

    def __init__(self, resources: Resources, item: Element, draw_param: str | None) -> None:
        self._chain = [item]
        while draw_param and len(self._chain) < _MAX_PARAMS and (found := resources.get(("DrawParam", draw_param))):
            self._chain.append(found[0])
            draw_param = found[0].get("Relative")

    def get(self, name: str) -> str:
        return next((value for e in self._chain if (value := e.get(name))), "")

    @property
    def line_width(self) -> float:
        return float(self.get("LineWidth") or _DEFAULT_LINE_WIDTH)

    def child(self, name: str) -> Element | None:
        return next((found for e in self._chain if (found := element(e, name)) is not None), None)


def _matrix(item: Element) -> Transform:
    return Transform(*numbers(item.get("CTM", "1 0 0 1 0 0")))


def _path(data: str, by: Transform = Transform()) -> str:  # noqa: B008 - it never changes
    """Return a path of OFD in the operators of PDF, transformed."""
    pen = _Outline()
    said = " ".join(_LETTERS[t] if t.isalpha() else t for t in data.split())
    parse_path(said, TransformPen(pen, by))
    return " ".join(pen.said)


def _deltas(text: str) -> list[float]:
    """Return the distances of characters; `g 3 2.5` is three times 2.5."""
    found, tokens = [], text.split()
    while tokens:
        if tokens[0] == "g":
            found += [float(tokens[2])] * min(int(tokens[1]), 100_000)
            del tokens[:3]
        else:
            found.append(float(tokens.pop(0)))
    return found
