"""How many items and pages each volume of a file has, without binding it: no page is drawn for that."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pikepdf

from xinfang.archive.dossier.binding import is_archival
from xinfang.archive.dossier.gathering import Dossier, DossierPart
from xinfang.archive.dossier.items import DossierItem
from xinfang.attachments import page_images

_MANY_PAGED = ("pdf", "ofd", "gif", "webp", "tiff", "avif")
"""Kinds that may hold more than one page."""


@dataclass(frozen=True, slots=True)
class CountedVolume:
    """A volume as it would be bound now. Days are the first and the last in it (Asia/Shanghai)."""

    apart: bool
    items: int
    pages: int
    first: date | None
    last: date | None
    year: int | None


def counted_volumes(dossier: Dossier) -> tuple[CountedVolume, ...]:
    """Count the open and the sealed volume, as far as there is one. Reads the PDF files of the case.

    Raises:
        DecryptionFailed: an attachment is damaged (`vault.sm_ciphers`).
        OSError: it can't be read.
    """
    return tuple(_counted(dossier))


def _counted(dossier: Dossier) -> Iterator[CountedVolume]:
    for part in (DossierPart.OPEN, DossierPart.SEALED):
        bound = [i for i in dossier.of(part) if i.bound]
        if bound:
            entry = dossier.entry(apart=part is DossierPart.SEALED)
            pages = sum(map(_pages, bound))
            yield CountedVolume(entry.apart, len(bound), pages, entry.first, entry.last, entry.year)


def _pages(item: DossierItem) -> int:
    """Return the pages of an item, as `VolumeBinder.take` makes them; whatever can't be drawn gets one leaf."""
    if item.kind not in _MANY_PAGED:
        return 1
    data = b"".join(item.read())
    if item.kind == "pdf" and is_archival(data):
        with pikepdf.Pdf.open(io.BytesIO(data)) as pdf:
            return len(pdf.pages)
    try:
        return page_images.render_page_image(data, item.kind, 0, 1).pages
    except page_images.RenderingFailed:
        return 1
