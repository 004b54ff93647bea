"""线下盖章的文书：扫描件要说明是哪一份，由另一人核对后才算数，期限仍从发出之日停止（规程第十三、十四条；条例第二十三条）。"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import CLERK, HANDLER, HEAD, LEADER, RECEIVED, SECOND_CLERK, UNIT, Case
from tests.articles.stories import (
    accepted,
    drafted,
    duty_numbered,
    file_scan,
    in_hand,
    issue,
    numbered,
    registered,
    review_numbered,
    simple,
)
from xinfang.procedure.clocks import current
from xinfang.procedure.facts import Actor, FileFacts
from xinfang.procedure.papers import calling_event, latest_paper, unsent_papers
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.steps.scanned_papers import KINDS_THAT_CAN_BE_SCANNED, kinds_to_file, waiting_scans
from xinfang.procedure.words import Material, PaperKind, PaperStage

NOTICE = PaperKind.ACCEPTANCE_NOTICE
ONE = timedelta(days=1)


def with_scan(case: Case | None = None, kind: str = "pdf", by: Actor = CLERK) -> Case:
    case = case or in_hand()
    case.take(StepCode.ATTACH, by=by, what="paper", kind=kind, digest="5c" * 32)
    return case


def notice_runs(case: Case) -> bool:
    run = current("notice", case.facts, case.calendar)
    assert run is not None
    return run.stopped_on is None


def test_a_scan_stops_nothing_before_another_person_compared_it_and_the_sheet_left() -> None:
    case = with_scan()
    assert notice_runs(case), "not told yet"
    case.take(StepCode.FILE_PAPER_SCAN, by=HANDLER, on=RECEIVED + 2 * ONE, dated_on=RECEIVED)
    assert case.facts.papers == () and notice_runs(case)
    case.confirm(StepCode.FILE_PAPER_SCAN, by=CLERK)
    filed = latest_paper(NOTICE, case.facts)
    assert filed and (filed.stage, filed.issued_on, filed.left_on) == (PaperStage.ISSUED, RECEIVED, None)
    assert (filed.document_number, filed.files, filed.is_scan) == ("内科信告〔2026〕7号", ("5c" * 32,), True)
    assert filed.by == CLERK.code, "who compared it answers for it"
    assert notice_runs(case), "it lies in the house"
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=filed.number, sent_on=RECEIVED + ONE)
    assert not notice_runs(case)
    assert case.facts.noticed_on == RECEIVED + ONE, "the day on which it was posted, not that of its entry"


def test_nobody_confirms_their_own_scan_and_a_refusal_leaves_everything_as_it_was() -> None:
    case = with_scan(registered())
    case.take(StepCode.FILE_PAPER_SCAN, by=CLERK, attachment=1, kind="supplement_notice")
    with pytest.raises(Refused, match="须由另一人确认"):
        case.confirm(StepCode.FILE_PAPER_SCAN, by=CLERK)
    case.confirm(StepCode.FILE_PAPER_SCAN, by=SECOND_CLERK, agree=False, opinion="没有印章")
    assert case.facts.papers == () and [f.number for f in waiting_scans(case.facts)] == [1]


def test_a_scan_that_was_taken_back_meanwhile_is_no_paper() -> None:
    case = with_scan(by=HANDLER)
    case.take(StepCode.FILE_PAPER_SCAN, by=HANDLER)
    case.take(StepCode.WITHDRAW_ATTACHMENT, by=HANDLER)
    with pytest.raises(Refused, match="没有这个序号的“文书”附件"):
        case.confirm(StepCode.FILE_PAPER_SCAN, by=CLERK)


def test_the_draft_that_the_system_had_made_is_dropped() -> None:
    case = in_hand()
    owed_by = calling_event(NOTICE, case.facts)
    case.take(StepCode.MAKE_PAPER, by=HANDLER, kind=NOTICE)
    case.take(StepCode.MAKE_PAPER, by=HANDLER, kind="registration_sheet")
    file_scan(case, NOTICE, HANDLER)
    assert [(p.kind, p.stage) for p in case.facts.papers] == [
        (NOTICE, PaperStage.WITHDRAWN),
        (PaperKind.REGISTRATION_SHEET, PaperStage.DRAFT),
        (NOTICE, PaperStage.ISSUED),
    ]
    assert [p.owed_by for p in case.facts.papers] == [owed_by, 0, owed_by] and owed_by > 0
    assert [(u.kind, u.paper and u.paper.number) for u in unsent_papers(case.facts)] == [(NOTICE, 3)]


def test_a_draft_of_another_paper_of_the_same_step_stays() -> None:
    """存信既有存信处理单，也有告知书：登记其中一份的扫描件，另一份照常办理。"""
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="filing_slip", owed_by=len(case.facts.history))
    file_scan(case, PaperKind.FILING_NOTICE, CLERK)
    slip, notice = case.facts.papers
    assert slip.owed_by == notice.owed_by > 0
    assert (slip.stage, notice.stage) == (PaperStage.DRAFT, PaperStage.ISSUED)


def test_a_draft_that_belongs_to_another_talk_stays() -> None:
    case = in_hand()
    case.take(StepCode.TALK, by=HANDLER)
    first = len(case.facts.history)
    case.take(StepCode.TALK, by=HANDLER, on=RECEIVED + 3 * ONE)
    case.take(StepCode.MAKE_PAPER, by=HANDLER, kind="conversation_record", owed_by=first + 1)
    file_scan(case, PaperKind.CONVERSATION_RECORD, HANDLER, dated_on=RECEIVED)
    assert [(p.owed_by, p.stage) for p in case.facts.papers] == [
        (first + 1, PaperStage.DRAFT),
        (first, PaperStage.ISSUED),
    ]


def test_what_is_issued_is_not_filed_again_unless_it_was_withdrawn() -> None:
    case = in_hand()
    number = issue(case, NOTICE)
    assert with_scan(case).refused(StepCode.FILE_PAPER_SCAN, by=HANDLER, attachment=2).codes == {"a_step_called_for_it"}
    assert NOTICE not in kinds_to_file(case.facts)
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=number)
    assert kinds_to_file(case.facts)[0] is NOTICE
    case.take(StepCode.FILE_PAPER_SCAN, by=HANDLER, attachment=2)


def test_one_scan_is_one_paper() -> None:
    case = in_hand()
    file_scan(case, NOTICE, HANDLER)
    again = case.refused(StepCode.FILE_PAPER_SCAN, by=HANDLER, kind="supplement_notice")
    assert again.codes == {"the_scan_is_there"}


def test_only_an_attachment_that_is_a_paper_counts() -> None:
    for what in Material:
        case = in_hand()
        case.take(StepCode.ATTACH, by=HANDLER, what=what.value, kind="pdf")
        assert bool(waiting_scans(case.facts)) == (what is Material.PAPER)


@pytest.mark.parametrize("kind", ["docx", "txt", "eml", "xlsx", ""])
def test_what_has_no_pages_is_no_scan(kind: str) -> None:
    case = in_hand()
    case.facts = replace(case.facts, files=(FileFacts(1, Material.PAPER, "5c" * 32, StaffCode("handler"), kind),))
    assert case.refused(StepCode.FILE_PAPER_SCAN, by=HANDLER).codes == {"it_is_a_picture_of_the_sheet"}


@pytest.mark.parametrize("kind", ["pdf", "ofd", "jpg", "png", "gif", "webp", "bmp", "tiff", "avif"])
def test_what_has_pages_may_be_one(kind: str) -> None:
    with_scan(kind=kind).take(StepCode.FILE_PAPER_SCAN, by=HANDLER)


def test_a_reply_is_never_a_scan() -> None:
    """The text that the adviser saw and the leader signed is the one that goes out."""
    for case in (drafted(), numbered()):
        refused = with_scan(case).refused(
            StepCode.FILE_PAPER_SCAN, by=HANDLER, kind="reply_opinion", attachment=len(case.facts.files)
        )
        assert "it_may_be_filed_as_a_scan" in refused.codes and "本厅设定" in refused
    left_out = set(PaperKind) - set(KINDS_THAT_CAN_BE_SCANNED)
    assert left_out == {
        PaperKind.REPLY_OPINION,
        PaperKind.LEGAL_ADVICE,
        PaperKind.SERVICE_RECEIPT,
        PaperKind.HAND_OVER_RECEIPT,
        PaperKind.VOLUME_LIST,
    }


@pytest.mark.parametrize(
    ("make", "opinion"),
    [(duty_numbered, PaperKind.DUTY_REPLY), (review_numbered, PaperKind.REVIEW_OPINION)],
)
def test_nor_is_an_opinion_or_answer_that_this_department_signs(make: Callable[[], Case], opinion: PaperKind) -> None:
    """本厅的复查意见书、履行职责答复书，与处理意见书一样只按签发过的文本印发。"""
    case = make()
    assert opinion not in kinds_to_file(case.facts)
    refused = with_scan(case).refused(
        StepCode.FILE_PAPER_SCAN, by=HANDLER, kind=opinion.value, attachment=len(case.facts.files)
    )
    assert refused.codes == {"it_may_be_filed_as_a_scan"}


def test_a_decision_that_nobody_took_is_no_paper() -> None:
    case = with_scan(registered())
    for kind in ("acceptance_notice", "refusal_notice", "decline_notice", "extension_notice", "suggestion_reply"):
        assert case.refused(StepCode.FILE_PAPER_SCAN, by=CLERK, kind=kind).codes == {"a_step_called_for_it"}
    assert PaperKind.REFUSAL_NOTICE not in kinds_to_file(case.facts)
    assert PaperKind.SUPPLEMENT_NOTICE in kinds_to_file(case.facts), "it decides nothing"


def test_the_date_on_the_sheet_lies_between_the_decision_and_today() -> None:
    case = registered(RECEIVED)
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.REDIRECT, by=CLERK, on=RECEIVED + 3 * ONE)
    with_scan(case)
    said = {"kind": "redirect_notice", "attachment": 1}
    on = RECEIVED + 5 * ONE
    for days, may in ((2, False), (3, True), (5, True), (6, False)):
        dated = RECEIVED + days * ONE
        if may:
            Case(case.facts, on).take(StepCode.FILE_PAPER_SCAN, by=CLERK, dated_on=dated, **said)
        else:
            refused = case.refused(StepCode.FILE_PAPER_SCAN, by=CLERK, on=on, dated_on=dated, **said)
            assert refused.codes == {"its_date_is_possible"}
    free = {"kind": "supplement_notice", "attachment": 1, "dated_on": RECEIVED - ONE}
    assert case.refused(StepCode.FILE_PAPER_SCAN, by=CLERK, on=on, **free).codes == {"its_date_is_possible"}
    Case(case.facts, on).take(StepCode.FILE_PAPER_SCAN, by=CLERK, **{**free, "dated_on": RECEIVED})


@pytest.mark.parametrize(
    ("kind", "number", "may"),
    [
        ("acceptance_notice", "内科信告〔2026〕7号", True),
        ("acceptance_notice", "厅信访办〔2026〕107号", True),
        ("acceptance_notice", "内科信告〔2025〕7号", False),
        ("acceptance_notice", "内科信告(2026)7号", False),
        ("acceptance_notice", "〔2026〕7号", False),
        ("acceptance_notice", "内科信告〔2026〕07号", False),
        ("acceptance_notice", "内科信告〔２０２６〕７号", False),
        ("acceptance_notice", "内科信告 〔2026〕7号", False),
        ("acceptance_notice", "内科信告　〔2026〕7号", False),
        ("acceptance_notice", "内科信告〔2026〕1234567号", False),
        ("acceptance_notice", "甲〔2025〕1号〔2026〕2号", False),
        ("acceptance_notice", "内科信告〔2026〕号", False),
        ("acceptance_notice", "内科信告〔2026〕7号之一", False),
        ("acceptance_notice", "", False),
        ("conversation_record", "", True),
        ("conversation_record", "自编七", False),
        ("review_opinion", "内政复查决〔2026〕第7号", True),
        ("review_opinion", "", False),
    ],
)
def test_a_number_is_that_of_the_sheet(kind: str, number: str, may: bool) -> None:
    case = with_scan()
    if may:
        case.take(StepCode.FILE_PAPER_SCAN, by=HANDLER, kind=kind, document_number=number)
    else:
        refused = case.refused(StepCode.FILE_PAPER_SCAN, by=HANDLER, kind=kind, document_number=number)
        assert refused.codes == {"its_number_is_of_its_year"}


def test_who_may_say_what_a_scan_is() -> None:
    assert with_scan().refused(StepCode.FILE_PAPER_SCAN, by=LEADER).codes == {"who"}
    case = with_scan()
    case.take(StepCode.FILE_PAPER_SCAN, by=HANDLER)
    with pytest.raises(Refused, match="应由办公室"):
        case.confirm(StepCode.FILE_PAPER_SCAN, by=HEAD)


def test_a_notice_of_before_the_matter_began_again_tells_nothing_now() -> None:
    """存信之后恢复办理的，先前的告知书再寄出，也不能算作受理告知。"""
    case = registered()
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    old = issue(case, PaperKind.FILING_NOTICE)
    case.take(StepCode.REOPEN, by=CLERK, on=RECEIVED + ONE)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=old)
    assert case.facts.noticed_on is None and notice_runs(case)


def test_under_the_simple_procedure_a_scan_may_be_filed_and_nobody_needs_it() -> None:
    case = with_scan(simple())
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    assert unsent_papers(case.facts) == ()
    case.take(StepCode.FILE_PAPER_SCAN, by=CLERK)
    case.confirm(StepCode.FILE_PAPER_SCAN, by=SECOND_CLERK)


def test_the_list_begins_with_what_must_be_sent_and_leaves_out_what_is_issued() -> None:
    case = accepted()
    listed = kinds_to_file(case.facts)
    in_order = (NOTICE, PaperKind.REGISTRATION_SHEET, PaperKind.SUPPLEMENT_NOTICE, PaperKind.CONVERSATION_RECORD)
    assert listed[0] is NOTICE and sorted(in_order, key=listed.index) == list(in_order)
    file_scan(case, NOTICE, CLERK)
    assert NOTICE not in kinds_to_file(case.facts), "it is issued now"
    assert PaperKind.SUPPLEMENT_NOTICE in kinds_to_file(case.facts)


def test_what_no_step_calls_for_may_be_there_more_than_once() -> None:
    case = in_hand()
    for n, digest in enumerate(("5a" * 32, "5b" * 32), 1):
        file_scan(case, PaperKind.INQUIRY_RECORD, HANDLER, digest)
        assert [p.stage for p in case.facts.papers] == [PaperStage.ISSUED] * n


def test_a_record_belongs_to_the_talk_before_its_date() -> None:
    case = in_hand()
    first = len(case.facts.history) + 1
    case.take(StepCode.TALK, by=HANDLER)
    case.take(StepCode.TALK, by=HANDLER, on=RECEIVED + 3 * ONE)
    file_scan(case, PaperKind.CONVERSATION_RECORD, HANDLER, dated_on=RECEIVED)
    file_scan(case, PaperKind.CONVERSATION_RECORD, HANDLER, "5d" * 32, dated_on=RECEIVED + 3 * ONE)
    assert [p.owed_by for p in case.facts.papers] == [first, first + 1]


def test_a_notice_that_was_taken_back_after_it_left_told_nothing() -> None:
    """寄错了人的告知书撤回以后，书面告知的期限继续计算，另行告知才停止。"""
    case = in_hand()
    wrong = issue(case, NOTICE)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=wrong)
    assert not notice_runs(case)
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=wrong)
    assert notice_runs(case) and case.facts.noticed_on is None
    assert [u.kind for u in unsent_papers(case.facts)] == [NOTICE]
    case.today = RECEIVED + 4 * ONE
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=issue(case, NOTICE))
    assert not notice_runs(case) and case.facts.noticed_on == RECEIVED + 4 * ONE
    assert case.clock("notice").stopped_on == RECEIVED + 4 * ONE


def test_a_reply_that_was_taken_back_after_it_left_answered_nothing() -> None:
    case = numbered()
    reply = issue(case, PaperKind.REPLY_OPINION)
    case.take(StepCode.SEND_PAPER, by=HANDLER, paper=reply)
    assert case.clock("handling").stopped_on == case.today and case.facts.replied_on == case.today
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=reply)
    assert case.clock("handling").stopped_on is None and case.facts.replied_on is None
