"""条例第十七条：信访形式与信访人。"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.articles.department import (
    BOTH,
    BY_CODE,
    CLERK,
    DIRECTORY,
    LEADER,
    OFFICE_HEAD,
    PETITIONER,
    RECEIVED,
    SECOND_CLERK,
    SOMEBODY,
    Case,
    without,
)
from tests.articles.stories import accepted, in_hand, registered, replied, reported, served, signed, then
from xinfang.procedure.addressees import address_task
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material, Role, State


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


# 撤回：信访人本人随时可以（须能证明是本人，否则由没有登记此件的人核实），办公室代为登记的须附本人的申请，由另一人确认；意见书印发后不能撤回，撤回后可以恢复办理。


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
    words = case.proof(Material.PETITIONERS_WORDS) if by is CLERK else None
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


# 一名工作人员知道查询码和登记的电话，可以在网上冒充信访人：只凭这些的撤回，由没有登记此件的人向信访人核实后才成立。


def by_code() -> Case:
    case = in_hand()
    assert case.facts.history[0].by == CLERK.code
    case.take(StepCode.WITHDRAW, by=BY_CODE, waits=True)
    return case


def test_who_proves_no_more_than_the_office_knows_ends_nothing_alone() -> None:
    case = by_code()
    assert case.facts.state is State.HANDLING and case.clock("handling").stopped_on is None
    case.confirm(StepCode.WITHDRAW, by=SECOND_CLERK, opinion="3月2日拨打登记的电话，本人确认")
    assert case.facts.state is State.WITHDRAWN


def test_who_registered_the_case_is_not_the_one_who_asks_them() -> None:
    case = by_code()
    refused = case.refused_to_confirm(StepCode.WITHDRAW, by=CLERK, opinion="已核实")
    assert refused.codes == {"second_person"} and "您登记了此件，不得确认“撤回”（本厅设定）" in refused
    task = next(t for t in task_rules(case.facts) if t.step == StepCode.WITHDRAW)
    assert address_task(task, case.facts, DIRECTORY).role is Role.OFFICE
    alone = without(SECOND_CLERK, OFFICE_HEAD, BOTH)
    assert address_task(task, case.facts, alone).role is Role.LEADER, "in a small office a leader asks"


def test_a_sheet_that_the_office_filed_makes_nobody_the_petitioner() -> None:
    case = in_hand()
    words = case.proof(Material.PETITIONERS_WORDS)
    for them in (BY_CODE, PETITIONER):
        refused = case.refused(StepCode.WITHDRAW, by=them, attachment=words)
        assert refused.codes == {"what_they_say_themselves_rests_on_no_sheet"}


def test_who_agrees_says_how_they_asked() -> None:
    refused = by_code().refused_to_confirm(StepCode.WITHDRAW, by=SECOND_CLERK)
    assert refused.codes == {"how_it_was_checked_is_said"} and "须写明何时、怎样向信访人本人核实" in refused
    on_paper = in_hand()
    on_paper.take(StepCode.WITHDRAW, by=CLERK, waits=True)
    on_paper.confirm(StepCode.WITHDRAW, by=SECOND_CLERK)


def test_who_was_asked_and_knows_nothing_of_it_has_withdrawn_nothing() -> None:
    case = by_code()
    case.confirm(StepCode.WITHDRAW, by=SECOND_CLERK, agree=False, opinion="电话核实，本人没有撤回")
    assert case.facts.state is State.HANDLING and not case.facts.pending


def test_the_petitioner_takes_back_what_waits_in_their_name() -> None:
    for them in (PETITIONER, BY_CODE):
        case = by_code()
        case.confirm(StepCode.WITHDRAW, by=them, agree=False, opinion="不是我提出的")
        assert not case.facts.pending


def test_nobody_else_takes_back_what_the_office_entered_for_them_but_who_entered_it() -> None:
    case = in_hand()
    case.take(StepCode.WITHDRAW, by=CLERK, waits=True)
    assert case.refused_to_confirm(StepCode.WITHDRAW, by=BY_CODE, agree=False, opinion="x").codes == {"second_person"}


def test_with_a_secret_of_their_own_it_holds_at_once_whatever_waits() -> None:
    case = by_code()
    case.take(StepCode.WITHDRAW, by=PETITIONER, alone=True)
    assert case.facts.state is State.WITHDRAWN and not case.facts.pending


@pytest.mark.parametrize("them", [PETITIONER, BY_CODE], ids=["certain", "by code"])
def test_who_withdrew_takes_it_up_again_with_the_same_day_of_receipt(them: Actor) -> None:
    """恢复办理只给信访人带来权利，不须另作证明；收到日期和期限不变。"""
    case = accepted(RECEIVED)
    before = (case.clock("notice").due.due, case.clock("handling").due.due)
    case.take(StepCode.WITHDRAW, by=PETITIONER, on=RECEIVED + timedelta(days=5))
    case.take(StepCode.REOPEN, by=them, on=RECEIVED + timedelta(days=20), alone=True, reason="改变主意")
    assert (case.facts.state, case.facts.received_on) == (State.REGISTERED, RECEIVED)
    assert (case.clock("notice").due.due, case.clock("handling").due.due) == before


def test_what_the_office_decided_is_not_reopened_by_the_petitioner() -> None:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    refused = case.refused(StepCode.REOPEN, by=PETITIONER)
    assert refused.codes == {"a_petitioner_reopens_what_they_withdrew"} and "请求重新审查" in refused


def test_what_takes_nothing_away_needs_no_more_than_the_code() -> None:
    """补充、留言、评价、请求复查和重新审查：办公室不得以核实为由拦下，冒用的由受理机关、窗口另行防范。"""
    case = served()
    case.take(StepCode.RATE, by=BY_CODE, alone=True)
    case.take(StepCode.LEAVE_MESSAGE, by=BY_CODE, alone=True)
    case.take(StepCode.SUPPLEMENT, by=BY_CODE, alone=True)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=BY_CODE, alone=True)


# 几个人的来信，一人撤回只撤回本人的：其他各位的继续办理。

SIX = [{**SOMEBODY, "name": name} for name in ("甲某", "乙某", "丙某", "丁某", "戊某", "己某")]


def test_one_of_six_withdraws_and_the_matter_of_the_others_goes_on() -> None:
    case = registered(persons=SIX, group_size=6)
    case.take(StepCode.WITHDRAW, by=PETITIONER, alone=True)
    assert case.facts.state is State.REGISTERED and case.facts.gone == (1,)
    assert case.facts.who_still_asks == {2, 3, 4, 5, 6}
    assert case.clock("notice").stopped_on is None
    assert "who_withdraws_is_named" in case.refused(StepCode.WITHDRAW, by=CLERK).codes, "the office says who"
    assert "who_withdraws_is_named" in case.refused(StepCode.WITHDRAW, by=CLERK, persons=[1]).codes
    case.take(StepCode.WITHDRAW, by=CLERK, persons=[2, 3, 4, 5])
    assert case.facts.state is State.REGISTERED
    case.take(StepCode.WITHDRAW, by=CLERK)
    assert case.facts.state is State.WITHDRAWN, "all who are named"
    case.take(StepCode.REOPEN, by=CLERK)
    assert case.facts.who_still_asks == {1, 2, 3, 4, 5, 6}


def test_nobody_withdraws_for_another_petitioner() -> None:
    case = registered(persons=SIX, group_size=6)
    assert "who_withdraws_is_named" in case.refused(StepCode.WITHDRAW, by=PETITIONER, persons=[2]).codes
    assert "who_withdraws_is_named" in case.refused(StepCode.WITHDRAW, by=PETITIONER, persons=[]).codes


def test_one_who_is_named_for_eight_does_not_end_it_for_all_alone() -> None:
    case = registered(persons=[{**SOMEBODY, "role": "representative"}], group_size=8, channel="visit")
    case.take(StepCode.WITHDRAW, by=PETITIONER, waits=True)
    assert case.facts.state is State.REGISTERED
    case.confirm(StepCode.WITHDRAW, by=SECOND_CLERK, opinion="3月2日拨打登记的电话，代表说明八人都同意")
    assert case.facts.state is State.WITHDRAWN


def test_who_agrees_reads_whose_withdrawal_it_is_and_which_words_are_attached() -> None:
    case = registered(persons=SIX, group_size=6)
    words = case.proof(Material.PETITIONERS_WORDS)
    case.take(StepCode.WITHDRAW, by=CLERK, waits=True, persons=[2], attachment=words)
    told = case.facts.pending[StepCode.WITHDRAW].step.says(case.directory)
    assert told == f"第2位信访人：本人要求撤回（附件{words}）"
