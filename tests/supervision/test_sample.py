"""The sample of a month: drawn once on the first working day, the same whoever draws it, gone through on its page."""

from datetime import date, timedelta

import pytest

from tests.urls import url
from tests.world import as_, make_department, noon, register, sweep_on, take
from xinfang.cases.models import Event
from xinfang.department.actions import set_setting
from xinfang.notifications.models import Notification
from xinfang.procedure.step_codes import StepCode
from xinfang.supervision.actions import decisions_of, draw_monthly_sample
from xinfang.supervision.models import MonthlySample, SampledDecision

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
FIRST_WORKING_DAY = date(2026, 4, 1)


@pytest.fixture
def numbers() -> list[str]:
    make_department()
    found = []
    for days in range(7):
        number = register(MONDAY + timedelta(days=days))
        take(
            number, StepCode.FILE_WITHOUT_ACTION, "clerk", MONDAY + timedelta(days=days), ground="no_value", reason="x"
        )
        take(number, StepCode.FILE_WITHOUT_ACTION, "clerk2", MONDAY + timedelta(days=days), agree=True)
        found.append(number)
    return found


def drawn() -> list[str]:
    return list(SampledDecision.objects.values_list("event__petition__number", flat=True))


def test_it_is_drawn_once_on_the_first_working_day_or_the_next_time_that_somebody_sweeps(numbers) -> None:
    assert draw_monthly_sample(noon(date(2026, 3, 31))) == 0, "not in its own month"
    assert sweep_on(FIRST_WORKING_DAY).sampled == 5
    assert sweep_on(FIRST_WORKING_DAY + timedelta(days=1)).sampled == 0
    assert MonthlySample.objects.filter(month=date(2026, 3, 1)).exists() and len(set(drawn()) & set(numbers)) == 5
    told = Notification.objects.filter(kind="sample")
    assert [n.staff.username for n in told] == ["principal"] and "共 7 件，抽取 5 件" in told[0].text


def test_no_holiday_is_a_first_working_day(numbers) -> None:
    number = register(date(2026, 4, 3))
    take(number, StepCode.FILE_WITHOUT_ACTION, "clerk", date(2026, 4, 3), ground="no_value", reason="x")
    take(number, StepCode.FILE_WITHOUT_ACTION, "clerk2", date(2026, 4, 3), agree=True)
    assert draw_monthly_sample(noon(date(2026, 5, 1))) == 0, "劳动节"
    assert draw_monthly_sample(noon(date(2026, 5, 6))) == 1


def test_anybody_with_the_records_draws_the_same(numbers) -> None:
    draw_monthly_sample(noon(FIRST_WORKING_DAY))
    again = decisions_of(date(2026, 3, 1))[:5]
    assert list(SampledDecision.objects.values_list("event_id", flat=True)) == again
    hashes = list(Event.objects.filter(pk__in=again).order_by("hash").values_list("pk", flat=True))
    assert hashes == again, "in the order of the chain's hashes, which nobody chooses"


def test_how_many_is_set_by_the_department_from_a_day_on(numbers) -> None:
    set_setting("monthly_sample", "2", since=MONDAY, by=None)
    assert draw_monthly_sample(noon(FIRST_WORKING_DAY)) == 2


def test_the_principal_leader_goes_through_it_and_each_result_is_on_the_page(numbers) -> None:
    draw_monthly_sample(noon(FIRST_WORKING_DAY))
    first, second = drawn()[:2]
    page = as_("principal").get(url("sample")).content.decode()
    assert page.count("抽查此件") == 5 and "抽取 5 件，还有 5 件待抽查" in page and "乌兰、孟和" in page
    assert "抽查此件" not in as_("clerk").get(url("sample")).content.decode()
    take(first, StepCode.SPOT_CHECK, "principal", result="approved", reason="确系广告")
    take(second, StepCode.SPOT_CHECK, "principal", result="redo", reason="有明确的诉求")
    page = as_("office_head").get(url("sample")).content.decode()
    assert "还有 3 件待抽查" in page and "要求重办" in page and "有明确的诉求" in page
    assert as_("leader").get(url("sample")).status_code == 404


def test_without_a_sample_the_page_says_so() -> None:
    make_department()
    assert "没有需要抽查的件" in as_("principal").get(url("sample")).content.decode()
