"""The calendar page, and bringing in a published schedule."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.urls import url
from tests.world import make_department, register
from xinfang.accounts.models import Staff
from xinfang.audit.models import AdminRecord
from xinfang.calendars.models import CalendarYear, ScheduleProposal
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Deadline

pytestmark = pytest.mark.django_db
SCHEDULE = """日期,类型,名称
2027-01-01,放假,元旦
2027-01-02,上班,元旦
2027-02-05至2027-02-11,放假,春节
2027-05-01至2027-05-05,放假,劳动节
2027-10-01至2027-10-07,放假,国庆节
"""


@pytest.fixture
def clerk(client):
    make_department()
    client.force_login(Staff.objects.get(username="clerk"))
    return client


def another(username: str = "clerk2") -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def agree(client: Client, do: str = "agree", opinion: str = ""):
    asked = {"proposal": ScheduleProposal.objects.latest("id").pk, "do": do, "opinion": opinion}
    return client.post(url("calendar-import"), asked)


def bring(client, content: bytes, name: str = "2027.csv", **more: str):
    """Somebody reads it in and, if it could be read, another agrees."""
    sent = {"file": SimpleUploadedFile(name, content), "origin": "通知", **more}
    answer = client.post(url("calendar-import"), sent)
    return agree(another()) if answer.status_code == 302 else answer


def cells(response) -> dict[tuple[int, int], dict]:
    return {(m["month"], c["day"]): c for m in response.context["months"] for week in m["weeks"] for c in week if c}


def test_a_published_year_tells_each_day_apart(clerk, django_assert_max_num_queries):
    calendar()  # what is read once in a process is no part of a page
    with django_assert_max_num_queries(10):
        response = clerk.get(f"{url('calendar')}?year=2026")
    days = cells(response)
    assert len(days) == 365
    assert days[10, 1]["kind"] == "off" and days[10, 10]["kind"] == "work"
    assert days[11, 22]["kind"] == "weekend" and days[11, 23]["kind"] == "day"
    page = response.content.decode()
    assert "<small>休</small>" in page and "<small>班</small>" in page, "not told by colour alone"


def test_an_unpublished_year_is_provisional_until_it_is_imported(clerk):
    assert "暂定" in clerk.get(f"{url('calendar')}?year=2027").content.decode()
    number = register(date(2026, 12, 25))
    assert Deadline.objects.filter(petition__number=number, provisional=True).exists()
    response = bring(clerk, SCHEDULE.encode())
    assert response.status_code == 200
    report = response.context["report"]
    assert report.years == (2027,) and report.looked > 0
    assert f"核对了 {report.looked} 个" in response.content.decode()
    assert CalendarYear.objects.get().imported_by == "clerk2"
    assert 2027 in calendar().years
    assert not Deadline.objects.filter(petition__number=number, due__year=2027, provisional=True).exists()
    days = cells(clerk.get(f"{url('calendar')}?year=2027"))
    assert days[1, 2]["kind"] == "work" and days[2, 8]["kind"] == "off"


def test_a_year_without_days_worked_instead_is_asked_about_and_needs_no_second_upload(clerk):
    content = SCHEDULE.replace("2027-01-02,上班,元旦\n", "").encode()
    response = bring(clerk, content)
    page = response.content.decode()
    assert response.status_code == 422 and "还没有提出，请先核对" in page and "没有一天调休上班" in page
    assert not CalendarYear.objects.exists()
    unsure = response.context["unsure"]
    sent = {"agreed": unsure.questions, "content": unsure.content, "origin": "通知"}
    assert clerk.post(url("calendar-import"), {**sent, "agreed": []}).status_code == 422
    assert clerk.post(url("calendar-import"), sent).status_code == 302
    assert not CalendarYear.objects.exists()
    done = agree(another())
    assert done.status_code == 200 and "= 采用 20 + 略去 0" in done.content.decode()
    assert CalendarYear.objects.get().source == "通知"


def test_the_year_of_a_table_with_months_and_days_only_is_typed(clerk):
    table = "节日,放假时间,调休上班\n元旦,1月1日至3日放假,1月9日上班\n"
    assert "请填写年份" in bring(clerk, table.encode(), "安排.csv").content.decode()
    file = SimpleUploadedFile("安排.csv", table.encode())
    assert "不是年份" in clerk.post(url("calendar-import"), {"file": file, "year": "二七"}).content.decode()
    assert not CalendarYear.objects.exists()
    assert bring(clerk, table.encode(), "安排.csv", year="2027").context["report"].years == (2027,)


class TestTwoPersons:
    """A schedule moves every limit that is counted in working days: no single person brings one in."""

    def test_one_person_alone_changes_nothing(self, clerk):
        clerk.post(
            url("calendar-import"), {"file": SimpleUploadedFile("2027.csv", SCHEDULE.encode()), "origin": "通知"}
        )
        assert "由提出人以外的人" in agree(clerk).content.decode()
        assert not CalendarYear.objects.exists()
        page = clerk.get(url("calendar-import")).content.decode()
        assert "等待核对：2027年放假安排" in page and "撤回" in page and "同意导入" not in page

    def test_another_sees_every_day_and_agrees_once(self, clerk):
        clerk.post(
            url("calendar-import"), {"file": SimpleUploadedFile("2027.csv", SCHEDULE.encode()), "origin": "通知"}
        )
        page = another().get(url("calendar-import")).content.decode()
        assert "10月1日至10月7日（7 天）" in page and "1月2日" in page and "同意导入" in page
        assert agree(another()).context["report"].years == (2027,)
        assert "已经核对过" in agree(another()).content.decode()

    def test_a_refusal_says_why_and_a_proposal_can_be_taken_back(self, clerk):
        sent = {"file": SimpleUploadedFile("2027.csv", SCHEDULE.encode()), "origin": "通知"}
        clerk.post(url("calendar-import"), sent)
        assert "请填写“意见”" in agree(another(), "refuse").content.decode()
        assert agree(another(), "refuse", "漏了中秋节").status_code == 302
        sent["file"].seek(0)
        clerk.post(url("calendar-import"), sent)
        sent["file"].seek(0)
        assert "等待另一人核对" in clerk.post(url("calendar-import"), sent).content.decode()
        assert agree(clerk, "withdraw").status_code == 302
        assert not CalendarYear.objects.exists()
        done = AdminRecord.objects.filter(what__contains="导入放假安排").order_by("id")
        assert [r.what for r in done] == [
            *("提出导入放假安排", "不同意导入放假安排", "提出导入放假安排", "撤回导入放假安排"),
        ]

    def test_who_keeps_no_calendar_answers_none(self, clerk):
        clerk.post(
            url("calendar-import"), {"file": SimpleUploadedFile("2027.csv", SCHEDULE.encode()), "origin": "通知"}
        )
        assert agree(another("handler")).status_code == 404
        assert not CalendarYear.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空"),
        (b"PK\x03\x04broken", "没有导入"),
        ("日子,什么\n2027-01-01,放假\n".encode(), "表头"),
        ("日期,类型\n2027-02-30,放假\n".encode(), "第 2 行"),
        ("日期,类型\n2027-01-01,也许\n".encode(), "第 2 行"),
        ("日期,类型\n".encode(), "没有任何日期"),
    ],
)
def test_a_wrong_file_changes_nothing_and_says_where(clerk, content, says):
    response = bring(clerk, content)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not CalendarYear.objects.exists()


def test_no_file_at_all(clerk):
    response = clerk.post(url("calendar-import"))
    assert response.status_code == 422
    assert "没有选择文件" in response.content.decode()


def test_the_template_has_the_columns_that_the_import_wants(clerk):
    response = clerk.get(url("calendar-template"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert book.get_sheet_by_index(0).to_python()[0] == ["日期", "类型", "名称"]
    # An empty template is refused in words, never taken for a year without holidays.
    assert bring(clerk, response.content, "空.xlsx").status_code == 422


@pytest.mark.parametrize("year", ["1999", "2101", "abc", "-1", "２０２６", "9" * 30])
def test_a_year_that_is_none(clerk, year):
    assert clerk.get(url("calendar"), {"year": year}).status_code == 404


def test_everybody_reads_it_and_few_import(clerk):
    clerk.force_login(Staff.objects.get(username="handler"))
    assert clerk.get(url("calendar")).status_code == 200
    assert clerk.get(url("calendar-import")).status_code == 404
    assert bring(clerk, SCHEDULE.encode()).status_code == 404
