"""What a file must be like to be attached to a case. Pure: bytes and a name in, its kind out, or a sentence why not.

The kind is told by the content and must agree with the name; nothing is opened by a program, drawn or executed here,
and whatever is unpacked is bounded. A scanner (`attachments/virus_scanner.py`) looks for viruses beside this, where the
office has one.
"""

import unicodedata
from dataclasses import dataclass

from xinfang.attachments.filecheck import audio, images, mail, ole, outlook, packages, pdf, plain_text, refused_endings
from xinfang.attachments.filecheck.file_types import describe_content, executable_type_of
from xinfang.attachments.filecheck.kinds import (
    ACCEPTED_KINDS_TEXT,
    BY_ENDING,
    FILE_KINDS,
    MAIL_KINDS,
    FileKind,
    NotAccepted,
    accept_attribute,
)

__all__ = [
    "ACCEPTED_KINDS_TEXT",
    "FILE_KINDS",
    "MAIL_KINDS",
    "CheckedFile",
    "FileKind",
    "NotAccepted",
    "accept_attribute",
    "check_file",
    "clean_name",
    "too_big_message",
]

MAX_NAME_CHARACTERS = 120
"""Characters of a file name; file systems allow 255 bytes, which is 85 Chinese characters."""
HEAD_BYTES = 1024
"""Bytes in which browsers look for a page, and readers for a PDF."""

_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_ALSO = {"m4a": ("mp4", "3gp"), "mp4": ("m4a", "3gp"), "3gp": ("m4a", "mp4"), "txt": ("eml",)}
"""What else a file of this name may be.

Recordings of phones are built alike, whatever they are called; a mail is a text as well.
"""
_PAGES = (b"<!doctype", b"<html", b"<script", b"<head", b"<body", b"<iframe", b"<svg", b"<?php", b"<%@")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be attached. `name` is cleaned, `size` in bytes."""

    name: str
    kind: FileKind
    size: int


def check_file(data: bytes, name: str, *, most: int) -> CheckedFile:
    """Return the file's kind and cleaned name. `most` is the limit in bytes.

    Raises:
        NotAccepted: the file is not taken; with one sentence.
    """
    name = clean_name(name)
    if not data:
        raise NotAccepted("文件是空的（0 字节）。请确认选对了文件，或重新扫描后再上传。")
    if len(data) > most:
        raise NotAccepted(too_big_message(most))
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    expected = BY_ENDING.get(ending)
    if expected is None:
        raise NotAccepted(refused_endings.why_not(ending))
    found = file_type_of(data, expected.code)
    seems = describe_content(data) if found in (None, "txt") else ""
    if found is None or (seems and found != expected.code):
        is_not = f"不是{'完整的' if seems else ''}{expected.label}"
        raise NotAccepted(
            f"文件名是 .{ending}，内容却{is_not if seems in ('', expected.label) else f'是{seems}'}，或者文件已损坏。"
            "请用原来的程序打开检查，另存为正确的格式后再上传。"
        )
    if found != expected.code and found not in _ALSO.get(expected.code, ()):
        raise NotAccepted(
            f"文件名是 .{ending}，内容却是{FILE_KINDS[found].label}。请把扩展名改成 .{FILE_KINDS[found].endings[0]}，"
            "或用原来的程序另存为正确的格式后再上传。"
        )
    _no_second_face(data, expected)
    _LOOK_INSIDE[expected.code](data, expected.code)
    return CheckedFile(name, expected, len(data))


def too_big_message(most: int) -> str:
    """Return the sentence for a file over the limit, in bytes."""
    return f"文件超过 {most // 2**20} MB 的上限，没有保存。请降低扫描分辨率、拆成几个文件，或请系统管理员调整上限。"


def file_type_of(data: bytes, named: str = "") -> str | None:
    """Return the code of the kind that the content tells, or None.

    `named` is the kind that the name says, where two fit.
    """
    if data.startswith(pdf.HEADER):
        return "pdf"
    found = (
        images.file_type_of(data) or audio.file_type_of(data) or packages.file_type_of(data) or ole.file_type_of(data)
    )
    if found:
        return found
    text = mail.file_type_of(data) or plain_text.file_type_of(data)
    # Readers find a PDF behind line ends, a mark of UTF-8, a printer's or a server's words;
    # a program or page there is another thing.
    begins = pdf.HEADER in data[:HEAD_BYTES] and not executable_type_of(data)
    return "pdf" if begins and (named == "pdf" or text is None) else text


def clean_name(name: str) -> str:
    """Return the name without folders, invisible characters and signs that turn the reading direction; ending kept."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(" " if ch in "\t\n\r" else ch for ch in name if ch in "\t\n\r" or _readable(ch))
    name = " ".join(name.split()).strip(". ")
    if len(name) > MAX_NAME_CHARACTERS:
        stem, dot, ending = name.rpartition(".")
        keep = MAX_NAME_CHARACTERS - len(dot + ending)
        name = f"{stem[:keep].rstrip()}{dot}{ending}" if stem and len(ending) <= 8 else name[:MAX_NAME_CHARACTERS]
    return name or "未命名"


def _readable(ch: str) -> bool:
    point = ord(ch)
    return unicodedata.category(ch) not in _INVISIBLE and point & 0xFFFE != 0xFFFE and ch not in '<>:"|?*'


def _no_second_face(data: bytes, kind: FileKind) -> None:
    """Refuse a file that is two things at once (a polyglot): one program may open it as another thing than was checked.

    Raises:
        NotAccepted: it is also a page, a PDF or an archive.
    """
    head = data[:HEAD_BYTES].lower()
    # The text of a mail may be a page; it is never given out to be shown, and what acts in it is looked for by itself.
    if kind.code != "eml" and any(page in head for page in _PAGES):
        raise NotAccepted(
            "文件开头藏有网页代码，浏览器可能把它当作网页运行。请用原来的程序另存，或打印为 PDF 后再上传。"
        )
    if kind.code != "pdf" and b"%pdf-" in head:
        raise NotAccepted("文件同时也是一个 PDF，查看的与检查的可能不是同一内容。请另存为其中一种后再上传。")
    # The last file in a mail of Outlook may be a document, which is an archive; each is looked into by itself.
    if kind.code not in (*packages.CODES, "msg") and packages.has_directory(data):
        raise NotAccepted("文件后面藏有一个压缩包。请用原来的程序打开并另存后再上传；压缩包里的文件请解压后分别上传。")


def _mail(data: bytes, code: str) -> None:
    program = outlook if code == "msg" else mail
    # A mail in a mail of Outlook is larger when written out.
    most = 8 * len(data)
    program.check_content(data, lambda content, name: check_file(content, name or _nameless(content), most=most))


def _nameless(content: bytes) -> str:
    found = file_type_of(content)
    return f"附件.{FILE_KINDS[found].endings[0]}" if found else "附件"


_LOOK_INSIDE = {
    "pdf": pdf.check_content,
    **dict.fromkeys(("jpg", "png", "gif", "webp", "bmp", "tiff", "heic", "avif"), images.check_content),
    **dict.fromkeys(("doc", "xls", "ppt"), ole.check_content),
    **dict.fromkeys(packages.CODES, packages.check_content),
    "txt": plain_text.check_content,
    **dict.fromkeys(MAIL_KINDS, _mail),
    **dict.fromkeys(("mp3", "wav", "amr", "aac", "m4a", "mp4", "3gp"), audio.check_content),
}
