"""规程第十条：已办理完结、已回复的重复来信、无参考价值或内容不清的，从简登记，按存信处理。"""

from tests.articles.department import CLERK, SECOND_CLERK
from tests.articles.stories import registered
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State


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
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="answered_repeat")


def test_an_unclear_letter_is_first_asked_about() -> None:
    refused = registered().refused(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="unclear")
    assert "以“内容不清”存信前应当联系过信访人（规程第十条、条例第十九条）" in refused


def test_a_concluded_matter_names_its_number() -> None:
    refused = registered().refused(StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="concluded")
    assert "须写明完结的原件编号（规程第十条）" in refused


def test_filing_can_be_undone() -> None:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    case.take(StepCode.REOPEN, by=SECOND_CLERK)
    assert case.facts.state is State.REGISTERED
