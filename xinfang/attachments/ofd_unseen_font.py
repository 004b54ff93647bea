"""The font in which the text of an OFD lies unseen over its drawn glyphs, to be selected, searched and blanked."""

import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name


def unseen_font(pdf: pikepdf.Pdf, codes: Mapping[str, int]) -> Any:
    """Return a font that is never drawn: each character has a code, and fills the square that it stands in."""
    lines = [f"<{code:04X}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items()]
    blocks = (lines[n : n + 100] for n in range(0, len(lines), 100))
    maps = "".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}endcmap end end"
    )
    name, file = Name.Unseen, pdf.make_stream(_square_font())
    facts = Dictionary(Type=Name.FontDescriptor, FontName=name, Flags=4, FontBBox=Array([0, -120, 1000, 880]))
    facts.update(Dictionary(ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=880, StemV=80, FontFile2=file))
    inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name, FontDescriptor=facts, DW=1000)
    inner.CIDSystemInfo = Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0)
    inner.CIDToGIDMap = pdf.make_stream(b"\0\1" * 2**16)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"))
    font.DescendantFonts, font.ToUnicode = Array([inner]), pdf.make_stream(cmap.encode())
    return font


@lru_cache(maxsize=1)
def _square_font() -> bytes:
    """Return a font whose glyphs are the square of a character."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, -120))
    for corner in ((0, 880), (1000, 880), (1000, -120)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({})
    builder.setupGlyf(dict.fromkeys((".notdef", "square"), pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "square"), (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupOS2()
    builder.setupPost()
    target = io.BytesIO()
    builder.font.save(target)
    return target.getvalue()
