"""The petition page: how far it is, what may be done; who sees what; and a constant number of queries."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.urls import url
from tests.world import as_, proof, register, scan, sweep_on, take, walk, who
from xinfang.accounts.models import Absence, Staff
from xinfang.attachments.actions.attach import attach_checked
from xinfang.cases.inquiry_codes import grouped
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def came(days_ago: int = 30) -> date:
    return today() - timedelta(days=days_ago)


def page_of(number: str, username: str = "clerk") -> str:
    answer = as_(username).get(url("petition", number))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_case_on_one_page():
    number = register(came())
    walk(number, "archived", came())
    page = page_of(number)
    for words in (
        "请求说明科技特派员补助发放情况",
        "说明未发放原因",
        "予以支持",
        "解释说明",
        "信访处理（答复）意见书",
        "确认：销号结案",
        "“同意，我包案。”",
        "已停止的期限",
        "为什么是",
        "民法典第二百零一条",
    ):
        assert words in page, words
    assert page.count('<li class="done">') == 9


def test_personal_data_is_masked():
    number = register(came())
    page = page_of(number)
    assert "其**" in page and "150****0001" in page
    for whole in ("其木格", "15000000001", "某盟某旗某苏木"):
        assert whole not in page


def test_number_in_small_letters_and_missing_ones():
    number = register(came())
    assert as_("clerk").get(url("petition", number.lower())).status_code == 200
    for missing in ("LX1999000001", "x", "%00", "𠅤", "a" * 300):
        assert as_("clerk").get(url("petition", missing)).status_code == 404
    assert as_("handler").get(url("petition", number)).status_code == 404
    assert Client().get(url("petition", number)).status_code == 302


def test_steps_open_and_lacking():
    number = register(came(3))
    page = page_of(number)
    assert f'class="step main" href="{url("step", number, StepCode.CLASSIFY)}"' in page
    assert "还差：此件尚未分类" in page
    walk(number, "heard", came(3), 0)
    page = page_of(number, "handler")
    assert f'class="step main" href="{url("step", number, StepCode.DRAFT_REPLY)}"' in page
    assert url("step", number, StepCode.CLASSIFY) not in page
    assert "正等待巴特尔办理“拟写意见书”" in page_of(number, "leader")


def test_what_waits_for_a_second_person_is_said_in_a_sentence():
    number = register(came())
    walk(number, "closing", came(), 0)
    assert "正等待白音确认“销号结案”" in page_of(number, "handler")


def test_the_page_says_what_no_longer_counts_and_who_must_act():
    number = register(came())
    walk(number, "signed_reply", came(), 0)
    assert "不再适用" not in page_of(number) and "不再有效" not in page_of(number)
    words = proof(number, Material.PETITIONERS_WORDS)
    more = [{"text": "请说明何时补发"}]
    take(number, StepCode.SUPPLEMENT, "clerk", text="另有一问。", requests=more, attachment=words)
    page = page_of(number)
    assert "此前出具的法律顾问意见不再适用" in page and "此前的签发不再有效" in page
    assert "正等待巴特尔办理“听取信访人陈述”" in page_of(number, "leader")


def test_the_adviser_sees_nothing_but_the_draft():
    number = register(came())
    walk(number, "advice_sought", came(), 0)
    page = page_of(number, "adviser")
    assert "应发12个月补助属实。" in page and number in page
    assert url("step", number, StepCode.GIVE_LEGAL_ADVICE) in page
    for hidden in ("补助未按时发放", "其**", "巴特尔", "核对了未发放", "经过</h2>"):
        assert hidden not in page, hidden
    assert url("step", number, StepCode.TALK) not in page


def test_only_the_first_sees_what_the_advice_says():
    number = register(came())
    walk(number, "archived", came(), 0)
    assert "无不同意见。" in page_of(number, "handler")
    assert "无不同意见。" not in page_of(number, "archivist"), "an internal paper"


def test_late_entries_corrections_deputies_and_paper_instructions():
    number = register(came())
    walk(number, "proposed", came(), 0)
    attach_checked(number, scan(7), "批示件.png", "png", what=Material.INSTRUCTION, by=who("clerk"))
    sheet = {"paper_leader": "leader", "attachment": 1, "instructed_on": came(20).isoformat()}
    take(number, StepCode.INSTRUCT, "clerk", **sheet)
    take(number, StepCode.INSTRUCT, "clerk2", agree=True)
    walker = [
        (StepCode.ACCEPT, "clerk", {"contact": "0471-0000000"}),
        (StepCode.ASSIGN, "clerk", {"handling_unit": "funds", "feedback_on": "2099-12-31"}),
    ]
    for code, by, answers in walker:
        take(number, code, by, **answers)
    Absence.objects.create(
        staff=Staff.objects.get(username="head"),
        deputy=Staff.objects.get(username="head2"),
        since=came(),
        until=today(),
    )
    take(number, StepCode.SIGN_FOR, "head2")
    take(number, StepCode.CORRECT, "clerk", what="subject", new_value="请求补发补助", reason="事由有误")
    page = page_of(number)
    assert "白音，孟和录入" in page and "补录" in page
    assert "何堃（代斯琴）" in page
    assert "更正：事由（请求说明科技特派员补助发放情况 → 请求补发补助）" in page


def test_a_side_end_is_shown_after_what_was_done():
    number = register(came())
    take(number, StepCode.CLASSIFY, "clerk", matter_class="claim", route="six")
    take(number, StepCode.WITHDRAW, "clerk", reason="信访人来信撤回")
    page = page_of(number)
    assert '<li class="now" aria-current="step"><span>已撤回' in page


def test_repeats_in_both_directions_only_if_visible():
    first, later = register(came(20)), register(came(5))
    take(later, StepCode.LINK_REPEAT, "clerk", first=first, same_person=True, same_matter=True, reason="同人同事")
    take(later, StepCode.LINK_REPEAT, "clerk2", agree=True)
    assert f'首件 <a href="{url("petition", first)}">' in page_of(later)
    assert f'重复件 <a href="{url("petition", later)}">' in page_of(first)
    walk(first, "assigned", came(4), 0)
    assert later not in page_of(first, "handler")


def test_hostile_text_is_only_text():
    hostile = "<script>alert(1)</script>\n第二行 {{ 7 }} {% now %}"
    number = register(
        came(), subject="<b>㛃𠅤", body=hostile, persons=[{"name": "<i>张", "phone": "<1>", "address": "&amp;"}]
    )
    page = page_of(number)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\n第二行 {{ 7 }}" in page and "<b>㛃" not in page
    receipt = as_("clerk").get(url("receipt", number)).content.decode()
    assert "<i>张" not in receipt and "㛃𠅤" in receipt


def test_the_receipt():
    number = register(came(3))
    page = as_("clerk").get(url("receipt", number)).content.decode()
    code = Petition.objects.get(number=number).inquiry_code
    assert all(f"<span>{group}</span>" in page for group in grouped(code)) and code not in page
    assert "其木格" in page and "书面告知" in page and "条例第二十三条" in page
    walk(number, "signed", came(3), 0)
    assert as_("handler").get(url("receipt", number)).status_code == 404, "the code is for the petitioner"
    assert "办结" in as_("clerk").get(url("receipt", number)).content.decode()


def test_queries_do_not_grow_with_the_case(django_assert_max_num_queries):
    number = register(came())
    walk(number, "archived", came(), 0)
    for _ in range(12):
        take(number, StepCode.REPORT_UP, "clerk", body="自治区信访局")
    client = as_("clerk")
    client.get(url("petition", number))
    with django_assert_max_num_queries(24):
        client.get(url("petition", number))


def test_a_slow_reviewing_body_is_named_as_late_and_no_overdue_is_recorded():
    """复查机关的期限不是本厅的期限：逾期写明是谁逾期，不记本厅逾期，不按它排序（条例第三十五、四十四条）。"""
    number = register(came(150))
    last = walk(number, "served", came(150))
    asked = last + timedelta(days=2)
    take(number, StepCode.REQUEST_FIRST_REVIEW, "clerk", asked, body="自治区人民政府", arrived_on=asked)
    sweep_on(today())
    found = Petition.objects.get(number=number)
    marked = found.events.filter(code=StepCode.MARK_OVERDUE)
    assert found.next_clock not in ("first_review",)
    assert "first_review" not in [e.data["clock"] for e in marked]
    assert f"复查机关逾期 {(today() - asked).days - 30} 天" in page_of(number)
