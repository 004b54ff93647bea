"""本厅作为复查机关：不服盟市科技局处理意见的复查请求，三十日内提出复查意见（条例第二十八条、第三十五条、第三十六条）。"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.articles.department import (
    ADVISER,
    ARCHIVIST,
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_LEADER,
    PETITIONER,
    RECEIVED,
    SECOND_CLERK,
    SECOND_HANDLER,
    UNIT,
    Case,
    without,
)
from tests.articles.stories import (
    file_papers,
    forwarded,
    issue,
    registered,
    review_accepted,
    review_asked,
    review_checked,
    review_drafted,
    review_instructed,
    review_replied,
    review_served,
    served,
    tell,
    then,
)
from xinfang.procedure.addressees import address_task
from xinfang.procedure.alerts import ESCALATED, alerts
from xinfang.procedure.archive import unfiled_papers
from xinfang.procedure.clocks import CLOCKS, running
from xinfang.procedure.facts import Facts, StaffFacts
from xinfang.procedure.rules import Refused, decide
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.steps.reviewing import AcceptReview, review_in_words, who_handled
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import MatterClass, PaperKind, Purpose, ReviewResult, Role, State

DAY = timedelta(days=1)


def words(case: Case) -> set[str]:
    return {t.words for t in task_rules(case.facts)}


# It is a matter of its own, and no claim of route six.


def test_it_has_thirty_days_from_its_receipt_and_no_sixty() -> None:
    """自收到复查请求之日起30日内提出复查意见：自收到之日起算，不论何时登记；义务不因休假日顺延。"""
    case = registered(date(2026, 9, 2))
    case.take(StepCode.TAKE_AS_REVIEW, by=CLERK, on=date(2026, 9, 14), got_on=date(2026, 8, 20))
    run = case.clock("own_review")
    assert (run.started_on, run.due.due, run.due.alarm) == (date(2026, 9, 2), date(2026, 10, 2), date(2026, 9, 30))
    assert (case.facts.matter_class, case.facts.purpose, case.facts.route) == (
        MatterClass.CLAIM,
        Purpose.APPEAL,
        None,
    )
    assert not review_served().runs("handling")
    assert CLOCKS["own_review"].code in ESCALATED


def test_its_thirty_days_end_when_the_opinion_leaves_and_not_before() -> None:
    case = review_replied()
    assert case.clock("own_review").stopped_on is None, "it lies in the house"
    case.take(StepCode.SERVE, by=HANDLER, on=RECEIVED + 3 * DAY)
    assert case.clock("own_review").stopped_on == RECEIVED + 3 * DAY


def test_the_notice_of_acceptance_is_owed_within_fifteen_days() -> None:
    """自收到之日起15日内书面告知（条例第二十三条）。"""
    case = review_accepted()
    assert "复查受理通知" in case.papers and case.clock("notice").stopped_on is None
    tell(case, PaperKind.REVIEW_ACCEPTANCE, on=RECEIVED + 2 * DAY)
    assert case.clock("notice").stopped_on == RECEIVED + 2 * DAY


def test_a_review_is_neither_extended_nor_accepted_as_a_claim_nor_handed_to_another_unit() -> None:
    case = review_accepted()
    assert "条例没有规定延长（条例第三十五条）" in case.refused(StepCode.REQUEST_EXTENSION, by=HANDLER)
    for code in (StepCode.REFER, StepCode.ASSIGN):
        assert "it_is_no_review" in case.refused(code, by=CLERK).codes
    assert "it_is_no_review" in case.refused(StepCode.DRAFT_REPLY, by=HANDLER).codes
    assert "it_is_a_claim_of_route_six" in review_instructed().refused(StepCode.ACCEPT, by=CLERK).codes


def test_what_was_taken_as_a_review_by_mistake_is_classified_as_what_it_is() -> None:
    case = review_asked()
    case.take(StepCode.CLASSIFY, by=CLERK)
    assert case.facts.review_of is None and not case.runs("own_review")
    case.take(StepCode.TAKE_AS_REVIEW, by=CLERK)
    case.confirm(StepCode.TAKE_AS_REVIEW, by=SECOND_CLERK)
    runs = [run for run in running(case.facts, case.calendar) if run.clock.code == "own_review"]
    assert [run.started_on for run in runs] == [RECEIVED]


def test_the_tasks_of_a_review_in_their_order() -> None:
    assert words(review_asked()) == {"拟办复查，或者不予受理复查"}
    assert words(review_instructed()) == {"受理复查"}
    assert "拟写复查意见书" in words(review_accepted())
    assert "征求法律顾问意见" in words(then(review_drafted(), (StepCode.REVIEW_REPLY, HEAD)))
    assert "签发意见书" in words(review_checked())


# When the request came.


@pytest.mark.parametrize(
    ("got_on", "late"),
    [(RECEIVED - 30 * DAY, False), (RECEIVED - 31 * DAY, False), (RECEIVED - 32 * DAY, True)],
    ids=["on the thirtieth day", "the thirtieth day was a Sunday", "too late"],
)
def test_a_request_after_thirty_days_gives_its_reason(got_on: date, late: bool) -> None:
    case = registered()
    if late:
        refused = case.refused(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=got_on)
        assert "已过30日，且没有写明逾期的理由（条例第三十五条）" in refused
    case.take(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=got_on, late_reason="住院" if late else "")


def test_the_postmark_counts_and_not_the_day_of_arrival() -> None:
    got_on = RECEIVED - 40 * DAY
    case = registered()
    assert "a_late_request_says_why" in case.refused(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=got_on).codes
    case.take(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=got_on, requested_on=RECEIVED - 11 * DAY)


def test_nobody_asked_after_the_department_had_it() -> None:
    refused = registered().refused(StepCode.TAKE_AS_REVIEW, by=CLERK, requested_on=RECEIVED + DAY)
    assert "日期先后矛盾（条例第三十五条）" in refused


def test_opinion_request_and_receipt_may_be_of_one_day() -> None:
    registered().take(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=RECEIVED)
    refused = registered().refused(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=RECEIVED + DAY)
    assert refused.codes == {"the_days_of_the_request_are_in_order"}


# Not accepted.


def test_no_review_is_refused_by_one_person() -> None:
    case = review_asked()
    case.take(StepCode.DECLINE_REVIEW, by=CLERK)
    assert case.facts.state is State.REGISTERED
    case.confirm(StepCode.DECLINE_REVIEW, by=SECOND_CLERK)
    assert case.facts.state is State.DECLINED and "复查不予受理告知书" in case.papers
    assert case.clock("notice").stopped_on is None, "the petitioner is to be told in writing"
    tell(case, PaperKind.REVIEW_REFUSAL)
    assert case.clock("notice").stopped_on == RECEIVED


def test_lateness_is_no_ground_where_the_request_was_in_time() -> None:
    assert "不予受理的理由与登记的日期不符" in review_asked().refused(StepCode.DECLINE_REVIEW, by=CLERK, ground="late")
    late = review_asked(got_on=RECEIVED - 60 * DAY, late_reason="没有说明")
    late.take(StepCode.DECLINE_REVIEW, by=CLERK, ground="late")
    on_the_last_day = review_asked(got_on=RECEIVED - 30 * DAY)
    posted_in_time = review_asked(got_on=RECEIVED - 40 * DAY, requested_on=RECEIVED - 11 * DAY)
    for in_time in (on_the_last_day, posted_in_time):
        refused = in_time.refused(StepCode.DECLINE_REVIEW, by=CLERK, ground="late")
        assert refused.codes == {"lateness_is_a_ground_only_where_it_is_late"}


def test_only_a_request_for_review_is_refused_as_one() -> None:
    refused = registered().refused(StepCode.DECLINE_REVIEW, by=CLERK, ground="late")
    assert refused.codes == {"it_is_a_request_for_review"}


def test_what_was_declined_wrongly_comes_back_with_its_thirty_days_still_counting_from_receipt() -> None:
    case = review_asked()
    case.take(StepCode.DECLINE_REVIEW, by=CLERK)
    case.confirm(StepCode.DECLINE_REVIEW, by=SECOND_CLERK)
    case.take(StepCode.REOPEN, by=CLERK, on=RECEIVED + 5 * DAY)
    assert case.clock("own_review").due.due == RECEIVED + 30 * DAY


# Who reviews.


def test_who_handled_the_matter_here() -> None:
    """本厅转送、批示、办理过原事项的，都不参加复查；只作登记、收发的不在此列。"""
    assert who_handled(forwarded().facts) - {"second_clerk"} == {"clerk"}
    assert {"clerk", "leader", "head", "handler", "adviser"} <= who_handled(served().facts)
    assert who_handled(registered().facts) == set()


KEPT_THE_BOOKS = {
    StepCode.REGISTER,
    StepCode.IMPORT_HISTORY,
    StepCode.UNDO_IMPORT,
    StepCode.SUPPLEMENT,
    StepCode.CORRECT,
    StepCode.ATTACH,
    StepCode.WITHDRAW_ATTACHMENT,
    StepCode.ENTER_REGIONAL,
    StepCode.LINK_REPEAT,
    StepCode.UNLINK_REPEAT,
    StepCode.SEND_PAPER,
    StepCode.SERVE_PAPER,
    StepCode.SUBMIT_ARCHIVE,
    StepCode.ACCEPT_ARCHIVE,
    StepCode.RETURN_ARCHIVE,
}
"""登记、补充、改错、附件、收发、归档：不是办理。"""


@pytest.mark.parametrize("code", StepCode)
def test_who_only_kept_the_books_of_a_matter_did_not_handle_it(code: StepCode) -> None:
    (first,) = registered().facts.history
    facts = Facts(history=(replace(first, code=code),))
    assert who_handled(facts) == (set() if code in KEPT_THE_BOOKS else {"clerk"})


def test_who_was_named_for_a_matter_handled_it_even_if_they_had_not_yet_done_anything() -> None:
    """批示的、办理的、提供法律意见的，虽未办理任何步骤，也不参加复查。"""
    facts = Facts(
        responsible_leader=StaffCode("leader"),
        handler=StaffCode("handler"),
        advisers=frozenset({StaffCode("adviser")}),
    )
    assert who_handled(facts) == {"leader", "handler", "adviser"}


def test_nobody_who_handled_the_matter_is_named_instructs_checks_or_signs() -> None:
    barred = {"handled_by": ["handler", "head", "leader"]}
    case = review_asked(**barred)
    assert "the_proposed_leader_is_not_recused" in case.refused(StepCode.PROPOSE, by=CLERK, leader="leader").codes
    refused = case.refused(StepCode.PROPOSE, by=CLERK, leader="other_leader")
    assert "the_proposed_unit_has_a_head" in refused.codes, "its head handled it"
    case = review_asked(handled_by=["handler"])
    case.take(StepCode.PROPOSE, by=CLERK)
    case.take(StepCode.INSTRUCT, by=LEADER)
    refused = case.refused(StepCode.ACCEPT_REVIEW, by=CLERK)
    assert (
        "不是经手过原事项、应当回避或者被反映的人员（规程第六条、条例第二十八条、条例第三十五条、本厅设定）" in refused
    )
    case.take(StepCode.ACCEPT_REVIEW, by=CLERK, reviewers=["second_handler"])
    assert "the_new_handler_is_fit" in case.refused(StepCode.CHANGE_HANDLER, by=HEAD, handler="handler").codes
    assert "who" in case.refused(StepCode.DRAFT_REVIEW, by=HANDLER).codes


@pytest.mark.parametrize(("code", "by"), [(StepCode.REVIEW_REPLY, HEAD), (StepCode.SIGN_REPLY, LEADER)])
def test_who_handled_it_neither_checks_nor_signs_however_they_came_to_it(code: str, by: object) -> None:
    case = review_drafted() if code == StepCode.REVIEW_REPLY else review_checked()
    assert case.facts.review_of is not None
    barred = replace(case.facts.review_of, barred=frozenset({HEAD.code, LEADER.code}))
    case.facts = replace(case.facts, review_of=barred)
    refused = case.refused(code, by=HEAD if by is HEAD else LEADER)
    assert "经手过原事项的人员不得审核、签发对它的复查意见" in refused


@pytest.mark.parametrize("who", ["other_head", "clerk", "nobody", "typist"])
def test_each_reviewer_handles_or_heads_in_the_unit_that_the_leader_instructed(who: str) -> None:
    """“typist”是承办处室的人员，但既不承办也不负责。"""
    typist = StaffFacts(StaffCode("typist"), "typist", frozenset({Role.RECEPTION}), frozenset({UnitCode(UNIT)}))
    for reviewers in ([who], ["handler", who]):
        case = review_instructed()
        case.directory = replace(DIRECTORY, staff={**DIRECTORY.staff, typist.code: typist})
        refused = case.refused(StepCode.ACCEPT_REVIEW, by=CLERK, reviewers=reviewers)
        assert refused.codes == {"the_reviewers_are_fit"}
    review_instructed().take(StepCode.ACCEPT_REVIEW, by=CLERK, reviewers=["head", "handler"])


def test_somebody_reviews() -> None:
    """表单不允许不选；导入的也不允许。"""
    step = AcceptReview(reviewers=())
    with pytest.raises(Refused) as refused:
        decide(step, StepCode.ACCEPT_REVIEW, review_instructed().question(step, CLERK))
    assert [r.code for r in refused.value.reasons] == ["the_reviewers_are_fit"]


def test_nobody_is_named_twice_or_while_accused_or_recused() -> None:
    twice = review_instructed().refused(StepCode.ACCEPT_REVIEW, by=CLERK, reviewers=["handler", "handler"])
    assert twice.codes == {"the_reviewers_are_fit"}
    case = review_instructed()
    case.take(StepCode.RECUSE, by=PETITIONER)
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    assert "the_reviewers_are_fit" in case.refused(StepCode.ACCEPT_REVIEW, by=CLERK).codes


def test_another_reviewer_takes_the_place_of_one_who_leaves() -> None:
    case = review_accepted(handled_by=[])
    case.take(StepCode.CHANGE_HANDLER, by=HEAD, handler="head")
    assert case.facts.review_of is not None and case.facts.review_of.reviewers == ("head", "second_handler")
    case.take(StepCode.DRAFT_REVIEW, by=HEAD)
    assert "复查意见不得由拟写的人审核" in case.refused(StepCode.REVIEW_REPLY, by=HEAD)


def test_what_a_recused_reviewer_drafted_counts_no_more() -> None:
    case = review_drafted()
    case.take(StepCode.RECUSE, by=PETITIONER)
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    assert "没有待审核的意见书" in case.refused(StepCode.REVIEW_REPLY, by=HEAD)


def _asked(case: Case) -> list[tuple[str, str]]:
    tasks = [address_task(rule, case.facts, case.directory) for rule in task_rules(case.facts)]
    return [
        (t.words, t.person or t.role.value) for t in tasks if t.step in (StepCode.DRAFT_REVIEW, StepCode.CHANGE_HANDLER)
    ]


def test_where_a_reviewer_is_missing_the_other_is_asked_and_then_the_head() -> None:
    """复查人员不在的，由另一名复查人员办理；都不在的，由承办处室负责人改派。"""
    case = review_accepted()
    assert _asked(case) == [("拟写复查意见书", "handler")]
    case.directory = without(HANDLER)
    assert _asked(case) == [("拟写复查意见书", "second_handler")]
    case.directory = without(HANDLER, SECOND_HANDLER)
    assert _asked(case) == [("无人可办：改派复查人员", "unit_head")]


# What is decided.


@pytest.mark.parametrize("result", ["revoked", "changed", "redo"])
def test_what_the_body_below_must_do_has_its_words_and_its_term(result: str) -> None:
    case = review_accepted()
    for missing in ({"order": ""}, {"term": None}, {"term": RECEIVED}):
        refused = case.refused(StepCode.DRAFT_REVIEW, by=HANDLER, result=result, **missing)
        assert refused.codes == {"what_is_ordered_has_its_term"}
    case.take(StepCode.DRAFT_REVIEW, by=HANDLER, result=result)
    assert case.facts.review_of is not None and case.facts.review_of.result is ReviewResult(result)


@pytest.mark.parametrize("lacking", ["finding", "reason", "basis"])
def test_an_opinion_says_what_was_found_why_and_under_which_law(lacking: str) -> None:
    refused = review_accepted().refused(StepCode.DRAFT_REVIEW, by=HANDLER, **{lacking: ""})
    assert refused.codes == {"the_result_has_its_grounds"}


def test_an_opinion_that_is_upheld_orders_nothing() -> None:
    case = review_accepted()
    for ordered in ({}, {"order": ""}, {"term": None}):
        assert "维持的不填" in case.refused(StepCode.DRAFT_REVIEW, by=HANDLER, result="upheld", **ordered)
    case.take(StepCode.DRAFT_REVIEW, by=HANDLER, result="upheld", order="", term=None)


def test_the_adviser_reads_the_draft_of_the_review() -> None:
    said = review_in_words(review_drafted().facts)
    for part in ("市科信答〔2026〕3号", "没有核对拨款凭证", "责令重新办理", "核对拨款凭证后重新作出", "自治区人民政府"):
        assert part in said
    assert review_in_words(review_asked().facts) == ""
    assert review_in_words(review_drafted(result="upheld", order="", term=None).facts).split("\n\n") == [
        "原处理意见（某市科技局，市科信答〔2026〕3号）：不予支持",
        "请求复查的理由：没有核对拨款凭证",
        "查明的事实：拨款凭证没有核对",
        "复查结论：维持\n理由：认定事实不清\n依据：《信访工作条例》第三十二条",
        "复核机关：自治区人民政府",
    ]


def test_nobody_signs_it_before_the_adviser_has_spoken() -> None:
    case = then(review_drafted(), (StepCode.REVIEW_REPLY, HEAD))
    assert "尚无法律顾问意见（规程第十三条）" in case.refused(StepCode.SIGN_REPLY, by=LEADER)
    then(case, (StepCode.SEEK_LEGAL_ADVICE, HANDLER), (StepCode.GIVE_LEGAL_ADVICE, ADVISER))
    case.take(StepCode.SIGN_REPLY, by=LEADER)


def test_its_paper_is_the_review_opinion_and_no_reply() -> None:
    case = review_replied()
    assert "复查意见书" in case.papers and "信访处理（答复）意见书" not in case.papers
    assert case.facts.papers[-1].kind is PaperKind.REVIEW_OPINION
    assert "这种文书由复查、复核机关作出" in served().refused(StepCode.MAKE_PAPER, by=HANDLER, kind="review_opinion")


# After it was served.


def test_the_petitioner_may_ask_for_a_final_review_within_thirty_days() -> None:
    """对复查意见不服的，自收到书面答复之日起30日内请求复核；不再是请求复查（条例第三十六条）。"""
    case = review_served()
    assert not case.runs("request_first_review")
    assert case.clock("request_final_review").due.due == RECEIVED + 30 * DAY
    assert "已经请求过复查" in case.refused(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER)
    assert case.clock("request_final_review").stopped_on == RECEIVED


def test_the_delay_of_the_body_below_is_not_the_department_s() -> None:
    """原办理机关逾期不重新办理：是原办理机关逾期，不记本厅逾期；作出后登记文号。"""
    case = review_served()
    run = case.clock("compliance")
    assert run.due.due == RECEIVED + 30 * DAY and run.clock.whose == "原办理机关"
    assert alerts("compliance", run.started_on, run.due.due, run.due.alarm) == ()
    assert run.overdue(RECEIVED + 31 * DAY)
    assert "重新作出的处理意见须写明文号" in case.refused(StepCode.RECORD_COMPLIANCE, by=CLERK, document_number="")
    case.take(StepCode.RECORD_COMPLIANCE, by=CLERK, on=RECEIVED + 40 * DAY)
    assert case.clock("compliance").stopped_on == RECEIVED + 40 * DAY


def test_what_was_changed_is_carried_out_below_without_a_new_opinion() -> None:
    case = review_served(result="changed")
    case.take(StepCode.RECORD_COMPLIANCE, by=CLERK, document_number="", text="已拨付")


def test_nothing_is_awaited_where_the_opinion_was_upheld() -> None:
    case = review_served(result="upheld", order="", term=None)
    assert not case.runs("compliance")
    assert "复查意见没有要求原办理机关重新办理或者落实" in case.refused(StepCode.RECORD_COMPLIANCE, by=CLERK)


def test_the_department_closes_it_whether_or_not_the_body_below_has_acted() -> None:
    case = review_served()
    case.take(StepCode.CLOSE, by=HEAD)
    case.confirm(StepCode.CLOSE, by=LEADER)
    assert case.facts.state is State.CLOSED and case.clock("compliance").stopped_on is None
    case.take(StepCode.RECORD_COMPLIANCE, by=HANDLER)


def test_its_file_goes_to_the_archive_with_notice_opinion_and_receipt() -> None:
    """归档：受理通知、复查意见书的定稿和送达回证（规程第十四条）；之后仍可登记落实情况。"""
    case = review_served()
    case.take(StepCode.CLOSE, by=HEAD)
    case.confirm(StepCode.CLOSE, by=LEADER)
    refused = case.refused(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    assert {"what_left_the_house_is_filed", "each_service_has_its_receipt"} <= refused.codes
    assert unfiled_papers(case.facts) == (PaperKind.REVIEW_ACCEPTANCE,), "the opinion was issued here"
    file_papers(case, HANDLER)
    case.take(StepCode.ATTACH, by=HANDLER, what="receipt", digest="7e" * 32)
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    case.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST)
    case.take(StepCode.RECORD_COMPLIANCE, by=CLERK)
    assert case.facts.state is State.ARCHIVED


def test_a_review_that_the_final_body_sends_back_has_thirty_days_once_more() -> None:
    case = then(review_served(), (StepCode.REQUEST_FINAL_REVIEW, PETITIONER))
    case.take(StepCode.FINAL_REVIEW, by=CLERK, on=RECEIVED + 20 * DAY, result="redo")
    assert case.facts.state is State.HANDLING and words(case) == {"拟写复查意见书"}
    assert case.clock("own_review").due.due == RECEIVED + 50 * DAY
    assert not case.runs("handling") and not case.runs("compliance")
    case.take(StepCode.DRAFT_REVIEW, by=SECOND_HANDLER, result="upheld", order="", term=None)
    then(case, (StepCode.REVIEW_REPLY, HEAD), (StepCode.SEEK_LEGAL_ADVICE, HANDLER))
    then(case, (StepCode.GIVE_LEGAL_ADVICE, ADVISER), (StepCode.SIGN_REPLY, LEADER))
    case.take(StepCode.ISSUE_REPLY, by=CLERK)
    issue(case, PaperKind.REVIEW_OPINION)
    assert then(case, (StepCode.SERVE, HANDLER)).facts.state is State.SERVED


@pytest.mark.parametrize("code", [StepCode.ACCEPT_REVIEW, StepCode.DRAFT_REVIEW, StepCode.RECORD_COMPLIANCE])
def test_of_a_claim_of_our_own_each_is_refused_also_with_a_date_that_is_wrong_too(code: str) -> None:
    case = served()
    case.today = RECEIVED - DAY
    assert {"it_is_a_request_for_review", "something_was_ordered"} & case.refused(code, by=CLERK).codes


def test_another_leader_signs_where_the_office_changed_the_leader() -> None:
    case = review_checked()
    case.take(StepCode.CHANGE_LEADER, by=CLERK)
    case.take(StepCode.SIGN_REPLY, by=OTHER_LEADER)


def test_the_timeline_says_what_happened() -> None:
    case = review_served()
    said = {h.code: h.step.says(DIRECTORY) for h in case.facts.history}
    assert said[StepCode.TAKE_AS_REVIEW] == "不服某市科技局市科信答〔2026〕3号"
    assert said[StepCode.ACCEPT_REVIEW] == "复查人员：handler、second_handler"
    assert said[StepCode.DRAFT_REVIEW].startswith("责令重新办理。认定事实不清；至迟2026年4月1日：")
    assert case.facts.handling_unit == UNIT


def claim_closed_on(day: date) -> Case:
    claim = then(served(), (StepCode.CARRY_OUT, HANDLER))
    claim.take(StepCode.CLOSE, by=HEAD, on=day)
    claim.confirm(StepCode.CLOSE, by=LEADER)
    return claim


def test_nothing_is_carried_out_where_nothing_was_ordered() -> None:
    """没有复查意见、复查意见还没有作出的，都没有可登记的落实情况；日期再早也只说这一条。"""
    assert review_accepted().refused(StepCode.RECORD_COMPLIANCE, by=CLERK).codes == {"when", "something_was_ordered"}
    claim = claim_closed_on(RECEIVED + 3 * DAY)
    refused = claim.refused(StepCode.RECORD_COMPLIANCE, by=CLERK, done_on=RECEIVED + DAY)
    assert refused.codes == {"something_was_ordered"}


@pytest.mark.parametrize("code", [StepCode.ACCEPT_REVIEW, StepCode.DRAFT_REVIEW])
def test_what_is_no_review_is_refused_with_its_reasons_also_before_the_last_step(code: str) -> None:
    refused = claim_closed_on(RECEIVED + 3 * DAY).refused(code, by=CLERK, on=RECEIVED + DAY)
    assert {"when", "it_is_a_request_for_review"} <= refused.codes
