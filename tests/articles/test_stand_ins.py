"""规程第四、五、六条，条例第二十八条：应当办理的人不在（离任、请假、回避、被反映）时，由谁代办；密封件无人代办。"""

from dataclasses import replace

import pytest

from tests.articles.department import (
    ADVISER,
    ARCHIVIST,
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE,
    OFFICE_HEAD,
    OTHER_HEAD,
    OTHER_LEADER,
    OTHER_SEALED,
    OTHER_UNIT,
    PRINCIPAL,
    SEALED,
    SECOND_CLERK,
    SECOND_HANDLER,
    UNIT,
    Case,
    _somebody,
    with_away,
    without,
)
from tests.articles.stories import (
    about_the_office,
    advised,
    assigned,
    complete,
    drafted,
    in_hand,
    instructed,
    proposed,
    registered,
    reported,
)
from xinfang.procedure.addressees import AddressedTask, address_task
from xinfang.procedure.facts import Actor, Directory, DutyHeld
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Role

BOTH_CLERKS = (CLERK, SECOND_CLERK)
LEADERS = (PRINCIPAL, LEADER, OTHER_LEADER)


def where(case: Case, step: str, directory: Directory = DIRECTORY) -> AddressedTask:
    """The one address at which this step is asked for."""
    found = [address_task(a, case.facts, directory) for a in task_rules(case.facts)]
    return next(a for a in found if a.step == step)


def accused(case: Case, *people: Actor) -> Case:
    case.facts = replace(case.facts, recused=frozenset(p.code for p in people))
    return case


def with_staff(*people: Actor) -> Directory:
    """The department with these instead of others of the same code."""
    some = next(iter(DIRECTORY.staff.values()))
    new = {p.code: replace(some, code=p.code, name=p.name, duties=p.duties) for p in people}
    return replace(DIRECTORY, staff={**DIRECTORY.staff, **new})


# Who acts.


def test_nobody_stands_in_for_a_head_who_is_there() -> None:
    case = assigned()
    for somebody in (OFFICE_HEAD, CLERK, LEADER, PRINCIPAL):
        assert case.refused(StepCode.SIGN_FOR, by=somebody).codes == {"who"}
    case.take(StepCode.SIGN_FOR, by=HEAD)


@pytest.mark.parametrize("directory", [without(HEAD), with_away(HEAD)], ids=["left", "away"])
def test_where_the_head_is_not_there_the_head_of_the_office_acts_and_nobody_else(directory: Directory) -> None:
    case = assigned()
    case.directory = directory
    for somebody in (CLERK, HANDLER, LEADER, PRINCIPAL):
        assert case.refused(StepCode.SIGN_FOR, by=somebody).codes & {"who"}
    case.take(StepCode.SIGN_FOR, by=OFFICE_HEAD)


def test_where_the_head_is_recused_too() -> None:
    accused(assigned(), HEAD).take(StepCode.SIGN_FOR, by=OFFICE_HEAD)


def test_where_the_head_of_the_office_may_not_either_a_leader_acts() -> None:
    case = accused(assigned(), HEAD, OFFICE_HEAD)
    assert case.refused(StepCode.SIGN_FOR, by=CLERK).codes == {"who"}
    case.take(StepCode.SIGN_FOR, by=LEADER)


def test_a_leader_in_charge_who_is_gone_leaves_it_to_the_principal_leader_and_then_to_another() -> None:
    case = proposed()
    assert "may_see" in case.refused(StepCode.INSTRUCT, by=OTHER_LEADER).codes
    case.directory = without(LEADER, PRINCIPAL)
    case.facts = replace(case.facts, instructed_by=(OTHER_LEADER.code,))  # so that the case is seen
    case.take(StepCode.INSTRUCT, by=OTHER_LEADER, responsible_leader="other_leader")


def test_an_office_where_nobody_is_left_is_stood_in_for_by_a_leader() -> None:
    case = instructed()
    case.directory = without(*BOTH_CLERKS, OFFICE_HEAD, _somebody("both"))
    case.take(StepCode.ACCEPT, by=LEADER)
    case = instructed()
    assert case.refused(StepCode.ACCEPT, by=LEADER).codes == {"who"}


def test_within_the_sealed_compartment_nobody_stands_in() -> None:
    """Somebody who is its officer and a leader too: what is the office's to do isn't done in its name."""
    officer = _somebody("sealed", (Role.SEALED_OFFICER, OFFICE), (Role.LEADER, ""))
    case = reported()
    case.directory = with_staff(officer, _somebody("both"))  # no clerk is an officer
    assert case.refused(StepCode.LINK_REPEAT, by=officer).codes == {"who"}


def test_who_would_stand_in_but_does_not_see_the_case_has_no_part_in_it() -> None:
    case = accused(assigned(), HEAD)
    assert case.refused(StepCode.SIGN_FOR, by=OTHER_HEAD).codes == {"may_see"}


# Whose inbox it lies in.


def test_the_head_is_asked_while_there() -> None:
    assert where(assigned(), StepCode.SIGN_FOR) == AddressedTask(
        StepCode.SIGN_FOR, "签收", Role.UNIT_HEAD, UnitCode(UNIT)
    )


@pytest.mark.parametrize("directory", [without(HEAD), with_away(HEAD)], ids=["left", "away"])
def test_then_the_head_of_the_office_is_told_that_nobody_is_there(directory: Directory) -> None:
    assert where(assigned(), StepCode.SIGN_FOR, directory) == AddressedTask(
        StepCode.SIGN_FOR, "无人可办：签收", Role.OFFICE_HEAD
    )


@pytest.mark.parametrize("left", [(), (LEADER, OTHER_LEADER), (PRINCIPAL,)])
def test_then_the_leaders_of_whom_the_principal_leader_is_one(left: tuple[Actor, ...]) -> None:
    case = assigned()
    asked = where(case, StepCode.SIGN_FOR, without(HEAD, OFFICE_HEAD, *left))
    assert asked == AddressedTask(StepCode.SIGN_FOR, "无人可办：签收", Role.LEADER)
    assert where(case, StepCode.SIGN_FOR, without(HEAD, OFFICE_HEAD, *LEADERS)).words == "签收", "nobody is left at all"


def test_a_handler_is_asked_by_name_and_then_the_colleagues_of_the_unit() -> None:
    case = in_hand()
    assert where(case, StepCode.TALK).person == HANDLER.code
    unit = where(case, StepCode.TALK, without(HANDLER))
    assert (unit.role, unit.unit, unit.person, unit.words) == (Role.HANDLER, UNIT, "", "听取信访人陈述")
    assert where(case, StepCode.TALK, without(HANDLER, SECOND_HANDLER)).role is Role.HANDLER, "the head handles too"
    nobody = where(case, StepCode.TALK, without(HANDLER, SECOND_HANDLER, HEAD))
    assert (nobody.role, nobody.words) == (Role.OFFICE_HEAD, "无人可办：听取信访人陈述")


def test_a_responsible_leader_who_is_gone_is_not_stood_in_for_the_office_names_another() -> None:
    case = advised()
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    assert where(case, StepCode.SIGN_REPLY).person == LEADER.code
    found = [address_task(a, case.facts, without(LEADER)) for a in task_rules(case.facts)]
    assert found == [
        AddressedTask(StepCode.CHANGE_LEADER, "无人可办：改定包案厅领导", Role.OFFICE),
        AddressedTask(StepCode.MAKE_PAPER, "制作：受理告知书", Role.OFFICE),
    ]


def test_a_proposed_leader_who_is_gone_leaves_it_to_the_principal_leader() -> None:
    case = proposed()
    assert where(case, StepCode.INSTRUCT).person == LEADER.code
    assert where(case, StepCode.INSTRUCT, without(LEADER)) == AddressedTask(
        StepCode.INSTRUCT, "批示", Role.PRINCIPAL_LEADER
    )


def test_an_adviser_who_is_gone_is_replaced_by_the_handler_asking_another() -> None:
    case = drafted()
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    assert where(case, StepCode.GIVE_LEGAL_ADVICE).person == ADVISER.code
    found = address_task(task_rules(case.facts)[0], case.facts, without(ADVISER))
    assert (found.step, found.words, found.person) == (
        StepCode.SEEK_LEGAL_ADVICE,
        "无人可办：另请法律顾问",
        HANDLER.code,
    )
    found = address_task(task_rules(case.facts)[0], case.facts, without(ADVISER, HANDLER, SECOND_HANDLER, HEAD))
    assert (found.words, found.role) == ("无人可办：另请法律顾问", Role.OFFICE_HEAD), "the words aren't said twice"


def test_within_the_sealed_compartment_it_stays_with_its_officers() -> None:
    case = reported()
    assert where(case, StepCode.HAND_OVER, without(SEALED, OTHER_SEALED)).role is Role.SEALED_OFFICER
    case = reported(complained_staff=["sealed", "other_sealed", "both"])
    assert where(case, StepCode.NAME_OFFICER).role is Role.PRINCIPAL_LEADER, "none of them may: another is named"


def test_nor_is_anybody_asked_there_in_another_s_place() -> None:
    """Somebody who is its officer and the head of the office too isn't asked because no leader sees the case."""
    officer = _somebody("sealed", (Role.SEALED_OFFICER, OFFICE), (Role.OFFICE_HEAD, OFFICE))
    case = reported()
    case.take(StepCode.RECUSE, by=OTHER_SEALED, person="handler")
    found = [
        address_task(a, case.facts, with_staff(officer)) for a in task_rules(case.facts) if a.step == StepCode.RECUSE
    ]
    assert [(a.role, a.words) for a in found] == [(Role.SEALED_OFFICER, "确认：回避")]


def test_that_an_office_has_nobody_at_all_is_not_looked_for() -> None:
    """Offices and rooms are there as a whole: a department without an office couldn't work at all."""
    nobody = without(*BOTH_CLERKS, OFFICE_HEAD, _somebody("both"))
    assert where(registered(), StepCode.CLASSIFY, nobody) == AddressedTask(StepCode.CLASSIFY, "分类", Role.OFFICE)


def test_a_matter_of_the_whole_office_lies_with_the_office_or_the_principal_leader_names_who_acts_for_it() -> None:
    assert where(registered(), StepCode.CLASSIFY) == AddressedTask(StepCode.CLASSIFY, "分类", Role.OFFICE)
    everybody = (*BOTH_CLERKS, OFFICE_HEAD, _somebody("both"))
    named = AddressedTask(StepCode.NAME_ACTING_OFFICE, "指定代行办公室职责", Role.PRINCIPAL_LEADER)
    case = registered(complained_staff=[p.code for p in everybody])
    assert where(case, StepCode.NAME_ACTING_OFFICE) == named
    assert where(about_the_office(), StepCode.NAME_ACTING_OFFICE) == named


def test_where_no_rule_says_who_stands_in_it_lies_with_the_head_of_the_office_and_then_the_principal_leader() -> None:
    case = complete()
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    accused(case, ARCHIVIST)
    assert where(case, StepCode.ACCEPT_ARCHIVE) == AddressedTask(
        StepCode.ACCEPT_ARCHIVE, "无人可办：接收归档", Role.OFFICE_HEAD
    )
    assert where(case, StepCode.ACCEPT_ARCHIVE, without(OFFICE_HEAD)).role is Role.PRINCIPAL_LEADER
    assert where(case, StepCode.ACCEPT_ARCHIVE, without(OFFICE_HEAD, PRINCIPAL)).words == "接收归档", (
        "nobody is left at all"
    )


def test_who_proposed_a_thing_is_not_the_one_whose_consent_it_waits_for() -> None:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    assert where(case, StepCode.FILE_WITHOUT_ACTION).role is Role.OFFICE, "there is a second clerk"
    alone = without(SECOND_CLERK, _somebody("both"), OFFICE_HEAD)
    assert where(case, StepCode.FILE_WITHOUT_ACTION, alone).role is Role.LEADER


@pytest.mark.parametrize("code", [StepCode.FILE_WITHOUT_ACTION, StepCode.CLASSIFY])
def test_and_where_nobody_else_is_left_the_leader_who_is_asked_agrees(code: str) -> None:
    """Also where another is asked only in some cases, such as for another route."""
    case = registered()
    case.take(StepCode.CLASSIFY, by=CLERK)
    answers = {"route": "four"} if code == StepCode.CLASSIFY else {}
    case.take(code, by=CLERK, waits=True, **answers)
    assert case.refused_to_confirm(code, by=PRINCIPAL).reasons, "while others of the office are there"
    case.directory = without(SECOND_CLERK, _somebody("both"), OFFICE_HEAD)
    case.confirm(code, by=PRINCIPAL)
    assert code not in case.facts.pending


def test_nor_is_whom_it_concerns() -> None:
    case = in_hand()
    case.take(StepCode.RECUSE, by=CLERK, person="office_head")
    roles = {address_task(a, case.facts, DIRECTORY).role for a in task_rules(case.facts) if a.step == StepCode.RECUSE}
    assert roles == {Role.LEADER}, "the head of the office is whom it is about"


# What somebody finds.


def found_by(task: AddressedTask) -> set[str]:
    return {a.code for a in DIRECTORY.actors() if task.found_by(a)}


@pytest.mark.parametrize(
    ("role", "unit", "people"),
    [
        (Role.OFFICE, "", {"clerk", "second_clerk", "both", "office_head"}),
        (Role.OFFICE_HEAD, "", {"office_head"}),
        (Role.UNIT_HEAD, UNIT, {"head"}),
        (Role.HANDLER, UNIT, {"handler", "second_handler", "head"}),
        (Role.HANDLER, OFFICE, {"clerk", "second_clerk", "both", "office_head"}),
        (Role.LEADER, "", {"leader", "other_leader", "principal"}),
        (Role.PRINCIPAL_LEADER, "", {"principal"}),
        (Role.ARCHIVE_ROOM, "", {ARCHIVIST.code}),
    ],
)
def test_who_heads_others_finds_what_nobody_in_particular_was_given(role: Role, unit: str, people: set[str]) -> None:
    assert found_by(AddressedTask("x", "", role, UnitCode(unit))) == people


def test_a_person_s_task_is_found_by_that_person_and_by_the_deputy() -> None:
    task = AddressedTask("x", "", Role.HANDLER, UnitCode(UNIT), HANDLER.code)
    assert found_by(task) == {"handler"}
    deputy = Actor(StaffCode("x"), "x", (DutyHeld(Role.HANDLER, UnitCode(UNIT), HANDLER.code),))
    assert task.found_by(deputy)


def test_the_archive_room_is_asked_as_a_whole() -> None:
    case = complete()
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    assert where(case, StepCode.ACCEPT_ARCHIVE) == AddressedTask(StepCode.ACCEPT_ARCHIVE, "接收归档", Role.ARCHIVE_ROOM)


def test_where_the_leader_who_instructed_has_left_another_leader_agrees_to_the_departure() -> None:
    case = instructed()
    case.take(StepCode.ACCEPT, by=CLERK, waits=True, handling_unit=OTHER_UNIT, responsible_leader="other_leader")
    case.directory = without(LEADER)
    assert where(case, StepCode.ACCEPT, case.directory).role in (Role.LEADER, Role.PRINCIPAL_LEADER)
    case.confirm(StepCode.ACCEPT, by=PRINCIPAL)
    assert (case.facts.handling_unit, case.facts.responsible_leader) == (OTHER_UNIT, "other_leader")


def test_while_the_leader_who_instructed_is_there_no_other_leader_agrees_to_it() -> None:
    case = instructed()
    case.take(StepCode.ACCEPT, by=CLERK, waits=True, handling_unit=OTHER_UNIT)
    assert case.refused_to_confirm(StepCode.ACCEPT, by=PRINCIPAL).codes == {"second_person"}


# Whoever deputises for a leader doesn't decide on what they wrote themselves (H4, H5, H6).


def deputising(person: Actor) -> Actor:
    """This person while they act for the leader in charge."""
    for_the_leader = DutyHeld(Role.LEADER, acting_for=LEADER.code)
    return replace(person, duties=(*person.duties, for_the_leader))


def test_who_proposed_does_not_instruct_as_a_deputy() -> None:
    """代理厅领导的办公室人员，不能批示自己的拟办意见。"""
    case = proposed()
    assert case.refused(StepCode.INSTRUCT, by=deputising(CLERK)).codes == {"who_proposed_does_not_instruct_as_a_deputy"}
    proposed().take(StepCode.INSTRUCT, by=deputising(SECOND_CLERK))
    case.take(StepCode.INSTRUCT, by=PRINCIPAL)


def test_who_checked_the_draft_does_not_sign_it_as_a_deputy() -> None:
    """代理包案厅领导的处室负责人，不能签发自己审核的意见书。"""
    case = advised()
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    assert case.refused(StepCode.SIGN_REPLY, by=deputising(HEAD)).codes == {"who_checked_does_not_sign_as_a_deputy"}
    case.take(StepCode.SIGN_REPLY, by=deputising(OTHER_HEAD))
