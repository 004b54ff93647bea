"""Reads the sheets of an Excel workbook. Run as a program of its own, as a damaged file may ask for more memory than there is.

    python -I sheets.py MOST_CELLS < file > answer

The answer is JSON: a list of sheets, each with `title`, `hidden`, `rows`, `swallowed` (numbers of rows that a merged area swallows),
`hidden_rows` (how many of them) and `formats`: whether number formats could be read (only of .xlsx). A cell that isn't a text, a
number, a yes or no, or empty, is [kind, text]: a moment or day in ISO form, an error as Excel shows it, a number shown with
leading zeros as it is shown. Exit code 1 where it can't be read; 2 where a sheet has more cells than MOST_CELLS, then the answer is
the sheet's title. Imports neither Django nor anything of ours.
"""

import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from xml.parsers import expat

MEMORY = 3 * 2**30
SECONDS = 60
"""Of the processor, before the system ends it."""
_MOST_COLUMNS = 16_384


def main(argv: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    most = int(argv[0])
    found = []
    content = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        marks = Marks(content)
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


class Marks:
    """What the library doesn't tell of an .xlsx: errors, numbers shown with leading zeros, hidden rows."""

    def __init__(self, content: bytes) -> None:
        self.readable = False
        self._sheets: dict[str, str] = {}
        self._zeros: dict[int, str] = {}
        if content[:2] != b"PK":
            return
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
        if not self.readable:
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
        """The formats of leading zeros, by the number of the style that uses them."""
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


_LITERAL = r'(?:"[^"]*"|\\.|-)*'
_ZEROS = re.compile(rf"({_LITERAL})(0+)({_LITERAL})(?:;.*|@)?", re.DOTALL)


def _column(place: str) -> int:
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter.upper()) - 64
    if not 0 < number <= _MOST_COLUMNS:
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
    if found and isinstance(value, float) and value.is_integer() and 0 <= value < 10**15:
        before, after = (re.sub(r'"([^"]*)"|\\(.)', r"\1\2", found[part]) for part in (1, 3))
        if len(found[2]) > 1 or before or after:
            cells[column] = ["text", f"{before}{int(value):0{len(found[2])}d}{after}"]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
