"""规程第六条：处室、单位负责人负责，办理到位、销号结案；不得以任何承诺为结案条件。"""

from dataclasses import replace

from tests.articles.department import (
    ADVISER,
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_HEAD,
    OTHER_UNIT,
    PRINCIPAL,
    SECOND_HANDLER,
    UNIT,
    Case,
    _somebody,
    with_away,
    without,
)
from tests.articles.stories import accepted, assigned, closed, heard, served
from xinfang.procedure.addressees import address_task
from xinfang.procedure.facts import Actor, DutyHeld
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode, load_step, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Role


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


# Who wrote a reply does not review it, the head of the unit no more than others.


def drafted_by_head() -> Case:
    case = heard()
    case.take(StepCode.DRAFT_REPLY, by=HEAD)
    return case


def reviewed_where(case: Case) -> list[tuple[str, str]]:
    asked = (t for t in task_rules(case.facts) if t.step == StepCode.REVIEW_REPLY)
    return [(a.words, a.role) for a in (address_task(t, case.facts, case.directory) for t in asked)]


def test_a_head_who_wrote_the_reply_does_not_review_it_the_head_of_the_office_does() -> None:
    case = drafted_by_head()
    assert "不能审核自己拟写的意见书（规程第六条、本厅设定）" in case.refused(StepCode.REVIEW_REPLY, by=HEAD)
    assert reviewed_where(case) == [("无人可办：审核意见书", Role.OFFICE_HEAD)]
    assert case.refused(StepCode.REVIEW_REPLY, by=LEADER).codes == {"who"}, "the head of the office comes first"
    case.take(StepCode.REVIEW_REPLY, by=OFFICE_HEAD)


def test_a_unit_with_a_second_head_needs_nobody_from_outside() -> None:
    case = drafted_by_head()
    second = _somebody("deputy_head", (Role.UNIT_HEAD, UNIT))
    known = replace(DIRECTORY.staff[HEAD.code], code=second.code, name=second.name, duties=second.duties)
    case.directory = replace(DIRECTORY, staff={**DIRECTORY.staff, second.code: known})
    assert reviewed_where(case) == [("审核意见书", Role.UNIT_HEAD)]
    assert case.refused(StepCode.REVIEW_REPLY, by=OFFICE_HEAD).codes == {"who"}
    case.take(StepCode.REVIEW_REPLY, by=second)


def test_where_the_head_of_the_office_wrote_it_or_is_gone_a_leader_reviews_it() -> None:
    case = drafted_by_head()
    case.directory = without(OFFICE_HEAD)
    assert reviewed_where(case) == [("无人可办：审核意见书", Role.LEADER)]
    case.take(StepCode.REVIEW_REPLY, by=LEADER)
    case = heard()
    case.directory = without(HEAD, HANDLER, SECOND_HANDLER)
    case.take(StepCode.DRAFT_REPLY, by=OFFICE_HEAD)
    assert "who_reviews_did_not_draft_it" in case.refused(StepCode.REVIEW_REPLY, by=OFFICE_HEAD).codes
    assert reviewed_where(case) == [("无人可办：审核意见书", Role.LEADER)]
    case.take(StepCode.REVIEW_REPLY, by=PRINCIPAL)


def test_who_deputises_for_the_writer_does_not_review_it_either() -> None:
    deputy = Actor(StaffCode("other_head"), "x", (DutyHeld(Role.UNIT_HEAD, UnitCode(UNIT), HEAD.code),))
    assert "who_reviews_did_not_draft_it" in drafted_by_head().refused(StepCode.REVIEW_REPLY, by=deputy).codes


def test_of_two_units_one_handles_it_and_the_other_assists() -> None:
    case = accepted()
    case.take(StepCode.ASSIGN, by=CLERK, assisting_units=[OTHER_UNIT])
    assert "应由承办处室（单位）负责人办理" in case.refused(StepCode.SIGN_FOR, by=OTHER_HEAD)
    case.take(StepCode.SIGN_FOR, by=HEAD)
    case.take(StepCode.TALK, by=OTHER_HEAD)
    assert case.facts.heard, "what the assisting unit was told counts for the case"
    assert case.refused(StepCode.DRAFT_REPLY, by=OTHER_HEAD).reasons
    case.take(StepCode.DRAFT_REPLY, by=HANDLER)
