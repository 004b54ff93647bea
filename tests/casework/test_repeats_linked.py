"""Ties between repeats are made and undone by people: reversible, one at a time, never by a machine."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.urls import url
from tests.world import register, take
from xinfang.accounts.models import Staff
from xinfang.cases.models import Deadline, Petition, Request, Task
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
MONDAY = date(2026, 3, 2)
SAME = {"same_person": True, "same_matter": True, "reason": "同一人反映同一事项"}


def as_(username: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    return client


def kept(number: str) -> list[Any]:
    """All that is kept of a case but its history, and how long that is."""
    (row,) = Petition.objects.filter(number=number).values()
    for of_the_history in ("revision", "head", "head_mac"):
        row.pop(of_the_history)
    rows = [row]
    for model in (Deadline, Task, Request):
        found = model.objects.filter(petition__number=number).values()
        rows += sorted(({k: v for k, v in r.items() if k != "id"} for r in found), key=repr)
    return rows


def test_a_tie_undone_restores_both_cases_exactly():
    first, again = register(MONDAY), register(MONDAY)
    before = kept(first), kept(again)
    take(again, StepCode.LINK_REPEAT, "clerk", MONDAY, first=first, **SAME)
    take(again, StepCode.LINK_REPEAT, "clerk2", MONDAY, agree=True)
    assert (kept(first), kept(again)) != before
    take(again, StepCode.UNLINK_REPEAT, "clerk", MONDAY, reason="事实不同")
    take(again, StepCode.UNLINK_REPEAT, "clerk2", MONDAY, agree=True)
    after = kept(first), kept(again)
    assert after == before


def test_of_two_clerks_who_tie_at_once_one_is_told():
    first, other, again = (register(MONDAY) for _ in range(3))
    seen = Petition.objects.get(number=again).revision
    answers = []
    for username, to in (("clerk", first), ("clerk2", other)):
        sent = {"first": to, "same_person": "yes", "same_matter": "yes", "reason": "同人同事", "seen": seen}
        form = {**sent, "key": f"key-of-{username}"}
        answers.append(as_(username).post(url("step", again, StepCode.LINK_REPEAT), form))
    assert [a.status_code for a in answers] == [302, 422]
    assert "另有人提出了这一步" in answers[1].content.decode()
    assert not Petition.objects.exclude(repeat_of=None).exists(), "and the first tie waits for its second person"


def test_letters_alike_of_different_people_are_never_tied_without_a_person():
    people = ("其木格", "其木日", "其木勒")
    numbers = [register(MONDAY, persons=[{"name": n, "phone": f"1500000009{i}"}]) for i, n in enumerate(people)]
    for number in numbers:
        page = as_("clerk").get(url("similar", number)).content.decode()
        assert all(other in page for other in numbers if other != number)
    assert not Petition.objects.exclude(repeat_of=None).exists()
    with pytest.raises(Refused, match="同一信访人"):
        take(numbers[1], StepCode.LINK_REPEAT, "clerk", MONDAY, **{**SAME, "first": numbers[0], "same_person": False})
    take(numbers[1], StepCode.LINK_REPEAT, "clerk", MONDAY, first=numbers[0], **SAME)
    assert not Petition.objects.exclude(repeat_of=None).exists(), "and not by one person alone"
