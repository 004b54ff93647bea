"""Standing phrases: one's own, the department's, and the words of a case that are put into them."""

import re

import pytest

from tests.urls import url
from tests.world import as_, register, walk, who
from xinfang.accounts.models import Staff
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import today
from xinfang.phrases.actions import add_phrase, remove_phrase
from xinfang.phrases.models import Phrase
from xinfang.phrases.queries import MAX_OF_A_USE, phrases_for
from xinfang.phrases.words import PhraseUse, unknown_words, with_case_words
from xinfang.procedure.step_codes import StepCode

USE = PhraseUse.PROPOSAL


@pytest.fixture
def people(department) -> None:
    """The department of tests/world.py."""


def add(text: str, by: str, *, of_department: bool = False) -> Phrase:
    staff = Staff.objects.get(username=by)
    return add_phrase(USE, text, of_department=of_department, by=staff, actor=who(by))


def offered(to: str) -> list[str]:
    return phrases_for(Staff.objects.get(username=to), [USE], {"事由": "请求补发补助"})[USE]


@pytest.mark.django_db
def test_ones_own_phrase_is_offered_to_oneself_alone(people) -> None:
    add("关于“{事由}”，建议承办。", "clerk")
    assert offered("clerk")[0] == "关于“请求补发补助”，建议承办。"
    assert "关于“请求补发补助”，建议承办。" not in offered("office_head")


@pytest.mark.django_db
def test_a_phrase_of_the_department_is_offered_to_everybody_and_on_record(people) -> None:
    phrase = add("请计划处会同办理。", "clerk", of_department=True)
    assert "请计划处会同办理。" in offered("office_head")
    remove_phrase(phrase.pk, by=Staff.objects.get(username="office_head"), actor=who("office_head"))
    assert "请计划处会同办理。" not in offered("clerk")
    assert [r.what for r in AdminRecord.objects.order_by("pk")][-2:] == ["增加常用语", "删去常用语"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "by", "of_department", "why"),
    [
        ("建议由{单位}承办。", "clerk", False, "无法代入"),
        ("建议由{承办单位承办。", "clerk", False, "无法代入"),
        ("  ", "clerk", False, "请填写常用语"),
        ("长" * 301, "clerk", False, "不超过300个字"),
        ("请核查。", "handler", True, "由办公室维护"),
        ("属本厅职责范围，建议由下列处室（单位）承办。妥否，请批示。", "clerk", False, "已有这一条"),
    ],
)
def test_what_is_no_phrase_is_refused_in_words(people, text: str, by: str, of_department: bool, why: str) -> None:
    with pytest.raises(AdminChangeRefused) as refused:
        add(text, by, of_department=of_department)
    assert why in str(refused.value).replace(" ", "")
    assert not Phrase.objects.exists()


@pytest.mark.django_db
def test_nobody_removes_what_is_somebody_elses(people) -> None:
    phrase = add("我的一句。", "clerk")
    with pytest.raises(AdminChangeRefused):
        remove_phrase(phrase.pk, by=Staff.objects.get(username="office_head"), actor=who("office_head"))
    assert Phrase.objects.count() == 1


@pytest.mark.django_db
def test_there_is_a_most(people) -> None:
    for n in range(MAX_OF_A_USE):
        add(f"第{n}句。", "clerk")
    with pytest.raises(AdminChangeRefused):
        add("再一句。", "clerk")


def test_a_word_that_the_case_has_not_yet_stays_to_be_seen() -> None:
    assert with_case_words("由{承办单位}办理{编号}。", {"编号": "LX2026000001", "承办单位": ""}) == (
        "由{承办单位}办理LX2026000001。"
    )
    assert unknown_words("{编号}{谁}") == ["谁"] and unknown_words("半个{") == ["{"]


@pytest.mark.django_db
def test_the_page_adds_and_removes(people) -> None:
    client = as_("clerk")
    sent = {"use": "closing", "text": "“{事由}”已办结。", "whose": "own"}
    assert client.post(url("phrases"), sent).status_code == 302
    assert "“{事由}”已办结。" in client.get(url("phrases")).content.decode()
    wrong = client.post(url("phrases"), {**sent, "text": "{谁}"})
    assert wrong.status_code == 422 and "{谁}" in wrong.content.decode()
    assert client.post(url("phrases"), {"remove": Phrase.objects.get().pk}).status_code == 302
    assert client.post(url("phrases"), {"remove": "999"}).status_code == 422
    assert not Phrase.objects.exists()


@pytest.mark.django_db
def test_a_form_offers_the_phrases_for_its_text(people) -> None:
    number = register(today())
    walk(number, "classified", today(), 0)
    add("{编号}请一并核查。", "clerk")
    form = as_("clerk").get(url("step", number, StepCode.PROPOSE)).content.decode()
    found = re.search(r'data-phrases-for="text".*?</div>', form, re.DOTALL)
    assert found is not None and f"{number}请一并核查。" in found[0]
