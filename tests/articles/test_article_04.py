"""规程第四条：包案厅领导是责任领导。"""

from tests.articles.department import CLERK, HEAD, LEADER, PRINCIPAL
from tests.articles.stories import advised, instructed, proposed
from xinfang.procedure.step_codes import StepCode


def test_the_leader_who_was_asked_becomes_the_responsible_leader() -> None:
    assert instructed().facts.responsible_leader == "leader"


def test_only_the_responsible_leader_signs_the_reply() -> None:
    case = advised()
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    refused = case.refused(StepCode.SIGN_REPLY, by=PRINCIPAL)
    assert "应由包案厅领导办理" in refused
    assert "规程第四条" in refused
    case.take(StepCode.SIGN_REPLY, by=LEADER)


def test_somebody_who_is_no_leader_cannot_be_responsible() -> None:
    refused = proposed().refused(StepCode.INSTRUCT, by=LEADER, responsible_leader="handler")
    assert "所选人员不是厅领导（规程第四条）" in refused


def test_the_office_changes_the_responsible_leader_only_with_another_person() -> None:
    case = instructed()
    case.take(StepCode.CHANGE_LEADER, by=CLERK, waits=True)
    assert case.facts.responsible_leader == "leader"
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.CHANGE_LEADER, by=CLERK)
    case.confirm(StepCode.CHANGE_LEADER, by=LEADER)
    assert case.facts.responsible_leader == "other_leader"


def test_a_leader_changes_it_alone() -> None:
    case = instructed()
    case.take(StepCode.CHANGE_LEADER, by=PRINCIPAL, alone=True)
    assert case.facts.responsible_leader == "other_leader"
