"""The pages of a window apart in a real browser: axe finds nothing, at a desk and on a phone, with script or not."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.urls import url
from tests.window.standing import PHONE, WRITTEN
from tests.world import make_department
from xinfang.window.actions.apart import publish_all, take_all
from xinfang.window.apart.kit import FILE, desk_kit, write_kit
from xinfang.window.receipts import public_key

pytestmark = [pytest.mark.django_db(transaction=True)]
SIZES = ((1440, 900), (390, 844))


@pytest.fixture
def queue(settings: Any, tmp_path: Path) -> Iterator[Path]:
    make_department()
    settings.WINDOW_QUEUE = tmp_path
    kept = Path(settings.DATA) / FILE
    write_kit(desk_kit(base64.b64decode(public_key())), kept)
    publish_all()
    yield tmp_path
    kept.unlink()


@pytest.mark.urls("xinfang.window.apart.urls")
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_submitted_followed_and_written_to(
    queue: Path, live_server: Any, settings: Any, browser: Browser, axe: Any, script: bool
) -> None:
    settings.PART, settings.ERROR_TEMPLATE = "window", "window/apart/error.html"
    context = browser.new_context(base_url=live_server.url, java_script_enabled=script, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(15_000)

    def looked_at(name: str) -> None:
        for width, height in SIZES if script else ():
            page.set_viewport_size({"width": width, "height": height})
            axe(page)
            if folder := os.environ.get("XINFANG_TEST_PICTURES"):
                page.screenshot(path=f"{folder}/apart-{name}-{width}.png", full_page=True)

    page.goto(url("window"))
    looked_at("home")
    page.goto(url("window-submit"))
    for name in ("subject", "body", "name", "phone"):
        page.fill(f"[name={name}]", WRITTEN[name])
    for name in ("who", "kind"):
        if page.locator(f"select[name={name}]").is_visible():
            page.select_option(f"[name={name}]", WRITTEN[name])
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url(f"**{url('window-receipt')}")
    looked_at("receipt")
    number = page.locator(".window-receipt .keep").first.inner_text()
    code = "".join(page.locator(".inquiry-code span").all_inner_texts())
    assert number.startswith("CK") and len(code) == 16
    page.evaluate("() => document.querySelector('[data-keep-receipt]')?.dispatchEvent(new Event('copy'))")
    page.goto(url("window-case"))
    assert "正在转交登记" in page.inner_text("main")
    settings.PART = "both"
    take_all()
    settings.PART = "window"
    page.goto(url("window-follow"))
    for name, value in (("number", number), ("code", code), ("proof", PHONE[-4:])):
        page.fill(f"[name={name}]", value)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"**{url('window-case')}")
    page.fill("[name=words]", "补充一点情况")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**{url('window-say')}")
    assert "留言已经收到" in page.inner_text("main")
    looked_at("case")
    page.goto("/nothing-like-it/")
    looked_at("error")
    context.close()
