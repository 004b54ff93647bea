"""条例第三十二条：意见书载明请求、事实和理由、处理意见及其依据；支持的督促执行。"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import CLERK, FINDING, HANDLER, HEAD, LEADER, RECEIVED, UNIT, Case
from tests.articles.stories import advised, in_hand, served, signed, simple, then
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Conclusion, State

ONE = timedelta(days=1)


@pytest.mark.parametrize("missing", ["finding", "conclusion", "basis"])
def test_each_request_has_its_finding_conclusion_and_basis(missing: str) -> None:
    refused = advised().refused(StepCode.DRAFT_REPLY, by=HANDLER, findings=[{**FINDING, missing: None}])
    assert "每项诉求都要有认定的事实、结论（支持、解释说明、不予支持）和法律法规依据（条例第三十二条）" in refused


def test_there_are_three_conclusions() -> None:
    assert [c.label for c in Conclusion] == ["予以支持", "解释说明", "不予支持"]


def test_what_is_supported_is_carried_out_before_it_is_closed() -> None:
    case = served()
    assert "予以支持的诉求尚未执行或安排执行（条例第三十二条）" in case.refused(StepCode.CLOSE, by=HEAD)
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    case.take(StepCode.CLOSE, by=HEAD)


def test_what_is_not_supported_has_nothing_to_carry_out() -> None:
    case = served(findings=[{**FINDING, "conclusion": "refuse"}])
    assert "本件没有予以支持的诉求（条例第三十二条）" in case.refused(StepCode.CARRY_OUT, by=HANDLER)
    case.take(StepCode.CLOSE, by=HEAD)


def test_of_several_requests_that_which_is_supported_is_carried_out() -> None:
    case = served()
    refused = replace(case.facts.requests[0], number=2, conclusion=Conclusion.REFUSE)
    case.facts = replace(case.facts, requests=(*case.facts.requests, refused))
    assert case.refused(StepCode.CARRY_OUT, by=HANDLER, request=2).codes == {"that_request_is_supported"}
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    case.take(StepCode.CLOSE, by=HEAD)


def test_without_a_draft_nobody_signs_and_without_its_paper_nothing_is_served() -> None:
    assert "a_draft_waits_for_signature" in in_hand().refused(StepCode.SIGN_REPLY, by=LEADER).codes
    case = signed()
    case.take(StepCode.ISSUE_REPLY, by=CLERK, on=RECEIVED + 5 * ONE)
    refused = case.refused(StepCode.SERVE, by=HANDLER, served_on=RECEIVED + ONE)
    assert refused.codes >= {"the_reply_that_is_served_was_issued", "not_before_the_last_step"}


# 简易办理的申诉求决：两人答复，只能予以支持或者解释说明；不能支持的转为普通程序。


def simple_in_hand() -> Case:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    return then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD))


def test_a_simple_claim_is_answered_by_two_persons() -> None:
    case = simple_in_hand()
    case.take(StepCode.ANSWER, by=HANDLER, waits=True)
    assert case.facts.state is State.HANDLING and case.clock("handling").stopped_on is None
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.ANSWER, by=HANDLER)
    case.confirm(StepCode.ANSWER, by=HEAD)
    assert case.facts.state is State.ANSWERED and "简易办理答复" in case.papers


@pytest.mark.parametrize("conclusion", ["refuse", None])
def test_it_is_never_refused_so_nor_answered_without_a_conclusion(conclusion: str | None) -> None:
    refused = simple_in_hand().refused(StepCode.ANSWER, by=HANDLER, conclusion=conclusion)
    assert refused.codes == {"a_simple_answer_supports_or_explains"}


def test_nor_is_it_refused_in_other_words() -> None:
    refused = simple_in_hand().refused(StepCode.ANSWER, by=HANDLER, conclusion="explain", refuses_nothing=False)
    assert refused.codes == {"an_answer_refuses_nothing"}


def test_what_cannot_be_supported_goes_the_ordinary_way() -> None:
    case = simple_in_hand()
    case.take(StepCode.LEAVE_SIMPLE, by=HEAD)
    assert "it_may_be_answered" in case.refused(StepCode.ANSWER, by=HANDLER).codes
    assert case.clock("handling").stopped_on is None and not case.runs("simple_handling")
