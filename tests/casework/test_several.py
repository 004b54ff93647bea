"""The same thing done to several cases: each by its own rules, and what can't be done is said case by case."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from tests.urls import url
from tests.world import as_, register, take, walk
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.notifications.models import Notification
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def at(place: str) -> str:
    number = register(today() - timedelta(days=3))
    walk(number, place, today() - timedelta(days=3), 0)
    return number


def send(by: str, do: str, *numbers: str, **fields: Any) -> HttpResponse:
    return as_(by).post(url("several"), {"do": do, "case": numbers, "key": uuid.uuid4().hex, **fields})


def facts(number: str) -> Any:
    return facts_of(Petition.objects.get(number=number))


def words(answer: HttpResponse) -> str:
    return re.sub(r"<[^>]+>|\s+", "", answer.content.decode())


def test_what_leaders_instructed_is_handed_out_with_one_press() -> None:
    numbers = [at("accepted") for _ in range(3)]
    asked = as_("clerk").get(url("several"), {"do": "dispatch", "case": numbers})
    assert all(n in words(asked) for n in numbers) and not any(facts(n).handed_over_to_unit for n in numbers)
    answer = send("clerk", "dispatch", *numbers)
    assert "已办理3件" in words(answer)
    assert all(facts(n).handed_over_to_unit and facts(n).handling_unit == "funds" for n in numbers)


def test_what_cannot_be_done_is_said_and_the_rest_is_done() -> None:
    ready, early = at("accepted"), at("proposed")
    answer = send("clerk", "dispatch", ready, early)
    assert "已办理1件" in words(answer) and "没有办理1件" in words(answer) and early in words(answer)
    assert facts(ready).handed_over_to_unit and not facts(early).handed_over_to_unit


def test_open_work_of_a_unit_changes_hands_together() -> None:
    numbers = [at("signed") for _ in range(2)]
    answer = send("head", "reassign", *numbers, handler="head", reason="承办人出差")
    assert "已办理2件" in words(answer) and {facts(n).handler for n in numbers} == {"head"}
    assert all(facts(n).last(StepCode.CHANGE_HANDLER).step.reason == "承办人出差" for n in numbers)


def test_a_reassignment_says_to_whom_and_why() -> None:
    number = at("signed")
    assert send("head", "reassign", number, handler="", reason="").status_code == 422
    answer = send("head", "reassign", number, handler="clerk", reason="承办人出差")
    assert "没有办理1件" in words(answer) and facts(number).handler == "handler"


def test_a_reminder_is_a_message_and_on_record_and_left_once_a_day() -> None:
    number = at("signed")
    for _ in range(2):
        assert "已办理1件" in words(send("clerk", "remind", number))
    told = Notification.objects.filter(petition__number=number, text__contains="提醒您")
    assert [n.staff.username for n in told] == ["handler"]
    assert AdminRecord.objects.filter(what="提醒办理", target=number).count() == 2


def test_nobody_does_so_to_what_they_do_not_see_nor_to_sealed_cases() -> None:
    mine, sealed = at("signed"), register(today())
    take(sealed, StepCode.CLASSIFY, "clerk", today(), matter_class="report")
    page = words(as_("clerk").get(url("several"), {"do": "remind", "case": [mine, sealed, "LX2026999999"]}))
    assert mine in page and sealed not in page and "有2件没有列入" in page
    assert as_("handler").get(url("several"), {"do": "remind", "case": [mine]}).status_code in (403, 404)
    assert words(send("head2", "remind", mine)).count(mine) == 0


def test_sent_twice_it_is_done_once() -> None:
    number = at("accepted")
    for _ in range(2):
        send("clerk", "dispatch", number, key="k" * 20)
    assert [h.code for h in facts(number).history].count(StepCode.ASSIGN) == 1


def test_the_list_offers_it_to_who_may() -> None:
    at("accepted")
    page = as_("clerk").get(url("petitions")).content.decode()
    assert all(f'value="{do}"' in page for do in ("reassign", "dispatch", "remind"))
    assert 'value="reassign"' not in as_("leader").get(url("petitions")).content.decode()
