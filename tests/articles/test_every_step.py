"""Every step of the procedure can lawfully be taken: a few stories that together take all of them."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.articles.house import (
    ADVISER,
    ARCHIVIST,
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    SEALED,
    SECOND_CLERK,
    Case,
    archived,
    brought_in,
    classified,
    file_papers,
    handed_down,
    in_hand,
    registered,
    reported,
    simple,
    suggested,
)
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.papers import PAPERS, FilingRule
from xinfang.procedure.printed_procedure import papers_of
from xinfang.procedure.replay import StoredEvent, replay
from xinfang.procedure.step_schema import dump_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import PaperKind, State

STORIES: list[Callable[[], Case]] = []


def story(tell: Callable[[], Case]) -> Callable[[], Case]:
    STORIES.append(tell)
    return tell


@story
def a_claim_from_letter_to_archive() -> Case:
    case = registered()
    case.take("enter_regional", by=CLERK)
    case.take("supplement", by=PETITIONER)
    case.take("correct", by=CLERK)
    case.take("attach", by=CLERK)
    case.take("withdraw_attachment", by=CLERK)
    case.take("make_paper", by=CLERK)
    case.take("submit_paper", by=CLERK)
    case.take("sign_paper", by=OFFICE_HEAD)
    case.take("revise_paper", by=CLERK)
    case.take("submit_paper", by=CLERK)
    case.take("sign_paper", by=OFFICE_HEAD)
    case.take("attach", by=CLERK, digest="66c7f0f4" * 8, what="paper", name="告知书.pdf")
    case.take("issue_paper", by=CLERK)
    case.take("serve_paper", by=CLERK)
    case.take("withdraw_paper", by=CLERK)
    case.take("link_repeat", by=CLERK)
    case.confirm("link_repeat", by=SECOND_CLERK)
    case.take("unlink_repeat", by=SECOND_CLERK)
    case.confirm("unlink_repeat", by=CLERK)
    case.take("classify", by=CLERK)
    case.take("propose", by=CLERK, to_principal=True)
    case.take("instruct", by=LEADER)
    case.take("instruct", by=PRINCIPAL)
    case.take("accept", by=CLERK)
    case.take("assign", by=CLERK)
    case.take("send_back", by=HEAD)
    case.take("refer", by=CLERK)
    case.take("sign_for", by=HEAD)
    case.take("talk", by=HANDLER)
    case.take("settle_on_the_spot", by=HANDLER)
    case.take("promise_reply", by=HANDLER)
    case.take("ask_to_meet", by=HANDLER)
    case.take("decide_meeting", by=LEADER)
    case.take("seek_legal_advice", by=HANDLER)
    case.take("give_legal_advice", by=ADVISER)
    case.take("mediate", by=HANDLER)
    case.take("hold_hearing", by=HANDLER)
    case.take("request_extension", by=HANDLER)
    case.take("grant_extension", by=LEADER)
    case.take("supervise", by=CLERK)
    case.take("answer_supervision", by=HEAD)
    case.take("warn", by=SYSTEM)
    case.take("mark_overdue", by=SYSTEM)
    case.take("escalate", by=SYSTEM)
    case.take("recompute_deadline", by=SYSTEM)
    case.take("make_paper", by=HANDLER, kind="inquiry_report")
    case.take("submit_paper", by=HANDLER, paper=2)
    case.take("check_paper", by=HEAD, paper=2)
    case.take("issue_paper", by=HANDLER, paper=2, document_number="")
    case.take("draft_reply", by=HANDLER)
    case.take("review_reply", by=HEAD)
    case.take("sign_reply", by=LEADER)
    case.take("issue_reply", by=CLERK)
    case.take("serve", by=HANDLER)
    case.take("rate", by=PETITIONER)
    case.take("carry_out", by=HANDLER)
    case.take("close", by=HEAD)
    case.confirm("close", by=LEADER)
    case.take("report_up", by=CLERK)
    for digest in ("01" * 32, "02" * 32):
        case.take("attach", by=HANDLER, what="receipt", name="送达回证.jpg", digest=digest)
    file_papers(case, HANDLER)
    case.take("submit_archive", by=HANDLER)
    case.take("return_archive", by=ARCHIVIST)
    case.take("submit_archive", by=HANDLER)
    case.take("accept_archive", by=ARCHIVIST)
    case.take("request_first_review", by=PETITIONER)
    case.take("first_review", by=CLERK)
    case.take("request_final_review", by=PETITIONER)
    case.take("final_review", by=CLERK)
    assert case.facts.state is State.ARCHIVED
    return case


@story
def a_file_is_destroyed_at_the_end_of_its_period() -> Case:
    case = archived()
    case.take("change_retention", by=ARCHIVIST)
    case.take("change_retention", by=ARCHIVIST, retention="years_10")
    case.take("destroy", by=ARCHIVIST, on=date(2037, 1, 4))
    case.confirm("destroy", by=OFFICE_HEAD)
    return case


@story
def somebody_is_recused_and_replaced() -> Case:
    case = in_hand()
    case.take("recuse", by=PETITIONER)
    case.confirm("recuse", by=OFFICE_HEAD)
    case.take("change_handler", by=HEAD)
    case.take("change_leader", by=OFFICE_HEAD)
    case.take("withdraw", by=PETITIONER)
    return case


@story
def a_suggestion_is_answered() -> Case:
    case = suggested()
    case.take("acknowledge", by=CLERK)
    case.take("refer", by=CLERK)
    case.take("answer", by=HANDLER)
    case.take("suggest_commendation", by=HANDLER)
    case.confirm("suggest_commendation", by=PRINCIPAL)
    return case


@story
def a_simple_matter_turns_out_not_to_be() -> Case:
    case = simple()
    case.take("accept", by=CLERK, handling_unit="results", responsible_leader="leader")
    case.take("leave_simple", by=CLERK)
    return case


@story
def not_ours() -> Case:
    case = registered()
    case.take("redirect", by=CLERK)
    return case


@story
def an_objection_is_rejected_and_another_upheld() -> Case:
    case = handed_down()
    case.take("object", by=CLERK)
    case.take("objection_rejected", by=CLERK)
    case.take("object", by=CLERK)
    case.take("objection_upheld", by=CLERK)
    return case


@story
def a_matter_of_a_city_bureau() -> Case:
    case = registered()
    case.take("forward", by=CLERK)
    return case


@story
def filed_reopened_and_led_into_a_lawful_way() -> Case:
    case = classified(route="four")
    case.take("file_without_action", by=CLERK)
    case.confirm("file_without_action", by=SECOND_CLERK)
    case.take("reopen", by=CLERK)
    case.take("route", by=CLERK)
    return case


@story
def an_old_matter_brought_in_and_taken_up_again() -> Case:
    case = brought_in()
    case.take("reopen", by=CLERK, reason="来电称至今未获答复")
    case.take("classify", by=CLERK)
    return case


@story
def a_report_is_handed_over() -> Case:
    case = reported()
    case.take("hand_over", by=SEALED)
    return case


@story
def finally_reviewed_before() -> Case:
    case = registered()
    case.take("refuse_further", by=CLERK)
    case.confirm("refuse_further", by=SECOND_CLERK)
    return case


def test_every_step_can_be_taken() -> None:
    taken = {code for tell in STORIES for code in tell().taken}
    assert set(STEPS) - taken == set()
    assert len(STEPS) == 78


@pytest.mark.parametrize("tell", STORIES, ids=lambda tell: tell.__name__)
def test_a_history_tells_the_same_facts_when_it_is_read_again(tell: Callable[[], Case]) -> None:
    facts = tell().facts
    events = [
        StoredEvent(h.seq, h.code, h.stage, dump_step(h.step), h.happened_on, h.recorded_at, h.by)
        for h in facts.history
    ]
    assert replay(facts.number, events) == facts


def test_every_paper_that_must_be_filed_is_owed_by_some_step() -> None:
    owed = {paper for step in STEPS.values() for paper in papers_of(step)}
    not_owed = set(PaperKind) - owed
    assert PaperKind.SETTLEMENT_PLEDGE in not_owed, "nobody may be asked for a pledge"
    made_where_needed = {PaperKind.SUPPLEMENT_NOTICE, PaperKind.REVIEW_ACCEPTANCE, PaperKind.LEGAL_ADVICE}
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
