"""A letter's whole walk, each step by the person who takes it, in a real browser: from the desk to the archive."""

import re
from functools import partial

from playwright.sync_api import Page, expect

from tests.journeys.effort import Effort
from tests.journeys.people import LETTER_TEXT, PHONE, Choice, Worker, number_of
from tests.urls import url
from tests.world import RECEIPT_SCAN, scan
from xinfang.core.clock import today

MOST_ACTIONS_TO_REGISTER = 25
"""Fields entered and keys pressed for a letter with two requests and one petitioner."""
MOST_TAPS_TO_INSTRUCT = 3
MOST_CLICKS_FOR_PAPERS = 6
"""Clicks that only make papers, on the whole walk: once they were 38."""


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
    page.get_by_role("button", name="再加一项诉求").click()
    hands.actions += 1
    page.get_by_label("诉求").last.wait_for()
    expect(page.locator("[name=requests-1-text]")).to_be_focused()
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


def instruct_on_the_phone(leader: Worker, number: str) -> None:
    """From the inbox: the card, its button, the answer to "really?"."""
    page, taps = leader.page, 0
    page.goto(url("inbox"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("待我批示")
    card = page.locator("article.leader-card", has_text=number)
    expect(card).to_contain_text("属本厅职责，建议由经费处承办。")
    card.get_by_role("button", name="同意拟办意见，我包案").tap()
    taps += 1
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(number)
    dialog.get_by_role("button", name="同意拟办意见，我包案").tap()
    taps += 1
    leader.see("已办理：批示")
    expect(page.get_by_role("heading", level=1)).to_contain_text("待办")  # back where the next case would be
    assert taps <= MOST_TAPS_TO_INSTRUCT


def signed_on_the_phone(head: Worker, number: str) -> int:
    """The head of the office signs the notice, which is numbered and issued with the same tap. Returns the clicks."""
    head.see("签发：受理告知书")
    head.page.get_by_role("link", name=re.compile("签发：受理告知书")).first.tap()
    head.see(number)
    head.page.get_by_role("button", name="同意签发").tap()
    head.see("已签发", "内科信告")
    return 2


def posted(sender: Worker, paper: str) -> int:
    """The paper goes to the post office, from the page of its case and back to it. Returns the clicks."""
    case = sender.page.url
    sender.page.locator("section:has(#papers-title)").get_by_role("link", name=paper, exact=True).click()
    sender.page.get_by_label(re.compile("^挂号（快递）单号")).fill("XA0000000115")
    sender.page.get_by_role("button", name="登记发出").click()
    sender.see("已登记发出，期限按发出日期计")
    sender.page.goto(case)
    return 2


MOST = {"clicks": 58, "loads": 66, "fields": 45}
"""For a letter from the desk to the archive among eight people: once 110 clicks and 84 loads."""


def attach(worker: Worker, name: str, what: str, data: bytes, count: int) -> None:
    """Add a file on the page of the case, which has this many then."""
    worker.page.set_input_files("#file-choose", [{"name": f"{name}.png", "mimeType": "image/png", "buffer": data}])
    worker.page.select_option("#file-what", what)
    worker.page.get_by_role("button", name="添加附件").click()
    worker.page.get_by_role("heading", name=f"附件（{count}）").wait_for()


def test_from_letter_to_archive(sign_in):
    effort = Effort()
    sign_in = partial(sign_in, effort=effort)
    effort.stage("register")
    clerk = sign_in("clerk")
    number = register_by_keyboard(clerk)
    clerk.see("请求说明并补发科技特派员补助", "说明未发放原因", "补发补助", "其**")

    effort.stage("screen, instruct")
    clerk.take("分类", 类别=Choice("申诉求决"), **{"途径（申诉求决）": "（六）信访处理程序", "信访目的": "求决"})
    clerk.take(
        "拟办",
        拟办意见="属本厅职责，建议由经费处承办。",
        拟请批示并包案的厅领导="白音",
        **{"建议承办处室（单位）": "资源配置与经费处"},
    )
    clerk.see("待批示")

    leader = sign_in("leader", viewport=PHONE, has_touch=True, is_mobile=True)
    instruct_on_the_phone(leader, number)

    effort.stage("accept and tell")
    clerk.open(number)
    clerk.take("受理并告知", 承办联系方式="0471-0000000")
    clerk.see("受理告知书已拟出，送签发", "书面告知")
    clicks = signed_on_the_phone(sign_in("office_head", viewport=PHONE, has_touch=True, is_mobile=True), number)
    clerk.open(number)
    expect(clerk.page.locator("section:has(#clocks-title)")).not_to_contain_text("已停止的期限")
    clicks += posted(clerk, "受理告知书")
    expect(clerk.page.locator("section:has(#clocks-title)")).to_contain_text("已停止的期限（1）")
    effort.stage("handle")
    clerk.take("交办", 反馈日期=f"{today().year + 1}-03-31")

    head = sign_in("head")
    head.see(number)
    head.open(number)
    head.take("签收", 承办人="巴特尔")

    handler = sign_in("handler")
    handler.see(number)
    handler.open(number)
    handler.take("接谈", 地点或方式="电话", 参加人员="巴特尔、信访人", 谈话内容="核对了未发放的月份。")
    effort.stage("reply")
    handler.take(
        "拟写意见书",
        **{
            "诉求1/认定的事实": "旗科技局因预算调整推迟发放。",
            "诉求1/结论": "解释说明",
            "诉求1/法律法规依据": "科技特派员管理办法",
            "诉求2/认定的事实": "应发十二个月补助属实。",
            "诉求2/结论": "予以支持",
            "诉求2/法律法规依据": "科技特派员管理办法",
            "处理方式": Choice("解决问题"),
            "复查机关": "自治区人民政府",
        },
    )
    handler.take("征求法律顾问意见", 法律顾问="卢明律", 请重点审查的问题="补发的依据是否充分？")

    adviser = sign_in("adviser")
    adviser.open(number)
    adviser.see("补发的依据是否充分？", "应发十二个月补助属实。")
    expect(adviser.page.locator("body")).not_to_contain_text(LETTER_TEXT)
    adviser.take("出具法律顾问意见", 法律意见="无不同意见。")

    head.open(number)
    head.take("审核意见书", 决定=Choice("同意"))

    leader.page.goto(url("inbox"))
    leader.see("同意签发", "诉求2：予以支持")
    leader.page.get_by_role("button", name="同意签发").tap()
    leader.page.get_by_role("dialog").get_by_role("button", name="同意签发").tap()
    leader.see("已办理：签发意见书")

    clerk.open(number)
    clerk.take("印发意见书")
    clerk.see("已出具意见书", "信访处理（答复）意见书已编号印发，待发出")

    effort.stage("send and serve")
    handler.open(number)
    clicks += posted(handler, "信访处理（答复）意见书")
    assert clicks <= MOST_CLICKS_FOR_PAPERS
    attach(handler, "送达回证", "receipt", RECEIPT_SCAN, 7)
    handler.take(
        "送达",
        送达方式="邮寄送达",
        送达日期=today().isoformat(),
        **{"挂号（快递）单号": "XA0000000115", "签收人": "其木格", "送达回证（附件序号）": "附件7（送达回证）"},
    )
    handler.take("执行", 诉求序号="诉求2　补发补助", 执行情况或时间安排="已补发到卡。")

    effort.stage("close")
    head.open(number)
    head.take("销号结案", done="已提出，等待另一人确认：", 结案说明="已办结并执行。", 已告知信访人复查权利=True)
    leader.page.goto(url("inbox"))
    leader.page.get_by_role("button", name="同意结案").tap()
    leader.page.get_by_role("dialog").get_by_role("button", name="同意结案").tap()
    leader.see("已办理：销号结案")

    effort.stage("archive")
    handler.open(number)
    attach(handler, "来信", "letter", scan(3), 8)
    handler.take("移交归档", 已逐项核对卷内材料=True, 页数="32")

    archivist = sign_in("archivist")
    archivist.see(number)
    archivist.open(number)
    archivist.take("接收归档", 与移交页数不同的原因="移交时估计，按装订清点。")
    archivist.see("已归档")

    print(f"\n{effort.table()}")
    assert all(effort.total[what] <= most for what, most in MOST.items()), effort.table()
    clerk.open(number)
    clerk.see("已归档")
    timeline = clerk.page.locator("ol.timeline")
    for label in HAPPY_PATH:
        expect(timeline.locator("ol.items > li").filter(has_text=label).first).to_be_visible()
    # Closing has two lines, the scans two, the notice eight and the reply six, each with its three files.
    expect(clerk.page.locator("ol.timeline ol.items > li")).to_have_count(len(HAPPY_PATH) - 1 + 1 + 2 + 8 + 6)
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
