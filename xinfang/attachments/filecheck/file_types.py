"""What a file that isn't taken seems to be, in a clerk's words."""

import puremagic

from .kinds import BY_ENDING

_OURS = (
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "Linux 程序"),
    (b"#!", "脚本程序"),
    (b"PK\x03\x04", "压缩包"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"{\\rtf", " RTF 文档"),
)


def describe_content(data: bytes) -> str:
    """Describe content, such as "Windows 程序", "PDF 文件" or " .xyz 文件"; empty where nothing fits.

    Of a kind that is taken it is that kind's label.
    """
    if found := executable_type_of(data):
        return found
    try:
        guesses = puremagic.magic_string(data[:65536])
    except (puremagic.PureError, ValueError, OSError, IndexError):
        return ""
    sure = [g.extension.lower() for g in guesses if g.extension and g.confidence >= 0.5]
    if not sure:
        return ""
    ours = BY_ENDING.get(sure[0].removeprefix("."))
    return ours.label if ours else f" {sure[0]} 文件"


def executable_type_of(data: bytes) -> str:
    """Return what a file surely is by its first bytes, of the kinds that act or hide others; empty where it is none."""
    text = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<head", b"<body")):
        return "网页"
    if text.startswith((b"<svg", b"<?xml")):
        return " SVG 或 XML 文件"
    return next((words for signature, words in _OURS if data.startswith(signature)), "")
