"""A new officer of sealed cases, from the form to the first page, in browsers of three people.

No one of the two who make the account can get in before its owner, and the owner sees who they were.
"""

import base64
import re
import time
from collections.abc import Callable

from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.browser import look
from tests.journeys.people import Worker
from tests.urls import url

OWN = "Only-mine-2027"


def half_on(page: Page) -> str:
    text = page.locator(".secret").inner_text()
    assert re.fullmatch(r"[A-Za-z2-9]{8}", text), text
    return text


def try_to_sign_in(page: Page, username: str, password: str) -> None:
    page.goto(url("login"))
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="显示密码").click()
    expect(page.get_by_label("密码")).to_have_attribute("type", "text")
    page.get_by_role("button", name="隐藏密码").click()
    expect(page.get_by_label("密码")).to_have_attribute("type", "password")
    page.get_by_role("button", name="登录").click()


def test_from_the_form_to_the_owners_first_page(
    sign_in: Callable[..., Worker], open_page: Callable[..., Page], axe: Callable
) -> None:
    admin, security = sign_in("admin").page, sign_in("security").page
    admin.goto(url("staff-new"))
    expect(admin.get_by_label("密码")).to_have_count(0)
    admin.get_by_label("用户名").fill("newseal")
    admin.get_by_label("姓名").fill("新专管")
    look(admin, axe, "1-new-account")
    admin.get_by_role("button", name="新增").click()
    expect(admin.locator("body")).to_contain_text("两人各得一半")
    duty = admin.locator("form").filter(has=admin.locator("#duty-role"))
    duty.get_by_label(re.compile("^职责")).select_option(label="检举控告专管员")
    duty.get_by_role("button", name="提出").click()
    # The password waits already: only the duty in that list says that the page is the next one.
    waiting = admin.locator(".notice.warn").filter(has_text="等待安全管理员确认")
    expect(waiting.get_by_role("listitem").filter(has_text="授予职责")).to_be_visible()
    look(admin, axe, "2-proposed")

    security.goto(url("changes"))
    duty = security.get_by_role("article", name="新专管：授予职责")
    duty.get_by_role("button", name="确认").click()
    expect(security.locator("body")).to_contain_text("已确认")
    password = security.get_by_role("article", name="新专管：一次性密码")
    password.get_by_role("button", name="确认").click()
    expect(security.get_by_role("heading", name=re.compile("后一半"))).to_be_visible()
    second = half_on(security)
    look(security, axe, "3-second-half")

    admin.goto(url("changes"))
    look(admin, axe, "4-half-waiting")
    admin.get_by_role("button", name="查看前一半").click()
    first = half_on(admin)
    look(admin, axe, "5-first-half")
    admin.goto(url("changes"))
    expect(admin.get_by_role("button", name="查看前一半")).to_have_count(0)

    for alone in (first, second):
        thief = open_page()
        try_to_sign_in(thief, "newseal", alone)
        expect(thief.get_by_role("alert")).to_contain_text("用户名或密码不对")

    owner = open_page()
    try_to_sign_in(owner, "newseal", first + second)
    expect(owner.get_by_role("heading", level=1)).to_have_text("修改密码")
    expect(owner.locator("body")).to_contain_text("由管理员提出、安全员确认")
    look(owner, axe, "6-own-password")
    owner.goto(url("petitions"))
    expect(owner.get_by_role("heading", level=1)).to_have_text("修改密码")
    owner.get_by_label("一次性密码").fill(first + second)
    owner.get_by_label(re.compile("^新密码")).fill(OWN)
    owner.get_by_label("再输入一次新密码").fill(OWN)
    owner.get_by_role("button", name="修改密码").click()

    expect(owner.get_by_role("heading", level=1)).to_have_text("手机验证码")
    key = base64.b32decode(owner.locator(".secret").inner_text().replace(" ", ""))
    totp = TOTP(key)
    totp.time = time.time()
    full_width = f"{totp.token():06}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    owner.get_by_label("6 位验证码").fill(full_width)
    owner.get_by_role("button", name="完成设置").click()
    owner.get_by_role("link", name="已抄好，继续").click()
    expect(owner.get_by_role("heading", level=1)).to_contain_text("待办")

    owner.goto(url("account"))
    history = owner.get_by_role("region", name="账号和职责的变更")
    for words in ("管理员", "安全员", "用于登录", "新增职责", "启用验证器"):
        expect(history).to_contain_text(words)
    look(owner, axe, "7-own-account")
    owner.goto(url("notices"))
    expect(owner.locator("body")).to_contain_text("您的账号已启用验证器")
    late = open_page()
    try_to_sign_in(late, "newseal", first + second)
    expect(late.get_by_role("alert")).to_contain_text("已于")
    look(late, axe, "8-used")
