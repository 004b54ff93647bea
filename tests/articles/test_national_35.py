"""条例第三十五条：自收到书面答复之日起30日内请求复查；30日内提出复查意见。"""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.articles.department import (
    CLERK,
    FINDING,
    HANDLER,
    HEAD,
    LEADER,
    PETITIONER,
    RECEIVED,
    SECOND_HANDLER,
    UNIT,
    Case,
)
from tests.articles.stories import (
    TO_THE_SERVICE,
    classified,
    closed,
    instructed,
    issue,
    registered,
    replied,
    served,
    simple,
    suggested,
    then,
)
from xinfang.procedure.alerts import alerts
from xinfang.procedure.archive import missing_pieces
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Conclusion, Material, PaperKind, State


def test_thirty_days_from_service_rolled_past_the_holiday() -> None:
    case = served(date(2026, 9, 6))
    clock = case.clock("request_first_review")
    assert clock.due.due == date(2026, 10, 8), "2026-10-06 lies in the National Day holiday: a right rolls"
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=date(2026, 10, 8))
    assert case.clock("request_first_review").stopped_on == date(2026, 10, 8)


def test_the_thirty_days_of_the_review_count_from_the_day_the_request_arrived() -> None:
    case = served(date(2026, 3, 2))
    asked = {"requested_on": date(2026, 3, 5), "arrived_on": date(2026, 3, 9)}
    refused = case.refused(StepCode.REQUEST_FIRST_REVIEW, by=CLERK, on=date(2026, 3, 8), **asked)
    assert "收到请求的日期早于请求日期，或在今天之后（条例第三十五条、条例第三十六条）" in refused
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=CLERK, on=date(2026, 3, 10), **asked)
    assert case.clock("request_first_review").stopped_on == date(2026, 3, 5), "the petitioner posted it in time"
    assert case.clock("first_review").due.due == date(2026, 4, 8)


def test_a_request_that_was_handed_in_arrived_the_same_day() -> None:
    case = served(date(2026, 3, 2))
    the_day = date(2026, 3, 5)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=CLERK, on=the_day, requested_on=the_day, arrived_on=the_day)


def test_no_review_is_decided_before_its_request_arrived() -> None:
    case = served(date(2026, 3, 2))
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=CLERK, on=date(2026, 3, 10), requested_on=date(2026, 3, 5))
    refused = case.refused(StepCode.FIRST_REVIEW, by=CLERK, decided_on=date(2026, 3, 4))
    assert "意见日期早于收到请求的日期（条例第三十五条、条例第三十六条）" in refused
    case.take(StepCode.FIRST_REVIEW, by=CLERK, decided_on=date(2026, 3, 5))
    assert case.clock("review_request").stopped_on == date(2026, 3, 5)


def test_a_late_request_gives_its_reason() -> None:
    case = served(date(2026, 9, 6))
    refused = case.refused(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=date(2026, 10, 9))
    assert "请求日期已过30日，且没有写明逾期的理由（条例第三十五条、条例第三十六条）" in refused
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=date(2026, 10, 9), late_reason="住院")


def test_a_refused_delivery_has_a_witness() -> None:
    refused = replied().refused(StepCode.SERVE, by=HANDLER, receipt="refused")
    assert "拒收或留置送达须有见证人（民事诉讼法第八十九条、本厅设定）" in refused
    replied().take(StepCode.SERVE, by=HANDLER, receipt="refused", witness="社区工作人员")


def test_a_case_ordered_to_be_redone_comes_back_with_a_new_sixty_days() -> None:
    case = served(date(2026, 3, 2))
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 31), result="redo")
    assert case.clock("handling").due.due == date(2026, 5, 30)


def test_an_extension_lengthens_the_round_in_which_it_was_granted_and_no_other() -> None:
    case = served(date(2026, 3, 2))
    before = case.clock("handling").due.due
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 31), result="redo")
    again = case.clock("handling").due.due
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, on=date(2026, 4, 20), days=10)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, on=date(2026, 4, 20), days=10)
    rounds = [r.due.due for r in running(case.facts, case.calendar) if r.clock.code == "handling"]
    assert rounds == [before, again + timedelta(days=10)]


def _rights(case: Case) -> list[date]:
    return [r.started_on for r in running(case.facts, case.calendar) if r.clock.code == "request_first_review"]


def test_a_corrected_day_of_service_moves_the_right_that_counts_from_it() -> None:
    case = served(date(2026, 3, 9))
    case.take(
        StepCode.CORRECT,
        by=CLERK,
        on=date(2026, 3, 20),
        what="served_on",
        new_value="2026-03-12",
        public_value="2026-03-12",
    )
    assert _rights(case) == [date(2026, 3, 12)]


def test_after_a_new_reply_a_correction_moves_the_day_of_its_service_and_not_that_of_the_first() -> None:
    case = served(date(2026, 3, 2))
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 31), result="redo")
    then(case, *TO_THE_SERVICE)
    case.take(
        StepCode.CORRECT,
        by=CLERK,
        on=date(2026, 4, 9),
        what="served_on",
        new_value="2026-04-03",
        public_value="2026-04-03",
    )
    assert _rights(case) == [date(2026, 3, 2), date(2026, 4, 3)]


def test_a_review_that_sends_the_matter_back_leaves_nothing_to_ask_a_final_review_of() -> None:
    case = served(date(2026, 3, 2))
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 31), result="redo")
    assert not case.runs("request_final_review")


def test_a_slow_reviewing_body_is_late_itself_and_not_the_department() -> None:
    """复查机关未在三十日内提出意见：是复查机关逾期，不记本厅逾期（条例第四十四条），不列入本厅待办。"""
    case = served(date(2026, 3, 2))
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=CLERK, arrived_on=date(2026, 3, 2))
    run = case.clock("first_review")
    assert run.overdue(date(2026, 4, 2)) and run.clock.whose == "复查机关"
    assert alerts("first_review", run.started_on, run.due.due, run.due.alarm) == ()
    assert {t.words for t in task_rules(case.facts)} == {"执行"}


# What a review changed is carried out here.

CHANGED = {"request": 1, "decision": "补发经费", "conclusion": "support", "basis": "某办法第五条"}
GOT = {"served_on": date(2026, 3, 20)}
REFUSED = {"findings": [{**FINDING, "conclusion": "refuse"}]}


def _changed(case: Case, *changes: dict[str, Any]) -> Case:
    """The reply refused the request; the reviewing body put another decision in its place."""
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 20), result="changed", changes=[*changes], **GOT)
    return case


def _closed(case: Case) -> Case:
    case.take(StepCode.CLOSE, by=HEAD)
    case.confirm(StepCode.CLOSE, by=LEADER)
    return case


def test_what_the_reviewing_body_changed_is_owed_by_the_department() -> None:
    """本厅不予支持，复查机关变更为予以支持：须执行或安排执行，此前不得结案（条例第三十二条、第三十五条）。"""
    case = served(date(2026, 3, 2), **REFUSED)
    assert "本件没有予以支持的诉求" in case.refused(StepCode.CARRY_OUT, by=HANDLER)
    _changed(case, CHANGED)
    request = case.facts.requests[0]
    assert (request.conclusion, request.basis, request.changed) == (Conclusion.SUPPORT, "某办法第五条", "补发经费")
    assert request.finding == "经查属实", "what was found here stays on record"
    assert {t.words for t in task_rules(case.facts)} == {"执行"}
    assert "予以支持的诉求尚未执行或安排执行（条例第三十二条）" in case.refused(StepCode.CLOSE, by=HEAD)
    case.take(StepCode.CARRY_OUT, by=HANDLER, text="安排在六月底前补发")
    assert _closed(case).facts.state is State.CLOSED


def test_a_closed_case_is_open_until_the_change_is_carried_out() -> None:
    case = _changed(_closed(served(date(2026, 3, 2), **REFUSED)), CHANGED)
    assert (case.facts.state, case.facts.closed_on, case.facts.ended_on) == (State.SERVED, None, None)
    assert _rounds(case) == [date(2026, 3, 2)], "nothing is handled once more"
    assert case.clock("request_final_review").started_on == date(2026, 3, 20), "the petitioner may still go on"
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    _closed(case)
    assert case.clock("archive").started_on == date(2026, 3, 20)


def test_a_change_that_leaves_nothing_to_be_done_leaves_a_closed_case_closed() -> None:
    case = _closed(served(date(2026, 3, 2), **REFUSED))
    assert _changed(case, {**CHANGED, "conclusion": "explain"}).facts.state is State.CLOSED


def test_what_was_supported_and_carried_out_is_owed_once_more_when_it_is_changed() -> None:
    case = served(date(2026, 3, 2))
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    _changed(case, {**CHANGED, "decision": "按两倍补发"})
    assert "予以支持的诉求尚未执行" in case.refused(StepCode.CLOSE, by=HEAD)


def test_nobody_has_received_a_review_before_today_is_over() -> None:
    case = served(date(2026, 3, 2))
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    refused = case.refused(StepCode.FIRST_REVIEW, by=CLERK, served_on=date(2026, 3, 3))
    assert "信访人收到日期早于意见日期，或在今天之后（条例第三十五条、条例第三十六条）" in refused


# A matter that is redone: each round counts from its own day.


def _rounds(case: Case) -> list[date]:
    return [r.started_on for r in running(case.facts, case.calendar) if r.clock.code == "handling"]


def _sent_back(case: Case, on: date) -> Case:
    """The petitioner asked for a review, which orders that the matter be handled once more."""
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=on, result="redo")
    return case


def test_the_first_round_counts_from_the_fifteenth_day_also_after_it_was_redone() -> None:
    """3月2日收到，3月20日才受理：60日自3月17日起算，重新办理也不改变这一点。"""
    case = instructed(date(2026, 3, 2))
    case.today = date(2026, 3, 20)
    case.take(StepCode.ACCEPT, by=CLERK)
    for code, by in ((StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD)):
        case.take(code, by=by)
    then(case, *TO_THE_SERVICE)
    assert _rounds(case) == [date(2026, 3, 17)]
    assert _rounds(_sent_back(case, date(2026, 4, 1))) == [date(2026, 3, 17), date(2026, 4, 1)]


def test_each_of_three_rounds_keeps_its_day() -> None:
    case = _sent_back(served(date(2026, 3, 2)), date(2026, 3, 31))
    _sent_back(then(case, *TO_THE_SERVICE), date(2026, 4, 20))
    assert _rounds(case) == [date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 20)]


def test_a_review_that_upholds_the_second_reply_begins_no_round_of_its_own() -> None:
    case = then(_sent_back(served(date(2026, 3, 2)), date(2026, 3, 31)), *TO_THE_SERVICE)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 4, 20), result="upheld")
    assert _rounds(case) == [date(2026, 3, 2), date(2026, 3, 31)]


def test_a_review_that_upholds_leaves_the_corrected_acceptance_as_it_is() -> None:
    case = instructed(date(2026, 3, 2))
    case.today = date(2026, 3, 12)
    case.take(StepCode.ACCEPT, by=CLERK)
    case.take(StepCode.CORRECT, by=CLERK, what="accepted_on", new_value="2026-03-10", public_value="2026-03-10")
    assert _rounds(case) == [date(2026, 3, 10)]
    for code, by in ((StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD)):
        case.take(code, by=by)
    then(case, *TO_THE_SERVICE)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 4, 1), result="upheld")
    assert _rounds(case) == [date(2026, 3, 10)]


# 送达：附签收的送达回证的，一人登记；没有附的，拒收、留置、公告的，或者补录影响期限的，由另一人确认。


def test_with_the_signed_receipt_attached_nobody_else_is_needed() -> None:
    case = replied()
    receipt = case.proof(Material.RECEIPT, by=HANDLER)
    case.take(StepCode.SERVE, by=HANDLER, alone=True, attachment=receipt)
    assert case.facts.state is State.SERVED


def test_without_the_receipt_the_thirty_days_begin_only_once_another_agrees() -> None:
    case = replied()
    case.take(StepCode.SERVE, by=HANDLER, waits=True)
    assert case.facts.state is State.REPLIED and not case.runs("request_first_review")
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.SERVE, by=HANDLER)
    case.confirm(StepCode.SERVE, by=SECOND_HANDLER)
    assert case.facts.state is State.SERVED and case.clock("request_first_review").started_on == RECEIVED


@pytest.mark.parametrize("other", [Material.EVIDENCE, Material.PAPER, Material.PETITIONERS_WORDS])
def test_another_piece_of_the_file_is_no_receipt(other: Material) -> None:
    case = replied()
    case.take(StepCode.SERVE, by=HANDLER, waits=True, attachment=case.proof(other, by=HANDLER))
    assert case.facts.state is State.REPLIED


@pytest.mark.parametrize(
    "way",
    [
        {"receipt": "refused", "witness": "社区工作人员"},
        {"method": "left", "witness": "社区工作人员"},
        {"method": "electronic", "consent": "三月二日当面书面同意"},
    ],
    ids=["refused", "left", "electronic"],
)
def test_what_nobody_signed_for_waits_for_another_whatever_is_attached(way: dict[str, str]) -> None:
    case = replied()
    receipt = case.proof(Material.RECEIPT, by=HANDLER)
    case.take(StepCode.SERVE, by=HANDLER, waits=True, attachment=receipt, **way)
    assert case.facts.state is State.REPLIED
    case.confirm(StepCode.SERVE, by=CLERK)
    assert case.facts.state is State.SERVED


def test_a_service_that_is_said_to_lie_back_waits_though_its_receipt_is_there() -> None:
    case = replied(date(2026, 3, 2))
    receipt = case.proof(Material.RECEIPT, by=HANDLER)
    early = {"served_on": date(2026, 3, 5), "attachment": receipt}
    case.take(StepCode.SERVE, by=HANDLER, on=date(2026, 3, 20), waits=True, **early)
    assert case.facts.served_on is None
    case.confirm(StepCode.SERVE, by=CLERK)
    assert case.facts.served_on == date(2026, 3, 5)


def test_a_service_by_two_persons_needs_its_receipt_in_the_file_as_any_other() -> None:
    """没有回证的送达，归档前仍须补上（规程第十四条）。"""
    assert [m.what for m in missing_pieces(closed().facts) if m.what.startswith("送达回证")] == [
        "送达回证（还差 1 份）"
    ]


# ---- an answer under the simple procedure (S4) is reviewed as a reply is


def simply_answered() -> Case:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    for code, by in ((StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.ANSWER, HANDLER)):
        case.take(code, by=by)
    return case


def test_who_was_answered_simply_may_ask_for_a_review_within_thirty_days() -> None:
    case = simply_answered()
    assert case.facts.state is State.ANSWERED
    assert case.clock("request_first_review").due.due == RECEIVED + timedelta(days=30)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=RECEIVED + timedelta(days=30))


def test_a_simple_answer_that_is_revoked_comes_back_and_is_handled_in_the_ordinary_way() -> None:
    case = simply_answered()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, result="redo")
    assert case.facts.state is State.HANDLING and not case.facts.simple
    assert case.clock("handling").due.due == RECEIVED + timedelta(days=60)


def answered_by_letter() -> Case:
    """A letter's claim, handled simply and answered."""
    case = classified(simple=True)
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    return then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.ANSWER, HANDLER))


def test_who_wrote_a_letter_is_answered_in_writing_also_under_the_simple_procedure() -> None:
    """来信：简易办理也须发出书面告知和书面答复，请求复查的三十日自收到书面答复之日起算（条例第二十三、三十五条）。"""
    case = answered_by_letter()
    assert case.facts.state is State.ANSWERED
    assert case.clock("notice").stopped_on is None and case.clock("simple_handling").stopped_on is None
    assert "制作：简易办理答复" in {t.words for t in task_rules(case.facts)}
    assert not case.runs("request_first_review"), "nobody was written to"
    assert case.refused(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER).codes == {"a_reply_was_served"}
    number = issue(case, PaperKind.SIMPLE_REPLY)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=number, on=RECEIVED + timedelta(days=2))
    assert case.clock("simple_handling").stopped_on == RECEIVED + timedelta(days=2)
    served_on = RECEIVED + timedelta(days=5)
    case.take(StepCode.SERVE_PAPER, by=CLERK, paper=number, on=served_on, served_on=served_on)
    assert case.clock("request_first_review").due.due == date(2026, 4, 7), "thirty days after 7 March, and a holiday"
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)


def test_who_came_and_was_told_without_a_record_is_told_in_writing() -> None:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader", told_by=None, told="")
    assert case.clock("notice").stopped_on is None
    assert "制作：受理告知书" in {t.words for t in task_rules(case.facts)}


@pytest.mark.parametrize(
    ("channel", "how"), [("letter", "visit"), ("letter", "phone"), ("fax", "phone"), ("visit", "online")]
)
def test_nobody_is_said_to_be_told_in_a_way_they_did_not_come(channel: str, how: str) -> None:
    case = registered(channel=channel)
    case.take(StepCode.CLASSIFY, by=CLERK, simple=True)
    named = {"handling_unit": UNIT, "responsible_leader": "leader"}
    refused = case.refused(StepCode.ACCEPT, by=CLERK, told_by=how, told="已告知", **named)
    assert "限信访人以来访、来电或者网络提出的" in refused
    assert "条例第三十五条" in refused


def test_of_the_answer_to_a_suggestion_no_review_is_asked() -> None:
    case = suggested()
    for code, by in ((StepCode.REFER, CLERK), (StepCode.STUDY, HANDLER), (StepCode.ANSWER, HANDLER)):
        case.take(code, by=by)
    assert case.refused(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER).codes == {"a_reply_was_served"}
    assert not case.runs("request_first_review")
