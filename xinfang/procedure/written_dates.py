"""A day as people write it, read one way everywhere: in forms and in the tables that are brought in.

What could be meant in two ways is refused with the reason, never guessed. Days are calendar days in Asia/Shanghai.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from xinfang.procedure.errors import XinfangError

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_SHOWN = 30
_DIGITS = {sign: n for n, signs in enumerate(("〇零○", *"一二三四五六七八九")) for sign in signs}
_WEEKDAYS = "一二三四五六日"
_TWO_DIGIT_YEARS = (13, 49)
"""Of this century; up to 12 it could be a month."""
_LAST_CENTURY = 90
"""From here on a year of two digits is one of the last century."""


class NotADay(XinfangError, ValueError):
    """A text that is no day, or not one day only; its words begin with the text and carry no full stop."""

    def __init__(self, text: str, why: str = "不是日期", *, before: str = "") -> None:
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        super().__init__(f"{before}“{shown}”{why}")


def parse_day(written: str, *, year: int | None = None) -> date:
    """Return the day that a text names.

    With or without its weekday and time of day, which must then exist and agree. `year` is the one to take where only
    month and day are written; without it such a text is refused. A moment with its own time zone is turned into the day
    of Shanghai.

    Raises:
        NotADay: the text names no day; its sentence says why.
        ValueError: there is no text.
    """
    original = " ".join(written.split())
    text = _plain(written)
    if not text:
        raise ValueError("没有填写日期")
    if _ZONED.fullmatch(text):
        return _zoned(text, original)
    for pattern in (_FULL, _EIGHT, _TWO_DIGITS, _NO_YEAR):
        found = pattern.match(text)
        if found:
            day = _day(found, original, year)
            _check_rest(text[found.end() :], day, original)
            return day
    raise NotADay(original, next((why for unclear, why in _UNCLEAR if unclear.fullmatch(text)), "不是日期"))


def _plain(written: str) -> str:
    """Return the text with half-width digits for all digits, one kind of dash, and no invisible signs."""
    text = unicodedata.normalize("NFKC", written)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = re.sub(r"[‐-―−]", "-", text).replace("。", ".").replace("、", ".")
    text = re.sub(r"([〇零○一二三四五六七八九]{4})(?=\s*年)", lambda m: "".join(str(_DIGITS[c]) for c in m[1]), text)
    text = re.sub(r"元(?=月)", "1", text)
    text = re.sub(r"([一二三四五六七八九十]{1,3})(?=\s*[月日号])", _counted, text)
    return " ".join(text.split())


def _counted(found: re.Match[str]) -> str:
    """Return 三, 十, 十一, 二十, 三十一 as a number; anything else stays as it is."""
    tens, ten, ones = found[1].rpartition("十")
    if not ten:
        return str(_DIGITS.get(ones, found[1]))
    if not {tens, ones} <= {*_DIGITS, ""}:
        return found[1]
    return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))


_FULL = re.compile(r"(?P<y>\d{4})(?: ?[-/.,年] ?| )(?P<m>\d{1,2})(?: ?[-/.,月] ?| )(?P<d>\d{1,2})(?!\d)(?: ?[日号])?")
_EIGHT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)")
_TWO_DIGITS = re.compile(r"(?P<y>\d{2}) ?[-/.,年] ?(?P<m>\d{1,2}) ?[-/.,月] ?(?P<d>\d{1,2})(?!\d)(?: ?[日号])?")
_NO_YEAR = re.compile(r"(?P<y>)(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]")
_ZONED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|[+-]\d\d:?\d\d)")
_UNCLEAR: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\d{4} ?[-/.,年] ?\d{1,2} ?月?|\d{4}(0[1-9]|1[0-2])"), "只有年、月，没有日"),
    (re.compile(r"\d{4} ?年?"), "只有年份，没有月、日"),
    (re.compile(r"\d{1,2} ?[-/.,] ?\d{1,2} ?[-/.,] ?\d{2,4}( .*)?"), "分不清年、月、日的先后"),
    (re.compile(r"\d{1,2} ?[-/.,] ?\d{1,2}"), "没有年份，也分不清是不是月、日"),
    (re.compile(r".*(农历|正月|腊月|初[一二三四五六七八九十]|廿).*"), "像是农历，请换成公历日期"),
)
_WEEKDAY = r"\(?(?:星期|周|礼拜)(?P<{0}>[一二三四五六日天])\)?"
_AFTER = re.compile(
    r" ?T? ?(?:" + _WEEKDAY.format("before") + r")? ?"
    r"(?P<half>上午|下午|早上|早晨|中午|晚上|夜间|傍晚|凌晨|[AP]M)?"
    r"(?: ?(?P<h>\d{1,2}) ?"
    r"(?:[:时点](?: ?(?:(?P<min>\d{1,2})(?: ?[:分](?: ?(?P<s>\d{1,2})(?:\.\d+)? ?秒?)?)?|半))?)(?:钟|整)?)?"
    r" ?(?P<half2>[AP]M)? ?(?:" + _WEEKDAY.format("after") + r")?",
    re.IGNORECASE,
)


def _day(found: re.Match[str], original: str, year: int | None) -> date:
    if not found["y"] and year is None:
        raise NotADay(original, "没有写年份，也不能从表中确定是哪一年")
    years = int(found["y"] or year or 0)
    if len(found["y"]) == 2:
        first, last = _TWO_DIGIT_YEARS
        if not (first <= years <= last or years >= _LAST_CENTURY):
            raise NotADay(original, "年份只有两位，分不清年、月、日的先后")
        years += 1900 if years >= _LAST_CENTURY else 2000
    try:
        return date(years, int(found["m"]), int(found["d"]))
    except ValueError:
        raise NotADay(original, "这一天", before="没有") from None


def _check_rest(rest: str, day: date, original: str) -> None:
    """Check that a weekday that agrees, a time that exists, or nothing follows the day.

    Raises:
        NotADay: it doesn't.
    """
    found = _AFTER.fullmatch(rest)
    if not found:
        raise NotADay(original)
    weekday = (found["before"] or found["after"] or "").replace("天", "日")
    if weekday and weekday != _WEEKDAYS[day.weekday()]:
        raise NotADay(original, f"这一天是星期{_WEEKDAYS[day.weekday()]}，与所写不符")
    hour, minute, second = (int(found[part] or 0) for part in ("h", "min", "s"))
    morning = (found["half"] or found["half2"] or "").upper() in ("上午", "早上", "早晨", "凌晨", "AM")
    if hour > (12 if morning else 23) or minute > 59 or second > 59:
        raise NotADay(original, "这个时刻", before="没有")


def _zoned(text: str, original: str) -> date:
    try:
        moment = datetime.fromisoformat(text.replace(" +", "+").replace(" Z", "Z"))
    except ValueError:
        raise NotADay(original, "这一天或这个时刻", before="没有") from None
    return moment.astimezone(_SHANGHAI).date()
