"""电子送达：民事诉讼法第九十条（借用）、规程第十四条、条例第三十五条；个人信息保护法第十五条（撤回同意）。

送达以信访人本人打开文书之日为准，不以发送之日为准；打开的记录就是回证。
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.articles.department import (
    BY_CODE,
    CLERK,
    HANDLER,
    LEADER,
    OFFICE_HEAD,
    OTHER_SEALED,
    PETITIONER,
    RECEIVED,
    RECEPTION,
    SEALED,
    SECOND_CLERK,
    Case,
)
from tests.articles.stories import (
    closed,
    file_papers,
    in_hand,
    paper_issued,
    replied,
    reported,
    review_replied,
    send_electronically,
    sent_electronically,
    served,
    then,
)
from xinfang.procedure import archive
from xinfang.procedure.archive import FiledAs, missing_pieces, volume_contents
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.electronic import may_be_opened
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material, PaperKind, PaperStage, State

DAY = timedelta(days=1)


def reply_sent() -> Case:
    return send_electronically(replied(), PaperKind.REPLY_OPINION)


# ---- 同意


def test_the_petitioner_agrees_on_the_window_and_takes_it_back() -> None:
    case = in_hand()
    case.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER, alone=True)
    assert case.facts.electronic_since == RECEIVED
    assert case.refused(StepCode.CONSENT_ELECTRONIC, by=PETITIONER).codes == {"it_changes_the_consent"}
    case.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER, alone=True, agree=False)
    assert case.facts.electronic_since is None
    assert case.refused(StepCode.CONSENT_ELECTRONIC, by=PETITIONER, agree=False).codes == {"it_changes_the_consent"}


def test_the_office_enters_it_from_the_sheet_that_they_signed_and_another_compares_it() -> None:
    case = in_hand()
    refused = case.refused(StepCode.CONSENT_ELECTRONIC, by=CLERK)
    assert refused.codes == {"their_signed_consent_is_attached"} and "民事诉讼法第九十条" in refused
    sheet = case.proof(Material.PETITIONERS_WORDS)
    case.take(StepCode.CONSENT_ELECTRONIC, by=CLERK, attachment=sheet)
    assert case.facts.electronic_since is None
    assert case.refused_to_confirm(StepCode.CONSENT_ELECTRONIC, by=CLERK).codes == {"second_person"}
    case.confirm(StepCode.CONSENT_ELECTRONIC, by=SECOND_CLERK)
    assert case.facts.electronic_since == RECEIVED
    case.take(StepCode.CONSENT_ELECTRONIC, by=CLERK, alone=True, agree=False)
    assert case.facts.electronic_since is None, "to be written to on paper again one call is enough"


def test_who_knows_no_more_than_the_office_does_not_agree_to_it_alone() -> None:
    """期限自发出之日停止：别人冒用查询码同意电子送达，告知书就等于没有发给任何人。"""
    case = in_hand()
    case.take(StepCode.CONSENT_ELECTRONIC, by=BY_CODE)
    assert case.facts.electronic_since is None
    case.confirm(StepCode.CONSENT_ELECTRONIC, by=CLERK)
    assert case.facts.electronic_since == RECEIVED
    case.take(StepCode.CONSENT_ELECTRONIC, by=BY_CODE, alone=True, agree=False)


def test_under_the_seal_its_officers_enter_and_confirm_it() -> None:
    case = reported()
    sheet = case.proof(Material.PETITIONERS_WORDS, by=SEALED)
    case.take(StepCode.CONSENT_ELECTRONIC, by=SEALED, attachment=sheet)
    case.confirm(StepCode.CONSENT_ELECTRONIC, by=OTHER_SEALED)


def test_who_agreed_may_be_the_one_who_died() -> None:
    case = in_hand()
    case.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER)
    case.take(StepCode.RECORD_DEATH, by=CLERK)
    assert case.facts.electronic_since is None


# ---- 发出


def test_what_they_agreed_to_one_person_sends_and_a_typed_consent_takes_two() -> None:
    case = paper_issued()
    how = {"method": "electronic", "mail_number": ""}
    assert case.refused(StepCode.SEND_PAPER, by=CLERK, **how).codes == {"electronic_dispatch_was_consented_to"}
    case.take(StepCode.SEND_PAPER, by=CLERK, waits=True, consent="3月1日短信同意", **how)
    assert case.facts.papers[0].left_on is None and case.clock("notice").stopped_on is None
    case.confirm(StepCode.SEND_PAPER, by=SECOND_CLERK)
    assert case.facts.papers[0].left_on == RECEIVED and case.facts.papers[0].electronic
    recorded = paper_issued()
    recorded.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER)
    recorded.take(StepCode.SEND_PAPER, by=CLERK, alone=True, **how)


def test_a_consent_that_was_taken_back_is_none() -> None:
    case = paper_issued()
    case.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER)
    case.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER, agree=False)
    refused = case.refused(StepCode.SEND_PAPER, by=CLERK, method="electronic", mail_number="")
    assert refused.codes == {"electronic_dispatch_was_consented_to"}


def test_that_it_arrived_electronically_is_no_word_of_one_person() -> None:
    case = sent_electronically()
    case.take(StepCode.SERVE_PAPER, by=CLERK, waits=True, method="electronic")
    assert case.facts.papers[0].stage is PaperStage.ISSUED
    case.confirm(StepCode.SERVE_PAPER, by=SECOND_CLERK)
    assert case.facts.papers[0].stage is PaperStage.SERVED


# ---- 签收


def test_a_notice_is_served_on_the_day_on_which_it_is_opened() -> None:
    case = sent_electronically()
    assert may_be_opened(case.facts) == (1,)
    case.take(StepCode.TAKE_DELIVERY, by=PETITIONER, on=RECEIVED + 6 * DAY)
    paper = case.facts.papers[0]
    assert (paper.stage, paper.left_on) == (PaperStage.SERVED, RECEIVED), "it left when it was sent"
    assert case.facts.history[-1].happened_on == RECEIVED + 6 * DAY
    assert may_be_opened(case.facts) == () and case.facts.served_on is None
    assert case.refused(StepCode.TAKE_DELIVERY, by=PETITIONER).codes == {"it_is_issued"}


def test_the_thirty_days_for_a_review_count_from_the_opening_and_not_from_the_sending() -> None:
    """自收到书面答复之日起30日：发送以后十天才打开的，自打开之日起算。"""
    case = reply_sent()
    assert case.clock("handling").stopped_on == RECEIVED, "the department had answered by then"
    assert case.facts.state is State.REPLIED and not case.runs("request_first_review")
    number = may_be_opened(case.facts)[0]
    case.take(StepCode.TAKE_DELIVERY, by=PETITIONER, on=date(2026, 3, 12), paper=number)
    assert (case.facts.state, case.facts.served_on) == (State.SERVED, date(2026, 3, 12))
    right = case.clock("request_first_review")
    assert (right.started_on, right.due.due) == (date(2026, 3, 12), date(2026, 4, 13)), "the 11th is a Saturday"
    assert case.clock("rating").started_on == date(2026, 3, 12)


def test_what_is_never_opened_is_never_served_and_is_asked_for_until_somebody_serves_it() -> None:
    case = reply_sent()
    case.today = RECEIVED + 200 * DAY
    words = [t.words for t in task_rules(case.facts) if t.step == StepCode.SERVE]
    assert words == ["信访人还没有网上签收：再提醒，或者改用其他方式送达意见书"]
    assert not case.runs("request_first_review")
    case.take(StepCode.SERVE, by=HANDLER)
    assert case.facts.state is State.SERVED


def test_a_review_opinion_is_opened_in_the_same_way() -> None:
    case = send_electronically(review_replied(), PaperKind.REVIEW_OPINION)
    case.take(StepCode.TAKE_DELIVERY, by=PETITIONER, on=RECEIVED + DAY, paper=may_be_opened(case.facts)[0])
    assert case.facts.review_stage == "first_done" and case.facts.review_served_on == RECEIVED + DAY
    assert case.clock("request_final_review").started_on == RECEIVED + DAY
    assert not case.runs("request_first_review")


def test_who_knows_the_code_alone_reads_it_and_takes_no_delivery_of_it() -> None:
    """工作人员也知道查询码和电话：凭这些打开，不得使信访人的30日起算。"""
    case = reply_sent()
    refused = case.refused(StepCode.TAKE_DELIVERY, by=BY_CODE, paper=may_be_opened(case.facts)[0])
    assert refused.codes == {"it_is_certainly_them"} and "可以查看和下载" in refused


@pytest.mark.parametrize("by", [CLERK, HANDLER, OFFICE_HEAD, LEADER, RECEPTION])
def test_nobody_of_the_staff_takes_delivery_for_them(by: object) -> None:
    assert "who" in sent_electronically().refused(StepCode.TAKE_DELIVERY, by=by).codes  # type: ignore[arg-type]


def test_what_was_posted_is_served_by_its_receipt_and_by_no_look_at_it() -> None:
    case = then(paper_issued(), (StepCode.SEND_PAPER, CLERK))
    assert case.refused(StepCode.TAKE_DELIVERY, by=PETITIONER).codes == {"it_was_sent_electronically"}


def test_the_day_of_an_opening_is_corrected_by_nobody() -> None:
    case = reply_sent()
    case.take(StepCode.TAKE_DELIVERY, by=PETITIONER, on=RECEIVED + 5 * DAY, paper=may_be_opened(case.facts)[0])
    said = {"what": "served_on", "new_value": "2026-03-04", "public_value": "2026-03-04"}
    assert "the_petitioner_s_own_delivery_keeps_its_day" in case.refused(StepCode.CORRECT, by=CLERK, **said).codes
    assert (
        "the_petitioner_s_own_delivery_keeps_its_day" not in served().refused(StepCode.CORRECT, by=CLERK, **said).codes
    )


def test_a_notice_that_is_opened_after_the_reply_begins_no_right() -> None:
    case = sent_electronically()
    case.facts = replace(case.facts, state=State.SERVED, served_on=RECEIVED)
    case.take(StepCode.TAKE_DELIVERY, by=PETITIONER)
    assert [r for r in running(case.facts, case.calendar) if r.clock.code in ("request_first_review", "rating")] == []


# ---- 归档


def test_the_opening_is_the_receipt_and_no_scan_is_owed() -> None:
    case = reply_sent()
    case.take(StepCode.TAKE_DELIVERY, by=PETITIONER, paper=may_be_opened(case.facts)[0])
    receipt = next(e for e in volume_contents(case.facts) if e.kind is PaperKind.SERVICE_RECEIPT)
    assert (receipt.held, receipt.owed) == (FiledAs.RECORD, True)
    assert not [m for m in missing_pieces(case.facts) if "送达回证" in m.what]
    assert archive.filed_receipts(case.facts) == len(archive.services_of_papers(case.facts)) == 0


def test_of_what_was_handed_over_beside_it_the_scan_is_owed_as_before() -> None:
    case = closed()
    assert [m for m in missing_pieces(case.facts) if "送达回证" in m.what]
    file_papers(case, HANDLER)
