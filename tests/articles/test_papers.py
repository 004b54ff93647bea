"""文书怎样拟稿、核稿、签发、印发、送达、撤回（规程第四、五、六、十三、十四条）：所签即所发。"""

from dataclasses import replace

import pytest

from tests.articles.department import CLERK, DIRECTORY, HANDLER, HEAD, LEADER, OFFICE_HEAD, OTHER_LEADER, SEALED, Case
from tests.articles.stories import (
    classified,
    in_hand,
    numbered,
    paper_begun,
    paper_issued,
    paper_submitted,
    replied,
    reported,
    served,
)
from xinfang.procedure.facts import Actor, FileFacts, PaperFacts
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.words import Material, PaperKind, PaperStage, ReplyStage, State

TEXT, OTHER_TEXT = "ab" * 32, "cd" * 32
FILE = "66c7f0f4" * 8
OF_PAPERS = [
    StepCode.SUBMIT_PAPER,
    StepCode.CHECK_PAPER,
    StepCode.SIGN_PAPER,
    StepCode.REVISE_PAPER,
    StepCode.ISSUE_PAPER,
    StepCode.SEND_PAPER,
    StepCode.SERVE_PAPER,
    StepCode.WITHDRAW_PAPER,
]


def one(case: Case, number: int = 1) -> PaperFacts:
    paper = case.facts.paper(number)
    assert paper is not None
    return paper


def put(kind: str, stage: str, **fields: object) -> Case:
    """A case whose second paper is this one; its first is a draft, which nothing may touch."""
    case = paper_begun("registration_sheet")
    paper = replace(PaperFacts(2, PaperKind(kind), PaperStage(stage), by=StaffCode("handler"), digest=TEXT), **fields)
    case.facts = replace(case.facts, papers=(*case.facts.papers, paper))
    return case


@pytest.mark.parametrize("code", OF_PAPERS)
def test_a_paper_that_is_not_there_is_all_that_is_said(code: str) -> None:
    by = {StepCode.CHECK_PAPER: HEAD, StepCode.SIGN_PAPER: OFFICE_HEAD}.get(code, CLERK)
    case = in_hand()
    case.facts = replace(case.facts, files=(FileFacts(1, Material.PAPER, FILE, CLERK.code),))
    assert case.refused(code, by=by, paper=7).codes == {"that_paper_is_there"}


def test_a_notice_goes_from_draft_to_signature_to_issue_to_service() -> None:
    case = paper_begun("acceptance_notice")
    assert one(case) == PaperFacts(1, PaperKind.ACCEPTANCE_NOTICE, PaperStage.DRAFT, owed_by=5, by=HANDLER.code)
    assert case.facts.history[4].code == StepCode.ACCEPT
    case.take(StepCode.SUBMIT_PAPER, by=CLERK, digest=TEXT)
    assert (one(case).stage, one(case).digest, one(case).by) == (PaperStage.SIGNING, TEXT, "clerk")
    case.take(StepCode.SIGN_PAPER, by=OFFICE_HEAD)
    assert (one(case).stage, one(case).signed) == (PaperStage.SIGNED, TEXT)
    case.take(StepCode.ATTACH, by=CLERK, what="paper")
    case.take(StepCode.ISSUE_PAPER, by=CLERK, pages=2, document_number="内科信告〔2026〕9号")
    issued = one(case)
    assert (issued.stage, issued.document_number, issued.pages, issued.files) == (
        PaperStage.ISSUED, "内科信告〔2026〕9号", 2, (FILE,) * 3,
    )  # fmt: skip
    case.take(StepCode.SERVE_PAPER, by=CLERK)
    assert one(case).stage is PaperStage.SERVED


def test_a_paper_of_the_unit_is_checked_by_its_head_and_then_signed_by_whom_the_list_names() -> None:
    case = put("suggestion_reply", "draft")
    case.take(StepCode.SUBMIT_PAPER, by=HANDLER, paper=2)
    assert one(case, 2).stage is PaperStage.CHECKING
    assert case.refused(StepCode.SIGN_PAPER, by=OFFICE_HEAD, paper=2).codes == {"it_waits_for_a_signature"}
    case.take(StepCode.CHECK_PAPER, by=HEAD, paper=2)
    assert (one(case, 2).stage, one(case, 2).signed) == (PaperStage.SIGNING, "")
    assert case.refused(StepCode.SIGN_PAPER, by=OTHER_LEADER, paper=2).codes == {"may_see", "it_is_theirs_to_sign"}
    case.take(StepCode.SIGN_PAPER, by=LEADER, paper=2)
    assert (one(case, 2).stage, one(case, 2).signed) == (PaperStage.SIGNED, TEXT)


def test_where_nobody_signs_the_head_s_check_is_the_last_word() -> None:
    case = paper_submitted("inquiry_report")
    case.take(StepCode.CHECK_PAPER, by=HEAD)
    assert (one(case).stage, one(case).signed) == (PaperStage.SIGNED, TEXT)


def test_what_is_given_back_or_revised_is_a_draft_whose_text_is_open_again() -> None:
    for code, by, stage in (
        (StepCode.CHECK_PAPER, HEAD, "checking"),
        (StepCode.SIGN_PAPER, LEADER, "signing"),
    ):
        case = put("simple_reply", stage)
        case.take(code, by=by, paper=2, agree=False, opinion="请改")
        assert (one(case, 2).stage, one(case, 2).digest) == (PaperStage.DRAFT, "")
        assert (
            one(case).stage is PaperStage.DRAFT
            and "sending_back_says_why" in put("simple_reply", stage).refused(code, by=by, paper=2, agree=False).codes
        )
    case = put("acceptance_notice", "signed", signed=TEXT)
    case.take(StepCode.REVISE_PAPER, by=CLERK, paper=2)
    assert (one(case, 2).stage, one(case, 2).digest, one(case, 2).signed) == (PaperStage.DRAFT, "", TEXT)


def test_only_the_paper_that_is_named_changes() -> None:
    for code, by, stage, after in (
        (StepCode.SUBMIT_PAPER, HANDLER, "draft", PaperStage.SIGNING),
        (StepCode.SIGN_PAPER, OFFICE_HEAD, "signing", PaperStage.SIGNED),
        (StepCode.WITHDRAW_PAPER, CLERK, "issued", PaperStage.WITHDRAWN),
        (StepCode.SERVE_PAPER, CLERK, "issued", PaperStage.SERVED),
    ):
        case = put("acceptance_notice", stage)
        first = one(case)
        case.take(code, by=by, paper=2)
        assert (one(case), one(case, 2).stage) == (first, after)


def test_who_submitted_it_neither_checks_nor_signs_it() -> None:
    assert (
        "another_person_decides"
        in put("inquiry_report", "checking", by=HEAD.code).refused(StepCode.CHECK_PAPER, by=HEAD, paper=2).codes
    )
    assert (
        "another_person_decides"
        in put("acceptance_notice", "signing", by=OFFICE_HEAD.code)
        .refused(StepCode.SIGN_PAPER, by=OFFICE_HEAD, paper=2)
        .codes
    )


def test_a_paper_is_begun_again_only_once_the_first_was_withdrawn() -> None:
    case = paper_issued()
    assert case.refused(StepCode.MAKE_PAPER, by=CLERK).codes == {"it_is_not_made_already"}
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="receipt")
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="receipt", owed_by=1)
    assert (one(case, 3).owed_by, one(case, 3).number) == (1, 3)
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK)
    case.take(StepCode.MAKE_PAPER, by=CLERK)
    assert one(case, 4).kind is PaperKind.ACCEPTANCE_NOTICE
    assert case.refused(StepCode.MAKE_PAPER, by=CLERK, kind="receipt", owed_by=99).codes == {"the_event_is_there"}


# What a step decided is told by its own paper, and by no other.


@pytest.mark.parametrize(
    "kind", [k.value for k, rule in PAPERS.items() if rule.decides and k is not PaperKind.ACCEPTANCE_NOTICE]
)
@pytest.mark.parametrize("of_a_step", [False, True])
def test_a_decision_that_nobody_took_has_no_paper(kind: str, of_a_step: bool) -> None:
    """An accepted case gets no 不予受理告知书, no 不再受理告知书 and no answer, whichever step is named as its source."""
    case = in_hand()
    for seq in [h.seq for h in case.facts.history] if of_a_step else [0]:
        assert "it_comes_from_the_step_that_decided" in (
            case.refused(StepCode.MAKE_PAPER, by=CLERK, kind=kind, owed_by=seq).codes
        )


def test_the_notice_of_the_step_that_was_taken_can_be_made_of_it_alone() -> None:
    case = in_hand()
    accepted = case.facts.last(StepCode.ACCEPT)
    assert accepted is not None and accepted.owes == (PaperKind.ACCEPTANCE_NOTICE,)
    refused = case.refused(StepCode.MAKE_PAPER, by=CLERK, kind="acceptance_notice", owed_by=accepted.seq - 1)
    assert refused.codes == {"it_comes_from_the_step_that_decided"}
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="acceptance_notice", owed_by=accepted.seq)


def test_what_waits_for_a_second_person_decided_nothing_yet() -> None:
    case = classified()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    proposed = case.facts.history[-1]
    assert proposed.stage == "proposed" and proposed.owes == ()
    assert "it_comes_from_the_step_that_decided" in (
        case.refused(StepCode.MAKE_PAPER, by=CLERK, kind="filing_notice", owed_by=proposed.seq).codes
    )


@pytest.mark.parametrize("kind", ["review_acceptance", "review_opinion", "final_review_opinion"])
def test_the_department_reviews_no_opinion_of_its_own(kind: str) -> None:
    """复查、复核由上一级作出（条例第三十五条、第三十六条）：收到的意见书存入案卷，本厅不能制作。"""
    assert served().refused(StepCode.MAKE_PAPER, by=CLERK, kind=kind).codes == {"it_is_made_in_this_department"}


# The reply: what the leader signed is what leaves.


def reply(digest: str, signed: str = TEXT) -> Case:
    case = numbered()
    case.facts = replace(case.facts, signed_text=signed)
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="reply_opinion", digest=digest)
    return case


def test_the_text_that_was_signed_needs_no_second_signature() -> None:
    assert one(reply(TEXT)) == PaperFacts(
        1,
        PaperKind.REPLY_OPINION,
        PaperStage.SIGNED,
        owed_by=14,
        by=CLERK.code,
        digest=TEXT,
        signed=TEXT,
        signed_by=LEADER.code,
    )


@pytest.mark.parametrize(("digest", "signed"), [(OTHER_TEXT, TEXT), ("", TEXT), ("", "")])
def test_any_other_text_is_a_draft(digest: str, signed: str) -> None:
    paper = one(reply(digest, signed))
    assert (paper.stage, paper.digest, paper.signed) == (PaperStage.DRAFT, "", signed)


def test_a_notice_with_the_text_of_the_reply_is_not_signed_by_it() -> None:
    case = numbered()
    case.facts = replace(case.facts, signed_text=TEXT)
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="acceptance_notice", digest=TEXT)
    assert (one(case).stage, one(case).digest, one(case).signed) == (PaperStage.DRAFT, "", "")


def test_a_reply_signed_again_is_the_signed_text_from_then_on_and_no_other_paper_is() -> None:
    case = reply(OTHER_TEXT)
    case.take(StepCode.SUBMIT_PAPER, by=CLERK, digest=OTHER_TEXT)
    case.take(StepCode.CHECK_PAPER, by=HEAD)
    case.take(StepCode.SIGN_PAPER, by=LEADER)
    assert (one(case).signed, case.facts.signed_text) == (OTHER_TEXT, OTHER_TEXT)
    notice = put("acceptance_notice", "signing")
    notice.take(StepCode.SIGN_PAPER, by=OFFICE_HEAD, paper=2)
    assert notice.facts.signed_text == ""


def test_the_reply_is_made_after_it_was_issued_by_its_own_steps() -> None:
    case = in_hand()
    assert "the_reply_was_signed_off" in case.refused(StepCode.MAKE_PAPER, by=HANDLER, kind="reply_opinion").codes
    case.facts = replace(case.facts, reply_stage=ReplyStage.ISSUED)
    assert case.refused(StepCode.MAKE_PAPER, by=HANDLER, kind="reply_opinion").codes == {
        "it_comes_from_the_step_that_decided"
    }
    numbered().take(StepCode.MAKE_PAPER, by=HANDLER, kind="reply_opinion")


@pytest.mark.parametrize(("first", "last", "served"), [("issued", "signing", False), ("signing", "issued", True)])
def test_of_two_replies_the_last_must_have_been_issued_to_be_served(first: str, last: str, served: bool) -> None:
    """After a review the matter was redone: the reply of the first round isn't what is served now."""
    case = replied()
    made = [PaperFacts(n, PaperKind.REPLY_OPINION, PaperStage(s), owed_by=n) for n, s in ((1, first), (2, last))]
    case.facts = replace(case.facts, papers=tuple(made))
    if served:
        case.take(StepCode.SERVE, by=HANDLER)
    else:
        assert case.refused(StepCode.SERVE, by=HANDLER).codes == {"the_reply_that_is_served_was_issued"}


# Issue and service.


def test_what_needs_no_signature_is_issued_from_the_draft() -> None:
    case = paper_begun("registration_sheet")
    case.take(StepCode.ATTACH, by=HANDLER, what="paper")
    assert case.refused(StepCode.SUBMIT_PAPER, by=HANDLER).codes == {"it_needs_a_signature"}
    case.take(StepCode.ISSUE_PAPER, by=HANDLER, document_number="")
    assert case.refused(StepCode.ISSUE_PAPER, by=HANDLER).codes == {"it_is_signed"}


def test_a_draft_that_needs_one_is_not() -> None:
    for stage in ("draft", "checking", "signing", "served", "withdrawn"):
        assert "it_is_signed" in put("acceptance_notice", stage).refused(StepCode.ISSUE_PAPER, by=CLERK, paper=2).codes


@pytest.mark.parametrize("missing", ["pdf", "word", "ofd"])
def test_all_files_are_kept_and_not_withdrawn(missing: str) -> None:
    case = put("acceptance_notice", "signed")
    case.take(StepCode.ATTACH, by=CLERK, what="paper")
    assert case.refused(StepCode.ISSUE_PAPER, by=CLERK, paper=2, **{missing: OTHER_TEXT}).codes == {
        "its_files_are_kept"
    }
    case.take(StepCode.WITHDRAW_ATTACHMENT, by=CLERK)
    assert case.refused(StepCode.ISSUE_PAPER, by=CLERK, paper=2).codes == {"its_files_are_kept"}


@pytest.mark.parametrize(
    ("kind", "by", "refused"),
    [
        ("acceptance_notice", CLERK, set()),
        ("acceptance_notice", HANDLER, {"the_office_seals_what_leaves"}),
        ("inquiry_report", HANDLER, set()),
    ],
)
def test_the_office_seals_what_leaves(kind: str, by: Actor, refused: set[str]) -> None:
    case = put(kind, "signed")
    case.take(StepCode.ATTACH, by=CLERK, what="paper")
    if refused:
        assert case.refused(StepCode.ISSUE_PAPER, by=by, paper=2).codes == refused
    else:
        case.take(StepCode.ISSUE_PAPER, by=by, paper=2)


def test_a_sealed_letter_is_sealed_and_withdrawn_by_its_officer() -> None:
    case = reported()
    case.take(StepCode.MAKE_PAPER, by=SEALED, kind="sealed_letter")
    case.take(StepCode.ATTACH, by=SEALED, what="paper")
    case.take(StepCode.ISSUE_PAPER, by=SEALED)
    case.take(StepCode.WITHDRAW_PAPER, by=SEALED)
    assert one(case).stage is PaperStage.WITHDRAWN


@pytest.mark.parametrize(
    ("kind", "allowed"), [("acceptance_notice", True), ("reply_opinion", False), ("forwarding_letter", False)]
)
def test_what_goes_to_the_petitioner_is_served(kind: str, allowed: bool) -> None:
    case = put(kind, "issued")
    if allowed:
        case.take(StepCode.SERVE_PAPER, by=CLERK, paper=2)
    else:
        assert case.refused(StepCode.SERVE_PAPER, by=CLERK, paper=2).codes == {"it_goes_to_the_petitioner"}


@pytest.mark.parametrize(
    ("answers", "refused"),
    [
        ({"receipt": "refused"}, True),
        ({"method": "left"}, True),
        ({"receipt": "refused", "witness": "社区工作人员"}, False),
        ({"method": "left", "witness": "社区工作人员"}, False),
        ({"method": "post", "mail_number": "XA0000000115"}, False),
    ],
)
def test_a_refusal_has_a_witness(answers: dict[str, str], refused: bool) -> None:
    case = paper_issued()
    if refused:
        assert case.refused(StepCode.SERVE_PAPER, by=CLERK, **answers).codes == {"refusal_has_a_witness"}
    else:
        case.take(StepCode.SERVE_PAPER, by=CLERK, **answers)


@pytest.mark.parametrize("stage", PaperStage)
def test_the_unit_withdraws_what_was_not_issued_and_the_office_the_rest(stage: PaperStage) -> None:
    unfinished = stage in (PaperStage.DRAFT, PaperStage.CHECKING, PaperStage.SIGNING, PaperStage.SIGNED)
    case = put("acceptance_notice", stage.value)
    if stage is PaperStage.WITHDRAWN:
        assert case.refused(StepCode.WITHDRAW_PAPER, by=CLERK, paper=2).codes == {"it_is_not_withdrawn"}
        return
    if unfinished:
        case.take(StepCode.WITHDRAW_PAPER, by=HANDLER, paper=2)
    else:
        assert case.refused(StepCode.WITHDRAW_PAPER, by=HANDLER, paper=2).codes == {
            "the_office_withdraws_what_was_issued"
        }
        case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=2)
    assert one(case, 2).stage is PaperStage.WITHDRAWN and case.facts.state is State.HANDLING


def test_of_one_step_several_kinds_of_papers_may_be_made() -> None:
    case = paper_begun("acceptance_notice")
    case.take(StepCode.MAKE_PAPER, by=HANDLER, kind="supplement_notice", owed_by=one(case).owed_by)


def test_of_a_step_that_is_not_there_this_alone_is_said() -> None:
    assert in_hand().refused(StepCode.MAKE_PAPER, by=HANDLER, owed_by=99).codes == {"the_event_is_there"}


def test_whose_signature_counts_is_who_signed_this_text() -> None:
    case = paper_submitted()
    assert one(case).signed_by == ""
    case.take(StepCode.SIGN_PAPER, by=OFFICE_HEAD)
    assert one(case).signed_by == OFFICE_HEAD.code
    case = numbered()
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="reply_opinion", digest=TEXT)
    assert one(case).signed_by == "", "the leader signed another text"


SENT = [
    ("acceptance_notice", {"method": "post", "mail_number": "XA0000000151"}, set()),
    ("acceptance_notice", {"method": "post"}, {"what_is_posted_has_its_number"}),
    ("acceptance_notice", {"method": "post", "mail_number": "1"}, {"what_is_posted_has_its_number"}),
    ("acceptance_notice", {"method": "post", "mail_number": "不记得"}, {"what_is_posted_has_its_number"}),
    ("acceptance_notice", {"method": "post", "mail_number": "00000000"}, {"what_is_posted_has_its_number"}),
    ("acceptance_notice", {"method": "post", "mail_number": "ea 1234-5678 9cs"}, set()),
    ("acceptance_notice", {"method": "post", "mail_number": "SF1234567890123"}, set()),
    ("acceptance_notice", {"method": "electronic"}, {"electronic_dispatch_was_consented_to"}),
    ("acceptance_notice", {"method": "electronic", "consent": "本人3月1日短信同意"}, set()),
    ("acceptance_notice", {"method": "exchange"}, {"no_petitioner_is_written_to_by_exchange"}),
    ("forwarding_letter", {"method": "exchange"}, set()),
    ("forwarding_letter", {"method": "electronic"}, set()),
    ("forwarding_letter", {"method": "post"}, {"what_is_posted_has_its_number"}),
]


@pytest.mark.parametrize(("kind", "how", "refused"), SENT)
def test_a_paper_is_sent_so_that_it_can_be_followed(kind: str, how: dict[str, str], refused: set[str]) -> None:
    case, said = put(kind, "issued"), {"paper": 2, "mail_number": "", **how}
    if refused:
        assert case.refused(StepCode.SEND_PAPER, by=CLERK, **said).codes == refused
    else:
        case.take(StepCode.SEND_PAPER, by=CLERK, **said)
        assert one(case, 2).left_on == case.today


@pytest.mark.parametrize("method", ["exchange", "electronic"])
def test_of_a_paper_that_is_not_there_nothing_else_is_said(method: str) -> None:
    refused = in_hand().refused(StepCode.SEND_PAPER, by=CLERK, paper=7, method=method, consent="本人同意")
    assert refused.codes == {"that_paper_is_there"}


def test_the_timeline_says_how_it_was_sent_and_under_which_number() -> None:
    case = put("acceptance_notice", "issued")
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=2, mail_number="XA0000000151")
    assert case.facts.history[-1].step.says(DIRECTORY) == "文书2：邮寄，单号 XA0000000151"
    case = put("forwarding_letter", "issued")
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=2, method="exchange", mail_number="")
    assert case.facts.history[-1].step.says(DIRECTORY) == "文书2：公文交换（限机关、单位）"
