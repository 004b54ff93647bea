"""Mongolian in a real browser: upright while it is written, and upright when it is read, at 390 and 1440 pixels."""

from typing import Any

import pytest

from tests.browser import look, page_width
from tests.urls import url
from tests.window.standing import PHONE
from tests.window.test_mongolian import WRITTEN

pytestmark = pytest.mark.usefixtures("department")


def test_it_is_upright_while_it_is_written_and_when_it_is_read(open_page: Any, axe: Any) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(url("window-submit"))
    body = page.locator("#body")
    body.fill("用汉文写")
    assert body.evaluate("e => getComputedStyle(e).writingMode") == "horizontal-tb"
    body.fill(WRITTEN)
    assert body.evaluate("e => getComputedStyle(e).writingMode") == "vertical-lr" and page_width(page) <= 390
    look(page, axe, "mongolian-submit")
    page.locator("#subject").fill("ᠭᠤᠶᠤᠴᠢᠯᠠᠯ ᠭᠠᠷᠭᠠᠬᠤ")
    page.locator("#requests").fill("ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ ᠦᠨ ᠨᠢᠭᠡᠳᠦᠭᠡᠷ ᠬᠦᠰᠡᠯᠲᠡ\n补发补助")
    page.locator("#phone").fill(PHONE)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url(f"**{url('window-receipt')}")
    page.goto(url("window-case"))
    shown = page.locator(".mongolian").last
    assert shown.evaluate("e => getComputedStyle(e).writingMode") == "vertical-lr"
    assert shown.get_attribute("lang") == "mn-Mong"
    box = shown.bounding_box()
    assert box["height"] > box["width"], "taller than wide: its letters go down"
    look(page, axe, "mongolian-case")
