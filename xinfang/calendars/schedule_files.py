"""A published schedule (放假调休) as a table: read, and checked as a person would check it against the notice."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.calendars.holiday_words import MAX_HOLIDAY_DAYS, parse_holiday_words
from xinfang.core.table_files import TableLayout, TableRow, UnreadableWorkbook, read_table, years_in
from xinfang.core.table_rows import ImportAccount, ImportedTable, first_sentences, import_account, no_rows_message
from xinfang.procedure.calendar import WEEKDAYS, Calendar, YearSchedule
from xinfang.procedure.step_schema import clean_text
from xinfang.procedure.written_dates import parse_day

OFF, WORK = "放假", "上班"
_OFF = (OFF, "休", "休息", "假", "放假调休", "off")
_WORK = (WORK, "班", "补班", "调休上班", "上班日", "调休", "work")
NAMES = {
    "day": ("日期", "时间", "放假日期"),
    "kind": ("类型", "安排", "放假/上班", "休/班"),
    "name": ("名称", "节日", "节日名称", "节假日", "假期", "说明"),
    "off": ("放假时间", "放假安排", "放假调休时间", "放假调休日期"),
    "work": ("调休上班", "调休上班日期", "调休上班时间", "调休上班日", "调休补班日期", "上班日期", "补班日期"),
}
FORMS = (
    TableLayout(("day", "kind")),
    TableLayout(("name", "off")),
    TableLayout(("day", "work")),
    TableLayout(("day",), titles=(*_OFF, *_WORK, "放假安排", "放假日期", "调休上班日期", "上班日期", "补班日期")),
)
"""One day or range a row with its kind; the State Council's own table; or a sheet for each kind, named after it."""
_YEARS = (2004, 2100)
_STATUTORY = (((1, 1), "元旦"), ((5, 1), "劳动节"), ((10, 1), "国庆节"))
_NO_DAY = ("", "无", "-", "—", "——", "/", "不调休")


@dataclass
class Schedule:
    """The days of one year by date: (放假 or not, name)."""

    year: int
    days: dict[date, tuple[bool, str]] = field(default_factory=dict)

    @property
    def published(self) -> YearSchedule:
        """The same year as limits are counted with it."""
        off, work = ({d: name for d, (rests, name) in self.days.items() if rests is kind} for kind in (True, False))
        return YearSchedule(self.year, off, work)


@dataclass
class ReadSchedule:
    """What a file says: its years, doubts, and where its rows went.

    Days of a December that belong to the next year's notice are kept beside its years.
    """

    years: list[Schedule]
    strays: dict[date, tuple[bool, str]]
    warnings: list[str]
    account: ImportAccount


def read_schedule(
    source: Path | bytes | Iterable[TableRow], *, year: int | None = None, named: str = "", sheets: Sequence[str] = ()
) -> ReadSchedule:
    """Read the years in a workbook, a CSV file or rows.

    `year` is that of days without one; else the title or the file's name (`named`) says it.

    Raises:
        AdminChangeRefused: something can't be read; with every problem and its row.
    """
    try:
        table = (
            read_table(source, NAMES, *FORMS, sheets=sheets, dated="day")
            if isinstance(source, Path | bytes)
            else ImportedTable(list(source))
        )
    except UnreadableWorkbook as e:
        raise AdminChangeRefused(str(e)) from None
    in_name = years_in(named or (source.name if isinstance(source, Path) else ""))
    guess = in_name.pop() if len(in_name) == 1 else None
    days, wrong = _days(table.rows, year, guess)
    if not days and not wrong:
        wrong.append(no_rows_message(table, "日期"))
    if wrong:
        raise AdminChangeRefused(*first_sentences(wrong))
    return _by_year({day: value for day, (value, _) in days.items()}, import_account(table, ("采用", len(table.rows))))


_Days = dict[date, tuple[tuple[bool, str], TableRow]]


def _days(rows: list[TableRow], year: int | None, guess: int | None) -> tuple[_Days, list[str]]:
    found: _Days = {}
    wrong: list[str] = []
    for row in rows:
        known = row.head.year
        try:
            if year and known and known != year:
                raise ValueError(f"表中写的是{known}年，填写的年份是{year}年，请核对")
            name = clean_text(row.text("name"), "名称", 60, lines=False)
            days = _of(row, year or known or guess)
        except ValueError as e:
            wrong.append(f"{row.place}：{str(e).rstrip('。')}。")
            continue
        for day, off in days:
            problem = _problem(day, not off)
            if day in found:
                problem = f"{day} 与{found[day][1].place}重复"
            if problem:
                wrong.append(f"{row.place}：{problem}。")
            else:
                found[day] = ((off, name or (OFF if off else "调休")), row)
    return found, wrong


def _of(row: TableRow, year: int | None) -> list[tuple[date, bool]]:
    """Return the days of one row, each with whether it is off.

    Raises:
        ValueError: the row has no day, or one that can't be read; with a sentence.
    """
    if "kind" in row.cells or not {"off", "work"} & set(row.cells):
        off = _is_off(row.text("kind") if "kind" in row.cells else row.head.sheet, row)
        value = row.cells["day"]
        if isinstance(value, str) and re.search("[(（、]", value):
            return _in_words(value, year, not off)
        return [(day, off) for day in parse_days(row, year)]
    days: list[tuple[date, bool]] = []
    for column in ("off" if "off" in row.cells else "day", "work"):
        value = row.cells.get(column, "")
        if value is None or isinstance(value, str):
            text = row.text(column)
            days += [] if text in _NO_DAY else _in_words(text, year, column == "work")
        else:
            days.append((row.day(column), column != "work"))
    if not days:
        raise ValueError("没有写放假的日期")
    return days


def _in_words(text: str, year: int | None, works: bool) -> list[tuple[date, bool]]:
    if year is None and not re.search(r"\d{4}\s*年", text):
        raise ValueError("没有写年份，表的标题、工作表名和文件名里也没有，请填写年份后再导入（命令行用 --year）")
    return parse_holiday_words(text, year=year, works=works)


def _is_off(kind: str, row: TableRow) -> bool:
    said = kind.replace(" ", "").lower()
    for suffix in ("日期", "安排"):
        said = said.removesuffix(suffix) if "kind" not in row.cells else said
    if said in _OFF + _WORK:
        return said in _OFF
    merged = "（单元格被合并，请取消合并后逐行填写）" if row.merged and not said else ""
    raise ValueError(f"“类型”应为“放假”或“上班”，现为“{said[:20]}”{merged}")


_UNTIL = re.compile(r"\s*(?:至|到|~|～|—+|–)\s*")
_REST = re.compile(r"(?:(\d{1,2})\s*[-/.月]\s*)?(\d{1,2})\s*日?")


def parse_days(row: TableRow, year: int | None = None) -> list[date]:
    """Return the days of one day, or of a range like `2027-02-06至2027-02-14` or `2027年2月6日至14日`.

    Raises:
        ValueError: it can't be read; with a sentence.
    """
    value = row.cells["day"]
    parts = _UNTIL.split(value.strip()) if isinstance(value, str) else [value]
    if len(parts) == 1:
        return [row.day("day") if year is None or not isinstance(value, str) else _typed(value, year)]
    if len(parts) > 2:
        raise ValueError(f"“{value[:30]}”不是日期，也不是起止日期")
    first = _typed(parts[0], year)
    rest = _REST.fullmatch(parts[1])
    if rest:
        try:
            last = date(first.year, int(rest[1] or first.month), int(rest[2]))
        except ValueError:
            raise ValueError(f"没有“{parts[1][:30]}”这一天") from None
    else:
        last = _typed(parts[1], year)
    if last < first:
        raise ValueError(f"“{value[:30]}”的止日早于起日")
    if (last - first).days >= MAX_HOLIDAY_DAYS:
        raise ValueError(f"“{value[:30]}”长达 {(last - first).days + 1} 天，请核对起止日期")
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def _typed(text: str, year: int | None) -> date:
    serial = TableRow(0, {"day": text})
    return serial.day("day") if text.strip().isdecimal() else parse_day(text, year=year)


def _problem(day: date, works: bool) -> str:
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        return f"{day} 的年份不合理，应在 {_YEARS[0]} 至 {_YEARS[1]} 年之间"
    if works and day.weekday() < 5:
        return f"{day} 是星期{WEEKDAYS[day.weekday()]}，本来就上班；“上班”只填调休上班的周六、周日"
    return ""


def _by_year(days: dict[date, tuple[bool, str]], account: ImportAccount) -> ReadSchedule:
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
            raise AdminChangeRefused(f"{year}年没有一天放假，这不是完整的放假安排。")
        missing = [f"{n}（{m}月{d}日）" for (m, d), n in _STATUTORY if not its_days.get(date(year, m, d), (False,))[0]]
        if missing:
            warnings.append(f"{year}年没有列出{'、'.join(missing)}放假，请对照通知核对。")
        years.append(Schedule(year, its_days))
    return ReadSchedule(years, strays, [*warnings, *account.asides], account)


# ---- what must be asked before it is kept


def doubtful_days(read: ReadSchedule, known: Mapping[int, YearSchedule]) -> list[str]:
    """Return what somebody must look at before these years are kept.

    That is a year without a day worked instead, and days that would be lost.
    """
    asked = []
    for schedule in read.years:
        if all(off for off, _ in schedule.days.values()):
            asked.append(f"{schedule.year}年没有一天调休上班。请对照通知核对：漏掉的，到期日会算晚。")
        asked += _changes(schedule, known.get(schedule.year))
    return asked


def _changes(schedule: Schedule, now: YearSchedule | None) -> list[str]:
    if now is None:
        return []
    told = []
    for what, before, off in (("调休上班", now.work, False), ("放假", now.off, True)):
        after = {day for day, (is_off, _) in schedule.days.items() if is_off is off}
        # A weekend that the notice counts into its holiday is off without being named.
        lost = [d for d in sorted(before) if d not in after and (not off or d.weekday() < 5 or d in schedule.days)]
        if lost:
            days = "、".join(f"{d.month}月{d.day}日" for d in lost)
            told.append(f"{schedule.year}年现有的{what}将去掉：{days}（共 {len(lost)} 天）。")
    return told


def strays_laid_over(read: ReadSchedule, known: Mapping[int, YearSchedule]) -> Schedule | None:
    """Return the year that December days of the next year's notice belong to, with them laid over it.

    None where they change nothing, or where that year isn't published.
    """
    before = known.get(next(iter(read.strays)).year) if read.strays else None
    if before is None:
        return None
    days = {d: (True, n) for d, n in before.off.items()} | {d: (False, n) for d, n in before.work.items()}
    if all(days.get(d) == v or (d not in days and v[0] and d.weekday() >= 5) for d, v in read.strays.items()):
        return None
    return Schedule(before.year, days | read.strays)


def with_schedule(known: Calendar, read: ReadSchedule) -> Calendar:
    """Return a calendar as it would be with what a file says imported; nothing is written."""
    merged = strays_laid_over(read, known.years)
    for year in (*read.years, *((merged,) if merged else ())):
        known = known.with_year(year.published)
    return known


def as_csv(read: ReadSchedule) -> str:
    """Write what was read as a file that reads the same, to be sent again after somebody looked at it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(NAMES[n][0] for n in ("day", "kind", "name"))
    every: dict[date, tuple[bool, str]] = dict(read.strays)
    for schedule in read.years:
        every |= schedule.days
    for day, (off, name) in sorted(every.items()):
        writer.writerow((day.isoformat(), OFF if off else WORK, name))
    return out.getvalue()
