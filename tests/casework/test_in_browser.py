"""Bringing in a schedule, and a case from before the system, in a real browser: wide, on a phone, by keyboard."""

import pytest

from tests.browser import look
from tests.urls import url

TABLE = "节日,放假时间,调休上班\n元旦,1月1日至3日放假，共3天,无\n春节,2月5日至11日放假,无\n"
BOARD = "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n1,阿古拉,奖补资金未到,2019-04-25,请核实,已于当年拨付,2019年5月6日\n"


@pytest.fixture
def department(live_server) -> None:
    from tests.world import make_department, set_up_authenticators
    from xinfang.ledgers.actions.message_import import import_messages

    make_department()
    set_up_authenticators()
    import_messages(BOARD.encode(), named="2019年留言.csv")


def test_a_schedule_is_asked_about_and_confirmed_by_keyboard(department, open_page, axe, tmp_path) -> None:
    from tests.journeys.people import Worker
    from xinfang.calendars.models import CalendarYear

    file = tmp_path / "2027年安排.csv"
    file.write_text(TABLE.replace("，", "。"), encoding="utf-8")
    page = Worker(open_page, "clerk").page
    page.goto(url("calendar-import"))
    page.set_input_files("#file", file)
    page.locator("#file").focus()
    page.get_by_role("button", name="先试算，不导入").press("Enter")
    page.get_by_text("只是试算，还没有提出").wait_for()
    assert not CalendarYear.objects.exists()
    look(page, axe, "calendar-tried")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="提出导入", exact=True).press("Enter")
    page.get_by_role("heading", name="还没有提出，请先核对").wait_for()
    assert "没有一天调休上班" in page.content() and not CalendarYear.objects.exists()
    look(page, axe, "calendar-asks")
    page.get_by_role("button", name="已对照通知核对，提出导入").press("Enter")
    page.get_by_role("heading", name="等待核对：2027年放假安排").wait_for()
    assert not CalendarYear.objects.exists()
    other = Worker(open_page, "clerk2").page
    other.goto(url("calendar-import"))
    look(other, axe, "calendar-waits")
    other.get_by_role("button", name="已对照通知核对，同意导入").press("Enter")
    other.get_by_text("已导入").wait_for()
    assert [y.year for y in CalendarYear.objects.all()] == [2027]
    look(other, axe, "calendar-done")


def test_the_page_of_an_old_matter(department, open_page, axe) -> None:
    from tests.journeys.people import Worker

    page = Worker(open_page, "clerk").page
    page.goto(url("petition", "WX2019000001"))
    assert page.get_by_role("heading", name="历史件").count() == 1
    assert "已于当年拨付" in page.content()
    look(page, axe, "history")
    page.goto(f"{url('petitions')}?state=history")
    assert page.get_by_text("历史件").count() >= 1
    look(page, axe, "history-list")


def test_telephone_is_shown_beside_a_half_filled_form_and_nothing_typed_is_lost(department, open_page, axe) -> None:
    from tests.journeys.people import Worker
    from tests.world import register, walk
    from xinfang.cases.models import AccessLogEntry
    from xinfang.core.clock import today
    from xinfang.procedure.step_codes import StepCode

    number = register(today())
    walk(number, "signed", today(), 0)
    page = Worker(open_page, "handler").page
    page.goto(url("step", number, StepCode.TALK))
    said = page.get_by_label("谈话内容")
    said.fill("核对了未发放的月份，")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="显示姓名、电话").click()
    page.get_by_text("15000000001").wait_for()
    assert page.get_by_text("其木格").count()
    assert said.input_value() == "核对了未发放的月份，" and page.evaluate("window.sameDocument")
    assert AccessLogEntry.objects.filter(petition__number=number, what="unmask").count() == 1
    look(page, axe, "telephone-beside-the-form")
    said.press("Control+End")
    page.keyboard.insert_text("随后答复。")
    assert said.input_value() == "核对了未发放的月份，随后答复。"
