"""The calendar page, and bringing in a published schedule."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from tests.urls import url
from tests.world import make_department, register
from xinfang.accounts.models import Staff
from xinfang.calendars.models import CalendarYear
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


def bring(client, content: bytes, name: str = "2027.csv"):
    return client.post(url("calendar-import"), {"file": SimpleUploadedFile(name, content), "origin": "通知"})


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
    assert CalendarYear.objects.get().imported_by == "clerk"
    assert 2027 in calendar().years
    assert not Deadline.objects.filter(petition__number=number, due__year=2027, provisional=True).exists()
    days = cells(clerk.get(f"{url('calendar')}?year=2027"))
    assert days[1, 2]["kind"] == "work" and days[2, 8]["kind"] == "off"


def test_a_year_without_days_worked_instead_is_asked_about_and_needs_no_second_upload(clerk):
    content = SCHEDULE.replace("2027-01-02,上班,元旦\n", "").encode()
    response = bring(clerk, content)
    page = response.content.decode()
    assert response.status_code == 422 and "还没有导入，请先核对" in page and "没有一天调休上班" in page
    assert not CalendarYear.objects.exists()
    unsure = response.context["unsure"]
    sent = {"agreed": unsure.questions, "content": unsure.content, "origin": "通知"}
    assert clerk.post(url("calendar-import"), {**sent, "agreed": []}).status_code == 422
    done = clerk.post(url("calendar-import"), sent)
    assert done.status_code == 200 and "= 采用 20 + 略去 0" in done.content.decode()
    assert CalendarYear.objects.get().source == "通知"


def test_the_year_of_a_table_with_months_and_days_only_is_typed(clerk):
    table = "节日,放假时间,调休上班\n元旦,1月1日至3日放假,1月9日上班\n"
    assert "请填写年份" in bring(clerk, table.encode(), "安排.csv").content.decode()
    file = SimpleUploadedFile("安排.csv", table.encode())
    assert "不是年份" in clerk.post(url("calendar-import"), {"file": file, "year": "二七"}).content.decode()
    assert not CalendarYear.objects.exists()
    file.seek(0)
    assert clerk.post(url("calendar-import"), {"file": file, "year": "2027"}).context["report"].years == (2027,)


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
