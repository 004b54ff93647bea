"""What a file must be like to be attached to a case. Pure: bytes and a name in, its kind out, or a sentence why not.

The kind is told by the content and must agree with the name; nothing is opened by a program, drawn or executed here, and
whatever is unpacked is bounded. A scanner (`records/clamd.py`) looks for viruses beside this, where the office has one.
"""

import unicodedata
from dataclasses import dataclass

from . import images, ole, packages, pdf, plain, sounds
from .kinds import ACCEPT, BY_ENDING, KINDS, TAKEN, Kind, NotAccepted
from .strangers import what_it_seems

__all__ = ["ACCEPT", "KINDS", "TAKEN", "Checked", "Kind", "NotAccepted", "check", "clean_name", "too_big"]

LONGEST_NAME = 120
"""Characters of a file name; file systems allow 255 bytes, which is 85 Chinese characters."""
HEAD = 1024
"""Bytes in which browsers look for a page, and readers for a PDF."""

_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_PAGES = (b"<!doctype", b"<html", b"<script", b"<head", b"<body", b"<iframe", b"<svg", b"<?php", b"<%@")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be attached. `name` is cleaned, `size` in bytes."""

    name: str
    kind: Kind
    size: int


def check(data: bytes, name: str, *, most: int) -> Checked:
    """The file's kind and cleaned name. Raises NotAccepted with one sentence. `most` is the limit in bytes."""
    name = clean_name(name)
    if not data:
        raise NotAccepted("文件是空的（0 字节）。请确认选对了文件，或重新扫描后再上传。")
    if len(data) > most:
        raise NotAccepted(too_big(most))
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    expected = BY_ENDING.get(ending)
    if expected is None:
        raise NotAccepted(_wrong_ending(ending))
    found = kind_of(data)
    seems = what_it_seems(data) if found in (None, "txt") else ""
    if found is None or (seems and found != expected.code):
        raise NotAccepted(
            f"文件名是 .{ending}，内容却{f'是{seems}' if seems else f'不是{expected.label}'}，或者文件已损坏。"
            "请用原来的程序打开检查，另存为正确的格式后再上传。"
        )
    if found != expected.code and {found, expected.code} != {"m4a", "mp4"}:
        raise NotAccepted(
            f"文件名是 .{ending}，内容却是{KINDS[found].label}。请把扩展名改成 .{KINDS[found].endings[0]}，"
            "或用原来的程序另存为正确的格式后再上传。"
        )
    _no_second_face(data, expected)
    _LOOK_INSIDE[expected.code](data, expected.code)
    return Checked(name, expected, len(data))


def too_big(most: int) -> str:
    """The sentence for a file over the limit, in bytes."""
    return f"文件超过 {most // 2**20} MB 的上限，没有保存。请降低扫描分辨率、拆成几个文件，或请系统管理员调整上限。"


def kind_of(data: bytes) -> str | None:
    """The code of the kind that the content tells, or None."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    return (
        images.kind_of(data)
        or sounds.kind_of(data)
        or packages.kind_of(data)
        or ole.kind_of(data)
        or plain.kind_of(data)
    )


def clean_name(name: str) -> str:
    """The name without folders, invisible characters and signs that turn the reading direction; ending kept."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(" " if ch in "\t\n\r" else ch for ch in name if ch in "\t\n\r" or _readable(ch))
    name = " ".join(name.split()).strip(". ")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        keep = LONGEST_NAME - len(dot + ending)
        name = f"{stem[:keep].rstrip()}{dot}{ending}" if stem and len(ending) <= 8 else name[:LONGEST_NAME]
    return name or "未命名"


def _readable(ch: str) -> bool:
    point = ord(ch)
    return unicodedata.category(ch) not in _INVISIBLE and point & 0xFFFE != 0xFFFE and ch not in '<>:"|?*'


def _wrong_ending(ending: str) -> str:
    if ending in ("zip", "rar", "7z", "gz", "tar", "tgz", "bz2", "xz"):
        return "不接收压缩包，因为里面的内容不能逐份查看和检查。请先解压，再一次选中其中的全部文件上传。"
    if ending in ("docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "ppsm", "potm"):
        return "不接收带宏的 Office 文件。请另存为不带宏的 docx、xlsx、pptx，或另存为 PDF 后再上传。"
    if ending in ("htm", "html", "mht", "mhtml", "svg", "xml", "xhtml"):
        return "不接收网页和 SVG 图形，因为其中可以藏程序。请打印为 PDF 后再上传。"
    if ending == "rtf":
        return "不接收 RTF 文件，因为其中可以嵌入程序。请另存为 docx 或 PDF 后再上传。"
    if ending == "mov":
        return "不接收 MOV 录像。请在手机上导出为 MP4（“兼容性最佳”）后再上传。"
    said = f"扩展名 .{ending[:10]} 不在可以接收的范围内" if ending else "文件名没有扩展名，看不出是什么文件"
    return f"{said}。可以接收：{TAKEN}。"


def _no_second_face(data: bytes, kind: Kind) -> None:
    """A file that is two things at once is one thing here and another elsewhere: refused (polyglots)."""
    head = data[:HEAD].lower()
    if any(page in head for page in _PAGES):
        raise NotAccepted(
            "文件开头藏有网页代码，浏览器可能把它当作网页运行。请用原来的程序另存，或打印为 PDF 后再上传。"
        )
    if kind.code != "pdf" and b"%pdf-" in head:
        raise NotAccepted("文件同时也是一个 PDF，查看的与检查的可能不是同一内容。请另存为其中一种后再上传。")
    if kind.code not in packages.CODES and packages.has_directory(data):
        raise NotAccepted("文件后面藏有一个压缩包。请用原来的程序打开并另存后再上传；压缩包里的文件请解压后分别上传。")


_LOOK_INSIDE = {
    "pdf": pdf.look_inside,
    **dict.fromkeys(("jpg", "png", "gif", "webp", "bmp", "tiff", "heic"), images.look_inside),
    **dict.fromkeys(("doc", "xls", "ppt"), ole.look_inside),
    **dict.fromkeys(packages.CODES, packages.look_inside),
    "txt": plain.look_inside,
    **dict.fromkeys(("mp3", "wav", "amr", "m4a", "mp4"), sounds.look_inside),
}
