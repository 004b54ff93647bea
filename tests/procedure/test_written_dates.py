"""Days as people write them: the plain ones are read, whatever could mean two days is refused with its reason."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinfang.procedure.step_schema import read_date
from xinfang.procedure.written_dates import NotADay, parse_day

THIRD = date(2026, 11, 3)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-03", "2026-11-3", "2026/11/3", "2026.11.3", "2026,11,3", "2026，11，3", "2026。11。3", "2026、11、3",
        "2026 11 3", "2026—11—3", "2026-11/3", "２０２６-１１-０３", "2026年11月3日", "2026 年 11 月 3 日", "2026年11月3号",
        "20261103", "26.11.3", "26年11月3日", "二〇二六年十一月三日", "二零二六年十一月三日", "二○二六年11月3日",
        "2026-11-03 09:32:09", "2026-11-03 9:32:09.999", "2026-11-03T09:32", "2026-11-03T09:32:09+08:00",
        "2026-11-03T09:32:09Z", "2026-11-02T20:00:00+00:00", "2026年11月3日 9时32分", "2026年11月3日9:32",
        "2026年11月3日9时32分9秒", "2026年11月3日 9点半", "2026/11/3 上午9:32", "2026/11/3 下午3:05", "2026/11/3 3:05 PM",
        "2026.11.3上午", "2026-11-03 星期二 9:32", "2026年11月3日（星期二）", "2026年11月3日 周二", "2026年11月3日星期二 下午15:05",
        " 2026-11-03\n09:32 ", "2026-11-03\u30009:32", "\u200e2026/11/3", "\ufeff2026-11-03", "2026/11/3 上午12:05",
    ],
)  # fmt: skip
def test_a_day_is_read_in_whatever_way_it_is_written(written: str) -> None:
    assert parse_day(written) == THIRD


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2026.11", "没有日"),
        ("2026年11月", "没有日"),
        ("202611", "没有日"),
        ("2026", "只有年份"),
        ("11/3/2026", "先后"),
        ("3.11.2026", "先后"),
        ("05.11.3", "先后"),
        ("12/11/10", "先后"),
        ("70.11.3", "先后"),
        ("3.5", "没有年份"),
        ("11月3日", "没有写年份"),
        ("2026-02-29", "没有“.*”这一天"),
        ("2026-13-01", "没有“.*”这一天"),
        ("2026-11-3 24:00", "没有“.*”这个时刻"),
        ("2026-11-03 9:32:60", "没有“.*”这个时刻"),
        ("2026-11-03 上午13:00", "没有“.*”这个时刻"),
        ("2026年11月3日 星期三", "星期二"),
        ("农历九月廿五", "农历"),
        ("2026年正月初五", "农历"),
        ("2026-11-03至11-05", "不是日期"),
        ("约2026-11-03", "不是日期"),
        ("2026-11-03前后", "不是日期"),
        ("2026-11-031", "不是日期"),
        ("昨天", "不是日期"),
        ("〃", "不是日期"),
        ("同上", "不是日期"),
        ("", "没有填写"),
    ],
)
def test_what_is_no_day_or_may_be_two_is_refused_with_its_reason(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_day(written)


def test_month_and_day_take_the_year_that_is_given_and_no_other() -> None:
    assert parse_day("11月3日", year=2026) == parse_day("十一月三日 上午", year=2026) == THIRD
    assert parse_day("2025年11月3日", year=2026) == date(2025, 11, 3)
    with pytest.raises(NotADay, match="这一天"):
        parse_day("2月29日", year=2026)


@pytest.mark.parametrize(
    "written", ["2026年11月20日", "2026.11.20", "20261120", "２０２６-11-20", "二〇二六年十一月二十日"]
)
def test_forms_read_days_as_the_tables_do(written: str) -> None:
    assert read_date(written, "收到日期") == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("written", "says"), [("昨天", "“昨天”不是日期"), ("2026.11", "没有日"), ("1026-11-03", "不合理")]
)
def test_a_form_says_what_is_wrong_with_its_day(written: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as wrong:
        read_date(written, "收到日期")
    assert str(wrong.value).startswith("“收到日期”")


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["{0:%Y-%m-%d}", "{0.year}年{0.month}月{0.day}日"])
)
def test_a_day_written_out_is_that_day(day: date, way: str) -> None:
    assert parse_day(way.format(day)) == day
    wrong = "一二三四五六日"[(day + timedelta(days=1)).weekday()]
    with pytest.raises(NotADay):
        parse_day(way.format(day) + f" 星期{wrong}")


PIECES = [*"年月日号时分：:.-/，。（）()零〇一二三十元初廿0123456789", "2026", "星期", "上午", "T", "Z", "+08:00", " "]


@given(st.text(max_size=30) | st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_text_is_a_day_or_is_refused_in_words(text: str) -> None:
    try:
        assert isinstance(parse_day(text), date)
    except ValueError as e:
        assert "日期" in str(e) or "没有" in str(e) or "年" in str(e) or "时刻" in str(e) or "星期" in str(e)
