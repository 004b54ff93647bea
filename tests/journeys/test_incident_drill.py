"""A drill with a gathering, in real browsers.

The guard reports, the office answers late, and the log says what happened (issue 5).
"""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.people import PHONE, fill
from tests.urls import url
from xinfang.incidents.actions.act import run_report_chains
from xinfang.incidents.models import Incident
from xinfang.incidents.queries.incidents import incident_facts

MATTERS = ("请求说明项目经费拨付进度", "反映验收材料重复报送", "咨询科技特派员补助标准")


def tap(page: Page, name: str) -> None:
    """Press a button of the page."""
    page.get_by_role("button", name=name, exact=True).first.click()


def logged(page: Page) -> list[tuple[str, str]]:
    """What the page shows as the log: (what, who), the whole of it and in order."""
    rows = page.locator("ol.log > li")
    return [
        (rows.nth(n).locator("b").inner_text(), rows.nth(n).locator(".by").inner_text()) for n in range(rows.count())
    ]


def pdf_text(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(BytesIO(data))
    return "".join(page.get_textpage().get_text_range() for page in pages)


@pytest.fixture
def picture(tmp_path: Any) -> str:
    from tests.attachments import made

    place = tmp_path / "大厅.png"
    place.write_bytes(made.png())
    return str(place)


def test_a_gathering_from_the_first_report_to_the_printed_paper(sign_in: Any, picture: str) -> None:
    guard = sign_in("guard", viewport=PHONE, line_breaks=True).page
    # One press reports; what follows may be left out.
    guard.get_by_role("button", name="多人聚集").click()
    expect(guard).to_have_url(re.compile(url("duty-reported", "NUMBER").replace("NUMBER", r"TF\d{4}-001") + "$"))
    number = guard.url.rstrip("/").rsplit("/", 1)[1]
    expect(guard.locator("body")).to_contain_text("办公室还没有确认")
    tap(guard, "10 人")
    expect(guard.get_by_role("button", name="10 人", exact=True)).to_have_attribute("aria-pressed", "true")
    tap(guard, "厅机关一楼大厅")
    expect(guard.locator("#live-duty")).to_contain_text("厅机关一楼大厅")
    guard.locator("input[type=file]").set_input_files(picture)
    tap(guard, "发送照片")
    expect(guard.locator("#live-duty")).to_contain_text("照片 1 张")

    # Nobody confirms. Time passes: the chain reminds by itself.
    clerk = sign_in("clerk").page
    expect(clerk.locator(".event-banner")).to_contain_text(f"突发事件 {number}")
    opened = Incident.objects.get(number=number).opened_at
    assert run_report_chains(opened + timedelta(minutes=4)) == 0
    assert run_report_chains(opened + timedelta(minutes=6)) == 1
    for page in (guard, clerk):
        page.goto(url("notices"))
        expect(page.locator("body")).to_contain_text("办公室6分钟未确认（应在5分钟内），请打电话确认")
    guard.goto(url("duty-reported", number))
    expect(guard.locator("#live-duty")).to_contain_text("已提醒1次")

    # The clerk confirms late, from the banner that is on every page.
    clerk.locator(".event-banner").get_by_role("button", name="确认收到").click()
    expect(clerk).to_have_url(re.compile(f"{url('incident', number)}$"))
    expect(clerk.locator("#live-top")).to_contain_text("由乌兰确认")
    guard.reload()
    expect(guard.locator("#live-duty")).to_contain_text("办公室已于")

    # The leader is told, and confirms on a phone.
    leader = sign_in("leader", viewport=PHONE).page
    leader.locator(".event-banner").get_by_role("button", name="确认收到").click()
    expect(leader.locator("#live-top")).to_contain_text("由白音确认")
    expect(leader.locator(".event-banner")).to_have_count(0)
    leader.locator("#way-instruct").click()
    leader.get_by_label("指示").fill("请经费处共同接访，逐件登记。")
    tap(leader, "记入指示")
    expect(leader.locator("body")).to_contain_text("已记录：厅领导指示")

    # Reception together: the unit is called in; each says when they are on their way and when they are there.
    clerk.reload()
    clerk.locator("#way-call_in").click()
    clerk.get_by_label("处室").select_option("funds")
    tap(clerk, "请其到场")
    tap(clerk, "正在赶往现场")
    expect(clerk.locator("#live-top")).to_contain_text("在路上")
    tap(clerk, "已到场")
    expect(clerk.locator("#live-top")).not_to_contain_text("在路上")
    for username in ("head", "support"):
        page = sign_in(username, viewport=PHONE).page
        page.goto(url("notices") if username == "head" else url("incidents"))
        page.get_by_role("link", name=re.compile(number if username == "head" else "突发群体性上访")).first.click()
        tap(page, "已到场")
        expect(page.locator("body")).to_contain_text("已记录：已到场")

    # Each matter is registered apart, through the form that every visit is registered with.
    for n, subject in enumerate(MATTERS, 1):
        clerk.goto(url("incident", number))
        clerk.get_by_role("link", name="现场登记", exact=True).click()
        expect(clerk.get_by_role("radio", name="来访")).to_be_checked()
        clerk.get_by_role("radio", name="不涉及").check()
        fill(clerk.locator("#register-form"), {"事由": subject, "内容": f"现场反映的第{n}件事，请书面答复。"})
        tap(clerk, "登记")
        expect(clerk).to_have_url(re.compile(f"{url('incident', number)}$"))
        expect(clerk.locator("#matters-title")).to_have_text(f"现场登记（{n} 件）")

    # The connection is down: what is typed waits in the phone and is sent once, however often it is tried.
    guard.goto(url("incident", number))
    guard.context.set_offline(True)
    guard.locator("#text").fill("来访人员推选代表，其余在大厅等候，秩序平稳。")
    tap(guard, "记入记录")
    expect(guard.locator("#outbox")).to_contain_text("网络中断，已记下，恢复后自动发送（第 1 条）")
    tried = timezone.now()
    sent: list[str] = []
    guard.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)

    def lose_the_answer(route: Any) -> None:
        """The server does it, and its answer never arrives."""
        route.fetch()
        route.abort("connectionreset")

    guard.context.route("**/note/", lose_the_answer, times=1)
    guard.context.set_offline(False)
    guard.wait_for_event("requestfailed")
    expect(guard.locator("#outbox")).to_contain_text("（第 1 条）")
    guard.evaluate("dispatchEvent(new Event('online'))")
    expect(guard.locator("#outbox")).to_contain_text("网络已恢复，已发送")
    assert len(sent) == 2, "two attempts"

    # The report: proposed from the log, signed by the leader on their phone, sent, printed.
    clerk.goto(url("incident-step", number, "draft_report"))
    editor = clerk.locator("#text")
    text = editor.input_value()
    assert "约10人" in text and "现场登记信访事项3件" in text
    for blank, words in (("报送机关", "自治区信访局"), ("签发人姓名", "白音")):
        text = text.replace(f"【待填：{blank}】", words)
    editor.fill(re.sub(r"【待填：已采取.*】", "三件事已分别登记，按期办理并书面答复。", text))
    tap(clerk, "预览")
    expect(clerk.locator("body")).to_contain_text("还没有提交")
    picture_shown = clerk.locator(".paper-pages img").first
    expect(picture_shown).to_have_js_property("complete", True)
    assert picture_shown.evaluate("i => i.naturalWidth") > 500
    assert "自治区信访局" in clerk.locator("#text").input_value()
    tap(clerk, "提交，请厅领导签发")
    expect(clerk.locator("body")).to_contain_text("专报已拟好")
    leader.goto(url("inbox"))
    leader.locator(".event-banner").get_by_role("link", name="查看并签发").click()
    leader.get_by_role("radio", name="同意签发").check()
    tap(leader, "提交决定")
    expect(leader.locator("body")).to_contain_text("已记录：签发专报")
    clerk.goto(url("inbox"))
    clerk.locator(".event-banner").get_by_role("link", name="报送").click()
    clerk.get_by_label("报送到").fill("自治区信访局")
    tap(clerk, "报送专报")
    expect(clerk.locator("body")).to_contain_text("专报已报送，文号")
    with clerk.expect_download() as download:
        clerk.get_by_role("link", name="下载 PDF").click()
    printed = re.sub(r"\s", "", pdf_text(download.value.path().read_bytes()))
    facts = incident_facts(Incident.objects.get(number=number))
    assert re.sub(r"\s", "", facts.report_number) in printed
    assert "突发群体性上访的专报" in printed and "三件事已分别登记" in printed and "待填" not in printed
    assert all(p in printed for p in facts.petitions)

    # It is over; the log goes on only by additions.
    clerk.goto(url("incident-step", number, "end"))
    clerk.get_by_label("处置结果").fill("已接待并逐件登记，来访人员自行离开。")
    tap(clerk, "结束此事件")
    expect(clerk.locator("#live-head")).to_contain_text("结束，历时")
    clerk.goto(url("incident-log", number))
    assert logged(clerk) == [
        ("报告", "马值（物业值班）"),
        ("人数", "马值（物业值班）"),
        ("地点", "马值（物业值班）"),
        ("现场照片", "马值（物业值班）"),
        ("超时未确认，再次提醒", "系统"),
        ("确认收到", "乌兰（办公室）"),
        ("确认收到", "白音（分管厅领导）"),
        ("厅领导指示", "白音（分管厅领导）"),
        ("请处室（单位）到场", "乌兰（办公室）"),
        ("正在赶往现场", "乌兰（办公室）"),
        ("已到场", "乌兰（办公室）"),
        ("已到场", "斯琴（处室（单位）负责人）"),
        ("已到场", "郑保（保障中心）"),
        *[("现场登记", "乌兰（办公室）")] * 3,
        ("现场情况", logged(clerk)[16][1]),
        ("拟专报", "乌兰（办公室）"),
        ("签发专报", "白音（分管厅领导）"),
        ("报送专报", "乌兰（办公室）"),
        ("结束", "乌兰（办公室）"),
    ]
    assert re.fullmatch(r"马值（物业值班） 离线填写于 \d\d:\d\d:\d\d", logged(clerk)[16][1])
    note = incident_facts(Incident.objects.get(number=number)).lines[16]
    assert note.seen_at is not None and note.seen_at <= tried < note.at


def test_without_javascript_the_duty_desk_still_reports(department: None, browser: Any, live_server: Any) -> None:
    from tests.world import PASSWORD

    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto(url("login"))
    page.get_by_label("用户名").fill("guard")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="有人受伤").click()
    expect(page.locator("a[href='tel:120']").first).to_be_visible()
    page.get_by_role("button", name="已拨打120").click()
    expect(page.locator("body")).to_contain_text("已记录：已拨打120")
    context.close()


def test_a_report_without_a_line_waits_with_what_follows_it(sign_in: Any) -> None:
    page = sign_in("guard", viewport=PHONE, line_breaks=True).page
    page.context.set_offline(True)
    page.get_by_role("button", name="有人受伤").click()
    expect(page.get_by_role("heading", name="先打电话救人")).to_be_visible()
    expect(page.locator("#outbox")).to_contain_text("（第 1 条）")
    page.get_by_role("button", name="已拨打120").click()
    expect(page.locator("#outbox")).to_contain_text("（第 2 条）")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#outbox")).to_contain_text("网络已恢复，已发送")
    found = Incident.objects.get()
    assert [line.code for line in incident_facts(found).lines] == ["report", "called"]
    assert all(line.seen_at for line in incident_facts(found).lines)


def test_signing_out_asks_before_what_waits_is_lost(sign_in: Any) -> None:
    page = sign_in("guard", line_breaks=True).page
    page.context.set_offline(True)
    page.get_by_role("button", name="多人聚集").click()
    expect(page.locator("#outbox")).to_contain_text("（第 1 条）")
    page.context.route("**/duty/", lambda route: route.abort())
    page.context.set_offline(False)
    page.get_by_role("button", name="退出").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("还有 1 条没有发出")
    page.get_by_role("button", name="仍要退出").click()
    expect(page).to_have_url(re.compile(url("login")))
    page.context.unroute("**/duty/")
    assert page.evaluate("localStorage.getItem('xinfang-outbox')") is None
    assert Incident.objects.count() == 0


def test_an_ended_session_keeps_what_was_typed_until_the_same_person_is_back(sign_in: Any, department: None) -> None:
    from tests.incidents.test_pages import gathering
    from tests.world import PASSWORD

    number = gathering().number
    page = sign_in("guard").page
    page.goto(url("incident", number))
    page.context.clear_cookies(name="xinfang_session")
    page.locator("#text").fill("登录失效时写下的情况。")
    tap(page, "记入记录")
    expect(page.locator("#outbox")).to_contain_text("登录已结束，以下内容已记下")
    page.get_by_role("link", name="去登录").click()
    page.get_by_label("用户名").fill("guard")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#outbox")).to_contain_text("网络已恢复，已发送")
    facts = incident_facts(Incident.objects.get(number=number))
    assert [line.code for line in facts.lines] == ["report", "note"]


def test_the_board_shows_what_is_new_by_itself_and_takes_nothing_from_who_types(sign_in: Any) -> None:
    from tests.incidents.test_pages import do, gathering

    number = gathering().number
    page = sign_in("clerk").page
    page.goto(url("incident", number))
    page.locator("#text").fill("正在写的一句")
    do(number, "note", "guard", text="大厅又来了五个人。")
    # As when the connection comes back: the page looks at once instead of in ten seconds.
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#live-log")).to_contain_text("大厅又来了五个人。")
    expect(page.locator("[data-live-said]")).to_contain_text("有新记录")
    expect(page.locator("[data-live-words]")).to_contain_text("最近一次")
    expect(page.locator("#text")).to_have_value("正在写的一句")
    expect(page.locator("#text")).to_be_focused()
    page.goto(url("incidents"))
    do(number, "confirm", "office_head")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#live-open")).to_contain_text("已确认")


def test_two_days_without_a_line_are_told_and_not_silently_lost(sign_in: Any) -> None:
    page = sign_in("guard", line_breaks=True).page
    page.context.set_offline(True)
    page.get_by_role("button", name="多人聚集").click()
    expect(page.locator("#outbox")).to_contain_text("（第 1 条）")
    page.context.route("**/duty/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.context.set_offline(False)
    page.clock.set_fixed_time("2099-01-01T00:00:00Z")
    page.reload()
    expect(page.locator("#outbox")).to_contain_text("超过两天没有发出，已从本机删除：报告：突发群体性上访")
    assert Incident.objects.count() == 0
