"""条例第十七条：信访形式与信访人。"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.articles.department import BOTH, CLERK, LEADER, PETITIONER, RECEIVED, SECOND_CLERK, SOMEBODY, Case
from tests.articles.stories import accepted, in_hand, registered, replied, reported, served, signed, then
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, State


def test_somebody_may_act_for_another() -> None:
    case = registered(persons=[SOMEBODY, {"name": "乙某", "role": "agent"}])
    assert len(case.facts.persons) == 2


def test_an_agent_alone_petitions_for_nobody() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, persons=[{"name": "乙某", "role": "agent"}])
    assert "代理人之外没有填写被代理的信访人（条例第十九条、本厅设定）" in refused


def test_what_was_withdrawn_can_be_brought_again() -> None:
    case = registered()
    case.take(StepCode.WITHDRAW, by=PETITIONER)
    registered()


# 撤回：信访人本人随时可以，办公室代为登记的须附本人的申请，由另一人确认；意见书印发后不能撤回，撤回后可以恢复办理。


def test_the_petitioner_withdraws_alone_and_proves_nothing() -> None:
    case = in_hand()
    case.take(StepCode.WITHDRAW, by=PETITIONER, alone=True)
    assert case.facts.state is State.WITHDRAWN


def test_the_office_needs_the_petitioner_s_own_words() -> None:
    refused = in_hand().refused(StepCode.WITHDRAW, by=CLERK, reason="电话说不要了")
    assert refused.codes == {"the_petitioners_own_words_are_attached"}
    assert "须附信访人本人的申请（书面、录音或者经其签名的笔录）（本厅设定）" in refused


def test_a_photograph_or_a_paper_of_the_office_s_own_is_not_their_words() -> None:
    case = in_hand()
    for other in (Material.EVIDENCE, Material.PAPER, Material.OTHER_BODYS_PAPER):
        refused = case.refused(StepCode.WITHDRAW, by=CLERK, attachment=case.proof(other))
        assert refused.codes == {"the_petitioners_own_words_are_attached"}


def test_words_that_were_taken_out_of_the_file_prove_nothing_any_more() -> None:
    case = in_hand()
    words = case.proof(Material.PETITIONERS_WORDS)
    case.take(StepCode.WITHDRAW, by=CLERK, waits=True, attachment=words)
    case.take(StepCode.WITHDRAW_ATTACHMENT, by=CLERK, attachment=words)
    refused = case.refused_to_confirm(StepCode.WITHDRAW, by=SECOND_CLERK)
    assert refused.codes == {"the_petitioners_own_words_are_attached"}


def test_what_the_office_enters_waits_for_another_of_the_office() -> None:
    case = in_hand()
    case.take(StepCode.WITHDRAW, by=CLERK, waits=True)
    assert case.facts.state is State.HANDLING and case.clock("handling").stopped_on is None
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.WITHDRAW, by=CLERK)
    case.confirm(StepCode.WITHDRAW, by=SECOND_CLERK)
    assert case.facts.state is State.WITHDRAWN


@pytest.mark.parametrize("by", [PETITIONER, CLERK], ids=["petitioner", "office"])
@pytest.mark.parametrize("reached", [replied, served], ids=["issued", "served"])
def test_once_the_reply_is_issued_there_is_nothing_to_withdraw(by: Actor, reached: Callable[[], Case]) -> None:
    """意见书印发后还有复查的权利和应当执行的内容，撤回只会失去它们。"""
    case = reached()
    words = case.proof(Material.PETITIONERS_WORDS)
    assert case.refused(StepCode.WITHDRAW, by=by, attachment=words).codes == {"when"}
    assert case.refused(StepCode.REOPEN, by=CLERK).codes >= {"when"}


def test_a_withdrawal_that_waits_falls_away_when_the_reply_is_issued() -> None:
    case = signed()
    case.take(StepCode.WITHDRAW, by=CLERK, waits=True)
    case.take(StepCode.ISSUE_REPLY, by=CLERK)
    assert case.facts.state is State.REPLIED and not case.facts.pending


def test_it_can_be_taken_up_again_with_the_same_day_of_receipt_and_the_same_limits() -> None:
    case = accepted(RECEIVED)
    before = (case.clock("notice").due.due, case.clock("handling").due.due)
    case.take(StepCode.WITHDRAW, by=CLERK, on=RECEIVED + timedelta(days=5))
    case.take(StepCode.REOPEN, by=CLERK, on=RECEIVED + timedelta(days=20), alone=True, reason="信访人改变主意")
    assert (case.facts.state, case.facts.received_on) == (State.REGISTERED, RECEIVED)
    assert (case.clock("notice").due.due, case.clock("handling").due.due) == before
    then(case, (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK))
    assert (case.clock("notice").due.due, case.clock("handling").due.due) == before, "accepting again gains nothing"
    handling = [r for r in running(case.facts, case.calendar) if r.clock.code == "handling" and r.stopped_on is None]
    assert len(handling) == 1, "there is one limit, not two"


def test_a_report_of_wrongdoing_is_not_withdrawn() -> None:
    assert "it_is_no_report_of_wrongdoing" in reported().refused(StepCode.WITHDRAW, by=BOTH).codes
