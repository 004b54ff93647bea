"""Office files of before 2007 (doc, xls, ppt and WPS's wps, et, dps): a small file system inside one file.

A mail of Outlook (msg) is told here as well, and looked into by `outlook.py`.
"""

import io
from struct import unpack_from

import olefile

from .kinds import NotAccepted

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_DIRECTORY_ENTRIES = 4096
"""Entries of one file at most; real ones have some dozens."""
MAIL_STREAM = "__properties_version1.0"
"""Which every mail of Outlook begins with."""
_MACROS = ("macros", "_vba_project_cur", "_vba_project", "vba")
_MACRO_WORDS = "文件里有宏（自动运行的程序），不能接收。请另存为不带宏的 docx、xlsx、pptx，或另存为 PDF 后再上传。"
_LOCKED = "文件设有打开密码，别人将来可能打不开，也无法检查。请用密码打开，取消密码后另存，再上传。"
_DAMAGED = "文件已损坏，读不出内部结构。请用原来的程序打开并另存为 docx、xlsx、pptx 或 PDF 后再上传。"
_HIDES = "文件里嵌有其他程序或文件（“包”对象），无法检查。请取出其中的文件分别上传，并另存一份不含嵌入对象的文件。"


def file_type_of(data: bytes) -> str | None:
    """Return the code of the kind by the main stream, or None.

    Raises:
        NotAccepted: it is a locked docx or xlsx, which has no such stream; nothing else can be said of it.
    """
    if not data.startswith(MAGIC):
        return None
    names = {"/".join(path).lower() for path in _entries(data)}
    if "encryptedpackage" in names:
        raise NotAccepted(_LOCKED)
    if "powerpoint document" in names:
        return "ppt"
    if MAIL_STREAM in names:
        return "msg"
    if names & {"workbook", "book"}:
        return "xls"
    return "doc" if "worddocument" in names else None


def check_content(data: bytes, code: str) -> None:
    """Refuse macros, packed programs and locked files.

    Raises:
        NotAccepted: there is one of them.
    """
    paths = _entries(data)
    for path in paths:
        parts = [part.lower() for part in path]
        if any(part in _MACROS or part.startswith("_vba") for part in parts):
            raise NotAccepted(_MACRO_WORDS)
        if "\x01ole10native" in parts or "package" in parts:
            raise NotAccepted(_HIDES)
    if _locked(data, code):
        raise NotAccepted(_LOCKED)


def check_embedded(data: bytes) -> None:
    """Check an object inside another document (an equation, a chart), whatever program made it, in the same way.

    Raises:
        NotAccepted: it is of another format, or holds what is refused.
    """
    if not data.startswith(MAGIC):
        raise NotAccepted(_HIDES)
    check_content(data, "")


def _entries(data: bytes) -> list[list[str]]:
    # olefile meets files made to confuse it; whatever it fails on counts as a damaged file.
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as found:
            paths: list[list[str]] = found.listdir(streams=True, storages=True)
    except Exception:
        raise NotAccepted(_DAMAGED) from None
    if len(paths) > MAX_DIRECTORY_ENTRIES:
        raise NotAccepted(_DAMAGED)
    return paths


def _locked(data: bytes, code: str) -> bool:
    if code == "doc":
        head = _stream(data, "WordDocument")
        return len(head) >= 12 and bool(unpack_from("<H", head, 10)[0] & 0x0100)
    if code == "xls":
        book = _stream(data, "Workbook") or _stream(data, "Book")
        place = 0
        # Records are a number and a length; FILEPASS (0x2F) comes right behind the first, before any content.
        for _ in range(20):
            if place + 4 > len(book):
                return False
            record, length = unpack_from("<HH", book, place)
            if record == 0x2F:
                return True
            place += 4 + length
        return False
    if code == "ppt":
        user = _stream(data, "Current User")
        return len(user) >= 16 and unpack_from("<I", user, 12)[0] == 0xF3D1C4DF
    return False


def _stream(data: bytes, name: str) -> bytes:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as found:
            if not found.exists(name):
                return b""
            return bytes(found.openstream(name).read(65536))
    except Exception:
        raise NotAccepted(_DAMAGED) from None
