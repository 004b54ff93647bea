"""条例第二十八条：有直接利害关系的工作人员应当回避。"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
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
    SECOND_CLERK,
    UNIT,
    Case,
    _somebody,
    without,
)
from tests.articles.stories import (
    accepted,
    in_hand,
    instructed,
    paper_submitted,
    proposed,
    registered,
    replied,
    reported,
    served,
    signed,
)
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode, load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import PaperStage, ReplyStage, Role


def test_a_superior_decides_and_the_recused_lose_the_case_at_once() -> None:
    case = in_hand()
    case.take(StepCode.RECUSE, by=PETITIONER, person="handler")
    case.take(StepCode.TALK, by=HANDLER)
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    assert "您不能看到此件（条例第二十八条" in case.refused(StepCode.TALK, by=HANDLER)
    case.take(StepCode.CHANGE_HANDLER, by=HEAD)
    assert "回避决定" in case.papers


def test_a_recused_handler_is_not_named_again() -> None:
    case = in_hand()
    case.take(StepCode.RECUSE, by=HEAD, person="second_handler")
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    assert "应当回避（规程第六条、条例第二十八条）" in case.refused(StepCode.CHANGE_HANDLER, by=HEAD)


def test_a_recused_leader_cannot_be_responsible() -> None:
    case = in_hand()
    case.take(StepCode.RECUSE, by=LEADER, person="leader")
    case.confirm(StepCode.RECUSE, by=PRINCIPAL)
    assert "应当回避（规程第四条、条例第二十八条）" in case.refused(StepCode.CHANGE_LEADER, by=CLERK, leader="leader")


def test_nobody_decides_on_himself() -> None:
    case = in_hand()
    case.take(StepCode.RECUSE, by=PETITIONER, person="leader")
    refused = case.refused_to_confirm(StepCode.RECUSE, by=LEADER, agree=False, opinion="没有利害关系")
    assert "针对您本人，须由他人决定（条例第二十八条）" in refused


def test_the_unit_complained_of_does_not_handle_it() -> None:
    case = registered(complained_units=[UNIT])
    case.take(StepCode.CLASSIFY, by=CLERK)
    refused = case.refused(StepCode.PROPOSE, by=CLERK)
    assert "正是被反映的单位（含由被反映人员负责的）（规程第五条、条例第二十八条）" in refused


def test_nor_does_it_assist() -> None:
    case = accepted()
    case.facts = replace(case.facts, complained_units=frozenset({UnitCode(OTHER_UNIT)}))
    refused = case.refused(StepCode.ASSIGN, by=CLERK, assisting_units=[OTHER_UNIT])
    assert refused.codes == {"the_unit_is_not_complained_of"}
    assert "由被反映人员负责的处室（单位），不得承办或协办反映它的信访事项（条例第二十八条、条例第三十条）" in refused


def test_whoever_is_complained_of_does_not_see_it() -> None:
    case = registered(complained_staff=["clerk"])
    assert case.refused(StepCode.CLASSIFY, by=CLERK).codes == {"may_see"}
    case.take(StepCode.CLASSIFY, by=SECOND_CLERK)


# Complained of, as it turns out later.


@pytest.mark.parametrize(
    ("make", "by"),
    [
        (registered, RECEPTION),
        (proposed, CLERK),
        (instructed, CLERK),
        (in_hand, HEAD),
        (replied, CLERK),
        (served, CLERK),
    ],
    ids=["registered", "proposed", "instructed", "in_hand", "replied", "served"],
)
def test_who_is_complained_of_may_be_added_at_any_time_and_loses_the_case_at_once(
    make: Callable[[], Case], by: Actor
) -> None:
    case = make()
    case.take(StepCode.ADD_ACCUSED, by=by, complained_staff=["handler", "leader"])
    assert not may_see(HANDLER, case.facts) and not may_see(LEADER, case.facts)
    assert case.facts.handler == case.facts.responsible_leader == case.facts.proposed_leader == ""


def test_a_report_s_officer_who_is_named_in_it_loses_it_too() -> None:
    case = reported()
    case.take(StepCode.ADD_ACCUSED, by=OTHER_SEALED, complained_staff=["sealed"])
    assert not may_see(SEALED, case.facts)
    case.take(StepCode.HAND_OVER, by=OTHER_SEALED)


def test_what_they_drafted_checked_or_signed_and_nobody_issued_falls() -> None:
    for person, left in (("handler", ReplyStage.NONE), ("leader", ReplyStage.REVIEWED)):
        case = signed()
        case.take(StepCode.ADD_ACCUSED, by=CLERK, complained_staff=[person])
        assert case.facts.reply_stage is left, person
    case = paper_submitted()
    case.take(StepCode.ADD_ACCUSED, by=SECOND_CLERK, complained_staff=[case.facts.papers[0].by])
    assert case.facts.papers[0].stage is PaperStage.DRAFT, "a notice that they wrote is signed by nobody as it is"


def test_what_was_issued_stays() -> None:
    case = replied()
    case.take(StepCode.ADD_ACCUSED, by=CLERK, complained_units=[UNIT])
    assert case.facts.reply_stage is ReplyStage.ISSUED


@pytest.mark.parametrize(
    "accused", [{"complained_units": [UNIT]}, {"complained_staff": ["head"]}], ids=["unit", "head"]
)
def test_a_unit_that_is_accused_or_whose_head_is_gives_the_case_back_and_the_sixty_days_run_on(
    accused: dict[str, list[str]],
) -> None:
    case = signed()
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER)
    due = case.clock("handling").due.due
    case.take(StepCode.ADD_ACCUSED, by=CLERK, on=RECEIVED + timedelta(days=30), **accused)
    assert (case.facts.handling_unit, case.facts.reply_stage, case.facts.extension_asked) == ("", ReplyStage.NONE, 0)
    assert {t.step for t in task_rules(case.facts)} >= {StepCode.ASSIGN}
    assert not may_see(HEAD, case.facts) and not may_see(HANDLER, case.facts)
    refused = case.refused(StepCode.ASSIGN, by=CLERK, handling_unit=UNIT)
    assert "由被反映人员负责的处室（单位），不得承办" in refused
    case.take(StepCode.ASSIGN, by=CLERK, handling_unit=OTHER_UNIT)
    case.take(StepCode.SIGN_FOR, by=OTHER_HEAD, handler="")
    assert (case.clock("handling").due.due, case.clock("handling").stopped_on) == (due, None)


def test_it_is_proposed_to_no_such_unit_either() -> None:
    case = proposed()
    case.take(StepCode.ADD_ACCUSED, by=CLERK, complained_units=[UNIT])
    assert "须明确承办处室" in case.refused(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.INSTRUCT, by=LEADER, handling_unit=OTHER_UNIT)
    case = instructed()
    case.take(StepCode.ADD_ACCUSED, by=CLERK, complained_staff=["head"])
    assert "须明确承办处室" in case.refused(StepCode.ACCEPT, by=CLERK)
    assert "被反映人员负责" in registered(complained_staff=["head"]).refused(StepCode.PROPOSE, by=CLERK)


def test_they_are_taken_out_by_two_who_are_not_concerned_and_say_why() -> None:
    case = in_hand()
    case.take(StepCode.ADD_ACCUSED, by=CLERK, complained_units=[UNIT], complained_staff=["office_head"])
    assert "缺少理由" in case.refused(StepCode.REMOVE_ACCUSED, by=CLERK, complained_units=[UNIT], reason="")
    case.take(StepCode.REMOVE_ACCUSED, by=CLERK, complained_units=[UNIT], complained_staff=["office_head"])
    assert case.facts.complained_units == {UNIT}, "one person alone takes nobody out"
    assert case.refused_to_confirm(StepCode.REMOVE_ACCUSED, by=OFFICE_HEAD).codes == {"may_see"}
    case.confirm(StepCode.REMOVE_ACCUSED, by=PRINCIPAL)
    assert not case.facts.complained_units and not case.facts.complained_staff
    assert may_see(OFFICE_HEAD, case.facts) and not may_see(HANDLER, case.facts), "it is the new unit's"


def test_nobody_adds_or_takes_out_themselves_and_no_unit_takes_out_itself() -> None:
    case = in_hand()
    assert "本人不得参与" in case.refused(StepCode.ADD_ACCUSED, by=CLERK, complained_staff=["clerk", "handler"])
    case.take(StepCode.ADD_ACCUSED, by=CLERK, complained_units=[OTHER_UNIT])
    of_that_unit = _somebody("leads", (Role.LEADER, OTHER_UNIT))
    refused = case.refused(StepCode.REMOVE_ACCUSED, by=of_that_unit, complained_units=[OTHER_UNIT], complained_staff=[])
    assert refused.codes & {"nobody_speaks_for_their_unit", "may_see"}


def test_what_an_accused_person_proposed_waits_for_nobody() -> None:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.take(StepCode.ADD_ACCUSED, by=SECOND_CLERK, complained_staff=["clerk"])
    assert not case.facts.pending


def test_of_an_accused_unit_everything_is_taken_and_of_the_others_nothing() -> None:
    """它代行办公室职责、协办、拟请承办的都收回；其他处室（单位）的不动。"""
    held = {
        "handling_unit": UnitCode(UNIT),
        "assisting_units": (UnitCode(UNIT), UnitCode(OTHER_UNIT)),
        "acting_office": UnitCode(UNIT),
        "handler": StaffCode("second_handler"),
        "handed_over_to_unit": True,
        "signed_for": True,
    }
    step = load_step(STEPS[StepCode.ADD_ACCUSED], {"complained_units": [UNIT], "reason": "来电补充"})
    after = step.change(replace(in_hand().facts, **held), CLERK, RECEIVED)
    assert (after.handling_unit, after.handler, after.acting_office, after.proposed_unit) == ("", "", "", "")
    assert after.assisting_units == (OTHER_UNIT,)
    assert not after.signed_for and not after.handed_over_to_unit
    others = {"handling_unit": UnitCode(OTHER_UNIT), "acting_office": UnitCode(OTHER_UNIT)}
    kept = step.change(replace(in_hand().facts, **held | others), CLERK, RECEIVED)
    assert (kept.handling_unit, kept.acting_office, kept.handler) == (OTHER_UNIT, OTHER_UNIT, "second_handler")


def test_who_was_added_or_taken_out_is_named_in_the_record() -> None:
    for code in (StepCode.ADD_ACCUSED, StepCode.REMOVE_ACCUSED):
        named = {"complained_units": [UNIT], "complained_staff": ["head"], "reason": "来电补充"}
        said = load_step(STEPS[code], named).says(DIRECTORY)
        assert said == f"{DIRECTORY.unit_name(UNIT)}、{DIRECTORY.staff_name('head')}：来电补充"


@pytest.mark.parametrize(
    ("units", "staff"), [([], []), ([OTHER_UNIT], ["second_handler"]), ([UNIT], ["handler"]), ([OTHER_UNIT], [])]
)
def test_only_who_was_named_is_taken_out(units: list[str], staff: list[str]) -> None:
    case = in_hand()
    case.take(StepCode.ADD_ACCUSED, by=CLERK, complained_units=[UNIT], complained_staff=["second_handler"])
    refused = case.refused(StepCode.REMOVE_ACCUSED, by=CLERK, complained_units=units, complained_staff=staff)
    assert "they_are_complained_of" in refused.codes


# 由谁决定：下级不决定上级的回避，也不同意撤销对上级的反映。


def test_who_is_below_somebody_decides_neither_on_their_recusal_nor_on_who_speaks_of_them() -> None:
    """反映或者申请回避厅领导的，由其他厅领导决定，不由办公室主任决定。"""
    case = in_hand()
    case.take(StepCode.RECUSE, by=PETITIONER, person="leader")
    for said in ({}, {"agree": False, "opinion": "没有利害关系"}):
        refused = case.refused_to_confirm(StepCode.RECUSE, by=OFFICE_HEAD, **said)
        assert refused.codes == {"below_whom_it_concerns"} and "条例第二十八条" in refused
    case.confirm(StepCode.RECUSE, by=PRINCIPAL)
    case = registered(complained_staff=["leader"])
    case.take(StepCode.REMOVE_ACCUSED, by=CLERK, complained_staff=["leader"])
    assert case.refused_to_confirm(StepCode.REMOVE_ACCUSED, by=OFFICE_HEAD).codes == {"below_whom_it_concerns"}
    case.confirm(StepCode.REMOVE_ACCUSED, by=PRINCIPAL)


def test_where_everybody_else_is_below_them_somebody_decides_all_the_same() -> None:
    case = in_hand()
    case.directory = without(LEADER, OTHER_LEADER)
    case.take(StepCode.RECUSE, by=PETITIONER, person="principal")
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)


def test_whether_the_principal_leader_withdraws_another_leader_decides_who_sees_the_case_for_it() -> None:
    """申请厅主要领导回避的：还没有厅领导经手此件的，也由其他厅领导决定，不由办公室主任决定。"""
    case = registered()
    assert not may_see(OTHER_LEADER, case.facts)
    case.take(StepCode.RECUSE, by=PETITIONER, person="principal")
    assert may_see(OTHER_LEADER, case.facts) and may_see(LEADER, case.facts)
    assert case.refused_to_confirm(StepCode.RECUSE, by=OFFICE_HEAD).codes == {"below_whom_it_concerns"}
    case.confirm(StepCode.RECUSE, by=OTHER_LEADER, agree=False, opinion="没有利害关系")
    assert not may_see(OTHER_LEADER, case.facts)


def test_who_is_below_somebody_does_not_refuse_a_recusal_asked_for_in_a_message_either() -> None:
    case = in_hand()
    case.take(StepCode.LEAVE_MESSAGE, by=PETITIONER, kind="recusal", text="某厅领导与此事有关", channel=None)
    no = {"message": 1, "outcome": "refused", "text": "没有利害关系", "told": ""}
    refused = case.refused(StepCode.ANSWER_MESSAGE, by=OFFICE_HEAD, meant="leader", **no)
    assert refused.codes == {"who_is_meant_is_named_and_does_not_decide"}
    case.take(StepCode.ANSWER_MESSAGE, by=OFFICE_HEAD, meant="handler", **no)


def test_a_unit_complained_of_by_its_own_people_does_not_decide_whether_it_is() -> None:
    """处室提出反映厅领导、本处室的，被反映的厅领导、处室人员和厅领导的下级都不参与确认。"""
    case = in_hand()
    case.take(StepCode.ADD_ACCUSED, by=HEAD, waits=True, complained_staff=["leader"])
    assert case.refused_to_confirm(StepCode.ADD_ACCUSED, by=LEADER, agree=False, opinion="不属实").codes
    assert case.refused_to_confirm(StepCode.ADD_ACCUSED, by=OFFICE_HEAD).codes == {"below_whom_it_concerns"}
    case.confirm(StepCode.ADD_ACCUSED, by=PRINCIPAL)


def test_a_unit_does_not_get_rid_of_its_case_by_naming_itself_or_the_only_adviser_alone() -> None:
    """正在承办的处室自己提出反映本处室、包案厅领导、法律顾问的，由办公室主任或者厅领导确认后才移交。"""
    for named in (
        {"complained_units": [UNIT]},
        {"complained_staff": ["leader"]},
        {"complained_staff": ["adviser"]},
    ):
        case = in_hand()
        case.take(StepCode.ADD_ACCUSED, by=HEAD, waits=True, **named)
        assert case.facts.handling_unit == UNIT and case.facts.responsible_leader == "leader"
        case.confirm(StepCode.ADD_ACCUSED, by=PRINCIPAL)
        assert case.facts.complained_units or case.facts.complained_staff
    in_hand().take(StepCode.ADD_ACCUSED, by=HEAD, alone=True, complained_units=["office"])
    in_hand().take(StepCode.ADD_ACCUSED, by=RECEPTION, alone=True, complained_units=[UNIT])
