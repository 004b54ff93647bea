"""Which fonts papers are set in: the office's licensed ones first, then free ones, then the program's own."""

import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import typst
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTCollection, TTFont


class FontRole(Enum):
    """A face that GB/T 9704-2012 asks for. The value is its name in the templates; `label` is for people."""

    FANGSONG = "fangsong"
    TITLE = "title"
    HEI = "hei"
    KAI = "kai"
    SONG = "song"

    @property
    def label(self) -> str:
        """The role in words, as the clerk reads it."""
        return _LABELS[self]


_LABELS = {
    FontRole.FANGSONG: "仿宋（正文）",
    FontRole.TITLE: "小标宋（标题和发文机关标志）",
    FontRole.HEI: "黑体（一级标题）",
    FontRole.KAI: "楷体（二级标题）",
    FontRole.SONG: "宋体（页码）",
}
# How a licensed font names itself, in Chinese or in Latin letters without blanks, - and _.
# The order matters: 仿宋 has a 宋.
_NAMED = (
    (FontRole.TITLE, re.compile("小标宋|xiaobiaosong")),
    (FontRole.FANGSONG, re.compile("仿宋|fangsong")),
    (FontRole.KAI, re.compile("楷|kai")),
    (FontRole.HEI, re.compile("黑体|方正黑|hei")),
    (FontRole.SONG, re.compile("宋体|书宋|simsun|stsong|shusong|songti")),
)
# The program's own Noto before the system's of the same design: it takes a third of the memory.
# But it has no bold for titles.
_NOTO_SERIF, _NOTO_SANS = ("Noto Serif SC", "Noto Serif CJK SC"), ("Noto Sans SC", "Noto Sans CJK SC")
_FREE = {
    FontRole.FANGSONG: ("FandolFang R", "FandolFang", *_NOTO_SERIF),
    FontRole.TITLE: ("FandolSong", *reversed(_NOTO_SERIF)),
    FontRole.HEI: ("FandolHei", *_NOTO_SANS),
    FontRole.KAI: ("FandolKai", "LXGW WenKai", *_NOTO_SERIF),
    FontRole.SONG: ("FandolSong", *_NOTO_SERIF),
}
"""Free faces in the order they are taken. The later ones also draw the characters that an earlier one lacks."""
_PLACES = (
    "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol",
    "/usr/share/texmf/fonts/opentype/public/fandol",
    "/usr/share/fonts/truetype/lxgw-wenkai",
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
)
"""Where Debian, Ubuntu and Fedora put them."""


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font: the name typst knows it by, and its file."""

    family: str
    path: Path
    index: int
    licensed: bool


@dataclass(frozen=True)
class FontSet:
    """The fonts of this machine: their folders, and the families of each role in the order they are tried."""

    folders: tuple[str, ...]
    faces: tuple[FontFace, ...]
    families: dict[FontRole, tuple[str, ...]]
    replaced: dict[FontRole, str]
    """The roles that a free font plays, and its name."""

    @property
    def thin_titles(self) -> bool:
        """Only the program's font is there for titles, which has no bold."""
        return self.replaced.get(FontRole.TITLE) == "Noto Serif SC"


def font_set() -> FontSet:
    """Return the fonts of this machine and of the folder XINFANG_FONTS; looked for once a process."""
    from django.conf import settings

    return find_fonts(str(settings.FONTS) if settings.FONTS else "", _PLACES)


def fonts_of_this_machine() -> FontSet:
    """Return the same for a command that runs without a system, and so without settings."""
    return find_fonts(os.environ.get("XINFANG_FONTS", "").strip(), _PLACES)


def bundled_font_folder() -> str:
    """Return the folder of the font that comes with the program."""
    found = find_spec("pylopdf_fonts_zh_cn")
    assert found and found.submodule_search_locations
    return next(iter(found.submodule_search_locations))


@lru_cache(maxsize=8)
def find_fonts(licensed: str, places: tuple[str, ...]) -> FontSet:
    """Find the fonts of a folder of licensed fonts (none if empty) and of these places, then those of the program."""
    folders = [f for f in (licensed, *places, bundled_font_folder()) if f and Path(f).is_dir()]
    found = fonts_in(folders)
    own = Path(licensed).resolve() if licensed else None
    wanted = {name for names in _FREE.values() for name in names}
    faces: dict[str, FontFace] = {}
    for font in found.fonts():
        if font.path is None:
            continue
        path = Path(font.path)
        mine = own is not None and path.resolve().is_relative_to(own)
        if (mine or font.family in wanted) and (font.family not in faces or mine):
            faces[font.family] = FontFace(font.family, path, font.index, mine)
    families: dict[FontRole, tuple[str, ...]] = {}
    replaced: dict[FontRole, str] = {}
    licensed_roles = {f.family: _role(f) for f in faces.values() if f.licensed}
    for role in FontRole:
        # Whole character sets before small ones: 方正仿宋_GBK before 仿宋_GB2312.
        of_role = sorted((n for n, r in licensed_roles.items() if r is role), key=lambda n: -len(_characters(faces[n])))
        free = [name for name in _FREE[role] if name in faces]
        if not of_role:
            replaced[role] = free[0]
        first = dict.fromkeys([*of_role, *free])
        families[role] = tuple(dict.fromkeys([*first, *sorted(faces)]))
    return FontSet(tuple(folders), tuple(faces.values()), families, replaced)


def fonts_in(folders: Iterable[str]) -> typst.Fonts:
    """Return the fonts of these folders and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(f) for f in folders])


def _open(face: FontFace) -> TTFont:
    if face.path.suffix.lower() in (".ttc", ".otc"):
        fonts = TTCollection(face.path, lazy=True).fonts
        return fonts[face.index]
    return TTFont(face.path, lazy=True)


def _role(face: FontFace) -> FontRole | None:
    """Tell which role a licensed font plays, by the names it gives itself in any language; None if they don't tell."""
    with _open(face) as font:
        names = {record.toUnicode() for record in font["name"].names if record.nameID in (1, 4, 6, 16)}
    said = " ".join(re.sub(r"[\s_-]", "", name).lower() for name in names)
    return next((role for role, pattern in _NAMED if pattern.search(said)), None)


@cache
def _characters(face: FontFace) -> frozenset[int]:
    """Return the code points it can draw."""
    with _open(face) as font:
        return frozenset(font.getBestCmap())


@cache
def _middle(face: FontFace) -> float:
    """Return how far above the baseline the middle of its characters is, in their size."""
    with _open(face) as font:
        glyphs = font.getGlyphSet()
        pen = BoundsPen(glyphs)
        glyphs[font.getBestCmap()[ord("国")]].draw(pen)
        _, bottom, _, top = pen.bounds
        return float((bottom + top) / 2 / font["head"].unitsPerEm)


def rare_characters(text: str, fonts: FontSet) -> tuple[str, float]:
    """Return the Chinese characters that no font of a role has itself, and how much lower they must be set (in em).

    Another font draws them, whose characters may stand higher on the line: in a name that would be seen.
    """
    first = [_face(names[0], fonts) for names in fonts.families.values()]
    rare = [c for c in dict.fromkeys(text) if ord(c) > 0x2E80 and not any(ord(c) in _characters(f) for f in first)]
    others = [_face(name, fonts) for name in fonts.families[FontRole.FANGSONG][1:]]
    drawing = next((face for face in others for c in rare if ord(c) in _characters(face)), None)
    if drawing is None or ord("国") not in _characters(first[0]) & _characters(drawing):
        return "", 0.0
    return "".join(rare), round(_middle(drawing) - _middle(_face(fonts.families[FontRole.FANGSONG][0], fonts)), 3)


def _face(family: str, fonts: FontSet) -> FontFace:
    return next(f for f in fonts.faces if f.family == family)


def leaves_no_ink(char: str) -> bool:
    """Tell whether a character leaves no ink: a control, a joiner, a variation selector.

    Such are left out of papers, not looked for in fonts.
    """
    category = unicodedata.category(char)
    return category in ("Cc", "Cf", "Cs") or (category == "Mn" and unicodedata.name(char, "").startswith("VARIATION"))


def missing_characters(text: str, fonts: FontSet | None = None) -> tuple[str, ...]:
    """Return the characters of a text that no font here has, each once, in their order."""
    return tuple(_missing(dict.fromkeys(text), fonts or font_set()))


def _missing(chars: Iterable[str], fonts: FontSet) -> list[str]:
    left = [c for c in chars if not c.isspace() and not leaves_no_ink(c)]
    # Most characters are in the first font; the large collections are opened only for the rest.
    for family in dict.fromkeys(name for names in fonts.families.values() for name in names):
        if not left:
            break
        left = [c for c in left if ord(c) not in _characters(_face(family, fonts))]
    return left


def fallback_sentences(fonts: FontSet | None = None) -> tuple[str, ...]:
    """Tell the clerk what they should know of the fonts, a sentence each; nothing if every standard font is there.

    These sentences are never printed.
    """
    replaced = (fonts or font_set()).replaced
    return tuple(f"没有找到标准字体{role.label}，这份文书改用了“{name}”。" for role, name in replaced.items())
