"""条例第二十四条：涉及几个机关、单位的，协商受理；有争议的报请决定；分立、合并、撤销的，由承继职权的受理。"""

from datetime import timedelta

import pytest

from tests.articles.department import CLERK, HANDLER, RECEIVED
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


def test_only_the_office_settles_it() -> None:
    assert in_hand().refused(StepCode.COORDINATE, by=HANDLER).codes == {"who"}
