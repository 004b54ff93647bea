"""The session ends, or somebody else signs in, while a form is open.

The same form is then sent by who filled it in, and by nobody else.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Choice, fill
from tests.journeys.test_nothing_typed_is_lost import end_all_sessions, give_session, sign_in_at
from tests.urls import url
from xinfang.cases.models import Petition
from xinfang.web.models import Draft

TYPED = {"是否涉密": Choice("不涉及"), "事由": "请求补发补助", "内容": "第一段。\n第二段。"}


@pytest.fixture
def page(sign_in: Any) -> Page:
    """The registration form, filled in."""
    page: Page = sign_in("clerk", server_fails=True, line_breaks=True).page
    page.goto(url("register"))
    expect(page.locator("#register-form[data-draft-looked]")).to_be_visible()
    fill(page.locator("#register-form"), TYPED)
    return page


def leaving_is_asked(page: Page) -> None:
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()


def register(page: Page) -> None:
    page.get_by_role("button", name="登记", exact=True).click()


def test_after_signing_in_again_in_another_tab_the_same_form_is_sent(page: Page) -> None:
    end_all_sessions()
    page.locator("#body").press("Control+End")
    page.keyboard.insert_text("最后一句。")
    register(page)
    expect(page.locator("#session-bar")).to_contain_text("登录已结束")
    with page.context.expect_page() as tab:
        page.get_by_role("link", name="在新标签页登录").click()
    sign_in_at(tab.value, "clerk")
    register(page)
    expect(page.locator("body")).to_contain_text("已登记 ")
    assert Petition.objects.get().body == TYPED["内容"] + "最后一句。"
    assert not Draft.objects.exists()


def test_nothing_is_sent_or_kept_in_the_name_of_somebody_else(page: Page) -> None:
    expect(page.locator("#register-form .draft-status")).to_contain_text("草稿已保存")
    tab = page.context.new_page()
    tab.goto(url("inbox"))
    tab.locator("form.sign-out button").click()
    expect(tab).to_have_url(re.compile(url("login")))
    sign_in_at(tab, "clerk2")
    page.locator("#body").press("Control+End")
    page.keyboard.insert_text("本人的话。")
    register(page)
    expect(page.locator("#session-bar")).to_contain_text("现在登录的是另一位同事")
    expect(page.locator("#body")).to_have_value(TYPED["内容"] + "本人的话。")
    assert not Petition.objects.exists()
    assert {d.staff.username for d in Draft.objects.all()} == {"clerk"}


def test_the_server_refuses_what_the_page_did_not_ask_about(page: Page, live_server: Any) -> None:
    """Somebody else came between the asking and the sending: nothing is registered in their name."""

    def somebody_else(route: Any) -> None:
        give_session(page.context, "clerk2", live_server.url)
        route.continue_()

    page.context.route("**/register/", somebody_else, times=1)
    register(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("登录的不是同一个人")
    assert not Petition.objects.exists() and {d.staff.username for d in Draft.objects.all()} == {"clerk"}


def test_a_form_is_sent_where_drafts_cannot_be_kept(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinfang.web.actions.drafts.save_draft", lambda *_, **__: 1 / 0)
    register(page)
    expect(page.locator("body")).to_contain_text("已登记 ")


def test_a_lost_token_is_brought_back_and_the_form_is_sent(page: Page) -> None:
    page.context.clear_cookies(name="xinfang_csrf")
    register(page)
    expect(page.locator("body")).to_contain_text("已登记 ")


def test_a_part_of_a_page_asked_for_without_a_session_says_so_and_ends_the_bar(page: Page) -> None:
    expect(page.locator("#similar")).to_contain_text("没有找到相近的来件")
    end_all_sessions()
    page.locator("#body").press("Control+End")
    page.keyboard.insert_text("登录结束后写的。")
    expect(page.locator("#session-bar")).to_contain_text("登录已结束")
    expect(page.locator("#similar")).to_contain_text("这一次没有查成")
    expect(page.locator("#similar")).not_to_contain_text("没有找到相近的来件")
    expect(page.locator("#busy")).to_be_empty()


def test_typing_before_the_answer_leaves_the_offer_and_both_texts(page: Page) -> None:
    expect(page.locator("#register-form .draft-status")).to_contain_text("草稿已保存")
    page.goto(url("calendar"))
    page.goto(url("register"))
    expect(page.get_by_role("button", name="恢复草稿")).to_be_visible()
    page.get_by_label("事由").fill("另一件事")
    expect(page.locator("#register-form .draft-status")).to_contain_text("草稿已保存")
    page.get_by_role("button", name="恢复草稿").click()
    expect(page.locator("#body")).to_have_value(TYPED["内容"])
    expect(page.get_by_role("button", name="恢复草稿")).to_be_visible()
    assert sorted(d.fields["subject"][0] for d in Draft.objects.all()).count("另一件事") == 1
    page.get_by_role("button", name="丢弃").click()
    expect(page.get_by_role("button", name="恢复草稿")).to_have_count(0)
    register(page)
    expect(page.locator("body")).to_contain_text("已登记 ")
    assert not Draft.objects.exists()


def test_leaving_is_asked_about_where_the_last_words_could_not_be_kept(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xinfang.web.actions.drafts.save_draft", lambda *_, **__: 1 / 0)
    page.locator("#body").press("Control+End")
    page.keyboard.insert_text("没有存下的话。")
    expect(page.locator("#register-form .draft-status")).to_contain_text("草稿没有保存成功")
    page.locator("form.sign-out button").click()
    expect(page.get_by_role("dialog")).to_contain_text("填写的内容没有存成草稿，退出后就没有了")
    page.get_by_role("button", name="取消").click()
    leaving_is_asked(page)
    expect(page.locator("#body")).to_have_value(TYPED["内容"] + "没有存下的话。")


def test_leaving_is_asked_about_where_a_text_is_too_long_to_be_kept_while_the_page_goes(page: Page) -> None:
    page.locator("#body").press("Control+End")
    page.keyboard.insert_text("长文" * 15_000)
    leaving_is_asked(page)
    expect(page.locator("#register-form .draft-status")).to_contain_text("草稿已保存")
    assert len(Draft.objects.get().fields["body"][0]) > 30_000
