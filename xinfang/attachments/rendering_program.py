"""Draws one page of a picture, a PDF or an OFD, as a program of its own: files of strangers may hang or kill it.

    python -I rendering_program.py KIND PAGE LONGEST TURNED [low] < file > answer

KIND is a code of `filecheck.KINDS`; PAGE counts from 1, and 0 only counts the pages; LONGEST is the longer side in
pixels; TURNED is 0, 90, 180 or 270 degrees clockwise; with `low`, every other process goes first. The answer is one
line of JSON, {"pages": n, "text": "…", "written": "…"} with the text that a page of a document holds by itself and what
was written into its fields and over it, and then the page as JPEG. Exit code 1 where it can't be drawn. Imports no
Django, and of this program only what reads OFD.
"""

import io
import json
import os
import resource
import sys
from typing import Any

MAX_MEMORY_BYTES = 3 * 2**30
MAX_CPU_SECONDS = 25
"""Of the processor, before the system ends it."""
MAX_TEXT_CHARACTERS = 50_000
_MAX_REMARKS = 5000
"""Fields and remarks of one page that are read for search; all of them are drawn."""
_MAX_VALUE_BYTES = 2**24
"""Bytes of one value."""
_MAX_PIXELS = 110_000_000
"""Slightly more than `filecheck` takes; a picture inside a PDF was never measured."""


def main(argv: list[str]) -> int:
    """Draw as the arguments say, within the limits of memory and time; return the exit code."""
    kind, page, longest, turned = argv[0], int(argv[1]), int(argv[2]), int(argv[3])
    if "low" in argv:
        os.nice(19)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        said, picture = {"pdf": _pdf, "ofd": _ofd}.get(kind, _picture)(data, page, longest)
    except Exception:
        # A broken file may raise anything, and the exception's words could hold some of the file.
        return 1
    head = json.dumps(said).encode() + b"\n"
    sys.stdout.buffer.write(head + (_jpeg(picture, longest, turned) if picture is not None else b""))
    return 0


def _ofd(data: bytes, page: int, longest: int) -> tuple[dict[str, Any], Any]:
    from xinfang.attachments import ofd_pages

    pages = ofd_pages.page_count(data)
    if not page:
        return {"pages": pages, "text": "", "written": ""}, None
    said, picture = _pdf(ofd_pages.as_pdf(data, (page,)), 1, longest)
    return {**said, "pages": pages}, picture


def _pdf(data: bytes, page: int, longest: int) -> tuple[dict[str, Any], Any]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if page:
        _show_fields(document)
    pages = len(document)
    if not page:
        return {"pages": pages, "text": "", "written": ""}, None
    sheet = document[page - 1]
    text = sheet.get_textpage().get_text_bounded()[:MAX_TEXT_CHARACTERS]
    written = _written(document, sheet)
    width, height = sheet.get_size()
    scale = longest / max(width, height, 1)
    picture = sheet.render(scale=min(scale, 20), may_draw_forms=True).to_pil()
    return {"pages": pages, "text": text, "written": written}, picture


def _show_fields(document: Any) -> None:
    """Have fields and seals drawn.

    Also where the file has lost the list of them, and where a field's look was left to its reader. Nothing of a form
    runs: no program is called for its scripts (there is no platform for them), and none of its actions is asked for.

    Raises:
        ValueError: PDFium doesn't open the form.
    """
    import pypdfium2
    from pypdfium2 import raw

    # `init_forms` does nothing for a file without a list of fields, and would let XFA in where a build can do it.
    config = raw.FPDF_FORMFILLINFO(version=2, xfa_disabled=True)
    form = raw.FPDFDOC_InitFormFillEnvironment(document, config)
    if not form:
        raise ValueError("no form")
    document.formenv = pypdfium2.PdfFormEnv(form, config)


def _written(document: Any, sheet: Any) -> str:
    """Return what fields hold and remarks say, one a line, for search to find; nothing hidden, and no password."""
    from pypdfium2 import raw

    lines: dict[str, None] = {}
    left = MAX_TEXT_CHARACTERS
    for n in range(min(raw.FPDFPage_GetAnnotCount(sheet), _MAX_REMARKS)):
        note = raw.FPDFPage_GetAnnot(sheet, n)
        if not note:
            continue
        try:
            if not raw.FPDFAnnot_GetFlags(note) & raw.FPDF_ANNOT_FLAG_HIDDEN:
                for said in _said(document.formenv, note, left):
                    lines.setdefault(said)
                    left -= len(said) + 1
        finally:
            raw.FPDFPage_CloseAnnot(note)
        if left <= 0:
            break
    return "\n".join(lines)[:MAX_TEXT_CHARACTERS]


def _said(form: Any, note: Any, most: int) -> list[str]:
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetSubtype(note)
    if kind in (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_TEXT):
        return _line(lambda *into: raw.FPDFAnnot_GetStringValue(note, b"Contents", *into), most)
    if kind != raw.FPDF_ANNOT_WIDGET:
        return []
    field = raw.FPDFAnnot_GetFormFieldType(form, note)
    if field in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        options = range(min(raw.FPDFAnnot_GetOptionCount(form, note), _MAX_REMARKS))
        chosen = [n for n in options if raw.FPDFAnnot_IsOptionSelected(form, note, n)]
        labels = [_line(lambda *into, n=n: raw.FPDFAnnot_GetOptionLabel(form, note, n, *into), most) for n in chosen]
        if labels:
            return [line for label in labels for line in label]
    elif field != raw.FPDF_FORMFIELD_TEXTFIELD:
        return []
    if raw.FPDFAnnot_GetFormFieldFlags(form, note) & raw.FPDF_FORMFLAG_TEXT_PASSWORD:
        return []
    return _line(lambda *into: raw.FPDFAnnot_GetFormFieldValue(form, note, *into), most)


def _line(ask: Any, most: int) -> list[str]:
    """Return the words that PDFium gives for this question, in a list of one; an empty list where there are none."""
    import ctypes

    size = ask(None, 0)
    if not 2 < size <= _MAX_VALUE_BYTES:
        return []
    room = ctypes.create_string_buffer(size)
    # PDFium counts bytes of UTF-16 with the zero at its end.
    ask(ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)), size)
    words = " ".join(room.raw[: size - 2].decode("utf-16-le", "replace").split())
    return [words[:most]] if words else []


def _picture(data: bytes, page: int, longest: int) -> tuple[dict[str, Any], Any]:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _MAX_PIXELS
    picture: Any = Image.open(io.BytesIO(data))
    # An animation is one picture: its first.
    pages = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    said = {"pages": pages, "text": "", "written": ""}
    if not page:
        return said, None
    if page > pages:
        raise ValueError(page)
    if pages > 1:
        picture.seek(page - 1)
    if picture.width * picture.height > _MAX_PIXELS:
        raise ValueError("too large")
    # A large photograph is read at a fraction of its size at once.
    picture.draft("RGB", (longest, longest))
    # Phones write down how they were held; that is the upright page.
    return said, ImageOps.exif_transpose(picture)


def _jpeg(picture: Any, longest: int, turned: int) -> bytes:
    from PIL import Image

    picture = _with_greys(picture)
    picture.thumbnail((longest, longest), reducing_gap=2.0)
    if picture.mode in ("RGBA", "LA"):
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    picture = picture.convert("RGB")
    if turned:
        turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
        picture = picture.transpose(turns[turned])
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=85)
    return target.getvalue()


def _with_greys(picture: Any) -> Any:
    """Turn a picture of only black and white, or of colours by number, into one that can be made smaller.

    Otherwise whole strokes would be dropped.
    """
    if picture.mode.startswith("I"):
        return _of_eight_bits(picture)
    if "transparency" in picture.info or picture.mode == "PA":
        return picture.convert("RGBA")
    return picture.convert({"1": "L", "P": "RGB"}.get(picture.mode, picture.mode))


def _of_eight_bits(picture: Any) -> Any:
    """Turn sixteen bits of grey into eight, also where one grey means no colour.

    Pillow would cut off all above 255 instead of dividing.
    """
    from PIL import Image, ImageMath

    whole, clear = picture.convert("I"), picture.info.get("transparency")
    grey = whole.point(lambda value: value / 256).convert("L")
    if not isinstance(clear, int):
        return grey
    seen = ImageMath.lambda_eval(lambda given: given["convert"]((given["whole"] != clear) * 255, "L"), whole=whole)
    return Image.merge("LA", (grey, seen))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
