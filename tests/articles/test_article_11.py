"""规程第十一条：接访，能当场处理的当场处理，不能的告知答复时间；要求见厅领导的请示决定。"""

from datetime import date

import pytest

from tests.articles.department import (
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_HEAD,
    OTHER_LEADER,
    PRINCIPAL,
    RECEPTION,
    UNIT,
    Case,
)
from tests.articles.stories import in_hand, registered, simple, suggested, tell, then
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import PaperKind, Role, State


def test_a_promised_date_becomes_a_limit_of_its_own() -> None:
    case = in_hand(date(2026, 3, 2))
    case.take(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-03-20")
    assert case.clock("promised_reply").due.due == date(2026, 3, 20)
    case.take(StepCode.TALK, by=HANDLER, on=date(2026, 3, 18))
    assert case.clock("promised_reply").stopped_on is None, "who only listened has answered nothing"
    case.take(StepCode.TALK, by=HANDLER, on=date(2026, 3, 19), answered=True)
    assert case.clock("promised_reply").stopped_on == date(2026, 3, 19)


@pytest.mark.parametrize("by", [RECEPTION, CLERK])
def test_a_visitor_is_promised_a_day_on_the_first_day_and_told_by_then(by: Actor) -> None:
    """登记当天就可以告知答复时间，期限自当天起算；受理与否，都要真正答复信访人才算。"""
    case = registered(date(2026, 3, 2), channel="visit")
    case.take(StepCode.PROMISE_REPLY, by=by, alone=True, promised_on="2026-03-12")
    assert case.clock("promised_reply").due.due == date(2026, 3, 12)
    then(case, (StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER))
    case.take(StepCode.ACCEPT, by=CLERK, on=date(2026, 3, 9))
    tell(case, on=date(2026, 3, 9))
    assert case.clock("promised_reply").stopped_on is None, "that it was accepted is no answer"
    case.take(StepCode.TALK, by=by, on=date(2026, 3, 12), answered=True)
    assert case.clock("promised_reply").stopped_on == date(2026, 3, 12)


def test_once_a_unit_has_the_matter_nobody_else_keeps_the_promise_by_ticking_a_box() -> None:
    """交办以后，承诺的答复由承办处室作出；接待人员只听取陈述的照样记录，承诺的期限不停。"""
    case = in_hand(date(2026, 3, 2))
    case.take(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-03-20")
    for by in (RECEPTION, CLERK, OTHER_HEAD):
        assert case.refused(StepCode.TALK, by=by, answered=True).codes & {"who_has_the_case_keeps_the_promise", "who"}
    case.take(StepCode.TALK, by=RECEPTION)
    assert case.clock("promised_reply").stopped_on is None
    case.take(StepCode.TALK, by=HANDLER, answered=True)
    assert case.clock("promised_reply").stopped_on is not None


def test_a_talk_before_the_matter_is_in_hand_is_not_the_hearing_that_a_reply_needs() -> None:
    case = registered(channel="visit")
    case.take(StepCode.TALK, by=RECEPTION)
    assert not case.facts.heard and "接谈记录" in case.papers


def test_how_it_ended_answers_who_was_promised_an_answer_once_the_notice_left() -> None:
    case = registered(date(2026, 3, 2))
    case.take(StepCode.PROMISE_REPLY, by=CLERK, promised_on="2026-03-12")
    case.take(StepCode.CLASSIFY, by=CLERK, route=None, competence="elsewhere", not_ours="属于劳动监察")
    case.take(StepCode.REDIRECT, by=CLERK, on=date(2026, 3, 4))
    assert case.clock("promised_reply").stopped_on is None
    tell(case, PaperKind.REDIRECT_NOTICE, on=date(2026, 3, 6))
    assert case.clock("promised_reply").stopped_on == date(2026, 3, 6)


def test_before_the_acceptance_a_promise_lies_within_the_fifteen_and_the_sixty_days() -> None:
    case = registered(date(2026, 3, 2))
    refused = case.refused(StepCode.PROMISE_REPLY, by=CLERK, promised_on="2026-05-17")
    assert refused.codes == {"the_promise_is_within_the_limit"}
    case.take(StepCode.PROMISE_REPLY, by=CLERK, promised_on="2026-05-16")


def test_a_promise_lies_ahead() -> None:
    refused = in_hand(date(2026, 3, 2)).refused(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-03-02")
    assert "承诺的答复日期应在今天之后（规程第十一条）" in refused


def test_a_call_that_nobody_answers_keeps_no_promise() -> None:
    case = in_hand(date(2026, 3, 2))
    case.take(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-03-20")
    case.take(StepCode.TALK, by=HANDLER, on=date(2026, 3, 18), missed=True, said="两次拨打，无人接听")
    assert case.clock("promised_reply").stopped_on is None
    case.take(StepCode.TALK, by=HANDLER, on=date(2026, 3, 20), answered=True)
    assert case.clock("promised_reply").stopped_on == date(2026, 3, 20)


def test_nobody_promises_a_day_after_the_matter_must_be_concluded() -> None:
    """60日自3月2日起算，至5月1日：不能承诺5月2日答复。"""
    case = in_hand(date(2026, 3, 2))
    refused = case.refused(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-05-02")
    assert refused.codes == {"the_promise_is_within_the_limit"}
    case.take(StepCode.PROMISE_REPLY, by=HANDLER, promised_on="2026-05-01")


def test_what_can_be_settled_is_settled_on_the_spot() -> None:
    case = then(in_hand(), (StepCode.TALK, HANDLER))
    case.take(StepCode.SETTLE_ON_THE_SPOT, by=HANDLER)
    assert case.facts.heard


def test_who_is_not_there_is_not_settled_with_on_the_spot() -> None:
    """来信的信访人不在场：没有接谈就不能“当场处理”，也不因此算听取了陈述（规程第十一条、条例第三十一条）。"""
    case = in_hand()
    assert case.refused(StepCode.SETTLE_ON_THE_SPOT, by=HANDLER).codes == {"somebody_is_there"}
    case.take(StepCode.TALK, by=HANDLER, missed=True, said="无人接听")
    assert case.refused(StepCode.SETTLE_ON_THE_SPOT, by=HANDLER).codes == {"somebody_is_there"}
    assert not case.facts.heard


def test_a_leader_decides_whether_to_meet_and_says_why() -> None:
    case = in_hand()
    assert "没有待决定的会见要求（规程第十一条）" in case.refused(StepCode.DECIDE_MEETING, by=LEADER)
    case.take(StepCode.ASK_TO_MEET, by=HANDLER)
    assert "应由包案厅领导" in case.refused(StepCode.DECIDE_MEETING, by=HANDLER)
    case.take(StepCode.DECIDE_MEETING, by=LEADER)


def test_a_visitor_may_ask_on_the_first_day_and_the_leader_asked_for_sees_the_case_and_decides() -> None:
    """要求见厅领导不以交办为前提；指明的厅领导看得到此件并作决定，不见的不再看到。"""
    case = registered(channel="visit")
    case.take(StepCode.ASK_TO_MEET, by=RECEPTION, leader="other_leader")
    assert [(t.step, t.who.person(case.facts)) for t in task_rules(case.facts)][-1] == (
        StepCode.DECIDE_MEETING,
        "other_leader",
    )
    assert may_see(OTHER_LEADER, case.facts) and not may_see(LEADER, case.facts)
    case.take(StepCode.DECIDE_MEETING, by=OTHER_LEADER, agree=False, reason="先由办公室受理")
    assert not may_see(OTHER_LEADER, case.facts)


def test_who_names_no_leader_is_answered_by_the_principal_leader_or_who_is_responsible() -> None:
    case = registered()
    case.take(StepCode.ASK_TO_MEET, by=CLERK)
    asked = task_rules(case.facts)[-1].who
    assert (asked.role(case.facts), asked.person(case.facts)) == (Role.PRINCIPAL_LEADER, "")
    case.take(StepCode.DECIDE_MEETING, by=PRINCIPAL)
    case = in_hand()
    case.take(StepCode.ASK_TO_MEET, by=HANDLER, leader="other_leader")
    assert [t.who.person(case.facts) for t in task_rules(case.facts) if t.step == StepCode.DECIDE_MEETING] == ["leader"]


def test_only_a_leader_who_need_not_withdraw_is_asked_for() -> None:
    assert registered().refused(StepCode.ASK_TO_MEET, by=CLERK, leader="handler").codes == {"the_wanted_leader_is_fit"}


def test_a_simple_matter_has_an_answer_of_its_own_and_a_suggestion_another() -> None:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.ANSWER, HANDLER))
    assert case.papers[-1] == PaperKind.SIMPLE_REPLY.label
    case = then(suggested(), (StepCode.REFER, CLERK), (StepCode.STUDY, HANDLER), (StepCode.ANSWER, HANDLER))
    assert case.papers[-1] == PaperKind.SUGGESTION_REPLY.label


def question(channel: str = "phone") -> Case:
    case = registered(date(2026, 3, 2), channel=channel)
    case.take(StepCode.CLASSIFY, by=CLERK, **ASKED)
    return case


ASKED = {"route": None, "purpose": "consultation"}
TOLD = {"text": "申报通知每年三月发布，可在本厅网站查看。", "adoption": None, "conclusion": None, "basis": ""}


@pytest.mark.parametrize("channel", ["phone", "visit"])
def test_a_question_is_answered_there_and_then_and_another_agrees_that_it_was_one(channel: str) -> None:
    """能当场处理的当场处理：不必转办、签收；是否只是咨询，不由答复的人一个人说了算。"""
    case = question(channel)
    case.take(StepCode.ANSWER, by=CLERK, waits=True, **TOLD)
    assert case.facts.state is State.REGISTERED, "until then every limit runs on"
    assert case.clock("notice").stopped_on is None
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.ANSWER, by=CLERK)
    case.confirm(StepCode.ANSWER, by=OFFICE_HEAD)
    assert case.facts.state is State.ANSWERED and case.clock("notice").stopped_on == date(2026, 3, 2)
    assert "建议（咨询）回复" not in case.papers, "who asked heard the answer"


def test_a_letter_is_not_answered_over_the_counter_nor_a_claim() -> None:
    written = question("letter")
    assert "a_unit_handles_it_or_the_desk_does" in written.refused(StepCode.ANSWER, by=CLERK, **TOLD).codes
    claim = then(registered(channel="phone"), (StepCode.CLASSIFY, CLERK))
    assert "it_may_be_answered" in claim.refused(StepCode.ANSWER, by=CLERK, **TOLD).codes


def test_what_is_answered_later_goes_to_a_unit() -> None:
    refused = question().refused(StepCode.ANSWER, by=CLERK, on=date(2026, 3, 3), **TOLD)
    assert refused.codes == {"it_was_answered_there_and_then"}


def test_what_a_unit_was_given_the_office_does_not_answer_over_its_head() -> None:
    case = then(question(), (StepCode.REFER, CLERK))
    assert case.refused(StepCode.ANSWER, by=CLERK, **TOLD).codes == {"the_unit_answers_what_it_was_given"}


def test_an_answer_there_and_then_refuses_nothing_and_can_be_taken_up_again() -> None:
    refused = question().refused(StepCode.ANSWER, by=CLERK, refuses_nothing=False, **TOLD)
    assert refused.codes == {"an_answer_refuses_nothing"}
    case = question()
    case.take(StepCode.ANSWER, by=CLERK, waits=True, **TOLD)
    case.confirm(StepCode.ANSWER, by=OFFICE_HEAD)
    case.take(StepCode.REOPEN, by=CLERK)
    assert case.facts.state is State.REGISTERED and case.facts.received_on == date(2026, 3, 2)
