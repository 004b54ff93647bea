"""People at their desks: each signs in with a password in a browser of their own and works through the pages."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.urls import url
from tests.world import PASSWORD, fresh_code

PHONE = {"width": 390, "height": 844}
LETTER_TEXT = "本人自2024年起担任科技特派员，在苏木服务十二个月，补助一直没有发放。去年十月问过，答复等通知。"


class Choice(str):
    """An answer that is one of several radio buttons."""

    __slots__ = ()


class Worker:
    """One person of tests/world.py at a page of the live server."""

    number = ""
    """The case they work on: whose page they opened last."""

    def __init__(self, open_page: Callable[..., Page], username: str, **options: Any) -> None:
        effort = options.pop("effort", None)
        self.page = open_page(**options)
        self.page.goto(url("login"))
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        # The code of the second factor is asked of leaders, the sealed officer and the three administrators.
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_contain_text(re.compile("待办|待我批示|验证码|值班报告"))
        if "验证码" in heading.inner_text():
            self.page.get_by_label("验证码").fill(fresh_code(username))
            self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(re.compile("待办|待我批示|值班报告"))
        self.page.wait_for_load_state()  # keys are only heard once the scripts are there
        if effort:
            effort.watch(self.page)

    def see(self, *texts: str) -> None:
        """Each text is on the page."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def open(self, number: str, *, reason: str = "") -> None:
        """The petition, by its number in the search box as people do; an exact number opens the case.

        A sealed one first asks for the `reason`.
        """
        self.number = number
        box = self.page.locator("[data-search]:visible")
        if box.count() == 0:
            self.page.goto(url("search"))
            box = self.page.locator("input[name=q]:visible").last
        box.fill(number)
        box.press("Enter")
        if reason:
            expect(self.page.get_by_role("heading", level=1)).to_have_text("打开密封件")
            self.page.get_by_label("理由").fill(reason)
            self.page.get_by_role("button", name="打开", exact=True).click()
        expect(self.page).to_have_url(re.compile(f"{url('petition', number)}$"))

    def begin(self, label: str) -> Locator:
        """Go to the form of a step, unless the last step led to it already; gives the form."""
        if self.is_at(label):
            return self.form
        self.number = self.number or number_of(self.page)
        if not re.search(f"{url('petition', self.number)}$", self.page.url):
            self.page.goto(url("petition", self.number))
        # The main step is on the page twice, once for phones; only one of the two is shown.
        # A step that waits for a second person is called 确认：… there.
        words = self.page.get_by_text(re.compile(f"^(确认：)?{re.escape(label)}$"))
        self.page.wait_for_load_state()  # only the style sheet tells which
        link = self.page.locator("a.step:visible").filter(has=words)
        if link.count() == 0:
            self.page.locator("summary", has_text="其他步骤").click()
        link.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(label)
        return self.form

    def is_at(self, label: str) -> bool:
        """Whether the form of this step is on the page."""
        self.page.wait_for_load_state()
        heading = self.page.get_by_role("heading", level=1).inner_text()
        return heading in (label, f"确认：{label}") and self.form.count() > 0

    @property
    def form(self) -> Locator:
        return self.page.locator("form[data-step-form]")

    def send(self, decision: str = "") -> None:
        """Press the button, or of several the one that says what is decided."""
        buttons = self.form.locator("button[type=submit]:visible")
        (buttons.filter(has_text=re.compile(f"^\\s*{decision}\\s*$")) if buttons.count() > 1 else buttons).click()

    def waits(self, number: str) -> Locator:
        """The line of this case in the inbox that is open, which refreshes itself when one comes back to it."""
        self.number = number
        row = self.page.locator("table[data-rows] tr", has_text=number)
        self.page.evaluate("dispatchEvent(new Event('focus'))")
        expect(row).to_be_visible()
        return row

    def from_inbox(self, number: str, words: str) -> None:
        """Follow what is asked of a case straight to its form."""
        self.waits(number).get_by_role("link", name=words).click()

    def take(self, label: str, *, done: str = "已办理：", **answers: Any) -> None:
        """Take a step from the petition page; `answers` by label, those with signs in them as a dictionary."""
        form = self.begin(label)
        fill(form, answers)
        self.send(answers.get("决定", ""))
        expect(self.page.locator("body")).to_contain_text(done if label in done else f"{done}{label}")

    def confirm(self, label: str, agree: bool = True) -> None:
        """The second person's answer to what somebody proposed."""
        self.begin(label)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("确认：")
        self.send("同意" if agree else "不同意")
        expect(self.page.locator("body")).to_contain_text(f"已办理：{label}")


def fill(form: Locator, answers: dict[str, Any]) -> None:
    """Fill fields by the words on their labels. A key `诉求1/认定的事实` is the field of that row."""
    for key, value in answers.items():
        if key == "决定" and form.get_by_role("radiogroup", name="决定").count() == 0:
            continue  # asked by the buttons
        where, label = form, key
        if "/" in key:
            row, label = key.split("/", 1)
            where = form.locator("fieldset.row-block").filter(has=form.page.locator("legend", has_text=row))
        if isinstance(value, Choice):
            where.get_by_role("radio", name=value, exact=True).check()
        elif value is True:
            where.get_by_role("checkbox", name=label).check()
        else:
            control = where.get_by_label(re.compile(f"^{re.escape(label)}(必填)?$"))
            if control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(label=value)
            else:
                control.fill(value)


def register(clerk: Worker, subject: str = "请求说明并补发科技特派员补助", body: str = LETTER_TEXT, **more: str) -> str:
    """The shortest registration through the page; gives the number."""
    page = clerk.page
    page.goto(url("register"))
    fill(page.locator("#register-form"), {"是否涉密": Choice("不涉及"), "事由": subject, "内容": body, **more})
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("body")).to_contain_text("已登记 ")
    clerk.number = number_of(page)
    return clerk.number


def number_of(page: Page) -> str:
    """The number in the address of a petition page or of one of its steps."""
    address = re.compile(url("petition", "NUMBER").replace("NUMBER", r"([A-Z]{2}\d+)") + r"(\w+/)?(\?.*)?$")
    expect(page).to_have_url(address)
    found = address.search(page.url)
    assert found
    return found[1]
