"""条例第二十四条：涉及几个机关、单位的，协商受理；有争议的报请决定；分立、合并、撤销的，由承继职权的受理。"""

from datetime import timedelta

import pytest

from tests.articles.department import CLERK, HANDLER, RECEIVED, SECOND_CLERK
from tests.articles.stories import classified, in_hand
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State


@pytest.mark.parametrize("question", ["agreed", "referred", "successor"])
def test_what_was_done_about_whose_matter_it_is_is_recorded_and_stops_nothing(question: str) -> None:
    case = classified()
    before = [(r.clock.code, r.due.due, r.stopped_on) for r in running(case.facts, case.calendar)]
    day = RECEIVED + timedelta(days=2)
    case.take(StepCode.COORDINATE, by=CLERK, alone=True, on=day, question=question, competent="某市科技局")
    assert [(r.clock.code, r.due.due, r.stopped_on) for r in running(case.facts, case.calendar)] == before
    assert case.facts.state is State.REGISTERED and case.facts.history[-1].happened_on == day


def test_what_another_body_was_found_to_take_is_led_there_by_two_also_when_it_is_being_handled() -> None:
    """办理中协商（报请）确定由其他机关受理的：两人告知或者转送到所确定的机关，并书面告知信访人；没有确定的不能推出去。"""
    case = in_hand()
    body = {"body": "某市科技局", "reason": "职权已划转"}
    assert case.refused(StepCode.REDIRECT, by=CLERK, **body).codes == {"what_is_in_hand_was_given_to_another_body"}
    case.take(StepCode.COORDINATE, by=CLERK, question="successor", competent="本厅")
    assert case.refused(StepCode.FORWARD, by=CLERK, **body).codes == {"what_is_in_hand_was_given_to_another_body"}
    case.take(StepCode.COORDINATE, by=CLERK, question="successor", competent="某市科技局")
    wrong = case.refused(StepCode.REDIRECT, by=CLERK, body="某市教育局", reason="x")
    assert wrong.codes == {"it_goes_to_the_body_that_was_found"}
    case.take(StepCode.REDIRECT, by=CLERK, waits=True, **body)
    assert case.facts.state is State.HANDLING and case.clock("handling").stopped_on is None
    case.confirm(StepCode.REDIRECT, by=SECOND_CLERK)
    assert case.facts.state is State.REDIRECTED and "不属职权告知书" in case.papers
    case.take(StepCode.REOPEN, by=CLERK)
    assert case.facts.received_on == RECEIVED, "a wrong end lengthens no wait"


def test_only_the_office_settles_it() -> None:
    assert in_hand().refused(StepCode.COORDINATE, by=HANDLER).codes == {"who"}
