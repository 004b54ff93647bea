"""An OFD as an archive of parts: its pages in order, and what they name (GB/T 33190-2016).

A stranger's file is opened by it only within a program of its own (`rendering_program.py`). Nothing outside the archive
is read. What is damaged raises whatever it likes.
"""

import io
import posixpath
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from xinfang.attachments.filecheck.markup import has_doctype

_MAX_PART_BYTES = 100 * 2**20
_KINDS = ("Fonts", "MultiMedias", "DrawParams", "CompositeGraphicUnits")
"""The lists of resources that pages name by an ID."""


def local_name(element: Element) -> str:
    """Return the name of an element, whatever its namespace."""
    return element.tag.rpartition("}")[2]


def elements(parent: Element | None, *path: str) -> list[Element]:
    """Return the elements at the end of this path, whatever their namespace."""
    found = [] if parent is None else [parent]
    for name in path:
        found = [child for element in found for child in element if local_name(child) == name]
    return found


def element(parent: Element | None, *path: str) -> Element | None:
    """Return the first element at the end of this path."""
    return next(iter(elements(parent, *path)), None)


def text_of(parent: Element | None, *path: str) -> str:
    """Return the text of the first element at the end of this path, without blanks around it."""
    found = element(parent, *path)
    return (found.text or "").strip() if found is not None else ""


def numbers(text: str) -> list[float]:
    """Return the numbers of a list."""
    return [float(v) for v in text.split()]


Resources = Mapping[tuple[str, str], tuple[Element, str]]
"""What pages name, by its kind and ID; each with the folder in which its file is."""


@dataclass(frozen=True)
class Stamp:
    """A seal on a page: where, and the signature in which its picture is."""

    box: Sequence[float]
    signature: bytes


@dataclass
class Body:
    """One document of the file: what all its pages share."""

    box: str
    resources: Resources = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, list[Stamp]] = field(default_factory=dict)


@dataclass(frozen=True)
class OfdPage:
    """A page: its number in the file that others name it by, the path of its content, and its document."""

    ident: str
    path: str
    body: Body


class OfdPackage:
    """The archive: its parts by their paths, and its pages."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.lower(): name for name in self._archive.namelist()}
        self.pages: list[OfdPage] = []
        for body in elements(self.xml("OFD.xml"), "DocBody"):
            self._add(body)

    def _name(self, path: str) -> str | None:
        return self._names.get(posixpath.normpath(path).lstrip("/").lower())

    def read(self, path: str) -> bytes:
        """Return a part.

        Raises:
            ValueError: there is none, or it is too large.
        """
        name = self._name(path)
        if name is None:
            raise ValueError("a part is missing")
        with self._archive.open(name) as stream:
            data = stream.read(_MAX_PART_BYTES + 1)
        if len(data) > _MAX_PART_BYTES:
            raise ValueError("a part is too large")
        return data

    def xml(self, path: str) -> Element:
        """Return a part in XML.

        Raises:
            ValueError: it is missing, too large, or could fetch or multiply something.
        """
        data = self.read(path)
        if has_doctype(data):
            raise ValueError("a part has a DOCTYPE")
        return ElementTree.fromstring(data)  # noqa: S314 - without a DOCTYPE there is nothing to put in or to fetch

    def resources(self, parent: Element | None, folder: str, *names: str) -> Resources:
        """Return what the parts hold that these elements name; a part that is missing holds nothing."""
        found: dict[tuple[str, str], tuple[Element, str]] = {}
        for named in (e for name in names for e in elements(parent, name)):
            path = posixpath.join(folder, (named.text or "").strip())
            if self._name(path) is None:
                continue
            root = self.xml(path)
            where = posixpath.join(posixpath.dirname(path), root.get("BaseLoc", ""))
            for entry in (e for kind in _KINDS for group in elements(root, kind) for e in group):
                found[local_name(entry), entry.get("ID", "")] = (entry, where)
        return found

    def _add(self, entry: Element) -> None:
        path = "/" + text_of(entry, "DocRoot").lstrip("/")
        folder, root = posixpath.dirname(path), self.xml(path)
        common = element(root, "CommonData")
        body = Body(text_of(common, "PageArea", "PhysicalBox"))
        body.resources = self.resources(common, folder, "PublicRes", "DocumentRes")
        for template in elements(common, "TemplatePage"):
            body.templates[template.get("ID", "")] = posixpath.join(folder, template.get("BaseLoc", ""))
        if named := text_of(root, "Annotations"):
            list_path = posixpath.join(folder, named)
            for page in elements(self.xml(list_path), "Page"):
                where = posixpath.join(posixpath.dirname(list_path), text_of(page, "FileLoc"))
                body.annotations[page.get("PageID", "")] = where
        if named := text_of(entry, "Signatures"):
            self._add_stamps(body, "/" + named.lstrip("/"))
        for page in elements(root, "Pages", "Page"):
            self.pages.append(OfdPage(page.get("ID", ""), posixpath.join(folder, page.get("BaseLoc", "")), body))

    def _add_stamps(self, body: Body, list_path: str) -> None:
        for entry in elements(self.xml(list_path), "Signature"):
            path = posixpath.join(posixpath.dirname(list_path), entry.get("BaseLoc", ""))
            root = self.xml(path)
            value = posixpath.join(posixpath.dirname(path), text_of(root, "SignedValue"))
            signature = self.read(value) if self._name(value) else b""
            for stamp in elements(root, "SignedInfo", "StampAnnot"):
                found = body.stamps.setdefault(stamp.get("PageRef", ""), [])
                found.append(Stamp(numbers(stamp.get("Boundary", "")), signature))
