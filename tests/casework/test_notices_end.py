"""A message ends with its cause: once the limit has stopped or the task is gone it is no call to act any more."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.urls import url
from tests.world import as_, noon, register, sweep_on, take, tell, walk, who
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Petition
from xinfang.cases.queries.inbox import unread_count
from xinfang.notifications.models import Notification
from xinfang.operations.actions.notification_mail import _waiting
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.supervision import Warn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)


def said(number: str, words: str, username: str = "") -> list[str]:
    """Why each message with these words calls for nothing any more; empty for one that still does."""
    rows = Notification.objects.filter(petition__number=number, text__contains=words).order_by("id")
    rows = rows.filter(staff__username=username) if username else rows
    return list(rows.values_list("ended_why", flat=True))


def test_a_warning_ends_when_the_limit_is_met() -> None:
    number = register(MONDAY)
    sweep_on(date(2026, 3, 14))
    assert set(said(number, "书面告知")) == {""}
    walk(number, "accepted", date(2026, 3, 16), 0)
    assert set(said(number, "书面告知")) == {""}, "decided is not told"
    tell(number, date(2026, 3, 16))
    assert set(said(number, "书面告知")) == {"“书面告知”已于2026年3月16日完成"}


def test_what_was_said_to_be_overdue_ends_with_the_days_it_was_late() -> None:
    number = register(MONDAY)
    sweep_on(date(2026, 3, 18))
    walk(number, "accepted", date(2026, 3, 19), 0)
    tell(number, date(2026, 3, 20))
    assert set(said(number, "“书面告知”已超期")) == {"“书面告知”已于2026年3月20日完成，超期3日"}


def test_a_limit_that_falls_away_says_so() -> None:
    number = register(MONDAY)
    sweep_on(date(2026, 3, 18))
    take(number, StepCode.CLASSIFY, "clerk", date(2026, 3, 19), matter_class="report")
    assert set(said(number, "“书面告知”已超期")) == {"“书面告知”不再适用"}


def test_an_extension_ends_the_warnings_of_the_date_before() -> None:
    number = register(MONDAY)
    walk(number, "heard", MONDAY, 0)
    tell(number, MONDAY)
    sweep_on(date(2026, 4, 28))
    assert set(said(number, "“办结”")) == {""}
    take(number, StepCode.REQUEST_EXTENSION, "handler", date(2026, 4, 28), days=30, reason="需要鉴定")
    take(number, StepCode.GRANT_EXTENSION, "leader", date(2026, 4, 28), agree=True, days=30, reason="同意")
    assert set(said(number, "“办结”")) == {"“办结”的到期日已改为2026年5月31日"}


def test_a_task_that_is_done_ends_what_was_told_of_it_and_nothing_else() -> None:
    number = register(MONDAY)
    walk(number, "assigned", MONDAY, 0)
    assert said(number, "签收", "head") == [""]
    take(number, StepCode.SIGN_FOR, "head", MONDAY + timedelta(days=1), handler="handler")
    assert said(number, "签收", "head") == ["2026年3月3日办理“签收”后，不再需要办理"]
    assert said(number, "听取信访人陈述") == [""] * len(said(number, "听取信访人陈述")) != []


def test_what_ended_is_not_unread_nor_mailed_and_says_why_on_its_page(settings) -> None:
    number = register(MONDAY)
    walk(number, "assigned", MONDAY, 0)
    before = unread_count(who("head"), 99)
    take(number, StepCode.SIGN_FOR, "head", MONDAY, handler="handler")
    assert unread_count(who("head"), 99) == before - 1
    page = as_("head").get(url("notices")).content.decode()
    assert "已了结" in page and "2026年3月2日办理“签收”后，不再需要办理" in page
    ended = Notification.objects.exclude(ended_at=None)
    assert ended.exists() and not ended.filter(read_at__isnull=False).exists(), "nobody is said to have read it"
    for staff in {n.staff for n in ended}:
        staff.email = f"{staff.username}@example.cn"
        staff.save()
    waiting = [n.pk for letters in _waiting(noon(MONDAY)).values() for n in letters]
    assert waiting and not set(waiting) & set(ended.values_list("pk", flat=True))


def test_a_limit_that_runs_again_calls_again() -> None:
    number = register(MONDAY)
    sweep_on(date(2026, 3, 18))
    walk(number, "accepted", date(2026, 3, 19), 0)
    tell(number, date(2026, 3, 20))
    paper = Petition.objects.get(number=number).made_papers.get(kind="acceptance_notice").place
    withdrawn = {"paper": paper, "reason": "文号有误"}
    take(number, StepCode.WITHDRAW_PAPER, "clerk", date(2026, 3, 23), **withdrawn)
    assert set(said(number, "“书面告知”已超期")) == {""}


def test_a_step_that_ends_nothing_asks_nothing_of_the_messages() -> None:
    number = register(MONDAY)
    with CaptureQueriesContext(connection) as seen:
        perform(Warn(clock="notice", due=date(2026, 3, 17), level="x"), number, by=SYSTEM, now=noon(MONDAY))
    assert not [q for q in seen.captured_queries if "notification" in q["sql"].lower()]
