"""At the counter, on a tablet: the visitor reads the sheet and signs it by finger; without scripts, on paper."""

from typing import Any

from tests.browser import PICTURES, look
from tests.urls import url
from tests.window.test_counter import visit
from xinfang.attachments.models import Attachment

TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


def test_it_is_signed_by_finger_on_a_tablet_and_on_paper_without_scripts(sign_in: Any, axe: Any) -> None:
    number = visit()
    page = sign_in("clerk", **TABLET).page
    page.goto(url("counter-sheet", number))
    look(page, axe, "counter-sheet")
    page.get_by_role("button", name="保存签名").click()
    assert "框内没有签名" in page.locator("[data-signature-error]").inner_text()
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 40 + step * 40, box["y"] + 60 + (step % 2) * 50)
    page.mouse.up()
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/counter-signed.png", full_page=True)
    page.get_by_role("button", name="保存签名").click()
    page.wait_for_url(f"**{url('receipt', number)}")
    assert Attachment.objects.filter(petition__number=number).count() == 1
    plain = sign_in("clerk2", java_script_enabled=False, **TABLET).page
    plain.goto(url("counter-sheet", number))
    assert plain.get_by_text("请用浏览器的“打印”打印本页").is_visible() and not plain.locator("canvas").is_visible()
    plain.emulate_media(media="print")
    assert plain.get_by_text("信访人签名（按手印）：").is_visible()
