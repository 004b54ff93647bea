"""规程第十一条：接访，能当场处理的当场处理，不能的告知答复时间；要求见厅领导的请示决定。"""

from datetime import date

from tests.articles.department import CLERK, HANDLER, HEAD, LEADER, UNIT
from tests.articles.stories import in_hand, simple, suggested, then
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind


def test_a_promised_date_becomes_a_limit_of_its_own() -> None:
    case = in_hand(date(2026, 3, 2))
    case.take(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-03-20")
    assert case.clock("promised_reply").due.due == date(2026, 3, 20)
    case.take(StepCode.TALK, by=HANDLER, on=date(2026, 3, 19))
    assert case.clock("promised_reply").stopped_on == date(2026, 3, 19)


def test_a_promise_lies_ahead() -> None:
    refused = in_hand(date(2026, 3, 2)).refused(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-03-02")
    assert "承诺的答复日期应在今天之后（规程第十一条）" in refused


def test_a_call_that_nobody_answers_keeps_no_promise() -> None:
    case = in_hand(date(2026, 3, 2))
    case.take(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-03-20")
    case.take(StepCode.TALK, by=HANDLER, on=date(2026, 3, 18), missed=True, said="两次拨打，无人接听")
    assert case.clock("promised_reply").stopped_on is None
    case.take(StepCode.TALK, by=HANDLER, on=date(2026, 3, 20))
    assert case.clock("promised_reply").stopped_on == date(2026, 3, 20)


def test_nobody_promises_a_day_after_the_matter_must_be_concluded() -> None:
    """60日自3月2日起算，至5月1日：不能承诺5月2日答复。"""
    case = in_hand(date(2026, 3, 2))
    refused = case.refused(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-05-02")
    assert refused.codes == {"the_promise_is_within_the_limit"}
    case.take(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-05-01")


def test_what_can_be_settled_is_settled_on_the_spot() -> None:
    case = in_hand()
    case.take(StepCode.SETTLE_ON_THE_SPOT, by=HANDLER)
    assert case.facts.heard


def test_a_leader_decides_whether_to_meet_and_says_why() -> None:
    case = in_hand()
    assert "没有待决定的会见要求（规程第十一条）" in case.refused(StepCode.DECIDE_MEETING, by=LEADER)
    case.take(StepCode.ASK_TO_MEET, by=HANDLER)
    assert "应由包案厅领导" in case.refused(StepCode.DECIDE_MEETING, by=HANDLER)
    case.take(StepCode.DECIDE_MEETING, by=LEADER)


def test_a_simple_matter_has_an_answer_of_its_own_and_a_suggestion_another() -> None:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.ANSWER, HANDLER))
    assert case.papers[-1] == PaperKind.SIMPLE_REPLY.label
    case = then(suggested(), (StepCode.REFER, CLERK), (StepCode.ANSWER, HANDLER))
    assert case.papers[-1] == PaperKind.SUGGESTION_REPLY.label
