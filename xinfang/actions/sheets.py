"""Reads the sheets of an Excel workbook. Run as a program of its own, as a damaged file may ask for more memory than there is.

    python -I sheets.py MOST_CELLS < file > answer

The answer is JSON: a list of [title, rows, numbers of rows that a merged area swallows]; a cell that isn't a text, a number, a yes or
no, or empty, is [kind, text in ISO form]. Exit code 1 where it can't be read; 2 where a sheet has more cells than MOST_CELLS, then the answer
is the sheet's title. Imports neither Django nor anything of ours.
"""

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any

MEMORY = 3 * 2**30
SECONDS = 60
"""Of the processor, before the system ends it."""


def main(argv: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook

    most = int(argv[0])
    found = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for title in book.sheet_names:
            sheet = book.get_sheet_by_name(title)
            if sheet.total_height * sheet.total_width > most:
                sys.stdout.write(json.dumps(title))
                return 2
            merged = sheet.merged_cell_ranges or []
            swallowed = sorted({r for (top, _), (bottom, _) in merged for r in range(top, bottom + 1)})
            found.append((title, sheet.to_python(skip_empty_area=False), swallowed))
    except Exception:
        # Whatever a broken file does to the library: its words could hold some of the file.
        return 1
    sys.stdout.write(json.dumps(found, default=_spelled))
    return 0


def _spelled(value: Any) -> list[str]:
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    return ["text", str(value)]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
