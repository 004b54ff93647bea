"""Importing a published year: read as people write it, checked, and every open deadline brought in line."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import xlsxwriter

from tests.world import noon, register, take, tell, walk
from xinfang.accounts.models import Staff
from xinfang.audit.models import AdminRecord
from xinfang.calendars.models import CalendarYear
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Deadline, Event, Petition
from xinfang.cases.projections.deadlines import reset_deadlines
from xinfang.cases.queries.petitions import facts_of
from xinfang.casework.actions.calendar_import import AdminChangeRefused, import_year, recompute_due_date
from xinfang.notifications.models import Notification
from xinfang.procedure.calendar import YearSchedule
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
CHRISTMAS = date(2026, 12, 25)
YEAR_2027 = """日期,类型,名称
2027-01-01至2027-01-03,放假,元旦
2027年2月6日至14日,放假,春节
2027/2/20,上班,春节
2027-05-01,放假,劳动节
2027-10-01~10-07,放假,国庆节
""".encode()


def handed_down(on: date) -> str:
    return register(on, source="bureau_forwarded", sender="自治区信访局", sender_number="内信转〔2026〕9号")


def sheet(*rows: tuple) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for i, row in enumerate(rows):
            page.write_row(i, 0, row)
    return out.getvalue()


def test_a_published_year_makes_dates_certain_and_moves_what_moved() -> None:
    number = handed_down(CHRISTMAS)
    before = Deadline.objects.get(petition__number=number, clock="objection")
    assert (before.due, before.provisional) == (date(2027, 1, 4), True)
    # Suppose Monday the 4th is given as a day off, too: the fifth working day is the 5th.
    report = import_year(YEAR_2027.replace(b"2027-01-03,", b"2027-01-04,"), by=None, origin="通知", now=noon(CHRISTMAS))
    assert report.years == (2027,) and report.failed == 0 and report.moved >= 1 and not report.warnings
    after = Deadline.objects.get(pk=before.pk)
    assert (after.due, after.provisional) == (date(2027, 1, 5), False)
    moves = {
        e.data["clock"]: (e.data["was"], e.data["due"]) for e in Event.objects.filter(code=StepCode.RECOMPUTE_DEADLINE)
    }
    assert moves["objection"] == ("2027-01-04", "2027-01-05")
    told = Notification.objects.filter(
        petition__number=number, kind="deadline", text__contains="由2027年1月4日改为2027年1月5日"
    )
    assert {n.staff.username for n in told} == {"clerk", "clerk2", "office_head"}
    assert AdminRecord.objects.get(what="导入放假安排").target == "2027年"


def test_dates_that_stay_are_only_confirmed() -> None:
    number = register(date(2026, 11, 2))
    walk(number, "signed", date(2026, 11, 2))
    tell(number, date(2026, 11, 8))
    row = Deadline.objects.get(petition__number=number, clock="handling")
    assert row.provisional and Petition.objects.get(number=number).next_provisional
    report = import_year(YEAR_2027, by=None, now=noon(date(2026, 11, 20)))
    assert (report.moved, report.failed) == (0, 0) and report.confirmed >= 1
    row.refresh_from_db()
    assert not row.provisional and not Petition.objects.get(number=number).next_provisional
    assert not Event.objects.filter(code=StepCode.RECOMPUTE_DEADLINE).exists()
    assert import_year(YEAR_2027, by=None).confirmed == 0


def test_stopped_limits_follow_the_schedule_too_and_nobody_is_told() -> None:
    from xinfang.proof.derived_rows import RowDifference, differences

    number = handed_down(CHRISTMAS)
    walk(number, "signed", CHRISTMAS)
    tell(number, date(2026, 12, 28))
    stopped = Deadline.objects.filter(petition__number=number).exclude(stopped_on=None)
    before = {d.pk: (d.due, d.alarm) for d in stopped}
    # All of January's first days are given as days off: alarms and working days that ended then go elsewhere.
    import_year(YEAR_2027.replace(b"2027-01-03,", b"2027-01-12,"), by=None, now=noon(date(2026, 12, 29)))
    assert {d.pk: (d.due, d.alarm) for d in stopped.all()} != before
    assert not [d for d in differences([number]) if isinstance(d, RowDifference)]
    assert not Event.objects.filter(code=StepCode.RECOMPUTE_DEADLINE, data__clock__in=stopped.values("clock")).exists()


def test_counting_from_the_row_says_what_the_history_says() -> None:
    """Every kind of clock, before and after a year is published."""
    handed_down(CHRISTMAS)
    number = register(date(2026, 11, 2))
    walk(number, "advice_sought", date(2026, 12, 1))
    take(number, StepCode.SUPERVISE, "clerk", date(2026, 12, 20), ground="overdue", text="请尽快办理")
    served = register(date(2026, 10, 9))
    walk(served, "submitted", date(2026, 12, 10))
    years = dict(calendar().years)
    off = {date(2027, 1, d): "假" for d in range(1, 12)}
    new = calendar().with_year(YearSchedule(2027, off, {}))
    assert 2027 not in years
    clocks = set()
    for petition in Petition.objects.all():
        quick = {
            d.pk: recompute_due_date(d.clock, d.started_on, d.due, new)
            for d in petition.deadlines.filter(stopped_on=None)
        }
        reset_deadlines(petition, facts_of(petition), new, noon(date(2026, 1, 5)))
        for d in Deadline.objects.filter(pk__in=quick):
            clocks.add(d.clock)
            assert (d.due, d.alarm, d.provisional) == (quick[d.pk].due, quick[d.pk].alarm, quick[d.pk].provisional)
    assert len(clocks) >= 9


def test_a_workbook_with_real_dates_and_a_title_above_the_header() -> None:
    rows = [("关于2027年部分节假日安排",), (), ("名称", "类型", "备注", "日期")]
    rows += [("元旦", "放假", "", "2027-01-01"), ("劳动节", "休", "", 46508), ("国庆节", "放假", "x", "2027.10.1")]
    assert import_year(sheet(*rows), by=None, agreed=None).days == 3
    assert calendar().years[2027].off[date(2027, 5, 1)] == "劳动节"


def test_a_december_day_of_the_next_notice_does_not_replace_its_year() -> None:
    # 2026-12-31 is a Thursday of a year that is already published: it is laid over that year.
    report = import_year(YEAR_2027 + "2026-12-31,放假,元旦\n".encode(), by=None)
    assert report.years == (2026, 2027)
    assert not calendar().is_working(date(2026, 12, 31)) and not calendar().is_working(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        ("日期,类型\n".encode(), "没有任何日期"),
        ("日期,类型\n2027-01-04,上班\n".encode(), "第 2 行：2027-01-04 是星期一"),
        ("日期,类型\n2027-01-01,放假\n2027/1/1,放假\n".encode(), "第 3 行：2027-01-01 与第 2 行重复"),
        ("日期,类型\n2027-02-30,放假\n".encode(), "没有“2027-02-30”"),
        ("日期,类型\n1997-01-01,放假\n".encode(), "年份不合理"),
        ("日期,类型\n2027-01-01,也许\n".encode(), "应为“放假”或“上班”"),
        ("日期,名称\n2027-01-01,元旦\n".encode(), "缺少这些列：类型"),
        ("2027-01-01,放假\n".encode(), "没有找到表头"),
        (b"PK\x03\x04 not a workbook", "已损坏"),
        (b"\x00\x01\xff\xfe\x80", "不是 Excel"),
        ("日期,类型\n2027-02-20,上班\n".encode(), "没有一天放假"),
    ],
)
def test_a_wrong_file_changes_nothing_and_says_why(content: bytes, says: str) -> None:
    with pytest.raises(AdminChangeRefused) as wrong:
        import_year(content, by=None)
    assert says in str(wrong.value)
    assert not CalendarYear.objects.exists() and not AdminRecord.objects.exists()


def test_a_year_without_its_great_holidays_is_doubted_aloud() -> None:
    report = import_year("日期,类型\n2027-01-01,放假\n".encode(), by=None, agreed=None)
    assert report.warnings and "国庆节" in report.warnings[0]


def test_only_the_office_and_the_administrator_import() -> None:
    with pytest.raises(AdminChangeRefused, match="没有这项职责"):
        import_year(YEAR_2027, by=Staff.objects.get(username="handler"))
    assert import_year(YEAR_2027, by=Staff.objects.get(username="admin")).years == (2027,)
    assert CalendarYear.objects.get().imported_by == "admin"


def test_one_case_that_fails_keeps_its_date_and_the_others_move(monkeypatch: pytest.MonkeyPatch) -> None:
    from xinfang.casework.actions import recomputed_dates

    bad, good = handed_down(CHRISTMAS), handed_down(CHRISTMAS + timedelta(days=0))
    real = recomputed_dates.perform

    def perform(step, number, **rest):
        if number == bad:
            raise RuntimeError
        return real(step, number, **rest)

    monkeypatch.setattr(recomputed_dates, "perform", perform)
    file = YEAR_2027.replace(b"2027-01-03,", b"2027-01-04,")
    assert import_year(file, by=None, now=noon(CHRISTMAS)).failed >= 1
    due = dict(Deadline.objects.filter(clock="objection").values_list("petition__number", "due"))
    assert due == {bad: date(2027, 1, 4), good: date(2027, 1, 5)}
    monkeypatch.undo()
    assert import_year(file, by=None, now=noon(CHRISTMAS)).moved >= 1
    assert Deadline.objects.get(petition__number=bad, clock="objection").due == date(2027, 1, 5)
