"""条例第二十八条：有直接利害关系的工作人员应当回避。"""

from dataclasses import replace

from xinfang.procedure.step_schema import UnitCode

from .house import (
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_UNIT,
    PETITIONER,
    SECOND_CLERK,
    UNIT,
    accepted,
    in_hand,
    registered,
)


def test_a_superior_decides_and_the_recused_lose_the_case_at_once() -> None:
    case = in_hand()
    case.take("recuse", by=PETITIONER, person="handler")
    case.take("talk", by=HANDLER)
    case.confirm("recuse", by=OFFICE_HEAD)
    assert "您不能看到此件（条例第二十八条" in case.refused("talk", by=HANDLER)
    case.take("change_handler", by=HEAD)
    assert "回避决定" in case.papers


def test_a_recused_handler_is_not_named_again() -> None:
    case = in_hand()
    case.take("recuse", by=HEAD, person="second_handler")
    case.confirm("recuse", by=OFFICE_HEAD)
    assert "应当回避（规程第六条、条例第二十八条）" in case.refused("change_handler", by=HEAD)


def test_a_recused_leader_cannot_be_responsible() -> None:
    case = in_hand()
    case.take("recuse", by=LEADER, person="leader")
    case.confirm("recuse", by=OFFICE_HEAD)
    assert "应当回避（规程第四条、条例第二十八条）" in case.refused("change_leader", by=CLERK, leader="leader")


def test_nobody_decides_on_himself() -> None:
    case = in_hand()
    case.take("recuse", by=PETITIONER, person="leader")
    refused = case.refused_to_confirm("recuse", by=LEADER, agree=False, opinion="没有利害关系")
    assert "针对您本人，须由他人决定（条例第二十八条）" in refused


def test_the_unit_complained_of_does_not_handle_it() -> None:
    case = registered(complained_units=[UNIT])
    case.take("classify", by=CLERK)
    refused = case.refused("propose", by=CLERK)
    assert "正是被反映的单位（规程第五条、条例第二十八条）" in refused


def test_nor_does_it_assist() -> None:
    case = accepted()
    case.facts = replace(case.facts, complained_units=frozenset({UnitCode(OTHER_UNIT)}))
    refused = case.refused("assign", by=CLERK, assisting_units=[OTHER_UNIT])
    assert refused.codes == {"the_unit_is_not_complained_of"}
    assert "被反映的处室（单位）不得承办或协办反映它的信访事项（条例第二十八条、条例第三十条）" in refused


def test_whoever_is_complained_of_does_not_see_it() -> None:
    case = registered(complained_staff=["clerk"])
    assert case.refused("classify", by=CLERK).codes == {"may_see"}
    case.take("classify", by=SECOND_CLERK)
