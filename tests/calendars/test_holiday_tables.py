"""The State Council's own table, files with a sheet for each kind, and what is asked before days worked instead are
lost."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.world import make_department
from xinfang.audit.models import AdminRecord
from xinfang.calendars.holiday_words import parse_holiday_words
from xinfang.calendars.models import CalendarYear
from xinfang.calendars.queries import calendar
from xinfang.calendars.schedule_files import as_csv, read_schedule
from xinfang.casework.actions.calendar_import import AdminChangeRefused, ScheduleDoubtful, import_year
from xinfang.procedure.clocks import CLOCKS

HEADER = ("节日", "放假时间", "调休上班")
NOTICE_2026 = (
    ("元旦", "1月1日（周四）至3日（周六）放假调休，共3天", "1月4日（周日）上班"),
    ("春节", "2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。", "2月14日（周六）、2月28日（周六）上班。"),
    ("清明节", "4月4日（周六）至6日（周一）放假，共3天", ""),
    ("劳动节", "5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。", "无"),
    ("端午节", "6月19日至21日", "——"),
    ("中秋节", "9月25日（星期五）～27日（星期日），共 3 天", None),
    ("国庆节", "10月1日（周四）至7日（周三）放假调休，共7天", "9月20日、10月10日上班"),
)  # fmt: skip


def book(sheets: dict[str, list[tuple]]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        for title, rows in sheets.items():
            sheet = workbook.add_worksheet(title)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "more"),
    [
        (book({"2026年": [HEADER, *NOTICE_2026]}), {}),
        (book({"Sheet1": [("2026年部分节假日安排",), (), HEADER, *NOTICE_2026]}), {}),
        (book({"Sheet1": [HEADER, *NOTICE_2026]}), {"named": "2026年放假.xlsx"}),
        (book({"Sheet1": [HEADER, *NOTICE_2026]}), {"year": 2026}),
        (book({"Sheet1": [("节日", "放假日期", "调休上班日期"), *NOTICE_2026]}), {"year": 2026}),
    ],
)
def test_the_state_councils_own_table_is_the_year_that_is_known(content: bytes, more: dict) -> None:
    read = read_schedule(content, **more)
    known = calendar().years[2026]
    assert [s.year for s in read.years] == [2026] and not read.strays
    days = read.years[0].days
    assert {d for d, (off, _) in days.items() if not off} == set(known.work)
    assert {d for d, (off, _) in days.items() if off} == set(known.off)
    assert days[date(2026, 9, 20)] == (False, "国庆节")
    assert str(read.account) == "共 7 行 = 采用 7 + 略去 0。"
    assert read_schedule(as_csv(read).encode()).years == read.years


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("元旦", "1月1日（周五）至3日", ""), "2026-01-01 是星期四"),
        (("元旦", "1月1日至3日放假，共4天", ""), "共 4 天，列出的是 3 天"),
        (("元旦", "12月30日至1月1日", ""), "止日早于起日"),
        (("元旦", "1月1日至3日放假，另行通知", ""), "“另行通知”看不明白"),
        (("元旦", "2月30日", ""), "这一天"),
        (("元旦", "1日至3日", ""), "没有写月份"),
        (("元旦", "1月1日至31日", ""), "长达 31 天"),
        (("元旦", "", ""), "没有写放假的日期"),
        (("元旦", "1月1日", "1月5日上班"), "是星期一，本来就上班"),
        (("元旦", "1月1日", "1月1日上班"), "重复"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_with_its_row(row: tuple, says: str) -> None:
    with pytest.raises(AdminChangeRefused) as wrong:
        read_schedule(book({"2026年": [HEADER, row]}))
    assert "第 2 行" in str(wrong.value) and says in str(wrong.value)


def test_a_year_that_nothing_names_is_asked_for() -> None:
    content = book({"Sheet1": [HEADER, NOTICE_2026[2]]})
    with pytest.raises(AdminChangeRefused, match="请填写年份"):
        read_schedule(content)
    with pytest.raises(AdminChangeRefused, match="表中写的是2026年，填写的年份是2027年"):
        read_schedule(book({"2026年": [HEADER, NOTICE_2026[2]]}), year=2027)
    with pytest.raises(AdminChangeRefused, match="与所写不符，请核对年份"):
        read_schedule(content, year=2027)


def test_a_day_of_the_year_before_is_written_with_its_year() -> None:
    text = "2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。"
    assert parse_holiday_words(text, year=2019, works=False) == [
        (date(2018, 12, 30), True), (date(2018, 12, 31), True), (date(2019, 1, 1), True), (date(2018, 12, 29), False),
    ]  # fmt: skip


OFF_2027 = [
    ("2027-01-01至2027-01-03", "放假", "元旦"), ("2027-02-05至2027-02-11", "放假", "春节"),
    ("2027-05-01至2027-05-05", "放假", "劳动节"), ("2027-10-01至2027-10-07", "放假", "国庆节"),
]  # fmt: skip
WORK_2027 = [("2027-02-20", "上班", "春节"), ("2027-05-08", "上班", "劳动节"), ("2027-10-09", "上班", "国庆节")]
COLUMNS = ("日期", "类型", "名称")


@pytest.mark.django_db
@pytest.mark.parametrize("with_kinds", [True, False])
def test_a_sheet_for_each_kind_is_one_schedule(with_kinds: bool) -> None:
    off, work = [COLUMNS, *OFF_2027], [COLUMNS, *WORK_2027]
    if not with_kinds:
        off, work = ([(day, name) for day, _, name in rows] for rows in (off, work))
    report = import_year(book({"放假": off, "调休上班": work}), by=None)
    assert report.days == 25 and report.account.rows == 7
    assert set(calendar().years[2027].work) == {date(2027, 2, 20), date(2027, 5, 8), date(2027, 10, 9)}
    due = CLOCKS["regional_entry"].compute(date(2027, 2, 18), calendar())
    assert due.due == date(2027, 2, 22), "with the days off alone it would be a day late"


@pytest.mark.django_db
def test_a_year_without_a_day_worked_instead_is_asked_about() -> None:
    content = book({"放假": [COLUMNS, *OFF_2027]})
    with pytest.raises(ScheduleDoubtful) as asked:
        import_year(content, by=None)
    assert asked.value.questions == ("2027年没有一天调休上班。请对照通知核对：漏掉的，到期日会算晚。",)
    assert not CalendarYear.objects.exists() and not AdminRecord.objects.exists()
    assert import_year(asked.value.content.encode(), by=None, agreed=asked.value.questions).days == 22
    assert AdminRecord.objects.get().detail["looked_at"] == asked.value.questions[0], "that it was looked at is kept"


@pytest.mark.django_db
def test_days_that_would_be_lost_are_shown_and_asked_about() -> None:
    import_year(book({"全年": [COLUMNS, *OFF_2027, *WORK_2027]}), by=None)
    assert import_year(book({"全年": [COLUMNS, *OFF_2027, *WORK_2027]}), by=None).years == (2027,), (
        "the same again is no loss"
    )
    fewer = book({"全年": [COLUMNS, *OFF_2027[:3], *WORK_2027[1:]]})
    with pytest.raises(ScheduleDoubtful) as asked:
        import_year(fewer, by=None, agreed=["2027年没有一天调休上班。请对照通知核对：漏掉的，到期日会算晚。"])
    assert asked.value.questions == (
        "2027年现有的调休上班将去掉：2月20日（共 1 天）。",
        "2027年现有的放假将去掉：10月1日、10月4日、10月5日、10月6日、10月7日（共 5 天）。",
    )
    assert len(calendar().years[2027].work) == 3
    assert import_year(fewer, by=None, agreed=asked.value.questions).years == (2027,)
    assert len(calendar().years[2027].work) == 2


@pytest.mark.django_db
def test_a_published_year_of_the_program_is_not_thinned_unasked() -> None:
    make_department()
    with pytest.raises(ScheduleDoubtful, match="2026年现有的调休上班将去掉"):
        import_year("日期,类型\n2026-01-01,放假\n2026-05-01,放假\n2026-10-01,放假\n".encode(), by=None)


WORDS = [
    "1月",
    "2月",
    "30日",
    "1日",
    "15",
    "日",
    "至",
    "、",
    "放假",
    "上班",
    "共3天",
    "（周四）",
    "(",
    "2027年",
    "，",
    "。",
    "无",
    "-",
    "99",
]


@given(st.lists(st.sampled_from(WORDS), max_size=10).map("".join), st.sampled_from([None, 2027]))
def test_any_words_are_days_or_are_refused(text: str, year: int | None) -> None:
    try:
        assert all(isinstance(day, date) for day, _ in parse_holiday_words(text, year=year, works=False))
    except ValueError as e:
        assert "“" in str(e)
