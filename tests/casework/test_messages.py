"""信访人留言 at the desk: in the inbox of who has the case, with its day, also after the case ended."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cases.test_visibility import petitioner_of
from tests.urls import url
from tests.world import noon, register, take, walk
from xinfang.accounts.models import Staff
from xinfang.cases.actions.decided_step import StepResult
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Deadline, Petition, Task
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def as_(username: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def write(number: str, day: date, **said: Any) -> StepResult:
    """The petitioner writes on the window."""
    step = load_step(STEPS[StepCode.LEAVE_MESSAGE], {"kind": "message", "text": "请问何时拨付？", **said})
    return perform(step, number, by=petitioner_of(number), now=noon(day))


def asked(number: str) -> list[tuple[str, str]]:
    rows = Task.objects.filter(petition__number=number, step=StepCode.ANSWER_MESSAGE)
    return [(t.role, t.words) for t in rows]


def test_a_message_after_the_end_is_in_the_office_s_inbox_until_it_is_answered() -> None:
    number = register(ago(5))
    walk(number, "closed", ago(5), 0)
    write(number, ago(3))
    assert asked(number) == [("office", "答复信访人留言")]
    due = Deadline.objects.get(petition__number=number, clock="message")
    assert (due.due, due.stopped_on) == (ago(3) + timedelta(days=15), None)
    page = as_("clerk").get(url("inbox"))
    row = next(r for r in page.context["rows"] if r["number"] == number)
    assert "答复信访人留言" in [a["words"] for a in row["asked_links"]]
    assert row["clock"] == "答复留言"
    sent = as_("clerk").post(
        url("step", number, StepCode.ANSWER_MESSAGE),
        {"key": "clerk-0123456789", "seen": str(_seen(number)), "message": "1", "text": "下月拨付"},
    )
    assert sent.status_code == 302, sent.content.decode()
    assert not asked(number)
    assert Deadline.objects.get(petition__number=number, clock="message").stopped_on == today()


def _seen(number: str) -> int:
    return Petition.objects.get(number=number).revision


def test_the_form_shows_each_message_that_waits_and_asks_only_what_it_needs() -> None:
    number = register(ago(5))
    write(number, ago(4), text="第一问")
    page = as_("clerk").get(url("step", number, StepCode.ANSWER_MESSAGE)).content.decode()
    assert "第一问" in page and "留言1：" in page
    assert 'name="outcome"' not in page and 'name="meant"' not in page and 'name="told"' not in page
    write(number, ago(3), kind="recusal", text="承办人是对方的亲属")
    take(number, StepCode.LEAVE_MESSAGE, "clerk", ago(3), kind="correct", text="电话有误", channel="phone")
    take(number, StepCode.ANSWER_MESSAGE, "clerk", ago(2), message=1, text="已答复")
    page = as_("office_head").get(url("step", number, StepCode.ANSWER_MESSAGE)).content.decode()
    assert "第一问" not in page and "承办人是对方的亲属" in page and "电话有误" in page
    assert 'name="outcome"' in page and 'name="meant"' in page and 'name="told"' in page
    recusal = "决定信访人的回避申请"
    asked_now = [("office", "答复信访人留言"), ("office_head", recusal), ("principal_leader", recusal)]
    assert sorted(asked(number)) == asked_now


def test_the_timeline_tells_who_wrote_and_who_answered() -> None:
    number = register(ago(5))
    write(number, ago(4), text="第一问")
    take(number, StepCode.ANSWER_MESSAGE, "clerk", ago(3), message=1, text="正在办理")
    page = as_("clerk").get(url("petition", number)).content.decode()
    assert "信访人留言" in page and "第一问" in page and "正在办理" in page


def test_of_a_sealed_case_only_its_officer_is_asked() -> None:
    number = register(ago(5))
    take(number, StepCode.CLASSIFY, "clerk", ago(5), matter_class="report")
    write(number, ago(4), text="补充一句")
    assert asked(number) == [("sealed_officer", "答复信访人留言")]
    assert as_("clerk").get(url("step", number, StepCode.ANSWER_MESSAGE)).status_code == 404
