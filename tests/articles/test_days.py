"""哪一天办的：程序外先发生的事才填日期；不得在今天之后，不得早于收到之日，不得倒填到上一步骤之前（docs/decisions/0006）。"""

from datetime import date, timedelta

import pytest

from tests.articles.department import CLERK, HANDLER, HEAD, LEADER, PETITIONER, RECEIVED, Case
from tests.articles.stories import accepted, classified, in_hand, instructed
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_schema
from xinfang.procedure.steps import STEPS

from .test_every_condition import READY

ONE = timedelta(days=1)
DATED = {
    StepCode.REGISTER: "收到日期",
    StepCode.ENTER_REGIONAL: "录入日期",
    StepCode.OBJECTION_UPHELD: "答复日期",
    StepCode.OBJECTION_REJECTED: "答复日期",
    StepCode.INSTRUCT: "批示日期",
    StepCode.ACCEPT: "受理日期（印在受理告知书上）",
    StepCode.ACCEPT_DUTY: "受理日期（印在告知书上）",
    StepCode.TALK: "接谈日期",
    StepCode.MEDIATE: "调解日期",
    StepCode.HOLD_HEARING: "听证日期",
    StepCode.COORDINATE: "日期",
    StepCode.STUDY: "研究论证日期",
    StepCode.ANSWER: "回复日期",
    StepCode.SERVE: "送达日期",
    StepCode.SERVICE_FAILED: "日期",
    StepCode.CARRY_OUT: "日期",
    StepCode.REQUEST_FIRST_REVIEW: "请求日期（邮寄的以邮戳为准）",
    StepCode.FIRST_REVIEW: "意见日期",
    StepCode.REQUEST_FINAL_REVIEW: "请求日期（邮寄的以邮戳为准）",
    StepCode.FOLLOW_REVIEW_REQUEST: "日期",
    StepCode.FINAL_REVIEW: "意见日期",
    StepCode.RECORD_COMPLIANCE: "作出（落实）日期",
    StepCode.RECORD_ADVICE: "收到日期",
    StepCode.REPORT_UP: "报送日期",
    StepCode.RATE: "评价日期",
    StepCode.LEAVE_MESSAGE: "留言日期",
    StepCode.REQUEST_RECONSIDERATION: "请求日期",
    StepCode.FOLLOW_UP: "回访日期",
    StepCode.GIVE_ASSISTANCE: "日期",
    StepCode.COUNSEL: "日期",
    StepCode.SEND_PAPER: "发出日期",
    StepCode.SERVE_PAPER: "送达日期",
}
"""What comes about outside the program.

A letter, a talk, a paper that was handed over or sent, somebody else's decision.
"""


def day_of(code: str) -> str:
    return STEPS[code].when_field


def test_only_what_came_about_outside_the_program_has_a_day_of_its_own() -> None:
    labels = {code: {s.name: s.label for s in step_schema(step)} for code, step in STEPS.items()}
    assert {code: labels[code][step.when_field] for code, step in STEPS.items() if step.when_field} == DATED


@pytest.mark.parametrize("code", DATED)
def test_nothing_happened_tomorrow(code: str) -> None:
    make, by = READY[code]
    case = make()
    refused = case.refused(code, by=by, **{day_of(code): case.today + ONE})
    assert "not_in_the_future" in refused.codes
    assert f"“{DATED[code]}”{case.today + ONE}在今天之后" in refused
    assert case.today == RECEIVED and make().take(code, by=by, on=RECEIVED + 2 * ONE, **{day_of(code): RECEIVED + ONE})


@pytest.mark.parametrize("code", [c for c in DATED if c != StepCode.REGISTER])
def test_nothing_happened_before_the_matter_came(code: str) -> None:
    make, by = READY[code]
    refused = make().refused(code, by=by, **{day_of(code): RECEIVED - ONE})
    assert "not_before_receipt" in refused.codes
    assert f"“{DATED[code]}”{RECEIVED - ONE}早于收到日期 {RECEIVED}" in refused


def test_a_letter_is_registered_after_it_came() -> None:
    case = Case()
    case.take(StepCode.REGISTER, by=CLERK, on=RECEIVED, received_on=RECEIVED - ONE)
    assert case.facts.received_on == case.facts.history[0].happened_on == RECEIVED - ONE


def test_a_step_that_moves_the_case_is_not_dated_before_the_one_that_moved_it_last() -> None:
    case = classified(RECEIVED)
    case.take(StepCode.PROPOSE, by=CLERK, on=RECEIVED + 5 * ONE)
    refused = case.refused(StepCode.INSTRUCT, by=LEADER, instructed_on=RECEIVED + 4 * ONE)
    assert refused.codes == {"not_before_the_last_step"}
    assert f"“批示日期”{RECEIVED + 4 * ONE}早于上一步骤的日期 {RECEIVED + 5 * ONE}，记录不得倒填" in refused
    case.take(StepCode.INSTRUCT, by=LEADER, on=RECEIVED + 7 * ONE, instructed_on=RECEIVED + 5 * ONE)


def test_what_moved_nothing_keeps_no_later_step_from_its_day() -> None:
    """The report to the bureau was entered on the fifth; that the instruction is of the third is still true."""
    case = instructed(RECEIVED)
    case.take(StepCode.REPORT_UP, by=CLERK, on=RECEIVED + 5 * ONE)
    case.take(StepCode.ACCEPT, by=CLERK, accepted_on=RECEIVED + 3 * ONE)
    assert case.facts.accepted_on == RECEIVED + 3 * ONE


def test_a_talk_moves_nothing_and_may_be_entered_late() -> None:
    case = accepted(RECEIVED)
    case.take(StepCode.ASSIGN, by=CLERK)
    case.take(StepCode.SIGN_FOR, by=HEAD, on=RECEIVED + 3 * ONE)
    case.take(StepCode.REPORT_UP, by=CLERK, on=RECEIVED + 9 * ONE, reported_on=RECEIVED + ONE)
    case.take(StepCode.TALK, by=HANDLER, talked_on=RECEIVED + ONE)
    assert [h.happened_on for h in case.facts.history[-2:]] == [RECEIVED + ONE] * 2


def test_a_step_that_may_move_the_case_and_does_not_may_be_entered_late() -> None:
    """The leader's paper instruction, after which the principal leader is asked: the case stays where it is."""
    case = classified(RECEIVED)
    case.take(StepCode.PROPOSE, by=CLERK, on=RECEIVED + 5 * ONE, to_principal=True)
    case.take(StepCode.INSTRUCT, by=LEADER, instructed_on=RECEIVED + 4 * ONE)
    assert case.facts.history[-1].happened_on == RECEIVED + 4 * ONE


@pytest.mark.parametrize("day", [RECEIVED, RECEIVED + ONE])
def test_what_has_no_day_of_its_own_happens_today(day: date) -> None:
    case = in_hand()
    case.take(StepCode.WITHDRAW, by=PETITIONER, on=day)
    assert case.facts.history[-1].happened_on == day
