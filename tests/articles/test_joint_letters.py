"""几位信访人联名的，告知书发给各位、意见书逐位送达；登记了推选代表的，发给代表（条例第二十、二十三、三十五条；本厅设定）。"""

from dataclasses import replace
from datetime import date, timedelta

from tests.articles.department import CLERK, HANDLER, HEAD, LEADER, PETITIONER, RECEIVED, Case
from tests.articles.stories import TO_THE_SIGNATURE, issue, registered, then
from xinfang.procedure.clocks import current
from xinfang.procedure.due_dates import review_right_due
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material, PaperKind, State

FIRST = {"name": "甲某", "address": "某街1号"}
SECOND = {"name": "乙某", "address": "某街2号"}
NOWHERE = {"name": "丙某"}
LATER = RECEIVED + timedelta(days=20)


def replied_to(*persons: dict[str, str]) -> Case:
    """联名信的意见书已经印发，还没有送达。"""
    case = then(
        registered(persons=[*persons], group_size=len(persons)), (StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK)
    )
    then(case, (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK), (StepCode.ASSIGN, CLERK))
    then(case, (StepCode.SIGN_FOR, HEAD), *TO_THE_SIGNATURE)
    case.take(StepCode.ISSUE_REPLY, by=CLERK)
    issue(case, PaperKind.REPLY_OPINION)
    return case


def accepted_from(*persons: dict[str, str]) -> tuple[Case, int]:
    """联名信已经受理，受理告知书已经印发，还没有发出。"""
    case = then(
        registered(persons=[*persons], group_size=len(persons)), (StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK)
    )
    then(case, (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK))
    return case, issue(case, PaperKind.ACCEPTANCE_NOTICE)


def notice(case: Case) -> date | None:
    """书面告知期限停止的日期。"""
    run = current("notice", case.facts, case.calendar)
    return run.stopped_on if run else case.facts.noticed_on


def test_a_notice_that_went_to_one_has_told_nobody_else() -> None:
    """甲三月四日寄，乙三月六日寄：十五日的书面告知期限到三月六日才停止（条例第二十三条）。"""
    case, paper = accepted_from(FIRST, SECOND)
    assert case.refused(StepCode.SEND_PAPER, by=CLERK, paper=paper, persons=[]).codes == {"to_whom_it_goes_is_named"}
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=paper, persons=[1], on=RECEIVED + timedelta(days=2))
    assert case.facts.noticed_on is None and notice(case) is None
    assert "发出：受理告知书，还有1位信访人没有发给" in {t.words for t in task_rules(case.facts)}
    again = case.refused(StepCode.SEND_PAPER, by=CLERK, paper=paper, persons=[1])
    assert again.codes == {"to_whom_it_goes_is_named"}
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=paper, persons=[2], on=RECEIVED + timedelta(days=4))
    assert case.facts.noticed_on == RECEIVED + timedelta(days=4)


def test_one_posting_may_go_to_all_of_them() -> None:
    case, paper = accepted_from(FIRST, SECOND)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=paper, persons=[1, 2])
    assert case.facts.noticed_on == RECEIVED


def test_who_took_the_notice_at_the_counter_took_it_for_nobody_else() -> None:
    case, paper = accepted_from(FIRST, SECOND)
    case.take(StepCode.SERVE_PAPER, by=CLERK, paper=paper, persons=[1], receiver="本人", method="in_person")
    assert case.facts.noticed_on is None
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=paper, persons=[2])
    assert case.facts.noticed_on == RECEIVED


def test_a_notice_to_a_representative_tells_all() -> None:
    case, paper = accepted_from({**FIRST, "role": "representative"}, SECOND)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=paper)
    assert case.facts.noticed_on == RECEIVED


def test_where_one_is_left_what_went_to_the_other_is_sent_once_more() -> None:
    """乙在发出以前去世、没有权利承受人的：只等甲的一份。"""
    case, paper = accepted_from(FIRST, SECOND)
    case.take(StepCode.RECORD_DEATH, by=CLERK, person=2)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=paper)
    assert case.facts.noticed_on == RECEIVED


def test_who_got_it_is_named_where_nobody_represents_them() -> None:
    case = replied_to(FIRST, SECOND)
    assert case.refused(StepCode.SERVE, by=HANDLER).codes == {"who_got_it_is_named"}
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    assert case.facts.state is State.SERVED and case.facts.still_to_be_served == {2}


def test_service_on_one_ends_nobody_else_s_thirty_days() -> None:
    """甲三月二日收到，乙三月二十二日收到：请求复查的最后一日按后一次送达计；甲收到后就可以请求。"""
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    assert "送达意见书：还有1位信访人没有收到" in {t.words for t in task_rules(case.facts)}
    case.take(StepCode.SERVE, by=HANDLER, on=LATER, persons=[2])
    assert review_right_due(case.facts, case.calendar) == date(2026, 4, 21)
    assert case.refused(StepCode.SERVE, by=HANDLER, persons=[2]).codes >= {"somebody_is_to_be_served"}
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=date(2026, 4, 21))


def test_the_first_who_got_it_may_ask_at_once() -> None:
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.SERVE, by=HANDLER, on=LATER, persons=[2])
    assert case.facts.review_stage == "first_asked"


def test_nothing_is_closed_before_each_has_it() -> None:
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    assert case.refused(StepCode.CLOSE, by=HEAD).codes == {"everybody_got_the_reply"}
    case.take(StepCode.SERVE, by=HANDLER, persons=[2])
    case.take(StepCode.CLOSE, by=HEAD)


def test_a_representative_receives_for_all() -> None:
    """登记了推选代表的，送达代表即为送达各位（条例第二十条）。"""
    case = replied_to({**FIRST, "role": "representative"}, SECOND)
    case.take(StepCode.SERVE, by=HANDLER)
    assert not case.facts.still_to_be_served


def test_who_can_not_be_reached_holds_nobody_up() -> None:
    case = replied_to(FIRST, NOWHERE)
    case.take(StepCode.SERVE, by=HANDLER)
    assert not case.facts.still_to_be_served


def test_who_took_it_back_or_died_is_not_waited_for() -> None:
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    case.take(StepCode.RECORD_DEATH, by=CLERK, person=2)
    assert not case.facts.still_to_be_served


def test_one_request_for_review_uses_up_nobody_else_s() -> None:
    """甲三月五日请求复查，乙三月十二日才收到意见书：乙仍可以请求，也要转送（条例第三十五条）。"""
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=RECEIVED + timedelta(days=3))
    case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, news="sent", mail_number="XA0000000115")
    again = case.refused(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    assert again.codes == {"who_asks_is_named"}
    case.take(StepCode.SERVE, by=HANDLER, on=RECEIVED + timedelta(days=10), persons=[2])
    assert case.clock("request_first_review").stopped_on is None
    other = replace(PETITIONER, person=2)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=other, on=RECEIVED + timedelta(days=12))
    assert case.facts.review_askers == {1, 2}
    assert "转送复查请求" in {t.words for t in task_rules(case.facts)}, "the second request goes on too"
    assert case.refused(StepCode.REQUEST_FIRST_REVIEW, by=other).codes >= {"no_review_was_asked"}


def test_who_takes_their_request_back_takes_nobody_else_s_back() -> None:
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1, 2])
    for person in (1, 2):
        case.take(StepCode.REQUEST_FIRST_REVIEW, by=replace(PETITIONER, person=person))
    words = case.proof(Material.PETITIONERS_WORDS)
    refused = case.refused(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, news="taken_back", attachment=words)
    assert refused.codes == {"it_follows_what_is_recorded"}


def test_the_office_says_whose_request_it_enters() -> None:
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1, 2])
    assert case.refused(StepCode.REQUEST_FIRST_REVIEW, by=CLERK).codes == {"who_asks_is_named"}
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=CLERK, persons=[2])
    assert case.facts.review_askers == {2}


def test_who_agrees_to_electronic_service_agrees_for_nobody_else() -> None:
    case, paper = accepted_from(FIRST, SECOND)
    case.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER)
    assert case.facts.electronic_persons == {1}
    both = case.refused(StepCode.SEND_PAPER, by=CLERK, paper=paper, persons=[1, 2], method="electronic", mail_number="")
    assert both.codes == {"electronic_dispatch_was_consented_to"}
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=paper, persons=[1], method="electronic", mail_number="")
    assert case.facts.noticed_on is None
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=paper, persons=[2])
    assert case.facts.noticed_on == RECEIVED
    case.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER, agree=False)
    assert case.facts.electronic_since is None
