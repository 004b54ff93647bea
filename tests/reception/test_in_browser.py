"""A day of reception in a real browser, wide and on a phone: published, booked, held, and taken into a case."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests import browser
from tests.urls import url


@pytest.fixture
def department(live_server) -> None:
    from tests.world import make_department, set_up_authenticators

    make_department()
    set_up_authenticators()


def look(page, axe: Callable, name: str) -> None:
    browser.look(page, axe, f"reception-{name}")
    page.set_viewport_size({"width": browser.DESK[0], "height": browser.DESK[1]})


def send(page, button: str, there: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url(re.compile(there))


def test_from_the_day_to_the_case(department, open_page: Callable, axe: Callable) -> None:
    from django.utils import timezone

    from tests.journeys.people import PHONE, Worker
    from tests.reception.receiving import booked, published
    from xinfang.core.clock import today
    from xinfang.reception.models import Booking, ReceptionDay

    clerk = Worker(open_page, "clerk").page
    clerk.goto(url("reception"))
    look(clerk, axe, "empty")
    clerk.get_by_role("link", name="公布接待日").click()
    clerk.locator("#leader").select_option("leader")
    clerk.locator("#on").fill((today() + timedelta(days=3)).isoformat())
    clerk.locator("#place").fill("厅机关一楼信访接待室")
    clerk.locator("#places").fill("1")
    look(clerk, axe, "publish")
    clerk.locator("#ends").fill("08:00")
    clerk.get_by_role("button", name="公布").click()
    assert "接待的时间不对" in clerk.get_by_role("alert").inner_text()
    clerk.locator("#ends").fill("11:30")
    send(clerk, "公布", r"/reception/days/\d+/$")
    day = ReceptionDay.objects.get()
    for name in ("萨仁图雅", "甲某"):
        clerk.goto(url("reception-day", day.pk))
        clerk.get_by_role("link", name="预约", exact=True).click()
        clerk.get_by_label("来电").check()
        clerk.locator("#name").fill(name)
        clerk.locator("#phone").fill("13900001111")
        clerk.locator("#matter").fill("反映项目验收结论迟迟没有送达")
        if name == "甲某":
            look(clerk, axe, "book")
        send(clerk, "登记预约", r"/reception/days/\d+/$")
    assert clerk.locator("tbody tr").count() == 2 and "候补" in clerk.locator("tbody").inner_text()
    assert "萨仁图雅" not in clerk.content()
    look(clerk, axe, "day")
    # One gives the place back: another person agrees, and the next is told.
    clerk.locator("tbody a").first.click()
    clerk.get_by_role("link", name="本人取消预约").click()
    clerk.locator("#text").fill("本人来电取消")
    look(clerk, axe, "withdraw")
    send(clerk, "提交", r"/reception/bookings/\d+/$")
    look(clerk, axe, "booking")
    second = Worker(open_page, "clerk2").page
    second.goto(url("reception-day", day.pk))
    second.get_by_role("link", name="本人取消预约，待确认").click()
    look(second, axe, "answer")
    second.get_by_label("同意", exact=True).check()
    send(second, "提交", r"/reception/bookings/\d+/$")
    second.goto(url("reception"))
    assert "应告知" in second.locator("main").inner_text()
    look(second, axe, "calendar")
    # The day itself, on the leader's phone; then the register, and the case without typing anything twice.
    held = published(today(), now=timezone.now() - timedelta(days=1), begins="00:00", ends="23:59")
    row = booked(held, now=timezone.now() - timedelta(hours=12))
    leader = Worker(open_page, "leader", viewport=PHONE).page
    leader.goto(url("reception"))
    assert "今天" in leader.locator("main").inner_text() and "13900001111" not in leader.content()
    leader.get_by_role("link", name="记录接待").first.click()
    leader.locator("#said").fill("当面说明了经过")
    leader.locator("#instruction").fill("请经费处核实")
    look(leader, axe, "record")
    send(leader, "提交", r"/reception/bookings/\d+/$")
    look(leader, axe, "received")
    clerk.goto(url("reception-register"))
    assert "当面说明了经过" in clerk.locator("main").inner_text()
    look(clerk, axe, "register")
    clerk.goto(url("reception-booking", row.pk))
    clerk.get_by_role("link", name="登记成件").click()
    assert clerk.locator("#persons-0-name").input_value() == "萨仁图雅"
    assert clerk.locator("#body").input_value() == "当面说明了经过"
    clerk.get_by_label("不涉及").check()
    send(clerk, "登记", r"/petitions/\w+/classify/")
    assert Booking.objects.get(pk=row.pk).events.filter(act="link").exists()
    clerk.goto(url("reception-matters") + "?leader=leader&list=received")
    assert clerk.locator("main table tbody tr").count() == 1
    look(clerk, axe, "matters")
