"""A search is asked, narrowed, saved and asked again by hand; "/" selects what was typed before."""

from playwright.sync_api import expect

from tests.browser import look
from tests.urls import url
from tests.world import register, walk
from xinfang.core.clock import today


def test_a_search_is_saved_and_asked_again(department, sign_in, axe):
    number = register(today(), subject="停车场噪音扰民")
    walk(number, "drafted", today(), 0)
    register(today(), subject="停车难", channel="phone", contact="phone")
    page = sign_in("clerk").page
    page.keyboard.press("/")
    page.keyboard.insert_text("渠道:来信 预算调整")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="停车场噪音扰民")).to_be_visible()
    expect(page.get_by_role("link", name="停车难", exact=True)).to_have_count(0)
    assert page.get_by_label("信访形式").input_value() == "letter"
    page.get_by_text("存为常用查询", exact=True).click()
    page.get_by_label("名称").last.fill("预算来信")
    page.locator("#save-search").get_by_role("button", name="保存").click()
    expect(page.get_by_text("已存为常用查询“预算来信”")).to_be_visible()
    page.get_by_text("常用查询（1）").click()
    look(page, axe, "saved-search")
    page.goto(url("petitions"))
    page.get_by_text("常用查询（1）").click()
    page.get_by_role("button", name="预算来信", exact=True).click()
    expect(page.get_by_role("link", name="停车场噪音扰民")).to_be_visible()
    assert "预算" not in page.url

    page.goto(url("search"))
    field = page.locator("[data-search]:visible")
    field.fill("预算调整")
    field.press("Enter")
    expect(page.get_by_text("在答复中")).to_be_visible()
    look(page, axe, "found-in-a-reply")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.insert_text("停车难")
    assert page.locator("[data-search]:visible").input_value() == "停车难", "what was typed before is replaced"
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("噪音")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="噪音 或 噪声")).to_be_visible()
    look(page, axe, "also-asked-so")
