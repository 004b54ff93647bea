"""条例第二十九条：建议意见认真研究论证，采纳或者部分采纳的予以回复。"""

from datetime import date
from typing import Any

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_HEAD,
    PRINCIPAL,
    UNIT,
    Case,
)
from tests.articles.stories import classified, in_hand, studied, suggested, then
from xinfang.procedure.addressees import address_task
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import PaperKind, State


def test_the_answer_that_the_head_of_the_unit_wrote_is_checked_by_somebody_who_can() -> None:
    """处室负责人自己回复、送审的，不能自己核稿，由办公室主任核稿；待办也在其处。"""
    case = then(suggested(), (StepCode.REFER, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.STUDY, HEAD))
    case.take(StepCode.ANSWER, by=HEAD)
    case.take(StepCode.MAKE_PAPER, by=HEAD, kind=PaperKind.SUGGESTION_REPLY, digest="")
    paper = case.facts.papers[-1].number
    case.take(StepCode.SUBMIT_PAPER, by=HEAD, paper=paper)
    asked = [address_task(ask, case.facts, DIRECTORY) for ask in task_rules(case.facts)]
    assert [a.found_by(OFFICE_HEAD) for a in asked if a.step == StepCode.CHECK_PAPER] == [True]
    assert "another_person_decides" in case.refused(StepCode.CHECK_PAPER, by=HEAD, paper=paper).codes
    assert "who" in case.refused(StepCode.CHECK_PAPER, by=CLERK, paper=paper).codes
    case.take(StepCode.CHECK_PAPER, by=OFFICE_HEAD, paper=paper)


def test_a_suggestion_goes_to_a_unit_and_is_answered() -> None:
    case = suggested()
    case.take(StepCode.REFER, by=CLERK)
    case.take(StepCode.STUDY, by=HANDLER)
    case.take(StepCode.ANSWER, by=HANDLER)
    assert case.facts.state is State.ANSWERED
    assert "建议（咨询）回复" in case.papers
    assert not case.runs("handling"), "the 60 days of claims don't run for it"


def test_its_own_limit_is_a_setting_of_sixty_days() -> None:
    assert suggested(date(2026, 3, 1)).clock("suggestion").due.due == date(2026, 4, 30)


def test_it_is_not_accepted_like_a_claim() -> None:
    refused = suggested().refused(StepCode.ACCEPT, by=CLERK)
    assert "60日办结程序只适用于申诉求决中的第（六）种途径（条例第三十一条、条例第三十四条）" in refused


def test_the_office_may_put_it_to_a_leader_first() -> None:
    """规程第五条：对来件提出拟办意见；建议可以直接转办，也可以先拟办、批示。"""
    case = then(suggested(), (StepCode.PROPOSE, CLERK))
    case.take(StepCode.ACKNOWLEDGE, by=CLERK)
    case.take(StepCode.INSTRUCT, by=LEADER)
    assert StepCode.REFER in [t.step for t in task_rules(case.facts)]
    case.take(StepCode.REFER, by=CLERK, alone=True, handling_unit=UNIT)
    assert case.facts.state is State.HANDLING


def test_it_is_studied_before_it_is_answered_and_the_answer_says_whether_it_is_taken_up() -> None:
    case = then(suggested(), (StepCode.REFER, CLERK), (StepCode.SIGN_FOR, HEAD))
    assert [t.step for t in task_rules(case.facts)] == [StepCode.STUDY]
    refused = case.refused(StepCode.ANSWER, by=HANDLER, adoption=None)
    assert refused.codes == {"a_suggestion_was_studied", "it_says_whether_it_is_adopted"}
    assert "建议尚未研究论证（条例第二十九条）" in refused
    case.take(StepCode.STUDY, by=HANDLER)
    assert [t.step for t in task_rules(case.facts)] == [StepCode.ANSWER]
    assert case.refused(StepCode.ANSWER, by=HANDLER, adoption="partly").codes == {"it_says_whether_it_is_adopted"}
    case.take(StepCode.ANSWER, by=HANDLER, adoption="partly", adopted_part="简化申报表")


def test_a_question_needs_no_study() -> None:
    case = then(classified(route=None, purpose="consultation"), (StepCode.REFER, CLERK), (StepCode.SIGN_FOR, HEAD))
    assert case.refused(StepCode.STUDY, by=HANDLER).codes == {"it_is_to_be_studied"}
    case.take(StepCode.ANSWER, by=HANDLER, adoption=None)


def test_what_is_taken_up_once_more_is_studied_once_more() -> None:
    case = then(studied(), (StepCode.ANSWER, HANDLER), (StepCode.REOPEN, CLERK), (StepCode.REFER, CLERK))
    assert case.refused(StepCode.ANSWER, by=HANDLER).codes == {"a_suggestion_was_studied"}


def test_a_claim_is_not_answered_like_a_suggestion() -> None:
    refused = in_hand().refused(StepCode.ANSWER, by=HANDLER)
    assert "直接回复只用于建议意见、咨询和简易办理（条例第二十九条、简易办理办法第四条）" in refused


def answered(**answers: object) -> Case:
    case = suggested()
    case.take(StepCode.REFER, by=CLERK)
    case.take(StepCode.STUDY, by=HANDLER)
    case.take(StepCode.ANSWER, by=HANDLER, **answers)
    return case


def test_a_good_proposal_is_put_forward_and_a_leader_decides() -> None:
    case = answered()
    case.take(StepCode.SUGGEST_COMMENDATION, by=HANDLER)
    assert StepCode.SUGGEST_COMMENDATION not in case.taken, "it waits for a leader"
    assert "应由厅领导办理" in case.refused_to_confirm(StepCode.SUGGEST_COMMENDATION, by=CLERK)
    case.confirm(StepCode.SUGGEST_COMMENDATION, by=PRINCIPAL)
    assert case.facts.state is State.ANSWERED
    assert "已经决定表扬奖励" in case.refused(StepCode.SUGGEST_COMMENDATION, by=CLERK)


def test_a_leader_may_not_agree_and_says_why() -> None:
    case = answered()
    case.take(StepCode.SUGGEST_COMMENDATION, by=CLERK)
    assert case.refused_to_confirm(StepCode.SUGGEST_COMMENDATION, by=PRINCIPAL, agree=False).codes == {
        "a_reason_is_given"
    }
    case.confirm(StepCode.SUGGEST_COMMENDATION, by=PRINCIPAL, agree=False, opinion="成效尚待观察")
    case.take(StepCode.SUGGEST_COMMENDATION, by=CLERK)


def test_it_is_never_automatic() -> None:
    """Nothing asks for it, the system may not propose it, and another unit has no part in it."""
    case = answered()
    assert StepCode.SUGGEST_COMMENDATION not in {a.step for a in task_rules(case.facts)}
    assert case.refused(StepCode.SUGGEST_COMMENDATION, by=SYSTEM).codes == {"who"}
    assert case.refused(StepCode.SUGGEST_COMMENDATION, by=OTHER_HEAD).codes == {"may_see"}


def test_only_a_suggestion_that_was_answered() -> None:
    assert "when" in suggested().refused(StepCode.SUGGEST_COMMENDATION, by=CLERK).codes
    assert "此件不是建议意见" in in_hand().refused(StepCode.SUGGEST_COMMENDATION, by=CLERK)


def test_a_suggestion_is_answered_in_its_own_time_also_where_somebody_calls_it_simple() -> None:
    case = classified(matter_class="suggestion", route=None, purpose="suggestion", simple=True)
    assert case.runs("suggestion") and not case.runs("simple_acceptance")


def test_a_claim_has_not_the_time_of_a_suggestion() -> None:
    assert not classified().runs("suggestion")


SUGGESTION = {"matter_class": "suggestion", "route": None}


@pytest.mark.parametrize(
    ("was", "becomes", "waits"),
    [
        ({**SUGGESTION, "purpose": "consultation"}, {**SUGGESTION, "purpose": "suggestion"}, True),
        ({**SUGGESTION, "purpose": "suggestion"}, {**SUGGESTION, "purpose": "consultation"}, True),
        ({**SUGGESTION, "purpose": "other"}, {**SUGGESTION, "purpose": "suggestion"}, False),
        ({**SUGGESTION, "purpose": "suggestion"}, {**SUGGESTION, "purpose": "other"}, False),
        ({"simple": True}, {"simple": False}, True),
        ({"simple": True}, {"simple": True}, False),
        ({"simple": False}, {"simple": True}, False),
    ],
)
def test_what_changes_the_class_or_gives_up_the_simple_procedure_waits_for_another(
    was: dict[str, Any], becomes: dict[str, Any], waits: bool
) -> None:
    """改为（不再是）咨询的、不再简易办理的，期限和答复随之改变，须由两人认定；只改信访目的的不必。"""
    case = classified(**was)
    outcome = case.take(StepCode.CLASSIFY, by=CLERK, waits=True, **becomes)
    assert (outcome.stage == "proposed") is waits
