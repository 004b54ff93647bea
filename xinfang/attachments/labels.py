"""The label on a paper original: its case's number as a QR code, drawn and read back; no personal data is in it."""

import io
import re

import segno
from PIL import Image

_NUMBER = re.compile(r"XINFANG:([A-Z]{2}[0-9]{10})")
MAX_SIDE = 2400
"""Pixels of the longer side at which a page is looked at."""


def label_svg(number: str) -> str:
    """Return the QR code of a case's number as an SVG, for the page."""
    out = io.BytesIO()
    segno.make(f"XINFANG:{number}", error="q", micro=False).save(
        out, kind="svg", scale=4, border=4, light="#fff", xmldecl=False
    )
    return out.getvalue().decode()


def number_on(picture: bytes) -> str:
    """Return the number on the label that a page shows; empty where there is none, or nothing here can read one.

    Reading needs the library that comes with the reading of scans (`ocr` in pyproject.toml). `picture` is a JPEG that
    this program drew itself.
    """
    try:
        import cv2
        import numpy
    except ImportError:
        return ""
    with Image.open(io.BytesIO(picture)) as page:
        grey = numpy.asarray(page.convert("L"))
    said, _, _ = cv2.QRCodeDetector().detectAndDecode(grey)
    found = _NUMBER.fullmatch(said or "")
    return found[1] if found else ""
