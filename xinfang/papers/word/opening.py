"""Opening a Word file that came back: a few parts of the archive, unpacked within bounds, parsed without entities.

Uploads were already checked (`attachments.filecheck`); the bounds here check again, in case a caller forgets the first.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from xinfang.papers.source import WordingSyntaxError

from .styles import R

MAX_PART_BYTES = 16 * 2**20
"""Bytes of a part, unpacked. A paper of 40 pages has less than 1 MiB."""
_NO_WORD_FILE = (
    "这不是能打开的 Word 文件（.docx）。请在 Word 或 WPS 里打开它，取消密码，另存为“Word 文档（.docx）”后再上传。"
)
_STRICT = "文件是“Strict Open XML”格式。请在 Word 里另存为普通的“Word 文档（.docx）”后再上传。"
_TOO_LARGE = "文件解开后异常地大，没有读取。请把正文复制到从系统下载的 Word 文件里，保存后再上传。"
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    OSError,
    RuntimeError,
    ValueError,
    EOFError,
    NotImplementedError,
    SyntaxError,  # what the parser calls XML that isn't well formed
)


@dataclass
class WordParts:
    """The parts that are read. `styles` gives a style's name by its id; `based` the id of the one it is based on."""

    body: Any
    styles: dict[str, str] = field(default_factory=dict)
    based: dict[str, str] = field(default_factory=dict)
    style_parts: dict[str, Any] = field(default_factory=dict)
    numbering: Any = None
    running: dict[str, Any] = field(default_factory=dict)
    """Heads and feet of pages by the id that the body calls them by."""

    def names(self, style_id: str) -> list[str]:
        """Return the names of a style and of those it is based on, nearest first."""
        found, seen = [], set()
        while style_id and style_id not in seen:
            seen.add(style_id)
            found.append(self.styles.get(style_id, ""))
            style_id = self.based.get(style_id, "")
        return found


def open_docx(data: bytes) -> WordParts:
    """Return the parts of a Word file.

    Raises:
        WordingSyntaxError: it is none, or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except WordingSyntaxError:
        raise
    except _TROUBLE:
        raise WordingSyntaxError(_NO_WORD_FILE) from None


def _parts(archive: zipfile.ZipFile) -> WordParts:
    main = next((target for kind, target in _related(archive, "") if kind.endswith("/officeDocument")), "")
    document = _part(archive, main)
    if document.tag != qn("w:document"):
        raise WordingSyntaxError(_STRICT if "purl.oclc.org" in str(document.tag) else _NO_WORD_FILE)
    body = document.find(qn("w:body"))
    if body is None:
        raise WordingSyntaxError(_NO_WORD_FILE)
    found = WordParts(body)
    for kind, target, name in _related_with_ids(archive, main):
        kind = kind.rpartition("/")[2]
        if kind == "styles":
            for style in _part(archive, target).findall(qn("w:style")):
                _learn(found, style)
        elif kind == "numbering":
            found.numbering = _part(archive, target)
        elif kind in ("header", "footer"):
            found.running[name] = _part(archive, target)
    return found


def _learn(found: WordParts, style: Any) -> None:
    key = style.get(qn("w:styleId"), "")
    name, based = style.find(qn("w:name")), style.find(qn("w:basedOn"))
    found.styles[key] = name.get(qn("w:val"), "") if name is not None else ""
    if based is not None:
        found.based[key] = based.get(qn("w:val"), "")
    found.style_parts[key] = style
    if style.get(qn("w:default")) in ("1", "true", "on") and style.get(qn("w:type")) == "paragraph":
        found.styles.setdefault("", found.styles[key])
        found.style_parts.setdefault("", style)


def _related(archive: zipfile.ZipFile, part: str) -> list[tuple[str, str]]:
    return [(kind, target) for kind, target, _ in _related_with_ids(archive, part)]


def _related_with_ids(archive: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """Return what a part refers to inside the archive: the kind of relation, the name of the other part, the id."""
    folder = PurePosixPath(part).parent
    rels = str(folder / "_rels" / f"{PurePosixPath(part).name}.rels")
    if rels not in archive.namelist():
        return []
    rows = []
    for row in _part(archive, rels):
        target = row.get("Target", "")
        if row.get("TargetMode", "").lower() == "external" or not isinstance(row.tag, str):
            continue
        name = target.lstrip("/") if target.startswith("/") else str(folder / target)
        rows.append((row.get("Type", ""), name, row.get("Id", "")))
    return rows


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    """Return a part as a tree.

    Document types are refused: nothing in a Word file needs one, and entities grow without end.

    Raises:
        WordingSyntaxError: it is too large, or has a document type.
    """
    with archive.open(name) as stream:
        data = stream.read(MAX_PART_BYTES + 1)
    if len(data) > MAX_PART_BYTES:
        raise WordingSyntaxError(_TOO_LARGE)
    tree = parse_xml(data)
    if tree.getroottree().docinfo.doctype:
        raise WordingSyntaxError(_NO_WORD_FILE)
    return tree


def integer_property(element: Any, default: int = 0) -> int:
    """Return the number that a property gives; the default if there is none or if it is no number."""
    value = element.get(qn("w:val"), "") if element is not None else ""
    return int(value) if re.fullmatch(r"\d{1,6}", value) else default


def reference(element: Any) -> str:
    """Return the id by which the body calls a head or foot of pages."""
    return str(element.get(f"{{{R}}}id", ""))
