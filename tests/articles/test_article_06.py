"""规程第六条：处室、单位负责人负责，办理到位、销号结案；不得以任何承诺为结案条件。"""

from dataclasses import replace

from tests.articles.department import (
    ADVISER,
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OTHER_HEAD,
    UNIT,
    with_away,
    without,
)
from tests.articles.stories import accepted, assigned, closed, served
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import UnitCode, load_step, step_schema
from xinfang.procedure.steps import STEPS


def test_the_head_of_the_unit_signs_for_it_and_closes_it() -> None:
    assert closed().facts.closed_on is not None


def test_only_the_head_signs_for_it() -> None:
    refused = assigned().refused(StepCode.SIGN_FOR, by=HANDLER)
    assert "应由承办处室（单位）负责人办理" in refused
    assert "规程第六条" in refused


def test_the_head_alone_cannot_close_it() -> None:
    case = served()
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    case.take(StepCode.CLOSE, by=HEAD)
    assert case.facts.closed_on is None
    assert "本人提出的，须由另一人确认" in case.refused_to_confirm(StepCode.CLOSE, by=HEAD)
    case.confirm(StepCode.CLOSE, by=LEADER)


def test_another_unit_has_no_part_in_it() -> None:
    assert assigned().refused(StepCode.SIGN_FOR, by=OTHER_HEAD).codes == {"may_see"}


def test_a_unit_without_a_head_is_given_nothing_and_one_whose_head_is_away_is() -> None:
    case = accepted()
    case.directory = without(HEAD)
    assert case.refused(StepCode.ASSIGN, by=CLERK).codes == {"the_unit_has_a_head"}
    case.directory = with_away(HEAD)
    case.take(StepCode.ASSIGN, by=CLERK)


def test_closing_never_asks_for_a_pledge() -> None:
    assert not [s.label for s in step_schema(STEPS[StepCode.CLOSE]) if "承诺" in s.label or "罢访" in s.label]


def test_who_is_in_the_unit_and_handles_nothing_there_is_no_handler() -> None:
    case = assigned()
    lawyer = replace(DIRECTORY.staff[ADVISER.code], units=frozenset({UnitCode(UNIT)}))
    case.directory = replace(DIRECTORY, staff={**DIRECTORY.staff, lawyer.code: lawyer})
    refused = case.refused(StepCode.SIGN_FOR, by=HEAD, handler=lawyer.code)
    assert refused.codes == {"the_handler_is_of_the_unit"}


def test_the_head_may_sign_for_it_and_name_nobody_yet() -> None:
    assert load_step(STEPS[StepCode.SIGN_FOR], {}).handler == ""
