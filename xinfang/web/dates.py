"""The words for dates and due dates on pages."""

import re
from datetime import date, datetime
from typing import TypedDict

from xinfang.core.clock import SHANGHAI, today
from xinfang.procedure.calendar import Calendar, in_chinese

_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


class Chip(TypedDict):
    """A coloured word: kind late, soon, ok, hold or plain."""

    kind: str
    text: str


def chinese_date(day: date | None) -> str:
    """Return a day as 2026年11月22日; an empty text for None."""
    return in_chinese(day) if day else ""


def moment_text(at: datetime) -> str:
    """Return a moment as 2026年11月22日 09:05 (Asia/Shanghai)."""
    local = at.astimezone(SHANGHAI)
    return f"{in_chinese(local.date())} {local:%H:%M}"


def period(since: date, until: date | None) -> str:
    """Return days as 2026年11月22日至2026年12月1日, or 2026年11月22日起 where there is no last one."""
    return f"{in_chinese(since)}至{in_chinese(until)}" if until else f"{in_chinese(since)}起"


def short_date(day: date | None, year: int | None = None) -> str:
    """Return a day as 11月22日, with the year where it isn't this one; an empty text for None."""
    if day is None:
        return ""
    return f"{day.month}月{day.day}日" if day.year == (year or today().year) else chinese_date(day)


def due_chip(due: date, day: date, *, working: Calendar | None = None) -> Chip:
    """Return the chip of a due date: its kind (late, soon or plain) and its words.

    Words are 已超期 2 天, 今天到期, 剩 3 个工作日 or 剩 21 天. Working days are counted where a calendar is given.
    """
    left = (due - day).days
    if left < 0:
        return {"kind": "late", "text": f"已超期 {-left} 天"}
    if left == 0:
        return {"kind": "late", "text": "今天到期"}
    if working is not None:
        days = working.working_days_between(day, due)
        return {"kind": "soon" if left <= 7 else "plain", "text": f"剩 {days} 个工作日"}
    return {"kind": "soon" if left <= 7 else "plain", "text": f"剩 {left} 天"}


def dates_in_chinese(text: str) -> str:
    """Write dates in a sentence of the procedure as people write them. Never used on what somebody typed."""
    return _ISO.sub(lambda m: f"{int(m[1])}年{int(m[2])}月{int(m[3])}日", text)
