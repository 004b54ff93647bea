"""规程第三条：严守国家秘密。涉及或者可能涉及国家秘密、工作秘密的，不在本系统登记，交机要室。"""

import pytest

from tests.articles.department import CLERK, DIRECTORY, Case
from tests.articles.stories import brought_in, registered
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.people_words import Secrecy
from xinfang.procedure.step_codes import StepCode


@pytest.mark.parametrize("answer", ["yes", "unsure", None])
def test_what_may_be_secret_is_not_registered_here_and_the_way_is_said(answer: str | None) -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, secrecy=answer)
    assert refused.codes == {"nothing_secret_is_registered"}
    assert "不得在本系统登记（规程第三条）" in refused and "交机要室，按机要渠道" in refused


def test_that_nothing_is_secret_is_on_record_with_who_said_so() -> None:
    event = registered().facts.history[0]
    assert (event.by, event.step.secrecy) == ("clerk", Secrecy.NO)
    assert "经登记人判断，不涉及国家秘密、工作秘密" in event.step.says(DIRECTORY)


def test_what_comes_from_another_system_was_judged_there() -> None:
    brought_in()
    case = Case()
    case.take(StepCode.REGISTER, by=SYSTEM, secrecy=None)
    assert "不涉及" not in case.facts.history[0].step.says(DIRECTORY)
