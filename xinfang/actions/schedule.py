"""A published schedule (放假调休) as a table: read, and checked as a person would check it against the notice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from xinfang.procedure.calendar import WEEKDAYS
from xinfang.procedure.shapes import clean

from .ledger import Rejected
from .workbook import Row, Unreadable, read_days, read_table

NAMES = {
    "day": ("日期", "时间", "放假日期"),
    "kind": ("类型", "安排", "放假/上班", "休/班"),
    "name": ("名称", "节日", "节假日", "说明"),
}
_OFF = ("放假", "休", "休息", "假", "放假调休", "off")
_WORK = ("上班", "班", "补班", "调休上班", "上班日", "work")
_YEARS = (2004, 2100)
_STATUTORY = (((1, 1), "元旦"), ((5, 1), "劳动节"), ((10, 1), "国庆节"))
_MOST_TOLD = 20


@dataclass
class Schedule:
    """The days of one year by date: (放假 or not, name)."""

    year: int
    days: dict[date, tuple[bool, str]] = field(default_factory=dict)


@dataclass
class Read:
    """What a file says: its years, the days of a December that belong to the next year's notice, and doubts."""

    years: list[Schedule]
    strays: dict[date, tuple[bool, str]]
    warnings: list[str]


def read_schedule(source: Path | bytes | Iterable[Row]) -> Read:
    """The years in a workbook, a CSV file or rows. Raises Rejected with every problem and its row."""
    try:
        rows = read_table(source, NAMES, ("day", "kind")) if isinstance(source, Path | bytes) else list(source)
    except Unreadable as e:
        raise Rejected(str(e)) from None
    days, wrong = _days(rows)
    if not days and not wrong:
        wrong.append("表头下面没有任何日期。")
    if wrong:
        more = [f"另有 {len(wrong) - _MOST_TOLD} 处问题未列出。"] if len(wrong) > _MOST_TOLD else []
        raise Rejected(*wrong[:_MOST_TOLD], *more)
    return _by_year({day: value for day, (value, _row) in days.items()})


def _days(rows: list[Row]) -> tuple[dict[date, tuple[tuple[bool, str], int]], list[str]]:
    found: dict[date, tuple[tuple[bool, str], int]] = {}
    wrong: list[str] = []
    for row in rows:
        kind = row.text("kind").replace(" ", "").lower()
        try:
            name = clean(row.text("name"), "名称", 60, lines=False)
            days = read_days(row.cells["day"])
        except ValueError as e:
            wrong.append(f"第 {row.number} 行：{str(e).rstrip('。')}。")
            continue
        if kind not in _OFF + _WORK:
            merged = "（单元格被合并，请取消合并后逐行填写）" if row.merged and not kind else ""
            wrong.append(f"第 {row.number} 行：“类型”应为“放假”或“上班”，现为“{kind[:20]}”{merged}。")
            continue
        for day in days:
            problem = _problem(day, kind in _WORK)
            if day in found:
                problem = f"{day} 与第 {found[day][1]} 行重复"
            if problem:
                wrong.append(f"第 {row.number} 行：{problem}。")
            else:
                found[day] = ((kind in _OFF, name or ("放假" if kind in _OFF else "调休")), row.number)
    return found, wrong


def _problem(day: date, works: bool) -> str:
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        return f"{day} 的年份不合理，应在 {_YEARS[0]} 至 {_YEARS[1]} 年之间"
    if works and day.weekday() < 5:
        return f"{day} 是星期{WEEKDAYS[day.weekday()]}，本来就上班；“上班”只填调休上班的周六、周日"
    return ""


def _by_year(days: dict[date, tuple[bool, str]]) -> Read:
    grouped: dict[int, dict[date, tuple[bool, str]]] = defaultdict(dict)
    for day in sorted(days):
        grouped[day.year][day] = days[day]
    strays: dict[date, tuple[bool, str]] = {}
    for year in sorted(grouped):
        # The notice for a year may begin with the last days of the December before (元旦 of 2007, of 2018).
        if year + 1 in grouped and all(d.month == 12 for d in grouped[year]):
            strays |= grouped.pop(year)
    years, warnings = [], []
    for year, its_days in sorted(grouped.items()):
        if not any(off for off, _ in its_days.values()):
            raise Rejected(f"{year}年没有一天放假，这不是完整的放假安排。")
        missing = [f"{n}（{m}月{d}日）" for (m, d), n in _STATUTORY if not its_days.get(date(year, m, d), (False,))[0]]
        if missing:
            warnings.append(f"{year}年没有列出{'、'.join(missing)}放假，请对照通知核对。")
        years.append(Schedule(year, its_days))
    return Read(years, strays, warnings)
