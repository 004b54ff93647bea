"""Pictures that the program drew itself: lines and letters for pages and PDF, dots for Word."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import vl_convert

FONT = "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Zen Hei, sans-serif"
_FAMILY = re.compile(r'font-family="[^"]*"')


@cache
def register_fonts() -> None:
    """Register the Chinese font that comes with the program, for a machine that has none."""
    found = find_spec("pylopdf_fonts_zh_cn")
    for folder in found.submodule_search_locations or () if found else ():
        for place in {
            font.parent for font in Path(folder).rglob("*") if font.suffix.lower() in (".ttf", ".otf", ".ttc")
        }:
            vl_convert.register_font_directory(str(place))


@dataclass(frozen=True, slots=True)
class SvgDrawing:
    """A drawing that is SVG already."""

    svg: str

    @property
    def png(self) -> bytes:
        """The picture with two dots for each of its own, which is sharp on paper."""
        register_fonts()
        png: bytes = vl_convert.svg_to_png(_FAMILY.sub(f'font-family="{FONT}"', self.svg), scale=2)
        return png
