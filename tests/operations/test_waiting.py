"""A step that waits too long for its second person is told to the next, each of them once; deputies can agree."""

from datetime import date, timedelta

import pytest

from tests.world import register, sweep_on, take
from xinfang.accounts.actions.people import add_absence
from xinfang.accounts.models import Duty, Staff
from xinfang.cases.models import Petition, Task
from xinfang.cases.queries.petitions import facts_of
from xinfang.notifications.models import Notification
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
THURSDAY = date(2026, 3, 5)


@pytest.fixture
def number() -> str:
    """Found to be another way's by one of the office: another of it has to agree."""
    number = register(THURSDAY)
    found = {"matter_class": "claim", "purpose": "claim"}
    take(number, StepCode.CLASSIFY, "clerk", THURSDAY, **found, route="six")
    take(number, StepCode.CLASSIFY, "clerk", THURSDAY, waits=True, **found, route="four")
    assert StepCode.CLASSIFY in facts_of(Petition.objects.get(number=number)).pending
    return number


def told(number: str) -> list[str]:
    rows = Notification.objects.filter(kind="waiting", petition__number=number).order_by("id")
    return list(rows.values_list("staff__username", flat=True))


def away(person: str, deputy: str) -> None:
    people = {s.username: s for s in Staff.objects.all()}
    add_absence(people[person], deputy=people[deputy], since=THURSDAY, until=date(2099, 1, 1), by=None)


def test_each_is_told_once_and_the_leaders_only_when_it_goes_on(number: str) -> None:
    assert sweep_on(date(2026, 3, 9)).waiting == 0, "the second working day isn't over"
    assert not told(number)
    assert sweep_on(date(2026, 3, 10)).waiting == 2
    assert sorted(told(number)) == ["clerk2", "office_head"], "not who put it forward"
    text = Notification.objects.filter(kind="waiting").first().text
    assert text.startswith(f"{number}：“分类”2026年3月5日提出，等待第二人确认超过2个工作日（规程第五条")
    sweep_on(date(2026, 3, 11))
    assert len(told(number)) == 2, "told once, whatever the sweep finds again"
    sweep_on(date(2026, 3, 16))
    assert sorted(told(number)) == ["clerk2", "office_head", "principal"], "nobody is responsible for it yet"
    sweep_on(date(2026, 6, 1))
    assert len(told(number)) == 3


def test_once_it_is_answered_nothing_calls_any_more(number: str) -> None:
    sweep_on(date(2026, 3, 10))
    take(number, StepCode.CLASSIFY, "clerk2", date(2026, 3, 11), agree=True)
    ended = Notification.objects.filter(kind="waiting").values_list("ended_why", flat=True)
    assert set(ended) == {"2026年3月11日办理“分类”后，不再需要办理"}
    assert sweep_on(date(2026, 3, 30)).waiting == 0


def test_a_second_one_that_waits_later_is_told_of_again(number: str) -> None:
    sweep_on(date(2026, 3, 10))
    take(number, StepCode.CLASSIFY, "clerk2", date(2026, 3, 11), agree=False, opinion="不是")
    again = {"matter_class": "claim", "purpose": "claim", "route": "four"}
    take(number, StepCode.CLASSIFY, "clerk", date(2026, 3, 11), waits=True, **again)
    assert sweep_on(date(2026, 3, 16)).waiting == 2


def office_of_two() -> None:
    """Only a clerk and the head are left in the office."""
    Duty.objects.filter(staff__username="clerk2").update(until=THURSDAY - timedelta(days=1))


def test_in_an_office_of_two_the_other_is_told_and_agrees(number: str) -> None:
    office_of_two()
    sweep_on(date(2026, 3, 10))
    assert told(number) == ["office_head"]
    take(number, StepCode.CLASSIFY, "office_head", date(2026, 3, 10), agree=True)
    assert facts_of(Petition.objects.get(number=number)).route == "four"


def test_while_the_other_is_away_the_deputy_is_told_and_agrees(number: str) -> None:
    office_of_two()
    away("office_head", "head2")
    sweep_on(date(2026, 3, 10))
    assert told(number) == ["head2"]
    assert "您代行其职责" in Notification.objects.get(kind="waiting").text
    take(number, StepCode.CLASSIFY, "head2", date(2026, 3, 10), agree=True)
    assert facts_of(Petition.objects.get(number=number)).route == "four"


def test_where_nobody_of_the_office_is_left_a_leader_is_told_at_once_and_agrees(number: str) -> None:
    office_of_two()
    Duty.objects.filter(staff__username="office_head").update(until=THURSDAY - timedelta(days=1))
    sweep_on(date(2026, 3, 10))
    assert told(number) == ["principal"], "the next who is there"
    assert "无人可办" in Task.objects.get(petition__number=number, step=StepCode.CLASSIFY).words
    take(number, StepCode.CLASSIFY, "principal", date(2026, 3, 10), agree=True)
    assert facts_of(Petition.objects.get(number=number)).route == "four"
