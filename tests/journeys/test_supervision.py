"""督办 in a browser.

From the board to the letter, from the answer back; wide, on a phone, on paper and without scripts.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.browser import DESK, PHONE, PICTURES, page_width
from tests.journeys.people import Worker
from tests.urls import url
from tests.world import register, take, walk
from xinfang.cases.models import Event
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode


def ago(days: int) -> date:
    return today() - timedelta(days=days)


@pytest.fixture
def late(department) -> str:
    """One overdue, one silent, one sent back, one pressed; gives the number of the overdue one."""
    number = register(ago(70))
    walk(number, "heard", ago(70), 0)
    walk(register(ago(40)), "signed", ago(40), 0)
    back, pressed = register(ago(20)), register(ago(12))
    walk(back, "assigned", ago(20), 0)
    take(back, StepCode.SEND_BACK, "head", ago(19), reason="不属本处")
    walk(pressed, "heard", ago(12), 0)
    take(pressed, StepCode.SUPERVISE, "clerk", ago(9), ground="no_feedback", text="请说明")
    return number


def look(page, name: str, axe: Callable, faults: list[str]) -> None:
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        wide = page_width(page)
        if wide > width:
            faults.append(f"{name} at {width}: {wide} wide")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"supervision-{name}-{width}.png", full_page=True)
        try:
            axe(page)
        except AssertionError as fault:
            faults.append(f"{name} at {width}: {fault}")


def test_pages(late: str, open_page: Callable, axe: Callable) -> None:
    faults: list[str] = []
    clerk = Worker(open_page, "clerk").page
    for name, address in (
        ("board", url("supervision")),
        ("filtered", f"{url('supervision')}?ground=overdue&unit=funds"),
        ("nothing", f"{url('supervision')}?ground=assistant_silent"),
        ("form", f"{url('step', late, StepCode.SUPERVISE)}?found=overdue&unit=funds"),
    ):
        assert clerk.goto(address).status == 200
        look(clerk, name, axe, faults)
    clerk.goto(url("supervision"))
    clerk.emulate_media(media="print")
    assert not clerk.locator(".filters").is_visible() and clerk.get_by_text(late).first.is_visible()
    if PICTURES:
        clerk.pdf(path=Path(PICTURES) / "supervision.pdf", prefer_css_page_size=True)
    auditor = Worker(open_page, "auditor").page
    assert auditor.goto(url("supervision")).status == 200
    look(auditor, "auditor", axe, faults)
    assert not faults, "\n".join(faults)


def test_from_the_board_to_the_letter_and_back(late: str, open_page: Callable) -> None:
    clerk = Worker(open_page, "clerk", java_script_enabled=False)
    clerk.page.get_by_role("link", name="督办", exact=True).click()
    clerk.page.get_by_label("事由").select_option(label="超期未办")
    clerk.page.get_by_role("button", name="筛选").click()
    clerk.see("共 1 条", late, "已超期10日")
    clerk.page.get_by_role("link", name=f"督办 {late}").click()
    assert clerk.page.get_by_label("督办要求").input_value().startswith("经查，此件“办结”")
    clerk.page.locator("main form").get_by_role("button").last.click()
    clerk.see("已办理：督办", "督办通知单")
    assert Event.objects.filter(petition__number=late, code=StepCode.SUPERVISE, data__ground="overdue").count() == 1

    head = Worker(open_page, "head")
    head.page.goto(f"{url('supervision')}?ground=awaited")
    head.page.get_by_role("link", name=f"反馈 {late}").click()
    head.page.get_by_label("反馈内容").fill("已约谈，下周办结。")
    head.page.locator("main form").get_by_role("button").last.click()
    head.see("已办理：督办反馈")

    clerk.page.goto(f"{url('supervision')}?ground=overdue")
    clerk.see("已反馈")
