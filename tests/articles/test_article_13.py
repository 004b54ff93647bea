"""规程第十三条：自受理之日起60日内办结；可延长一次，不得超过30日；征求法律顾问意见，出具意见书。"""

from datetime import date, timedelta

from tests.articles.department import ADVISER, CLERK, HANDLER, HEAD, LEADER, PRINCIPAL
from tests.articles.stories import in_hand, instructed, replied, suggested, then
from xinfang.procedure.step_codes import StepCode

ACCEPTED = date(2026, 8, 2)
DUE = date(2026, 10, 1)


def test_sixty_days_from_acceptance() -> None:
    clock = in_hand(ACCEPTED).clock("handling")
    assert clock.due.due == DUE == ACCEPTED + timedelta(days=60)
    assert clock.due.alarm == date(2026, 9, 30), "a duty never rolls past the holiday: the alarm rings before it"
    assert "规程第十三条" in clock.due.derivation[2].why


def test_thirty_days_more_with_the_consent_of_the_responsible_leader() -> None:
    case = in_hand(ACCEPTED)
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, on=DUE, days=30)
    assert "应由包案厅领导办理" in case.refused(StepCode.GRANT_EXTENSION, by=PRINCIPAL)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=30)
    assert case.clock("handling").due.due == ACCEPTED + timedelta(days=90)
    assert case.papers[-2:] == ["延期审批单", "延期告知书"]


def test_not_a_day_more_than_thirty() -> None:
    refused = in_hand(ACCEPTED).refused(StepCode.REQUEST_EXTENSION, by=HANDLER, days=31)
    assert "延长期限应为1日以上，且不得超过30日（规程第十三条、条例第三十四条）" in refused


def test_not_a_second_time() -> None:
    case = in_hand(ACCEPTED)
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, days=10)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=10)
    refused = case.refused(StepCode.REQUEST_EXTENSION, by=HANDLER, days=10)
    assert "此件已经延期一次，不能再次延期（规程第十三条、条例第三十四条）" in refused


def test_the_last_day_is_early_enough() -> None:
    case = in_hand(ACCEPTED)
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, on=DUE)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, on=DUE, days=1)
    assert case.clock("handling").due.due == DUE + timedelta(days=1)
    for days in (0, -1):
        assert "延长期限应为1日以上" in in_hand(ACCEPTED).refused(StepCode.REQUEST_EXTENSION, by=HANDLER, days=days)


def test_what_has_no_sixty_days_has_none_to_extend() -> None:
    case = suggested(ACCEPTED)
    case.take(StepCode.REFER, by=CLERK)
    case.take(StepCode.SIGN_FOR, by=HEAD)
    refused = case.refused(StepCode.REQUEST_EXTENSION, by=HANDLER, on=DUE + timedelta(days=300))
    assert refused.codes == {"it_is_a_claim_of_route_six"}


def test_not_after_the_limit_has_passed() -> None:
    case = in_hand(ACCEPTED)
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, on=DUE)
    refused = case.refused(StepCode.GRANT_EXTENSION, by=LEADER, on=DUE + timedelta(days=1))
    assert "办结期限已过，不能再申请或批准延期（规程第十三条、条例第三十四条）" in refused


def test_a_reply_is_never_signed_without_legal_advice() -> None:
    case = in_hand()
    case.take(StepCode.TALK, by=HANDLER)
    case.take(StepCode.DRAFT_REPLY, by=HANDLER)
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    assert "尚无法律顾问意见（规程第十三条）" in case.refused(StepCode.SIGN_REPLY, by=LEADER)


def test_advice_that_is_asked_for_once_more_comes_before_the_signature() -> None:
    """又送一位法律顾问审查的，等他出具意见以后才签发：签发人要看到全部意见。"""
    case = then(in_hand(), (StepCode.TALK, HANDLER), (StepCode.DRAFT_REPLY, HANDLER))
    then(case, (StepCode.SEEK_LEGAL_ADVICE, HANDLER), (StepCode.GIVE_LEGAL_ADVICE, ADVISER))
    then(case, (StepCode.REVIEW_REPLY, HEAD), (StepCode.SEEK_LEGAL_ADVICE, HANDLER))
    assert "尚无法律顾问意见" in case.refused(StepCode.SIGN_REPLY, by=LEADER)
    then(case, (StepCode.GIVE_LEGAL_ADVICE, ADVISER), (StepCode.SIGN_REPLY, LEADER))


def test_a_late_acceptance_never_lengthens_the_wait() -> None:
    case = instructed(date(2026, 3, 2))
    case.take(StepCode.ACCEPT, by=CLERK, on=date(2026, 4, 1))
    assert case.clock("handling").started_on == date(2026, 3, 17), "the 15th day after receipt"


def test_the_sixty_days_end_when_the_reply_leaves_and_not_when_it_is_numbered_or_made() -> None:
    case = replied(ACCEPTED)
    assert case.clock("handling").stopped_on is None
    case.take(StepCode.SEND_PAPER, by=CLERK, on=DUE)
    clock = case.clock("handling")
    assert clock.stopped_on == DUE
    assert not clock.overdue(DUE + timedelta(days=100))


def test_the_leader_grants_more_or_fewer_days_than_were_asked_for() -> None:
    for granted in (30, 3):
        case = in_hand(ACCEPTED)
        case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, days=5)
        case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=granted)
        assert case.clock("handling").due.due == DUE + timedelta(days=granted)
