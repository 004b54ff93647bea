"""The table of articles: complete, well named, and true to the numbers and words that bind."""

import pytest

from xinfang.procedure.articles import (
    ALL_ARTICLES,
    CIVIL_CODE,
    CIVIL_PROCEDURE_LAW,
    DEPARTMENT_SETTING,
    DISCLOSURE_RULES,
    HOUSE_RULES,
    LITIGATION_LAW,
    NOTHING_TO_COMPUTE,
    PERSONAL_INFORMATION_LAW,
    RECONSIDERATION_LAW,
    REGULATION,
    SIMPLE_HANDLING_RULES,
    chinese_number,
    cite,
)

OTHER_LAWS = (
    LITIGATION_LAW,
    RECONSIDERATION_LAW,
    DISCLOSURE_RULES,
    PERSONAL_INFORMATION_LAW,
    CIVIL_PROCEDURE_LAW,
)
# Words of the regulation itself that our one line must keep.
KEPT = [
    ("H5", ["受理", "拟办意见", "转办", "交办", "自治区信访信息系统"]),
    ("H7", ["首访", "登记表", "转交包案处室、单位"]),
    ("H8", ["统一登记、编号", "自收到之日起5个工作日内", "直接转送"]),
    ("H9", ["诉讼、仲裁、行政复议等法定途径", "不予受理", "应当告知信访人"]),
    ("H10", ["重复来信", "从简登记", "按存信处理"]),
    ("H11", ["当场处理", "告知答复时间"]),
    ("H13", ["60日", "包案厅领导批准", "不得超过30日", "法律顾问意见", "处理（答复）意见书"]),
    ("H14", ["答复意见书", "送达回执单", "机要室归档"]),
    ("H16", ["第一时间", "立即向厅领导报告"]),
    ("H17", ["立即拨打110、120"]),
    ("N19", ["书面形式", "如实记录", "不予受理"]),
    ("N20", ["推选代表", "代表人数不得超过5人"]),
    ("N22", ["予以登记", "15日内", "纪检监察机关"]),
    ("N23", ["当场书面告知", "15日内书面告知", "5个工作日内提出异议", "核实同意", "交还"]),
    ("N28", ["直接利害关系", "应当回避"]),
    ("N30", ["透露或者转给被检举、揭发的人员或者单位"]),
    ("N31", ["仲裁", "导入", "信访处理意见书", "听证"]),
    ("N32", ["投诉请求、事实和理由、处理意见及其法律法规依据", "予以支持", "解释说明", "不予支持"]),
    ("N34", ["第三十一条第六项", "自受理之日起60日内办结", "不得超过30日", "告知信访人延期理由"]),
    ("N35", ["自收到书面答复之日起30日内", "书面答复"]),
    ("N36", ["自收到书面答复之日起30日内", "以同一事实和理由", "不再受理"]),
    ("L47", ["自接到申请之日起两个月内", "法律、法规另有规定的，从其规定"]),
    ("C201", ["开始的当日不计入，自下一日开始计算"]),
    ("C203", ["法定休假日结束的次日为期间的最后一日"]),
]


@pytest.mark.parametrize(("article_id", "phrases"), KEPT, ids=[article_id for article_id, _ in KEPT])
def test_paraphrase_keeps_what_binds(article_id: str, phrases: list[str]) -> None:
    article = ALL_ARTICLES[article_id]
    line = article.title + article.says
    assert [phrase for phrase in phrases if phrase not in line] == []


def test_sources_are_complete() -> None:
    assert list(HOUSE_RULES) == list(range(1, 21))
    assert list(REGULATION) == list(range(1, 51))
    assert {201, 203} <= set(CIVIL_CODE)
    assert 4 in SIMPLE_HANDLING_RULES
    assert (
        len(ALL_ARTICLES)
        == sum(map(len, (HOUSE_RULES, REGULATION, CIVIL_CODE, SIMPLE_HANDLING_RULES, *OTHER_LAWS))) + 1
    )


def test_ids_and_numbers_agree() -> None:
    for source, letter in (
        (HOUSE_RULES, "H"),
        (REGULATION, "N"),
        (CIVIL_CODE, "C"),
        (SIMPLE_HANDLING_RULES, "S"),
        (LITIGATION_LAW, "L"),
        (RECONSIDERATION_LAW, "R"),
        (DISCLOSURE_RULES, "I"),
    ):
        for number, article in source.items():
            assert article.number == number
            assert article.id == (f"{letter}{number}" if number else letter)
            assert ALL_ARTICLES[article.id] is article
    assert ALL_ARTICLES["D"] is DEPARTMENT_SETTING


def test_titles_and_lines_are_filled_short_and_unique() -> None:
    for source in (HOUSE_RULES, REGULATION, CIVIL_CODE, SIMPLE_HANDLING_RULES):
        titles = [article.title for article in source.values()]
        assert all(titles)
        assert len(set(titles)) == len(titles)
    lines = [article.says for article in ALL_ARTICLES.values()]
    assert len(set(lines)) == len(lines)
    assert [line for line in lines if not line or len(line) > 90 or not line.endswith("。")] == []
    assert all(article.chapter for article in (*HOUSE_RULES.values(), *REGULATION.values(), *CIVIL_CODE.values()))


@pytest.mark.parametrize(
    ("number", "chapter"),
    [
        (3, "第一章"),
        (4, "第二章"),
        (6, "第二章"),
        (7, "第三章"),
        (14, "第三章"),
        (15, "第四章"),
        (18, "第四章"),
        (19, "第五章"),
    ],
)
def test_house_chapters_begin_and_end_where_the_text_does(number: int, chapter: str) -> None:
    assert HOUSE_RULES[number].chapter.startswith(chapter)


@pytest.mark.parametrize(
    ("number", "chapter"),
    [
        (6, "第一章"),
        (7, "第二章"),
        (16, "第二章"),
        (17, "第三章"),
        (26, "第三章"),
        (27, "第四章"),
        (37, "第四章"),
        (38, "第五章"),
        (47, "第五章"),
        (48, "第六章"),
    ],
)
def test_national_chapters_begin_and_end_where_the_text_does(number: int, chapter: str) -> None:
    assert REGULATION[number].chapter.startswith(chapter)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (13, "十三"),
        (20, "二十"),
        (34, "三十四"),
        (50, "五十"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (201, "二百零一"),
        (999, "九百九十九"),
    ],
)
def test_numerals(number: int, words: str) -> None:
    assert chinese_number(number) == words


def test_numerals_are_all_different() -> None:
    assert len({chinese_number(number) for number in range(1, 1000)}) == 999


@pytest.mark.parametrize("number", [-1, 0, 1000])
def test_numerals_outside_the_range_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 999"):
        chinese_number(number)


@pytest.mark.parametrize(
    ("article_id", "name"),
    [
        ("H13", "规程第十三条"),
        ("N34", "条例第三十四条"),
        ("C201", "民法典第二百零一条"),
        ("S4", "简易办理办法第四条"),
        ("S", "简易办理办法"),
        ("D", "本厅设定"),
    ],
)
def test_an_article_is_named_by_its_source(article_id: str, name: str) -> None:
    assert str(ALL_ARTICLES[article_id]) == name


def test_cite_keeps_the_order_and_names_each_once() -> None:
    assert cite([HOUSE_RULES[13], REGULATION[34]]) == "规程第十三条、条例第三十四条"
    assert cite([REGULATION[34], HOUSE_RULES[13], REGULATION[34]]) == "条例第三十四条、规程第十三条"
    assert cite([DEPARTMENT_SETTING]) == "本厅设定"
    assert cite([]) == ""


def test_articles_with_nothing_to_compute_are_named_with_a_reason() -> None:
    assert list(NOTHING_TO_COMPUTE) == ["N38", "N39", "N41"]
    assert set(NOTHING_TO_COMPUTE) <= set(ALL_ARTICLES)
    reasons = list(NOTHING_TO_COMPUTE.values())
    assert all(reason.endswith("。") for reason in reasons)
    assert len(set(reasons)) == len(reasons)


def test_tables_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        HOUSE_RULES[13] = DEPARTMENT_SETTING  # type: ignore[index]
    with pytest.raises(AttributeError):
        HOUSE_RULES[13].title = "别的"  # type: ignore[misc]
