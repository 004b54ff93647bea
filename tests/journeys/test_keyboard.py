"""A desk without a mouse: skip link, the order of Tab, j and k in lists, / for the search, ? for the keys."""

import pytest
from playwright.sync_api import Page, expect

from tests.urls import url
from tests.world import register
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode


@pytest.fixture
def letters(department) -> list[str]:
    return [register(today(), subject=f"关于第{n}号来信的说明") for n in ("一", "二", "三")]


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.closest('tr')?.innerText ?? document.activeElement.innerText")


def test_skip_link_leads_past_the_navigation(letters, sign_in):
    page = sign_in("clerk").page
    page.goto(url("petitions"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_lists_are_walked_with_j_and_k(letters, sign_in):
    page = sign_in("clerk").page
    page.keyboard.press("j")
    first = focused(page)
    page.keyboard.press("j")
    second = focused(page)
    assert first != second and "来信的说明" in second
    page.keyboard.press("k")
    assert focused(page) == first
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("来信的说明")
    assert page.url.rstrip("/").rsplit("/", 1)[1] in first


def test_search_and_help_are_one_key_away(letters, sign_in):
    page = sign_in("clerk").page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("[data-search]:visible")).to_be_focused()
    page.keyboard.insert_text(letters[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("关于第二号来信的说明")


def test_keys_are_letters_while_somebody_types(letters, sign_in):
    page = sign_in("clerk").page
    page.goto(url("register"))
    subject = page.get_by_label("事由")
    subject.focus()
    page.keyboard.type("jkr/?")
    expect(subject).to_have_value("jkr/?")
    expect(page.get_by_role("heading", name="登记来件")).to_be_visible()


SHOWS_ITS_FOCUS = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  return here !== document.body && (style.outlineStyle !== "none" || style.boxShadow !== "none");
}"""
MAIN_ACTIONS = "a.step.main, form[data-step-form] button[type=submit], form[aria-label=筛选] button[type=submit]"


@pytest.mark.parametrize("address", [url("petition", "{}"), url("step", "{}", StepCode.CLASSIFY), url("petitions")])
def test_tab_reaches_the_main_action(letters, sign_in, address):
    """From the beginning of the page's own matter, and whatever has the focus on the way shows it."""
    page = sign_in("clerk").page
    page.goto(address.format(letters[0]))
    page.get_by_role("link", name="跳到正文").focus()
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert page.evaluate(SHOWS_ITS_FOCUS), here
        if page.evaluate("actions => document.activeElement.matches(actions)", MAIN_ACTIONS):
            return
    raise AssertionError("the main action isn't within thirty tabs")


@pytest.mark.parametrize("how", ["isComposing", "keyCode"])
def test_the_enter_that_confirms_a_candidate_of_an_input_method_moves_nothing(letters, sign_in, how):
    """Safari and some input methods say so only by the code 229."""
    page = sign_in("clerk").page
    page.goto(url("register"))
    subject = page.get_by_label("事由")
    subject.focus()
    asked = {
        "key": "Enter",
        "bubbles": True,
        "cancelable": True,
        **({"isComposing": True} if how == "isComposing" else {"keyCode": 229}),
    }
    went = subject.evaluate("(e, asked) => e.dispatchEvent(new KeyboardEvent('keydown', asked))", asked)
    assert went, "left to the input method"
    expect(subject).to_be_focused()
    page.goto(url("petitions"))
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true, keyCode: 229}))")
    assert page.evaluate("document.activeElement === document.body")
