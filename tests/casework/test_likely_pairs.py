"""疑似同事清单: what the night found waits for a person, pair by pair, and is asked once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.casework.test_repeats_linked import as_, kept
from tests.casework.test_same_matter import SAME, letter
from tests.urls import url
from tests.world import sweep_on, take, walk
from xinfang.cases.models import Petition
from xinfang.ledgers.actions.message_import import import_messages
from xinfang.matters.actions import night
from xinfang.matters.models import ComparedCase, LikelyPair, PairJudgement
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)
OTHER = {"subject": "咨询技术合同认定登记的材料", "body": "请问办理技术合同认定登记要交哪些材料，能不能在网上提交。"}


def pairs(client: Client, **given: str) -> str:
    return client.get(url("likely-pairs"), given).content.decode()


def answer(client: Client, number: str, other: str, verdict: str) -> Any:
    sent = {"other": other, "turn": "0", "verdict": verdict, "back": "pairs"}
    return client.post(url("matter-pair", number), sent, follow=True)


def test_the_sweep_of_the_night_finds_them_and_changes_no_case():
    one, other = letter(1), letter(2)
    odd = letter(3, **OTHER)
    before = [kept(n) for n in (one, other, odd)]
    report = night.compare_new_cases()
    assert (report.compared, report.pairs) == (3, 1)
    assert [kept(n) for n in (one, other, odd)] == before
    page = pairs(as_("clerk"))
    assert one in page and other in page and odd not in page and "共 1 组" in page
    assert "共同文字" in page and "赵一" not in page and "15000000101" not in page


def test_it_runs_with_the_sweep_and_goes_on_with_what_came_since():
    letter(1)
    assert sweep_on(MONDAY).compared == 1
    assert sweep_on(MONDAY).compared == 0
    letter(2)
    swept = sweep_on(MONDAY + timedelta(days=1))
    assert (swept.compared, swept.pairs) == (1, 1)
    assert night.compare_new_cases() == night.ComparedReport()


def test_it_ends_in_time_and_the_page_says_what_is_left():
    for n in (1, 2, 3):
        letter(n)
    assert night.compare_new_cases(max_cases=1).compared == 1
    assert night.compare_new_cases(max_seconds=-1).compared == 0
    assert "还有 2 件没有比较" in pairs(as_("clerk"))
    night.compare_new_cases()
    page = pairs(as_("clerk"))
    assert "没有比较" not in page and LikelyPair.objects.count() == 3


def test_each_answer_is_kept_and_the_pair_is_not_asked_again():
    one, two, three = (letter(n) for n in (1, 2, 3))
    night.compare_new_cases()
    clerk = as_("clerk")
    assert "共 3 组" in pairs(clerk)
    told = answer(clerk, two, one, "same").content.decode()
    assert "已认定为同事" in told and "共 2 组" in told
    assert "共 1 组" in answer(clerk, three, one, "apart").content.decode()
    ComparedCase.objects.all().delete()
    night.compare_new_cases()
    page = pairs(as_("clerk2"))
    assert "共 1 组" in page and two in page and three in page and one not in page
    said = PairJudgement.objects.order_by("id").values_list("verdict", "by__username")
    assert list(said) == [("same", "clerk"), ("apart", "clerk")]


def test_of_two_clerks_in_the_list_one_is_told():
    one, two = letter(1), letter(2)
    night.compare_new_cases()
    answer(as_("clerk"), two, one, "same")
    late = answer(as_("clerk2"), two, one, "apart")
    assert late.status_code == 422 and "乌兰已对这两件作出认定“同事”" in late.content.decode()


def test_a_repeat_leads_to_its_step_and_leaves_the_list_when_it_is_one():
    first, again = letter(1), letter(1)
    night.compare_new_cases()
    clerk = as_("clerk")
    page = pairs(clerk)
    assert f"{url('step', again, StepCode.LINK_REPEAT)}?first={first}" in page and "同人：" in page
    take(again, StepCode.LINK_REPEAT, "clerk", MONDAY, first=first, **SAME)
    take(again, StepCode.LINK_REPEAT, "clerk2", MONDAY, agree=True)
    assert "没有等待判断的" in pairs(clerk)


def test_sealed_cases_are_never_in_it():
    one, reported = letter(1), letter(2)
    night.compare_new_cases()
    take(reported, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    for username in ("clerk", "office_head"):
        page = pairs(as_(username), all="1")
        assert reported not in page and one not in page and "没有等待判断的" in page
    ComparedCase.objects.all().delete()
    LikelyPair.objects.all().delete()
    assert night.compare_new_cases() == night.ComparedReport(compared=1)


def test_what_is_over_on_both_sides_is_shown_when_asked_for():
    one, other = letter(1), letter(2)
    for number in (one, other):
        walk(number, "archived", MONDAY, 0)
    night.compare_new_cases()
    assert one not in pairs(as_("clerk"))
    assert one in pairs(as_("clerk"), all="1")


def test_what_an_import_brought_is_in_it(tmp_path):
    one = letter(1)
    night.compare_new_cases()
    file = tmp_path / "messages.csv"
    lines = (
        "留言编号,留言用户,留言主题,留言时间,留言详情",
        "88001,A00012345,请求说明科技特派员补助发放情况,2019/3/5 10:00:00,本人担任科技特派员，补助未按时发放，请说明原因并补发。",
    )
    file.write_text("\n".join(lines), "utf-8")
    import_messages(file)
    brought = Petition.objects.exclude(number=one).get().number
    assert night.compare_new_cases().pairs == 1
    page = pairs(as_("clerk"))
    assert one in page and brought in page


def test_a_page_of_it_asks_few_questions(django_assert_max_num_queries):
    for n in range(5):
        letter(n)
    night.compare_new_cases()
    clerk = as_("clerk")
    pairs(clerk)
    with django_assert_max_num_queries(20):
        assert "共 10 组" in pairs(clerk)


def test_only_the_office_has_it():
    for username in ("handler", "leader", "sealed", "archivist", "auditor"):
        assert as_(username).get(url("likely-pairs")).status_code == 404


def test_a_place_that_is_none_is_said(client):
    assert "已从头显示" in pairs(as_("clerk"), after="nonsense")
