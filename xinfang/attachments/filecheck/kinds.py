"""The kinds of file that a case takes: how each is named, told by its content, and given out again.

Archives (zip, rar, 7z) are none of them: nobody sees on the page what is inside, a scanner may not reach it, and
several files can be chosen at once anyway. Neither are pages and drawings that carry scripts (HTML, SVG), RTF (it
embeds programs) and programs; `refused_endings` says of each what to do instead. HEIC is taken because phones take it;
it can't be drawn here, so it is downloaded. So is a mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from xinfang.procedure.errors import XinfangError


class NotAccepted(XinfangError):
    """A file that isn't taken. Its text is a sentence for the clerk: what is wrong, what to do instead."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """`endings` without a dot; `content_type` as it is given out; `inline` where a browser may show it in the page."""

    code: str
    label: str
    endings: tuple[str, ...]
    content_type: str
    inline: bool = False


FILE_KINDS: dict[str, FileKind] = {
    kind.code: kind
    for kind in (
        FileKind("pdf", "PDF 文件", ("pdf",), "application/pdf", inline=True),
        FileKind("jpg", "JPEG 图片", ("jpg", "jpeg", "jpe", "jfif", "jif", "pjpeg", "pjp"), "image/jpeg", inline=True),
        FileKind("png", "PNG 图片", ("png",), "image/png", inline=True),
        FileKind("gif", "GIF 图片", ("gif",), "image/gif", inline=True),
        FileKind("webp", "WebP 图片", ("webp",), "image/webp", inline=True),
        FileKind("bmp", "BMP 图片", ("bmp",), "image/bmp", inline=True),
        FileKind("tiff", "TIFF 图片", ("tif", "tiff"), "image/tiff"),
        FileKind("heic", "HEIC 图片", ("heic", "heif"), "image/heic"),
        FileKind("avif", "AVIF 图片", ("avif",), "image/avif"),
        FileKind("doc", "Word 97 文档", ("doc", "wps"), "application/msword"),
        FileKind("xls", "Excel 97 表格", ("xls", "et"), "application/vnd.ms-excel"),
        FileKind("ppt", "PowerPoint 97 演示文稿", ("ppt", "dps"), "application/vnd.ms-powerpoint"),
        FileKind(
            "docx",
            "Word 文档",
            ("docx",),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        FileKind("xlsx", "Excel 表格", ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        FileKind(
            "pptx",
            "PowerPoint 演示文稿",
            ("pptx",),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        FileKind("ofd", "OFD 版式文件", ("ofd",), "application/ofd"),
        # As plain bytes: a text is shown nowhere, as an old browser may take it for a page.
        FileKind("txt", "文本文件", ("txt",), "application/octet-stream"),
        # As plain bytes as well: they are for a mail program, which asks before it does anything.
        FileKind("eml", "邮件", ("eml",), "application/octet-stream"),
        FileKind("msg", "Outlook 邮件", ("msg",), "application/octet-stream"),
        FileKind("mp3", "MP3 录音", ("mp3",), "audio/mpeg"),
        FileKind("wav", "WAV 录音", ("wav",), "audio/wav"),
        FileKind("amr", "AMR 录音", ("amr",), "audio/amr"),
        FileKind("aac", "AAC 录音", ("aac",), "audio/aac"),
        FileKind("m4a", "M4A 录音", ("m4a",), "audio/mp4"),
        FileKind("mp4", "MP4 录像", ("mp4",), "video/mp4"),
        FileKind("3gp", "3GP 录音录像", ("3gp", "3gpp", "3g2"), "video/3gpp"),
    )
}
MAIL_KINDS = ("eml", "msg")
"""Letters that came as a mail, which are read in the page (`mail_content.py`)."""
BY_ENDING = {ending: kind for kind in FILE_KINDS.values() for ending in kind.endings}


def _endings(*types: str) -> str:
    return "、".join(kind.endings[0] for kind in FILE_KINDS.values() if kind.content_type.startswith(types))


ACCEPTED_KINDS_TEXT = (
    f"PDF、OFD、图片（{_endings('image/')}）、Word、Excel、PowerPoint 文档、txt、邮件（{'、'.join(MAIL_KINDS)}），"
    f"以及录音录像（{_endings('audio/', 'video/')}）"
)
"""What is taken, in one phrase for sentences and for the form."""


def accept_attribute(codes: Iterable[str]) -> str:
    """Return the endings of these kinds, for a form's accept attribute."""
    return ",".join(f".{ending}" for code in codes for ending in FILE_KINDS[code].endings)
