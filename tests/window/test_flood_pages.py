"""The list of what waits and its sender's page in a real browser: cleared by keyboard and without script."""

import os
from typing import Any

import pytest
from django.test import Client

from tests.journeys.people import Worker
from tests.urls import url
from tests.window.standing import PHONE, WRITTEN, code_shown, new_key
from tests.world import make_department, who
from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.window.actions.clearing import answer_set_aside, set_aside
from xinfang.window.models import Clearing, WaitingSubmission

pytestmark = [pytest.mark.django_db(transaction=True)]
SIZES = ((1440, 900), (390, 844))


@pytest.fixture
def flood(settings: Any) -> tuple[str, str]:
    """Nine of one text, and one petition amid them: its number and code."""
    make_department()
    settings.RATE_LIMITS, settings.FLOOD_NETWORK, settings.FLOOD_SAME_TEXT = True, 1, 1
    network = "203.0.113.200"
    for n in range(9):
        words = {"subject": "点击领取优惠", "body": f"加微信 {n:03d} 领取优惠，名额有限。", "key": new_key()}
        Client(REMOTE_ADDR=network).post(url("window-submit"), {**WRITTEN, **words})
    real = Client(REMOTE_ADDR=network)
    real.post(url("window-submit"), {**WRITTEN, "key": new_key()})
    settings.RATE_LIMITS = False
    return WaitingSubmission.objects.latest("pk").number, code_shown(real)


def looked_at(page: Any, axe: Any, name: str) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        axe(page)
        if folder := os.environ.get("XINFANG_TEST_PICTURES"):
            page.screenshot(path=f"{folder}/flood-{name}-{width}.png", full_page=True)


def test_the_real_one_is_registered_and_the_rest_put_forward(flood: tuple[str, str], open_page: Any, axe: Any) -> None:
    page = Worker(open_page, "clerk").page
    page.goto(url("clearing"))
    looked_at(page, axe, "list")
    page.get_by_role("checkbox", name=WRITTEN["subject"]).check()
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("已登记 1 件").wait_for()
    assert Petition.objects.filter(subject=WRITTEN["subject"]).count() == 1
    page.get_by_role("checkbox", name="点击领取优惠").check()
    page.get_by_label("不是信访内容的理由").fill("广告")
    page.get_by_role("button", name="不是信访内容").click()
    page.get_by_text("不是信访内容。等待另一人同意").wait_for()
    looked_at(page, axe, "lot")
    head = Worker(open_page, "office_head").page
    head.goto(url("clearing"))
    head.get_by_role("button", name="同意，认定为非信访内容").click()
    head.get_by_text("可以请求重新审查").wait_for()
    assert not WaitingSubmission.objects.filter(state__in=("waiting", "proposed")).exists()


def test_its_sender_sees_that_it_waits_and_why_it_was_set_aside(
    flood: tuple[str, str], open_page: Any, axe: Any
) -> None:
    number, code = flood
    page = open_page()
    page.goto(url("window-follow"))
    for name, value in (("number", number), ("code", code), ("proof", PHONE[-4:])):
        page.fill(f"[name={name}]", value)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"**{url('window-case')}")
    assert "等待登记" in page.inner_text("main")
    looked_at(page, axe, "waiting")
    row = WaitingSubmission.objects.get(number=number)
    clerk, head = (Staff.objects.get(username=name) for name in ("clerk", "office_head"))
    set_aside([row.pk], report=False, reason="没有反映情况", by=who("clerk"), staff=clerk)
    answer_set_aside(Clearing.objects.get().pk, agree=True, opinion="", by=who("office_head"), staff=head)
    page.reload()
    looked_at(page, axe, "aside")
    page.fill("[name=words]", "我反映补助没有发放")
    page.get_by_role("button", name="请求重新审查").click()
    page.wait_for_url(f"**{url('window-case')}")
    assert "由没有参与过的工作人员重新看" in page.inner_text("main") and "等待登记" in page.inner_text("main")
