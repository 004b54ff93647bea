"""An open case is in somebody's inbox, no matter who leaves, is away or is accused; and comes back when they do."""

from datetime import date, timedelta

import pytest

from tests.world import register, sweep_on, take, tell, walk, who
from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.cases.models import Petition, Task
from xinfang.cases.queries.inbox import tasks_for
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.notifications.models import Notification
from xinfang.procedure.addressees import UNIT_ROLES, AddressedTask
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import Role
from xinfang.proof.derived_rows import differences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def came() -> date:
    return today() - timedelta(days=3)


def asked_of(username: str, number: str) -> list[str]:
    return [t.words for t in tasks_for(who(username)).filter(petition__number=number)]


def assigned(unit: str = "funds") -> str:
    number = register(came())
    walk(number, "accepted", came(), 0)
    tell(number, came())
    take(number, StepCode.ASSIGN, "clerk", handling_unit=unit, feedback_on="2099-12-31")
    return number


def head_leaves() -> None:
    Duty.objects.filter(staff__username="head").update(until=today() - timedelta(days=1))


def test_a_unit_without_a_head_is_given_no_case() -> None:
    Unit.objects.create(code="new", name="新设处", kind="division")
    number = register(came())
    walk(number, "accepted", came(), 0)
    with pytest.raises(Refused, match="没有可以签收的负责人"):
        take(number, StepCode.ASSIGN, "clerk", handling_unit="new", feedback_on="2099-12-31")


def test_the_office_handles_a_matter_of_its_own() -> None:
    """Its head signs for it and reviews, its clerks handle: the path of every other unit."""
    number = register(came())
    take(number, StepCode.CLASSIFY, "clerk", matter_class="suggestion", purpose="suggestion")
    take(number, StepCode.REFER, "clerk", handling_unit="office")
    assert asked_of("office_head", number) == ["签收"] and asked_of("clerk", number) == []
    take(number, StepCode.SIGN_FOR, "office_head", handler="clerk")
    assert asked_of("clerk", number) == ["研究论证"]
    take(number, StepCode.STUDY, "clerk", studied_by="办公室", result="可行")
    assert asked_of("clerk", number) == ["回复"]
    said = {"text": "已采纳", "adoption": "full", "basis": "某办法", "refuses_nothing": True}
    take(number, StepCode.ANSWER, "clerk", **said)


def test_when_the_head_has_left_the_head_of_the_office_finds_it_and_may_act() -> None:
    number = assigned()
    assert asked_of("head", number) == ["签收"]
    head_leaves()
    sweep_on(today())
    assert asked_of("office_head", number) == ["无人可办：签收"]
    assert Notification.objects.filter(staff__username="office_head", petition__number=number).exists()
    take(number, StepCode.SIGN_FOR, "office_head", handler="handler")
    event = Petition.objects.get(number=number).events.latest("seq")
    assert (event.by.username, event.by_role) == ("office_head", "office_head")
    assert asked_of("handler", number)


def test_nobody_stands_in_for_a_head_who_is_there() -> None:
    number = assigned()
    with pytest.raises(Refused, match="应由承办处室（单位）负责人办理"):
        take(number, StepCode.SIGN_FOR, "office_head")
    with pytest.raises(Refused, match="应由承办处室（单位）负责人办理"):
        take(number, StepCode.SIGN_FOR, "principal")


def test_when_the_head_comes_back_it_is_theirs_again() -> None:
    number = assigned()
    head_leaves()
    sweep_on(today())
    Duty.objects.filter(staff__username="head").update(until=None)
    sweep_on(today())
    assert asked_of("head", number) == ["签收"] and asked_of("office_head", number) == []


def test_a_head_who_is_away_is_stood_in_for_by_their_deputy_and_not_by_the_office() -> None:
    number = assigned()
    head, deputy = Staff.objects.get(username="head"), Staff.objects.get(username="head2")
    Absence.objects.create(staff=head, deputy=deputy, since=today(), until=today() + timedelta(days=3))
    sweep_on(today())
    assert asked_of("head2", number) == ["签收"] and asked_of("office_head", number) == []


def test_an_accused_head_blocks_nothing_and_never_sees_it() -> None:
    """Recused after the case was theirs: they and everybody who acts in their name are out, the office finds it."""
    number = assigned()
    take(number, StepCode.RECUSE, "clerk", person="head", reason="信访人的亲属")
    take(number, StepCode.RECUSE, "leader", agree=True)
    assert asked_of("head", number) == []
    assert asked_of("office_head", number) == ["无人可办：签收"]


def test_a_leader_who_has_left_is_replaced_by_the_office() -> None:
    number = register(came())
    walk(number, "reviewed", came(), 0)
    assert asked_of("leader", number) == ["签发意见书"]
    Staff.objects.filter(username="leader").update(left_on=today() - timedelta(days=1))
    sweep_on(today())
    assert "无人可办：改定包案厅领导" in asked_of("clerk", number)
    take(number, StepCode.CHANGE_LEADER, "clerk", leader="leader2", reason="原包案领导离任")
    assert asked_of("leader2", number) == ["签发意见书"]


def test_a_report_about_the_only_officer_lies_with_the_principal_leader_who_names_another() -> None:
    number = register(came(), complained_staff=["sealed"])
    take(number, StepCode.CLASSIFY, "clerk", matter_class="report", purpose="report")
    assert asked_of("principal", number) == ["指定检举控告专管员"]
    take(number, StepCode.NAME_OFFICER, "principal", person="clerk2", reason="此件反映专管员")
    assert asked_of("clerk2", number) == ["移送检举控告"] and asked_of("clerk", number) == []
    assert [d for d in differences([number]) if not isinstance(d, int)] == []
    sweep_on(today() + timedelta(days=20))
    told = Notification.objects.filter(petition__number=number, kind="overdue")
    assert "clerk2" in {n.staff.username for n in told}, "the limit of the report is seen by who has it"


def test_a_sealed_case_whose_officer_has_left_calls_for_another_without_saying_of_what() -> None:
    number = register(came())
    take(number, StepCode.CLASSIFY, "clerk", matter_class="report", purpose="report")
    Staff.objects.filter(username="sealed").update(left_on=today() - timedelta(days=1))
    told = Notification.objects.filter(staff__username__in=["principal", "security"], petition=None)
    assert not told.exists()
    sweep_on(today())
    sweep_on(today())
    assert sorted(n.staff.username for n in told) == ["principal", "security"], "each once a day"
    assert number not in told[0].text
    Duty.objects.create(staff=Staff.objects.get(username="clerk2"), role="sealed_officer", since=came())
    told.delete()
    sweep_on(today())
    assert not told.exists() and asked_of("clerk2", number)


def test_a_report_about_the_office_is_given_to_somebody_of_another_unit() -> None:
    number = register(came())
    take(number, StepCode.CLASSIFY, "clerk", matter_class="report", purpose="report")
    take(number, StepCode.ADD_ACCUSED, "sealed", complained_units=["office"], reason="信中反映办公室")
    assert asked_of("sealed", number) == []
    take(number, StepCode.NAME_OFFICER, "principal", person="head2", reason="此件反映办公室")
    assert asked_of("head2", number) == ["移送检举控告"]


def test_a_complaint_about_the_office_lies_with_the_principal_leader_and_then_with_the_unit_named() -> None:
    number = register(came(), complained_units=["office"])
    assert asked_of("principal", number) == ["指定代行办公室职责"]
    for name in ("clerk", "clerk2", "office_head", "leader"):
        assert asked_of(name, number) == [], name
    take(number, StepCode.NAME_ACTING_OFFICE, "principal", unit="results", reason="此件反映办公室")
    assert asked_of("handler2", number) == asked_of("head2", number) == ["分类"]
    took = take(number, StepCode.CLASSIFY, "handler2", matter_class="claim", route="six", purpose="claim")
    assert (took.event.by_role, took.event.by.username) == ("handler", "handler2")
    assert [d for d in differences([number]) if not isinstance(d, int)] == []
    sweep_on(today() + timedelta(days=20))
    told = Notification.objects.filter(petition__number=number, kind="overdue").values_list(
        "staff__username", flat=True
    )
    assert set(told) == {"head2", "handler2"}, "warned as the office would be"
    Staff.objects.filter(username__in=["head2", "handler2"]).update(left_on=today())
    sweep_on(today() + timedelta(days=21))
    assert asked_of("principal", number) == ["指定代行办公室职责"]


def test_a_complaint_about_office_and_principal_leader_lies_with_the_other_leaders() -> None:
    number = register(came(), complained_units=["office"], complained_staff=["principal"])
    assert asked_of("leader", number) == asked_of("leader2", number) == ["指定代行办公室职责"]
    for name in ("principal", "clerk", "office_head"):
        assert asked_of(name, number) == [], name
    take(number, StepCode.NAME_ACTING_OFFICE, "leader", unit="results", reason="此件反映办公室和主要领导")
    assert asked_of("head2", number) == ["分类"]


def test_where_those_who_saw_a_case_have_all_left_the_leaders_are_told_so_without_its_number() -> None:
    number = register(came(), complained_units=["office"])
    Staff.objects.filter(username="principal").update(left_on=today() - timedelta(days=1))
    sweep_on(today())
    sweep_on(today())
    told = Notification.objects.filter(petition=None, text__contains="没有人可以办理")
    assert {n.staff.username for n in told} >= {"leader", "leader2", "security"}
    assert not any(number in n.text for n in told)


def test_an_inbox_holds_what_the_rules_address_to_its_owner_and_nothing_else() -> None:
    """`Addressed.found_by` and the SQL of the inbox are twins: every role, unit and person, asked of everybody."""
    number = assigned()
    petition = Petition.objects.get(number=number)
    facts = facts_of(petition)
    petition.tasks.all().delete()
    units = {u.code: u for u in Unit.objects.all()}
    addresses = [AddressedTask("x", "", r, UnitCode(u)) for r in UNIT_ROLES for u in units]
    addresses += [AddressedTask("x", "", r) for r in Role if r not in UNIT_ROLES]
    addresses += [AddressedTask("x", "", Role.HANDLER, person=StaffCode(s.username)) for s in Staff.objects.all()]
    rows = {
        Task.objects.create(
            petition=petition,
            step="x",
            words="",
            role=a.role.value,
            unit=units.get(a.unit),
            staff=Staff.objects.filter(username=a.person).first(),
            due=today(),
        ).pk: a
        for a in addresses
    }
    compared = 0
    for staff in Staff.objects.all():
        actor = who(staff.username)
        found = set(tasks_for(actor).values_list("pk", flat=True))
        expected = {pk for pk, a in rows.items() if a.found_by(actor)} if may_see(actor, facts) else set()
        assert found == expected, staff.username
        compared += len(found)
    assert compared > 20
