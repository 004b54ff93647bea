"""At the counter: the sheet is read with the visitor, signed by hand on the tablet, and the receipt is printed."""

import base64
import io
import re
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from PIL import Image, ImageDraw

from tests.browser import PICTURES
from tests.urls import url
from tests.window.standing import new_key
from tests.world import as_, make_department, register
from xinfang.attachments.models import Attachment
from xinfang.attachments.stores import read_attachment
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.core.clock import today
from xinfang.procedure.words import Material
from xinfang.window.signed_sheet import NOT_SIGNED, NotSigned, drawn_signature

BODY = "2026年3月起补助没有发放。𠅤\nᠮᠣᠩᠭᠣᠯ"


@pytest.fixture
def people(db: None) -> None:
    make_department()


def visit() -> str:
    return register(
        today(), channel="visit", body=BODY,
        persons=[{"name": "其木格", "phone": "15000000001", "address": "某盟某旗", "id_number": "150102198001011234"}],
    )  # fmt: skip


def drawn(ink: int = 400, size: tuple[int, int] = (600, 200), kind: str = "PNG") -> str:
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    if ink:
        ImageDraw.Draw(picture).line((20, 100, 20 + ink, 120), fill="black", width=6)
    out = io.BytesIO()
    picture.convert("RGB" if kind == "JPEG" else "RGBA").save(out, kind)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_sheet_is_read_with_the_visitor_and_that_it_was_is_written_down(people: None) -> None:
    number = visit()
    page = as_("clerk").get(url("counter-sheet", number)).content.decode()
    for said in (number, "15000000001", "150102198001011234", "说明未发放原因", "以上内容已经逐项读给我听"):
        assert said in page
    assert 'class="main-nav"' not in page, "nothing of the desk is handed to the visitor"
    assert AccessLogEntry.objects.filter(petition__number=number, reason="与来访人核对登记表").exists()


def test_the_signed_sheet_is_attached_once_with_what_was_read_and_the_signature(people: None) -> None:
    number, key = visit(), new_key()
    for _ in range(2):
        answer = as_("clerk").post(url("counter-sheet", number), {"key": key, "signature": drawn()})
        assert answer.status_code == 302 and answer["Location"] == url("receipt", number)
    kept = Attachment.objects.get(petition__number=number)
    assert kept.what == Material.PETITIONERS_WORDS.value and "信访人签名" in kept.name
    pdf = b"".join(read_attachment(kept))
    written = re.sub(r"\s", "", text_of(pdf))
    assert number in written and "其木格" in written and "15000000001" in written and "SM3" in written
    objects = [o for o in pypdfium2.PdfDocument(pdf)[0].get_objects() if o.type == 3]
    assert len(objects) == 1, "the signature is a picture on it"
    if PICTURES:
        from pathlib import Path

        (Path(PICTURES) / "signed_sheet.pdf").write_bytes(pdf)


@pytest.mark.parametrize(
    "sent",
    ["", "data:image/png;base64,", "data:image/png;base64,%%", "data:image/svg+xml;base64,PHN2Zz4=", drawn(0),
     drawn(kind="JPEG"), drawn(size=(4000, 2000)), "data:image/png;base64," + "A" * 2_000_000],
    ids=["none", "empty", "no base64", "another kind", "nothing drawn", "no PNG", "too large", "too long"],
)  # fmt: skip
def test_what_is_no_signature_is_refused_and_nothing_is_kept(people: None, sent: str) -> None:
    number = visit()
    answer = as_("clerk").post(url("counter-sheet", number), {"key": new_key(), "signature": sent})
    assert answer.status_code == 422 and NOT_SIGNED in answer.content.decode()
    assert not Attachment.objects.exists()
    with pytest.raises(NotSigned):
        drawn_signature(sent)


def test_who_does_not_see_the_identity_has_no_sheet(people: None) -> None:
    number = visit()
    assert as_("handler2").get(url("counter-sheet", number)).status_code == 404
    assert Client().get(url("counter-sheet", number)).status_code == 302


def test_the_printed_receipt_has_a_qr_code_with_the_number_and_without_the_inquiry_code(
    people: None, settings: Any
) -> None:
    number = visit()
    clerk = as_("clerk")
    assert "receipt-qr" not in clerk.get(url("receipt", number)).content.decode(), "there is no address to lead to"
    settings.WINDOW_URL = "https://xf.example.cn/window"
    page = clerk.get(url("receipt", number)).content.decode()
    assert "二维码里没有查询码" in page and "<svg" in page
    from xinfang.web.qr import qr_svg

    code = Petition.objects.get(number=number).inquiry_code
    assert qr_svg(f"https://xf.example.cn/window/follow/#{number}") in page and code[:4] in page
