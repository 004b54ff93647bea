"""Months, quarters and years, and what they are compared with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinfang.figures.periods import DayRange, InvalidPeriod, Span, parse_period, period_of


@given(st.sampled_from(Span), st.dates(date(1991, 1, 1), date(2199, 12, 31)))
def test_periods_follow_each_other_without_gap(span: Span, day: date) -> None:
    period = period_of(span, day)
    assert period.days.first <= day <= period.days.last
    assert parse_period(period.code) == period
    assert period.previous.days.last + timedelta(days=1) == period.days.first
    assert period.next.previous == period
    assert (period.last_year.days.first.month, period.last_year.year) == (period.days.first.month, period.year - 1)
    assert period.year_to_date == DayRange(date(period.year, 1, 1), period.days.last)


def test_words() -> None:
    quarter = parse_period("2026-q4")
    assert (quarter.label, quarter.days) == ("2026年第四季度", DayRange(date(2026, 10, 1), date(2026, 12, 31)))
    assert parse_period("2028-02").days.last == date(2028, 2, 29)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "2026-q0", "26", "2026-1", "２０２６", "2026-q4 ", "9999"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(InvalidPeriod):
        parse_period(text)
