"""Units, staff, duties from–to, deputies, and handing over when somebody leaves."""

from datetime import timedelta

import pytest

from tests.urls import url
from tests.world import confirm_changes, make_department, register, walk
from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.accounts.queries.actors import actor_of
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.procedure.words import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(client):
    make_department()
    client.force_login(Staff.objects.get(username="office_head"))
    return client


def test_the_list_has_everybody_in_few_queries(head, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        page = head.get(url("people")).content.decode()
    assert "资源配置与经费处" in page and "巴特尔" in page and "分管" in page


def test_a_unit_is_made_changed_and_ended(head):
    new = {"code": "plan", "name": "战略规划处", "kind": "division", "leader": "leader"}
    assert head.post(url("unit-new"), new).status_code == 302
    confirm_changes()
    unit = Unit.objects.get(code="plan")
    assert unit.leader.username == "leader"
    answers = {"name": "规划处", "kind": "division", "leader": "", "ended_on": today().isoformat()}
    assert head.post(url("unit", "plan"), answers).status_code == 302
    confirm_changes()
    unit.refresh_from_db()
    assert (unit.name, unit.leader, unit.ended_on) == ("规划处", None, today())


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Bad Code"},
        {"code": "funds"},
        {"name": ""},
        {"name": "办公室"},
        {"kind": "castle"},
        {"leader": "clerk"},
        {"leader": "nobody"},
        {"name": "控\x07制"},
    ],
)
def test_a_unit_that_cannot_be(head, wrong):
    response = head.post(url("unit-new"), {"code": "plan", "name": "规划处", "kind": "division", **wrong})
    assert response.status_code == 422
    assert not Unit.objects.filter(code="plan").exists()


def test_somebody_comes_gets_a_duty_and_gives_it_back(head):
    new = {"username": "newcomer", "name": "𠅤新", "title": "科员", "email": ""}
    assert head.post(url("staff-new"), new).status_code == 302
    person = Staff.objects.get(username="newcomer")
    address = url("staff", "newcomer")
    assert "还没有任何职责" in head.get(address).content.decode()
    assert head.post(address, {"do": "add-duty", "role": "handler", "unit": "funds", "since": ""}).status_code == 302
    assert not actor_of(person).duties, "one alone gives no duty"
    assert "等待安全管理员确认" in head.get(address).content.decode()
    confirm_changes()
    assert actor_of(person).has(Role.HANDLER)
    # The same duty twice would say two things about one day.
    again = head.post(address, {"do": "add-duty", "role": "handler", "unit": "funds", "since": ""})
    assert again.status_code == 422 and "重叠" in again.content.decode()
    duty = person.duties.get()
    assert head.post(address, {"do": "end-duty", "duty": duty.pk, "until": today().isoformat()}).status_code == 302
    confirm_changes()
    duty.refresh_from_db()
    assert duty.until == today()
    assert not actor_of(person, today() + timedelta(days=1)).has(Role.HANDLER)


@pytest.mark.parametrize(
    "answers",
    [
        {"do": "add-duty", "role": "king"},
        {"do": "add-duty", "role": "handler", "unit": ""},
        {"do": "add-duty", "role": "handler", "unit": "nowhere"},
        {"do": "add-duty", "role": "handler", "unit": "funds", "since": "2026-13-01"},
        {"do": "add-duty", "role": "auditor", "since": "2026-11-20", "until": "2026-11-01"},
        {"do": "end-duty", "duty": "999999"},
        {"do": "end-duty", "duty": "x"},
        {"do": "absence", "deputy": "", "since": "", "until": ""},
        {"do": "absence", "deputy": "handler", "since": "2099-01-01", "until": "2099-01-02"},
        {"do": "about", "name": "", "title": "", "email": ""},
        {"do": "about", "name": "甲", "title": "", "email": "not an address"},
        {"do": "leave", "left_on": "昨天"},
        {"do": "promote"},
        {},
    ],
)
def test_a_change_that_cannot_be_is_explained(head, answers):
    before = Duty.objects.count()
    response = head.post(url("staff", "handler"), answers)
    assert response.status_code == 422
    assert "没有保存" in response.content.decode()
    assert Duty.objects.count() == before


def test_a_deputy_stands_in(head):
    day = today().isoformat()
    answers = {"do": "absence", "deputy": "handler", "since": day, "until": day, "reason": "培训"}
    assert head.post(url("staff", "head"), answers).status_code == 302
    assert not Absence.objects.exists()
    confirm_changes()
    assert Absence.objects.get().deputy.username == "handler"
    assert "巴特尔" in head.get(url("people")).content.decode()


def test_open_work_is_handed_over_and_the_rest_stays(head):
    Duty.objects.create(
        staff=Staff.objects.get(username="handler2"),
        role="handler",
        unit_id=Unit.objects.get(code="funds").pk,
        since="2020-01-01",
    )
    start = today() - timedelta(days=20)
    number = register(start)
    walk(number, "heard", start)
    page = head.get(url("hand-over", "handler"))
    assert page.context["open"] == {"handled": 1, "led": 0}
    address = url("hand-over", "handler")
    missing = head.post(address, {"to": "", "reason": "调动"})
    assert missing.status_code == 422 and "请选择接手人" in missing.content.decode()
    nobody = head.post(address, {"to": "nobody", "reason": "调动"})
    assert nobody.status_code == 422
    outside = head.post(address, {"to": "adviser", "reason": "调动"})
    assert len(outside.context["result"].refused) == 1 and number in outside.content.decode()
    done = head.post(address, {"to": "handler2", "reason": "调动"})
    assert done.context["result"].moved == (number,)
    assert Petition.objects.get(number=number).handler.username == "handler2"


def test_nobody_is_scored(head):
    page = head.get(url("staff", "handler")).content.decode()
    for word in ("得分", "排名", "评分", "超期率", "风险"):
        assert word not in page


def test_who_may_look_and_who_may_change(head):
    head.force_login(Staff.objects.get(username="clerk"))
    page = head.get(url("staff", "handler")).content.decode()
    assert "可以查阅" in page and "添加职责" not in page
    assert head.post(url("staff", "handler"), {"do": "add-duty", "role": "auditor"}).status_code == 422
    head.force_login(Staff.objects.get(username="handler"))
    for address in (url("people"), url("unit", "funds"), url("staff", "clerk"), url("hand-over", "clerk")):
        assert head.get(address).status_code == 404
    head.force_login(Staff.objects.get(username="office_head"))
    for address in (url("unit", "nowhere"), url("staff", "nobody"), url("hand-over", "nobody")):
        assert head.get(address).status_code == 404
