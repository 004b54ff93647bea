"""来源：信访部门、上级转来的可以提出异议（条例第二十三条）；12345热线、留言板、纪检监察机关、人大、政协转办的没有异议程序，按各自的渠道反馈。"""

import pytest

from tests.articles.department import CLERK, RECEIVED, Case
from tests.articles.stories import registered, then
from xinfang.procedure.sources import FEEDBACK
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Source

PASSED_ON = ("hotline", "message_board", "discipline", "congress", "cppcc")
PAPER = {"sender": "12345政务服务便民热线", "sender_number": "GD20260302001", "sender_date": RECEIVED}


@pytest.mark.parametrize("source", PASSED_ON)
def test_what_another_body_passes_on_names_it_with_its_number_or_day(source: str) -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, source=source)
    assert refused.codes == {"a_handed_down_matter_names_its_sender"}
    case = registered(source=source, **PAPER)
    assert (case.facts.sender, case.facts.sender_number, case.facts.sender_date) == tuple(PAPER.values())


@pytest.mark.parametrize("source", PASSED_ON)
def test_it_is_nobody_s_paper_to_object_to_and_the_petitioner_is_told_where_to_turn(source: str) -> None:
    case = registered(source=source, **PAPER)
    assert not case.facts.handed_down and not case.runs("objection")
    assert "it_was_handed_down" in case.refused(StepCode.OBJECT, by=CLERK).codes
    case.take(StepCode.CLASSIFY, by=CLERK, route=None, competence="elsewhere", not_ours="属于劳动监察")
    case.take(StepCode.REDIRECT, by=CLERK)


@pytest.mark.parametrize("source", PASSED_ON)
def test_the_fifteen_days_and_the_day_that_the_sender_wants_an_answer_by_run(source: str) -> None:
    case = registered(source=source, **PAPER, feedback_due="2026-03-20")
    assert case.clock("notice").due.due.isoformat() == "2026-03-17"
    assert case.clock("assigned_feedback").due.due.isoformat() == "2026-03-20"
    then(case, (StepCode.CLASSIFY, CLERK), (StepCode.FORWARD, CLERK))
    case.take(StepCode.REPORT_UP, by=CLERK, completion=True)
    assert case.clock("assigned_feedback").stopped_on == RECEIVED


def test_each_source_says_how_its_result_goes_back() -> None:
    assert set(FEEDBACK) == set(Source)
    assert "12345热线平台" in FEEDBACK[Source.HOTLINE]
    assert "不写姓名" in FEEDBACK[Source.MESSAGE_BOARD], "what is public names nobody"
    assert "密封区" in FEEDBACK[Source.DISCIPLINE], "a report of wrongdoing goes back by no open letter"


def test_a_corrected_source_that_passes_on_needs_its_sender() -> None:
    said = {"what": "source", "new_value": "hotline", "public_value": "hotline"}
    refused = registered().refused(StepCode.CORRECT, by=CLERK, **said)
    assert refused.codes == {"what_is_handed_down_has_a_sender"}
