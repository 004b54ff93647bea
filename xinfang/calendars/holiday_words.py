"""The days off in the words of the State Council's notices.

Such as 2月15日（周日）至23日（周一）放假调休，共9天。2月14日上班。
"""

import re
import unicodedata
from datetime import date, timedelta

from xinfang.procedure.calendar import WEEKDAYS

MAX_HOLIDAY_DAYS = 20
"""Days of one holiday; what is longer is a slip of the pen."""
_DAY = r"(?:(?P<y{0}>\d{{4}})年)?(?:(?P<m{0}>\d{{1,2}})月)?(?P<d{0}>\d{{1,2}})日(?P<said{0}>\([^()]*\))?"
_PIECE = re.compile(
    rf"{_DAY.format(1)}(?:(?:至|到|-|~){_DAY.format(2)})?|(?P<off>放假调休|放假|休息|调休|补休)|(?P<work>调休上班|上班|补班)"
    r"|共计?(?P<count>\d+)天"
)
_FILLING = re.compile(r"[\s,.;:及和与/、-]|与周末连休|无|(?:正常|照常)(?=上班)|\([^()]*\)")


def parse_holiday_words(written: str, *, year: int | None, works: bool) -> list[tuple[date, bool]]:
    """Return the days named, each with whether it is off.

    What is said of no day in particular is of the kind of its column. `year` is that of days without one, `works`
    whether the column is of days worked.

    Raises:
        ValueError: something isn't understood or doesn't add up; with a sentence.
    """
    text = _plain(written)
    found: list[tuple[date, bool]] = []
    waiting: list[date] = []
    latest: list[date] = []
    last: date | None = None
    at = 0
    while at < len(text):
        piece = _PIECE.match(text, at) or _FILLING.match(text, at)
        if piece is None:
            raise ValueError(
                f"“{written.strip()[:30]}”里的“{text[at : at + 10]}”看不明白，请照“1月1日至3日放假”的样子写"
            )
        at = piece.end()
        if piece.re is _FILLING:
            continue
        if piece["d1"]:
            days = _days(piece, year, last, written)
            last = days[-1]
            waiting += days
        elif piece["count"]:
            named = waiting or latest
            if int(piece["count"]) != len(named):
                raise ValueError(f"“{written.strip()[:30]}”写明共 {piece['count']} 天，列出的是 {len(named)} 天")
        else:
            found += [(day, not piece["work"]) for day in waiting]
            latest, waiting = waiting or latest, []
    return found + [(day, not works) for day in waiting]


def _plain(written: str) -> str:
    text = re.sub(r"[‐-―−—]+", "-", unicodedata.normalize("NFKC", written)).replace("。", ".")
    return re.sub(r"星期|礼拜", "周", "".join(text.split()))


def _days(piece: re.Match[str], year: int | None, last: date | None, written: str) -> list[date]:
    first = _one(piece, 1, year, last, written)
    if not piece["d2"]:
        return [first]
    until = _one(piece, 2, first.year, first, written)
    length = (until - first).days + 1
    if length < 1:
        raise ValueError(f"“{written.strip()[:30]}”的止日早于起日")
    if length > MAX_HOLIDAY_DAYS:
        raise ValueError(f"“{written.strip()[:30]}”长达 {length} 天，请核对起止日期")
    return [first + timedelta(days=i) for i in range(length)]


def _one(piece: re.Match[str], which: int, year: int | None, before: date | None, written: str) -> date:
    y, m, d = (piece[f"{part}{which}"] for part in "ymd")
    if not m and before is None:
        raise ValueError(f"“{written.strip()[:30]}”没有写月份")
    if not y and year is None:
        raise ValueError(f"“{written.strip()[:30]}”没有写年份")
    try:
        day = date(int(y or year or 0), int(m or (before.month if before else 0)), int(d))
    except ValueError:
        raise ValueError(f"“{written.strip()[:30]}”里没有“{piece.group()[:20]}”这一天") from None
    weekday = re.search(r"周([一二三四五六日天])", piece[f"said{which}"] or "")
    if weekday and weekday[1].replace("天", "日") != WEEKDAYS[day.weekday()]:
        raise ValueError(f"“{written.strip()[:30]}”里的 {day} 是星期{WEEKDAYS[day.weekday()]}，与所写不符，请核对年份")
    return day
