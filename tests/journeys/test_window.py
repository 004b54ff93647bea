"""At the window, in a real browser: by keyboard alone, on a phone, large, without scripts; submitting to rating."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import look, page_width
from tests.urls import url
from tests.window.standing import PHONE, WRITTEN, days_ago, facts
from tests.world import register, walk
from xinfang.cases.models import Petition
from xinfang.procedure.words import State

pytestmark = pytest.mark.usefixtures("department")


def filled_in(page: Page) -> None:
    """Fill in the form by keyboard alone, from the head of the page."""
    page.goto(url("window-submit"))
    page.keyboard.press("Tab")
    expect(page.get_by_text("跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    for name in ("subject", "body", "requests"):
        tab_to(page, name)
        page.keyboard.type(str(WRITTEN[name]))
    for name in ("name", "phone", "address"):
        tab_to(page, name)
        page.keyboard.type(str(WRITTEN[name]))
    page.keyboard.press("Tab")
    tab_to_button(page, "提交")


def tab_to(page: Page, name: str) -> None:
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {name}")


def tab_to_button(page: Page, label: str) -> None:
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent.trim()") == label:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {label}")


def code_on(page: Page) -> str:
    return "".join(re.findall(r"\w{4}", page.locator(".inquiry-code").inner_text()))


def test_by_keyboard_alone_an_ordinary_request_takes_three_pages(open_page: Any, axe: Any) -> None:
    page = open_page()
    for name in ("window", "window-notice", "window-follow"):
        page.goto(url(name))
        look(page, axe, name)
    filled_in(page)
    look(page, axe, "window-submit")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('window-receipt')}")
    number, code = Petition.objects.get().number, code_on(page)
    look(page, axe, "window-receipt")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(url("window-case"))
    assert asked == ["beforeunload"], "the code was not kept, so it is asked once"
    look(page, axe, "window-case")
    for act in ("supplement", "rate", "message", "consent", "withdraw"):
        page.goto(url("window-act", act))
        look(page, axe, f"window-{act}")
    page.get_by_role("button", name="我办完了，清除").click()
    expect(page.get_by_role("heading", name="已经清除")).to_be_visible()
    page.go_back()
    assert number not in page.content()
    page.goto(url("window-follow"))
    for name, typed in (("number", number.lower()), ("code", code.lower()), ("proof", PHONE[-4:])):
        tab_to(page, name)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('window-case')}")
    expect(page.get_by_role("heading", name=str(WRITTEN["subject"]))).to_be_visible()


def test_without_scripts_large_and_over_a_slow_line(open_page: Any) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(url("window-submit"))
    page.get_by_text("大字").click()
    assert page.get_by_role("heading", name="提出信访事项").evaluate("e => getComputedStyle(e).fontSize") >= "28px"
    assert page_width(page) <= 390
    for name in ("subject", "body", "name", "phone"):
        page.locator(f"#{name}").fill(str(WRITTEN[name]))
    page.locator("#files").set_input_files({"name": "通知.txt", "mimeType": "text/plain", "buffer": "补助".encode()})
    page.get_by_role("button", name="提交").click()
    page.wait_for_url(f"**{url('window-receipt')}")
    expect(page.get_by_text("通知.txt")).to_be_visible()
    page.goto(url("window-act", "supplement"))
    page.locator("#text").fill("补充银行流水")
    page.get_by_role("button", name="提交补充").click()
    expect(page.get_by_text("补充已经收到")).to_be_visible()


def test_what_is_large_is_made_smaller_on_the_device(open_page: Any) -> None:
    page = open_page()
    page.goto(url("window-submit"))
    page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 3600, height: 2700 });
          const pen = canvas.getContext("2d"), dots = pen.createImageData(3600, 2700);
          for (let n = 0; n < dots.data.length; n++) dots.data[n] = Math.random() * 256;
          pen.putImageData(dots, 0, 0);
          const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
          const chosen = new DataTransfer();
          chosen.items.add(new File([blob], "照片.png", { type: "image/png" }));
          const input = document.querySelector("#files");
          input.files = chosen.files;
          input.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    expect(page.locator("[data-chosen-files]")).to_contain_text("已缩小")
    expect(page.locator("[data-chosen-files]")).to_contain_text("照片.jpg")


def test_a_draft_stays_on_the_device_only_if_wished_and_goes_when_it_was_sent(open_page: Any) -> None:
    page = open_page()
    page.goto(url("window-submit"))
    page.locator("#subject").fill("写到一半")
    page.reload()
    expect(page.locator("#subject")).to_have_value("")
    page.get_by_label("把内容留在这台设备上").check()
    page.locator("#subject").fill("写到一半")
    page.locator("#phone").fill(PHONE)
    page.reload()
    expect(page.locator("#subject")).to_have_value("写到一半")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url(f"**{url('window-receipt')}")
    assert page.evaluate("localStorage.length") == 0


def test_a_double_press_and_back_make_one_petition(open_page: Any) -> None:
    page = open_page()
    page.on("dialog", lambda dialog: dialog.accept())
    filled_in(page)
    page.get_by_role("button", name="提交").dblclick()
    page.wait_for_url(f"**{url('window-receipt')}")
    code = code_on(page)
    page.go_back()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url(f"**{url('window-receipt')}")
    assert Petition.objects.count() == 1 and code_on(page) == code


def test_answered_downloaded_rated_and_review_asked_for(open_page: Any) -> None:
    number = register(days_ago(25), persons=[{"name": "苏日娜", "phone": PHONE, "address": "某盟某旗"}])
    walk(number, "served", days_ago(25))
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto(url("window-follow"))
    row = Petition.objects.get(number=number)
    page.locator("#number").fill(number)
    page.locator("#code").fill(row.inquiry_code)
    page.locator("#proof").fill(PHONE[-4:])
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_text("书面意见已经送达")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("listitem").filter(has_text="意见书").get_by_role("link", name="下载").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="评价", exact=True).click()
    page.locator("#office_rating").select_option("0")
    page.locator("#request_1").select_option("0")
    page.locator("#request_2").select_option("3")
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("评价已经收到")).to_be_visible()
    page.get_by_role("link", name="请求复查", exact=True).click()
    page.locator("#reason").fill("第二项没有回应")
    page.get_by_role("button", name="提出复查请求").click()
    expect(page.get_by_text("复查请求已经登记")).to_be_visible()
    found = facts(number)
    assert found.rated and found.review_stage == "first_asked" and found.state is State.SERVED
