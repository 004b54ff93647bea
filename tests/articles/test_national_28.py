"""条例第二十八条：有直接利害关系的工作人员应当回避。"""

from dataclasses import replace

from tests.articles.department import (
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_UNIT,
    PETITIONER,
    SECOND_CLERK,
    UNIT,
)
from tests.articles.stories import accepted, in_hand, registered
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import UnitCode


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
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
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
    assert "正是被反映的单位（规程第五条、条例第二十八条）" in refused


def test_nor_does_it_assist() -> None:
    case = accepted()
    case.facts = replace(case.facts, complained_units=frozenset({UnitCode(OTHER_UNIT)}))
    refused = case.refused(StepCode.ASSIGN, by=CLERK, assisting_units=[OTHER_UNIT])
    assert refused.codes == {"the_unit_is_not_complained_of"}
    assert "被反映的处室（单位）不得承办或协办反映它的信访事项（条例第二十八条、条例第三十条）" in refused


def test_whoever_is_complained_of_does_not_see_it() -> None:
    case = registered(complained_staff=["clerk"])
    assert case.refused(StepCode.CLASSIFY, by=CLERK).codes == {"may_see"}
    case.take(StepCode.CLASSIFY, by=SECOND_CLERK)
