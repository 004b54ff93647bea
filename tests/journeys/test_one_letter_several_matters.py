"""A letter of three matters goes three ways, one sealed; the claim's handler never sees the report (N29-N31)."""

import re

from playwright.sync_api import expect

from tests.browser import DESK, look
from tests.journeys.people import Choice, number_of
from tests.urls import url

LETTER = "一是去年的科技特派员补助没有发。二是我家的宅基地请给调整。三是评审项目的人收受礼金，请查处。"
ASKED = ("请补发科技特派员补助", "请调整宅基地", "反映项目评审人员收受礼金")
SECRET = ("收受礼金", "评审")
PETITIONER = {"姓名（名称）": "其木格", "电话": "15000000001", "住址": "某盟某旗某苏木"}


def seen(page, axe, name):
    """Looked at on a desk and on a phone, and back on the desk."""
    look(page, axe, name)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def split_off(clerk, asked, subject, body):
    """One request leaves the letter; gives the number of the part."""
    form = clerk.begin("分出一件")
    form.get_by_role("checkbox", name=re.compile(asked)).check()
    form.get_by_label(re.compile("^分出件的事由")).fill(subject)
    form.get_by_label(re.compile("^分出件的内容")).fill(body)
    form.get_by_label(re.compile("^分件理由")).fill("各项性质不同，依法分别办理。")
    clerk.send()
    clerk.see("已办理：分出一件")
    clerk.open(clerk.number)
    link = clerk.page.locator("section", has_text="同一来信").get_by_role("link", name=re.compile(subject))
    return link.get_attribute("href").rstrip("/").rsplit("/", 1)[1]


def test_three_matters_go_three_ways_and_one_of_them_is_sealed(sign_in, axe):
    clerk = sign_in("clerk")
    page = clerk.page
    page.goto(url("register"))
    form = page.locator("#register-form")
    form.get_by_role("radio", name="不涉及", exact=True).check()
    form.get_by_label(re.compile("^事由")).fill("反映三件事")
    page.locator("#body").fill(LETTER)
    for place, asked in enumerate(ASKED):
        if page.locator(f"#requests-{place}-text").count() == 0:
            page.locator("[data-rows-block=requests]").get_by_role("button", name="再加一项").click()
        page.locator(f"#requests-{place}-text").fill(asked)
    for place, words in enumerate(PETITIONER.values()):
        page.locator(f"#persons-0-{('name', 'phone', 'address')[place]}").fill(words)
    page.get_by_role("button", name="登记", exact=True).click()
    clerk.see("已登记 ")
    letter = number_of(page)

    form = clerk.begin("分出一件")
    seen(page, axe, "split-off")
    for asked in ASKED:
        form.get_by_role("checkbox", name=re.compile(asked)).check()
    form.get_by_label(re.compile("^分出件的事由")).fill("全部")
    form.get_by_label(re.compile("^分件理由")).fill("试")
    clerk.send()
    expect(page.get_by_role("alert")).to_contain_text("本件至少留一项诉求")
    clerk.open(letter)
    claim = split_off(clerk, ASKED[0], "请补发科技特派员补助", "去年的科技特派员补助没有发。")
    land = split_off(clerk, ASKED[1], "请调整宅基地", "我家的宅基地请给调整。")
    clerk.see("各件中还有 3 件没有办结", "尚未告知分件去向")
    seen(page, axe, "letter-of-parts")

    # What is left of the letter is a report of wrongdoing: it leaves this desk, and so does every word of it.
    form = clerk.begin("分类")
    form.get_by_role("radio", name="检举控告", exact=True).check()
    clerk.send()
    page.get_by_role("dialog").get_by_role("button", name="分类").click()
    clerk.see(f"{letter} 已转入密封区，由检举控告专管员办理")
    clerk.open(claim)
    expect(page.locator("main")).not_to_contain_text(letter)
    expect(page.locator("main")).not_to_contain_text("同一来信")

    form = clerk.begin("分类")
    form.get_by_role("radio", name="申诉求决", exact=True).check()
    form.get_by_label(re.compile("^途径")).select_option(value="six")
    form.get_by_role("checkbox", name="同时拟办").uncheck()
    clerk.send()
    clerk.see("已办理：分类")
    clerk.take(
        "拟办",
        拟办意见="建议由经费处办理。",
        拟请批示并包案的厅领导="白音",
        **{"建议承办处室（单位）": "资源配置与经费处"},
    )
    leader = sign_in("leader")
    leader.open(claim)
    leader.take("批示", 决定=Choice("同意拟办意见"), 批示="依法办理。")
    clerk.open(claim)
    clerk.take("受理并告知")

    clerk.open(land)
    form = clerk.begin("分类")
    form.get_by_role("radio", name="申诉求决", exact=True).check()
    form.get_by_label(re.compile("^职权")).select_option(value="elsewhere")
    form.get_by_label(re.compile("^不属本厅职权的依据")).fill("《土地管理法》第六十二条")
    clerk.send()
    # That a part isn't the department's takes two.
    clerk.see("已提出，等待另一人确认：分类")
    second = sign_in("clerk2")
    second.open(land)
    second.confirm("分类")
    clerk.open(land)
    clerk.take(
        "告知向有权机关提出",
        **{
            "有权处理的机关、单位": "某旗自然资源局",
            "提出方式和地址": "到其窗口提出",
            "不属本厅职权的依据": "《土地管理法》第六十二条",
        },
    )

    officer = sign_in("sealed")
    officer.open(letter, reason="研究移送事宜")
    officer.see(LETTER[:10], "尚未告知分件去向")
    officer.take(
        "移送检举控告",
        done="已提出，等待另一人确认：",
        移送到="驻厅纪检监察组",
        其余诉求的去向="已分出两件，由办公室另行办理。",
    )
    principal = sign_in("principal")
    principal.open(letter, reason="核对是否移送")
    principal.confirm("移送检举控告")
    officer.open(letter)
    officer.begin("告知分件去向")
    seen(officer.page, axe, "tell-parts")
    officer.send()
    officer.see("已办理：告知分件去向", "分件去向告知书")
    seen(officer.page, axe, "sealed-letter-told")

    handler = sign_in("handler")
    handler.open(claim)
    for word in (letter, *SECRET):
        expect(handler.page.locator("body")).not_to_contain_text(word)
    assert handler.page.goto(url("petition", letter)).status == 404
