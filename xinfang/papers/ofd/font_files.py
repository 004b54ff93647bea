"""The fonts of a PDF as OpenType files, which OFD asks for (GB/T 33190-2016, 11.1), with the characters they draw."""

import io

from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from xinfang.papers.ofd.printed_pages import EmbeddedFont


def font_file(font: EmbeddedFont) -> bytes:
    """Return the same glyphs under the same numbers as an OpenType file; the same font gives the same bytes."""
    builder = FontBuilder(font=TTFont(io.BytesIO(font.program))) if font.is_truetype else _around_cff(font)
    builder.setupCharacterMap({ord(char): builder.font.getGlyphName(g) for char, g in characters(font).items()})
    builder.setupNameTable({"familyName": font.name, "styleName": "Regular", "psName": font.name})
    builder.setupOS2()
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    builder.font.recalcBBoxes = False
    target = io.BytesIO()
    builder.font.save(target)
    return target.getvalue()


def characters(font: EmbeddedFont) -> dict[str, int]:
    """Return the glyph by which each character is drawn; where there are several, the first."""
    found: dict[str, int] = {}
    for glyph, said in font.text.items():
        if len(said) == 1:
            found.setdefault(said, glyph)
    return found


def _around_cff(font: EmbeddedFont) -> FontBuilder:
    """Put the tables around a bare CFF that make it a font."""
    cff = CFFFontSet()
    cff.decompile(io.BytesIO(font.program), None)
    units = round(1 / cff[0].FontMatrix[0])
    names = [f"glyph{n:05d}" for n in range(len(cff[0].CharStrings.charStringsIndex))]
    builder = FontBuilder(units, isTTF=False)
    builder.setupGlyphOrder(names)
    left, low, right, high = (round(v * units) for v in font.box)
    # The clock has no part in it.
    builder.updateHead(created=0, modified=0, xMin=left, yMin=low, xMax=right, yMax=high)
    builder.setupHorizontalMetrics({name: (round(font.widths.get(n, 0) * units), 0) for n, name in enumerate(names)})
    builder.setupHorizontalHeader(ascent=round(font.ascent * units), descent=round(font.descent * units))
    builder.font["maxp"].numGlyphs = len(names)
    table = DefaultTable("CFF ")
    table.data = font.program
    builder.font["CFF "] = table
    return builder
