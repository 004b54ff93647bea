"""条例第三十一条：申诉求决区分六种情况；第（六）种听取陈述，出具信访处理意见书。"""

from tests.articles.department import ADVISER, CLERK, HANDLER, HEAD, LEADER
from tests.articles.stories import classified, in_hand, instructed, registered
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Route


def test_a_claim_has_one_of_six_routes() -> None:
    refused = registered().refused(StepCode.CLASSIFY, by=CLERK, route=None)
    assert "申诉求决应选定（一）至（六）中的一种途径（条例第三十一条）" in refused


def test_only_the_sixth_is_handled_here() -> None:
    refused = classified(route="two").refused(StepCode.PROPOSE, by=CLERK)
    assert "60日办结程序只适用于申诉求决中的第（六）种途径（条例第三十一条、条例第三十四条）" in refused
    assert instructed().facts.route is Route.SIX


def test_nothing_is_signed_before_the_petitioner_was_heard() -> None:
    case = in_hand()
    case.take(StepCode.DRAFT_REPLY, by=HANDLER)
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER)
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    refused = case.refused(StepCode.SIGN_REPLY, by=LEADER)
    assert "尚未听取信访人陈述事实和理由（条例第三十一条、规程第十一条）" in refused
    case.take(StepCode.TALK, by=HANDLER)
    case.take(StepCode.SIGN_REPLY, by=LEADER)


def test_a_hearing_may_be_held() -> None:
    case = in_hand()
    case.take(StepCode.HOLD_HEARING, by=HANDLER)
    assert {"听证通知书", "听证笔录"} <= set(case.papers)
