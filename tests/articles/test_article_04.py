"""规程第四条：包案厅领导是责任领导。"""

from tests.articles.house import HEAD, LEADER, PRINCIPAL, drafted, instructed, proposed


def test_the_leader_who_was_asked_becomes_the_responsible_leader() -> None:
    assert instructed().facts.responsible_leader == "leader"


def test_only_the_responsible_leader_signs_the_reply() -> None:
    case = drafted()
    case.take("review_reply", by=HEAD)
    refused = case.refused("sign_reply", by=PRINCIPAL)
    assert "应由包案厅领导办理" in refused
    assert "规程第四条" in refused
    case.take("sign_reply", by=LEADER)


def test_somebody_who_is_no_leader_cannot_be_responsible() -> None:
    refused = proposed().refused("instruct", by=LEADER, responsible_leader="handler")
    assert "所选人员不是厅领导（规程第四条）" in refused
