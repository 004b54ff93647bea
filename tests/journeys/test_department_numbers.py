"""The head of the office asks for another number, the principal leader agrees on a phone, a lawyer finds both."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import look
from tests.urls import url
from xinfang.calendars import queries
from xinfang.core.clock import today


@pytest.fixture(autouse=True)
def put_back(monkeypatch):
    monkeypatch.setattr(queries, "_read", None)


def test_a_number_changes_hands(sign_in, axe) -> None:
    since = today() + timedelta(days=3)
    head = sign_in("office_head").page
    head.goto(url("numbers"))
    head.locator("select[name=code]").select_option("supervision")
    head.get_by_label("改为").fill("十")
    head.get_by_label("自哪一天起").fill(since.isoformat())
    head.get_by_label("理由").fill("督办反馈需要会商")
    head.get_by_role("button", name="提出，等待另一人确认").click()
    expect(head.get_by_role("alert")).to_contain_text("应为 1 至 999 的整数")
    assert head.get_by_label("理由").input_value() == "督办反馈需要会商"
    head.get_by_label("改为").fill("10")
    head.get_by_role("button", name="提出，等待另一人确认").click()
    expect(head.get_by_role("heading", name="等待确认")).to_be_visible()
    assert head.get_by_role("button", name="同意", exact=True).count() == 0, "nobody agrees to what they asked for"
    look(head, axe, "numbers")

    principal = sign_in("principal").page
    principal.goto(url("numbers"))
    look(principal, axe, "numbers-waiting")
    principal.get_by_role("button", name="同意", exact=True).click()
    words = f"自{since.year}年{since.month}月{since.day}日起起算的"
    expect(principal.get_by_text(words).first).to_be_visible()
    principal.goto(url("procedure"))
    expect(principal.locator("#numbers").get_by_text(words)).to_be_visible()


def test_a_number_is_tried_out(sign_in, axe) -> None:
    page = sign_in("leader").page
    page.goto(url("numbers-what-if"))
    page.locator("select[name=code]").select_option("handling")
    page.get_by_label("试为").fill("45")
    page.get_by_label("施行时尚未届满的期限也适用").check()
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_role("heading", name="假设“受理后办结”自")).to_be_visible()
    look(page, axe, "what-if")
