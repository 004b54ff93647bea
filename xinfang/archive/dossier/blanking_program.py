"""Draws the pages of a PDF or an OFD that hold some words, with these words blanked, as a program of its own.

    python -I blanking_program.py LONGEST TURNED < words, a line end, then the file > answer

LONGEST is the longer side in pixels, TURNED 0, 90, 180 or 270 degrees clockwise. The words come with the file, as
everybody on the machine can read arguments. They are found across gaps and line ends. The answer is one line of JSON,
[[page, bytes], …] with pages counted from 1, then these pages as JPEG, one behind the other. Exit code 1 where the file
can't be read. Imports no Django, and of this program only what reads OFD.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

_MAX_MEMORY_BYTES = 3 * 2**30
_MAX_CPU_SECONDS = 60
_MARGIN = 1.5
"""Points around a character that are blanked with it."""


def main(argv: list[str]) -> int:
    """Answer as the arguments say, within the limits of memory and time; return the exit code."""
    longest, turned = int(argv[0]), int(argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_MAX_CPU_SECONDS, _MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    words, _, data = sys.stdin.buffer.read().partition(b"\n")
    try:
        if data.startswith(b"PK"):
            from xinfang.attachments.ofd_pages import as_pdf

            data = as_pdf(data)
        found = list(_blanked(data, words.decode(), longest, turned))
    except Exception:
        # A broken file may raise anything, and the exception's words could hold some of the file.
        return 1
    sys.stdout.buffer.write(json.dumps([[page, len(jpeg)] for page, jpeg in found]).encode() + b"\n")
    for _, jpeg in found:
        sys.stdout.buffer.write(jpeg)
    return 0


def _blanked(data: bytes, words: str, longest: int, turned: int) -> Iterator[tuple[int, bytes]]:
    import pypdfium2
    from PIL import ImageDraw

    for number, sheet in enumerate(pypdfium2.PdfDocument(data), 1):
        boxes = list(_boxes(sheet.get_textpage(), words))
        if not boxes:
            continue
        width, height = sheet.get_size()
        scale = min(longest / max(width, height, 1), 20)
        page = sheet.render(scale=scale)
        place = page.get_posconv(sheet)
        picture = page.to_pil().convert("RGB")
        paint = ImageDraw.Draw(picture)
        for left, low, right, high in boxes:
            corners = [place.to_bitmap(x, y) for x, y in ((left, low), (right, high))]
            (x1, x2), (y1, y2) = (sorted(c[axis] for c in corners) for axis in (0, 1))
            more = _MARGIN * scale
            paint.rectangle((x1 - more, y1 - more, x2 + more, y2 + more), fill="white")
        target = io.BytesIO()
        picture.rotate(-turned, expand=True).save(target, "JPEG", quality=88)
        yield number, target.getvalue()


def _boxes(text: Any, words: str) -> Iterator[tuple[float, float, float, float]]:
    """Yield where each character of these words stands."""
    marks = [(mark, n) for n in range(text.count_chars()) if (mark := text.get_text_range(n, 1).strip())]
    line = "".join(mark for mark, _ in marks)
    at = line.find(words)
    while at >= 0:
        for _, n in marks[at : at + len(words)]:
            yield text.get_charbox(n)
        at = line.find(words, at + len(words))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
