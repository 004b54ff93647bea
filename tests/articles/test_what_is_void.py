"""法律顾问意见只对一稿、一组诉求有效，签发只对一份文本、一位无须回避的签发人有效（规程第十三条，条例第二十八条、第三十二条）。"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.articles.department import (
    ADVISER,
    CLERK,
    FINDING,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_LEADER,
    PETITIONER,
    PRINCIPAL,
    Case,
)
from tests.articles.stories import TO_THE_SIGNATURE, advised, drafted, heard, replied, signed, then
from xinfang.procedure.facts import Actor, DutyHeld, PaperFacts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.reply import draft_in_words
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.voided import void_notes
from xinfang.procedure.words import PaperKind, PaperStage, ReplyStage, Role

REFUSED = {**FINDING, "finding": "不属实", "conclusion": "refuse"}
MORE = [{"text": "另请说明原因"}]


def reviewed() -> Case:
    case = advised()
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    return case


def recused(case: Case, person: str, by: Actor = OFFICE_HEAD) -> Case:
    case.take(StepCode.RECUSE, by=CLERK, person=person)
    case.confirm(StepCode.RECUSE, by=by)
    return case


def asked(case: Case) -> list[str]:
    return [a.words for a in task_rules(case.facts)]


def test_advice_is_asked_on_a_draft_and_not_before_there_is_one() -> None:
    refused = heard().refused(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    assert "还没有意见书稿，法律顾问意见须就一稿出具（规程第十三条）" in refused


def test_the_adviser_reads_the_draft_itself() -> None:
    words = draft_in_words(drafted().facts)
    assert "请拨付经费" in words and FINDING["finding"] in words and FINDING["basis"] in words and "予以支持" in words


def test_an_opposite_reply_is_not_signed_on_advice_that_was_given_on_another_draft() -> None:
    """The adviser saw a reply that supports; the leader sends it back; what comes next refuses."""
    case = reviewed()
    case.take(StepCode.SIGN_REPLY, by=LEADER, agree=False, opinion="事实不清，请再核实。")
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, findings=[REFUSED])
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    assert case.refused(StepCode.SIGN_REPLY, by=LEADER).codes == {"legal_advice_is_on_file"}
    assert "征求法律顾问意见" in asked(case)
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER)
    case.take(StepCode.SIGN_REPLY, by=LEADER)


def test_a_draft_that_is_written_anew_is_checked_and_advised_on_again() -> None:
    case = reviewed()
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, findings=[REFUSED])
    assert (case.facts.reply_stage, case.facts.advice_given) == (ReplyStage.DRAFTED, False)
    assert case.refused(StepCode.SIGN_REPLY, by=LEADER).codes >= {
        "a_draft_waits_for_signature", "legal_advice_is_on_file"
    }  # fmt: skip


def test_advice_that_is_awaited_on_a_draft_that_is_gone_is_not_given() -> None:
    case = drafted()
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, findings=[REFUSED])
    assert case.refused(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER).codes == {"advice_is_awaited"}
    assert case.clock("legal_advice").stopped_on is not None


@pytest.mark.parametrize("before", [drafted, advised, reviewed, signed])
def test_a_further_request_takes_away_draft_advice_and_signature(before: Callable[[], Case]) -> None:
    case = before()
    case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=MORE)
    facts = case.facts
    assert (facts.reply_stage, facts.advice_given, facts.advice_wanted, facts.signed_text) == (
        ReplyStage.NONE, False, False, "",
    )  # fmt: skip
    assert asked(case) == ["听取信访人陈述", "制作：受理告知书"]


def test_what_is_signed_is_not_written_anew_by_the_handler() -> None:
    assert signed().refused(StepCode.DRAFT_REPLY, by=HANDLER).codes == {"the_reply_is_not_signed"}


def test_advice_of_an_adviser_who_must_withdraw_counts_no_more_and_the_signature_that_rests_on_it_neither() -> None:
    case = recused(reviewed(), "adviser")
    assert case.refused(StepCode.SIGN_REPLY, by=LEADER).codes == {"legal_advice_is_on_file"}
    case = recused(signed(), "adviser")
    assert (case.facts.reply_stage, case.facts.advice_given) == (ReplyStage.REVIEWED, False)
    assert "legal_advice_is_on_file" in case.refused(StepCode.ISSUE_REPLY, by=CLERK).codes
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER, adviser="second_adviser")


def test_a_reply_leaves_with_no_signature_of_a_leader_who_must_withdraw() -> None:
    case = signed()
    case.facts = replace(case.facts, signed_text="ab" * 32)
    recused(case, "leader", PRINCIPAL)
    assert (case.facts.reply_stage, case.facts.signed_text) == (ReplyStage.REVIEWED, "")
    assert case.refused(StepCode.ISSUE_REPLY, by=CLERK).codes == {"a_reply_waits_for_issue"}
    case.take(StepCode.CHANGE_LEADER, by=OFFICE_HEAD, leader="other_leader")
    case.take(StepCode.SIGN_REPLY, by=OTHER_LEADER)
    case.take(StepCode.ISSUE_REPLY, by=CLERK)


def test_what_a_head_checked_who_must_withdraw_is_checked_again() -> None:
    assert recused(reviewed(), "head").facts.reply_stage is ReplyStage.DRAFTED
    case = recused(signed(), "head")
    assert case.facts.reply_stage is ReplyStage.DRAFTED
    assert [note[:10] for note in void_notes(case.facts)] == ["此前的签发不再有效："]


def test_what_a_handler_drafted_who_must_withdraw_is_drafted_again() -> None:
    for case in (drafted(), advised(), reviewed(), signed()):
        recused(case, "handler")
        assert (case.facts.reply_stage, case.facts.advice_given) == (ReplyStage.NONE, False)


def test_somebody_who_had_no_part_in_it_takes_nothing_away() -> None:
    case = recused(signed(), "second_handler")
    assert (case.facts.reply_stage, case.facts.advice_given) == (ReplyStage.SIGNED, True)


def test_a_reply_that_has_left_stays_what_it_is() -> None:
    for person, by in (
        ("handler", OFFICE_HEAD),
        ("head", OFFICE_HEAD),
        ("adviser", OFFICE_HEAD),
        ("leader", PRINCIPAL),
    ):
        case = recused(replied(), person, by)
        assert case.facts.reply_stage is ReplyStage.ISSUED, person
        assert list(void_notes(case.facts)) == [], person


def test_advice_that_another_adviser_is_asked_for_is_still_awaited_when_the_first_must_withdraw() -> None:
    case = advised()
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, findings=[REFUSED])
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER, adviser="second_adviser")
    assert recused(case, "adviser").facts.advice_wanted


def test_material_without_a_further_request_leaves_the_adviser_s_days_running() -> None:
    case = drafted()
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.SUPPLEMENT, by=PETITIONER)
    assert case.clock("legal_advice").stopped_on is None


def test_of_a_matter_that_is_redone_the_first_signature_is_not_said_to_have_fallen_away() -> None:
    """The first reply was signed and issued; only a signature of the second round can fall away before its issue."""
    case = replied()
    case.take(StepCode.SERVE, by=HANDLER)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, result="redo")
    assert [note[:7] for note in void_notes(case.facts)] == ["此前出具的法律"]
    then(case, *TO_THE_SIGNATURE)
    assert list(void_notes(case.facts)) == []
    case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=MORE)
    assert [note[:7] for note in void_notes(case.facts)] == ["此前出具的法律", "此前的签发不再"]


@pytest.mark.parametrize(
    ("stage", "person", "after"),
    [
        (PaperStage.SIGNED, "leader", PaperStage.DRAFT),
        (PaperStage.SIGNED, "office_head", PaperStage.SIGNED),
        (PaperStage.ISSUED, "leader", PaperStage.ISSUED),
    ],
)
def test_a_paper_that_was_signed_and_not_issued_goes_back(stage: PaperStage, person: str, after: PaperStage) -> None:
    case = replied()
    paper = PaperFacts(1, PaperKind.REPLY_OPINION, stage, digest="ab" * 32, signed="ab" * 32, signed_by=LEADER.code)
    case.facts = replace(case.facts, papers=(paper,))
    recused(case, person, PRINCIPAL)
    (now,) = case.facts.papers
    assert now.stage is after
    assert (now.digest, now.signed_by) == (("", "") if after is PaperStage.DRAFT else ("ab" * 32, LEADER.code))
    assert now.signed == "ab" * 32, "what was signed before stays to be compared with"


def test_the_page_says_what_counts_no_more_and_who_must_act() -> None:
    assert (
        list(void_notes(drafted().facts)) == list(void_notes(signed().facts)) == list(void_notes(replied().facts)) == []
    )
    case = advised()
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, findings=[REFUSED])
    assert [note[:16] for note in void_notes(case.facts)] == ["此前出具的法律顾问意见不再适用："]
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    assert list(void_notes(case.facts)) == []
    case = recused(signed(), "leader", PRINCIPAL)
    assert [note[:10] for note in void_notes(case.facts)] == ["此前的签发不再有效："]
    case = signed()
    case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=MORE)
    assert len(list(void_notes(case.facts))) == 2


def test_a_reply_that_was_given_back_was_never_signed() -> None:
    case = reviewed()
    case.take(StepCode.SIGN_REPLY, by=LEADER, agree=False, opinion="请再核实。")
    assert list(void_notes(case.facts)) == []


def test_the_adviser_reads_the_draft_word_for_word() -> None:
    assert draft_in_words(drafted().facts) == (
        "诉求1：请拨付经费\n认定的事实：经查属实\n结论：予以支持\n依据：某办法第三条\n\n"
        "处理方式：解决问题\n\n复查机关：自治区人民政府"
    )
    assert draft_in_words(heard().facts) == "诉求1：请拨付经费\n认定的事实：\n结论：\n依据：", "nothing is drafted yet"


def test_what_a_leader_signed_is_not_issued_while_their_recusal_waits() -> None:
    """回避还没有决定，应当回避的人签发的意见书不印发；同意回避的，签发随之失效（条例第二十八条）。"""
    case = reviewed()
    case.take(StepCode.RECUSE, by=PETITIONER, person="leader")
    case.take(StepCode.SIGN_REPLY, by=LEADER)
    assert case.refused(StepCode.ISSUE_REPLY, by=CLERK).codes == {"nobody_behind_it_may_have_to_withdraw"}
    case.confirm(StepCode.RECUSE, by=PRINCIPAL)
    assert case.facts.reply_stage is ReplyStage.REVIEWED, "the signature fell with the leader"


def test_a_recusal_that_is_refused_or_of_somebody_else_holds_nothing_up() -> None:
    case = signed()
    case.take(StepCode.RECUSE, by=PETITIONER, person="second_handler")
    other = signed()
    other.take(StepCode.RECUSE, by=PETITIONER, person="leader")
    other.confirm(StepCode.RECUSE, by=PRINCIPAL, agree=False, opinion="没有利害关系")
    for goes_on in (case, other):
        goes_on.take(StepCode.ISSUE_REPLY, by=CLERK)


def test_nobody_advises_on_what_they_drafted() -> None:
    """拟稿人同时有法律顾问的职责，或者代理法律顾问的，不能为自己的稿子出具法律意见（规程第十三条）。"""
    case = drafted()
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    deputy = replace(HANDLER, duties=(*HANDLER.duties, DutyHeld(Role.LEGAL_ADVISER, acting_for=ADVISER.code)))
    assert case.refused(StepCode.GIVE_LEGAL_ADVICE, by=deputy).codes == {"who_advises_did_not_draft_it"}
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER)
