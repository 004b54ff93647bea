"""谁可以办：每一种“由谁办理”都有职责，也有与此件的关系（规程第四、五、六、十三条；条例第二十八、三十条）。"""

from dataclasses import replace

import pytest

from tests.articles.department import (
    ADVISER,
    ARCHIVIST,
    BOTH,
    CLERK,
    EVERYBODY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE,
    OFFICE_HEAD,
    OTHER_HEAD,
    OTHER_LEADER,
    OTHER_SEALED,
    OTHER_UNIT,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    RECEPTION,
    SEALED,
    SECOND_ADVISER,
    SECOND_CLERK,
    SECOND_HANDLER,
    UNIT,
)
from xinfang.procedure import actor_rules
from xinfang.procedure.actor_rules import ActorRule, stands_in_for
from xinfang.procedure.facts import SYSTEM, Actor, DutyHeld, Facts, OpinionUnderReview
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.words import Role

IN_HAND = Facts(
    handling_unit=UnitCode(UNIT),
    assisting_units=(UnitCode(OTHER_UNIT),),
    handler=StaffCode("handler"),
    responsible_leader=StaffCode("leader"),
    proposed_leader=StaffCode("leader"),
    advisers=frozenset({StaffCode("adviser")}),
)
NEW = Facts()
ABOUT_THE_OFFICE = Facts(acting_office=UnitCode(OTHER_UNIT))
REVIEWED = replace(
    IN_HAND,
    review_of=OpinionUnderReview(
        body="某市科技局", number="3号", got_on=RECEIVED, reviewers=(StaffCode("handler"), StaffCode("other_head"))
    ),
)
CLERKS = {CLERK, SECOND_CLERK, BOTH, OFFICE_HEAD}
OFFICERS = {SEALED, OTHER_SEALED, BOTH}
LEADERS = {LEADER, OTHER_LEADER, PRINCIPAL}


def included(whom: ActorRule, facts: Facts) -> set[str]:
    return {a.code for a in EVERYBODY if whom.includes(a, facts)}


@pytest.mark.parametrize(
    ("whom", "facts", "people"),
    [
        (actor_rules.reception, NEW, {RECEPTION}),
        (actor_rules.the_office, NEW, CLERKS),
        (actor_rules.the_office, IN_HAND, CLERKS),
        (actor_rules.the_office_itself, NEW, CLERKS),
        (actor_rules.the_office_itself, IN_HAND, set()),
        (actor_rules.the_office_head, IN_HAND, {OFFICE_HEAD}),
        (actor_rules.the_office, ABOUT_THE_OFFICE, {OTHER_HEAD}),
        (actor_rules.the_office_itself, ABOUT_THE_OFFICE, {OTHER_HEAD}),
        (actor_rules.the_office_head, ABOUT_THE_OFFICE, {OTHER_HEAD}),
        (actor_rules.the_principal_leader, IN_HAND, {PRINCIPAL}),
        (actor_rules.the_petitioner, NEW, {PETITIONER}),
        (actor_rules.the_named_officer, NEW, OFFICERS),
        (actor_rules.another_named_officer, NEW, set()),
        (actor_rules.a_leader, IN_HAND, LEADERS),
        (actor_rules.the_responsible_leader, IN_HAND, {LEADER}),
        (actor_rules.the_responsible_leader, NEW, set()),
        (actor_rules.the_responsible_leader, replace(NEW, responsible_leader=StaffCode("principal")), {PRINCIPAL}),
        (actor_rules.the_leader_in_charge, IN_HAND, {LEADER, PRINCIPAL}),
        (actor_rules.the_leader_in_charge, NEW, LEADERS),
        (actor_rules.a_head_of_the_handling_unit, IN_HAND, {HEAD}),
        (actor_rules.a_head_of_the_handling_unit, NEW, set()),
        (actor_rules.the_pressed_unit, IN_HAND, {HEAD, HANDLER, SECOND_HANDLER, OTHER_HEAD}),
        (actor_rules.the_pressed_unit, replace(IN_HAND, office_pressed=True), set()),
        (actor_rules.the_pressed_office, IN_HAND, set()),
        (actor_rules.the_pressed_office, replace(IN_HAND, office_pressed=True), CLERKS),
        (actor_rules.the_leader_to_meet, IN_HAND, {LEADER}),
        (actor_rules.the_leader_to_meet, NEW, {PRINCIPAL}),
        (actor_rules.the_leader_to_meet, replace(NEW, wanted_leader=StaffCode("other_leader")), {OTHER_LEADER}),
        (actor_rules.a_handler, IN_HAND, {HEAD, HANDLER, SECOND_HANDLER}),
        (actor_rules.a_handler, NEW, set()),
        (actor_rules.a_reviewer, REVIEWED, {HANDLER}),
        (actor_rules.a_reviewer, IN_HAND, set()),
        (actor_rules.an_involved_unit, IN_HAND, {HEAD, HANDLER, SECOND_HANDLER, OTHER_HEAD}),
        (actor_rules.an_involved_unit, NEW, set()),
        (actor_rules.the_legal_adviser, IN_HAND, {ADVISER}),
        (actor_rules.the_legal_adviser, NEW, {ADVISER, SECOND_ADVISER}),
        (actor_rules.the_archive_room, NEW, {ARCHIVIST}),
        (actor_rules.the_system, NEW, {SYSTEM}),
        (actor_rules.the_import, NEW, {SYSTEM}),
        (actor_rules.anyone_concerned, NEW,
         {a for a in EVERYBODY if not a.has(Role.RECEPTION, Role.LEGAL_ADVISER, Role.ARCHIVE_ROOM, Role.SYSTEM)}),
    ],
)  # fmt: skip
def test_whom_each_sentence_means(whom: ActorRule, facts: Facts, people: set[Actor]) -> None:
    assert included(whom, facts) == {a.code for a in people}


def test_a_single_duty_is_enough_to_be_concerned() -> None:
    """条例第二十八条: the petitioner, everybody who deals with the case, and their leaders."""
    alone = {r for r in Role if actor_rules.anyone_concerned.includes(Actor(StaffCode("x"), "x", (DutyHeld(r),)), NEW)}
    assert alone == {
        Role.PETITIONER,
        Role.OFFICE,
        Role.OFFICE_HEAD,
        Role.UNIT_HEAD,
        Role.HANDLER,
        Role.LEADER,
        Role.PRINCIPAL_LEADER,
        Role.SEALED_OFFICER,
    }


def test_another_officer_confirms_within_the_sealed_compartment() -> None:
    from xinfang.procedure.words import MatterClass

    sealed = replace(NEW, matter_class=MatterClass.REPORT)
    assert included(actor_rules.another_named_officer, sealed) == {a.code for a in OFFICERS}


def test_what_the_principal_leader_is_asked_after_the_leader_only_the_principal_leader_decides() -> None:
    asked_too = replace(IN_HAND, awaiting_principal=True)
    assert included(actor_rules.the_leader_in_charge, asked_too) == {"principal"}
    assert included(actor_rules.the_leader_in_charge, replace(NEW, awaiting_principal=True)) == {"principal"}


def test_a_leader_must_be_one_to_be_responsible() -> None:
    facts = replace(IN_HAND, responsible_leader=StaffCode("handler"), proposed_leader=StaffCode("handler"))
    assert included(actor_rules.the_responsible_leader, facts) == set()
    assert included(actor_rules.the_leader_in_charge, facts) == {"principal"}
    facts = replace(IN_HAND, advisers=frozenset({StaffCode("handler")}))
    assert included(actor_rules.the_legal_adviser, facts) == set()


def test_a_deputy_is_included_for_whom_the_deputy_stands_in() -> None:
    for role, unit, absent, whom in (
        (Role.LEADER, "", "leader", actor_rules.the_responsible_leader),
        (Role.LEADER, "", "leader", actor_rules.the_leader_in_charge),
        (Role.LEGAL_ADVISER, "", "adviser", actor_rules.the_legal_adviser),
    ):
        deputy = Actor(StaffCode("x"), "x", (DutyHeld(role, UnitCode(unit), StaffCode(absent)),))
        assert whom.includes(deputy, IN_HAND)


# To whom a task is addressed.

NAMED = "leader"


@pytest.mark.parametrize(
    ("whom", "facts", "role", "unit", "person"),
    [
        (actor_rules.the_office, IN_HAND, Role.OFFICE, "", ""),
        (actor_rules.a_leader, IN_HAND, Role.LEADER, "", ""),
        (actor_rules.the_office, ABOUT_THE_OFFICE, Role.HANDLER, OTHER_UNIT, ""),
        (actor_rules.the_office_head, ABOUT_THE_OFFICE, Role.UNIT_HEAD, OTHER_UNIT, ""),
        (actor_rules.the_responsible_leader, IN_HAND, Role.LEADER, "", "leader"),
        (actor_rules.the_leader_in_charge, IN_HAND, Role.LEADER, "", "leader"),
        (actor_rules.the_leader_in_charge, NEW, Role.PRINCIPAL_LEADER, "", ""),
        (actor_rules.the_leader_in_charge, replace(IN_HAND, awaiting_principal=True), Role.PRINCIPAL_LEADER, "", ""),
        (actor_rules.a_head_of_the_handling_unit, IN_HAND, Role.UNIT_HEAD, UNIT, ""),
        (actor_rules.the_pressed_unit, IN_HAND, Role.HANDLER, UNIT, ""),
        (actor_rules.the_pressed_office, NEW, Role.OFFICE, "", ""),
        (actor_rules.the_leader_to_meet, IN_HAND, Role.LEADER, "", "leader"),
        (actor_rules.the_leader_to_meet, NEW, Role.PRINCIPAL_LEADER, "", ""),
        (actor_rules.a_handler, IN_HAND, Role.HANDLER, UNIT, "handler"),
        (actor_rules.a_handler, replace(IN_HAND, handler=StaffCode("")), Role.HANDLER, UNIT, ""),
        (actor_rules.a_reviewer, REVIEWED, Role.HANDLER, UNIT, "handler"),
        (actor_rules.an_involved_unit, IN_HAND, Role.HANDLER, UNIT, ""),
        (actor_rules.the_legal_adviser, IN_HAND, Role.LEGAL_ADVISER, "", "adviser"),
        (actor_rules.the_legal_adviser, NEW, Role.LEGAL_ADVISER, "", ""),
        (actor_rules.the_legal_adviser, replace(NEW, advisers=frozenset({StaffCode("a"), StaffCode("b")})),
         Role.LEGAL_ADVISER, "", ""),
        (actor_rules.the_archive_room, IN_HAND, Role.ARCHIVE_ROOM, "", ""),
    ],
)  # fmt: skip
def test_to_whom_a_task_is_addressed(whom: ActorRule, facts: Facts, role: Role, unit: str, person: str) -> None:
    assert (whom.role(facts), whom.unit(facts), whom.person(facts)) == (role, unit, person)


@pytest.mark.parametrize(
    ("whom", "in_turn"),
    [
        (actor_rules.a_head_of_the_handling_unit, (actor_rules.the_office_head, actor_rules.a_leader)),
        (actor_rules.a_handler, (actor_rules.the_office_head, actor_rules.a_leader)),
        (actor_rules.an_involved_unit, (actor_rules.the_office_head, actor_rules.a_leader)),
        (actor_rules.the_leader_in_charge, (actor_rules.a_leader,)),
        (actor_rules.the_office, (actor_rules.a_leader,)),
        (actor_rules.the_office_head, (actor_rules.a_leader,)),
        (actor_rules.the_principal_leader, (actor_rules.a_leader,)),
        (actor_rules.the_responsible_leader, ()),
        (actor_rules.a_reviewer, ()),
        (actor_rules.the_legal_adviser, ()),
        (actor_rules.the_named_officer, ()),
        (actor_rules.another_named_officer, ()),
        (actor_rules.the_overseer, ()),
        (actor_rules.the_next_reader, ()),
        (actor_rules.the_leader_to_meet, ()),
        (actor_rules.the_pressed_unit, (actor_rules.the_office_head, actor_rules.a_leader)),
        (actor_rules.the_pressed_office, (actor_rules.a_leader,)),
        (actor_rules.the_counter, ()),
        (actor_rules.the_archive_room, ()),
        (actor_rules.the_petitioner, ()),
        (actor_rules.anyone_concerned, ()),
    ],
)
def test_who_stands_in_for_whom_and_in_which_order(whom: ActorRule, in_turn: tuple[ActorRule, ...]) -> None:
    assert stands_in_for(whom) == in_turn


def test_each_is_known_by_its_name() -> None:
    known = {name: thing for name, thing in vars(actor_rules).items() if isinstance(thing, ActorRule)}
    assert {name: thing.code for name, thing in known.items()} == {name: name for name in known}
    assert OFFICE and len(known) == 27
