"""The stretches of time that figures are counted over: month, quarter, year, and those they are compared with.

All days are calendar days in Asia/Shanghai; both ends of a period belong to it.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from xinfang.procedure.errors import XinfangError
from xinfang.procedure.words import Word


class Span(Word):
    """How long a period is."""

    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    YEAR = "year", "年"


MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}
FIRST_YEAR, LAST_YEAR = 1990, 2200
"""No petition of this system is older, and no report is asked for later."""


class InvalidPeriod(XinfangError, ValueError):
    """A text that names no period. Says in the user's words what it should look like."""


@dataclass(frozen=True, slots=True)
class DayRange:
    """From one day to another, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Period:
    """One month, quarter or year; `place` is the month (1–12), the quarter (1–4), or 1 for a year."""

    span: Span
    year: int
    place: int = 1

    @property
    def days(self) -> DayRange:
        """The first and the last day of the period (Asia/Shanghai)."""
        first = date(self.year, (self.place - 1) * MONTHS[self.span] + 1, 1)
        return DayRange(first, _after(first, MONTHS[self.span]) - timedelta(days=1))

    @property
    def previous(self) -> "Period":
        """The period right before it (上期)."""
        return period_of(self.span, self.days.first - timedelta(days=1))

    @property
    def next(self) -> "Period":
        """The period of the same length that follows."""
        return period_of(self.span, self.days.last + timedelta(days=1))

    @property
    def last_year(self) -> "Period":
        """The same period a year earlier (去年同期)."""
        return Period(self.span, self.year - 1, self.place)

    @property
    def year_to_date(self) -> DayRange:
        """From New Year to its last day (年累计)."""
        return DayRange(date(self.year, 1, 1), self.days.last)

    @property
    def code(self) -> str:
        """2026-11, 2026-q4 or 2026, as it is written in an address."""
        if self.span is Span.MONTH:
            return f"{self.year}-{self.place:02d}"
        return f"{self.year}-q{self.place}" if self.span is Span.QUARTER else str(self.year)

    @property
    def label(self) -> str:
        """What pages call it: 2026年11月, 2026年第四季度 or 2026年."""
        if self.span is Span.MONTH:
            return f"{self.year}年{self.place}月"
        return f"{self.year}年第{'一二三四'[self.place - 1]}季度" if self.span is Span.QUARTER else f"{self.year}年"


def _after(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def period_of(span: Span, day: date) -> Period:
    """Return the period of this length that a day lies in."""
    return Period(span, day.year, (day.month - 1) // MONTHS[span] + 1)


_CODE = re.compile(r"(\d{4})(?:-(?:(\d{2})|q([1-4])))?", re.ASCII)


def parse_period(text: str) -> Period:
    """Return the period that a code names.

    Raises:
        InvalidPeriod: no period is written so, or its year is out of range.
    """
    found = _CODE.fullmatch(text)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        year = int(found[1])
        if found[2] and 1 <= int(found[2]) <= 12:
            return Period(Span.MONTH, year, int(found[2]))
        if found[3]:
            return Period(Span.QUARTER, year, int(found[3]))
        if not found[2]:
            return Period(Span.YEAR, year)
    raise InvalidPeriod(f"“{text[:20]}”不是统计期。月写作 2026-11，季写作 2026-q4，年写作 2026。")
