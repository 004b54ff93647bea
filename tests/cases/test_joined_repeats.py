"""A repeat joined to a first case that is being handled: what the system looks up there."""

from datetime import date

import pytest

from tests.world import HAPPY_PATH, make_department, register, take, walk
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.procedure.facts import Facts
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
CLAIM = {"matter_class": "claim", "route": "six", "purpose": "claim"}
SAME = {"same_person": True, "same_matter": True, "reason": "同一封信"}
WHY = {"reason": "同一事项，首件正在办理"}


@pytest.fixture(autouse=True)
def department(db: None) -> None:
    make_department()


def repeat_of(first: str) -> str:
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, **CLAIM)
    take(number, StepCode.LINK_REPEAT, "clerk", MONDAY, first=first, **SAME)
    take(number, StepCode.LINK_REPEAT, "clerk2", MONDAY, agree=True)
    return number


def facts(number: str) -> Facts:
    return facts_of(Petition.objects.get(number=number))


def test_it_is_answered_with_the_number_and_the_day_of_the_reply_to_the_first() -> None:
    first = register(MONDAY)
    walk(first, "accepted", MONDAY, 0)
    number = repeat_of(first)
    take(number, StepCode.JOIN_FIRST, "clerk", MONDAY, **WHY)
    assert facts(number).joined_to == first
    invented = {
        "requests": [1, 2],
        "first_is_answered": True,
        "opinion_number": "内科信答〔2026〕99号",
        "answered_on": "2026-03-02",
    }
    with pytest.raises(Refused, match="首件还没有答复信访人"):
        take(number, StepCode.ANSWER_WITH_FIRST, "clerk", MONDAY, **invented)
    walk(first, "served", MONDAY, 0, HAPPY_PATH[4:])
    take(number, StepCode.ANSWER_WITH_FIRST, "clerk", MONDAY, **invented)
    step = facts(number).history[-1].step
    assert step.opinion_number == facts(first).last(StepCode.ISSUE_REPLY).step.document_number
    assert step.answered_on == facts(first).replied_on and facts(number).state is State.ANSWERED


def test_a_repeat_of_what_was_answered_or_put_aside_is_not_joined() -> None:
    answered, withdrawn = register(MONDAY), register(MONDAY)
    walk(answered, "served", MONDAY, 0)
    take(withdrawn, StepCode.WITHDRAW, "clerk", MONDAY, reason="本人撤回")
    for first in (answered, withdrawn):
        with pytest.raises(Refused, match="首件不在办理之中"):
            take(repeat_of(first), StepCode.JOIN_FIRST, "clerk", MONDAY, first_is_handled=True, **WHY)
