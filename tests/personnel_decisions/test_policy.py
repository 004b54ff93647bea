"""Who sees a decision about a unit or a member of staff: the policy and its SQL twin agree for everybody."""

from datetime import date

import pytest

from tests.personnel_decisions.recording import answered, confirmed, recorded
from tests.world import STAFF, make_department, who
from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.personnel_decisions.queries import decisions as rewards
from xinfang.procedure.facts import Actor, DutyHeld
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.visibility import DecisionFacts, DecisionStage, may_know_of_decision, may_read_decision
from xinfang.procedure.words import Role

FROM, TO = date(2020, 1, 1), date(2099, 1, 1)


@pytest.mark.django_db
def test_everybody_sees_what_the_policy_says() -> None:
    make_department()
    people = {s.username: s for s in Staff.objects.all()}
    Absence.objects.create(staff=people["head"], deputy=people["head2"], since=FROM, until=TO)
    Absence.objects.create(staff=people["leader"], deputy=people["adviser"], since=FROM, until=TO)
    gone = Staff.objects.create(username="gone", name="某人", left_on=date(2026, 1, 1))
    Duty.objects.create(staff=gone, role="unit_head", unit=Unit.objects.get(code="funds"), since=FROM)
    for about in ("unit", "handler", "head", "head2", "auditor", "leader2", "gone"):
        recorded(about)
        confirmed(about)
        answered(recorded(about).number, agree=False, opinion="不符")
    facts = [rewards.decision_facts(d) for d in rewards.known_decisions(who("principal"))]
    assert len(facts) == 21
    read = 0
    for username in (*STAFF, "gone"):
        actor = who(username)
        reads = {f.number for f in facts if may_read_decision(actor, f)}
        knows = {f.number for f in facts if may_know_of_decision(actor, f)}
        assert set(rewards.readable_decisions(actor).values_list("number", flat=True)) == reads, username
        assert set(rewards.known_decisions(actor).values_list("number", flat=True)) == knows, username
        read += len(reads)
    assert read > len(facts)


def _actor(code: str, *duties: tuple[Role, str]) -> Actor:
    return Actor(StaffCode(code), code, tuple(DutyHeld(r, UnitCode(u)) for r, u in duties))


ABOUT_A_PERSON = DecisionFacts(
    number="JC2026-0001", by=StaffCode("office_head"), person=StaffCode("handler"), stage=DecisionStage.CONFIRMED
)
ABOUT_A_UNIT = DecisionFacts(
    number="JC2026-0002", by=StaffCode("office_head"), unit=UnitCode("funds"), stage=DecisionStage.CONFIRMED
)


def test_one_reads_ones_own_and_no_colleagues() -> None:
    assert may_read_decision(_actor("handler", (Role.HANDLER, "funds")), ABOUT_A_PERSON)
    assert not may_read_decision(_actor("handler2", (Role.HANDLER, "funds")), ABOUT_A_PERSON)
    head = _actor("head", (Role.UNIT_HEAD, "funds"))
    assert may_read_decision(head, ABOUT_A_UNIT) and not may_read_decision(head, ABOUT_A_PERSON)
    assert not may_read_decision(_actor("handler", (Role.HANDLER, "funds")), ABOUT_A_UNIT)


def test_standing_in_for_somebody_opens_nothing_of_their_own() -> None:
    deputy = Actor(
        StaffCode("deputy"), "", (DutyHeld(Role.HANDLER, UnitCode("funds"), acting_for=StaffCode("handler")),)
    )
    assert not may_read_decision(deputy, ABOUT_A_PERSON)


def test_the_auditor_knows_of_it_and_reads_nothing() -> None:
    auditor = _actor("auditor", (Role.AUDITOR, ""))
    assert may_know_of_decision(auditor, ABOUT_A_PERSON) and not may_read_decision(auditor, ABOUT_A_PERSON)


@pytest.mark.parametrize(
    "role", [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.OFFICE, Role.LEGAL_ADVISER]
)
def test_others_know_of_nothing(role: Role) -> None:
    somebody = _actor("somebody", (role, "office"))
    assert not may_know_of_decision(somebody, ABOUT_A_PERSON)
    assert not may_know_of_decision(somebody, ABOUT_A_UNIT)
