"""Small things of the look that a rule of the style sheet can undo."""

from playwright.sync_api import expect

from tests.browser import DESK, PHONE
from tests.journeys.people import Worker
from tests.urls import url


def test_keys_are_named_where_there_are_some_and_the_error_box_is_as_wide_as_the_form(department, open_page) -> None:
    page = Worker(open_page, "clerk").page
    page.goto(url("register"))
    hints = page.locator(".key-hints")
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    expect(hints).to_be_visible()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    expect(hints).to_be_hidden()
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    page.get_by_role("button", name="登记", exact=True).click()
    error, form = page.locator(".error-summary").bounding_box(), page.locator("#register-form").bounding_box()
    assert error and form
    assert error["x"] + error["width"] <= form["x"] + form["width"]


def test_help_opens_at_the_section_of_the_page(department, open_page) -> None:
    page = Worker(open_page, "clerk").page
    page.goto(url("register"))
    page.get_by_role("link", name="帮助").last.click()
    expect(page.get_by_role("heading", name="登记来件")).to_be_in_viewport()
