"""The fonts of a PDF as OpenType files, which OFD asks for (GB/T 33190-2016, 11.1), with the characters they draw.

A PDF holds a font without the tables that say which character is which glyph. They are put around it here, by hand:
fontTools would take longer for them than everything else of an OFD together. The glyphs keep their numbers, and the
same font gives the same bytes.
"""

import io
import struct
from collections.abc import Mapping

from fontTools.cffLib import CFFFontSet

from xinfang.papers.ofd.printed_pages import EmbeddedFont

_WINDOWS_UNICODE = (3, 1)
_WINDOWS_WHOLE_UNICODE = (3, 10)
_ENGLISH = 0x409
_HEAD_CHECKSUM_AT = 8
"""Where in `head` the checksum of the whole file is."""


def characters(font: EmbeddedFont) -> dict[str, int]:
    """Return the glyph by which each character is drawn; where there are several, the first."""
    found: dict[str, int] = {}
    for glyph, said in font.text.items():
        if len(said) == 1:
            found.setdefault(said, glyph)
    return found


def font_file(font: EmbeddedFont) -> bytes:
    """Return the same glyphs under the same numbers as an OpenType file."""
    tables = _tables_of(font.program) if font.is_truetype else _around_cff(font)
    glyphs = {ord(char): glyph for char, glyph in sorted(characters(font).items())}
    units = int.from_bytes(tables["head"][18:20], "big")
    tables |= {"cmap": _cmap(glyphs), "name": _name(font.name), "OS/2": _os2(font, units, glyphs), "post": _post()}
    return _sfnt(b"\0\1\0\0" if font.is_truetype else b"OTTO", tables)


def _tables_of(program: bytes) -> dict[str, bytes]:
    """Return the tables of a font in TrueType."""
    (count,) = struct.unpack(">H", program[4:6])
    entries = (struct.unpack(">4s4x2I", program[n : n + 16]) for n in range(12, 12 + 16 * count, 16))
    return {tag.decode(): program[at : at + size] for tag, at, size in entries}


def _around_cff(font: EmbeddedFont) -> dict[str, bytes]:
    """Return the tables that a bare CFF needs to be measured and placed."""
    cff = CFFFontSet()
    cff.decompile(io.BytesIO(font.program), None)
    units = round(1 / cff[0].FontMatrix[0])
    widths = [round(font.widths.get(n, 0) * units) for n in range(len(cff[0].CharStrings.charStringsIndex))]
    left, low, right, high = (round(v * units) for v in font.box)
    ascent, descent = round(font.ascent * units), round(font.descent * units)
    return {
        "CFF ": font.program,
        # Version, revision, checksum, magic, flags, units, made, changed, box, style, size, direction, two formats.
        "head": struct.pack(
            ">4I2H2q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, units, 0, 0, left, low, right, high, 0, 8, 2, 0, 0
        ),
        # Version, ascent, descent, gap, widest, smallest sides, extent, an upright caret, the number of widths.
        "hhea": struct.pack(
            ">I3hH3h3h4hhH", 0x10000, ascent, descent, 0, max(widths), 0, 0, right, 1, 0, 0, *[0] * 5, len(widths)
        ),
        "hmtx": b"".join(struct.pack(">Hh", width, 0) for width in widths),
        "maxp": struct.pack(">IH", 0x5000, len(widths)),
    }


def _cmap(glyphs: Mapping[int, int]) -> bytes:
    """Return which glyph each character is, by its code: those below 65,536 for every reader, and then all."""
    low = {code: glyph for code, glyph in glyphs.items() if code < 0xFFFF}
    # Each character is a segment of its own, and the last one ends the table.
    count = len(low) + 1
    ends = struct.pack(f">{count}H", *low, 0xFFFF)
    deltas = struct.pack(f">{count}H", *((glyph - code) % 0x10000 for code, glyph in low.items()), 1)
    power = 1 << (count.bit_length() - 1)
    search = (2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    short = struct.pack(">7H", 4, 16 + 8 * count, 0, *search) + ends + b"\0\0" + ends + deltas + bytes(2 * count)
    groups = b"".join(struct.pack(">3I", code, code, glyph) for code, glyph in glyphs.items())
    long = struct.pack(">2H3I", 12, 0, 16 + len(groups), 0, len(glyphs)) + groups
    head = struct.pack(">2H", 0, 2)
    head += struct.pack(">2HI", *_WINDOWS_UNICODE, 20) + struct.pack(">2HI", *_WINDOWS_WHOLE_UNICODE, 20 + len(short))
    return head + short + long


def _name(name: str) -> bytes:
    """Return the names of the font: family, style, whole name, and that for PostScript."""
    said = {1: name, 2: "Regular", 4: name, 6: name}
    texts = {ident: text.encode("utf-16-be") for ident, text in said.items()}
    records, at = b"", 0
    for ident, text in texts.items():
        records += struct.pack(">6H", *_WINDOWS_UNICODE, _ENGLISH, ident, len(text), at)
        at += len(text)
    return struct.pack(">3H", 0, len(texts), 6 + 12 * len(texts)) + records + b"".join(texts.values())


def _os2(font: EmbeddedFont, units: int, glyphs: Mapping[int, int]) -> bytes:
    ascent, descent = round(font.ascent * units), round(-font.descent * units)
    codes = [min(code, 0xFFFF) for code in glyphs] or [0]
    # Version, average width, weight, width, rights (to embed in what is read and printed), then of signs above and
    # below, of a line through, class; panose; ranges; vendor; style; first and last character; heights twice; ranges.
    return (
        struct.pack(">Hh3H11h", 4, units, 400, 5, 4, *[0] * 11)
        + bytes(10 + 16)
        + b"    "
        + struct.pack(">3H3h2H", 0x40, min(codes), max(codes), ascent, -descent, 0, ascent, descent)
        + bytes(8 + 4)
        + struct.pack(">3H", 0, 0x20, 1)
    )


def _post() -> bytes:
    """Return a table without names of glyphs."""
    return struct.pack(">I", 0x30000) + bytes(28)


def _sfnt(kind: bytes, tables: Mapping[str, bytes]) -> bytes:
    """Return the file: its directory, then the tables, each at a multiple of four, in the order of their names."""
    power = 1 << (len(tables).bit_length() - 1)
    head = kind + struct.pack(">4H", len(tables), 16 * power, power.bit_length() - 1, 16 * (len(tables) - power))
    directory, body, start = b"", b"", len(head) + 16 * len(tables)
    for tag, data in sorted(tables.items()):
        if tag == "head":
            data = data[:_HEAD_CHECKSUM_AT] + bytes(4) + data[_HEAD_CHECKSUM_AT + 4 :]
            checksum_at = start + len(body) + _HEAD_CHECKSUM_AT
        padded = data + bytes(-len(data) % 4)
        directory += struct.pack(">4s3I", tag.encode(), _checksum(padded), start + len(body), len(data))
        body += padded
    whole = bytearray(head + directory + body)
    whole[checksum_at : checksum_at + 4] = ((0xB1B0AFBA - _checksum(bytes(whole))) % 2**32).to_bytes(4, "big")
    return bytes(whole)


def _checksum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) % 2**32
