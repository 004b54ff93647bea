"""The volume shows what the evidence shows: seals and filled fields of PDF, thin strokes of black-and-white scans."""

import io

import numpy
import pikepdf
import pytest
from PIL import Image

from tests.attachments.forms import Form
from tests.attachments.test_evidence_drawn import packed, page
from xinfang.archive.dossier.binding import VolumeBinder
from xinfang.archive.dossier.catalogue import VolumeEntry
from xinfang.archive.dossier.items import DossierItem
from xinfang.archive.volume_number import ArchiveCodes
from xinfang.attachments.page_images import render_page_image


def bound(data: bytes, kind: str) -> tuple[bytes, int]:
    """A volume of this one paper, and the place of its first page in it."""
    binder = VolumeBinder()
    item = DossierItem(title="来信材料", kind=kind, path=f"附件/1.{kind}", read=lambda: iter((data,)))
    list(binder.take(item, data))
    assert binder.bound[0].note == ""
    entry = VolumeEntry(
        file="2026-D10-0001",
        apart=False,
        number="LX2026000001",
        title="一卷",
        fonds_name="某厅",
        codes=ArchiveCodes(),
        unit_name="",
        year=2026,
        period="10年",
    )
    whole = binder.bind(entry, heading="信访档案", note="")
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        return whole, len(pdf.pages) - binder.pages  # the last leaf is the 备考表


def seen(data: bytes, kind: str) -> numpy.ndarray:
    whole, first = bound(data, kind)
    return numpy.asarray(
        Image.open(io.BytesIO(render_page_image(whole, "pdf", first, 2400).jpeg)).convert("RGB")
    ).astype(int)


def archival(form: Form) -> bytes:
    """The same, saying of itself that it is PDF/A: such a file would be taken in as it is, without its fields."""
    with form.pdf.open_metadata() as meta:
        meta["pdfaid:part"], meta["pdfaid:conformance"] = "2", "B"
    return form.done()


@pytest.mark.parametrize("says_so", [False, True])
def test_the_seal_and_the_filled_field_are_in_the_volume(says_so: bool) -> None:
    form = Form()
    form.seal()
    form.text("巴特尔·苏和 请求补发补助", drawn=False)
    found = seen(archival(form) if says_so else form.done(), "pdf")
    scale = found.shape[0] / 842
    seal = found[int((842 - 420) * scale) : int((842 - 300) * scale), int(350 * scale) : int(470 * scale)]
    assert ((seal[..., 0] > 150) & (seal[..., 1] < 100)).sum() > 5000
    field = found[int((842 - 714) * scale) : int((842 - 690) * scale), int(150 * scale) : int(450 * scale)]
    assert (field.max(axis=2) < 100).sum() > 1000


def test_a_black_and_white_scan_keeps_its_strokes_in_the_volume() -> None:
    sheet = page(600)
    whole = io.BytesIO()
    sheet.save(whole, "PNG")
    right = 255 - seen(whole.getvalue(), "png")
    found = 255 - seen(packed(sheet, "tiff G4")[0], "tiff")
    assert 0.98 < found.sum() / right.sum() < 1.02 and abs(found - right).mean() < 2
