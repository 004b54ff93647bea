"""This department reviews the opinion of a city's bureau and orders it made again, through the pages (N35, N36)."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.browser import DESK, look
from tests.journeys.people import Choice, register
from tests.urls import url
from xinfang.core.clock import today

TOLD = "我不服市科技局的处理意见：该局没有核对银行流水，就认定补助已经发放。请自治区科技厅复查。"
PETITIONER = {"姓名（名称）": "其木格", "电话": "15000000001", "住址": "某盟某旗某苏木"}


def seen(page, axe, name):
    """Looked at on a desk and on a phone, and back on the desk."""
    look(page, axe, name)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def test_a_city_s_opinion_is_reviewed_and_ordered_to_be_made_again(sign_in, axe):
    clerk = sign_in("clerk")
    number = register(clerk, subject="不服某市科技局处理意见，请求复查", body=TOLD, **PETITIONER)
    page = clerk.page

    # A late request without its reason is refused, and what was typed stays.
    got_on = today() - timedelta(days=50)
    form = clerk.begin("登记复查请求")
    for label, words in {
        "作出处理意见的机关": "某市科学技术局",
        "处理意见书文号": "市科信答〔2026〕3号",
        "信访人收到意见书的日期": got_on.isoformat(),
        "处理意见的内容": "以补助已经发放为由，不予支持。",
        "信访人请求复查的事实和理由": "该局没有核对银行流水，事实没有查清。",
    }.items():
        form.get_by_label(re.compile(f"^{label}")).fill(words)
    clerk.send()
    expect(page.get_by_role("alert")).to_contain_text("已过30日，且没有写明逾期的理由")
    seen(page, axe, "review-late")
    clerk.form.get_by_label(re.compile("^信访人收到意见书的日期")).fill((today() - timedelta(days=5)).isoformat())
    clerk.form.get_by_role("searchbox").fill("苏日娜")
    clerk.form.get_by_role("checkbox", name="苏日娜").check()
    clerk.send()
    clerk.see("已办理：登记复查请求")
    clerk.open(clerk.number)
    clerk.see("请求本厅复查的处理意见", "市科信答〔2026〕3号", "作出复查意见")

    clerk.take(
        "拟办",
        拟办意见="建议由没有经手过的经费处复查。",
        拟请批示并包案的厅领导="白音",
        **{"建议承办处室（单位）": "资源配置与经费处"},
    )
    leader = sign_in("leader")
    leader.open(number)
    leader.take("批示", 决定=Choice("同意拟办意见"), 批示="依法公正复查。")

    clerk.open(number)
    form = clerk.begin("受理复查")
    form.get_by_role("checkbox", name="巴特尔").check()
    seen(page, axe, "review-accept")
    clerk.send()
    clerk.see("已办理：受理复查", "复查受理通知", "复查人员")

    handler = sign_in("handler")
    handler.open(number)
    term = (today() + timedelta(days=20)).isoformat()
    form = handler.begin("拟写复查意见书")
    for label, words in {
        "复查查明的事实": "该局没有调取银行流水。",
        "理由": "主要事实不清。",
        "法律法规依据": "《信访工作条例》第三十二条",
    }.items():
        form.get_by_label(re.compile(f"^{label}(必填)?$")).fill(words)
    form.get_by_role("radio", name="维持", exact=True).check()
    expect(form.get_by_label(re.compile("^变更的内容或者重新办理的要求"))).to_be_hidden()
    form.get_by_role("radio", name="责令重新办理", exact=True).check()
    form.get_by_label(re.compile("^变更的内容或者重新办理的要求")).fill("调取银行流水后重新作出处理意见。")
    form.get_by_label(re.compile("^原办理机关重新作出或者落实的期限")).fill(term)
    form.get_by_label(re.compile("^复核机关")).fill("某自治区人民政府信访事项复查复核机构（某市某路1号）")
    seen(handler.page, axe, "review-draft")
    handler.send()
    handler.see("已办理：拟写复查意见书")
    handler.take("征求法律顾问意见", 法律顾问="卢明律")

    adviser = sign_in("adviser")
    adviser.open(number)
    adviser.begin("出具法律顾问意见")
    adviser.see("主要事实不清", "责令重新办理")
    adviser.form.get_by_label(re.compile("^法律意见")).fill("无不同意见。")
    adviser.send()
    adviser.see("已办理：出具法律顾问意见")

    head = sign_in("head")
    head.open(number)
    head.take("审核意见书", 决定=Choice("同意"))

    leader.page.goto(url("inbox"))
    card = leader.page.locator("article.leader-card", has_text=number)
    expect(card).to_contain_text("责令重新办理。主要事实不清")
    seen(leader.page, axe, "review-queue")
    leader.open(number)
    leader.begin("签发意见书")
    leader.page.get_by_role("link", name="预览意见书").click()
    leader.see("复查意见书")
    seen(leader.page, axe, "review-preview")
    leader.open(number)
    leader.take("签发意见书", 决定=Choice("同意签发"))

    clerk.open(number)
    clerk.take("印发意见书")
    clerk.see("复查意见书已编号印发", "内科信复〔")

    handler.open(number)
    form = handler.begin("送达")
    form.get_by_label(re.compile("^送达日期")).fill(today().isoformat())
    form.get_by_label(re.compile("^送达方式")).select_option(label="当面送达")
    form.get_by_label(re.compile("^签收人")).fill("其木格")
    handler.send()
    handler.see("已提出，等待另一人确认：送达")  # no receipt was added yet

    clerk.open(number)
    clerk.confirm("送达")
    handler.open(number)
    handler.see("请求复核（信访人的权利）", "原办理机关落实复查意见", "责令重新办理")
    seen(handler.page, axe, "review-served")

    clerk.open(number)
    clerk.take(
        "登记原办理机关落实情况",
        重新作出的处理意见书文号="市科信答〔2026〕9号",
        内容="该局重新作出处理意见，予以支持。",
        done="已提出，等待另一人确认：",
    )
    second = sign_in("clerk2")
    second.open(number)
    second.confirm("登记原办理机关落实情况")
    clerk.open(number)
    clerk.see("市科信答〔2026〕9号")
    seen(page, axe, "review-complied")
