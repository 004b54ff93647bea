"""Every condition of every rule is seen to fail: a step that may be taken, one thing made wrong, and its reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from xinfang.procedure.facts import SYSTEM, Actor, CaseEvent, FileFacts, PaperFacts, RequestFacts
from xinfang.procedure.rules import case_reasons
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import (
    Material,
    MatterClass,
    PaperKind,
    PaperStage,
    Purpose,
    ReplyStage,
    Retention,
    Route,
    Source,
    State,
)

from .house import (
    ADVISER,
    ANSWERS,
    ARCHIVE,
    ARCHIVIST,
    BOTH,
    CLERK,
    FINDING,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OUTSIDE,
    PETITIONER,
    RECEIVED,
    SEALED,
    SOMEBODY,
    UNIT,
    Case,
    accepted,
    advised,
    archived,
    assigned,
    classified,
    complete,
    drafted,
    handed_down,
    in_hand,
    instructed,
    paper_begun,
    paper_issued,
    paper_signed,
    paper_submitted,
    proposed,
    registered,
    replied,
    reported,
    served,
    signed,
    simple,
    suggested,
)


def then(case: Case, *steps: tuple[str, Actor]) -> Case:
    for code, by in steps:
        case.take(code, by=by)
    return case


def linked() -> Case:
    case = registered()
    case.take("link_repeat", by=CLERK)
    case.confirm("link_repeat", by=BOTH)
    return case


def filed() -> Case:
    case = registered()
    case.take("file_without_action", by=CLERK)
    case.confirm("file_without_action", by=BOTH)
    return case


def carried_out() -> Case:
    return then(served(), ("carry_out", HANDLER))


def long_archived() -> Case:
    """Archived for ten years that are over."""
    case = archived()
    case.today = date(2037, 1, 4)
    return case


def suggestion_answered() -> Case:
    return then(suggested(), ("refer", CLERK), ("answer", HANDLER))


def submitted() -> Case:
    return then(complete(), ("submit_archive", HANDLER))


def first_asked() -> Case:
    return then(served(), ("request_first_review", PETITIONER))


def first_done() -> Case:
    return then(first_asked(), ("first_review", CLERK))


def final_asked() -> Case:
    return then(first_done(), ("request_final_review", PETITIONER))


READY: dict[str, tuple[Callable[[], Case], Actor]] = {
    "register": (Case, CLERK),
    "import_history": (Case, SYSTEM),
    "link_repeat": (registered, CLERK),
    "unlink_repeat": (linked, CLERK),
    "supplement": (registered, PETITIONER),
    "attach": (registered, CLERK),
    "withdraw_attachment": (lambda: then(registered(), ("attach", CLERK)), CLERK),
    "make_paper": (in_hand, HANDLER),
    "submit_paper": (paper_begun, HANDLER),
    "check_paper": (lambda: paper_submitted("inquiry_report"), HEAD),
    "sign_paper": (paper_submitted, OFFICE_HEAD),
    "revise_paper": (paper_signed, CLERK),
    "issue_paper": (paper_signed, CLERK),
    "serve_paper": (paper_issued, CLERK),
    "withdraw_paper": (paper_issued, CLERK),
    "correct": (registered, CLERK),
    "withdraw": (registered, PETITIONER),
    "enter_regional": (registered, CLERK),
    "classify": (registered, CLERK),
    "redirect": (registered, CLERK),
    "object": (handed_down, CLERK),
    "objection_upheld": (lambda: then(handed_down(), ("object", CLERK)), CLERK),
    "objection_rejected": (lambda: then(handed_down(), ("object", CLERK)), CLERK),
    "forward": (registered, CLERK),
    "route": (lambda: classified(route="four"), CLERK),
    "file_without_action": (registered, CLERK),
    "reopen": (filed, CLERK),
    "hand_over": (reported, SEALED),
    "refuse_further": (registered, CLERK),
    "propose": (classified, CLERK),
    "instruct": (proposed, LEADER),
    "accept": (instructed, CLERK),
    "acknowledge": (suggested, CLERK),
    "refer": (suggested, CLERK),
    "assign": (accepted, CLERK),
    "sign_for": (assigned, HEAD),
    "send_back": (assigned, HEAD),
    "talk": (in_hand, HANDLER),
    "settle_on_the_spot": (in_hand, HANDLER),
    "promise_reply": (in_hand, HANDLER),
    "ask_to_meet": (in_hand, HANDLER),
    "decide_meeting": (lambda: then(in_hand(), ("ask_to_meet", HANDLER)), LEADER),
    "seek_legal_advice": (in_hand, HANDLER),
    "give_legal_advice": (lambda: then(in_hand(), ("seek_legal_advice", HANDLER)), ADVISER),
    "mediate": (in_hand, HANDLER),
    "hold_hearing": (in_hand, HANDLER),
    "request_extension": (in_hand, HANDLER),
    "grant_extension": (lambda: then(in_hand(), ("request_extension", HANDLER)), LEADER),
    "leave_simple": (simple, CLERK),
    "answer": (lambda: then(suggested(), ("refer", CLERK)), HANDLER),
    "suggest_commendation": (suggestion_answered, CLERK),
    "draft_reply": (advised, HANDLER),
    "review_reply": (drafted, HEAD),
    "sign_reply": (lambda: then(drafted(), ("review_reply", HEAD)), LEADER),
    "issue_reply": (signed, CLERK),
    "serve": (replied, HANDLER),
    "carry_out": (served, HANDLER),
    "close": (carried_out, HEAD),
    "submit_archive": (complete, HANDLER),
    "accept_archive": (submitted, ARCHIVIST),
    "change_retention": (archived, ARCHIVIST),
    "destroy": (long_archived, ARCHIVIST),
    "return_archive": (submitted, ARCHIVIST),
    "request_first_review": (served, PETITIONER),
    "first_review": (first_asked, CLERK),
    "request_final_review": (first_done, PETITIONER),
    "final_review": (final_asked, CLERK),
    "supervise": (assigned, CLERK),
    "answer_supervision": (lambda: then(assigned(), ("supervise", CLERK)), HEAD),
    "recuse": (accepted, PETITIONER),
    "change_leader": (accepted, CLERK),
    "change_handler": (in_hand, HEAD),
    "report_up": (registered, CLERK),
    "rate": (served, PETITIONER),
    "warn": (registered, SYSTEM),
    "mark_overdue": (registered, SYSTEM),
    "escalate": (registered, SYSTEM),
    "recompute_deadline": (registered, SYSTEM),
}
"""Where each step may be taken with its ordinary answers, and by whom."""


class Break:
    """One thing made wrong: a fact, an answer, the day, or who tries."""

    def __init__(self, *, by: Actor | None = None, late: int = 0, facts: dict[str, Any] | None = None, **answers: Any):
        self.by, self.late, self.facts, self.answers = by, late, facts or {}, answers


NO_REASON = Break(reason="")
IS_REPORT = Break(by=BOTH, facts={"matter_class": MatterClass.REPORT})
NOT_SIGNED_FOR = Break(facts={"signed_for": False})
NO_UNIT = Break(facts={"handling_unit": UnitCode(""), "assisting_units": (UnitCode(UNIT),)})
COMPLAINED = {"complained_units": frozenset({UnitCode(UNIT)})}
RECUSED_LEADER = {"recused": frozenset({StaffCode("other_leader")})}
RECUSED_HEAD = {"recused": frozenset({StaffCode("head")})}
HEADLESS = Break(handling_unit=UNIT, facts=RECUSED_HEAD)
RECUSED_HANDLER = {"recused": frozenset({StaffCode("second_handler")})}


def a_paper(kind: str, stage: str, by: str = "handler") -> Break:
    """The case's one paper is another, or elsewhere on its way."""
    made = PaperFacts(1, PaperKind(kind), PaperStage(stage), by=StaffCode(by))
    return Break(facts={"papers": (made,)})


COMMENDED = Break(
    facts={
        "history": tuple(
            CaseEvent(n, code, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), LEADER.code)
            for n, code in enumerate(("answer", "suggest_commendation"), 1)
        )
    }
)
CLASSIFIED = {
    "history": tuple(
        CaseEvent(n, code, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), CLERK.code)
        for n, code in enumerate(("register", "classify"), 1)
    )
}
DRAFTED_BY_LEADER = {
    "history": (CaseEvent(1, "draft_reply", None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), LEADER.code),)
}
OPEN_REQUEST = {"requests": (RequestFacts(1, "请拨付经费"),)}

NOT_REGISTERED = {
    "a_request_or_as_told": Break(body="", requests=[]),
    "at_most_five_representatives": Break(group_size=9, persons=[{**SOMEBODY, "role": "representative"}] * 6),
    "a_group_has_representatives": Break(channel="visit", group_size=5),
    "the_group_is_not_smaller_than_its_list": Break(persons=[SOMEBODY] * 3, group_size=2),
    "a_handed_down_matter_names_its_sender": Break(source="superior"),
    "sent_before_it_came": Break(sender_date=RECEIVED + timedelta(days=1)),
    "an_agent_acts_for_somebody": Break(persons=[{**SOMEBODY, "role": "agent"}]),
    "the_accused_exist": Break(complained_units=["nowhere"]),
}

BREAKS: dict[str, dict[str, Break]] = {
    "register": NOT_REGISTERED,
    "import_history": {
        **NOT_REGISTERED,
        "its_days_to_inform_are_over": Break(received_on=RECEIVED - timedelta(days=15)),
    },
    "link_repeat": {
        "it_is_not_linked_yet": Break(facts={"repeat_of": "LX2026000009"}),
        "it_repeats_another": Break(first="LX2026000001"),
        "same_person_same_matter": Break(same_matter=False),
        "a_reason_is_given": NO_REASON,
    },
    "unlink_repeat": {"it_is_linked": Break(facts={"repeat_of": ""}), "a_reason_is_given": NO_REASON},
    "supplement": {
        "no_request_is_added_after_the_reply": Break(
            facts={"reply_stage": ReplyStage.ISSUED}, requests=[{"text": "另赔偿损失"}]
        ),
    },
    "correct": {
        "the_new_value_fits": Break(what="received_on", new_value="昨天", public_value="昨天"),
        "the_new_date_is_possible": Break(what="received_on", new_value="2026-03-03", public_value="2026-03-03"),
        "the_new_date_keeps_the_order": Break(
            what="received_on", new_value="2026-03-03", public_value="2026-03-03", late=5, facts=CLASSIFIED
        ),
        "history_is_over_by_the_new_date_too": Break(
            what="received_on",
            new_value="2026-03-02",
            public_value="2026-03-02",
            late=5,
            facts={"state": State.HISTORY, "history": ()},
        ),
        "a_reason_is_given": NO_REASON,
    },
    "withdraw": {"a_reason_is_given": NO_REASON},
    "classify": {
        "a_claim_has_a_route": Break(route=None),
        "only_a_claim_has_a_route": Break(matter_class="suggestion"),
        "it_may_be_handled_simply": Break(simple=True, facts={"group_size": 2}),
    },
    "redirect": {
        "it_came_directly": Break(facts={"source": Source.SUPERIOR}),
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "a_reason_is_given": NO_REASON,
    },
    "object": {
        "it_was_handed_down": Break(facts={"source": Source.DIRECT}),
        "within_five_working_days": Break(late=8),
        "a_reason_is_given": NO_REASON,
    },
    "objection_upheld": {"the_answer_is_dated_and_numbered": Break(answer_number="")},
    "objection_rejected": {"the_answer_is_dated_and_numbered": Break(answered_on=None)},
    "forward": {"it_is_no_report_of_wrongdoing": IS_REPORT, "a_reason_is_given": NO_REASON},
    "route": {
        "it_is_classified": Break(facts={"matter_class": None}),
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "it_is_not_route_six": Break(facts={"route": Route.SIX}),
        "a_law_is_named": Break(law=""),
        "a_reason_is_given": NO_REASON,
    },
    "file_without_action": {
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "an_unclear_one_was_asked": Break(ground="unclear"),
        "a_repeat_is_linked": Break(ground="answered_repeat"),
        "the_concluded_case_is_named": Break(ground="concluded"),
        "a_reason_is_given": NO_REASON,
    },
    "reopen": {
        "it_was_filed_or_declined": Break(facts={"state": State.ARCHIVED, "archived_from": State.CLOSED}),
        "a_reason_is_given": NO_REASON,
    },
    "hand_over": {"it_is_a_report_of_wrongdoing": Break(by=BOTH, facts={"matter_class": MatterClass.CLAIM})},
    "refuse_further": {
        "a_final_review_exists": Break(final_review_number=""),
        "same_facts_and_reasons": Break(same_facts=False),
        "a_reason_is_given": NO_REASON,
    },
    "propose": {
        "it_is_classified": Break(facts={"matter_class": None}),
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "it_is_no_suggestion": Break(facts={"purpose": Purpose.CONSULTATION}),
        "it_is_a_claim_of_route_six": Break(facts={"route": Route.TWO}),
        "a_leader_is_proposed": Break(leader="head"),
        "the_proposed_leader_is_not_recused": Break(leader="other_leader", facts=RECUSED_LEADER),
        "the_proposed_unit_is_fit": Break(unit=ARCHIVE),
        "the_proposed_unit_has_a_head": Break(facts=RECUSED_HEAD),
    },
    "instruct": {
        "agreement_names_unit_and_leader": Break(facts={"proposed_unit": UnitCode("")}),
        "sending_back_says_why": Break(agree=False, text=""),
        "a_paper_instruction_names_its_leader": Break(by=CLERK),
        "the_unit_can_handle": Break(handling_unit=OUTSIDE),
        "the_unit_has_a_head": HEADLESS,
        "the_unit_is_not_complained_of": Break(handling_unit=UNIT, facts=COMPLAINED),
        "the_leader_is_a_leader": Break(responsible_leader="head"),
        "the_leader_is_not_recused": Break(responsible_leader="other_leader", facts=RECUSED_LEADER),
    },
    "accept": {
        "it_is_a_claim_of_route_six": Break(facts={"route": Route.ONE}),
        "it_was_instructed_or_is_simple": Break(facts={"state": classified().facts.state}),
        "not_accepted_before_receipt": Break(accepted_on=RECEIVED - timedelta(days=1)),
        "acceptance_names_unit_and_leader": Break(facts={"responsible_leader": StaffCode("")}),
        "the_unit_can_handle": Break(assisting_units=[OUTSIDE]),
        "the_unit_has_a_head": HEADLESS,
        "the_unit_is_not_complained_of": Break(handling_unit=UNIT, facts=COMPLAINED),
        "the_leader_is_a_leader": Break(responsible_leader="head"),
        "the_leader_is_not_recused": Break(responsible_leader="other_leader", facts=RECUSED_LEADER),
    },
    "acknowledge": {
        "a_notice_of_receipt_is_owed": Break(facts={"matter_class": MatterClass.CLAIM, "purpose": Purpose.CLAIM})
    },
    "refer": {
        "it_is_accepted_or_a_suggestion": Break(facts={"matter_class": MatterClass.CLAIM, "purpose": Purpose.CLAIM}),
        "no_reply_is_under_way": Break(facts={"reply_stage": ReplyStage.DRAFTED}),
        "the_unit_can_handle": Break(handling_unit="nowhere"),
        "the_unit_has_a_head": HEADLESS,
        "the_unit_is_not_complained_of": Break(facts=COMPLAINED),
    },
    "assign": {
        "no_reply_is_under_way": Break(facts={"reply_stage": ReplyStage.SIGNED}),
        "the_unit_can_handle": Break(handling_unit=OUTSIDE),
        "the_unit_has_a_head": HEADLESS,
        "the_unit_is_not_complained_of": Break(facts=COMPLAINED),
        "a_feedback_date_is_set": Break(feedback_on=RECEIVED - timedelta(days=1)),
    },
    "sign_for": {
        "it_waits_for_signature": Break(facts={"signed_for": True}),
        "the_handler_is_of_the_unit": Break(handler="other_head"),
    },
    "send_back": {"it_waits_for_signature": Break(facts={"signed_for": True}), "a_reason_is_given": NO_REASON},
    "talk": {"a_unit_handles_it": NO_UNIT},
    "settle_on_the_spot": {"the_unit_has_signed_for_it": NOT_SIGNED_FOR},
    "promise_reply": {
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "the_promise_lies_ahead": Break(promised_on=RECEIVED),
    },
    "decide_meeting": {
        "a_meeting_is_wanted": Break(facts={"meeting_wanted": False}),
        "a_reason_is_given": NO_REASON,
    },
    "seek_legal_advice": {
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "no_advice_is_awaited": Break(facts={"advice_wanted": True, "advisers": frozenset({ADVISER.code})}),
        "the_adviser_is_one": Break(adviser="clerk"),
    },
    "give_legal_advice": {"advice_is_awaited": Break(facts={"advice_wanted": False})},
    "mediate": {"the_unit_has_signed_for_it": NOT_SIGNED_FOR, "both_sides_consent": Break(both_consent=False)},
    "hold_hearing": {"the_unit_has_signed_for_it": NOT_SIGNED_FOR, "both_sides_consent": Break(both_consent=False)},
    "request_extension": {
        "it_is_a_claim_of_route_six": Break(facts={"route": None}),
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "the_limit_has_not_passed": Break(late=61),
        "not_extended_before": Break(facts={"extended_days": 5}),
        "no_extension_is_asked": Break(facts={"extension_asked": 5}),
        "at_most_thirty_days": Break(days=31),
        "a_reason_is_given": NO_REASON,
    },
    "grant_extension": {
        "an_extension_is_asked": Break(facts={"extension_asked": 0}),
        "the_limit_has_not_passed": Break(late=61),
        "not_extended_before": Break(facts={"extended_days": 5}),
        "at_most_thirty_days": Break(days=0),
        "a_reason_is_given": NO_REASON,
    },
    "leave_simple": {"it_is_simple": Break(facts={"simple": False}), "a_reason_is_given": NO_REASON},
    "answer": {
        "it_may_be_answered": Break(facts={"matter_class": MatterClass.CLAIM, "purpose": Purpose.CLAIM}),
        "a_unit_handles_it": NO_UNIT,
        "a_simple_answer_supports_or_explains": Break(
            basis="", facts={"matter_class": MatterClass.CLAIM, "purpose": Purpose.CLAIM, "simple": True}
        ),
    },
    "draft_reply": {
        "it_is_no_suggestion": Break(facts={"matter_class": MatterClass.SUGGESTION}),
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "no_reply_is_drafted": Break(facts={"reply_stage": ReplyStage.DRAFTED}),
        "each_request_is_concluded": Break(findings=[{**FINDING, "basis": ""}]),
        "findings_answer_the_requests": Break(findings=[FINDING, {**FINDING, "request": 2}]),
        "the_review_body_is_named": Break(review_body=""),
    },
    "review_reply": {
        "who_stands_in_reviews_no_draft_of_their_own": Break(by=LEADER, facts=DRAFTED_BY_LEADER),
        "a_draft_waits_for_review": Break(facts={"reply_stage": ReplyStage.NONE}),
        "sending_back_says_why": Break(agree=False),
    },
    "sign_reply": {
        "who_signs_did_not_draft_it": Break(by=LEADER, facts=DRAFTED_BY_LEADER),
        "a_draft_waits_for_signature": Break(facts={"reply_stage": ReplyStage.DRAFTED}),
        "legal_advice_is_on_file": Break(facts={"advice_given": False}),
        "the_petitioner_was_heard": Break(facts={"heard": False}),
        "all_requests_are_concluded": Break(facts=OPEN_REQUEST),
        "sending_back_says_why": Break(agree=False),
    },
    "issue_reply": {
        "a_reply_waits_for_issue": Break(facts={"reply_stage": ReplyStage.REVIEWED}),
        "legal_advice_is_on_file": Break(facts={"advice_given": False}),
        "all_requests_are_concluded": Break(facts=OPEN_REQUEST),
        "it_is_issued_in_the_departments_name": Break(in_departments_name=False),
        "the_review_right_is_printed": Break(review_right_printed=False),
    },
    "serve": {
        "the_reply_that_is_served_was_issued": a_paper("reply_opinion", "draft"),
        "served_after_it_was_issued": Break(served_on=RECEIVED - timedelta(days=1)),
        "refusal_has_a_witness": Break(method="left"),
    },
    "carry_out": {
        "something_is_supported": Break(facts=OPEN_REQUEST),
        "that_request_is_supported": Break(request=2),
    },
    "close": {
        "the_reply_was_served": Break(facts={"served_on": None}),
        "supported_requests_are_carried_out": Break(facts={"requests": served().facts.requests}),
        "review_rights_were_told": Break(review_rights_told=False),
    },
    "submit_archive": {
        "it_is_no_sealed_case": Break(
            by=BOTH, facts={"matter_class": MatterClass.REPORT, "handling_unit": UnitCode("")}
        ),
        "what_left_the_house_is_filed": Break(facts={"files": ()}),
        "it_is_not_submitted": Break(facts={"archive_submitted": True}),
        "each_service_has_its_receipt": Break(facts={"files": ()}),
        "no_paper_is_under_way": a_paper("acceptance_notice", "signing"),
    },
    "accept_archive": {
        "it_is_submitted": Break(facts={"archive_submitted": False}),
        "no_paper_is_under_way": a_paper("acceptance_notice", "signing"),
    },
    "change_retention": {"the_period_changes": Break(retention="years_10"), "a_reason_is_given": NO_REASON},
    "destroy": {
        "no_review_is_under_way": Break(facts={"review_stage": "first_asked"}),
        "the_period_has_ended": Break(facts={"retention": Retention.PERMANENT}),
        "a_reason_is_given": NO_REASON,
    },
    "return_archive": {"it_is_submitted": Break(facts={"archive_submitted": False}), "a_reason_is_given": NO_REASON},
    "request_first_review": {
        "a_reply_was_served": Break(facts={"served_on": None}),
        "no_review_was_asked": Break(facts={"review_stage": "first_asked"}),
        "the_right_has_not_lapsed": Break(late=31),
        "it_arrived_after_it_was_sent": Break(arrived_on=RECEIVED + timedelta(days=1)),
    },
    "first_review": {
        "a_first_review_is_asked": Break(facts={"review_stage": ""}),
        "the_reviewer_is_not_the_handler": Break(reviewer="handler"),
        "decided_after_the_request_arrived": Break(decided_on=RECEIVED - timedelta(days=1)),
    },
    "request_final_review": {
        "a_first_review_is_done": Break(facts={"review_stage": ""}),
        "the_right_has_not_lapsed": Break(late=31),
        "it_arrived_after_it_was_sent": Break(arrived_on=RECEIVED + timedelta(days=1)),
    },
    "final_review": {
        "a_final_review_is_asked": Break(facts={"review_stage": "first_done"}),
        "the_reviewer_is_not_the_handler": Break(reviewer="handler"),
        "decided_after_the_request_arrived": Break(decided_on=RECEIVED - timedelta(days=1)),
        "hearing_days_are_possible": Break(hearing_days=-1),
    },
    "supervise": {
        "a_unit_has_it": Break(facts={"handling_unit": UnitCode("")}),
        "no_supervision_is_open": Break(facts={"supervised": True}),
        "the_feedback_lies_ahead": Break(feedback_on=RECEIVED),
    },
    "answer_supervision": {"a_supervision_is_open": Break(facts={"supervised": False})},
    "attach": {
        "not_attached_already": Break(
            facts={"files": (FileFacts(1, Material.EVIDENCE, str(ANSWERS["attach"]["digest"]), StaffCode("clerk")),)}
        ),
    },
    "withdraw_attachment": {
        "that_attachment_is_there": Break(attachment=2),
        "it_is_no_issued_paper": Break(
            facts={
                "papers": (
                    PaperFacts(
                        1,
                        PaperKind.ACCEPTANCE_NOTICE,
                        PaperStage.ISSUED,
                        files=(str(ANSWERS["attach"]["digest"]),),
                    ),
                )
            }
        ),
        "added_by_oneself_or_office": Break(by=HANDLER, facts={"handling_unit": UnitCode(UNIT)}),
        "a_reason_is_given": NO_REASON,
    },
    "make_paper": {
        "it_is_not_made_already": Break(
            facts={"papers": (PaperFacts(1, PaperKind.ACCEPTANCE_NOTICE, PaperStage.DRAFT),)}
        ),
        "the_reply_was_signed_off": Break(kind="reply_opinion"),
        "the_event_is_there": Break(owed_by=99),
    },
    "submit_paper": {
        "that_paper_is_there": Break(paper=2),
        "it_is_a_draft": a_paper("acceptance_notice", "signing"),
        "it_needs_a_signature": a_paper("registration_sheet", "draft"),
    },
    "check_paper": {
        "that_paper_is_there": Break(paper=2),
        "it_waits_for_a_check": a_paper("inquiry_report", "draft"),
        "it_is_theirs_to_check": a_paper("acceptance_notice", "checking"),
        "another_person_decides": a_paper("inquiry_report", "checking", by="head"),
        "sending_back_says_why": Break(agree=False),
    },
    "sign_paper": {
        "that_paper_is_there": Break(paper=2),
        "it_waits_for_a_signature": a_paper("acceptance_notice", "draft"),
        "it_is_theirs_to_sign": a_paper("review_opinion", "signing"),
        "another_person_decides": a_paper("acceptance_notice", "signing", by="office_head"),
        "sending_back_says_why": Break(agree=False),
    },
    "revise_paper": {
        "that_paper_is_there": Break(paper=2),
        "it_was_signed_and_not_issued": a_paper("acceptance_notice", "signing"),
        "a_reason_is_given": NO_REASON,
    },
    "issue_paper": {
        "that_paper_is_there": Break(paper=2),
        "it_is_signed": a_paper("acceptance_notice", "signing"),
        "the_office_seals_what_leaves": Break(by=HANDLER),
        "a_numbered_paper_has_its_number": Break(document_number=""),
        "its_files_are_kept": Break(pdf="00" * 32),
    },
    "serve_paper": {
        "that_paper_is_there": Break(paper=2),
        "it_is_issued": a_paper("acceptance_notice", "signed"),
        "it_goes_to_the_petitioner": a_paper("forwarding_letter", "issued"),
        "a_refusal_has_a_witness": Break(receipt="refused"),
    },
    "withdraw_paper": {
        "that_paper_is_there": Break(paper=2),
        "it_is_not_withdrawn": a_paper("acceptance_notice", "withdrawn"),
        "the_office_withdraws_what_was_issued": Break(by=HANDLER),
        "a_reason_is_given": NO_REASON,
    },
    "recuse": {
        "that_person_exists": Break(person="nobody"),
        "not_recused_yet": Break(facts={"recused": frozenset({StaffCode("handler")})}),
        "a_reason_is_given": NO_REASON,
    },
    "suggest_commendation": {
        "it_is_a_suggestion": Break(facts={"matter_class": MatterClass.CLAIM}),
        "it_was_answered": Break(facts={"history": ()}),
        "not_commended_yet": COMMENDED,
    },
    "change_leader": {
        "the_new_leader_is_fit": Break(facts=RECUSED_LEADER),
        "a_reason_is_given": NO_REASON,
    },
    "change_handler": {
        "the_new_handler_is_fit": Break(facts=RECUSED_HANDLER),
        "a_reason_is_given": NO_REASON,
    },
    "rate": {
        "something_was_told": Break(facts={"noticed_on": None, "served_on": None}),
        "not_rated_yet": Break(facts={"rated": True}),
        "the_rating_is_one": Break(office_rating=2),
    },
}

PAIRS = [(code, c.code) for code, step in STEPS.items() for c in step.rule.provided]


def test_the_table_names_every_condition_of_every_step_and_no_other() -> None:
    assert sorted((code, name) for code, breaks in BREAKS.items() for name in breaks) == sorted(PAIRS)
    assert set(READY) == set(STEPS)


@pytest.mark.parametrize("code", STEPS)
def test_each_step_may_be_taken_where_nothing_is_wrong(code: str) -> None:
    make, by = READY[code]
    make().take(code, by=by)


@pytest.mark.parametrize(("code", "name"), PAIRS, ids=[f"{code}-{name}" for code, name in PAIRS])
def test_one_thing_made_wrong_is_refused_with_its_articles(code: str, name: str) -> None:
    make, by = READY[code]
    wrong = BREAKS[code][name]
    case = make()
    case.facts = replace(case.facts, **wrong.facts)
    day: date = case.today + timedelta(days=wrong.late)
    refused = case.refused(code, by=wrong.by or by, on=day, **wrong.answers)
    reason = next(r for r in refused.reasons if r.code == name)
    assert reason.cites, "a refusal names its article"
    assert reason.todo, "and what to do next"


@pytest.mark.parametrize(("code", "name"), PAIRS, ids=[f"{code}-{name}" for code, name in PAIRS])
def test_what_is_wrong_with_the_case_itself_is_told_before_anything_is_answered(code: str, name: str) -> None:
    """A button that can't be pressed says why; what depends on the answers is told once there are some."""
    make, by = READY[code]
    wrong = BREAKS[code][name]
    case = make()
    case.facts = replace(case.facts, **wrong.facts)
    case.today += timedelta(days=wrong.late)
    asked = case.question(None, wrong.by or by)
    condition = next(c for c in STEPS[code].rule.provided if c.code == name)
    try:
        of_the_case = not condition.holds(asked)
    except AttributeError:  # there is no answer yet to ask about
        of_the_case = False
    assert (name in {r.code for r in case_reasons(STEPS[code].rule, asked)}) == of_the_case
