"""规程第十条：已办理完结、已回复的重复来信、无参考价值或内容不清的，从简登记，按存信处理。"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import CLERK, RECEIVED, SECOND_CLERK, SOMEBODY
from tests.articles.stories import proposed, registered
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Material, State


def test_it_is_registered_and_numbered_and_two_persons_file_it() -> None:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    assert case.facts.state is State.REGISTERED
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    assert case.facts.state is State.FILED
    assert case.facts.number
    assert {"存信审批单", "存信告知书"} <= set(case.papers)


def test_a_repeat_must_first_be_found_to_be_one_by_two_persons() -> None:
    case = registered()
    refused = case.refused(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="answered_repeat")
    assert "以“重复来信”存信，须先认定重复（规程第十条）" in refused
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.confirm(StepCode.LINK_REPEAT, by=SECOND_CLERK)
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="answered_repeat", answered=True)


def test_a_repeat_of_what_nobody_answered_is_not_filed() -> None:
    case = registered()
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.confirm(StepCode.LINK_REPEAT, by=SECOND_CLERK)
    refused = case.refused(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="answered_repeat", answered=False)
    assert refused.codes == {"the_earlier_case_was_answered"}
    assert "没有答复的重复来信不得存信（规程第十条、条例第四十四条）" in refused


def test_what_was_concluded_before_this_system_is_proven_by_its_reply() -> None:
    case = registered()
    named = {"ground": "concluded", "concluded_number": "内科信答〔2019〕7号"}
    assert case.refused(StepCode.FILE_WITHOUT_ACTION, by=CLERK, **named).codes == {"the_earlier_case_was_answered"}
    reply = case.proof(Material.PAPER)
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK, **named, attachment=reply)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    assert case.facts.state is State.FILED


@pytest.mark.parametrize("channel", ["visit", "phone"])
def test_a_visitor_or_caller_is_asked_and_never_filed(channel: str) -> None:
    case = registered(channel=channel)
    refused = case.refused(
        StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="unclear", contact_attempt="说不清楚", reason="说不清楚"
    )
    assert refused.codes == {"it_is_a_letter"}
    assert "只有来信（含传真、网上来信）可以存信" in refused
    assert "规程第十条、规程第十一条、条例第十九条" in refused


@pytest.mark.parametrize("ground", ["unclear", "no_value"])
def test_a_letter_in_mongolian_is_translated_and_not_called_unclear(ground: str) -> None:
    case = registered(persons=[{**SOMEBODY, "language": "蒙古语", "translate": True}])
    refused = case.refused(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground=ground, contact_attempt="看不懂")
    assert refused.codes == {"it_can_be_read_here"}
    assert "用蒙古文等其他文字写的来信，不得以内容不清、无参考价值存信（规程第十条、本厅设定）" in refused
    assert case.clock("notice").due.due == RECEIVED + timedelta(days=15), "translating takes no day from the petitioner"


def test_an_unclear_letter_is_first_asked_about() -> None:
    refused = registered().refused(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="unclear")
    assert "以“内容不清”存信前应当联系过信访人（规程第十条、本厅设定）" in refused


def test_a_concluded_matter_names_its_number() -> None:
    refused = registered().refused(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="concluded")
    assert "须写明完结的原件编号（规程第十条）" in refused


def test_filing_can_be_undone() -> None:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    case.take(StepCode.REOPEN, by=SECOND_CLERK, alone=True)
    assert case.facts.state is State.REGISTERED and case.facts.received_on == RECEIVED


@pytest.mark.parametrize("language", ["", "汉语", "中文", "普通话", "汉文", "国家通用语言文字"])
def test_a_letter_in_chinese_however_it_is_called_needs_no_translation(language: str) -> None:
    case = registered(persons=[{**SOMEBODY, "language": language}])
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="no_value", reason="广告")


def test_what_is_taken_up_again_belongs_to_nobody_yet() -> None:
    """恢复办理的，重新拟办、批示、交办；此前拟定的承办单位、领导和承办人都不作数。"""
    worked_on = replace(
        proposed().facts, state=State.WITHDRAWN, handler=StaffCode("handler"), handed_over_to_unit=True, signed_for=True
    )
    again = load_step(STEPS[StepCode.REOPEN], {"reason": "改变主意"}).change(worked_on, CLERK, RECEIVED)
    assert (again.proposed_leader, again.proposed_unit, again.handler) == ("", "", "")
    assert not (again.handed_over_to_unit or again.signed_for)
