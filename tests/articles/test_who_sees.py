"""谁看得到：按职责和单位（规程第四至八条、第十三条、第十四条，条例第二十八条、第三十条）。看不到的，等同于不存在。"""

from dataclasses import replace

import pytest

from tests.articles.department import (
    ADVISER,
    ARCHIVIST,
    BOTH,
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_HEAD,
    OTHER_LEADER,
    OTHER_UNIT,
    PETITIONER,
    PRINCIPAL,
    RECEPTION,
    SEALED,
    SECOND_ADVISER,
    SECOND_HANDLER,
    UNIT,
    Case,
    _somebody,
)
from tests.articles.stories import (
    advised,
    archived,
    assigned,
    brought_in,
    classified,
    closed,
    complete,
    drafted,
    in_hand,
    proposed,
    registered,
    reported,
    served,
)
from xinfang.procedure import visibility
from xinfang.procedure.facts import SYSTEM, Actor, DutyHeld, Facts, FileFacts, PaperFacts
from xinfang.procedure.incidents.facts import IncidentFacts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.visibility import (
    EXCHANGES,
    DecisionFacts,
    DecisionStage,
    may_know_of_decision,
    may_open,
    may_read,
    may_read_decision,
    may_see,
    may_see_identity,
    may_see_incident,
)
from xinfang.procedure.words import Material, PaperKind, PaperStage, Role, State

CENTRE = _somebody("centre", (Role.SUPPORT_CENTRE, "support"))
GUARD = _somebody("guard", (Role.DUTY_DESK, "property"))
AUDITOR = _somebody("auditor", (Role.AUDITOR, ""))
ADMINISTRATOR = _somebody("administrator", (Role.SYSTEM_ADMINISTRATOR, ""))
COUNTER = _somebody("counter", (Role.COUNTER, "office"))
SECURITY = _somebody("security", (Role.SECURITY_ADMINISTRATOR, ""))
ONE_OF_EACH = {
    next(d.role for d in a.duties): a
    for a in (
        RECEPTION, CLERK, OFFICE_HEAD, PRINCIPAL, LEADER, HEAD, HANDLER, ADVISER, ARCHIVIST, CENTRE, GUARD, SEALED,
        AUDITOR, COUNTER,
        ADMINISTRATOR, SECURITY,
    )
}  # fmt: skip
THE_OFFICE = {Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER}


def seen_by(facts: Facts) -> set[Role]:
    return {role for role, a in ONE_OF_EACH.items() if may_see(a, facts)}


def test_every_duty_of_the_staff_is_asked() -> None:
    assert set(ONE_OF_EACH) == set(Role) - {Role.PETITIONER, Role.SYSTEM}


# A case.


def test_reception_office_and_principal_leader_see_every_ordinary_case_and_the_rest_sees_none_that_is_not_theirs() -> (
    None
):
    assert seen_by(classified().facts) == THE_OFFICE


def test_the_leader_who_is_asked_the_unit_that_handles_and_the_adviser_who_is_asked_see_it() -> None:
    assert seen_by(proposed().facts) == THE_OFFICE | {Role.LEADER}
    assert seen_by(in_hand().facts) == THE_OFFICE | {Role.LEADER, Role.UNIT_HEAD, Role.HANDLER}
    case = drafted()
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    assert seen_by(case.facts) == THE_OFFICE | {Role.LEADER, Role.UNIT_HEAD, Role.HANDLER, Role.LEGAL_ADVISER}


def test_no_other_leader_unit_or_adviser() -> None:
    facts = advised().facts
    for somebody in (OTHER_LEADER, OTHER_HEAD, SECOND_ADVISER):
        assert not may_see(somebody, facts)
    assert may_see(SECOND_HANDLER, facts), "the unit is one"


def test_a_unit_that_assists_sees_it() -> None:
    case = assigned()
    case.take(StepCode.ASSIGN, by=CLERK, assisting_units=[OTHER_UNIT])
    assert may_see(OTHER_HEAD, case.facts)


@pytest.mark.parametrize("as_what", ["responsible_leader", "proposed_leader", "instructed_by"])
def test_a_leader_sees_what_was_proposed_to_instructed_by_or_given_to_that_leader(as_what: str) -> None:
    facts = classified().facts
    held = ("leader",) if as_what == "instructed_by" else "leader"
    assert may_see(LEADER, replace(facts, **{as_what: held}))
    assert not may_see(OTHER_LEADER, replace(facts, **{as_what: held}))
    assert not may_see(HANDLER, replace(facts, **{as_what: ("handler",) if as_what == "instructed_by" else "handler"}))


def test_nobody_is_an_adviser_by_being_named_without_the_duty() -> None:
    facts = replace(classified().facts, advisers=frozenset({StaffCode("handler")}))
    assert not may_see(HANDLER, facts)
    assert not may_see(ADVISER, facts)


def test_the_archive_room_sees_what_is_closed_archived_or_handed_in() -> None:
    assert Role.ARCHIVE_ROOM not in seen_by(served().facts)
    assert Role.ARCHIVE_ROOM in seen_by(closed().facts)
    assert Role.ARCHIVE_ROOM in seen_by(archived().facts)
    withdrawn = registered()
    withdrawn.take(StepCode.WITHDRAW, by=PETITIONER)
    assert withdrawn.facts.state is State.WITHDRAWN
    assert Role.ARCHIVE_ROOM not in seen_by(withdrawn.facts)
    assert Role.ARCHIVE_ROOM in seen_by(replace(withdrawn.facts, archive_submitted=True))
    assert Role.ARCHIVE_ROOM not in seen_by(brought_in().facts)
    assert not may_see(AUDITOR, complete().facts)


def test_a_report_of_wrongdoing_is_seen_by_its_officers_alone() -> None:
    assert seen_by(reported().facts) == {Role.SEALED_OFFICER}
    assert seen_by(replace(reported().facts, handling_unit=UnitCode(UNIT))) == {Role.SEALED_OFFICER}


@pytest.mark.parametrize("how", ["recused", "complained_staff"])
def test_who_is_recused_or_complained_of_does_not_see_it_nor_does_whoever_acts_in_that_person_s_name(how: str) -> None:
    facts = replace(in_hand().facts, **{how: frozenset({StaffCode("handler"), StaffCode("clerk")})})
    assert not may_see(HANDLER, facts) and not may_see(CLERK, facts)
    assert may_see(SECOND_HANDLER, facts)
    deputy = Actor(
        StaffCode("second_handler"),
        "x",
        (DutyHeld(Role.HANDLER, UnitCode(UNIT)), DutyHeld(Role.HANDLER, UnitCode(UNIT), StaffCode("handler"))),
    )
    assert not may_see(deputy, facts)


def test_a_unit_complained_of_does_not_see_it_the_office_no_more_than_others() -> None:
    facts = replace(in_hand().facts, complained_units=frozenset({UnitCode(UNIT)}))
    assert not may_see(HEAD, facts) and not may_see(HANDLER, facts)
    office = replace(classified().facts, complained_units=frozenset({UnitCode("office")}))
    assert not may_see(RECEPTION, office), "reception is of the office too"
    assert not may_see(CLERK, office) and not may_see(OFFICE_HEAD, office)
    assert seen_by(office) == {Role.PRINCIPAL_LEADER}
    leads = _somebody("principal", (Role.PRINCIPAL_LEADER, UNIT))
    assert may_see(leads, facts)
    assert may_see(RECEPTION, facts) and may_see(LEADER, facts), "of another unit, or of none"


def test_the_petitioner_and_the_system_see_it() -> None:
    for facts in (registered().facts, reported().facts):
        assert may_see(PETITIONER, facts) and may_see(SYSTEM, facts)


# Whose case it is.


def test_who_reaches_the_petitioner_may_read_the_address_and_who_advises_keeps_or_decides_may_not() -> None:
    facts = replace(advised().facts, state=State.CLOSED)
    assert all(may_see(a, facts) for a in (PRINCIPAL, LEADER, ADVISER, ARCHIVIST))
    reads = {role for role, a in ONE_OF_EACH.items() if may_see_identity(a, facts)}
    assert reads == {Role.RECEPTION, Role.OFFICE, Role.OFFICE_HEAD, Role.UNIT_HEAD, Role.HANDLER}
    assert {r for r, a in ONE_OF_EACH.items() if may_see_identity(a, reported().facts)} == {Role.SEALED_OFFICER}


def test_a_leader_who_also_does_a_clerk_s_work_reads_it_as_a_clerk() -> None:
    assert may_see_identity(_somebody("x", (Role.LEADER, ""), (Role.OFFICE, "office")), classified().facts)


# A paper.


def test_the_adviser_s_opinion_is_read_by_who_works_on_the_case_only() -> None:
    each = {role: Actor(StaffCode("x"), "x", (DutyHeld(role),)) for role in ONE_OF_EACH}
    reads = {role for role, a in each.items() if may_read(a, PaperKind.LEGAL_ADVICE)}
    assert reads == {
        Role.OFFICE,
        Role.OFFICE_HEAD,
        Role.UNIT_HEAD,
        Role.HANDLER,
        Role.LEADER,
        Role.PRINCIPAL_LEADER,
        Role.SEALED_OFFICER,
    }
    assert may_read(RECEPTION, PaperKind.ACCEPTANCE_NOTICE) and may_read(ARCHIVIST, PaperKind.REPLY_OPINION)


def test_a_file_that_a_paper_was_frozen_in_is_opened_with_the_paper_only() -> None:
    frozen = PaperFacts(1, PaperKind.LEGAL_ADVICE, PaperStage.ISSUED, files=("ab" * 32,))
    facts = replace(in_hand().facts, papers=(frozen,))
    advice = FileFacts(1, Material.PAPER, "ab" * 32, StaffCode("handler"))
    photograph = FileFacts(2, Material.EVIDENCE, "cd" * 32, StaffCode("handler"))
    assert may_open(HANDLER, facts, advice) and not may_open(RECEPTION, facts, advice)
    assert may_open(RECEPTION, facts, photograph)


# What units owe.


def test_the_office_and_the_leaders_press_the_units_and_the_head_sees_what_the_unit_owes() -> None:
    """规程第四、五、六条; the auditor counts and sees no case."""
    assert set(visibility.SUPERVISES) == {Role.OFFICE, Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.LEADER}
    assert set(visibility.IS_SUPERVISED) == {Role.UNIT_HEAD}
    assert set(visibility.COUNTS_SUPERVISION) == {Role.AUDITOR}


# An urgent event.


def events_seen_by(facts: IncidentFacts) -> set[Role]:
    return {role for role, a in ONE_OF_EACH.items() if may_see_incident(a, facts)}


ATTEND = {
    Role.RECEPTION,
    Role.OFFICE,
    Role.OFFICE_HEAD,
    Role.PRINCIPAL_LEADER,
    Role.LEADER,
    Role.SUPPORT_CENTRE,
}


def test_who_attends_or_is_told_sees_every_event_a_unit_once_it_was_called_in_the_duty_desk_what_it_reported() -> None:
    """规程第十五、十六条。"""
    assert events_seen_by(IncidentFacts()) == ATTEND
    assert events_seen_by(IncidentFacts(units=frozenset({UnitCode(UNIT)}))) == ATTEND | {Role.UNIT_HEAD, Role.HANDLER}
    assert events_seen_by(IncidentFacts(units=frozenset({UnitCode(OTHER_UNIT)}))) == ATTEND
    assert events_seen_by(IncidentFacts(by_duty_desk=True)) == ATTEND | {Role.DUTY_DESK}
    assert events_seen_by(IncidentFacts(opened_by=StaffCode("adviser"))) == ATTEND | {Role.LEGAL_ADVISER}
    assert may_see_incident(SYSTEM, IncidentFacts())


# A decision about a unit or a person (规程第十九、二十条).

WAITING = DecisionFacts(number="JC2026-0001", by=StaffCode("office_head"), unit=UnitCode(UNIT))
STANDS = replace(WAITING, stage=DecisionStage.CONFIRMED)
REFUSED = replace(WAITING, stage=DecisionStage.REFUSED)
OF_A_PERSON = replace(STANDS, unit=UnitCode(""), person=StaffCode("handler"))
DECIDES = {Role.OFFICE_HEAD, Role.LEADER, Role.PRINCIPAL_LEADER}


def decisions_read_by(decision: DecisionFacts) -> set[Role]:
    return {role for role, a in ONE_OF_EACH.items() if may_read_decision(a, decision)}


def test_until_it_stands_a_decision_is_read_by_who_records_and_confirms_only() -> None:
    assert decisions_read_by(WAITING) == decisions_read_by(REFUSED) == DECIDES


def test_then_by_the_head_of_the_unit_or_by_the_person_whom_it_is_about() -> None:
    assert decisions_read_by(STANDS) == DECIDES | {Role.UNIT_HEAD}
    assert not may_read_decision(OTHER_HEAD, STANDS) and not may_read_decision(SECOND_HANDLER, STANDS)
    assert decisions_read_by(OF_A_PERSON) == DECIDES | {Role.HANDLER}


def test_a_deputy_reads_what_concerns_the_unit_and_not_what_concerns_the_colleague() -> None:
    for_head = Actor(StaffCode("x"), "x", (DutyHeld(Role.UNIT_HEAD, UnitCode(UNIT), StaffCode("head")),))
    assert may_read_decision(for_head, STANDS)
    assert not may_read_decision(for_head, replace(OF_A_PERSON, person=StaffCode("head")))


def test_the_auditor_knows_that_it_exists_and_others_do_not() -> None:
    knows = {role for role, a in ONE_OF_EACH.items() if may_know_of_decision(a, WAITING)}
    assert knows == DECIDES | {Role.AUDITOR} == set(visibility.KNOWS_OF_DECISIONS)
    assert may_know_of_decision(HANDLER, OF_A_PERSON) and not may_know_of_decision(BOTH, OF_A_PERSON)
    assert not may_read_decision(AUDITOR, STANDS)


def test_a_decision_waits_until_somebody_confirms_it() -> None:
    assert WAITING.stage is DecisionStage.WAITING


def test_without_a_case_of_one_s_own_there_is_nothing_to_see() -> None:
    nobody = Actor(StaffCode("x"), "x")
    assert not may_see(nobody, registered().facts) and not may_see_incident(nobody, IncidentFacts())
    assert not may_see(LEADER, Case().facts), "no leader's case is every leader's"


def test_what_goes_to_the_regional_system_is_looked_after_by_the_office() -> None:
    """规程第五条、第十二条：录入和报送由办公室负责。"""
    assert set(EXCHANGES) == {Role.OFFICE, Role.OFFICE_HEAD}
