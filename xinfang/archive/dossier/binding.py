"""Binding a volume: papers and attachments in one PDF/A-2b, numbered, with contents, cover and bookmarks.

Papers that are PDF/A are taken in as they are. Every other PDF, OFD and picture is drawn page by page, as only that is
sure to look the same in thirty years; its original is in the package. What can't be drawn (a recording, a table) gets a
leaf that says where it is.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from xinfang.archive.dossier import printed_leaves
from xinfang.archive.dossier.blanking import pages_without
from xinfang.archive.dossier.catalogue import VolumeEntry
from xinfang.archive.dossier.items import DossierItem
from xinfang.attachments import page_images

PAGE_IMAGE_PIXELS = 2400
"""The longer side of a drawn page in pixels: 205 dots an inch on A4."""
_A4 = (595.276, 841.89)
_DAMAGED = "这份材料画不出来，可能不完整；"
BLANKED = "查询码已隐去"
_KEPT_STANDARDS = ("1A", "1B", "2A", "2B", "2U", "3A", "3B", "3U")


@dataclass(frozen=True, slots=True)
class BoundItem:
    """An item and its pages in the volume, counted from 1."""

    item: DossierItem
    first: int
    last: int
    note: str = ""
    """Why a leaf takes its place; empty where its pages are bound."""
    blanked: bool = False
    """Whether some of its pages are drawn without what they may not show."""

    @property
    def pages_text(self) -> str:
        """Its pages as the 卷内目录 has them (页次)."""
        return str(self.first) if self.first == self.last else f"{self.first}—{self.last}"

    @property
    def remark(self) -> str:
        """What the 备注 of the 卷内目录 says."""
        said = (self.item.remark, BLANKED if self.blanked else "", "以说明页代替" if self.note else "")
        return "；".join(s for s in said if s)


class VolumeBinder:
    """Takes items one by one, as each may take seconds, and binds them at the end."""

    def __init__(self) -> None:
        self._body = pikepdf.new()
        self._open: list[Pdf] = []
        self._blanked = False
        self.bound: list[BoundItem] = []

    @property
    def pages(self) -> int:
        """Pages bound so far, without cover and contents."""
        return len(self._body.pages)

    def take(self, item: DossierItem, data: bytes) -> Iterator[int]:
        """Add an item with its content; yield the number of pages after each, so that a long item shows progress."""
        first, note = self.pages + 1, ""
        self._blanked = False
        try:
            if item.kind == "pdf" and is_archival(data):
                yield from self._take_archival(item, data)
            elif item.kind in page_images.RENDERABLE_KINDS:
                yield from self._take_drawn(item, data)
            else:
                note = f"这份材料是{item.kind_label}，不能印在纸上；"
        except page_images.RenderingFailed:
            note = _DAMAGED
        if note:
            self._append(printed_leaves.leaf(item.title, f"{note}原件在归档包中：{item.path}\n\nSM3：{item.digest}"))
            yield self.pages
        self.bound.append(BoundItem(item, first, self.pages, note, self._blanked))

    def _take_archival(self, item: DossierItem, data: bytes) -> Iterator[int]:
        blanked = pages_without(item.hidden, data, PAGE_IMAGE_PIXELS) if item.hidden else {}
        pdf = Pdf.open(io.BytesIO(data))
        self._open.append(pdf)
        for number, page in enumerate(pdf.pages, 1):
            if number in blanked:
                self._picture(blanked[number])
            else:
                self._body.pages.append(page)
        self._blanked = bool(blanked)
        yield self.pages

    def _take_drawn(self, item: DossierItem, data: bytes) -> Iterator[int]:
        for number, drawn in enumerate(_drawn(data, item.kind, item.turned), 1):
            jpeg = drawn.jpeg
            if item.hidden and item.hidden in "".join(drawn.text.split()):
                jpeg = pages_without(item.hidden, data, PAGE_IMAGE_PIXELS, item.turned).get(number, jpeg)
                self._blanked = True
            self._picture(jpeg)
            yield self.pages

    def bind(self, entry: VolumeEntry, *, heading: str, note: str, gaps: Sequence[str] = ()) -> bytes:
        """Return the whole volume as PDF: cover, 卷内目录, the numbered items, 卷内备考表.

        `gaps` name what the file lacks. The body must hold at least one item.
        """
        entry = replace(entry, items=len(self.bound), pages=self.pages)
        title, department = f"{entry.volume} {entry.title}", entry.fonds_name
        front = Pdf.open(io.BytesIO(printed_leaves.cover(title, department, heading, entry.cover(), note)))
        rows = [_row(b) for b in self.bound]
        before = self._extend(front, printed_leaves.contents(title, rows, "页次为本卷右上角或左上角的编号。"))
        self._number(title)
        front.pages.extend(self._body.pages)
        closing = entry.closing("\n".join([*gaps, *self._condition()]) or "没有缺损，没有补印。")
        self._extend(
            front,
            printed_leaves.closing(
                title, closing, "立卷人、检查人和日期据系统记录打印。页数不含封面、卷内目录和本表。"
            ),
        )
        with front.open_outline() as outline:
            outline.root.extend(
                pikepdf.OutlineItem(f"{b.item.place}. {b.item.title}", before + b.first - 1) for b in self.bound
            )
        _tidy(front, title)
        target = io.BytesIO()
        front.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
        return target.getvalue()

    def _condition(self) -> Iterator[str]:
        """Yield a sentence for each way in which items are not what they were, naming these items."""
        for said, which in (
            ("可能缺损", [b for b in self.bound if b.note == _DAMAGED]),
            ("不能印在纸上，以说明页代替", [b for b in self.bound if b.note and b.note != _DAMAGED]),
            ("没有制作过文书，据办理记录补印", [b for b in self.bound if b.item.reprinted]),
            (BLANKED, [b for b in self.bound if b.blanked]),
        ):
            if which:
                yield f"{said}：{'、'.join(f'第{b.item.place}件《{b.item.title}》' for b in which)}。"

    def _append(self, data: bytes) -> None:
        pdf = Pdf.open(io.BytesIO(data))
        self._open.append(pdf)
        self._body.pages.extend(pdf.pages)

    def _picture(self, jpeg: bytes) -> None:
        width, height = _size_of(jpeg)
        sheet = _A4 if height >= width else _A4[::-1]
        scale = min(sheet[0] / width, sheet[1] / height)
        wide, high = width * scale, height * scale
        page = self._body.add_blank_page(page_size=sheet)
        image = self._body.make_stream(
            jpeg,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=width,
            Height=height,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        page.Resources = Dictionary(XObject=Dictionary(Im0=image))
        left, low = (sheet[0] - wide) / 2, (sheet[1] - high) / 2
        page.Contents = self._body.make_stream(
            f"q {wide:.3f} 0 0 {high:.3f} {left:.3f} {low:.3f} cm /Im0 Do Q".encode()
        )

    def _extend(self, front: Pdf, data: bytes) -> int:
        pdf = Pdf.open(io.BytesIO(data))
        self._open.append(pdf)
        front.pages.extend(pdf.pages)
        return len(front.pages)

    def _number(self, title: str) -> None:
        found = []
        for n, page in enumerate(self._body.pages, 1):
            box = [float(v) for v in page.mediabox]
            width, height = box[2] - box[0], box[3] - box[1]
            if int(page.obj.get("/Rotate", 0)) % 180:
                width, height = height, width
            found.append(printed_leaves.Leaf(width, height, str(n), n % 2 == 1))
        over = Pdf.open(io.BytesIO(printed_leaves.numbers(title, found)))
        self._open.append(over)
        for page, number in zip(self._body.pages, over.pages, strict=True):
            page.add_overlay(number, None)


def _row(b: BoundItem) -> tuple[str, ...]:
    i = b.item
    return (str(i.place), i.number, i.author, i.title, i.day_text, b.pages_text, i.level, b.remark)


def _drawn(data: bytes, kind: str, turned: int) -> Iterator[page_images.RenderedPage]:
    first = page_images.render_page_image(data, kind, 1, PAGE_IMAGE_PIXELS, turned)
    yield first
    for page in range(2, first.pages + 1):
        yield page_images.render_page_image(data, kind, page, PAGE_IMAGE_PIXELS, turned)


def _size_of(jpeg: bytes) -> tuple[int, int]:
    from PIL import Image

    with Image.open(io.BytesIO(jpeg)) as picture:
        return picture.size


def is_archival(data: bytes) -> bool:
    """Tell whether a PDF says it is PDF/A and holds nothing that only works on a screen."""
    try:
        with Pdf.open(io.BytesIO(data)) as pdf:
            standard = pdf.open_metadata().pdfa_status
            alive = any("/Annots" in page.obj or "/AA" in page.obj for page in pdf.pages)
            return standard in _KEPT_STANDARDS and not alive and not pdf.is_encrypted
    except (pikepdf.PdfError, ValueError, KeyError, TypeError):
        return False


def _tidy(pdf: Pdf, title: str) -> None:
    """Remove what belonged to the parts and not to the whole: marks of a lost structure, titles of the parts."""
    root: Any = pdf.Root
    for key in ("/StructTreeRoot", "/MarkInfo", "/PageLabels"):
        if key in root:
            del root[key]
    for page in pdf.pages:
        for key in ("/StructParents", "/Tabs"):
            if key in page.obj:
                del page.obj[key]
    # Cover and contents have no number in the volume.
    root.PageMode = Name.UseOutlines
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.Lang = "zh-CN"
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = title
        meta["{http://ns.adobe.com/xap/1.0/t/pg/}NPages"] = str(len(pdf.pages))
    if "/Info" in pdf.trailer:
        pdf.docinfo["/Title"] = title
    assert isinstance(root.get("/OutputIntents"), Array | type(None))
