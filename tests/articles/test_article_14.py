"""规程第十四条：办理完毕后，所有资料及时交机要室归档。"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.articles.department import (
    ANSWERS,
    ARCHIVIST,
    BOTH,
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    PETITIONER,
    RECEIVED,
    SEALED,
    SECOND_CLERK,
    Case,
)
from tests.articles.stories import (
    accepted,
    archived,
    classified,
    closed,
    complete,
    file_papers,
    file_scan,
    issue,
    registered,
    replied,
    reported,
    served,
    simple,
    suggested,
    tell,
    tried_twice,
)
from xinfang.procedure import archive
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import Material, PaperKind, Retention, State


def filed() -> Case:
    case = classified()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    return case


def not_ours() -> Case:
    return classified(route=None, competence="elsewhere", not_ours="属于劳动监察")


def of_a_subordinate() -> Case:
    return classified(route=None, competence="subordinate", not_ours="属于市级项目")


def refused_further() -> Case:
    case = classified()
    case.take(StepCode.REFUSE_FURTHER, by=CLERK)
    case.confirm(StepCode.REFUSE_FURTHER, by=SECOND_CLERK)
    return case


def test_the_archive_room_takes_a_complete_file() -> None:
    case = complete()
    assert case.clock("archive").due.due == RECEIVED + timedelta(days=30)
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    case.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST)
    assert case.facts.state is State.ARCHIVED
    assert case.clock("archive").stopped_on == RECEIVED


def test_an_incomplete_file_is_not_handed_over() -> None:
    refused = closed().refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    assert "卷内缺送达回证" in refused
    assert "规程第十四条" in refused
    assert "承诺书没有则不必" in refused


def test_a_letter_case_is_not_handed_over_without_its_letter() -> None:
    case = closed()
    case.take(StepCode.ATTACH, by=HANDLER, what="receipt")
    file_scan(case, PaperKind.ACCEPTANCE_NOTICE, HANDLER)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=len(case.facts.papers))
    refused = case.refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    assert refused.codes == {"the_letter_is_in_its_file"}
    assert "卷内缺来信（传真）的原件（规程第十四条）" in refused
    assert [m.what for m in archive.missing_pieces(case.facts)] == ["来信原件的扫描件"]
    case.take(StepCode.ATTACH, by=HANDLER, what="letter", digest="1e" * 32)
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)


@pytest.mark.parametrize(
    ("channel", "on_paper"), [("letter", True), ("fax", True), ("phone", False), ("online", False)]
)
def test_what_came_on_paper_has_an_original(channel: str, on_paper: bool) -> None:
    assert archive.lacks_its_letter(registered(channel=channel).facts) is on_paper


def test_nobody_hands_over_a_file_that_was_not_gone_through_or_has_no_pages() -> None:
    refused = complete().refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER, complete=False, pages=0)
    assert refused.codes == {"the_file_was_checked", "its_pages_are_counted"}


def test_a_receipt_that_was_printed_and_not_signed_proves_nothing() -> None:
    case = complete()
    case.take(StepCode.WITHDRAW_ATTACHMENT, by=HANDLER, attachment=2)
    issue(case, PaperKind.SERVICE_RECEIPT, HANDLER)
    assert case.refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER).codes == {"each_service_has_its_receipt"}


def test_a_withdrawn_receipt_is_none() -> None:
    case = complete()
    case.take(StepCode.WITHDRAW_ATTACHMENT, by=HANDLER, attachment=2)
    assert "卷内缺送达回证" in case.refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER)


def test_each_service_needs_a_receipt_of_its_own() -> None:
    case = closed()
    case.take(StepCode.MAKE_PAPER, by=HANDLER)
    assert "卷内有文书还在制作" in case.refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=2)
    case.take(StepCode.SERVE_PAPER, by=CLERK, paper=issue(case, PaperKind.ACCEPTANCE_NOTICE))
    case.take(StepCode.ATTACH, by=HANDLER, what="receipt", digest="01" * 32)
    file_papers(case, HANDLER)
    assert [m.what for m in archive.missing_pieces(case.facts)] == ["送达回证（还差 1 份）"]
    case.take(StepCode.ATTACH, by=HANDLER, what="receipt", digest="02" * 32)
    assert archive.missing_pieces(case.facts) == ()
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)


def test_what_was_sent_is_filed_as_it_was_sent() -> None:
    case = closed()
    case.take(StepCode.ATTACH, by=HANDLER, what="receipt")
    case.take(StepCode.ATTACH, by=HANDLER, what="letter", digest="1e" * 32)
    refused = case.refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    assert "卷内缺已发出文书的定稿" in refused and "规程第十四条" in refused
    assert [m.what for m in archive.missing_pieces(case.facts)] == ["受理告知书"]
    case.take(StepCode.ATTACH, by=HANDLER, what="paper", digest="0a" * 32)
    assert [m.what for m in archive.missing_pieces(case.facts)] == ["受理告知书"], "a scan that doesn't say what it is"
    file_scan(case, PaperKind.ACCEPTANCE_NOTICE, HANDLER)
    assert [m.what for m in archive.missing_pieces(case.facts)] == ["受理告知书的发出记录"]
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=len(case.facts.papers))
    assert archive.missing_pieces(case.facts) == ()
    assert "定稿" in case.refused(StepCode.WITHDRAW_ATTACHMENT, by=HANDLER, attachment=len(case.facts.files))


def test_a_paper_issued_here_needs_no_scan_and_its_files_are_no_scan_of_another() -> None:
    case = closed()
    assert [k.value for k in archive.unfiled_papers(case.facts)] == ["acceptance_notice"]
    number = issue(case, PaperKind.ACCEPTANCE_NOTICE)
    assert archive.unfiled_papers(case.facts) == ()
    assert "还有应当发给信访人的文书没有发出或者送达" in case.refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    assert "受理告知书的发出记录" in [m.what for m in archive.missing_pieces(case.facts)]
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=number)
    assert "没有登记发出或者送达" not in case.refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER)


BUREAU = {"source": "bureau_forwarded", "sender": "自治区信访局", "sender_number": "1"}
NOTHING_SENT: tuple[str, ...] = ()
SIDE_ENDS: list[Any] = [
    ("redirected", not_ours, [(StepCode.REDIRECT, CLERK)], ["redirect_notice"], ["redirect_notice"]),
    (
        "forwarded",
        of_a_subordinate,
        [(StepCode.FORWARD, CLERK)],
        ["forwarding_letter", "forwarding_notice"],
        ["forwarding_letter", "forwarding_notice"],
    ),
    ("routed", lambda: classified(route="two"), [(StepCode.ROUTE, CLERK)], ["route_notice"], ["route_notice"]),
    (
        "declined",
        lambda: classified(route="two"),
        [(StepCode.DECLINE, CLERK)],
        ["decline_notice"],
        ["decline_notice"],
    ),
    (
        "returned",
        lambda: registered(**BUREAU),
        [(StepCode.OBJECT, CLERK), (StepCode.OBJECTION_UPHELD, CLERK)],
        ["objection_letter", "transfer_sheet"],
        ["objection_letter"],
    ),
    ("filed", filed, [], ["filing_slip", "filing_notice"], ["filing_notice"]),
    ("refused_further", refused_further, [], ["refusal_notice"], ["refusal_notice"]),
    ("withdrawn", classified, [(StepCode.WITHDRAW, PETITIONER)], [], NOTHING_SENT),
    (
        "answered",
        suggested,
        [
            (StepCode.ACKNOWLEDGE, CLERK),
            (StepCode.REFER, CLERK),
            (StepCode.SIGN_FOR, HEAD),
            (StepCode.STUDY, HANDLER),
            (StepCode.ANSWER, HANDLER),
        ],
        ["receipt_notice", "hand_over_slip", "suggestion_reply"],
        ["receipt_notice", "suggestion_reply"],
    ),
]


@pytest.mark.parametrize(("end", "begin", "steps", "pieces", "sent"), SIDE_ENDS, ids=[e[0] for e in SIDE_ENDS])
def test_every_other_end_has_its_file_and_goes_to_the_archive(
    end: str, begin: Any, steps: list[Any], pieces: list[str], sent: list[str]
) -> None:
    case = begin()
    for code, by in steps:
        case.take(code, by=by)
    assert case.facts.state == end
    assert [e.kind.value for e in archive.volume_contents(case.facts)] == ["registration_sheet", *pieces]
    assert [k.value for k in archive.unfiled_papers(case.facts)] == list(sent)
    keeper = HANDLER if case.facts.handling_unit else CLERK
    if sent:
        assert "卷内缺已发出文书的定稿" in case.refused(StepCode.SUBMIT_ARCHIVE, by=keeper)
    assert not may_see(ARCHIVIST, case.facts), "nothing to keep before it was handed over"
    file_papers(case, keeper)
    assert archive.missing_pieces(case.facts) == ()
    stranger = CLERK if case.facts.handling_unit else HANDLER
    assert "办公室（没有承办处室的）" in case.refused(StepCode.SUBMIT_ARCHIVE, by=stranger) or not may_see(
        stranger, case.facts
    )
    case.take(StepCode.SUBMIT_ARCHIVE, by=keeper)
    assert may_see(ARCHIVIST, case.facts)
    case.take(StepCode.RETURN_ARCHIVE, by=ARCHIVIST)
    assert not may_see(ARCHIVIST, case.facts)
    case.take(StepCode.SUBMIT_ARCHIVE, by=keeper)
    case.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST)
    assert case.facts.state is State.ARCHIVED and archive.terminal_state(case.facts) == end
    assert case.facts.retention is (Retention.YEARS_30 if end == "answered" else Retention.YEARS_10)
    assert [e.kind.value for e in archive.volume_contents(case.facts)] == ["registration_sheet", *pieces]


def test_nobody_is_written_to_whose_address_is_unknown() -> None:
    case = registered(persons=[])
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.REDIRECT, by=CLERK)
    assert [e.kind.value for e in archive.volume_contents(case.facts)] == ["registration_sheet"]
    file_papers(case, CLERK)
    case.take(StepCode.SUBMIT_ARCHIVE, by=CLERK)


def test_a_simple_matter_may_be_told_and_answered_without_a_paper() -> None:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit="results", responsible_leader="leader")
    case.take(StepCode.ASSIGN, by=CLERK)
    case.take(StepCode.SIGN_FOR, by=HEAD)
    case.take(StepCode.ANSWER, by=HANDLER, basis="某办法")
    kinds = [e.kind.value for e in archive.volume_contents(case.facts)]
    assert kinds == ["registration_sheet", "acceptance_notice", "hand_over_slip", "simple_reply"]
    file_papers(case, HANDLER)
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)


def test_what_was_filed_wrongly_comes_back_even_from_the_archive() -> None:
    case = filed()
    file_papers(case, CLERK)
    case.take(StepCode.SUBMIT_ARCHIVE, by=CLERK)
    case.take(StepCode.REOPEN, by=CLERK)
    assert case.facts.state is State.REGISTERED and not case.facts.archive_submitted
    assert not may_see(ARCHIVIST, case.facts)
    again = filed()
    file_papers(again, CLERK)
    again.take(StepCode.SUBMIT_ARCHIVE, by=CLERK)
    again.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST)
    again.take(StepCode.REOPEN, by=CLERK)
    assert again.facts.state is State.REGISTERED and again.clock("notice").stopped_on is None
    assert "不能恢复办理" in archived().refused(StepCode.REOPEN, by=CLERK)


def test_what_was_never_answered_has_no_review_in_the_archive_either() -> None:
    case = filed()
    file_papers(case, CLERK)
    case.take(StepCode.SUBMIT_ARCHIVE, by=CLERK)
    case.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST)
    assert "没有送达过处理意见" in case.refused(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    archived().take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)


def test_going_to_the_archive_is_no_later_end_for_a_clock() -> None:
    case = classified()
    case.take(StepCode.WITHDRAW, by=PETITIONER)
    ended = case.clock("notice").stopped_on
    case.today += timedelta(days=40)
    file_papers(case, CLERK)
    case.take(StepCode.SUBMIT_ARCHIVE, by=CLERK)
    case.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST)
    assert case.clock("notice").stopped_on == ended == RECEIVED


def test_a_report_of_wrongdoing_stays_with_the_named_officer() -> None:
    case = reported()
    case.take(StepCode.HAND_OVER, by=SEALED)
    assert "只能在" in case.refused(StepCode.SUBMIT_ARCHIVE, by=SEALED)
    another = reported()
    assert "it_is_no_report_of_wrongdoing" in another.refused(StepCode.WITHDRAW, by=BOTH).codes, "nobody buries it so"
    another.facts = replace(another.facts, state=State.WITHDRAWN)
    assert "检举控告件不移交机要室" in another.refused(StepCode.SUBMIT_ARCHIVE, by=BOTH)


def test_the_pledge_is_in_the_file_only_where_there_is_one() -> None:
    case = complete()
    kinds = [e.kind for e in archive.volume_contents(case.facts)]
    assert PaperKind.SETTLEMENT_PLEDGE not in kinds and kinds[0] is PaperKind.REGISTRATION_SHEET
    assert [e.kind for e in archive.volume_contents(case.facts) if e.apart] == [PaperKind.LEGAL_ADVICE]


def test_how_long_it_is_kept_is_proposed_by_the_rules_and_decided_by_the_archive_room() -> None:
    case = complete()
    assert archive.proposed_retention(case.facts) == (Retention.YEARS_30, "有处理结果")
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    case.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST)
    assert case.facts.retention is Retention.YEARS_30
    assert archive.retained_until(case.facts.retention, RECEIVED) == date(RECEIVED.year + 30, 12, 31)
    case.take(StepCode.CHANGE_RETENTION, by=ARCHIVIST, retention="permanent")
    assert archive.retained_until(Retention.PERMANENT, RECEIVED) is None


def test_nothing_is_destroyed_before_its_time_nor_by_one_person() -> None:
    case = archived()
    last = date(RECEIVED.year + 10, 12, 31)
    assert "保管期限尚未届满" in case.refused(StepCode.DESTROY, by=ARCHIVIST, on=last)
    case.take(StepCode.DESTROY, by=ARCHIVIST, on=last + timedelta(days=1))
    assert case.refused_to_confirm(StepCode.DESTROY, by=ARCHIVIST)
    case.confirm(StepCode.DESTROY, by=OFFICE_HEAD, agree=False, opinion="请再鉴定")
    assert case.facts.destroyed_on is None
    case.take(StepCode.DESTROY, by=ARCHIVIST)
    case.confirm(StepCode.DESTROY, by=OFFICE_HEAD)
    assert case.facts.destroyed_on == last + timedelta(days=1)
    assert case.refused(StepCode.CHANGE_RETENTION, by=ARCHIVIST, retention="permanent").codes == {"destroyed"}


def test_the_archive_room_may_give_it_back_saying_what_is_missing() -> None:
    case = complete()
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    case.take(StepCode.RETURN_ARCHIVE, by=ARCHIVIST)
    assert "尚未移交机要室（规程第十四条）" in case.refused(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST)


def test_nothing_is_closed_before_it_was_served() -> None:
    assert "只能在“已送达”时办理" in replied().refused(StepCode.CLOSE, by=HEAD)


# How a reply is served: by whom it was signed for, and what follows when it can't be.


@pytest.mark.parametrize("method", ["in_person", "post"])
def test_a_receipt_names_who_signed_it(method: str) -> None:
    refused = replied().refused(StepCode.SERVE, by=HANDLER, method=method, mail_number="XA0000000115", receiver="")
    assert refused.codes == {"the_receiver_is_named"}
    assert "签收的要写明由谁签收（规程第十四条、条例第三十五条）" in refused
    replied().take(StepCode.SERVE, by=HANDLER, method=method, mail_number="XA0000000115", receiver="信访人之妻")


def test_who_refuses_signs_nothing() -> None:
    replied().take(StepCode.SERVE, by=HANDLER, receipt="refused", receiver="", witness="社区工作人员")


def test_what_is_posted_is_registered_so_that_its_delivery_can_be_asked_for() -> None:
    refused = replied().refused(StepCode.SERVE, by=HANDLER, method="post")
    assert refused.codes == {"what_was_posted_has_its_number"}
    replied().take(StepCode.SERVE, by=HANDLER, method="post", mail_number="XA0000000115")


def test_nothing_is_served_electronically_without_consent() -> None:
    refused = replied().refused(StepCode.SERVE, by=HANDLER, method="electronic")
    assert refused.codes == {"electronic_service_was_consented_to"}
    replied().take(StepCode.SERVE, by=HANDLER, method="electronic", consent="3月2日当面书面同意，送至登记的手机号码")


def test_a_reply_that_came_back_is_not_served() -> None:
    case = replied(date(2026, 3, 2))
    case.take(StepCode.SERVICE_FAILED, by=HANDLER, on=date(2026, 3, 10))
    assert (case.facts.state, case.facts.served_on, case.facts.failed_services) == (State.REPLIED, None, 1)
    assert not case.runs("request_first_review")
    case.take(StepCode.SERVE, by=HANDLER, on=date(2026, 3, 20), method="post", mail_number="XA0000000116")
    assert case.clock("request_first_review").started_on == date(2026, 3, 20)


def test_a_public_notice_comes_after_the_other_ways_and_counts_after_thirty_days() -> None:
    """邮件退回后公告：3月12日发出公告，4月11日视为送达，信访人自该日起30日内可以请求复查；期满前不得结案。"""
    case = replied(date(2026, 3, 2))
    refused = case.refused(StepCode.SERVE, by=HANDLER, on=date(2026, 3, 12), method="public")
    assert refused.codes == {"other_ways_failed_before_a_public_notice"}
    case.take(StepCode.SERVICE_FAILED, by=HANDLER, on=date(2026, 3, 10))
    refused = case.refused(StepCode.SERVE, by=HANDLER, on=date(2026, 3, 12), method="public")
    assert refused.codes == {"other_ways_failed_before_a_public_notice"}, "the door, or another address, comes first"
    case.take(StepCode.SERVICE_FAILED, by=HANDLER, on=date(2026, 3, 11), method="in_person", mail_number="")
    case.take(StepCode.SERVE, by=HANDLER, on=date(2026, 3, 12), method="public", receiver="")
    assert (case.facts.state, case.facts.served_on) == (State.SERVED, date(2026, 4, 11))
    assert case.facts.history[-1].step.says(DIRECTORY) == "公告送达，满30日，2026-04-11视为送达"
    review = case.clock("request_first_review")
    assert (review.started_on, review.due.due) == (date(2026, 4, 11), date(2026, 5, 11))
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    assert case.refused(StepCode.CLOSE, by=HEAD, on=date(2026, 4, 10)).codes == {"the_reply_was_served"}
    case.take(StepCode.CLOSE, by=HEAD, on=date(2026, 4, 11))


def test_where_no_address_is_known_two_days_of_trying_come_before_a_public_notice() -> None:
    """没有住址、无从邮寄的，在不同的两日找不到人，才公告送达。"""
    case = replied(date(2026, 3, 2))
    case.facts = replace(case.facts, persons=tuple(replace(p, address="") for p in case.facts.persons))
    for _ in range(2):
        case.take(StepCode.SERVICE_FAILED, by=HANDLER, on=date(2026, 3, 10), method="in_person", mail_number="")
        refused = case.refused(StepCode.SERVE, by=HANDLER, on=date(2026, 3, 12), method="public", receiver="")
        assert refused.codes == {"other_ways_failed_before_a_public_notice"}
    case.take(StepCode.SERVICE_FAILED, by=HANDLER, on=date(2026, 3, 11), method="in_person", mail_number="")
    case.take(StepCode.SERVE, by=HANDLER, on=date(2026, 3, 12), method="public", receiver="")


def test_a_first_reply_by_public_notice_keeps_its_day_when_the_matter_was_redone() -> None:
    case = replied(date(2026, 3, 2))
    tried_twice(case)
    case.take(StepCode.SERVE, by=HANDLER, on=date(2026, 3, 12), method="public")
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=date(2026, 4, 20))
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 5, 6), result="redo")
    assert case.clock("request_first_review").started_on == date(2026, 4, 11)
    assert case.facts.failed_services == 0, "the second reply is tried to be served first"


def test_another_date_can_be_corrected_while_a_public_notice_runs() -> None:
    case = replied(date(2026, 3, 2))
    tried_twice(case)
    case.take(StepCode.SERVE, by=HANDLER, on=date(2026, 3, 12), method="public")
    case.take(StepCode.CORRECT, by=CLERK, what="received_on", new_value="2026-03-01", public_value="2026-03-01")
    assert case.facts.received_on == date(2026, 3, 1)


def test_a_volume_may_have_a_single_page() -> None:
    complete().take(StepCode.SUBMIT_ARCHIVE, by=HANDLER, pages=1)
    assert complete().refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER, pages=0).codes == {"its_pages_are_counted"}


def test_a_file_of_which_nothing_else_is_said_is_some_other_material() -> None:
    case = registered()
    given = {name: value for name, value in ANSWERS[StepCode.ATTACH].items() if name != "what"}
    assert load_step(STEPS[StepCode.ATTACH], given).what is Material.OTHER
    case.take(StepCode.ATTACH, by=CLERK)


def test_the_archive_room_counts_and_says_why_it_counted_other_pages() -> None:
    case = complete()
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER, pages=30)
    refused = case.refused(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST, counted_pages=31)
    assert refused.codes == {"a_difference_of_pages_is_explained"} and "规程第十四条" in refused
    same = Case(case.facts, case.today)
    same.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST, counted_pages=30)
    case.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST, counted_pages=31, difference="另附光盘说明一页。")
    assert case.facts.history[-1].step.says(DIRECTORY).endswith("清点 31 页，另附光盘说明一页。")


def test_the_notice_of_an_earlier_round_is_not_that_of_the_one_that_ends_it() -> None:
    """不予受理后恢复办理、再次不予受理的，须另行告知，先前的告知书不算。"""
    case = classified(route="two")
    case.take(StepCode.DECLINE, by=CLERK)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=issue(case, PaperKind.DECLINE_NOTICE))
    case.take(StepCode.REOPEN, by=CLERK, on=RECEIVED + timedelta(days=1))
    case.take(StepCode.CLASSIFY, by=CLERK, route="four")
    case.take(StepCode.DECLINE, by=CLERK)
    refused = case.refused(StepCode.SUBMIT_ARCHIVE, by=CLERK)
    assert refused.codes >= {"what_left_the_house_is_filed", "what_must_leave_has_left"}
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=issue(case, PaperKind.DECLINE_NOTICE))
    assert archive.unfiled_papers(case.facts) == ()


def test_nothing_is_taken_out_of_a_file_that_waits_for_the_archive_room() -> None:
    case = complete()
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    receipt = next(f.number for f in case.facts.files if f.what is Material.RECEIPT)
    case.take(StepCode.WITHDRAW_ATTACHMENT, by=HANDLER, attachment=receipt)
    assert "nothing_was_taken_out_since" in case.refused(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST).codes
    for pages in (0, -3):
        assert (
            "a_difference_of_pages_is_explained"
            in case.refused(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST, counted_pages=pages, difference="缺页").codes
        )


# 撤回已经发出、送达的意见书


def served_opinion(case: Case) -> int:
    """The number of the opinion that is in force."""
    return next(p.number for p in reversed(case.facts.papers) if p.kind is PaperKind.REPLY_OPINION)


@pytest.mark.parametrize("made", [served, closed])
def test_an_opinion_that_was_served_is_withdrawn_by_two_and_the_case_waits_for_the_new_one(
    made: Callable[[], Case],
) -> None:
    """送达的意见书撤回后：须两人，回到“已出具意见书”，结案、请求复查的三十日都按新的意见书计（条例第三十二、三十五条）。"""
    case = made()
    assert case.runs("request_first_review")
    number = served_opinion(case)
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=number, waits=True)
    assert case.facts.served_on is not None, "nothing until another agrees"
    for office in (CLERK, SECOND_CLERK):
        assert "second_person" in case.refused_to_confirm(StepCode.WITHDRAW_PAPER, by=office).codes
    case.confirm(StepCode.WITHDRAW_PAPER, by=LEADER)
    assert (case.facts.state, case.facts.served_on, case.facts.replied_on) == (State.REPLIED, None, None)
    assert not case.runs("request_first_review") and case.clock("handling").stopped_on is None
    assert "when" in case.refused(StepCode.CLOSE, by=HEAD).codes
    again = case.facts.papers[-1].number + 1
    case.take(
        StepCode.MAKE_PAPER,
        by=CLERK,
        kind="reply_opinion",
        digest=case.facts.signed_text,
        owed_by=case.facts.last(StepCode.ISSUE_REPLY).seq,  # type: ignore[union-attr]
    )
    case.take(StepCode.ATTACH, by=CLERK, what="paper", digest="e1" * 32)
    case.take(StepCode.ISSUE_PAPER, by=CLERK, paper=again, pdf="e1" * 32, word="e1" * 32, ofd="e1" * 32)
    later = case.today + timedelta(days=4)
    case.take(StepCode.SERVE, by=HANDLER, on=later, served_on=later)
    assert case.facts.state is State.SERVED
    assert case.clock("request_first_review").started_on == later


def test_an_opinion_of_which_a_review_was_asked_is_not_withdrawn() -> None:
    case = served()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    refused = case.refused(StepCode.WITHDRAW_PAPER, by=CLERK, paper=served_opinion(case))
    assert refused.codes == {"nobody_asked_for_a_review_of_it"}


def test_what_was_sent_is_withdrawn_by_two_and_what_never_left_by_one() -> None:
    case = tell(accepted())
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=1, waits=True)
    assert case.facts.noticed_on is not None
    case.confirm(StepCode.WITHDRAW_PAPER, by=SECOND_CLERK)
    assert case.facts.noticed_on is None and case.clock("notice").stopped_on is None
    case = accepted()
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=issue(case, PaperKind.ACCEPTANCE_NOTICE), alone=True)
