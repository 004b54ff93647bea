"""Fields that the page never offered.

A case goes to nobody who may not have it, and nothing of another case is reached.
"""

from datetime import timedelta

import pytest

from tests.fuzz import nasty, whole
from tests.fuzz.cases import Form, as_
from tests.urls import url
from tests.world import register, take
from xinfang.cases.models import Event, Petition
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Role

pytestmark = pytest.mark.django_db

DOCTORED: list[tuple[str, dict[str, str], str]] = [
    (StepCode.PROPOSE, {"unit": "archive"}, "单位"),
    (StepCode.PROPOSE, {"unit": "nowhere"}, "没有这一项"),
    (StepCode.PROPOSE, {"leader": "handler"}, "厅领导"),
    (StepCode.ASSIGN, {"handling_unit": "archive"}, "承办"),
    (StepCode.ACCEPT, {"handling_unit": "property"}, "承办"),
    (StepCode.ACCEPT, {"responsible_leader": "clerk"}, "厅领导"),
    (StepCode.SIGN_FOR, {"handler": "handler2"}, "承办"),
    (StepCode.SIGN_FOR, {"handler": "auditor"}, "承办"),
    (StepCode.CHANGE_HANDLER, {"handler": "head2"}, "承办"),
    (StepCode.CHANGE_LEADER, {"leader": "handler"}, "厅领导"),
    (StepCode.SEEK_LEGAL_ADVICE, {"adviser": "clerk"}, "法律顾问"),
    (StepCode.RECUSE, {"person": "nobody-like-it"}, "没有这一项"),
    (StepCode.CLASSIFY, {"matter_class": "principal_leader"}, "没有"),
]


@pytest.mark.parametrize(("code", "doctored", "words"), DOCTORED, ids=lambda x: str(x) if isinstance(x, dict) else "")
def test_who_may_not_have_it_does_not_get_it(
    forms: list[Form], code: str, doctored: dict[str, str], words: str
) -> None:
    form = next(f for f in forms if f.name == code)
    before = whole.print_of_all()
    fields = form.fields | {k: [v] for k, v in doctored.items()}
    answer = as_(form.by).generic("POST", form.path, nasty.urlencoded(fields), "application/x-www-form-urlencoded")
    assert answer.status_code == 422 and words in answer.content.decode()
    assert whole.print_of_all() == before


def test_the_unit_complained_of_does_not_get_the_case(forms: list[Form]) -> None:
    number = register(today(), complained_units=["funds"], complained_staff=["handler2"])
    take(number, StepCode.CLASSIFY, "clerk", today(), matter_class="claim", route="six", purpose="claim")
    fields = {
        "text": ["由经费处承办"],
        "unit": ["funds"],
        "leader": ["leader"],
        "seen": ["2"],
        "key": ["0123456789abcdef"],
    }
    answer = as_("clerk").post(url("step", number, StepCode.PROPOSE), fields)
    assert answer.status_code == 422 and Petition.objects.get(number=number).revision == 2
    assert as_("handler").post(url("step", number, StepCode.PROPOSE), fields).status_code == 404


def test_a_key_or_number_of_another_case_reaches_nothing(forms: list[Form], numbers: dict[str, str]) -> None:
    clerk = as_("clerk")
    form = next(f for f in forms if f.name == StepCode.CLASSIFY)
    assert clerk.post(form.path, form.fields).status_code == 302
    key = Event.objects.get(petition__number=form.number, code=StepCode.CLASSIFY).key
    assert key
    # The very key of somebody else's event, bare and with their prefix: refused or taken for a new one, never answered
    # with their case.
    for given in (key, form.fields["key"][0], key.rpartition("-")[2]):
        answer = as_("handler2").post(form.path, form.fields | {"key": [given]})
        assert answer.status_code == 404
    for number in (numbers["reported"], numbers["heard"]):
        for code in (StepCode.TALK, StepCode.DRAFT_REPLY, StepCode.ATTACH, StepCode.WITHDRAW_ATTACHMENT):
            answer = as_("handler2").post(url("step", number, code), {"key": [key], "seen": ["99"]})
            assert answer.status_code == 404
    # A number that hides a sealed case is no first of a repeat.
    tie = next(f for f in forms if f.name == StepCode.LINK_REPEAT)
    seen = str(Petition.objects.get(number=tie.number).revision)
    fields = tie.fields | {"first": [numbers["reported"]], "seen": [seen], "key": ["fedcba9876543210"]}
    answer = clerk.post(tie.path, fields)
    assert answer.status_code == 422 and "没有找到首件" in answer.content.decode()


def test_no_role_comes_from_a_form(forms: list[Form]) -> None:
    day = today().isoformat()
    for role in ("system", "petitioner", "superuser", "", "auditor\x00", Role.SYSTEM.value):
        answer = as_("office_head").post(
            url("staff", "handler"),
            {"do": "add-duty", "role": role, "unit": "funds", "since": day, "until": str(today() + timedelta(days=1))},
        )
        assert answer.status_code == 422, role


@pytest.mark.parametrize("blank", ["\ufeff", "\u3000\ufeff", "\ufeff \ufeff", "\t\ufeff\r\n"])
def test_an_invisible_answer_is_no_answer(forms: list[Form], blank: str) -> None:
    """It was taken once, and kept as empty: the case could never be opened again."""
    for form in (
        f for f in forms if f.name in (StepCode.REPORT_UP, StepCode.REFUSE_FURTHER, StepCode.SUPPLEMENT, StepCode.TALK)
    ):
        before = whole.print_of_all()
        names = [n for n in form.fields if n in ("body", "reason", "text", "said")]
        answer = as_(form.by).post(form.path, form.fields | {n: [blank] for n in names})
        assert answer.status_code == 422 and whole.print_of_all() == before, form.name
        assert not whole.wrong_with(form.number)
