"""Documents that are zip archives inside: Office since 2007 and OFD.

Everything is unpacked once, within bounds, and read.
"""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from . import markup, ole
from .kinds import NotAccepted

CODES = ("docx", "xlsx", "pptx", "ofd")
MAX_ENTRIES = 5000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
"""Bytes of the whole, unpacked."""
MAX_RATIO = 200
"""How much larger an entry may become; tables in XML reach 50."""
SMALL_ENTRY_BYTES = 1024 * 1024
"""An entry below this many bytes may have any ratio: empty sheets pack extremely well."""
_PIECE = 1024 * 1024
_MAIN = {
    b"wordprocessingml.document.main": "docx",
    b"spreadsheetml.sheet.main": "xlsx",
    b"presentationml.presentation.main": "pptx",
    b"presentationml.slideshow.main": "pptx",
}
_BOMB = "文件解开后异常地大（压缩炸弹），打开时可能使电脑死机，不能接收。请用原来的程序打开并另存为 PDF 后再上传。"
_DAMAGED = "文件已损坏，解不开。请用原来的程序打开并另存后再上传。"
_MACROS = "文件里有宏（自动运行的程序），不能接收。请另存为不带宏的 docx、xlsx、pptx，或另存为 PDF 后再上传。"
_STRANGE = "文件内部有不合规范的路径，可能想覆盖电脑上的其他文件，不能接收。请用原来的程序打开并另存后再上传。"
_LOCKED = "文件里有加密的部分，无法检查。请取消密码后另存，再上传。"
_NESTED = "文件里还藏有压缩包或程序，无法逐份检查。请取出其中的文件分别上传，并另存一份不含它们的文件。"
_FETCHES = (
    "文件打开时会从别处取图片、模板或对象（它们没有存在文件里），可能带来程序，也会让别处知道谁在何时打开了它，不能接收。"
    "请断开链接、把图片存进文件后另存，或另存为 PDF 后再上传。普通的超链接不受影响。"
)
_DECLARES = (
    "文件内部有外部声明（DOCTYPE），打开时可能从别处取内容，不能接收。请用原来的程序打开并另存，或另存为 PDF 后再上传。"
)
_STARTS = "文件里有会启动其他程序的域（DDE），不能接收。请删去这个域后另存，或另存为 PDF 后再上传。"


def has_directory(data: bytes) -> bool:
    """Tell whether a zip archive ends here: the file is an archive, whatever it begins with."""
    place = data.rfind(b"PK\x05\x06", max(0, len(data) - 65557))
    return place >= 0 and len(data) - place >= 22


def file_type_of(data: bytes) -> str | None:
    """Return the code of the kind of document, or None.

    Raises:
        NotAccepted: it is a document with macros.
    """
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "OFD.xml" in names:
                return "ofd"
            if "[Content_Types].xml" not in names:
                return None
            with archive.open("[Content_Types].xml") as stream:
                types = stream.read(SMALL_ENTRY_BYTES)
    except _TROUBLE:
        return None
    if b"macroenabled" in types.lower():
        raise NotAccepted(_MACROS)
    return next((code for mark, code in _MAIN.items() if mark in types), None)


# zipfile answers damaged archives with many exceptions; RuntimeError is its word for a password.
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    KeyError,
    IndexError,
    UnicodeError,
    OverflowError,
    MemoryError,
)


def check_content(data: bytes, code: str) -> None:
    """Refuse bombs, macros, hidden archives and programs, locked entries, and names that lead out of the archive."""
    _Room(MAX_UNPACKED_BYTES).look(data, nested=False)


class _Room:
    """How much may still be unpacked, over the document and the documents inside it."""

    def __init__(self, left: int) -> None:
        self.left = left

    def look(self, data: bytes, *, nested: bool) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
                _directory(entries)
                for entry in entries:
                    self._entry(archive, entry, nested)
        except NotAccepted:
            raise
        except _TROUBLE:
            raise NotAccepted(_DAMAGED) from None

    def _entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, nested: bool) -> None:
        content = self._unpacked(archive, entry)
        name = entry.filename.lower()
        if (
            "vbaproject" in name
            or "vbadata" in name
            or b"macroenabled" in (content if name.endswith("types].xml") else b"").lower()
        ):
            raise NotAccepted(_MACROS)
        if "/activex/" in name:
            raise NotAccepted(_NESTED)
        if name.endswith((".xml", ".rels", ".vml")):
            _acts(name, content)
        if content.startswith(ole.MAGIC):
            ole.check_embedded(content)
        elif content.startswith(b"PK\x03\x04") or (has_directory(content) and not name.endswith(".xml")):
            # The table behind a chart is a workbook inside the document: looked through as well, but no deeper.
            if nested or "/embeddings/" not in name or file_type_of(content) not in CODES:
                raise NotAccepted(_NESTED)
            self.look(content, nested=True)
        elif content.startswith((b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
            raise NotAccepted(_NESTED)

    def _unpacked(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        """Unpack an entry, as large as it really is: what the directory says is not believed.

        Raises:
            NotAccepted: it is larger than what is left, or grows too much.
        """
        pieces, size = [], 0
        with archive.open(entry) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                self.left -= len(piece)
                if self.left < 0 or (size > SMALL_ENTRY_BYTES and size > MAX_RATIO * max(1, entry.compress_size)):
                    raise NotAccepted(_BOMB)
                pieces.append(piece)
        return b"".join(pieces)


def _acts(name: str, content: bytes) -> None:
    """Refuse XML that fetches, or starts another program, when its document is opened.

    Raises:
        NotAccepted: it does, or it can't be read.
    """
    if markup.has_doctype(content):
        raise NotAccepted(_DECLARES)
    try:
        if name.endswith(".rels") and markup.links_outside(content):
            raise NotAccepted(_FETCHES)
        if name.startswith("word/") and markup.starts_programs(content):
            raise NotAccepted(_STARTS)
    except markup.UnreadableMarkup:
        if name.endswith(".rels"):
            raise NotAccepted(_DAMAGED) from None


def _directory(entries: list[zipfile.ZipInfo]) -> None:
    """Check what can be told before anything is unpacked.

    Raises:
        NotAccepted: there is too much, or an entry is locked, hidden, or shares its bytes with another.
    """
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise NotAccepted(_BOMB)
    names = set()
    for entry in entries:
        name = entry.orig_filename
        if entry.flag_bits & 0x1:
            raise NotAccepted(_LOCKED)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAccepted(_DAMAGED)
        leads_out = (
            ".." in PurePosixPath(name).parts or name.startswith("/") or "\\" in name or "\0" in name or ":" in name
        )
        is_link = entry.external_attr >> 16 & 0xF000 == 0xA000
        if leads_out or is_link or name.lower() in names:
            raise NotAccepted(_STRANGE)
        names.add(name.lower())
    ends_at = 0
    # Entries that share their bytes are how a small archive becomes endless.
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < ends_at:
            raise NotAccepted(_BOMB)
        ends_at = entry.header_offset + 30 + entry.compress_size
