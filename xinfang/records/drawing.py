"""Draws one page of a picture or PDF. Run as a program of its own, as files of strangers may hang or kill who draws them.

    python -I drawing.py KIND PAGE LONGEST TURNED [low] < file > answer

KIND is a code of `filecheck.KINDS`; PAGE counts from 1, and 0 only counts the pages; LONGEST is the longer side in pixels;
TURNED is 0, 90, 180 or 270 degrees clockwise; `low` gives way to everybody else. The answer is one line of JSON, {"pages": n, "text": "…"} with the text that a
PDF page holds by itself, and then the page as JPEG. Exit code 1 where it can't be drawn. Imports neither Django nor anything of ours.
"""

import io
import json
import os
import resource
import sys
from typing import Any

MEMORY = 3 * 2**30
SECONDS = 25
"""Of the processor, before the system ends it."""
MOST_TEXT = 50_000
_PIXELS = 110_000_000
"""Slightly more than `filecheck` takes; a picture inside a PDF was never measured."""


def main(argv: list[str]) -> int:
    kind, page, longest, turned = argv[0], int(argv[1]), int(argv[2]), int(argv[3])
    if "low" in argv:
        os.nice(19)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        pages, text, picture = (_pdf if kind == "pdf" else _picture)(data, page, longest)
    except Exception:
        # Whatever a broken file does to a library: its words could hold some of the file.
        return 1
    head = json.dumps({"pages": pages, "text": text}).encode() + b"\n"
    sys.stdout.buffer.write(head + (_jpeg(picture, longest, turned) if picture is not None else b""))
    return 0


def _pdf(data: bytes, page: int, longest: int) -> tuple[int, str, Any]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    pages = len(document)
    if not page:
        return pages, "", None
    sheet = document[page - 1]
    text = sheet.get_textpage().get_text_bounded()[:MOST_TEXT]
    width, height = sheet.get_size()
    scale = longest / max(width, height, 1)
    picture = sheet.render(scale=min(scale, 20), may_draw_forms=False).to_pil()
    return pages, text, picture


def _picture(data: bytes, page: int, longest: int) -> tuple[int, str, Any]:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _PIXELS
    picture: Any = Image.open(io.BytesIO(data))
    # An animation is one picture: its first.
    pages = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    if not page:
        return pages, "", None
    if page > pages:
        raise ValueError(page)
    if pages > 1:
        picture.seek(page - 1)
    if picture.width * picture.height > _PIXELS:
        raise ValueError("too large")
    # A large photograph is read at a fraction of its size at once.
    picture.draft("RGB", (longest, longest))
    # Phones write down how they were held; that is the upright page.
    return pages, "", ImageOps.exif_transpose(picture)


def _jpeg(picture: Any, longest: int, turned: int) -> bytes:
    from PIL import Image

    picture.thumbnail((longest, longest), reducing_gap=2.0)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    picture = picture.convert("RGB")
    if turned:
        turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
        picture = picture.transpose(turns[turned])
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=85)
    return target.getvalue()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
