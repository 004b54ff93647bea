"""A paper from the first draft to the printed sheet, through the pages.

Edited, signed on a phone, issued, brought back by Word.
"""

import re
from datetime import timedelta
from pathlib import Path

import pdfplumber
import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser import page_width
from tests.journeys.people import PHONE, Worker
from tests.urls import url
from tests.world import register, take, walk, who
from xinfang.cases.models import RequiredPaper
from xinfang.core.clock import today
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.models import Paper
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind


def accepted() -> str:
    number = register(today() - timedelta(days=3))
    walk(number, "accepted", today() - timedelta(days=3), 0)
    return number


def owing(number: str, kind: PaperKind) -> int:
    return RequiredPaper.objects.get(petition__number=number, kind=kind.value).event.seq


def make_notice(number: str) -> Paper:
    kind = PaperKind.ACCEPTANCE_NOTICE
    return acts.make_paper(number, kind, by=who("clerk"), owed_by=owing(number, kind))


def sign(number: str, place: int) -> None:
    acts.submit_paper(
        number, place, by=who("clerk"), revision=Paper.objects.get(petition__number=number, place=place).revision
    )
    take(number, StepCode.SIGN_PAPER, "office_head", paper=place, agree=True)


def pages_are_drawn(page: Page) -> None:
    """Every picture of a page has arrived and is a picture."""
    for picture in page.locator(".paper-pages img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("e => e.naturalWidth") > 600


def editor(page: Page):
    return page.get_by_label("文书文本")


def test_the_notice_is_made_edited_signed_on_a_phone_and_issued(sign_in, axe, tmp_path: Path):
    number = accepted()
    clerk = sign_in("clerk", viewport={"width": 1440, "height": 900})
    clerk.open(number)
    axe(clerk.page)
    clerk.page.locator("li", has_text="受理告知书").get_by_role("button", name="制作").click()
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text("受理告知书")
    pages_are_drawn(clerk.page)
    axe(clerk.page)
    box = editor(clerk.page)
    box.fill(box.input_value().replace("特此告知。", "特此告知，请保持电话畅通。"))
    expect(clerk.page.locator("[data-draft-status]")).to_contain_text("草稿已保存")
    clerk.page.get_by_role("button", name="保存并送审").click()
    clerk.see("已送审", "等待办公室主任签发")

    head = sign_in("office_head", viewport=PHONE)
    head.see("签发：受理告知书")
    head.page.get_by_role("link", name=re.compile("签发：受理告知书")).first.click()
    expect(head.page).to_have_url(re.compile(f"{url('paper', number, 1)}\\?next="))
    pages_are_drawn(head.page)
    axe(head.page)
    width = page_width(head.page)
    assert width <= PHONE["width"], "nothing to scroll sideways for"
    head.page.get_by_role("button", name="同意签发").click()
    head.see("已签发")

    clerk.page.goto(url("papers"))
    axe(clerk.page)
    clerk.page.get_by_role("link", name="已印发").click()
    clerk.page.get_by_role("link", name="受理告知书", exact=True).click()
    clerk.see("待发出")
    axe(clerk.page)
    clerk.page.get_by_label(re.compile("^挂号（快递）单号")).fill("XA0000000115")
    clerk.page.get_by_role("button", name="登记发出").click()
    clerk.see("已登记发出，期限按发出日期计", "送达")
    paper = Paper.objects.get()
    with clerk.page.expect_download() as wanted:
        clerk.page.get_by_role("link", name="下载 PDF").click()
    saved = tmp_path / "paper.pdf"
    wanted.value.save_as(saved)
    with pdfplumber.open(saved) as document:
        words = re.sub(r"\s", "", "".join(p.extract_text() for p in document.pages))
    assert paper.number and paper.number in words and "请保持电话畅通" in words
    axe(clerk.page)


def test_two_people_edit_one_paper_and_both_texts_are_kept(sign_in, axe):
    number = accepted()
    make_notice(number)
    first, second = sign_in("clerk"), sign_in("clerk2")
    for worker in (first, second):
        worker.page.goto(url("paper", number, 1))
    editor(first.page).press("Control+End")
    editor(first.page).type("甲补的一句。")
    first.page.get_by_role("button", name="保存", exact=True).click()
    first.see("已保存")
    editor(second.page).press("Control+End")
    editor(second.page).type("乙补的一句。")
    second.page.get_by_role("button", name="保存", exact=True).click()
    second.see("另有人修改了这份文书", "乌兰于", "甲补的一句。")
    axe(second.page)
    box = editor(second.page)
    expect(box).to_have_value(re.compile("乙补的一句。"))
    box.fill(box.input_value() + "\n甲补的一句。")
    second.page.get_by_role("button", name="保存", exact=True).click()
    second.see("已保存")
    second.page.get_by_role("link", name="各版文本").click()
    second.see("第 3 版", "孟和", "在线修改")
    axe(second.page)


def test_buttons_put_marks_into_the_text_and_undo_takes_them_back(sign_in, axe):
    number = accepted()
    make_notice(number)
    clerk = sign_in("clerk")
    clerk.page.goto(url("paper", number, 1))
    box = editor(clerk.page)
    before = box.input_value()
    line = next(text for text in before.splitlines() if "特此告知" in text)
    box.evaluate("(t, line) => { const i = t.value.indexOf(line); t.focus(); t.setSelectionRange(i, i); }", line)
    for name, marked in (("二级标题", f"\n## {line}"), ("签名行", f"\n~ {line}"), ("正文", f"\n{line}")):
        clerk.page.get_by_role("button", name=name, exact=True).click()
        assert marked in box.input_value(), name
    clerk.page.get_by_role("button", name="换页").click()
    assert f"{line}\n===" in box.input_value()
    for _ in range(4):
        clerk.page.keyboard.press("Control+z")
    assert box.input_value() == before
    axe(clerk.page)


def test_word_goes_out_is_changed_and_comes_back(sign_in, tmp_path: Path):
    number = accepted()
    make_notice(number)
    clerk = sign_in("clerk")
    clerk.page.goto(url("paper", number, 1))
    with clerk.page.expect_download() as wanted:
        clerk.page.get_by_role("link", name="下载 Word").click()
    saved = tmp_path / wanted.value.suggested_filename
    wanted.value.save_as(saved)
    document = Document(str(saved))
    last = next(p for p in document.paragraphs if "特此告知" in p.text)
    last.runs[-1].text = last.runs[-1].text.replace("特此告知。", "特此告知，请收好。")
    document.save(str(saved))
    clerk.page.get_by_label("交回改好的 Word 文件").set_input_files(saved)
    clerk.page.get_by_role("button", name="交回", exact=True).click()
    clerk.see("已收下交回的 Word 文件", "Word 交回")
    expect(editor(clerk.page)).to_have_value(re.compile("特此告知，请收好。"))


def test_a_reply_without_its_conclusion_is_refused_by_name(sign_in, axe):
    number = register(today() - timedelta(days=3))
    walk(number, "signed_reply", today() - timedelta(days=3), 0)
    take(number, StepCode.ISSUE_REPLY, "clerk", today() - timedelta(days=3))
    clerk = sign_in("clerk")
    clerk.open(number)
    clerk.page.locator("li", has_text="信访处理（答复）意见书").get_by_role("button", name="制作").click()
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text("信访处理（答复）意见书")
    expect(editor(clerk.page), "what is signed can't be edited").to_have_count(0)
    clerk.page.get_by_text("已签发的文本要修改").click()
    clerk.page.get_by_role("region", name="修改").get_by_label("理由").fill("结论的表述有误")
    clerk.page.get_by_role("button", name="改回拟稿").click()
    clerk.see("已改回拟稿，改好后须重新送签")
    box = editor(clerk.page)
    text = box.input_value()
    without = text.replace("予以支持", "").replace("解释说明", "")
    assert without != text
    box.fill(without)
    clerk.page.get_by_role("button", name="保存并送审").click()
    clerk.see("诉求1没有写明结论", "第三十二条")
    axe(clerk.page)
    expect(box, "what was typed is still there").to_have_value(without)
    assert Paper.objects.get().stage == "draft"


def test_several_are_issued_at_once_with_a_bar(sign_in, axe):
    for _ in range(3):
        number = accepted()
        make_notice(number)
        sign(number, 1)
    clerk = sign_in("clerk")
    clerk.page.goto(url("papers"))
    clerk.page.get_by_label("全选本页").check()
    clerk.see("已选 3 份")
    clerk.page.get_by_role("button", name="印发", exact=True).click()
    clerk.see("办完了：印发 3 份")
    axe(clerk.page)
    assert Paper.objects.filter(stage="issued").count() == 3
    with clerk.page.expect_download() as wanted:
        clerk.page.get_by_role("button", name="打印这 3 份").click()
    assert wanted.value.suggested_filename == "文书3份.pdf"


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE])
def test_the_wordings_of_the_department(sign_in, axe, size):
    admin: Worker = sign_in("admin", viewport=size)
    admin.page.goto(url("settings"))
    admin.page.get_by_role("link", name="文书格式").click()
    axe(admin.page)
    admin.page.get_by_role("link", name="受理告知书", exact=True).click()
    pages_are_drawn(admin.page)
    axe(admin.page)
    box = admin.page.get_by_role("textbox", name="格式文本")
    text = box.input_value()
    box.fill(text.replace("{{ 编号 }}", "{{ 编码 }}", 1))
    admin.page.get_by_label("更改的说明").fill("试一试")
    admin.page.get_by_role("button", name="保存", exact=True).click()
    admin.see("没有名为“编码”的字段")
    box = admin.page.get_by_role("textbox", name="格式文本")
    box.fill(text.replace("特此告知。", "特此告知，请妥善保管。"))
    admin.page.get_by_role("button", name="看样张").click()
    admin.see("还没有保存")
    pages_are_drawn(admin.page)
    admin.page.get_by_role("button", name="保存", exact=True).click()
    admin.see("已保存为本厅第 1 版")
