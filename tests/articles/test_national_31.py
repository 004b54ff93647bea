"""条例第三十一条：申诉求决区分六种情况；第（六）种听取陈述，出具信访处理意见书。"""

from tests.articles.house import ADVISER, CLERK, HANDLER, HEAD, LEADER, classified, in_hand, instructed, registered
from xinfang.procedure.words import Route


def test_a_claim_has_one_of_six_routes() -> None:
    refused = registered().refused("classify", by=CLERK, route=None)
    assert "申诉求决应选定（一）至（六）中的一种途径（条例第三十一条）" in refused


def test_only_the_sixth_is_handled_here() -> None:
    refused = classified(route="two").refused("propose", by=CLERK)
    assert "60日办结程序只适用于申诉求决中的第（六）种途径（条例第三十一条、条例第三十四条）" in refused
    assert instructed().facts.route is Route.SIX


def test_nothing_is_signed_before_the_petitioner_was_heard() -> None:
    case = in_hand()
    case.take("seek_legal_advice", by=HANDLER)
    case.take("give_legal_advice", by=ADVISER)
    case.take("draft_reply", by=HANDLER)
    case.take("review_reply", by=HEAD)
    refused = case.refused("sign_reply", by=LEADER)
    assert "尚未听取信访人陈述事实和理由（条例第三十一条、规程第十一条）" in refused
    case.take("talk", by=HANDLER)
    case.take("sign_reply", by=LEADER)


def test_a_hearing_may_be_held() -> None:
    case = in_hand()
    case.take("hold_hearing", by=HANDLER)
    assert {"听证通知书", "听证笔录"} <= set(case.papers)
