"""Calendar days and working days in Asia/Shanghai, with the State Council's yearly schedule (放假调休).

A year without a published schedule is provisional: it is computed from weekdays and the holidays with a fixed date,
and every result that touches it says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar.constants as published_days

WEEKDAYS = "一二三四五六日"
ONE_DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")

_FIXED_HOLIDAYS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
"""Statutory holidays whose date needs no almanac (全国年节及纪念日放假办法); all that is known of an unpublished year."""


def in_chinese(day: date) -> str:
    """Return a day as papers write it: 2027年1月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class YearSchedule:
    """One year as published: days off on what would be workdays or weekends, and weekend days worked instead."""

    year: int
    off: Mapping[date, str]
    work: Mapping[date, str]
    source: str = ""


@dataclass(frozen=True)
class Calendar:
    """The published years. Everything else is provisional."""

    years: Mapping[int, YearSchedule] = field(default_factory=dict)

    def published(self, day: date) -> bool:
        """Tell whether the year of this day has an official schedule."""
        return day.year in self.years

    def is_working(self, day: date) -> bool:
        """Tell whether people work on this day; for an unpublished year, the provisional answer."""
        year = self.years.get(day.year)
        if year is None:
            return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS
        if day in year.work:
            return True
        return day.weekday() < 5 and day not in year.off

    def why(self, day: date) -> str:
        """Return why this day is or isn't a working day, in Chinese."""
        weekday = f"星期{WEEKDAYS[day.weekday()]}"
        year = self.years.get(day.year)
        if year is None:
            name = _FIXED_HOLIDAYS.get((day.month, day.day))
            known = f"{name}（法定节假日）" if name else ("工作日" if day.weekday() < 5 else "休息日")
            return f"{weekday}，{known}，{day.year}年放假安排未公布，暂定"
        if day in year.work:
            return f"{weekday}，{year.work[day]}调休上班"
        if day in year.off:
            return f"{weekday}，{year.off[day]}放假"
        return f"{weekday}，{'工作日' if day.weekday() < 5 else '休息日'}"

    def last_working_day_until(self, day: date) -> date:
        """Return the day itself or the nearest working day before it: when a duty's alarm rings."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def next_working_day_from(self, day: date) -> date:
        """Return the day itself or the nearest working day after it: to which a right is extended (民法典第二百零三条)."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Return the number of working days after `start` up to and including `end`.

        Negative when `end` lies before `start`.
        """
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + ONE_DAY * i) for i in range(1, (end - start).days + 1))

    def with_year(self, schedule: YearSchedule) -> "Calendar":
        """Return this calendar with one more (or one replaced) published year."""
        return Calendar({**self.years, schedule.year: schedule})


@cache
def published_years() -> Mapping[int, YearSchedule]:
    """Return the years whose official schedule ships with the program (2004–2026): the seed of the calendar table."""
    off: dict[int, dict[date, str]] = {}
    work: dict[int, dict[date, str]] = {}
    for day, name in published_days.holidays.items():
        off.setdefault(day.year, {})[day] = _chinese(name)
    for day, name in published_days.workdays.items():
        work.setdefault(day.year, {})[day] = _chinese(name)
    return {
        year: YearSchedule(year, days, work.get(year, {}), f"国务院办公厅关于{year}年部分节假日安排的通知")
        for year, days in sorted(off.items())
    }


def _chinese(name: str) -> str:
    return str(published_days.Holiday(name).chinese)


@cache
def seed_calendar() -> Calendar:
    """Return the calendar as it ships, before a department imports further years."""
    return Calendar(published_years())
