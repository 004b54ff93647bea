"""The pictures of an OFD as PDF has them."""

import io
from typing import Any

import pikepdf
from pikepdf import Name


def pdf_image(pdf: pikepdf.Pdf, data: bytes) -> Any:
    """Return a picture as PDF has it: a scan of only black and white as it is, everything else as its colours."""
    from PIL import Image

    if data.startswith(b"\x97JB2"):
        return _scan(pdf, data)
    picture: Any = Image.open(io.BytesIO(data))
    picture.load()
    mask = None
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        mask = _stream(pdf, picture.getchannel("A"), Name.DeviceGray)
    grey = picture.mode in ("1", "L")
    found = _stream(pdf, picture.convert("L" if grey else "RGB"), Name.DeviceGray if grey else Name.DeviceRGB)
    if mask is not None:
        found.SMask = mask
    return found


def _stream(pdf: pikepdf.Pdf, picture: Any, space: Any) -> Any:
    size = {"Width": picture.width, "Height": picture.height, "BitsPerComponent": 8}
    return pdf.make_stream(picture.tobytes(), Type=Name.XObject, Subtype=Name.Image, ColorSpace=space, **size)


def _scan(pdf: pikepdf.Pdf, data: bytes) -> Any:
    """Return a picture in JBIG2 (ISO 14492) without the head of its file; its size is in the segment of its page.

    Raises:
        ValueError: it doesn't begin with that.
    """
    body = data[9 if data[8] & 2 else 13 :]
    if body[4] & 0x3F != 48:
        raise ValueError("a scan without its page")
    width, height = (int.from_bytes(body[n : n + 4], "big") for n in (11, 15))
    return pdf.make_stream(
        body, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=1,
        ColorSpace=Name.DeviceGray, Filter=Name.JBIG2Decode,
    )  # fmt: skip
