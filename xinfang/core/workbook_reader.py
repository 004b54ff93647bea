"""Reads the sheets of an Excel workbook, as a program of its own: a damaged file may ask for more memory than there is.

    python -I workbook_reader.py MOST_CELLS < file > answer

The answer is JSON: a list of sheets, each with `title`, `hidden`, `rows`, `merged` (areas: top, left, bottom, right,
counted from 0), `swallowed` (numbers of rows that a merged area swallows), `hidden_rows` (how many of them) and
`formats`: whether errors and number formats could be read (of .xlsx and .xls). A cell that isn't a text, a number, a
yes or no, or empty, is [kind, text]: a moment or day in ISO form, an error as Excel shows it, a number shown with
leading zeros as it is shown. Exit code 1 where it can't be read; 2 where a sheet has more cells than MOST_CELLS, then
the answer is the sheet's title. Imports neither Django nor anything of this program.
"""

import io
import json
import posixpath
import re
import resource
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from xml.parsers import expat

MAX_MEMORY_BYTES = 3 * 2**30
MAX_CPU_SECONDS = 60
"""Of the processor, before the system ends it."""
_MAX_COLUMNS = 16_384


def main(argv: list[str]) -> int:
    """Read the workbook on standard input, within its limits of memory and processor, and print the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    most = int(argv[0])
    found = []
    content = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        marks: XlsxMarks | XlsMarks = XlsxMarks(content) if content[:2] == b"PK" else XlsMarks(content)
        for about in book.sheets_metadata:
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            if sheet.total_height * sheet.total_width > most:
                sys.stdout.write(json.dumps(about.name))
                return 2
            merged = sheet.merged_cell_ranges or []
            rows = sheet.to_python(skip_empty_area=False)
            found.append(
                {
                    "title": about.name,
                    "hidden": about.visible is not SheetVisibleEnum.Visible,
                    "merged": [[*first, *last] for first, last in merged],
                    "swallowed": sorted({r for (top, _), (bottom, _) in merged for r in range(top, bottom + 1)}),
                    "hidden_rows": marks.put(about.name, rows),
                    "formats": marks.readable,
                    "rows": rows,
                }
            )
    except Exception:
        # Whatever a broken file does to the library: its words could hold some of the file.
        return 1
    sys.stdout.write(json.dumps(found, default=_spelled))
    return 0


def _spelled(value: Any) -> list[str]:
    if isinstance(value, datetime):
        # The library cuts off; Excel means the nearest second: 23:59:59.999 is the midnight that follows.
        return ["datetime", (value + timedelta(milliseconds=500)).replace(microsecond=0).isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    return ["text", str(value)]


class XlsxMarks:
    """What the library doesn't tell of an .xlsx: errors, numbers shown with leading zeros, hidden rows."""

    def __init__(self, content: bytes) -> None:
        self.readable = False
        self._sheets: dict[str, str] = {}
        self._zeros: dict[int, str] = {}
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(content))
            self._sheets = self._addresses()
            self._zeros = self._styles()
        except (KeyError, ValueError, zipfile.BadZipFile, expat.ExpatError):
            # Another kind of workbook (.ods, .xlsb), or one that only the library understands.
            return
        self.readable = True

    def put(self, title: str, rows: list[list[Any]]) -> int:
        """Set the marks of one sheet into its cells; returns how many of its rows are hidden."""
        if not self.readable or not self._has_marks(self._sheets[title]):
            return 0
        at, column, hidden = -1, -1, 0
        marked: list[tuple[int, int, str, str]] = []
        words: list[str] | None = None
        inside = False

        def start(name: str, given: dict[str, str]) -> None:
            nonlocal at, column, hidden, words, inside
            name = name.rpartition(":")[2]
            inside = name == "v"
            if name == "row":
                at, column = int(given.get("r", at + 2)) - 1, -1
                hidden += given.get("hidden") in ("1", "true")
            elif name == "c":
                column = _column(given["r"]) if "r" in given else column + 1
                kind, style = given.get("t", "n"), int(given.get("s", 0))
                words = [] if kind == "e" else None
                if kind == "n" and style in self._zeros:
                    marked.append((at, column, "zeros", self._zeros[style]))

        def text(data: str) -> None:
            if inside and words is not None:
                words.append(data)

        def end(name: str) -> None:
            nonlocal words, inside
            inside = False
            if name.rpartition(":")[2] == "c" and words is not None:
                marked.append((at, column, "error", "".join(words)))
                words = None

        self._read(self._sheets[title], start, end, text)
        for mark in marked:
            _put(rows, *mark)
        return hidden

    def _has_marks(self, name: str) -> bool:
        """Tell whether it is worth while to read the sheet's cells once more.

        That takes longer than to look for these words.
        """
        if self._zeros:
            return True
        with self._packed.open(name) as part:
            before = b""
            while piece := part.read(1 << 20):
                if _MARK.search(before + piece):
                    return True
                before = piece[-16:]
        return False

    def _addresses(self) -> dict[str, str]:
        targets: dict[str, str] = {}
        titles: dict[str, str] = {}

        def relation(name: str, given: dict[str, str]) -> None:
            if name.rpartition(":")[2] == "Relationship":
                targets[given["Id"]] = posixpath.normpath(posixpath.join("/xl", given["Target"])).lstrip("/")

        def sheet(name: str, given: dict[str, str]) -> None:
            if name.rpartition(":")[2] == "sheet":
                titles[given["name"]] = next(v for k, v in given.items() if k.rpartition(":")[2] == "id")

        self._read("xl/_rels/workbook.xml.rels", relation)
        self._read("xl/workbook.xml", sheet)
        return {title: targets[at] for title, at in titles.items()}

    def _styles(self) -> dict[int, str]:
        """Return the formats of leading zeros, by the number of the style that uses them."""
        codes: dict[str, str] = {}
        used: list[str] = []
        inside = False

        def start(name: str, given: dict[str, str]) -> None:
            nonlocal inside
            name = name.rpartition(":")[2]
            if name == "numFmt":
                codes[given["numFmtId"]] = given.get("formatCode", "")
            elif name == "cellXfs":
                inside = True
            elif name == "xf" and inside:
                used.append(given.get("numFmtId", "0"))

        def end(name: str) -> None:
            nonlocal inside
            inside = inside and name.rpartition(":")[2] != "cellXfs"

        if "xl/styles.xml" in self._packed.namelist():
            self._read("xl/styles.xml", start, end)
        return {n: codes[f] for n, f in enumerate(used) if _ZEROS.fullmatch(codes.get(f, ""))}

    def _read(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        if end:
            parser.EndElementHandler = end
        if text:
            parser.CharacterDataHandler = text
        with self._packed.open(name) as part:
            parser.ParseFile(part)


_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_END, _FORMULA, _BOUNDSHEET, _MULRK, _XF, _NUMBER, _BOOLERR, _ROW, _RK, _FORMAT = (
    0x0A, 0x06, 0x85, 0xBD, 0xE0, 0x0203, 0x0205, 0x0208, 0x027E, 0x041E,
)  # fmt: skip


class XlsMarks:
    """The same of an .xls (BIFF8, since Excel 97), read from its records."""

    def __init__(self, content: bytes) -> None:
        self.readable = False
        self._offsets: dict[str, int] = {}
        self._zeros: dict[int, str] = {}
        try:
            self._stream = _workbook_stream(content)
            self._globals()
        except (KeyError, IndexError, ValueError, struct.error):
            return
        self.readable = bool(self._offsets)

    def _globals(self) -> None:
        formats: dict[int, str] = {}
        used: list[int] = []
        for kind, data in self._records(0):
            if kind == _BOUNDSHEET:
                self._offsets[_words(data[8:], data[6], data[7])] = struct.unpack_from("<I", data)[0]
            elif kind == _FORMAT:
                code, length = struct.unpack_from("<HH", data)
                formats[code] = _words(data[5:], length, data[4])
            elif kind == _XF:
                used.append(struct.unpack_from("<H", data, 2)[0])
        self._zeros = {n: formats[f] for n, f in enumerate(used) if _ZEROS.fullmatch(formats.get(f, ""))}

    def _records(self, at: int) -> Iterator[tuple[int, bytes]]:
        while True:
            kind, length = struct.unpack_from("<HH", self._stream, at)
            if kind == _END:
                return
            yield kind, self._stream[at + 4 : at + 4 + length]
            at += 4 + length

    def put(self, title: str, rows: list[list[Any]]) -> int:
        """Set the marks of one sheet into its cells; returns how many of its rows are hidden."""
        if not self.readable:
            return 0
        hidden = 0
        for kind, data in self._records(self._offsets[title]):
            if kind == _ROW:
                hidden += bool(struct.unpack_from("<H", data, 12)[0] & 0x20)
            elif kind in (_NUMBER, _RK, _FORMULA, _BOOLERR):
                row, column, style = struct.unpack_from("<HHH", data)
                error = _error(kind, data)
                if error is not None:
                    _put(rows, row, column, "error", _ERRORS.get(error, ""))
                elif style in self._zeros:
                    _put(rows, row, column, "zeros", self._zeros[style])
            elif kind == _MULRK:
                row, first = struct.unpack_from("<HH", data)
                for n in range((len(data) - 6) // 6):
                    style = struct.unpack_from("<H", data, 4 + 6 * n)[0]
                    if style in self._zeros:
                        _put(rows, row, first + n, "zeros", self._zeros[style])
        return hidden


def _error(kind: int, data: bytes) -> int | None:
    if kind == _BOOLERR and data[7]:
        return data[6]
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None


def _words(data: bytes, length: int, flags: int) -> str:
    return data[: length * 2].decode("utf-16-le") if flags & 1 else data[:length].decode("latin-1")


def _workbook_stream(content: bytes) -> bytes:
    """Return the stream named Workbook of a compound file.

    Raises:
        ValueError: it can't be found.
        IndexError: the file refers to a sector that isn't in it.
        struct.error: a number in it is cut off.
    """
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    numbers = size // 4

    def sector(n: int) -> bytes:
        return content[(n + 1) * size : (n + 2) * size]

    def chain(table: Sequence[int], start: int) -> list[int]:
        found: list[int] = []
        while start < len(table) and len(found) <= len(table):
            found.append(start)
            start = table[start]
        return found

    fat_at = [n for n in struct.unpack_from("<109I", content, 76) if n < _NO_SECTOR]
    more, left = struct.unpack_from("<II", content, 68)
    while more < _NO_SECTOR and left:
        *some, more = struct.unpack(f"<{numbers}I", sector(more))
        fat_at += [n for n in some if n < _NO_SECTOR]
        left -= 1
    fat: list[int] = []
    for n in fat_at:
        fat += struct.unpack(f"<{numbers}I", sector(n))

    def stream(start: int) -> bytes:
        return b"".join(map(sector, chain(fat, start)))

    folder = stream(struct.unpack_from("<I", content, 48)[0])
    entries = {}
    for at in range(0, len(folder) - 127, 128):
        length = struct.unpack_from("<H", folder, at + 64)[0]
        name = folder[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        entries[name] = struct.unpack_from("<II", folder, at + 116)
    start, length = entries["Workbook"]
    cutoff, small_at = struct.unpack_from("<II", content, 56)
    if length >= cutoff:
        return stream(start)[:length]
    small = stream(small_at)
    table = struct.unpack(f"<{len(small) // 4}I", small)
    inside = stream(entries["Root Entry"][0])
    return b"".join(inside[n * 64 : (n + 1) * 64] for n in chain(table, start))[:length]


_MARK = re.compile(rb"""\bt\s*=\s*["']e["']|\bhidden\s*=""")
_NO_SECTOR = 0xFFFFFFFA
_LITERAL = r'(?:"[^"]*"|\\.|-)*'
_ZEROS = re.compile(rf"({_LITERAL})(0+)({_LITERAL})(?:;.*|@)?", re.DOTALL)


def _column(place: str) -> int:
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter.upper()) - 64
    if not 0 < number <= _MAX_COLUMNS:
        raise ValueError(place)
    return number - 1


def _put(rows: list[list[Any]], row: int, column: int, kind: str, what: str) -> None:
    """Set an error, or a number as its format shows it, into its cell."""
    if not 0 <= row < len(rows):
        return
    cells = rows[row]
    if kind == "error":
        cells.extend("" for _ in range(column + 1 - len(cells)))
        cells[column] = ["error", what or "#?"]
        return
    value, found = cells[column] if column < len(cells) else "", _ZEROS.fullmatch(what)
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**15
    if found and number and float(value).is_integer():
        before, after = (re.sub(r'"([^"]*)"|\\(.)', r"\1\2", found[part]) for part in (1, 3))
        if len(found[2]) > 1 or before or after:
            cells[column] = ["text", f"{before}{int(value):0{len(found[2])}d}{after}"]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
