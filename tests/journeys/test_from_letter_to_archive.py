"""A letter's whole walk, each step by the person who takes it, in a real browser: from the desk to the archive."""

import re
from datetime import date
from functools import partial

from playwright.sync_api import Locator, Page, expect

from tests.journeys.effort import Effort
from tests.journeys.people import LETTER_TEXT, PHONE, Choice, Worker, number_of
from tests.world import RECEIPT_SCAN, scan
from xinfang.department.models import EffectiveSetting

MOST_ACTIONS_TO_REGISTER = 25
"""Fields entered and keys pressed for a letter with two requests and one petitioner."""
MOST_TAPS_TO_INSTRUCT = 3


class Hands:
    """A keyboard that counts: a text entered is one action, and so is a key pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)
        self.actions += 1

    def text(self, text: str) -> None:
        self.page.keyboard.insert_text(text)
        self.actions += 1

    def on(self, control: str) -> None:
        """Go on with Tab until this control has the focus; the order of the page must lead there."""
        for _ in range(4):
            self.key("Tab")
            if self.page.evaluate("document.activeElement.name") == control:
                return
        raise AssertionError(f"{control} isn't within four tabs")


def register_by_keyboard(clerk: Worker) -> str:
    page = clerk.page
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="登记来件")).to_be_visible()
    expect(page.get_by_role("radio", name="不涉及")).to_be_focused()
    hands = Hands(page)
    hands.key("Space")
    page.get_by_label("事由").focus()  # a click, where the letter begins
    hands.actions += 1
    hands.text("请求说明并补发科技特派员补助")
    hands.on("body")
    hands.text(LETTER_TEXT)
    hands.on("requests-0-text")
    hands.text("说明未发放原因")
    hands.on("requests-1-text")  # the next row is there by itself
    hands.text("补发补助")
    page.locator("[name=persons-0-name]").click()
    hands.actions += 1
    hands.text("其木格")
    hands.on("persons-0-phone")
    hands.text("15000000001")
    hands.on("persons-0-address")
    hands.text("某盟某旗某苏木")
    hands.key("Control+Enter")
    clerk.see("已登记 ")
    assert hands.actions <= MOST_ACTIONS_TO_REGISTER, hands.actions
    return number_of(page)


def test_a_letter_is_registered_by_keyboard(sign_in):
    clerk = sign_in("clerk")
    number = register_by_keyboard(clerk)
    clerk.open(number)
    clerk.see("请求说明并补发科技特派员补助", "说明未发放原因", "补发补助", "其**")


def registered(clerk: Worker, effort: Effort) -> str:
    """The same letter with the mouse and its scan beside it, as the walk is counted: no keys but those that type."""
    page = clerk.page
    page.get_by_role("link", name="登记来件").first.click()
    chosen(clerk, effort, page.get_by_label("先添加来信的扫描件或照片"), "来信", scan(3))
    expect(page.locator("[data-scan]")).to_have_count(1)
    page.get_by_role("radio", name="不涉及").check()
    for name, text in (
        ("body", LETTER_TEXT),
        ("requests-0-text", "说明未发放原因"),
        ("requests-1-text", "补发补助"),
        ("persons-0-name", "其木格"),
        ("persons-0-phone", "15000000001"),
        ("persons-0-address", "某盟某旗某苏木"),
    ):
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="登记", exact=True).click()
    clerk.see("已登记 ")
    return number_of(page)


def instruct_on_the_phone(leader: Worker, number: str) -> None:
    """From the inbox: the card, its button, the answer to "really?"."""
    page, taps = leader.page, 0
    expect(page.get_by_role("heading", level=1)).to_contain_text("待我批示")
    card = page.locator("article.leader-card", has_text=number)
    expect(card).to_contain_text("建议资源配置与经费处承办，包案领导：白音")
    card.get_by_role("button", name="同意拟办意见，我包案").tap()
    taps += 1
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(number)
    dialog.get_by_role("button", name="同意拟办意见，我包案").tap()
    taps += 1
    leader.see("已办理：批示")
    expect(page.get_by_role("heading", level=1)).to_contain_text("待办")  # back where the next case would be
    assert taps <= MOST_TAPS_TO_INSTRUCT


def agreed_on_the_phone(leader: Worker, button: str, done: str) -> None:
    """Back at the inbox that lies open: the card that has come, its button, the answer to "really?"."""
    page = leader.page
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.get_by_role("button", name=button).tap()
    page.get_by_role("dialog").get_by_role("button", name=button).tap()
    leader.see(done)


def signed_on_the_phone(head: Worker, number: str) -> None:
    """The head of the office signs the notice, which is numbered and issued with the same tap."""
    head.waits(number).get_by_role("link", name="签发：受理告知书").tap()
    head.see(number)
    head.page.get_by_role("button", name="同意签发").tap()
    head.see("已签发", "内科信告")


def chosen(worker: Worker, effort: Effort, field: Locator, name: str, data: bytes) -> None:
    """A scan is chosen in the window of the system: a click that no page hears."""
    field.set_input_files([{"name": f"{name}.png", "mimeType": "image/png", "buffer": data}])
    effort.add("clicks")


def posted(sender: Worker) -> None:
    """The paper whose page is open goes to the post office."""
    sender.page.get_by_label(re.compile("^挂号（快递）单号")).fill("XA0000000115")
    sender.page.get_by_role("button", name="登记发出").click()
    sender.see("已登记发出，期限按发出日期计")


MOST = {"clicks": 45, "loads": 40, "fields": 14}
"""For a letter from the desk to the archive among eight people, as they work: once 110 clicks, 84 loads, 22 fields."""


def test_from_letter_to_archive(sign_in):
    # A department that has said once which body reviews its opinions.
    EffectiveSetting.objects.create(name="review_body", value="自治区人民政府（某路2号）", since=date(2020, 1, 1))
    effort = Effort()
    sign_in = partial(sign_in, effort=effort)
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    effort.stage("登记")
    clerk = sign_in("clerk")
    number = registered(clerk, effort)

    effort.stage("分类并拟办")  # each form leads to the next one that is asked of the same person
    clerk.take(
        "分类",
        done="已办理：分类、拟办",
        **{"途径（申诉求决）": "（六）信访处理程序", "建议承办处室（单位）": "资源配置与经费处"},
    )

    effort.stage("批示（手机）")
    leader = sign_in("leader", **phone)
    instruct_on_the_phone(leader, number)

    effort.stage("受理并交办")
    clerk.from_inbox(number, "受理并告知")
    clerk.take("受理并告知", done="已办理：受理并告知、交办")
    clerk.see("受理告知书已拟出，送签发")
    effort.stage("签发告知书（手机）")
    office_head = sign_in("office_head", **phone)
    signed_on_the_phone(office_head, number)
    effort.stage("发出告知书")
    clerk.from_inbox(number, "发出：受理告知书")
    posted(clerk)

    effort.stage("签收")
    head = sign_in("head")
    head.from_inbox(number, "签收")
    head.take("签收")

    effort.stage("电话、接谈")
    handler = sign_in("handler")
    handler.from_inbox(number, "听取信访人陈述")
    handler.page.get_by_role("button", name="显示姓名、电话").click()
    handler.see("其木格", "15000000001")
    handler.take("接谈", 谈话内容="核对了未发放的月份。")
    effort.stage("拟写意见书")
    handler.see("核对了未发放的月份。")  # what was said lies beside the draft
    handler.take(
        "拟写意见书",
        **{
            "诉求1/认定的事实": "旗科技局因预算调整推迟发放。",
            "诉求1/结论": "解释说明",
            "诉求1/法律法规依据": "科技特派员管理办法",
            "诉求2/认定的事实": "应发十二个月补助属实。",
            "诉求2/结论": "予以支持",
        },
    )
    effort.stage("征求法律顾问意见")
    handler.take("征求法律顾问意见")
    effort.stage("出具法律顾问意见")
    adviser = sign_in("adviser")
    adviser.from_inbox(number, "出具法律顾问意见")
    adviser.see("请审查事实认定、法律法规依据和结论是否适当。", "应发十二个月补助属实。")
    expect(adviser.page.locator("body")).not_to_contain_text(LETTER_TEXT)
    adviser.take("出具法律顾问意见", 法律意见="无不同意见。")

    effort.stage("审核")
    head.from_inbox(number, "审核意见书")
    head.take("审核意见书", 决定=Choice("同意"))
    effort.stage("签发意见书（手机）")
    agreed_on_the_phone(leader, "同意签发", "已办理：签发意见书")

    effort.stage("印发、发出意见书")
    clerk.from_inbox(number, "印发意见书")
    clerk.take("印发意见书")
    clerk.see("信访处理（答复）意见书已编号印发，待发出")
    posted(clerk)
    effort.stage("送达")
    handler.from_inbox(number, "送达意见书")
    expect(handler.form.get_by_label("送达方式")).to_have_value("post")
    expect(handler.form.get_by_label(re.compile("^挂号（快递）单号"))).to_have_value("XA0000000115")
    chosen(handler, effort, handler.form.get_by_label("或者现在添加扫描件、照片"), "送达回证", RECEIPT_SCAN)
    handler.take("送达")
    effort.stage("执行")
    handler.take("执行", 执行情况或时间安排="已补发到卡。")

    effort.stage("结案（含手机确认）")
    head.from_inbox(number, "销号结案")
    expect(head.form.get_by_label("结案说明")).to_have_value(re.compile("意见书（内科信答〔.+号）已于.+送达。予以支持"))
    head.take("销号结案", done="已提出，等待另一人确认：")
    agreed_on_the_phone(leader, "同意结案", "已办理：销号结案")

    effort.stage("移交归档、接收")
    handler.from_inbox(number, "移交归档")
    handler.take("移交归档")
    archivist = sign_in("archivist")
    archivist.from_inbox(number, "接收归档")
    archivist.take("接收归档")

    print(f"\n{effort.table()}")
    assert all(effort.total[what] <= most for what, most in MOST.items()), effort.table()
    clerk.open(number)
    clerk.see("已归档", "其**", "说明未发放原因", "补发补助")
    timeline = clerk.page.locator("ol.timeline")
    for label in HAPPY_PATH:
        expect(timeline.locator("ol.items > li").filter(has_text=label).first).to_be_visible()
    # Closing has two lines, the scans two; all that was done to the notice is one, and to the reply.
    expect(clerk.page.locator("ol.timeline ol.items > li")).to_have_count(len(HAPPY_PATH) - 1 + 1 + 2 + 1 + 1)
    for clock in ("书面告知", "办结"):
        expect(clerk.page.locator("section:has(#clocks-title)")).to_contain_text(clock)

    clerk.page.get_by_role("link", name="打印回执").click()
    clerk.see("信访事项接收回执", number, "查询码", "补发补助")


HAPPY_PATH = (
    "登记",
    "分类",
    "拟办",
    "批示",
    "受理并告知",
    "交办",
    "签收",
    "接谈",
    "征求法律顾问意见",
    "出具法律顾问意见",
    "拟写意见书",
    "审核意见书",
    "签发意见书",
    "印发意见书",
    "送达",
    "执行",
    "销号结案",
    "添加附件",
    "移交归档",
    "接收归档",
)
