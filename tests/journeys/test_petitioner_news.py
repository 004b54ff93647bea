"""Messages to petitioners on every page that asks for them or tells of them, at 390 and 1440 pixels, with axe."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import look
from tests.petitioner_news.sending import MOBILE, running_gateway
from tests.urls import url
from tests.window.standing import PHONE, WRITTEN, days_ago
from tests.world import register
from xinfang.cases.models import Petition
from xinfang.petitioner_news.actions import keep_wishes, queue_news, sending
from xinfang.petitioner_news.wishes import Wishes

pytestmark = pytest.mark.usefixtures("department")


def test_a_petitioner_wishes_for_messages_opens_the_case_by_a_code_and_stops_them(
    open_page: Any, axe: Any, settings: Any
) -> None:
    with running_gateway(settings) as gateway:
        page = open_page(viewport={"width": 390, "height": 844})
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(url("window-submit"))
        for name in ("subject", "body", "phone"):
            page.locator(f"#{name}").fill(str(WRITTEN[name]))
        page.get_by_label("有新进展时给我发短信").check()
        look(page, axe, "news-submit")
        page.get_by_role("button", name="提交", exact=True).click()
        page.wait_for_url(f"**{url('window-receipt')}")
        number, code = Petition.objects.get().number, page.locator(".inquiry-code").inner_text()
        page.get_by_role("button", name="我办完了，清除").click()
        page.goto(url("window-follow") + f"#{number}")
        page.reload()
        expect(page.locator("#number")).to_have_value(number)
        page.locator("#code").fill(code)
        page.get_by_role("button", name="给我发验证码").click()
        expect(page.get_by_role("status")).to_contain_text("验证码已经发出")
        look(page, axe, "news-code")
        sent = gateway.next()
        assert sent["mobile"] == PHONE
        page.locator("#proof").fill(sent["content"].partition("验证码")[2][:6])
        page.get_by_role("button", name="打开", exact=True).click()
        page.wait_for_url(f"**{url('window-case')}")
        page.get_by_role("link", name="进展提醒").click()
        expect(page.get_by_text(f"发到手机 {PHONE}")).to_be_visible()
        look(page, axe, "news-wishes")
        page.get_by_role("button", name="不再提醒").click()
        expect(page.get_by_text("以后不再提醒")).to_be_visible()


def test_who_has_the_case_tells_the_petitioner_otherwise(sign_in: Any, axe: Any, settings: Any) -> None:
    with running_gateway(settings) as gateway:
        row = Petition.objects.get(number=register(days_ago(20)))
        keep_wishes(row, 1, Wishes(sms=MOBILE), staff=None, now=timezone.now())
        queue_news(row, timezone.now())
        gateway.does("refuse")
        assert sending.send_waiting_news().given_up == 1
        page = sign_in("clerk").page
        page.goto(url("register"))
        expect(page.get_by_label("进展提醒发到手机")).to_be_visible()
        page.goto(url("inbox"))
        page.get_by_role("link", name="1 条", exact=True).click()
        look(page, axe, "undelivered")
        page.get_by_label("怎样告知的").fill("打电话告诉本人")
        page.get_by_role("button", name="登记").last.click()
        expect(page.get_by_text("没有需要另行告知的提醒")).to_be_visible()
