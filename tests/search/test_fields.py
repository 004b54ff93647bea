"""Fields typed among the words: read as the filters that there are, or said that they can't be."""

import json
from datetime import date

import pytest

from tests.search.letters import write_in
from tests.search.test_find import found
from tests.search.test_search import find
from tests.urls import url
from tests.world import as_, register, walk
from xinfang.cases.models import Petition
from xinfang.categories.models import Category
from xinfang.operations.main import main
from xinfang.papers.models import Paper
from xinfang.search.field_filters import read_filters
from xinfang.search.typed_fields import FILTER_FIELDS, TEXT_FIELDS, split_fields

MONDAY = date(2026, 3, 2)
ALL = {**TEXT_FIELDS, **FILTER_FIELDS}


@pytest.mark.parametrize(
    ("typed", "words", "fields"),
    [
        ("单位:高新处 噪音", "噪音", [("unit", "高新处")]),
        ("噪音 单位：高新处", "噪音", [("unit", "高新处")]),
        ("噪音，渠道： 电话，扰民", "噪音， ，扰民", [("channel", "电话")]),
        ("来文机关:“自治区 信访局”", "", [("来文机关", "自治区 信访局")]),
        ("来文编号:内信网〔2026〕1234号", "", [("来文编号", "内信网〔2026〕1234号")]),
        ("日期:2026-01..2026-03", "", [("days", "2026-01..2026-03")]),
        ("“单位:高新处”", "“单位:高新处”", []),
        ("我单位:高新处", "我单位:高新处", []),
        ("领导：我公司", "领导：我公司", []),
        ("单位:", "单位:", []),
        ("单位", "单位", []),
    ],
)
def test_fields_are_taken_out_of_the_words(typed, words, fields) -> None:
    apart = split_fields(typed, ALL)
    assert (apart.words, list(apart.fields)) == (words, fields)


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("单位:资源配置与经费处", {"unit": "funds"}),
        ("单位:funds", {"unit": "funds"}),
        ("单位:经费处", {"unit": "funds"}),
        ("处室：成果处", {"unit": "results"}),
        ("渠道:电话", {"channel": "phone"}),
        ("渠道:来电", {"channel": "phone"}),
        ("信访形式:网络", {"channel": "online"}),
        ("状态:办理中", {"state": "handling"}),
        ("状态:未办结", {"state": "open"}),
        ("状态:已办结", {"state": "ended"}),
        ("承办人:巴特尔", {"handler": "handler"}),
        ("包案领导:白音", {"leader": "leader"}),
        ("日期:2026-03-05", {"since": "2026-03-05", "until": "2026-03-05"}),
        ("日期:2026年3月5日", {"since": "2026-03-05", "until": "2026-03-05"}),
        ("日期:2026年2月", {"since": "2026-02-01", "until": "2026-02-28"}),
        ("日期:2026", {"since": "2026-01-01", "until": "2026-12-31"}),
        ("日期:2026-01..2026-03", {"since": "2026-01-01", "until": "2026-03-31"}),
        ("日期：２０２６-01至2026-03-05", {"since": "2026-01-01", "until": "2026-03-05"}),
        ("收到日期:2026-01..", {"since": "2026-01-01"}),
        ("日期:..2026-03", {"until": "2026-03-31"}),
        ("渠道:来信 单位:经费处", {"channel": "letter", "unit": "funds"}),
    ],
)
def test_a_field_is_the_filter_that_there_is(db, department, typed, given) -> None:
    asked = read_filters(f"{typed} 噪音")
    assert (asked.given, asked.problems, asked.words) == (given, [], "噪音")


def test_a_category_takes_all_below_it(db, department) -> None:
    Category.objects.all().delete()
    top = Category.objects.create(code="01", name="项目管理", level=1)
    Category.objects.create(code="0101", name="项目评审", level=2, parent=top)
    assert read_filters("类别:项目管理").given == {"category": "01"}
    assert read_filters("分类：评审").given == {"category": "0101"}
    assert "有几个内容分类符合“项目”" in read_filters("类别:项目").problems[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("单位:海关", "没有“海关”这个承办单位。可以写：办公室、"),
        ("单位:处", "有几个承办单位符合“处”：资源配置与经费处、成果转化与奖励处。请写全称"),
        ("渠道:飞鸽", "没有“飞鸽”这个信访形式。可以写：网络、来信、来电、传真、来访"),
        ("承办人:张三", "没有“张三”这个承办人"),
        ("日期:上个月", "看不懂日期“上个月”。可以写 2026-03-05"),
        ("日期:2026-13", "看不懂日期“2026-13”"),
        ("渠道:来信 渠道:来电", "“信访形式”写了两个"),
    ],
)
def test_what_is_not_there_is_said(db, department, typed, said) -> None:
    register(MONDAY)
    clerk = as_("clerk")
    for address in (url("search"), url("petitions-find")):
        page = clerk.post(address, {"q": f"{typed} 补助"}, follow=True)
        assert said in page.content.decode() and len(page.context["rows"]) == 1, address


def test_the_search_field_leads_to_the_list_with_its_filters(db, department) -> None:
    number, other = register(MONDAY), register(MONDAY, channel="phone", contact="phone")
    walk(number, "signed", MONDAY)
    clerk = as_("clerk")
    sent = clerk.post(url("search"), {"q": "单位:经费处 补助"})
    assert "unit=funds" in sent["Location"] and "words=" in sent["Location"] and "补助" not in sent["Location"]
    page = clerk.get(sent["Location"])
    assert [r["number"] for r in page.context["rows"]] == [number]
    assert {"包含：补助", "承办单位：资源配置与经费处"} <= set(page.context["conditions"])
    # In the list's own field a typed filter joins those that are chosen.
    more = clerk.post(f"{url('petitions-find')}?state=open", {"q": "渠道：来电"})
    assert [r["number"] for r in clerk.get(more["Location"]).context["rows"]] == [other]
    assert "state=open" in more["Location"] and "words" not in more["Location"]


def test_a_name_that_is_no_field_is_searched_as_text_and_said_where_nothing_is_found(db, department) -> None:
    number = register(MONDAY, body="领导：我公司没有收到补助。")
    clerk = as_("clerk")
    assert [r["number"] for r in find(clerk, "领导：我公司").context["rows"]] == [number]
    page = find(clerk, "部门:经费处").content.decode()
    assert "没有“部门”这样的条件，已按文字查找。可以写的条件：单位、渠道" in page


def test_numbers_and_senders_by_name(database) -> None:
    there = write_in(sender="自治区信访局", sender_number="内信网〔2026〕1234号", number="LX2026900001")
    other = write_in("自治区信访局", "内信网〔2026〕1234号 补助", external_number="网(2026)77号", number="LX2026900002")
    Paper.objects.create(petition=other, place=1, kind="reply", number="内科信答〔2026〕1号")
    assert found("来文机关:信访局") == found("来文编号:内信网") == found("来文编号：内信网[2026]1234号") == {there.pk}
    assert found("来文编号:网〔2026〕77") == {other.pk}
    assert found("编号:lx2026900001") == {there.pk} and found("编号:LX20269") == {there.pk, other.pk}
    assert found("文号:内科信答（2026）1号") == found("文号:信答") == {other.pk}
    assert found("文号:信答 补助") == {other.pk} and found("文号:信答 噪音") == set()
    assert found("编号:LX20269 非 补助") == {there.pk} and found("编号:LX20269 补助 或 停车") == {other.pk}
    assert found("文号:没有") == set()


def test_at_the_command_line(db, department, monkeypatch, capsys) -> None:
    number = register(MONDAY)
    register(MONDAY, channel="phone", contact="phone")
    lines = ["渠道:来信 补助", "渠道:来信", "渠道:飞鸽 补助"]
    monkeypatch.setattr("sys.stdin", iter(line + "\n" for line in lines))
    assert main(["search", "--by", "clerk", "--json"]) == 0
    said = capsys.readouterr()
    first, second, third = map(json.loads, said.out.splitlines())
    assert first == second == {"total": 1, "numbers": [number]} and third["total"] == Petition.objects.count()
    assert "没有“飞鸽”这个信访形式" in said.err
