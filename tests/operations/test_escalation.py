"""The way up: handler, head of the unit, responsible leader, principal leader.

Everybody once, with the reason why they are told.
"""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.urls import url
from tests.world import LETTER, register, sweep_on, take, tell, walk
from xinfang.accounts.models import Duty, Staff
from xinfang.cases.models import Deadline, Event
from xinfang.notifications.models import Notification
from xinfang.procedure.limits import TELL_PRINCIPAL
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.verify import verify
from xinfang.web.dates import chinese_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def told(number: str, kind: str, clock: str) -> dict[str, str]:
    rows = Notification.objects.filter(petition__number=number, kind=kind, text__contains=f"“{clock}”")
    found = list(rows.values_list("staff__username", "text"))
    assert len(found) == len(dict(found)), "nobody is told twice"
    return dict(found)


def deadline(number: str, clock: str) -> Deadline:
    return Deadline.objects.get(petition__number=number, clock=clock)


def escalations(number: str) -> list[dict[str, object]]:
    return [e.data for e in Event.objects.filter(petition__number=number, code=StepCode.ESCALATE).order_by("seq")]


def test_each_level_tells_its_people_and_says_why() -> None:
    number = register(MONDAY)
    walk(number, "heard", MONDAY, 0)
    tell(number, MONDAY)
    row = deadline(number, "handling")
    half = row.started_on + timedelta(days=31)
    sweep_on(half)
    assert set(told(number, "deadline", "办结")) == {"handler"}
    Notification.objects.all().delete()
    sweep_on(row.alarm - timedelta(days=7))
    assert set(told(number, "deadline", "办结")) == {"handler", "head"}
    Notification.objects.all().delete()
    sweep_on(row.alarm - timedelta(days=3))
    why = told(number, "deadline", "办结")
    assert set(why) == {"handler", "head", "leader"}
    assert why["leader"].endswith("告知原因：您是包案厅领导，到期前3日起提醒（规程第四条）")
    assert why["handler"].endswith("告知原因：您是承办人，时限过半起提醒（规程第六条）")
    assert f"，{chinese_date(row.due)}到期（" in why["handler"] and row.due.isoformat() not in why["handler"]
    sweep_on(row.due + timedelta(days=1))
    assert set(told(number, "overdue", "办结")) == {"handler", "head", "leader", "clerk", "clerk2", "office_head"}
    assert not escalations(number)


def test_the_principal_leader_is_told_once_and_it_stands_in_the_timeline() -> None:
    number = register(MONDAY)
    walk(number, "heard", MONDAY, 0)
    tell(number, MONDAY)
    due = deadline(number, "handling").due
    day = due + timedelta(days=TELL_PRINCIPAL.now.value)
    sweep_on(day)
    assert not escalations(number)
    for later in (1, 1, 2, 30):
        sweep_on(day + timedelta(days=later))
    assert [(e["clock"], e["told"]) for e in escalations(number)] == [("handling", ["principal"])]
    assert set(told(number, "escalated", "办结")) == {"principal", "leader", "clerk", "clerk2", "office_head"}
    assert "报厅主要领导（规程第五条）" in told(number, "escalated", "办结")["principal"]
    client = Client()
    client.force_login(Staff.objects.get(username="clerk"))
    page = client.get(url("petition", number)).content.decode()
    assert "报厅主要领导" in page and "已告知那顺" in page and "超期11日仍未办" in page
    assert deadline(number, "handling").next_alert is None
    assert verify().whole


def test_after_missed_weeks_the_passing_is_recorded_before_the_escalation() -> None:
    number = register(MONDAY)
    walk(number, "heard", MONDAY, 0)
    tell(number, MONDAY)
    swept = sweep_on(MONDAY + timedelta(days=200))
    assert swept.escalated >= 1 and not swept.failed
    events = Event.objects.filter(petition__number=number, data__clock="handling").order_by("seq")
    assert [e.code for e in events] == [StepCode.MARK_OVERDUE, StepCode.ESCALATE]
    again = sweep_on(MONDAY + timedelta(days=200))
    assert (again.looked, again.overdue, again.escalated) == (0, 0, 0)


def test_an_unanswered_supervision_goes_up_at_once() -> None:
    number = register(MONDAY)
    day = walk(number, "heard", MONDAY, 0)
    tell(number, day)
    take(number, StepCode.SUPERVISE, "clerk", day, ground="no_feedback", text="请说明。")
    sweep_on(day + timedelta(days=7))
    assert not escalations(number)
    sweep_on(day + timedelta(days=8))
    assert [e["clock"] for e in escalations(number)] == ["supervision"]
    assert "“督办反馈”逾期未反馈" in told(number, "escalated", "督办反馈")["principal"]


def test_an_answer_in_time_leaves_nothing_to_escalate() -> None:
    number = register(MONDAY)
    day = walk(number, "heard", MONDAY, 0)
    tell(number, day)
    take(number, StepCode.SUPERVISE, "clerk", day, ground="no_feedback", text="请说明。")
    take(number, StepCode.ANSWER_SUPERVISION, "head", day + timedelta(days=6), text="已约谈。")
    sweep_on(day + timedelta(days=30))
    assert not escalations(number)


def test_who_is_recused_or_complained_of_is_never_told() -> None:
    number = register(MONDAY, complained_staff=["principal", "clerk2"])
    day = walk(number, "heard", MONDAY, 0)
    tell(number, day)
    take(number, StepCode.RECUSE, "head", day, person="clerk", reason="亲属")
    take(number, StepCode.RECUSE, "leader", day, agree=True)
    due = deadline(number, "handling").due
    sweep_on(due + timedelta(days=30))
    hidden = Notification.objects.filter(petition__number=number, staff__username__in=["principal", "clerk", "clerk2"])
    assert not hidden.filter(kind__in=["deadline", "overdue", "escalated"]).exists()
    assert [e["told"] for e in escalations(number) if e["clock"] == "handling"] == [[]]
    assert "office_head" in told(number, "escalated", "办结"), "the office learns that nobody could be told"


def test_a_sealed_report_is_escalated_to_nobody() -> None:
    number = register(
        MONDAY, source="bureau_assigned", sender="自治区信访局", sender_number="交1号", feedback_due="2026-04-01"
    )
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    sweep_on(MONDAY + timedelta(days=60))
    assert not escalations(number)
    notices = Notification.objects.filter(petition__number=number, kind__in=("deadline", "overdue", "escalated"))
    assert set(notices.values_list("staff__username", flat=True)) == {"sealed"}
    assert not [t for t in notices.values_list("text", flat=True) if LETTER["subject"] in t or "其木格" in t]


def test_without_a_principal_leader_the_event_says_so() -> None:
    number = register(MONDAY)
    walk(number, "heard", MONDAY, 0)
    tell(number, MONDAY)
    Duty.objects.filter(role="principal_leader").update(until=MONDAY)
    sweep_on(MONDAY + timedelta(days=100))
    assert [e["told"] for e in escalations(number) if e["clock"] == "handling"] == [[]]


@pytest.mark.parametrize(
    ("gone", "instead", "why"),
    [
        (["handler"], {"head"}, "承办人目前不能接收提醒"),
        (["handler", "head"], {"clerk", "clerk2", "office_head"}, "由办公室处理"),
    ],
)
def test_where_the_handler_has_left_the_next_rung_is_told(gone: list[str], instead: set[str], why: str) -> None:
    number = register(MONDAY)
    walk(number, "heard", MONDAY, 0)
    tell(number, MONDAY)
    Duty.objects.filter(staff__username__in=gone).update(until=MONDAY)
    sweep_on(deadline(number, "handling").started_on + timedelta(days=31))
    found = told(number, "deadline", "办结")
    assert set(found) == instead and all(why in text for text in found.values())
