"""What is quick must be: a question answered on the telephone, a matter that was handed down with number and date."""

from functools import partial

from playwright.sync_api import expect

from tests.journeys.effort import Effort
from tests.journeys.people import Worker, number_of
from tests.urls import url
from xinfang.core.clock import today

MOST_CLICKS_FOR_A_QUESTION = 6
"""From the inbox to the answered case, the second person's included."""
MOST_KEYS_FOR_A_MATTER_HANDED_DOWN = 20
"""Keys beside what is typed into fields."""


def test_a_question_on_the_telephone_is_answered_there_and_then(sign_in) -> None:
    effort = Effort()
    sign_in = partial(sign_in, effort=effort)
    effort.stage("来电咨询")
    clerk = sign_in("clerk")
    clerk.page.get_by_role("link", name="登记来件").first.click()
    clerk.page.get_by_role("link", name="来电咨询，已当场答复").click()
    clerk.page.get_by_role("radio", name="不涉及").check()
    clerk.page.locator("[name=subject]").fill("咨询科技特派员申报时间")
    clerk.page.locator("[name=answer]").fill("申报通知每年三月发布，可在本厅网站查看。")
    clerk.page.get_by_role("button", name="登记", exact=True).click()
    clerk.see("已登记 ", "当场答复已提出，等待另一人确认")
    effort.stage("另一人确认")
    head = sign_in("office_head")
    row = head.page.locator("table[data-rows] tr", has_text="咨询科技特派员申报时间")
    row.get_by_role("link", name="确认：回复").click()
    head.see("申报通知每年三月发布")
    head.page.get_by_role("button", name="同意", exact=True).click()
    head.see("已办理：回复")
    print(f"\n{effort.table()}")
    assert effort.total["clicks"] <= MOST_CLICKS_FOR_A_QUESTION, effort.table()
    head.page.get_by_role("link", name="LD").first.click()
    head.see("已回复")


class Keys:
    """Every key that is pressed beside typing."""

    def __init__(self, worker: Worker) -> None:
        self.page, self.pressed = worker.page, 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, name: str, text: str) -> None:
        """Go on with Enter to the field of this name and write into it."""
        for _ in range(8):
            if self.page.evaluate("document.activeElement.name") == name:
                break
            self.press("Enter")
        assert self.page.evaluate("document.activeElement.name") == name, name
        self.page.keyboard.insert_text(text)

    def choose(self, name: str, label: str) -> None:
        """Go on to a list and type what begins the entry, as browsers let one."""
        for _ in range(8):
            if self.page.evaluate("document.activeElement.name") == name:
                break
            self.press("Enter")
        self.page.locator(f"select[name={name}]").select_option(label=label)
        self.pressed += 2  # the characters that find it


def test_a_matter_handed_down_takes_few_keys(sign_in) -> None:
    clerk = sign_in("clerk")
    keys = Keys(clerk)
    keys.press("r")
    expect(clerk.page.get_by_role("radio", name="不涉及")).to_be_focused()
    keys.press("Space")
    keys.press("Tab")
    keys.press("ArrowUp")  # round to the last: 网络
    expect(clerk.page.get_by_role("radio", name="网络")).to_be_checked()
    keys.choose("source", "自治区信访部门转送")
    keys.type("sender_number", "内信网〔2026〕1234号")
    keys.type("sender_date", "")
    clerk.page.locator("[name=sender_date]").fill(today().isoformat())
    keys.type("subject", "请求补发科技特派员补助")
    keys.type("body", "转来件：反映补助没有发放。")
    keys.press("Control+Enter")
    clerk.see("已登记 ")
    print(f"\n{keys.pressed} keys")
    assert keys.pressed <= MOST_KEYS_FOR_A_MATTER_HANDED_DOWN
    number = number_of(clerk.page)
    clerk.page.goto(url("petition", number))
    clerk.see("内信网〔2026〕1234号")
