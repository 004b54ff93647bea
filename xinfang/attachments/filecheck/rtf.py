"""The text that Outlook keeps beside or in place of a plain one: RTF, packed (LZFu). Nothing in it is opened."""

import re
from struct import unpack_from

MAX_PACKED_BYTES = 2 * 2**20
"""A long letter has some hundred kilobytes; pictures are files of the mail."""
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What both sides know before the first byte (MS-OXRTFCP 2.1.2.1)."""
_WINDOW = 4096
_PACKED, _PLAIN = b"LZFu", b"MELA"
_EMBEDS = re.compile(rb"\\obj(data|emb|link|autlink|ocx|sub|pub|update|class)\b", re.IGNORECASE)
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_UNSEEN = frozenset((b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer"))
_CODE_PAGES = {936: "gb18030", 20936: "gb18030", 52936: "hz", 54936: "gb18030", 65001: "utf-8", 1200: "utf-16-le"}
_SIGNS = {
    b"par": "\n",
    b"line": "\n",
    b"tab": "\t",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
}


def unpack(packed: bytes) -> bytes:
    """Return the RTF.

    Raises:
        ValueError: it isn't packed so, or is larger than any letter.
    """
    if not 16 <= len(packed) <= MAX_PACKED_BYTES:
        raise ValueError
    size, kind = unpack_from("<I4s", packed, 4)
    if kind == _PLAIN:
        return packed[16 : 16 + size]
    if kind != _PACKED:
        raise ValueError
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b"\0"))
    at, place, found = len(_DICTIONARY), 16, bytearray()
    while place < len(packed):
        flags = packed[place]
        place += 1
        for bit in range(8):
            if place >= len(packed):
                return bytes(found[:size])
            if flags >> bit & 1:
                if place + 2 > len(packed):
                    raise ValueError
                said = packed[place] << 8 | packed[place + 1]
                place += 2
                offset = said >> 4
                if offset == at:
                    return bytes(found[:size])
                for n in range((said & 15) + 2):
                    found.append(window[(offset + n) % _WINDOW])
                    window[at] = found[-1]
                    at = (at + 1) % _WINDOW
            else:
                found.append(packed[place])
                window[at] = packed[place]
                at, place = (at + 1) % _WINDOW, place + 1
    return bytes(found[:size])


def encoding_of(code_page: int) -> str:
    """Return the encoding of a Windows code page; an unknown one counts as Chinese."""
    name = _CODE_PAGES.get(code_page, f"cp{code_page}")
    try:
        "".encode(name)
    except LookupError:
        return "gb18030"
    return name


def embeds(rtf: bytes) -> bool:
    """Tell whether an object of another program is inside; the place of an attached file is none."""
    return _EMBEDS.search(rtf) is not None


def text_of(rtf: bytes, encoding: str) -> str:
    """Return the words. Where hypertext was put into RTF, its signs are left out."""
    words = _Words(encoding)
    for token in _TOKEN.finditer(rtf):
        hexadecimal, control, number, symbol, brace, plain = token.groups()
        if brace:
            words.group(brace == b"{")
        elif hexadecimal:
            words.bytes_(bytes((int(hexadecimal, 16),)))
        elif plain:
            words.bytes_(plain)
        elif control:
            words.control(control, int(number) if number else None)
        elif symbol:
            words.symbol(symbol)
    return words.text()


class _Words:
    """What was read so far. A group begins as the one around it is: unseen or not, so many bytes for a letter."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._found: list[str] = []
        self._bytes = bytearray()
        self._groups: list[tuple[bool, bool, int]] = []
        self._unseen = self._rtf_only = False
        self._instead = 1
        self._skip = 0

    def text(self) -> str:
        self._flush()
        # Signs beyond the first 65,536 are written as two halves.
        text = "".join(self._found).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text.replace("\0", "").strip()

    def group(self, begins: bool) -> None:
        self._flush()
        if begins:
            self._groups.append((self._unseen, self._rtf_only, self._instead))
        elif self._groups:
            self._unseen, self._rtf_only, self._instead = self._groups.pop()

    def bytes_(self, some: bytes) -> None:
        left = some[self._skip :]
        self._skip = max(0, self._skip - len(some))
        if not (self._unseen or self._rtf_only):
            self._bytes += left

    def symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._unseen = True
        else:
            self.bytes_({b"~": b" ", b"_": b"-"}.get(symbol, symbol if symbol in b"\\{}" else b""))

    def control(self, word: bytes, number: int | None) -> None:
        if word in _UNSEEN:
            self._unseen = True
        elif word == b"htmlrtf":
            self._rtf_only = number != 0
        elif word == b"ansicpg" and number:
            self._encoding = encoding_of(number)
        elif word == b"uc":
            self._instead = max(0, min(number or 0, 8))
        elif word == b"u" and number is not None:
            self._put(chr(number & 0xFFFF))
            self._skip = self._instead
        elif word in _SIGNS:
            self._put(_SIGNS[word])

    def _put(self, text: str) -> None:
        if not (self._unseen or self._rtf_only):
            self._flush()
            self._found.append(text)

    def _flush(self) -> None:
        self._found.append(self._bytes.decode(self._encoding, "replace"))
        self._bytes.clear()
