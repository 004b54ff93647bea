"""Images: told by their first bytes; how large they claim to be is read from their headers, nothing is drawn.

A small file can ask for gigabytes once it is drawn (a decompression bomb), so more than 100 megapixels are refused; A3
at 600 dpi has 70.
"""

from collections.abc import Iterator
from struct import error as StructError
from struct import unpack_from

from xinfang.attachments.filecheck import mpeg4_boxes

from .kinds import NotAccepted

MAX_PIXELS = 100_000_000
MAX_SIDE_PIXELS = 30_000
MAX_TIFF_PAGES = 1000
"""Pages of one TIFF."""
_NOT_SIZES = (0xC4, 0xC8, 0xCC)
_HEIC = {b"heic", b"heix", b"hevc", b"heim", b"heis"}
_AVIF = {b"avif", b"avis"}
_OF_ALL = (b"mif1", b"msf1")

ImageSize = tuple[int, int]


def file_type_of(data: bytes) -> str | None:
    """Return the code of an image's kind, or None where it is none."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "tiff"
    if data[4:8] == b"ftyp":
        # The first brand may be one of all such pictures; those it goes with tell which it is.
        first, brands = data[8:12], mpeg4_boxes.brands(data)
        if first in _AVIF or (first in _OF_ALL and _AVIF & brands and not _HEIC & brands):
            return "avif"
        if first in _HEIC or first in _OF_ALL:
            return "heic"
    if data.startswith(b"BM") and len(data) > 30 and unpack_from("<I", data, 14)[0] in (12, 40, 52, 56, 64, 108, 124):
        return "bmp"
    return None


def check_content(data: bytes, code: str) -> None:
    """Refuse an image that has no size, or too large a one.

    Raises:
        NotAccepted: it is damaged, too large, or has too many pages.
    """
    try:
        sizes = list(_SIZES[code](data))
    except (StructError, IndexError):
        sizes = []
    if not sizes or any(min(size) < 1 for size in sizes):
        raise NotAccepted("图片不完整或已损坏，读不出宽和高。请重新扫描、拍照或导出后再上传。")
    if len(sizes) > MAX_TIFF_PAGES and code == "tiff":
        raise NotAccepted(f"这份 TIFF 超过 {MAX_TIFF_PAGES} 页。请拆成几个文件，或转成 PDF 后再上传。")
    for width, height in sizes:
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PIXELS:
            raise NotAccepted(
                f"图片有 {width}×{height} 像素，超过一亿像素或单边 {MAX_SIDE_PIXELS} 像素的上限，打开时可能使电脑死机。"
                "请用较低的分辨率重新扫描（A3 纸 600 dpi 以内即可）。"
            )


def _png(data: bytes) -> Iterator[ImageSize]:
    if data[12:16] == b"IHDR" and b"IEND" in data:
        yield unpack_from(">II", data, 16)


def _jpg(data: bytes) -> Iterator[ImageSize]:
    place = 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            place += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _NOT_SIZES:
            height, width = unpack_from(">HH", data, place + 5)
            yield width, height
            return
        elif marker in (0xD9, 0xDA):
            return
        else:
            place += 2 + max(2, unpack_from(">H", data, place + 2)[0])


def _gif(data: bytes) -> Iterator[ImageSize]:
    yield unpack_from("<HH", data, 6)


def _bmp(data: bytes) -> Iterator[ImageSize]:
    if unpack_from("<I", data, 14)[0] == 12:
        yield unpack_from("<HH", data, 18)
    else:
        width, height = unpack_from("<ii", data, 18)
        yield abs(width), abs(height)


def _webp(data: bytes) -> Iterator[ImageSize]:
    chunk = data[12:16]
    if len(data) < 30:
        return
    if chunk == b"VP8X":
        yield 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    elif chunk == b"VP8L" and data[20] == 0x2F:
        bits = unpack_from("<I", data, 21)[0]
        yield 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = unpack_from("<HH", data, 26)
        yield width & 0x3FFF, height & 0x3FFF


def _tiff(data: bytes) -> Iterator[ImageSize]:
    order = "<" if data[:2] == b"II" else ">"
    place, seen = unpack_from(order + "I", data, 4)[0], set[int]()
    while place and place not in seen and len(seen) <= MAX_TIFF_PAGES:
        seen.add(place)
        size = {}
        entries = unpack_from(order + "H", data, place)[0]
        for n in range(entries):
            tag, form, _count = unpack_from(order + "HHI", data, place + 2 + 12 * n)
            if tag in (256, 257):
                size[tag] = unpack_from(order + ("H" if form == 3 else "I"), data, place + 10 + 12 * n)[0]
        yield size.get(256, 0), size.get(257, 0)
        place = unpack_from(order + "I", data, place + 2 + 12 * entries)[0]


def _heic(data: bytes) -> Iterator[ImageSize]:
    # Every stored picture and tile has an `ispe` box: size, type, version, width, height. The whole one is the largest.
    place = data.find(b"ispe")
    while place >= 0:
        yield unpack_from(">II", data, place + 8)
        place = data.find(b"ispe", place + 4, 1 << 20)


_SIZES = {
    "jpg": _jpg,
    "png": _png,
    "gif": _gif,
    "bmp": _bmp,
    "webp": _webp,
    "tiff": _tiff,
    "heic": _heic,
    "avif": _heic,
}
