"""What a file that isn't taken seems to be, in a clerk's words."""

import puremagic

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


def what_it_seems(data: bytes) -> str:
    """Such as "Windows 程序" or " .xyz 文件"; empty where nothing fits."""
    text = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<head", b"<body")):
        return "网页"
    if text.startswith((b"<svg", b"<?xml")):
        return " SVG 或 XML 文件"
    for signature, words in _OURS:
        if data.startswith(signature):
            return words
    try:
        guesses = puremagic.magic_string(data[:65536])
    except (puremagic.PureError, ValueError, OSError, IndexError):
        return ""
    sure = [g for g in guesses if g.extension and g.confidence >= 0.5]
    return f" {sure[0].extension} 文件" if sure else ""
