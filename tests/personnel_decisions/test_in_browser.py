"""The pages of decisions in a real browser.

Typed and confirmed by people, wide and on a phone, no accessibility fault.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import browser
from tests.urls import url


@pytest.fixture
def department(live_server) -> None:
    from tests.world import make_department, set_up_authenticators

    make_department()
    set_up_authenticators()


def look(page, axe: Callable, name: str) -> None:
    browser.look(page, axe, f"rewards-{name}")
    page.set_viewport_size({"width": browser.DESK[0], "height": browser.DESK[1]})


def test_a_decision_is_recorded_and_confirmed(department, open_page: Callable, axe: Callable, tmp_path: Path) -> None:
    from tests.attachments import made
    from tests.journeys.people import Worker
    from xinfang.personnel_decisions.models import Decision

    head = Worker(open_page, "office_head").page
    head.goto(url("rewards"))
    look(head, axe, "empty")
    head.get_by_role("link", name="记录一项决定").first.click()
    look(head, axe, "new")
    assert not head.locator("#ground").is_visible(), "a commendation names no ground"
    head.get_by_label("追责问责").check()
    head.locator("#ground").select_option("n45_1")
    head.locator("#person").select_option("handler")
    head.locator("#basis").fill("信访工作责任制实施办法第十四条")
    head.locator("#body").fill("厅党组会议")
    head.locator("#document_number").fill("内科发〔2026〕7号")
    head.locator("#outcome").fill("责令改正")
    head.locator("#text").fill("经两次督办仍未在期限内办结，经核查属实。")
    head.locator("[data-draft-status]").get_by_text("草稿").wait_for()
    head.get_by_role("button", name="提交").click()
    head.get_by_role("alert").wait_for()
    look(head, axe, "refused")
    scan = tmp_path / "决定.png"
    scan.write_bytes(made.png())
    head.locator("#file").set_input_files(scan)
    head.get_by_role("button", name="提交").click()
    head.wait_for_url("**/rewards/JC*/")
    number = Decision.objects.get().number
    look(head, axe, "waiting")

    leader = Worker(open_page, "leader").page
    leader.goto(url("reward", number))
    leader.get_by_label("同意", exact=True).check()
    look(leader, axe, "to-confirm")
    leader.get_by_role("button", name="提交决定").click()
    leader.get_by_text("已确认：").wait_for()
    look(leader, axe, "confirmed")
    leader.goto(url("rewards"))
    look(leader, axe, "list")

    mine = Worker(open_page, "handler").page
    mine.goto(url("account"))
    mine.locator(f"a[href='{url('rewards')}']").first.click()
    mine.get_by_role("link", name=number).click()
    mine.wait_for_url(f"**{url('reward', number)}")
    look(mine, axe, "own")

    auditor = Worker(open_page, "auditor").page
    auditor.goto(url("reward", number))
    look(auditor, axe, "auditor")
    auditor.goto(url("rewards"))
    look(auditor, axe, "auditor-list")
