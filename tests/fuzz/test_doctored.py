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
from xinfang.procedure.words import Role

pytestmark = pytest.mark.django_db

DOCTORED: list[tuple[str, dict[str, str], str]] = [
    ("propose", {"unit": "archive"}, "单位"),
    ("propose", {"unit": "nowhere"}, "没有这一项"),
    ("propose", {"leader": "handler"}, "厅领导"),
    ("assign", {"handling_unit": "archive"}, "承办"),
    ("accept", {"handling_unit": "property"}, "承办"),
    ("accept", {"responsible_leader": "clerk"}, "厅领导"),
    ("sign_for", {"handler": "handler2"}, "承办"),
    ("sign_for", {"handler": "auditor"}, "承办"),
    ("change_handler", {"handler": "head2"}, "承办"),
    ("change_leader", {"leader": "handler"}, "厅领导"),
    ("seek_legal_advice", {"adviser": "clerk"}, "法律顾问"),
    ("recuse", {"person": "nobody-like-it"}, "没有这一项"),
    ("classify", {"matter_class": "principal_leader"}, "没有"),
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
    take(number, "classify", "clerk", today(), matter_class="claim", route="six", purpose="claim")
    fields = {
        "text": ["由经费处承办"],
        "unit": ["funds"],
        "leader": ["leader"],
        "seen": ["2"],
        "key": ["0123456789abcdef"],
    }
    answer = as_("clerk").post(url("step", number, "propose"), fields)
    assert answer.status_code == 422 and Petition.objects.get(number=number).revision == 2
    assert as_("handler").post(url("step", number, "propose"), fields).status_code == 404


def test_a_key_or_number_of_another_case_reaches_nothing(forms: list[Form], numbers: dict[str, str]) -> None:
    clerk = as_("clerk")
    form = next(f for f in forms if f.name == "classify")
    assert clerk.post(form.path, form.fields).status_code == 302
    key = Event.objects.get(petition__number=form.number, code="classify").key
    assert key
    # The very key of somebody else's event, bare and with their prefix: refused or taken for a new one, never answered
    # with their case.
    for given in (key, form.fields["key"][0], key.rpartition("-")[2]):
        answer = as_("handler2").post(form.path, form.fields | {"key": [given]})
        assert answer.status_code == 404
    for number in (numbers["reported"], numbers["heard"]):
        for code in ("talk", "draft_reply", "attach", "withdraw_attachment"):
            answer = as_("handler2").post(url("step", number, code), {"key": [key], "seen": ["99"]})
            assert answer.status_code == 404
    # A number that hides a sealed case is no first of a repeat.
    tie = next(f for f in forms if f.name == "link_repeat")
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
    for form in (f for f in forms if f.name in ("report_up", "refuse_further", "supplement", "talk")):
        before = whole.print_of_all()
        names = [n for n in form.fields if n in ("body", "reason", "text", "said")]
        answer = as_(form.by).post(form.path, form.fields | {n: [blank] for n in names})
        assert answer.status_code == 422 and whole.print_of_all() == before, form.name
        assert not whole.wrong_with(form.number)
