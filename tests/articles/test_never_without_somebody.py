"""无论反映谁，总有人看得到此件并能推进：厅主要领导、其他厅领导、专管员、其他处室负责人（规程第四条，条例第二十八条、第三十条）。"""

from dataclasses import replace
from itertools import combinations

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE,
    OFFICE_HEAD,
    OTHER_HEAD,
    OTHER_LEADER,
    OTHER_UNIT,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    RECEPTION,
    SEALED,
    STAFF,
    UNIT,
    Case,
    _somebody,
)
from tests.articles.stories import registered
from xinfang.procedure.addressees import address_task
from xinfang.procedure.facts import Actor, Directory, StaffFacts
from xinfang.procedure.overseers import oversees
from xinfang.procedure.people_words import Overseer
from xinfang.procedure.rules import DecisionContext, Refused, case_reasons, decide
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import Role, State

OFFICER = _somebody("officer", (Role.SEALED_OFFICER, "discipline"))
"""An officer who is not of the office."""
EVERY_LEADER = (PRINCIPAL.code, LEADER.code, OTHER_LEADER.code)


def department(*people: Actor) -> Directory:
    """A department of these people alone."""
    staff = {
        a.code: StaffFacts(
            a.code, a.name, frozenset(d.role for d in a.duties), frozenset(d.unit for d in a.duties if d.unit), a.duties
        )
        for a in people
    }
    return replace(DIRECTORY, staff=staff)


SMALL = department(PRINCIPAL, LEADER, OFFICE_HEAD, RECEPTION, HEAD, HANDLER, OTHER_HEAD, OFFICER)


def seen_by(case: Case) -> set[str]:
    return {a.code for a in case.directory.actors() if may_see(a, case.facts)}


def asked(case: Case) -> set[tuple[str, str]]:
    """What is asked, and of whom who sees the case and finds it in their inbox."""
    tasks = [address_task(t, case.facts, case.directory) for t in task_rules(case.facts)]
    people = [a for a in case.directory.actors() if may_see(a, case.facts)]
    return {(t.step, a.code) for t in tasks for a in people if t.found_by(a)}


def test_a_complaint_about_the_office_and_the_principal_leader_is_seen_by_the_other_leaders_who_name_a_unit() -> None:
    case = registered(complained_units=[OFFICE], complained_staff=["principal"])
    assert seen_by(case) == {LEADER.code, OTHER_LEADER.code}
    assert asked(case) == {(StepCode.NAME_ACTING_OFFICE, a) for a in (LEADER.code, OTHER_LEADER.code)}
    case.take(StepCode.NAME_ACTING_OFFICE, by=LEADER, unit=OTHER_UNIT)
    case.take(StepCode.CLASSIFY, by=OTHER_HEAD)


def test_it_is_the_same_when_it_turns_out_later_that_the_principal_leader_is_meant() -> None:
    case = registered(complained_units=[OFFICE])
    case.take(StepCode.ADD_ACCUSED, by=PRINCIPAL, complained_units=[], complained_staff=["leader"])
    assert seen_by(case) == {PRINCIPAL.code}
    case = registered()
    case.take(StepCode.ADD_ACCUSED, by=RECEPTION, complained_units=[OFFICE], complained_staff=["principal"])
    assert seen_by(case) == {LEADER.code, OTHER_LEADER.code}
    case.take(StepCode.REMOVE_ACCUSED, by=LEADER, complained_staff=["principal"])
    case.confirm(StepCode.REMOVE_ACCUSED, by=OTHER_LEADER)
    assert seen_by(case) == {PRINCIPAL.code}, "named by mistake: as before"


def test_where_all_leaders_are_meant_too_the_officer_for_reports_sees_it_and_names_a_unit() -> None:
    case = Case(directory=department(*STAFF, OFFICER))
    case.take(StepCode.REGISTER, by=CLERK, complained_units=[OFFICE], complained_staff=EVERY_LEADER)
    assert seen_by(case) == {OFFICER.code}
    assert asked(case) == {(StepCode.NAME_ACTING_OFFICE, OFFICER.code)}
    case.take(StepCode.NAME_ACTING_OFFICE, by=OFFICER)
    case.take(StepCode.CLASSIFY, by=OTHER_HEAD)


def test_where_no_officer_is_outside_the_office_the_heads_of_other_units_see_it() -> None:
    case = registered(complained_units=[OFFICE, UNIT], complained_staff=EVERY_LEADER)
    assert seen_by(case) == {OTHER_HEAD.code}
    assert asked(case) == {(StepCode.NAME_ACTING_OFFICE, OTHER_HEAD.code)}
    case.take(StepCode.NAME_ACTING_OFFICE, by=OTHER_HEAD)


def test_while_the_office_may_act_nobody_else_sees_more_for_it() -> None:
    case = registered(complained_staff=EVERY_LEADER)
    assert case.facts.overseer is None and CLERK.code in seen_by(case) and OTHER_HEAD.code not in seen_by(case)


def test_nobody_takes_a_case_from_everybody() -> None:
    everything = {
        "complained_units": [OFFICE, UNIT, OTHER_UNIT],
        "complained_staff": [a.code for a in STAFF if a is not CLERK],
    }
    for code, case in ((StepCode.REGISTER, Case()), (StepCode.ADD_ACCUSED, registered())):
        refused = case.refused(code, by=CLERK, **everything)
        assert "没有未被反映、无须回避的人员可以看到并推进此件（条例第二十八条、条例第三十条）" in refused


def test_nor_does_somebody_s_recusal() -> None:
    case = registered(complained_units=[OFFICE, UNIT], complained_staff=EVERY_LEADER)
    assert "somebody_is_left_to_lead_it_on" in case.refused(StepCode.RECUSE, by=PETITIONER, person="other_head").codes


# A report of wrongdoing that names the officers for such reports (N30).


def report_about_the_officers(*more: str) -> Case:
    """A report of wrongdoing about every officer of the department, and these."""
    named = ["sealed", "other_sealed", "both", *more]
    case = registered(complained_staff=named)
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="report", route=None, purpose="report")
    return case


def test_a_report_about_its_officers_is_seen_by_the_principal_leader_who_names_another() -> None:
    case = report_about_the_officers()
    assert seen_by(case) == {PRINCIPAL.code}
    assert asked(case) == {(StepCode.NAME_OFFICER, PRINCIPAL.code)}
    assert "the_officer_is_fit" in case.refused(StepCode.NAME_OFFICER, by=PRINCIPAL, person="sealed").codes
    case.take(StepCode.NAME_OFFICER, by=PRINCIPAL, person="head")
    assert asked(case) == {(StepCode.HAND_OVER, HEAD.code)}
    assert not may_see(SEALED, case.facts) and not may_see(HANDLER, case.facts)
    assert case.clock("report_hand_over").due.due == RECEIVED.replace(day=17)


def test_a_report_about_the_principal_leader_too_is_seen_by_the_other_leaders() -> None:
    case = report_about_the_officers("principal")
    assert seen_by(case) == {LEADER.code, OTHER_LEADER.code}
    case.take(StepCode.NAME_OFFICER, by=OTHER_LEADER, person="handler")
    assert (StepCode.HAND_OVER, HANDLER.code) in asked(case)


def test_the_officer_who_was_named_and_is_accused_then_loses_it_and_another_is_named() -> None:
    case = report_about_the_officers()
    case.take(StepCode.NAME_OFFICER, by=PRINCIPAL, person="head")
    case.take(StepCode.ADD_ACCUSED, by=HEAD, complained_staff=["handler"])
    case.take(StepCode.RECUSE, by=PETITIONER, person="head")
    assert case.facts.named_officers == {HEAD.code}, "nothing yet"


def test_a_report_that_an_officer_may_have_is_given_to_nobody_else() -> None:
    case = registered(complained_staff=["sealed"])
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="report", route=None, purpose="report")
    assert not may_see(PRINCIPAL, case.facts)
    assert not oversees(PRINCIPAL, case.facts)


# Of every set of accused people and units.

UNITS = (OFFICE, UNIT, OTHER_UNIT)
PEOPLE = tuple(SMALL.staff)


def subsets(things: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [some for size in range(len(things) + 1) for some in combinations(things, size)]


def leads_on(case: Case, step: str, by: Actor) -> bool:
    context = DecisionContext(
        step=None, facts=case.facts, actor=by, today=case.today, calendar=case.calendar, directory=case.directory
    )
    return not case_reasons(STEPS[step].rule, context)


def can_name(case: Case, by: Actor) -> bool:
    for unit in UNITS:
        step = load_step(STEPS[StepCode.NAME_ACTING_OFFICE], {"unit": unit, "reason": "x"})
        try:
            decide(step, StepCode.NAME_ACTING_OFFICE, case.question(step, by))
        except Refused:
            continue
        return True
    return False


@pytest.mark.parametrize("sealed", [False, True])
def test_whoever_is_complained_of_somebody_sees_the_case_and_leads_it_on(sealed: bool) -> None:
    """小厅局里每一种被反映人员、处室的组合：要么有人看得到并能推进，要么登记时即被拒绝，且确实无人。"""
    tried = refused = 0
    for units in subsets(UNITS):
        for people in subsets(PEOPLE):
            case = Case(directory=SMALL)
            tried += 1
            step = case._step(StepCode.REGISTER, {"complained_units": list(units), "complained_staff": list(people)})
            try:
                case._happen(step, StepCode.REGISTER, RECEPTION)
            except Refused as why:
                assert {r.code for r in why.reasons} == {"the_accused_leave_somebody"}
                refused += 1
                fit = [a for a in SMALL.actors() if a.code not in people and not a.units(*Role) & set(units)]
                assert not any(a.has(Role.PRINCIPAL_LEADER, Role.LEADER) for a in fit), (units, people)
                continue
            if sealed:
                step = load_step(STEPS[StepCode.CLASSIFY], {"matter_class": "report"})
                case.facts = step.change(case.facts, RECEPTION, RECEIVED)
            assert case.facts.state is State.REGISTERED
            people_left = [a for a in SMALL.actors() if may_see(a, case.facts)]
            steps = (StepCode.HAND_OVER, StepCode.NAME_OFFICER) if sealed else (StepCode.CLASSIFY,)
            assert any(
                leads_on(case, code, a) or (not sealed and can_name(case, a)) for a in people_left for code in steps
            ), (units, people)
            assert asked(case), (units, people)
    assert (tried, refused < tried // 8) == (2 ** (len(UNITS) + len(PEOPLE)), True)


def test_each_rung_is_reached() -> None:
    reached = {
        registered(complained_units=[OFFICE], complained_staff=accused).facts.overseer
        for accused in ([], ["principal"], list(EVERY_LEADER))
    }
    assert reached == {None, Overseer.LEADERS, Overseer.HEADS}
