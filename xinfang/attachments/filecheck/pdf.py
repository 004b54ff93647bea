"""PDF: what acts by itself (JavaScript, starting programs, films) and what is locked is refused; the rest is taken.

A scan, a letter or a printed page never needs these, and they are how a PDF attacks its reader. Attached data
(electronic invoices carry their XML so) does nothing by itself and is taken.
"""

import re
import zlib

from .kinds import NotAccepted

MAX_UNPACKED_BYTES = 64 * 1024 * 1024
"""Bytes of object streams unpacked at most; a real letter has well below one megabyte."""
HEADER = b"%PDF-"
_END = b"%%EOF"
_BEHIND = 65536
"""Bytes behind the end that readers pass over."""
_DICTIONARY = 4096
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream(\r\n|\n|\r)")
_ACTS = re.compile(rb"/(JavaScript|Launch|RichMedia)(?![A-Za-z0-9])")
_LOCKED = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
_FILTER = re.compile(rb"/Filter\s*(\[\s*)?/FlateDecode\s*(\])?\s*[/>]")
_SENTENCES = {
    b"JavaScript": "PDF 里有脚本（JavaScript），打开时会自行运行",
    b"Launch": "PDF 里有启动其他程序的动作",
    b"RichMedia": "PDF 里嵌有动画或影片程序",
}
_INSTEAD = "请打开后用“打印”另存为 PDF（不要直接复制），再上传；只在纸上有的请扫描。"


def check_content(data: bytes, code: str) -> None:
    """Refuse what acts, what is locked, and what was cut off.

    Raises:
        NotAccepted: it is one of these, or can't be read.
    """
    _ends(data)
    plain = _spelled_out(data)
    if _LOCKED.search(plain):
        raise NotAccepted(
            "PDF 设有密码或编辑限制，别人将来可能打不开，也无法检查。请用密码打开后用“打印”另存为 PDF，再上传。"
        )
    _nothing_acts(plain)
    room = MAX_UNPACKED_BYTES
    for start in _STREAM.finditer(data):
        before = data[max(0, start.start() - _DICTIONARY) : start.start()]
        words = _spelled_out(before[before.rfind(b" obj") :])
        if b"/ObjStm" not in words:
            continue
        if b"/Filter" in words and not _FILTER.search(words):
            raise NotAccepted(f"PDF 的内部结构用了少见的压缩方式，无法检查。{_INSTEAD}")
        if b"/Filter" not in words:
            continue  # not packed: the whole was searched above
        inner = _unpacked(data, start.end(), room)
        room -= len(inner)
        _nothing_acts(_spelled_out(inner))


def _ends(data: bytes) -> None:
    """Refuse a file that has no end, or hides something large behind it.

    Blanks and zeros, which networks and disks add, are allowed.

    Raises:
        NotAccepted: it does.
    """
    end = data.rfind(_END)
    behind = data[end + len(_END) :].strip(b"\0 \t\r\n\f\x1a") if end >= 0 else b""
    if end < 0 or (len(behind) > _BEHIND and b" obj" in behind):
        raise NotAccepted("PDF 不完整（没有结尾），可能没有下载完或没有传完。请重新取得这份文件后再上传。")
    if len(behind) > _BEHIND:
        size = f"{len(behind) // 1024} KB"
        raise NotAccepted(f"PDF 结尾之后还有 {size} 不属于它的内容，无法检查。{_INSTEAD}")


def _spelled_out(data: bytes) -> bytes:
    """Write names out, as they may hide letters as #4A."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data) if b"#" in data else data


def _nothing_acts(data: bytes) -> None:
    found = _ACTS.search(data)
    if found:
        raise NotAccepted(f"{_SENTENCES[found[1]]}，不能接收。{_INSTEAD}")


def _unpacked(data: bytes, start: int, room: int) -> bytes:
    machine = zlib.decompressobj()
    try:
        inner = machine.decompress(memoryview(data)[start:], room + 1)
    except zlib.error:
        raise NotAccepted(f"PDF 的内部结构已损坏，无法检查。{_INSTEAD}") from None
    if len(inner) > room:
        raise NotAccepted(f"PDF 解开后异常地大，可能使电脑死机，不能接收。{_INSTEAD}")
    return inner
