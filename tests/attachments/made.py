"""Real files, made here byte by byte: what an office gets, and what somebody might try."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping


def png(width: int = 8, height: int = 8) -> bytes:
    """A real picture; a large one only says that it is large."""
    rows = b"".join(b"\0" + b"\x7f" * (width * 3) for _ in range(height)) if width * height < 10**6 else b"\0"
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(rows)),
            (b"IEND", b""),
        )
    )


def png16(value: int, clear: int | None = None, side: int = 50) -> bytes:
    """One grey of sixteen bits; `clear` is the grey that is no colour at all."""
    rows = (b"\0" + struct.pack(">H", value) * side) * side
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 16, 0, 0, 0, 0))]
    chunks += [(b"tRNS", struct.pack(">H", clear))] if clear is not None else []
    chunks += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def tiff16(value: int, side: int = 50) -> bytes:
    """One grey of sixteen bits, the higher byte first, as scanners of Macs write it."""
    rows = struct.pack(">H", value) * side * side
    short = {256: side, 257: side, 258: 16, 259: 1, 262: 1, 277: 1, 278: side}
    fields = [(tag, struct.pack(">HHIHH", tag, 3, 1, n, 0)) for tag, n in short.items()]
    fields += [(tag, struct.pack(">HHII", tag, 4, 1, n)) for tag, n in ((273, 8), (279, len(rows)))]
    directory = struct.pack(">H", len(fields)) + b"".join(field for _, field in sorted(fields)) + b"\0\0\0\0"
    return b"MM\0*" + struct.pack(">I", 8 + len(rows)) + rows + directory


def jpg(width: int = 16, height: int = 16, comment: bytes = b"") -> bytes:
    note = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment if comment else b""
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    start = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        + note
        + b"\xff\xc0"
        + frame
        + start
        + b"\x12\xff\xd9"
    )


def gif(width: int = 4, height: int = 4) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


def bmp(width: int = 2, height: int = 2) -> bytes:
    body = b"\0" * (8 * 2)
    return (
        b"BM"
        + struct.pack("<IHHIIiiHHIIiiII", 54 + len(body), 0, 0, 54, 40, width, height, 1, 24, 0, len(body), 0, 0, 0, 0)
        + body
    )


def webp(width: int = 5, height: int = 7) -> bytes:
    body = (
        b"WEBPVP8X"
        + struct.pack("<I", 10)
        + b"\0\0\0\0"
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff(width: int = 3, height: int = 3, order: str = "<") -> bytes:
    fields = struct.pack(order + "HHHIHH", 2, 256, 3, 1, width, 0) + struct.pack(order + "HHIHH", 257, 3, 1, height, 0)
    if order == "<":
        return b"II*\0" + struct.pack("<I", 8) + fields + struct.pack("<I", 0)
    return b"MM\0*" + struct.pack(">I", 8) + fields + struct.pack(">I", 0)


def heic(width: int = 4032, height: int = 3024) -> bytes:
    brand = b"ftypheic\0\0\0\0mif1heic"
    size = b"ispe\0\0\0\0" + struct.pack(">II", width, height)
    return struct.pack(">I", len(brand) + 4) + brand + struct.pack(">I", len(size) + 4) + size


def mp4(brand: bytes = b"isom", tail: bytes = b"\0\0\0\x08moov") -> bytes:
    return struct.pack(">I", 16) + b"ftyp" + brand + b"\0\0\0\0" + tail


def mp3() -> bytes:
    return (b"\xff\xfb\x90\x00" + b"\0" * 413) * 4


def aac() -> bytes:
    return (b"\xff\xf1\x50\x80\x0c\x9f\xfc" + b"\0" * 93) * 5


def avif(width: int = 64, height: int = 48) -> bytes:
    """By the library that draws it."""
    from PIL import Image

    whole = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(whole, "AVIF")
    return whole.getvalue()


def wav() -> bytes:
    body = b"WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\4\0\0\0\0\0\0\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(inside: bytes = b"", *, end: bytes = b"%%EOF\n") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R "
        + inside
        + b">>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\nxref\n0 1\n0000000000 65535 f \n"
        b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n" + end
    )


def pdf_with_packed_objects(inside: bytes, *, filters: bytes = b"/FlateDecode") -> bytes:
    packed = zlib.compress(inside, 9)
    stream = (
        b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter " % len(packed)
        + filters
        + b" >>\nstream\r\n"
        + packed
        + b"\nendstream\nendobj\n"
    )
    return pdf().replace(b"xref\n", stream + b"xref\n", 1)


TYPES = '<?xml version="1.0"?><Types><Override PartName="/{part}" ContentType="application/vnd.{type}+xml"/></Types>'
WORD = "openxmlformats-officedocument.wordprocessingml.document.main"
SHEET = "openxmlformats-officedocument.spreadsheetml.sheet.main"
SLIDES = "openxmlformats-officedocument.presentationml.presentation.main"


def package(parts: Mapping[str, bytes], *, type: str = WORD, stored: bool = False) -> bytes:
    """A document that is a zip archive inside."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(part="word/document.xml", type=type))
        for name, content in parts.items():
            archive.writestr(name, content)
    return whole.getvalue()


def docx(**more: bytes) -> bytes:
    parts = {"word/document.xml": "<w:document>请求说明补助发放情况</w:document>".encode()}
    return package({**parts, **{name.replace("__", "/"): content for name, content in more.items()}})


def xlsx() -> bytes:
    """By the library the reports are written with."""
    import xlsxwriter

    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole) as book:
        book.add_worksheet().write(0, 0, "补助")
    return whole.getvalue()


def ofd() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("OFD.xml", "<ofd:OFD/>")
        archive.writestr("Doc_0/Document.xml", "<ofd:Document/>")
    return whole.getvalue()


def ole(streams: Mapping[str, bytes], *, exact: bool = False) -> bytes:
    """An Office 97 file: a file system of sectors of 512 bytes. `streams` by path; a / makes storages.

    Every stream is filled up to 4096 bytes; with `exact` shorter ones are put into small sectors of 64 bytes.
    """
    names: dict[str, list[str]] = {"": []}
    for path in streams:
        above = ""
        for part in path.split("/"):
            full = f"{above}/{part}" if above else part
            if full not in names:
                names[full] = []
                names[above].append(full)
            above = full
    order = ["", *(n for n in names if n)]
    place = {name: n for n, name in enumerate(order)}
    data, fat, starts, small, small_fat = b"", [], {}, b"", []

    def put(content: bytes) -> int:
        nonlocal data, fat
        first, content = len(fat), content + b"\0" * (-len(content) % 512)
        fat += [first + n + 1 for n in range(len(content) // 512 - 1)] + [0xFFFFFFFE]
        data += content
        return first

    for path, content in streams.items():
        if exact and len(content) < 4096:
            starts[path] = len(small_fat) if content else 0xFFFFFFFE, len(content)
            count = -(-len(content) // 64)
            small_fat += [len(small_fat) + n + 1 for n in range(count - 1)] + [0xFFFFFFFE] * (count > 0)
            small += content + b"\0" * (-len(content) % 64)
        else:
            content = content.ljust(4096, b"\0")
            starts[path] = put(content), len(content)
    small_at, small_fat_at = 0xFFFFFFFE, 0xFFFFFFFE
    if small:
        small_at = put(small)
        small_fat += [0xFFFFFFFF] * (-len(small_fat) % 128)
        small_fat_at = put(struct.pack(f"<{len(small_fat)}I", *small_fat))
    rows = []
    for name in order:
        children, label = names[name], (name.rpartition("/")[2] or "Root Entry").encode("utf-16-le")
        kind = 5 if not name else 2 if name in starts else 1
        siblings = names[name.rpartition("/")[0]] if name else []
        after = siblings[siblings.index(name) + 1] if name and siblings.index(name) + 1 < len(siblings) else None
        start, size = starts.get(name, (small_at, len(small)) if not name else (0, 0))
        rows.append(
            label.ljust(64, b"\0")
            + struct.pack("<HBB", len(label) + 2, kind, 1)
            + struct.pack(
                "<III",
                0xFFFFFFFF,
                place[after] if after else 0xFFFFFFFF,
                place[children[0]] if children else 0xFFFFFFFF,
            )
            + b"\0" * 36
            + struct.pack("<IQ", start, size)
        )
    rows += [b"\0" * 64 + struct.pack("<HBB", 0, 0, 0) + b"\xff" * 12 + b"\0" * 48] * (-len(rows) % 4)
    directory = b"".join(rows)
    first = len(fat)
    count = len(directory) // 512
    fat += [first + n + 1 for n in range(count - 1)] + [0xFFFFFFFE]
    sectors = -(-(len(fat) + 1) // 128)
    while len(fat) + sectors > sectors * 128:
        sectors += 1
    fat_at = len(fat)
    fat += [0xFFFFFFFD] * sectors
    fat += [0xFFFFFFFF] * (sectors * 128 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, sectors, first, 0, 4096, small_fat_at, len(small_fat) // 128, 0xFFFFFFFE, 0)
    head += b"".join(struct.pack("<I", fat_at + n if n < sectors else 0xFFFFFFFF) for n in range(109))
    return head + data + directory + struct.pack(f"<{len(fat)}I", *fat)


def doc(**more: bytes) -> bytes:
    return ole({"WordDocument": b"\xec\xa5\xc1\0" + b"\0" * 100, **{k.replace("__", "/"): v for k, v in more.items()}})


def xls() -> bytes:
    return ole({"Workbook": b"\x09\x08\x10\x00" + b"\0" * 16 + b"\x0a\0\0\0"})


def ppt() -> bytes:
    return ole(
        {"PowerPoint Document": b"\x0f\0\xe8\x03", "Current User": b"\0\0\xf6\x0f\x14\0\0\0\x14\0\0\0\x5f\xc0\x91\xe3"}
    )


def bomb(size: int = 400 * 2**20) -> bytes:
    """A docx of some hundred kilobytes whose one picture unpacks to `size` bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(part="word/document.xml", type=WORD))
        with archive.open("word/media/image1.bmp", "w", force_zip64=True) as entry:
            for _ in range(size // 2**20):
                entry.write(b"\0" * 2**20)
    return whole.getvalue()
