"""条例第十七条：信访形式与信访人。"""

from tests.articles.department import CLERK, PETITIONER, SOMEBODY, Case
from tests.articles.stories import registered
from xinfang.procedure.step_codes import StepCode


def test_somebody_may_act_for_another() -> None:
    case = registered(persons=[SOMEBODY, {"name": "乙某", "role": "agent"}])
    assert len(case.facts.persons) == 2


def test_an_agent_alone_petitions_for_nobody() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, persons=[{"name": "乙某", "role": "agent"}])
    assert "代理人之外没有填写被代理的信访人（条例第十七条）" in refused


def test_what_was_withdrawn_can_be_brought_again() -> None:
    case = registered()
    case.take(StepCode.WITHDRAW, by=PETITIONER)
    registered()
