"""答复送达之后：答复、请求复查的权利和正在进行的复查，不因一个人的一步而失去（规程第四条；条例第三十二、三十五、三十六条）。"""

from datetime import timedelta

import pytest

from tests.articles.department import (
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    PETITIONER,
    RECEIVED,
    SECOND_CLERK,
    UNIT,
    Case,
)
from tests.articles.stories import classified, issue, joined, repeated, served, simple, tell, then
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, PaperKind, State

LATER = RECEIVED + timedelta(days=9)


def simply_answered(**answers: object) -> Case:
    """来访的简单诉求，当面答复：予以支持。"""
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    case = then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD))
    case.take(StepCode.ANSWER, by=HANDLER, **answers)
    return case


# 恢复办理。


def test_what_two_have_answered_one_does_not_take_back() -> None:
    case = simply_answered()
    case.take(StepCode.REOPEN, by=CLERK, waits=True, reason="重新研究")
    assert case.facts.state is State.ANSWERED, "经办人一人不能撤销已经作出的答复"
    assert "second_person" in case.refused_to_confirm(StepCode.REOPEN, by=CLERK).codes
    case.confirm(StepCode.REOPEN, by=SECOND_CLERK)
    assert case.facts.state is State.REGISTERED


def test_while_a_review_was_asked_for_nobody_takes_the_answer_back() -> None:
    """信访人请求复查后，答复是否改变由复查机关决定（条例第三十五条）。"""
    case = simply_answered()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    refused = case.refused(StepCode.REOPEN, by=CLERK, reason="重新研究")
    assert refused.codes == {"no_review_decides_on_it"} and "条例第三十五条" in refused
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=LATER)
    assert "no_review_decides_on_it" in case.refused(StepCode.REOPEN, by=CLERK).codes, "复核的权利还在"


def test_a_reopening_that_waits_falls_once_a_review_is_asked_for() -> None:
    case = simply_answered()
    case.take(StepCode.REOPEN, by=CLERK, waits=True)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    assert "no_review_decides_on_it" in case.refused_to_confirm(StepCode.REOPEN, by=SECOND_CLERK).codes


# 随首件答复。


def test_a_repeat_is_answered_by_the_first_only_in_what_the_first_answered() -> None:
    """并案后又补充一项诉求，首件没有答复它：不能一并了结（条例第三十一、三十二条）。"""
    case = joined()
    case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=[{"text": "请公开验收结果"}])
    refused = case.refused(StepCode.ANSWER_WITH_FIRST, by=CLERK, requests=[1])
    assert refused.codes == {"the_first_answers_each_request"} and "分出一件" in refused
    case.take(StepCode.SPLIT_OFF, by=CLERK, requests=[2])
    case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK, requests=[1])
    assert case.facts.state is State.ANSWERED


def test_two_compare_the_requests_with_the_reply_to_the_first() -> None:
    case = joined()
    case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK, waits=True)
    assert case.facts.state is State.HANDLING
    assert "second_person" in case.refused_to_confirm(StepCode.ANSWER_WITH_FIRST, by=CLERK).codes
    case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=[{"text": "请公开验收结果"}])
    refused = case.refused_to_confirm(StepCode.ANSWER_WITH_FIRST, by=SECOND_CLERK)
    assert refused.codes == {"the_first_answers_each_request"}, "确认之前补充的诉求也要核对"


def test_who_brought_the_repeat_may_ask_for_a_review_from_their_own_notice() -> None:
    """只在重复件上署名的人没有收到首件的意见书：自收到并案答复告知书之日起三十日内请求复查（条例第三十五条）。"""
    case = joined()
    case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK)
    assert case.refused(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER).codes == {"a_reply_was_served"}
    number = issue(case, PaperKind.JOINED_REPLY)
    case.take(StepCode.SERVE_PAPER, by=CLERK, paper=number, on=LATER, served_on=LATER)
    assert case.clock("request_first_review").started_on == LATER
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=LATER)


def test_a_review_that_sends_the_repeat_back_has_it_handled_on_its_own() -> None:
    case = joined()
    case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK)
    tell(case, PaperKind.JOINED_REPLY)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, result="redo")
    assert (case.facts.state, case.facts.joined_to) == (State.HANDLING, "")
    assert "it_is_joined" in case.refused(StepCode.ANSWER_WITH_FIRST, by=CLERK).codes
    case.take(StepCode.ASSIGN, by=CLERK)


def test_of_a_repeated_suggestion_no_review_is_asked() -> None:
    case = repeated()
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="suggestion", route=None, purpose="suggestion")
    case.take(StepCode.JOIN_FIRST, by=CLERK)
    case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK)
    number = issue(case, PaperKind.JOINED_REPLY)
    case.take(StepCode.SERVE_PAPER, by=CLERK, paper=number, served_on=RECEIVED)
    assert not case.runs("request_first_review")


# 开始三十日的送达。


@pytest.mark.parametrize("kind", [PaperKind.SIMPLE_REPLY, PaperKind.JOINED_REPLY], ids=lambda k: k.value)
def test_no_one_person_alone_starts_the_thirty_days(kind: PaperKind) -> None:
    """没有签收回证的，一个人说送到了不算：另一人确认以后，请求复查的三十日才开始（条例第三十五条）。"""
    if kind is PaperKind.JOINED_REPLY:
        case = joined()
        case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK)
    else:
        case = classified(simple=True)
        case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
        then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.ANSWER, HANDLER))
    number = issue(case, kind)
    case.take(StepCode.SERVE_PAPER, by=CLERK, paper=number, served_on=RECEIVED, waits=True)
    assert not case.runs("request_first_review")
    case.confirm(StepCode.SERVE_PAPER, by=SECOND_CLERK, agree=False, opinion="没有回证")
    receipt = case.proof(Material.RECEIPT)
    case.take(StepCode.SERVE_PAPER, by=CLERK, paper=number, served_on=RECEIVED, attachment=receipt, alone=True)
    assert case.runs("request_first_review")


def test_of_a_notice_from_which_no_right_counts_one_person_records_the_service() -> None:
    case = joined()
    number = issue(case, PaperKind.JOINING_NOTICE)
    case.take(StepCode.SERVE_PAPER, by=CLERK, paper=number, served_on=RECEIVED, alone=True)


# 撤回送达的意见书。


def test_what_the_petitioner_holds_is_taken_back_only_with_who_signed_it() -> None:
    """意见书支持了诉求并已送达：办公室两个人不能收回，须包案厅领导同意（规程第四条）。"""
    case = served()
    number = next(p.number for p in case.facts.papers if p.kind is PaperKind.REPLY_OPINION)
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=number, waits=True)
    for office in (SECOND_CLERK, OFFICE_HEAD):
        assert "second_person" in case.refused_to_confirm(StepCode.WITHDRAW_PAPER, by=office).codes
    assert case.facts.state is State.SERVED
    case.confirm(StepCode.WITHDRAW_PAPER, by=LEADER)
    assert case.facts.state is State.REPLIED
