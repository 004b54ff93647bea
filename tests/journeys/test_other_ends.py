"""What doesn't go the long way: other ends, refusals, two people at once, a closed browser; through the pages."""

import re

from playwright.sync_api import expect

from tests.browser import look
from tests.journeys.people import Choice, register
from tests.urls import url

SUBJECT = "请求说明并补发科技特派员补助"


def test_filed_without_action_by_two_and_taken_up_again(sign_in):
    clerk = sign_in("clerk")
    number = register(clerk)
    clerk.take(
        "存信", done="已提出，等待另一人确认：", 存信理由=Choice("无参考价值"), 说明="来信是一份广告，没有提出诉求。"
    )
    clerk.see("已登记")

    second = sign_in("clerk2")
    second.open(number)
    second.confirm("存信")
    expect(second.page.locator(".page-head")).to_contain_text("现在：存信")

    second.take("恢复办理", 理由="信末有一项诉求，存信有误。")
    second.open(number)
    expect(second.page.locator(".page-head")).to_contain_text("现在：已登记")


def test_a_report_of_wrongdoing_is_the_named_officers(sign_in):
    clerk = sign_in("clerk")
    number = register(clerk, subject="反映项目评审中有人收受礼金")
    clerk.begin("分类").get_by_role("radio", name="检举控告", exact=True).check()
    clerk.send()
    # It leaves this desk at once: asked first.
    expect(clerk.page.get_by_role("dialog")).to_contain_text("转入密封区")
    clerk.page.get_by_role("dialog").get_by_role("button", name="分类").click()
    clerk.see(f"{number} 已转入密封区，由检举控告专管员办理")

    page = clerk.page
    assert page.goto(url("petition", number)).status == 404
    clerk.see("没有找到这一页")
    page.goto(url("petitions"))
    expect(page.locator("main")).not_to_contain_text(number)
    for asked in (number, "收受礼金"):
        page.goto(url("search"))
        box = page.locator("[data-search]:visible")
        box.fill(asked)
        box.press("Enter")
        expect(page).to_have_url(re.compile(f"{url('search')}.+"))
        expect(page.get_by_role("heading", level=2)).to_contain_text("没有找到")
        expect(page.locator("main")).not_to_contain_text("项目评审")

    officer = sign_in("sealed")
    officer.open(number, reason="研究移送事宜")
    officer.take("移送检举控告", done="已提出，等待另一人确认：", 移送到="驻厅纪检监察组")
    principal = sign_in("principal")
    principal.open(number, reason="核对是否移送")
    principal.confirm("移送检举控告")
    officer.open(number)
    officer.see("已移送（检举控告）")


def test_a_refusal_names_its_article_and_keeps_what_was_typed(sign_in):
    clerk = sign_in("clerk")
    register(clerk)
    form = clerk.begin("存信")
    form.get_by_role("radio", name="经联系仍内容不清", exact=True).check()
    form.get_by_label("说明").fill("字迹不清，看不出诉求。")
    clerk.send()
    refusal = clerk.page.get_by_role("alert")
    expect(refusal).to_contain_text("以“内容不清”存信前应当联系过信访人")
    expect(refusal).to_contain_text("第十条")
    expect(refusal).to_contain_text("请先联系并填写联系经过。")
    expect(refusal).to_be_focused()
    expect(clerk.form.get_by_label("说明")).to_have_value("字迹不清，看不出诉求。")
    expect(clerk.form.get_by_role("radio", name="经联系仍内容不清", exact=True)).to_be_checked()

    clerk.form.get_by_label("联系经过").fill("两次致电，无人接听。")
    clerk.send()
    clerk.see("已提出，等待另一人确认：存信")


def test_the_slower_of_two_is_told_and_loses_nothing(sign_in):
    clerk = sign_in("clerk")
    number = register(clerk)
    second = sign_in("clerk2")
    second.open(number)
    for worker, words in ((clerk, "收到补充的聘书一份。"), (second, "信访人来电补充了账号。")):
        worker.begin("补充").locator("textarea").first.fill(words)
    clerk.send()
    clerk.see("已办理：补充")

    second.send()
    second.see("另有人办理了此件", "您打开此页之后：", "乌兰")
    expect(second.form.locator("textarea").first).to_have_value("信访人来电补充了账号。")
    second.send()
    second.see("已办理：补充")
    second.open(number)
    expect(second.page.locator("ol.timeline")).to_contain_text("收到补充的聘书一份。")
    expect(second.page.locator("ol.timeline")).to_contain_text("信访人来电补充了账号。")


def test_a_draft_survives_a_closed_browser(sign_in):
    clerk = sign_in("clerk")
    clerk.page.goto(url("register"))
    clerk.page.get_by_label("事由").fill(SUBJECT)
    clerk.see("草稿已保存")
    clerk.page.context.close()

    clerk = sign_in("clerk")
    clerk.page.goto(url("register"))
    expect(clerk.page.get_by_label("事由")).to_have_value("")
    clerk.page.get_by_role("button", name="恢复草稿").click()
    expect(clerk.page.get_by_label("事由")).to_have_value(SUBJECT)


def test_a_double_click_registers_once(sign_in):
    clerk = sign_in("clerk")
    page = clerk.page
    page.goto(url("register"))
    page.get_by_role("radio", name="不涉及").check()
    page.get_by_label("事由").fill(SUBJECT)
    page.locator("#body").fill("本人担任科技特派员，补助没有发放。")
    page.get_by_role("button", name="登记", exact=True).dblclick()
    clerk.see("已登记 ")
    page.goto(url("petitions"))
    expect(page.locator("main").get_by_role("link", name=SUBJECT)).to_have_count(1)


def test_a_suggestion_is_referred_and_answered(sign_in):
    clerk = sign_in("clerk")
    number = register(clerk, subject="建议公开科技特派员补助的发放进度")
    clerk.begin("分类").get_by_role("radio", name="建议意见", exact=True).check()
    clerk.send()
    clerk.see("已办理：分类")
    clerk.take("转办", **{"承办处室（单位）": "资源配置与经费处"})

    head = sign_in("head")
    head.open(number)
    head.take("签收", 承办人="巴特尔")

    handler = sign_in("handler")
    handler.open(number)
    handler.take("研究论证", 参加的处室和人员="经费处、办公室", 研究论证的结果="可行，可以按季度公开。")
    form = handler.begin("回复")
    form.get_by_label(re.compile("^回复内容")).fill("建议很好，今年起按季度公开。")
    form.get_by_label(re.compile("^建议是否采纳")).select_option(label="予以采纳")
    form.get_by_label(re.compile("^回复没有拒绝信访人的请求")).check()
    handler.send()
    handler.see("已提出，等待另一人确认：回复")
    head.open(number)
    head.confirm("回复")
    expect(head.page.locator(".page-head")).to_contain_text("现在：已回复")


def test_what_turns_out_to_be_a_report_leaves_every_desk_and_comes_back(sign_in, axe):
    clerk = sign_in("clerk")
    number = register(clerk)
    clerk.begin("转入密封区")
    look(clerk.page, axe, "seal")
    clerk.page.get_by_label("理由").fill("来信第二段反映承办人员收受礼金。")
    clerk.send()
    clerk.see(f"{number} 已转入密封区，由检举控告专管员办理")
    assert clerk.page.goto(url("petition", number)).status == 404

    officer = sign_in("sealed")
    officer.see("移送检举控告")
    officer.open(number, reason="研究移送事宜")
    look(officer.page, axe, "sealed-case")
    officer.see("移送")
    officer.take("移出密封区", done="已提出，等待另一人确认：", 理由="所述是对政策的意见，误转。")
    principal = sign_in("principal")
    principal.see("移出密封区")
    principal.open(number, reason="核对是否误转")
    principal.confirm("移出密封区")
    clerk.page.goto(url("petition", number))
    expect(clerk.page.locator(".page-head")).to_contain_text("现在：已登记")


def test_a_complaint_about_the_office_goes_to_the_unit_that_the_principal_leader_names(sign_in, axe):
    clerk = sign_in("clerk")
    number = register(clerk)
    form = clerk.begin("补充被反映对象")
    look(clerk.page, axe, "add-accused")
    # Found by typing: of many boxes only those that are ticked are in view.
    expect(form.get_by_role("checkbox", name="办公室", exact=True)).to_be_hidden()
    form.get_by_role("searchbox", name=re.compile("被反映的处室")).fill("办公")
    form.get_by_role("checkbox", name="办公室", exact=True).check()
    clerk.page.get_by_label("理由").fill("来信人电话补充：反映办公室答复推诿。")
    clerk.send()
    # Nobody loses a case by naming their own office alone.
    clerk.see("已提出，等待另一人确认：补充被反映对象")

    principal = sign_in("principal")
    principal.see(number)
    principal.open(number)
    principal.confirm("补充被反映对象")
    assert clerk.page.goto(url("petition", number)).status == 404
    principal.begin("指定代行办公室职责")
    look(principal.page, axe, "name-acting-office")
    principal.page.get_by_label("代行办公室职责的处室（单位）").select_option(label="成果转化与奖励处")
    principal.page.get_by_label("理由").fill("此件反映办公室。")
    principal.send()

    head = sign_in("head2")
    head.see(number)
    head.open(number)
    look(head.page, axe, "acting-office-case")
    expect(head.page.locator("a.step:visible").first).to_contain_text("分类")
