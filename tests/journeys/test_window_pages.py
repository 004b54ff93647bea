"""The window's public pages and its receipt as people see them: on a desk and a phone, with and without JavaScript."""

import io
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from tests.browser import PHONE, PICTURES, look, page_width
from tests.reception.receiving import booked, published
from tests.urls import url
from tests.window.test_public_pages import finish, say
from xinfang.core.clock import today
from xinfang.figures.periods import Period, Span
from xinfang.proof.actions.sealing import make_seal
from xinfang.window.receipt_proof import check_receipt

PAGES = ("window", *(f"window-{n}" for n in ["reception", "procedure", "figures", "leaflet", "check"]))


@pytest.fixture
def told(department, settings) -> None:
    """All that the public pages can tell."""
    settings.WINDOW_URL = "https://xf.example.cn/window"
    say(
        contact_phone="0471-6280001",
        address="呼和浩特市某区某街1号，010010",
        reception_hours="工作日9:00—11:30，14:30—17:00",
    )
    published(places=1)
    booked(published(today() + timedelta(days=4), places=1), "那仁花")
    finish(Period(Span.YEAR, today().year))
    make_seal(today())


def read_off(picture: bytes) -> str:
    """What a QR code on a picture says; reading needs what comes with the reading of scans."""
    cv2, numpy = pytest.importorskip("cv2"), pytest.importorskip("numpy")
    with Image.open(io.BytesIO(picture)) as seen:
        grey = numpy.asarray(seen.convert("L").resize((seen.width * 3, seen.height * 3)))
    return str(cv2.QRCodeDetector().detectAndDecode(grey)[0])


def test_the_public_pages_pass_axe_and_fit(told, open_page, axe) -> None:
    page = open_page()
    for name in PAGES:
        assert page.goto(url(name)).status == 200
        look(page, axe, name)


def test_the_leaflet_is_one_sheet_of_paper(told, open_page) -> None:
    page = open_page()
    page.goto(url("window-leaflet"))
    printed = page.pdf(format="A4")
    assert len(pypdfium2.PdfDocument(printed)) == 1
    if PICTURES:
        (Path(PICTURES) / "leaflet.pdf").write_bytes(printed)


def test_the_public_pages_are_whole_without_javascript(told, open_page) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": PHONE[0], "height": PHONE[1]})
    for name in PAGES:
        assert page.goto(url(name)).status == 200
        assert page.locator("main h1").inner_text()
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-plain.png", full_page=True)


def test_a_petition_is_submitted_and_its_receipt_proves_itself_with_the_network_off(
    told, open_page, axe, tmp_path
) -> None:
    page = open_page(accept_downloads=True)
    page.goto(url("window-submit"))
    page.locator("[name=subject]").fill("请求补发补助")
    page.locator("[name=phone]").fill("15000004321")
    page.locator("[name=files]").set_input_files(
        {"name": "通知.txt", "mimeType": "text/plain", "buffer": "补助通知".encode()}
    )
    page.get_by_role("button", name="提交").click()
    page.get_by_role("heading", name="已经收到，请保存回执").wait_for()
    look(page, axe, "receipt")
    code = read_off(page.locator(".receipt-qr [role=img]").screenshot())
    assert code.startswith("https://xf.example.cn/window/check/#XFHZ1.WX"), code
    assert check_receipt(code).is_right, "a telephone reads it off the screen"
    with page.expect_download() as saving:
        page.get_by_role("link", name="保存回执文件").click()
    kept = tmp_path / "回执.html"
    saving.value.save_as(kept)
    alone = page.context.browser.new_context(offline=True)
    saved = alone.new_page()
    saved.goto(kept.as_uri())
    assert "内容一字未改" in saved.locator(".verdict-words").inner_text()
    look(saved, axe, "receipt-file")
    alone.close()
    other = open_page()
    other.goto(f"{url('window-check')}#{code.partition('#')[2]}")
    other.locator("[data-check-result]").get_by_text("二维码只有编号").wait_for()
    other.locator("[name=file]").set_input_files(kept)
    other.locator(".verdict-words").get_by_text("签名正确").wait_for()
    look(other, axe, "checked")
    assert page_width(other) <= PHONE[0]
