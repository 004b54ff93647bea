"""Every step of the procedure can lawfully be taken: a few stories that together take all of them."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.articles.department import (
    ADVISER,
    ARCHIVIST,
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_HEAD,
    OTHER_LEADER,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    SEALED,
    SECOND_CLERK,
    Case,
)
from tests.articles.stories import (
    about_the_office,
    about_the_officers,
    archived,
    brought_in,
    classified,
    duty_served,
    file_papers,
    file_scan,
    handed_down,
    in_hand,
    issue,
    joined,
    of_two_matters,
    registered,
    reported,
    review_asked,
    review_served,
    sealed_late,
    sent_electronically,
    simple,
    suggested,
    with_accused,
)
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.papers import PAPERS, FilingRule
from xinfang.procedure.printed_procedure import papers_of
from xinfang.procedure.replay import StoredEvent, replay
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import dump_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import PaperKind, State

STORIES: list[Callable[[], Case]] = []


def story(tell: Callable[[], Case]) -> Callable[[], Case]:
    STORIES.append(tell)
    return tell


@story
def a_repeat_is_joined_answered_and_handled_apart() -> Case:
    case = joined()
    case.take(StepCode.HANDLE_APART, by=CLERK)
    case.take(StepCode.JOIN_FIRST, by=CLERK)
    case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK)
    return case


@story
def a_letter_of_two_matters_is_split() -> Case:
    case = of_two_matters()
    case.take(StepCode.SPLIT_OFF, by=CLERK)
    case.take(StepCode.TELL_PARTS, by=CLERK)
    return case


@story
def a_claim_from_letter_to_archive() -> Case:
    case = registered()
    case.take(StepCode.ENTER_REGIONAL, by=CLERK)
    case.take(StepCode.SUPPLEMENT, by=PETITIONER)
    case.take(StepCode.CORRECT, by=CLERK)
    case.take(StepCode.ATTACH, by=CLERK)
    case.take(StepCode.WITHDRAW_ATTACHMENT, by=CLERK)
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="supplement_notice")
    case.take(StepCode.SUBMIT_PAPER, by=CLERK)
    case.take(StepCode.SIGN_PAPER, by=OFFICE_HEAD)
    case.take(StepCode.REVISE_PAPER, by=CLERK)
    case.take(StepCode.SUBMIT_PAPER, by=CLERK)
    case.take(StepCode.SIGN_PAPER, by=OFFICE_HEAD)
    case.take(StepCode.ATTACH, by=CLERK, digest="66c7f0f4" * 8, what="paper", name="告知书.pdf")
    case.take(StepCode.ISSUE_PAPER, by=CLERK)
    case.take(StepCode.SEND_PAPER, by=CLERK)
    case.take(StepCode.SERVE_PAPER, by=CLERK)
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK)
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.confirm(StepCode.LINK_REPEAT, by=SECOND_CLERK)
    case.take(StepCode.UNLINK_REPEAT, by=SECOND_CLERK)
    case.confirm(StepCode.UNLINK_REPEAT, by=CLERK)
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.PROPOSE, by=CLERK, to_principal=True)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.INSTRUCT, by=PRINCIPAL)
    case.take(StepCode.CIRCULATE_SHEET, by=CLERK)
    case.take(StepCode.READ_SHEET, by=OTHER_LEADER)
    case.take(StepCode.ACCEPT, by=CLERK)
    case.take(StepCode.ASSIGN, by=CLERK)
    case.take(StepCode.SEND_BACK, by=HEAD)
    case.take(StepCode.REFER, by=CLERK)
    case.take(StepCode.SIGN_FOR, by=HEAD)
    case.take(StepCode.TALK, by=HANDLER)
    case.take(StepCode.SETTLE_ON_THE_SPOT, by=HANDLER)
    case.take(StepCode.PROMISE_REPLY, by=HANDLER)
    case.take(StepCode.ASK_TO_MEET, by=HANDLER)
    case.take(StepCode.DECIDE_MEETING, by=LEADER)
    case.take(StepCode.MEDIATE, by=HANDLER)
    case.take(StepCode.HOLD_HEARING, by=HANDLER)
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER)
    case.take(StepCode.SUPERVISE, by=CLERK)
    case.take(StepCode.ANSWER_SUPERVISION, by=HEAD)
    case.take(StepCode.WARN, by=SYSTEM)
    case.take(StepCode.MARK_OVERDUE, by=SYSTEM)
    case.take(StepCode.ESCALATE, by=SYSTEM)
    case.take(StepCode.RECOMPUTE_DEADLINE, by=SYSTEM)
    case.take(StepCode.MAKE_PAPER, by=HANDLER, kind="inquiry_report")
    case.take(StepCode.SUBMIT_PAPER, by=HANDLER, paper=2)
    case.take(StepCode.CHECK_PAPER, by=HEAD, paper=2)
    case.take(StepCode.ISSUE_PAPER, by=HANDLER, paper=2, document_number="")
    file_scan(case, PaperKind.SUPPLEMENT_NOTICE, CLERK)
    case.take(StepCode.DRAFT_REPLY, by=HANDLER)
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER)
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    case.take(StepCode.SIGN_REPLY, by=LEADER)
    case.take(StepCode.ISSUE_REPLY, by=CLERK)
    issue(case, PaperKind.REPLY_OPINION)
    case.take(StepCode.SERVICE_FAILED, by=HANDLER)
    case.take(StepCode.SERVE, by=HANDLER)
    case.take(StepCode.RATE, by=PETITIONER)
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    case.take(StepCode.FOLLOW_UP, by=CLERK)
    case.take(StepCode.GIVE_ASSISTANCE, by=HANDLER)
    case.take(StepCode.COUNSEL, by=LEADER)
    case.take(StepCode.CLOSE, by=HEAD)
    case.confirm(StepCode.CLOSE, by=LEADER)
    case.take(StepCode.REPORT_UP, by=CLERK)
    for digest in ("01" * 32, "02" * 32):
        case.take(StepCode.ATTACH, by=HANDLER, what="receipt", name="送达回证.jpg", digest=digest)
    file_papers(case, HANDLER)
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    case.take(StepCode.RETURN_ARCHIVE, by=ARCHIVIST)
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    case.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK)
    case.take(StepCode.FIRST_REVIEW, by=CLERK)
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER)
    case.take(StepCode.FINAL_REVIEW, by=CLERK)
    case.take(StepCode.LEAVE_MESSAGE, by=PETITIONER)
    case.take(StepCode.ANSWER_MESSAGE, by=CLERK)
    assert case.facts.state is State.ARCHIVED
    return case


@story
def a_notice_is_sent_and_opened_on_the_window() -> Case:
    case = sent_electronically()
    case.take(StepCode.TAKE_DELIVERY, by=PETITIONER)
    return case


@story
def somebody_dies_and_their_daughter_goes_on() -> Case:
    case = registered()
    case.take(StepCode.RECORD_DEATH, by=CLERK)
    case.take(StepCode.SUPPLEMENT, by=CLERK, persons=[{"name": "甲乙", "role": "heir"}], attachment=1)
    return case


@story
def what_was_filed_is_looked_at_once_more() -> Case:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    case.take(StepCode.SPOT_CHECK, by=PRINCIPAL)
    case.take(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER)
    case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    return case


@story
def a_file_is_destroyed_at_the_end_of_its_period() -> Case:
    case = archived()
    case.take(StepCode.CHANGE_RETENTION, by=ARCHIVIST)
    case.take(StepCode.CHANGE_RETENTION, by=ARCHIVIST, retention="years_10")
    case.take(StepCode.DESTROY, by=ARCHIVIST, on=date(2037, 1, 4))
    case.confirm(StepCode.DESTROY, by=OFFICE_HEAD)
    return case


@story
def somebody_is_recused_and_replaced() -> Case:
    case = in_hand()
    case.take(StepCode.RECUSE, by=PETITIONER)
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    case.take(StepCode.CHANGE_HANDLER, by=HEAD)
    case.take(StepCode.CHANGE_LEADER, by=OFFICE_HEAD)
    case.take(StepCode.WITHDRAW, by=PETITIONER)
    return case


@story
def somebody_is_named_by_mistake() -> Case:
    case = with_accused()
    case.take(StepCode.REMOVE_ACCUSED, by=CLERK)
    case.confirm(StepCode.REMOVE_ACCUSED, by=OFFICE_HEAD)
    return case


@story
def a_complaint_about_the_office() -> Case:
    case = about_the_office()
    case.take(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL)
    case.take(StepCode.CLASSIFY, by=OTHER_HEAD)
    return case


@story
def a_report_about_the_officers() -> Case:
    case = about_the_officers()
    case.take(StepCode.NAME_OFFICER, by=PRINCIPAL)
    case.take(StepCode.HAND_OVER, by=HEAD)
    return case


@story
def a_suggestion_is_answered() -> Case:
    case = suggested()
    case.take(StepCode.ACKNOWLEDGE, by=CLERK)
    case.take(StepCode.REFER, by=CLERK)
    case.take(StepCode.STUDY, by=HANDLER)
    case.take(StepCode.ANSWER, by=HANDLER)
    case.take(StepCode.SUGGEST_COMMENDATION, by=HANDLER)
    case.confirm(StepCode.SUGGEST_COMMENDATION, by=PRINCIPAL)
    return case


@story
def a_simple_matter_turns_out_not_to_be() -> Case:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit="results", responsible_leader="leader")
    case.take(StepCode.LEAVE_SIMPLE, by=CLERK)
    return case


@story
def not_ours() -> Case:
    case = classified(route=None, competence="elsewhere", not_ours="属于劳动监察")
    case.take(StepCode.REDIRECT, by=CLERK)
    return case


@story
def an_objection_is_rejected_and_another_upheld() -> Case:
    case = handed_down()
    case.take(StepCode.OBJECT, by=CLERK)
    case.take(StepCode.OBJECTION_REJECTED, by=CLERK)
    case.take(StepCode.OBJECT, by=CLERK)
    case.take(StepCode.OBJECTION_UPHELD, by=CLERK)
    return case


@story
def a_matter_of_a_city_bureau() -> Case:
    case = classified(route=None, competence="subordinate", not_ours="属于市级项目")
    case.take(StepCode.FORWARD, by=CLERK)
    return case


@story
def filed_reopened_and_led_into_a_lawful_way() -> Case:
    case = classified(route="two")
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    case.take(StepCode.REOPEN, by=CLERK)
    case.take(StepCode.ROUTE, by=CLERK)
    return case


@story
def the_bureau_advises_and_is_answered() -> Case:
    case = in_hand()
    case.take(StepCode.RECORD_ADVICE, by=CLERK)
    case.take(StepCode.ANSWER_ADVICE, by=CLERK)
    return case


@story
def nothing_but_information_is_asked_for() -> Case:
    case = classified()
    case.take(StepCode.COORDINATE, by=CLERK)
    case.take(StepCode.DISCLOSE, by=CLERK)
    return case


@story
def dealt_with_by_another_body() -> Case:
    case = classified(route="two")
    case.take(StepCode.DECLINE, by=CLERK)
    return case


@story
def an_import_that_was_a_mistake() -> Case:
    case = brought_in()
    case.take(StepCode.UNDO_IMPORT, by=SYSTEM)
    return case


@story
def an_old_matter_brought_in_and_taken_up_again() -> Case:
    case = brought_in()
    case.take(StepCode.REOPEN, by=CLERK, reason="来电称至今未获答复")
    case.take(StepCode.CLASSIFY, by=CLERK)
    return case


@story
def a_report_is_handed_over() -> Case:
    case = reported()
    case.take(StepCode.HAND_OVER, by=SEALED)
    return case


@story
def a_wrong_is_looked_into_in_the_department_s_own_power() -> Case:
    case = duty_served()
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    case.take(StepCode.CLOSE, by=HEAD)
    case.confirm(StepCode.CLOSE, by=LEADER)
    return case


@story
def a_city_bureau_s_opinion_is_to_be_made_again() -> Case:
    case = review_served()
    case.take(StepCode.RECORD_COMPLIANCE, by=CLERK)
    return case


@story
def a_review_for_another_body_is_declined() -> Case:
    case = review_asked()
    case.take(StepCode.DECLINE_REVIEW, by=CLERK)
    case.confirm(StepCode.DECLINE_REVIEW, by=SECOND_CLERK)
    return case


@story
def a_report_is_found_on_the_way_and_a_claim_is_taken_for_one() -> Case:
    case = sealed_late()
    case.take(StepCode.UNSEAL, by=SEALED)
    case.take(StepCode.SEAL, by=CLERK)
    case.take(StepCode.HAND_OVER, by=SEALED, rest="信中只有检举控告，没有其他诉求")
    return case


@story
def finally_reviewed_before() -> Case:
    case = classified()
    case.take(StepCode.REFUSE_FURTHER, by=CLERK)
    case.confirm(StepCode.REFUSE_FURTHER, by=SECOND_CLERK)
    return case


def test_every_step_can_be_taken() -> None:
    taken = {code for tell in STORIES for code in tell().taken}
    assert set(STEPS) - taken == set()
    assert len(STEPS) == 120


@pytest.mark.parametrize("tell", STORIES, ids=lambda tell: tell.__name__)
def test_a_history_tells_the_same_facts_when_it_is_read_again(tell: Callable[[], Case]) -> None:
    facts = tell().facts
    events = [
        StoredEvent(h.seq, h.code, h.stage, dump_step(h.answer or h.step), h.happened_on, h.recorded_at, h.by)
        for h in facts.history
    ]
    assert replay(facts.number, events) == facts


def test_every_paper_that_must_be_filed_is_owed_by_some_step() -> None:
    owed = {paper for step in STEPS.values() for paper in papers_of(step)}
    not_owed = set(PaperKind) - owed
    assert PaperKind.SETTLEMENT_PLEDGE in not_owed, "nobody may be asked for a pledge"
    made_where_needed = {PaperKind.SUPPLEMENT_NOTICE, PaperKind.LEGAL_ADVICE}
    assert {k for k in not_owed if PAPERS[k].filed is not FilingRule.IF_ANY} == made_where_needed


def test_every_kind_of_paper_has_one_rule_and_a_number_of_the_list() -> None:
    assert set(PAPERS) == set(PaperKind)
    assert {r.code for r in PAPERS.values()} == {f"D{i}" for i in range(1, 35)}
    assert all(r.cites for r in PAPERS.values())


def test_a_step_whose_papers_depend_on_answers_says_which_they_may_be() -> None:
    for step in STEPS.values():
        assert ("papers" in vars(step)) == bool(step.may_owe), step.rule.code


def test_the_first_day_is_the_one_the_stories_begin_on() -> None:
    assert all(h.happened_on == RECEIVED for h in a_claim_from_letter_to_archive().facts.history)
