"""一件来信从收到到公告送达：每个期限按哪一日起算、至哪一日止、何时停止，由人逐一数出（规程第八、十三、十四条；条例第二十三、三十二、三十四、三十五条）。

The days are counted by hand from the texts and the holidays of 2026; nothing here is computed by the program.
"""

from datetime import date

import pytest

from tests.articles.department import ADVISER, CLERK, HANDLER, HEAD, LEADER, Case
from tests.articles.stories import issue, registered
from xinfang.procedure.papers import latest_paper
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind, PaperStage

TEXT, CHANGED = "ab" * 32, "cd" * 32


def day(month: int, of_month: int) -> date:
    return date(2026, month, of_month)


@pytest.fixture
def case() -> Case:
    """来信3月2日（星期一）收到；3月9日受理，3月11日邮寄受理告知书；4月20日批准延期15日，4月24日邮寄延期告知书；
    5月11日签发，5月12日承办人用 Word 改后重新签发；5月13日印发、邮寄；5月20日退回；5月21日公告。"""
    case = registered(day(3, 2))
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.PROPOSE, by=CLERK, on=day(3, 3))
    case.take(StepCode.INSTRUCT, by=LEADER, on=day(3, 6))
    case.take(StepCode.ACCEPT, by=CLERK, on=day(3, 9))
    notice = issue(case, PaperKind.ACCEPTANCE_NOTICE)
    case.take(StepCode.SEND_PAPER, by=CLERK, on=day(3, 11), paper=notice)
    case.take(StepCode.ASSIGN, by=CLERK, on=day(3, 12), feedback_on=day(4, 30))
    case.take(StepCode.SIGN_FOR, by=HEAD)
    case.take(StepCode.TALK, by=HANDLER, on=day(3, 20))
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, on=day(4, 20), days=15)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=15)
    extension = issue(case, PaperKind.EXTENSION_NOTICE)
    case.take(StepCode.SEND_PAPER, by=CLERK, on=day(4, 24), paper=extension, mail_number="XA0000000116")
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, on=day(4, 27))
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER, on=day(4, 30))
    case.take(StepCode.REVIEW_REPLY, by=HEAD, on=day(5, 8))
    case.take(StepCode.SIGN_REPLY, by=LEADER, on=day(5, 11), digest=TEXT)
    case.take(StepCode.ISSUE_REPLY, by=CLERK)
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind=PaperKind.REPLY_OPINION, digest=TEXT)
    reply = case.facts.papers[-1].number
    case.take(StepCode.REVISE_PAPER, by=CLERK, on=day(5, 12), paper=reply)
    case.take(StepCode.SUBMIT_PAPER, by=CLERK, paper=reply, digest=CHANGED)
    case.take(StepCode.CHECK_PAPER, by=HEAD, paper=reply)
    case.take(StepCode.SIGN_PAPER, by=LEADER, paper=reply)
    case.take(StepCode.ATTACH, by=CLERK, what="paper", digest="ef" * 32)
    files = dict.fromkeys(("pdf", "word", "ofd"), "ef" * 32)
    case.take(StepCode.ISSUE_PAPER, by=CLERK, on=day(5, 13), paper=reply, document_number="答1号", **files)
    case.take(StepCode.SEND_PAPER, by=HANDLER, paper=reply, mail_number="XA0000000117")
    returned = {"method": "post", "why": "returned", "mail_number": "XA0000000117"}
    case.take(StepCode.SERVICE_FAILED, by=HANDLER, on=day(5, 20), **returned)
    case.take(StepCode.SERVICE_FAILED, by=HANDLER, on=day(5, 21), method="in_person", mail_number="")
    case.take(StepCode.SERVE, by=HANDLER, on=day(5, 21), method="public", receiver="")
    return case


COUNTED = {
    # 3月2日收到，次日起数15日，至3月17日；3月11日交邮
    "notice": (day(3, 2), day(3, 17), day(3, 11)),
    # 3月9日受理，60日至5月8日，延长15日至5月23日；意见书5月13日交邮，不是5月11日签发、编号之日
    "handling": (day(3, 9), day(5, 23), day(5, 13)),
    # 4月20日批准，至迟在原期限5月8日前告知；4月24日交邮
    "extension_notice": (day(4, 20), day(5, 8), day(4, 24)),
    # 3月12日交办，4月30日前反馈；4月27日拟出意见书
    "unit_feedback": (day(3, 12), day(4, 30), day(4, 27)),
    # 4月27日送审，五个工作日：28、29、30日，劳动节5月1日至5日放假，6日、7日；4月30日出具
    "legal_advice": (day(4, 27), day(5, 7), day(4, 30)),
    # 5月21日公告，满30日即6月20日视为送达；次日起30日至7月20日，星期一
    "request_first_review": (day(6, 20), day(7, 20), None),
    "rating": (day(6, 20), day(7, 20), None),
}


@pytest.mark.parametrize("clock", COUNTED)
def test_each_clock_is_as_it_was_counted_by_hand(case: Case, clock: str) -> None:
    run = case.clock(clock)
    assert (run.started_on, run.due.due, run.stopped_on) == COUNTED[clock]
    assert not run.overdue(day(6, 30))


def test_the_same_walk_is_late_where_the_paper_was_late() -> None:
    """3月9日受理，告知书3月18日才交邮：受理在期限内，告知晚了一日；60日仍自3月9日起算。"""
    case = registered(day(3, 2))
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.PROPOSE, by=CLERK)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.ACCEPT, by=CLERK, on=day(3, 9))
    case.take(StepCode.SEND_PAPER, by=CLERK, on=day(3, 18), paper=issue(case, PaperKind.ACCEPTANCE_NOTICE))
    assert case.clock("notice").overdue(day(3, 18))
    assert case.clock("handling").due.due == day(5, 8)


def test_what_was_served_is_the_text_that_was_signed_last(case: Case) -> None:
    reply = latest_paper(PaperKind.REPLY_OPINION, case.facts)
    assert reply is not None
    assert (reply.stage, reply.signed, reply.signed_by) == (PaperStage.SERVED, CHANGED, LEADER.code)
    assert case.facts.signed_text == CHANGED
    assert (case.facts.noticed_on, case.facts.replied_on, case.facts.served_on) == (day(3, 11), day(5, 13), day(6, 20))


def test_nothing_is_closed_while_the_public_notice_runs(case: Case) -> None:
    case.take(StepCode.CARRY_OUT, by=HANDLER, on=day(6, 1))
    assert "公告还没有期满" in case.refused(StepCode.CLOSE, by=HEAD, on=day(6, 19))
    case.take(StepCode.CLOSE, by=HEAD, on=day(6, 21))
