"""Every condition of every rule is seen to fail: a step that may be taken, one thing made wrong, and its reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.articles.department import (
    ADVISER,
    ANSWERS,
    ARCHIVE,
    ARCHIVIST,
    BOTH,
    BY_CODE,
    CLERK,
    FINDING,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE,
    OFFICE_HEAD,
    OTHER_LEADER,
    OTHER_UNIT,
    OUTSIDE,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    SEALED,
    SOMEBODY,
    STAFF,
    UNIT,
    Case,
)
from tests.articles.stories import (
    about_the_office,
    about_the_officers,
    accepted,
    advised,
    archived,
    assigned,
    brought_in,
    classified,
    complete,
    drafted,
    duty_in_hand,
    duty_instructed,
    handed_down,
    heard,
    in_hand,
    instructed,
    joined,
    of_two_matters,
    paper_begun,
    paper_issued,
    paper_signed,
    paper_submitted,
    proposed,
    registered,
    repeated,
    replied,
    reported,
    review_accepted,
    review_asked,
    review_instructed,
    review_served,
    sealed_late,
    sent_electronically,
    served,
    signed,
    simple,
    split,
    studied,
    suggested,
    then,
    visitor_in_hand,
    with_accused,
)
from xinfang.procedure.facts import (
    SYSTEM,
    Actor,
    CaseEvent,
    DutyHeld,
    FileFacts,
    MessageFacts,
    OpinionUnderReview,
    PaperFacts,
    PendingStep,
    PersonFacts,
    RequestFacts,
)
from xinfang.procedure.people_words import MessageKind, ReconsideredDecision
from xinfang.procedure.rules import case_reasons
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode, load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.papers import CheckPaper
from xinfang.procedure.words import (
    Channel,
    Competence,
    Material,
    MatterClass,
    PaperKind,
    PaperStage,
    Purpose,
    ReplyStage,
    Retention,
    Role,
    Route,
    Source,
    State,
)


def proven(case: Case) -> Case:
    """What another body wrote is attached."""
    case.proof(Material.OTHER_BODYS_PAPER)
    return case


def evidenced(case: Case) -> Case:
    """What proves it is attached."""
    case.proof(Material.EVIDENCE)
    return case


def objected() -> Case:
    return then(handed_down(), (StepCode.OBJECT, CLERK))


def linked() -> Case:
    case = registered()
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.confirm(StepCode.LINK_REPEAT, by=BOTH)
    return case


def filed() -> Case:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=BOTH)
    return case


def asked_to_look_again() -> Case:
    return then(filed(), (StepCode.REQUEST_RECONSIDERATION, PETITIONER))


def asked_to_answer() -> Case:
    """The petitioner wrote three times: a message, a correction that they ask for, a recusal."""
    case = in_hand()
    for kind in ("message", "correct", "recusal"):
        case.take(StepCode.LEAVE_MESSAGE, by=PETITIONER, kind=kind)
    return case


def carried_out() -> Case:
    return then(served(), (StepCode.CARRY_OUT, HANDLER))


def long_archived() -> Case:
    """Archived for ten years that are over."""
    case = archived()
    case.today = date(2037, 1, 4)
    return case


def suggestion_answered() -> Case:
    return then(studied(), (StepCode.ANSWER, HANDLER))


def submitted() -> Case:
    return then(complete(), (StepCode.SUBMIT_ARCHIVE, HANDLER))


def first_asked() -> Case:
    return then(served(), (StepCode.REQUEST_FIRST_REVIEW, PETITIONER))


def first_done() -> Case:
    case = first_asked()
    case.take(StepCode.FIRST_REVIEW, by=CLERK, served_on=RECEIVED)
    return case


def final_asked() -> Case:
    return then(first_done(), (StepCode.REQUEST_FINAL_REVIEW, PETITIONER))


def scan_attached() -> Case:
    case = in_hand()
    case.take(StepCode.ATTACH, by=HANDLER, what="paper", kind="pdf")
    return case


READY: dict[str, tuple[Callable[[], Case], Actor]] = {
    StepCode.REGISTER: (Case, CLERK),
    StepCode.IMPORT_HISTORY: (Case, SYSTEM),
    StepCode.UNDO_IMPORT: (brought_in, SYSTEM),
    StepCode.LINK_REPEAT: (registered, CLERK),
    StepCode.UNLINK_REPEAT: (linked, CLERK),
    StepCode.JOIN_FIRST: (repeated, CLERK),
    StepCode.HANDLE_APART: (joined, CLERK),
    StepCode.ANSWER_WITH_FIRST: (joined, CLERK),
    StepCode.SPLIT_OFF: (of_two_matters, CLERK),
    StepCode.TELL_PARTS: (split, CLERK),
    StepCode.SUPPLEMENT: (registered, PETITIONER),
    StepCode.ATTACH: (registered, CLERK),
    StepCode.WITHDRAW_ATTACHMENT: (lambda: then(registered(), (StepCode.ATTACH, CLERK)), CLERK),
    StepCode.MAKE_PAPER: (in_hand, HANDLER),
    StepCode.SUBMIT_PAPER: (paper_begun, HANDLER),
    StepCode.CHECK_PAPER: (lambda: paper_submitted("inquiry_report"), HEAD),
    StepCode.SIGN_PAPER: (paper_submitted, OFFICE_HEAD),
    StepCode.REVISE_PAPER: (paper_signed, CLERK),
    StepCode.ISSUE_PAPER: (paper_signed, CLERK),
    StepCode.FILE_PAPER_SCAN: (scan_attached, HANDLER),
    StepCode.SEND_PAPER: (paper_issued, CLERK),
    StepCode.SERVE_PAPER: (paper_issued, CLERK),
    StepCode.WITHDRAW_PAPER: (paper_issued, CLERK),
    StepCode.CONSENT_ELECTRONIC: (in_hand, PETITIONER),
    StepCode.TAKE_DELIVERY: (sent_electronically, PETITIONER),
    StepCode.LEAVE_MESSAGE: (in_hand, PETITIONER),
    StepCode.ANSWER_MESSAGE: (asked_to_answer, HANDLER),
    StepCode.RECORD_DEATH: (lambda: evidenced(registered()), CLERK),
    StepCode.CORRECT: (registered, CLERK),
    StepCode.WITHDRAW: (registered, PETITIONER),
    StepCode.ENTER_REGIONAL: (registered, CLERK),
    StepCode.CLASSIFY: (registered, CLERK),
    StepCode.REDIRECT: (classified, CLERK),
    StepCode.OBJECT: (handed_down, CLERK),
    StepCode.OBJECTION_UPHELD: (lambda: proven(objected()), CLERK),
    StepCode.OBJECTION_REJECTED: (objected, CLERK),
    StepCode.FORWARD: (classified, CLERK),
    StepCode.ROUTE: (lambda: classified(route="two"), CLERK),
    StepCode.DISCLOSE: (classified, CLERK),
    StepCode.COORDINATE: (classified, CLERK),
    StepCode.DECLINE: (lambda: proven(classified(route="two")), CLERK),
    StepCode.FILE_WITHOUT_ACTION: (registered, CLERK),
    StepCode.REOPEN: (filed, CLERK),
    StepCode.REQUEST_RECONSIDERATION: (filed, PETITIONER),
    StepCode.DECIDE_RECONSIDERATION: (asked_to_look_again, OFFICE_HEAD),
    StepCode.HAND_OVER: (reported, SEALED),
    StepCode.SEAL: (in_hand, HANDLER),
    StepCode.UNSEAL: (sealed_late, SEALED),
    StepCode.REFUSE_FURTHER: (classified, CLERK),
    StepCode.PROPOSE: (classified, CLERK),
    StepCode.INSTRUCT: (proposed, LEADER),
    StepCode.CIRCULATE_SHEET: (proposed, CLERK),
    StepCode.READ_SHEET: (lambda: then(proposed(), (StepCode.CIRCULATE_SHEET, CLERK)), OTHER_LEADER),
    StepCode.ACCEPT: (instructed, CLERK),
    StepCode.ACKNOWLEDGE: (suggested, CLERK),
    StepCode.REFER: (suggested, CLERK),
    StepCode.ASSIGN: (accepted, CLERK),
    StepCode.SIGN_FOR: (assigned, HEAD),
    StepCode.SEND_BACK: (assigned, HEAD),
    StepCode.TALK: (in_hand, HANDLER),
    StepCode.SETTLE_ON_THE_SPOT: (visitor_in_hand, HANDLER),
    StepCode.PROMISE_REPLY: (in_hand, HANDLER),
    StepCode.ASK_TO_MEET: (in_hand, HANDLER),
    StepCode.DECIDE_MEETING: (lambda: then(in_hand(), (StepCode.ASK_TO_MEET, HANDLER)), LEADER),
    StepCode.SEEK_LEGAL_ADVICE: (drafted, HANDLER),
    StepCode.GIVE_LEGAL_ADVICE: (lambda: then(drafted(), (StepCode.SEEK_LEGAL_ADVICE, HANDLER)), ADVISER),
    StepCode.MEDIATE: (in_hand, HANDLER),
    StepCode.HOLD_HEARING: (in_hand, HANDLER),
    StepCode.REQUEST_EXTENSION: (in_hand, HANDLER),
    StepCode.GRANT_EXTENSION: (lambda: then(in_hand(), (StepCode.REQUEST_EXTENSION, HANDLER)), LEADER),
    StepCode.LEAVE_SIMPLE: (simple, CLERK),
    StepCode.STUDY: (lambda: then(suggested(), (StepCode.REFER, CLERK)), HANDLER),
    StepCode.ANSWER: (studied, HANDLER),
    StepCode.SUGGEST_COMMENDATION: (suggestion_answered, CLERK),
    StepCode.DRAFT_REPLY: (heard, HANDLER),
    StepCode.REVIEW_REPLY: (drafted, HEAD),
    StepCode.SIGN_REPLY: (lambda: then(advised(), (StepCode.REVIEW_REPLY, HEAD)), LEADER),
    StepCode.ISSUE_REPLY: (signed, CLERK),
    StepCode.SERVE: (replied, HANDLER),
    StepCode.SERVICE_FAILED: (replied, HANDLER),
    StepCode.CARRY_OUT: (served, HANDLER),
    StepCode.FOLLOW_UP: (served, CLERK),
    StepCode.GIVE_ASSISTANCE: (in_hand, HANDLER),
    StepCode.COUNSEL: (in_hand, HANDLER),
    StepCode.CLOSE: (carried_out, HEAD),
    StepCode.SUBMIT_ARCHIVE: (complete, HANDLER),
    StepCode.ACCEPT_ARCHIVE: (submitted, ARCHIVIST),
    StepCode.CHANGE_RETENTION: (archived, ARCHIVIST),
    StepCode.DESTROY: (long_archived, ARCHIVIST),
    StepCode.RETURN_ARCHIVE: (submitted, ARCHIVIST),
    StepCode.REQUEST_FIRST_REVIEW: (served, PETITIONER),
    StepCode.FIRST_REVIEW: (lambda: proven(first_asked()), CLERK),
    StepCode.REQUEST_FINAL_REVIEW: (first_done, PETITIONER),
    StepCode.FOLLOW_REVIEW_REQUEST: (first_asked, CLERK),
    StepCode.FINAL_REVIEW: (lambda: proven(final_asked()), CLERK),
    StepCode.TAKE_AS_REVIEW: (registered, CLERK),
    StepCode.DECLINE_REVIEW: (review_asked, CLERK),
    StepCode.ACCEPT_REVIEW: (review_instructed, CLERK),
    StepCode.DRAFT_REVIEW: (review_accepted, HANDLER),
    StepCode.RECORD_COMPLIANCE: (lambda: proven(review_served()), CLERK),
    StepCode.ACCEPT_DUTY: (duty_instructed, CLERK),
    StepCode.DRAFT_DUTY_REPLY: (lambda: then(duty_in_hand(), (StepCode.TALK, HANDLER)), HANDLER),
    StepCode.SUPERVISE: (assigned, CLERK),
    StepCode.ANSWER_SUPERVISION: (lambda: then(assigned(), (StepCode.SUPERVISE, CLERK)), HEAD),
    StepCode.RECORD_ADVICE: (lambda: proven(in_hand()), CLERK),
    StepCode.ANSWER_ADVICE: (lambda: then(in_hand(), (StepCode.RECORD_ADVICE, CLERK)), CLERK),
    StepCode.RECUSE: (accepted, PETITIONER),
    StepCode.ADD_ACCUSED: (in_hand, CLERK),
    StepCode.REMOVE_ACCUSED: (with_accused, CLERK),
    StepCode.NAME_ACTING_OFFICE: (about_the_office, PRINCIPAL),
    StepCode.NAME_OFFICER: (about_the_officers, PRINCIPAL),
    StepCode.CHANGE_LEADER: (accepted, CLERK),
    StepCode.CHANGE_HANDLER: (in_hand, HEAD),
    StepCode.REPORT_UP: (registered, CLERK),
    StepCode.RATE: (served, PETITIONER),
    StepCode.SPOT_CHECK: (filed, PRINCIPAL),
    StepCode.WARN: (registered, SYSTEM),
    StepCode.MARK_OVERDUE: (registered, SYSTEM),
    StepCode.ESCALATE: (registered, SYSTEM),
    StepCode.RECOMPUTE_DEADLINE: (registered, SYSTEM),
}
"""Where each step may be taken with its ordinary answers, and by whom."""


class Break:
    """One thing made wrong: a fact, an answer, the day, or who tries."""

    def __init__(self, *, by: Actor | None = None, late: int = 0, facts: dict[str, Any] | None = None, **answers: Any):
        self.by, self.late, self.facts, self.answers = by, late, facts or {}, answers


NO_REASON = Break(reason="")
WAITS_TO_BE_LOOKED_AT = Break(facts={"reconsidering": ReconsideredDecision.FILED})
NOT_CLASSIFIED = Break(facts={"matter_class": None})
IN_OWN_POWER = Break(facts={"route": Route.FIVE, "competence": Competence.OURS})
NOT_IN_OWN_POWER = Break(facts={"competence": Competence.ELSEWHERE})
NO_REVIEW = Break(facts={"review_of": None})
IS_REVIEW = Break(
    facts={
        "handed_over_to_unit": True,
        "review_of": OpinionUnderReview(body="某市科技局", number="3号", got_on=RECEIVED - timedelta(days=10)),
    }
)
HANDLED_BEFORE = frozenset({StaffCode("head"), StaffCode("leader")})
HAD_HANDLED_IT = Break(
    facts={
        "review_of": OpinionUnderReview(body="某市科技局", number="3号", got_on=RECEIVED, barred=HANDLED_BEFORE),
    }
)
HANDLED_BEFORE_BY_THE_HANDLER = Break(
    facts={"review_of": replace(HAD_HANDLED_IT.facts["review_of"], barred=frozenset({StaffCode("handler")}))}
)
ASKED_BY_THE_LEADER = {
    "history": (
        CaseEvent(1, StepCode.REQUEST_EXTENSION, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), LEADER.code),
    )
}
IS_REPORT = Break(by=BOTH, facts={"matter_class": MatterClass.REPORT})
NOT_SIGNED_FOR = Break(facts={"signed_for": False})
AT_THE_DESK = {"handling_unit": UnitCode(""), "purpose": Purpose.CONSULTATION, "channel": Channel.PHONE}
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


ISSUED = PaperStage.ISSUED
OPENED = PaperFacts(1, PaperKind.ACCEPTANCE_NOTICE, PaperStage.SERVED, electronic=True, issued_on=RECEIVED)
OPENED_REPLY = {
    "served_on": RECEIVED,
    "history": (
        CaseEvent(1, StepCode.TAKE_DELIVERY, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), "", moved=True),
    ),
}
ISSUED_TOMORROW = Break(
    facts={
        "papers": (
            PaperFacts(
                1, PaperKind.ACCEPTANCE_NOTICE, PaperStage.ISSUED, issued_on=RECEIVED + timedelta(days=1), files=("x",)
            ),
        )
    }
)
COMMENDED = Break(
    facts={
        "history": tuple(
            CaseEvent(n, code, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), LEADER.code)
            for n, code in enumerate((StepCode.ANSWER, StepCode.SUGGEST_COMMENDATION), 1)
        )
    }
)
CLASSIFIED = {
    "history": tuple(
        CaseEvent(n, code, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), CLERK.code)
        for n, code in enumerate((StepCode.REGISTER, StepCode.CLASSIFY), 1)
    )
}
REDO = load_step(STEPS[StepCode.FIRST_REVIEW], {**ANSWERS[StepCode.FIRST_REVIEW], "result": "redo"})
REDONE = {
    "history": (
        CaseEvent(1, StepCode.FIRST_REVIEW, REDO, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), "clerk", moved=True),
    )
}
ADVISED = CaseEvent(1, StepCode.RECORD_ADVICE, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), CLERK.code)
DRAFTED_BY_LEADER = {
    "history": (CaseEvent(1, StepCode.DRAFT_REPLY, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), LEADER.code),)
}
FILED_BY_THE_HEAD = {
    "history": (
        CaseEvent(1, StepCode.FILE_WITHOUT_ACTION, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), OFFICE_HEAD.code),
    )
}
DRAFTED_BY_HEAD = {
    "history": (CaseEvent(1, StepCode.DRAFT_REPLY, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), HEAD.code),)
}
OPEN_REQUEST = {"requests": (RequestFacts(1, "请拨付经费"),)}


def deputising(person: Actor, role: Role = Role.LEADER, of: Actor = LEADER) -> Actor:
    """This person while they act for a leader, or the head of the office."""
    return replace(person, duties=(*person.duties, DutyHeld(role, UnitCode(OFFICE), acting_for=of.code)))


CAME_AS_A_LETTER = CaseEvent(
    1,
    StepCode.REGISTER,
    SimpleNamespace(channel=Channel.LETTER),
    RECEIVED,
    datetime(2026, 3, 2, tzinfo=UTC),
    CLERK.code,
)
CHECKED_BY_HEAD = CaseEvent(
    2, StepCode.CHECK_PAPER, CheckPaper(paper=1), RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), HEAD.code
)
FOUND_COMPETENT = CaseEvent(
    2,
    StepCode.COORDINATE,
    SimpleNamespace(competent="某市科技局"),
    RECEIVED,
    datetime(2026, 3, 2, tzinfo=UTC),
    CLERK.code,
)
PROVED_A_REVIEW = CaseEvent(
    2, StepCode.FIRST_REVIEW, SimpleNamespace(attachment=1), RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), CLERK.code
)
EVERYBODY_ELSE = {
    "complained_units": [OFFICE, UNIT, OTHER_UNIT],
    "complained_staff": [a.code for a in STAFF if a is not CLERK],
}
NOT_REGISTERED = {
    "nothing_secret_is_registered": Break(by=CLERK, secrecy="unsure"),
    "a_request_or_as_told": Break(body="", requests=[]),
    "at_most_five_representatives": Break(
        channel="visit", group_size=9, persons=[{**SOMEBODY, "role": "representative"}] * 6
    ),
    "the_group_is_not_smaller_than_its_list": Break(persons=[SOMEBODY] * 3, group_size=2),
    "a_handed_down_matter_names_its_sender": Break(source="superior"),
    "sent_before_it_came": Break(sender_date=RECEIVED + timedelta(days=1)),
    "who_gave_a_name_is_not_anonymous": Break(anonymous=True),
    "the_sender_wants_it_in_time": Break(
        source="bureau_assigned", sender="x", sender_number="1", feedback_due="2099-01-01"
    ),
    "an_agent_acts_for_somebody": Break(persons=[{**SOMEBODY, "role": "agent"}]),
    "the_accused_exist": Break(complained_units=["nowhere"]),
    "the_accused_leave_somebody": Break(**EVERYBODY_ELSE),
}

OF_TWO = (PersonFacts(name="甲某", address="某街1号"), PersonFacts(name="乙某", address="某街2号"))
"""Two who wrote together and are represented by nobody."""
RECUSAL_WAITS = PendingStep(
    StepCode.RECUSE, load_step(STEPS[StepCode.RECUSE], {"person": "leader", "reason": "亲属"}), CLERK.code, RECEIVED
)
RECUSAL_REFUSED = CaseEvent(
    1,
    StepCode.RECUSE,
    load_step(STEPS[StepCode.RECUSE], ANSWERS[StepCode.RECUSE]),
    RECEIVED,
    datetime(2026, 3, 2, tzinfo=UTC),
    HANDLER.code,
    stage="proposed",
)
DRAFTS_AND_ADVISES = Actor(HANDLER.code, "", (DutyHeld(Role.LEGAL_ADVISER, acting_for=StaffCode("adviser")),))
"""Who drafted it and deputises for the adviser."""
BREAKS: dict[str, dict[str, Break]] = {
    StepCode.REGISTER: NOT_REGISTERED,
    StepCode.IMPORT_HISTORY: {
        **NOT_REGISTERED,
        "its_days_to_inform_are_over": Break(received_on=RECEIVED - timedelta(days=15)),
    },
    StepCode.UNDO_IMPORT: {
        "nobody_worked_on_it_since": Break(facts={"history": (CHECKED_BY_HEAD,)}),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.LINK_REPEAT: {
        "it_is_not_linked_yet": Break(facts={"repeat_of": "LX2026000009"}),
        "it_repeats_another": Break(first="LX2026000001"),
        "same_person_same_matter": Break(same_matter=False),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.UNLINK_REPEAT: {
        "it_is_linked": Break(facts={"repeat_of": ""}),
        "it_is_handled_on_its_own": Break(facts={"joined_to": "LX2026000009", "state": State.HANDLING}),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.JOIN_FIRST: {
        "it_is_no_report_of_wrongdoing": Break(by=SEALED, facts={"matter_class": MatterClass.REPORT}),
        "it_is_classified": NOT_CLASSIFIED,
        "it_is_linked": Break(facts={"repeat_of": ""}),
        "the_first_is_being_handled": Break(first_is_handled=False),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.HANDLE_APART: {
        "it_is_joined": Break(facts={"joined_to": ""}),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.ANSWER_WITH_FIRST: {
        "it_is_joined": Break(facts={"joined_to": ""}),
        "the_first_was_answered": Break(first_is_answered=False),
        "the_first_answers_each_request": Break(requests=[9]),
    },
    StepCode.SPLIT_OFF: {
        "it_is_no_review": Break(facts={"review_of": OpinionUnderReview(body="某局", number="1", got_on=RECEIVED)}),
        "it_is_not_answered_yet": Break(facts={"reply_stage": ReplyStage.ISSUED}),
        "the_requests_are_of_this_case": Break(requests=[9]),
        "something_stays": Break(requests=[1, 2]),
        "the_attachments_are_of_this_case": Break(attachments=[1]),
        "nothing_leaves_the_compartment": Break(
            by=SEALED,
            facts={"matter_class": MatterClass.REPORT, "files": (FileFacts(1, Material.EVIDENCE, "ab", CLERK.code),)},
            attachments=[1],
        ),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.TELL_PARTS: {
        "it_was_split": Break(facts={"parts": ()}),
        "each_part_went_somewhere": Break(all_directed=False),
    },
    StepCode.SUPPLEMENT: {
        "no_request_is_added_after_the_reply": Break(
            facts={"reply_stage": ReplyStage.ISSUED}, requests=[{"text": "另赔偿损失"}]
        ),
        "a_request_that_voids_a_signature_is_theirs": Break(
            by=CLERK, facts={"reply_stage": ReplyStage.SIGNED}, requests=[{"text": "另赔偿损失"}]
        ),
        "at_most_five_representatives": Break(
            facts={"channel": Channel.VISIT}, persons=[{**SOMEBODY, "role": "representative"}] * 6, attachment=1
        ),
        "after_the_answer_only_heirs": Break(facts={"state": State.CLOSED}),
        "who_is_added_has_their_proof": Break(persons=[{**SOMEBODY, "role": "agent"}]),
        "an_heir_follows_somebody_who_died": Break(persons=[{**SOMEBODY, "role": "heir"}]),
    },
    StepCode.RECORD_DEATH: {
        "somebody_is_alive": Break(facts={"deceased": (1,)}),
        "that_person_is_alive": Break(person=2),
        "the_death_is_proven": Break(attachment=9),
    },
    StepCode.CORRECT: {
        "that_person_or_request_is_there": Break(what="name", person=2),
        "the_corrected_people_can_be": Break(what="group_size", public_value="0"),
        "the_corrected_paper_came_after_it_was_written": Break(what="sender_date", public_value="2026-03-03"),
        "the_requests_are_not_answered_yet": Break(
            what="request", request=1, text_value="请说明", facts={"reply_stage": ReplyStage.ISSUED}
        ),
        "the_new_value_fits": Break(what="received_on", new_value="昨天", public_value="昨天"),
        "the_new_date_is_possible": Break(what="received_on", new_value="2026-03-03", public_value="2026-03-03"),
        "received_before_it_was_registered": Break(
            what="received_on", new_value="2026-03-03", public_value="2026-03-03", late=5
        ),
        "this_round_began_with_an_acceptance": Break(
            what="accepted_on",
            new_value="2026-03-02",
            public_value="2026-03-02",
            facts={**REDONE, "accepted_on": RECEIVED},
        ),
        "what_is_handed_down_has_a_sender": Break(what="source", new_value="superior", public_value="superior"),
        "the_new_date_keeps_the_order": Break(
            what="received_on", new_value="2026-03-03", public_value="2026-03-03", late=5, facts=CLASSIFIED
        ),
        "the_petitioner_s_own_delivery_keeps_its_day": Break(
            what="served_on", new_value="2026-03-02", public_value="2026-03-02", facts=OPENED_REPLY
        ),
        "after_an_end_only_personal_data": Break(facts={"state": State.WITHDRAWN, "history": ()}),
        "history_is_over_by_the_new_date_too": Break(
            what="received_on",
            new_value="2026-03-02",
            public_value="2026-03-02",
            late=5,
            facts={"state": State.HISTORY, "history": ()},
        ),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.WITHDRAW: {
        "somebody_is_left_to_withdraw": Break(facts={"deceased": (1,)}),
        "who_withdraws_is_named": Break(persons=[7]),
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "the_petitioners_own_words_are_attached": Break(by=CLERK),
        "what_they_say_themselves_rests_on_no_sheet": Break(attachment=1),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.CLASSIFY: {
        "what_is_sealed_comes_out_first": Break(by=SEALED, facts={"matter_class": MatterClass.REPORT}),
        "what_is_in_hand_was_never_accepted": Break(facts={"state": State.HANDLING, "route": Route.SIX}),
        "what_is_in_hand_becomes_another": Break(
            facts={
                "state": State.HANDLING,
                "matter_class": MatterClass.SUGGESTION,
                "competence": Competence.OURS,
            },
            matter_class="suggestion",
            route=None,
        ),
        "a_claim_has_a_route": Break(route=None),
        "only_a_claim_has_a_route": Break(matter_class="suggestion"),
        "a_consultation_is_no_claim_with_a_route": Break(purpose="consultation"),
        "what_is_not_ours_says_why": Break(competence="elsewhere"),
        "it_may_be_handled_simply": Break(simple=True, facts={"group_size": 2}),
    },
    StepCode.REDIRECT: {
        "what_is_in_hand_was_given_to_another_body": Break(facts={"state": State.HANDLING}),
        "it_goes_to_the_body_that_was_found": Break(
            body="另一机关", facts={"state": State.HANDLING, "history": (FOUND_COMPETENT,)}
        ),
        "the_body_is_another": Break(body="成果处"),
        "it_is_classified": NOT_CLASSIFIED,
        "it_came_directly": Break(facts={"source": Source.SUPERIOR}),
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "a_reason_is_given": NO_REASON,
    },
    StepCode.OBJECT: {
        "it_was_handed_down": Break(facts={"source": Source.DIRECT}),
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "a_late_objection_says_why": Break(late=8),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.OBJECTION_UPHELD: {
        "the_answer_is_dated_and_numbered": Break(answer_number=""),
        "the_agreement_is_proven": Break(attachment=None),
    },
    StepCode.OBJECTION_REJECTED: {"the_answer_is_dated_and_numbered": Break(answered_on=None)},
    StepCode.FORWARD: {
        "what_is_in_hand_was_given_to_another_body": Break(facts={"state": State.HANDLING}),
        "it_goes_to_the_body_that_was_found": Break(
            body="另一机关", facts={"state": State.HANDLING, "history": (FOUND_COMPETENT,)}
        ),
        "the_body_is_on_the_register": Break(listed=False),
        "it_is_classified": NOT_CLASSIFIED,
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "a_reason_is_given": NO_REASON,
    },
    StepCode.ROUTE: {
        "it_is_classified": NOT_CLASSIFIED,
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "it_is_not_route_six": Break(facts={"route": Route.SIX}),
        "another_body_holds_the_power": IN_OWN_POWER,
        "the_body_is_another": Break(body="本厅监督处"),
        "a_law_is_named": Break(law=""),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.DISCLOSE: {
        "it_is_classified": NOT_CLASSIFIED,
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "it_asks_for_information_only": Break(information_only=False),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.COORDINATE: {"it_is_no_report_of_wrongdoing": IS_REPORT},
    StepCode.DECLINE: {
        "it_is_classified": NOT_CLASSIFIED,
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "what_is_ours_is_declined_only_while_pending_below": Break(facts={"route": Route.SIX}),
        "what_is_pending_below_is_with_a_body_below": Break(ground="pending_below", listed=False),
        "that_it_is_dealt_with_is_proven": Break(attachment=None),
        "a_law_is_named": Break(law=""),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.FILE_WITHOUT_ACTION: {
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "it_is_a_letter": Break(facts={"channel": Channel.VISIT}),
        "it_can_be_read_here": Break(facts={"persons": (PersonFacts(name="甲某", language="蒙古语"),)}),
        "an_unclear_one_was_asked": Break(ground="unclear"),
        "a_repeat_is_linked": Break(ground="answered_repeat"),
        "the_concluded_case_is_named": Break(ground="concluded"),
        "the_earlier_case_was_answered": Break(ground="answered_repeat", facts={"repeat_of": "LX2026000009"}),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.REOPEN: {
        "it_ended_aside": Break(facts={"state": State.ARCHIVED, "archived_from": State.CLOSED}),
        "no_review_decides_on_it": Break(facts={"review_stage": "first_asked"}),
        "a_petitioner_reopens_what_they_withdrew": Break(by=PETITIONER),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.LEAVE_MESSAGE: {
        "how_it_came_is_said": Break(by=CLERK),
        "a_recusal_is_asked_while_somebody_decides": Break(kind="recusal", facts={"state": State.CLOSED}),
    },
    StepCode.ANSWER_MESSAGE: {
        "a_message_waits": Break(facts={"messages": ()}),
        "who_answers_is_fit": HANDLED_BEFORE_BY_THE_HANDLER,
        "that_message_waits": Break(message=4),
        "a_request_is_answered_yes_or_no": Break(message=2),
        "a_correction_was_made": Break(message=2, outcome="done"),
        "a_superior_decides_on_recusal": Break(message=3, outcome="refused", meant="head"),
        "who_is_meant_is_named_and_does_not_decide": Break(by=LEADER, message=3, outcome="refused", meant="leader"),
        "the_recusal_was_decided": Break(by=LEADER, message=3, outcome="done", meant="head"),
        "who_did_not_write_online_was_told": Break(
            facts={"messages": (MessageFacts(1, MessageKind.MESSAGE, RECEIVED, False),)}
        ),
    },
    StepCode.REQUEST_RECONSIDERATION: {
        "no_reconsideration_waits": WAITS_TO_BE_LOOKED_AT,
        "a_decision_can_be_reconsidered": Break(facts={"state": State.REGISTERED}),
        "that_decision_was_taken": Break(against="declined"),
        "their_own_request_is_attached": Break(by=CLERK),
    },
    StepCode.DECIDE_RECONSIDERATION: {
        "a_reconsideration_waits": Break(facts={"reconsidering": None}),
        "who_decides_took_no_part": Break(by=OFFICE_HEAD, facts=FILED_BY_THE_HEAD),
    },
    StepCode.HAND_OVER: {
        "it_is_a_report_of_wrongdoing": Break(by=BOTH, facts={"matter_class": MatterClass.CLAIM}),
        "what_was_answered_stays": a_paper("reply_opinion", "issued"),
        "it_does_not_go_to_whom_it_names": Break(body="成果处", facts={"complained_units": frozenset({UNIT})}),
        "what_was_accepted_goes_on": Break(facts={"accepted_on": RECEIVED}),
    },
    StepCode.SEAL: {
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "what_was_answered_stays": a_paper("reply_opinion", "issued"),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.UNSEAL: {
        "it_is_a_report_of_wrongdoing": Break(by=BOTH, facts={"matter_class": MatterClass.CLAIM}),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.REFUSE_FURTHER: {
        "it_is_classified": NOT_CLASSIFIED,
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "the_final_review_is_on_record": Break(on_record=False),
        "a_final_review_exists": Break(final_review_number=""),
        "same_facts_and_reasons": Break(same_facts=False),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.PROPOSE: {
        "it_is_classified": NOT_CLASSIFIED,
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "it_is_handled_or_reviewed_here": Break(facts={"route": Route.TWO}),
        "a_leader_is_proposed": Break(leader="head"),
        "the_proposed_leader_is_not_recused": Break(leader="other_leader", facts=RECUSED_LEADER),
        "the_principal_is_asked_once": Break(leader="principal", to_principal=True),
        "the_principal_may_be_asked": Break(to_principal=True, facts={"complained_staff": frozenset({"principal"})}),
        "the_proposed_unit_is_fit": Break(unit=ARCHIVE),
        "the_proposed_unit_has_a_head": Break(facts=RECUSED_HEAD),
    },
    StepCode.INSTRUCT: {
        "what_was_instructed_is_only_given_back": Break(facts={"state": State.INSTRUCTED}),
        "agreement_names_unit_and_leader": Break(facts={"proposed_unit": UnitCode("")}),
        "sending_back_says_why": Break(agree=False, text=""),
        "who_proposed_does_not_instruct_as_a_deputy": Break(by=deputising(CLERK)),
        "a_paper_instruction_names_its_leader": Break(by=CLERK),
        "a_paper_instruction_has_its_scan": Break(by=CLERK, paper_leader="leader"),
        "the_unit_can_handle": Break(handling_unit=OUTSIDE),
        "the_unit_has_a_head": HEADLESS,
        "the_unit_is_not_complained_of": Break(handling_unit=UNIT, facts=COMPLAINED),
        "the_leader_is_a_leader": Break(responsible_leader="head"),
        "the_leader_is_not_recused": Break(responsible_leader="other_leader", facts=RECUSED_LEADER),
    },
    StepCode.CIRCULATE_SHEET: {
        "it_is_no_report_of_wrongdoing": Break(by=SEALED, facts={"matter_class": MatterClass.REPORT}),
        "the_readers_are_fit": Break(readers=["head"]),
    },
    StepCode.READ_SHEET: {},
    StepCode.ACCEPT: {
        "it_is_a_claim_of_route_six": Break(facts={"route": Route.ONE}),
        "it_was_instructed_or_is_simple": Break(facts={"state": classified().facts.state}),
        "not_accepted_before_receipt": Break(accepted_on=RECEIVED - timedelta(days=1)),
        "a_simple_acceptance_is_entered_at_once": Break(accepted_on=RECEIVED, late=2, facts={"simple": True}),
        "who_was_told_orally_could_be": Break(told_by="phone", told="电话告知"),
        "acceptance_names_unit_and_leader": Break(facts={"responsible_leader": StaffCode("")}),
        "the_unit_can_handle": Break(assisting_units=[OUTSIDE]),
        "the_unit_has_a_head": HEADLESS,
        "the_unit_is_not_complained_of": Break(handling_unit=UNIT, facts=COMPLAINED),
        "the_leader_is_a_leader": Break(responsible_leader="head"),
        "the_leader_is_not_recused": Break(responsible_leader="other_leader", facts=RECUSED_LEADER),
    },
    StepCode.ACKNOWLEDGE: {
        "a_notice_of_receipt_is_owed": Break(facts={"matter_class": MatterClass.CLAIM, "purpose": Purpose.CLAIM})
    },
    StepCode.REFER: {
        "it_is_handled_on_its_own": Break(facts={"joined_to": "LX2026000009", "state": State.HANDLING}),
        "it_is_no_review": IS_REVIEW,
        "it_is_accepted_or_a_suggestion": Break(facts={"matter_class": MatterClass.CLAIM, "purpose": Purpose.CLAIM}),
        "no_reply_is_under_way": Break(facts={"reply_stage": ReplyStage.DRAFTED}),
        "the_unit_can_handle": Break(handling_unit="nowhere"),
        "the_unit_has_a_head": HEADLESS,
        "the_unit_is_not_complained_of": Break(facts=COMPLAINED),
    },
    StepCode.ASSIGN: {
        "it_is_handled_on_its_own": Break(facts={"joined_to": "LX2026000009"}),
        "it_is_no_review": IS_REVIEW,
        "no_reply_is_under_way": Break(facts={"reply_stage": ReplyStage.SIGNED}),
        "the_unit_can_handle": Break(handling_unit=OUTSIDE),
        "the_unit_has_a_head": HEADLESS,
        "the_unit_is_not_complained_of": Break(facts=COMPLAINED),
        "a_feedback_date_is_set": Break(feedback_on=RECEIVED - timedelta(days=1)),
    },
    StepCode.SIGN_FOR: {
        "it_waits_for_signature": Break(facts={"signed_for": True}),
        "the_handler_is_of_the_unit": Break(handler="other_head"),
    },
    StepCode.SEND_BACK: {"it_waits_for_signature": Break(facts={"signed_for": True}), "a_reason_is_given": NO_REASON},
    StepCode.SETTLE_ON_THE_SPOT: {
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "somebody_is_there": Break(facts={"channel": Channel.LETTER}),
    },
    StepCode.PROMISE_REPLY: {
        "the_promise_lies_ahead": Break(promised_on=RECEIVED),
        "the_promise_is_within_the_limit": Break(promised_on=RECEIVED + timedelta(days=61)),
    },
    StepCode.ASK_TO_MEET: {"the_wanted_leader_is_fit": Break(leader="handler")},
    StepCode.DECIDE_MEETING: {
        "who_refuses_was_asked": Break(by=OTHER_LEADER, agree=False),
        "a_meeting_is_wanted": Break(facts={"meeting_wanted": False}),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.SEEK_LEGAL_ADVICE: {
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "a_reply_is_drafted": Break(facts={"reply_stage": ReplyStage.NONE}),
        "no_advice_is_awaited": Break(facts={"advice_wanted": True, "advisers": frozenset({ADVISER.code})}),
        "the_adviser_is_one": Break(adviser="clerk"),
    },
    StepCode.GIVE_LEGAL_ADVICE: {
        "advice_is_awaited": Break(facts={"advice_wanted": False}),
        "who_advises_did_not_draft_it": Break(by=DRAFTS_AND_ADVISES),
    },
    StepCode.MEDIATE: {"the_unit_has_signed_for_it": NOT_SIGNED_FOR, "both_sides_consent": Break(both_consent=False)},
    StepCode.HOLD_HEARING: {
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "the_hearing_was_announced": Break(notified_on=None),
    },
    StepCode.REQUEST_EXTENSION: {
        "it_is_no_review": IS_REVIEW,
        "it_is_a_claim_of_route_six": Break(facts={"route": None}),
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "the_limit_has_not_passed": Break(late=61),
        "not_extended_before": Break(facts={"extended_days": 5}),
        "no_extension_is_asked": Break(facts={"extension_asked": 5}),
        "at_most_thirty_days": Break(days=31),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.GRANT_EXTENSION: {
        "an_extension_is_asked": Break(facts={"extension_asked": 0}),
        "who_grants_did_not_ask": Break(facts=ASKED_BY_THE_LEADER),
        "the_limit_has_not_passed": Break(late=61),
        "not_extended_before": Break(facts={"extended_days": 5}),
        "at_most_thirty_days": Break(days=0),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.LEAVE_SIMPLE: {"it_is_simple": Break(facts={"simple": False}), "a_reason_is_given": NO_REASON},
    StepCode.STUDY: {
        "it_is_to_be_studied": Break(facts={"purpose": Purpose.CONSULTATION}),
        "a_unit_handles_it": NO_UNIT,
    },
    StepCode.ANSWER: {
        "it_may_be_answered": Break(facts={"matter_class": MatterClass.CLAIM, "purpose": Purpose.CLAIM}),
        "a_unit_handles_it_or_the_desk_does": NO_UNIT,
        "the_unit_answers_what_it_was_given": Break(by=CLERK),
        "it_was_answered_there_and_then": Break(by=CLERK, late=1, facts=AT_THE_DESK),
        "a_simple_answer_supports_or_explains": Break(
            basis="", facts={"matter_class": MatterClass.CLAIM, "purpose": Purpose.CLAIM, "simple": True}
        ),
        "who_was_told_orally_could_be": Break(told_by="visit"),
        "an_answer_refuses_nothing": Break(refuses_nothing=False),
        "a_suggestion_was_studied": Break(facts={"history": ()}),
        "it_says_whether_it_is_adopted": Break(adoption="partly"),
    },
    StepCode.DRAFT_REPLY: {
        "it_is_no_review": IS_REVIEW,
        "it_is_no_suggestion": Break(facts={"matter_class": MatterClass.SUGGESTION}),
        "it_is_not_in_our_own_power": IN_OWN_POWER,
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "the_reply_is_not_signed": Break(facts={"reply_stage": ReplyStage.SIGNED}),
        "each_request_is_concluded": Break(findings=[{**FINDING, "basis": ""}]),
        "findings_answer_the_requests": Break(findings=[FINDING, {**FINDING, "request": 2}]),
        "the_review_body_is_named": Break(review_body=""),
    },
    StepCode.REVIEW_REPLY: {
        "who_reviews_did_not_draft_it": Break(facts=DRAFTED_BY_HEAD),
        "who_decides_on_a_review_did_not_handle_it": HAD_HANDLED_IT,
        "a_draft_waits_for_review": Break(facts={"reply_stage": ReplyStage.NONE}),
        "sending_back_says_why": Break(agree=False),
    },
    StepCode.TALK: {"who_has_the_case_keeps_the_promise": Break(by=CLERK, answered=True)},
    StepCode.SIGN_REPLY: {
        "who_decides_on_a_review_did_not_handle_it": HAD_HANDLED_IT,
        "who_checked_does_not_sign_as_a_deputy": Break(by=deputising(HEAD)),
        "who_signs_did_not_draft_it": Break(by=LEADER, facts=DRAFTED_BY_LEADER),
        "a_draft_waits_for_signature": Break(facts={"reply_stage": ReplyStage.DRAFTED}),
        "legal_advice_is_on_file": Break(facts={"advice_given": False}),
        "the_petitioner_was_heard": Break(facts={"heard": False}),
        "all_requests_are_concluded": Break(facts=OPEN_REQUEST),
        "sending_back_says_why": Break(agree=False),
    },
    StepCode.ISSUE_REPLY: {
        "a_reply_waits_for_issue": Break(facts={"reply_stage": ReplyStage.REVIEWED}),
        "nobody_behind_it_may_have_to_withdraw": Break(facts={"pending": {StepCode.RECUSE: RECUSAL_WAITS}}),
        "legal_advice_is_on_file": Break(facts={"advice_given": False}),
        "all_requests_are_concluded": Break(facts=OPEN_REQUEST),
    },
    StepCode.SERVE: {
        "somebody_is_to_be_served": Break(facts={"state": State.SERVED}),
        "who_got_it_is_named": Break(facts={"persons": OF_TWO}),
        "the_reply_that_is_served_was_issued": a_paper("reply_opinion", "draft"),
        "served_after_it_was_issued": Break(served_on=RECEIVED - timedelta(days=1)),
        "the_receiver_is_named": Break(receiver=""),
        "what_was_posted_has_its_number": Break(method="post"),
        "electronic_service_was_consented_to": Break(method="electronic"),
        "refusal_has_a_witness": Break(method="left"),
        "other_ways_failed_before_a_public_notice": Break(method="public"),
    },
    StepCode.SERVICE_FAILED: {
        "a_paper_is_on_its_way": a_paper("acceptance_notice", "served"),
        "that_paper_is_on_its_way": Break(paper=9),
        "it_failed_after_it_left": Break(tried_on=RECEIVED - timedelta(days=1)),
    },
    StepCode.CARRY_OUT: {
        "something_is_supported": Break(facts=OPEN_REQUEST),
        "that_request_is_supported": Break(request=2),
    },
    StepCode.FOLLOW_UP: {
        "something_was_told": Break(facts={"noticed_on": None, "served_on": None}),
        "who_visits_did_not_handle_it": Break(by=HANDLER),
        "that_request_is_there": Break(request=2),
    },
    StepCode.GIVE_ASSISTANCE: {"that_request_is_there": Break(request=2)},
    StepCode.COUNSEL: {"that_request_is_there": Break(request=2)},
    StepCode.CLOSE: {
        "the_reply_was_served": Break(facts={"served_on": None}),
        "everybody_got_the_reply": Break(facts={"persons": OF_TWO}),
        "supported_requests_are_carried_out": Break(facts={"requests": served().facts.requests}),
        "review_rights_were_told": Break(review_rights_told=False),
    },
    StepCode.SUBMIT_ARCHIVE: {
        "it_is_no_sealed_case": Break(
            by=BOTH, facts={"matter_class": MatterClass.REPORT, "handling_unit": UnitCode("")}
        ),
        "the_letter_is_in_its_file": Break(facts={"files": ()}),
        "the_file_was_checked": Break(complete=False),
        "its_pages_are_counted": Break(pages=0),
        "what_left_the_house_is_filed": Break(facts={"papers": ()}),
        "it_is_not_submitted": Break(facts={"archive_submitted": True}),
        "each_service_has_its_receipt": Break(facts={"files": ()}),
        "no_paper_is_under_way": a_paper("acceptance_notice", "signing"),
        "nothing_is_reconsidered": WAITS_TO_BE_LOOKED_AT,
        "what_must_leave_has_left": a_paper("acceptance_notice", "issued"),
    },
    StepCode.ACCEPT_ARCHIVE: {
        "a_difference_of_pages_is_explained": Break(counted_pages=31),
        "nothing_was_taken_out_since": Break(facts={"files": ()}),
        "it_is_submitted": Break(facts={"archive_submitted": False}),
        "no_paper_is_under_way": a_paper("acceptance_notice", "signing"),
        "nothing_is_reconsidered": WAITS_TO_BE_LOOKED_AT,
    },
    StepCode.CHANGE_RETENTION: {"the_period_changes": Break(retention="years_10"), "a_reason_is_given": NO_REASON},
    StepCode.DESTROY: {
        "no_review_is_under_way": Break(facts={"review_stage": "first_asked"}),
        "the_period_has_ended": Break(facts={"retention": Retention.PERMANENT}),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.RETURN_ARCHIVE: {
        "it_is_submitted": Break(facts={"archive_submitted": False}),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.REQUEST_FIRST_REVIEW: {
        "a_reply_was_served": Break(facts={"served_on": None}),
        "a_petition_review_is_its_remedy": IN_OWN_POWER,
        "no_review_was_asked": Break(facts={"review_stage": "first_asked"}),
        "who_asks_is_named": Break(facts={"persons": OF_TWO}, persons=(2,)),
        "the_right_has_not_lapsed": Break(late=31),
        "it_arrived_after_it_was_sent": Break(arrived_on=RECEIVED + timedelta(days=1)),
    },
    StepCode.FIRST_REVIEW: {
        "a_first_review_is_asked": Break(facts={"review_stage": ""}),
        "decided_after_the_request_arrived": Break(decided_on=RECEIVED - timedelta(days=1)),
        "received_after_it_was_decided": Break(served_on=RECEIVED + timedelta(days=1)),
        "a_change_says_what_is_changed": Break(result="changed"),
        "the_opinion_is_attached": Break(attachment=None),
        "each_opinion_has_its_own_scan": Break(facts={"history": (PROVED_A_REVIEW,)}, attachment=1),
    },
    StepCode.FOLLOW_REVIEW_REQUEST: {
        "a_request_is_on_its_way": Break(facts={"review_stage": ""}),
        "it_follows_what_is_recorded": Break(facts={"review_sent_on": RECEIVED}),
        "it_went_on_with_its_proof": Break(mail_number="无"),
        "that_it_came_back_is_proven": Break(news="taken_back"),
        "it_happened_after_the_request": Break(late=3, happened_on=RECEIVED - timedelta(days=1)),
    },
    StepCode.REQUEST_FINAL_REVIEW: {
        "a_first_review_is_done": Break(facts={"review_stage": ""}),
        "the_right_has_not_lapsed": Break(late=31),
        "it_arrived_after_it_was_sent": Break(arrived_on=RECEIVED + timedelta(days=1)),
    },
    StepCode.FINAL_REVIEW: {
        "a_final_review_is_asked": Break(facts={"review_stage": "first_done"}),
        "decided_after_the_request_arrived": Break(decided_on=RECEIVED - timedelta(days=1)),
        "received_after_it_was_decided": Break(served_on=RECEIVED + timedelta(days=1)),
        "a_change_says_what_is_changed": Break(result="changed"),
        "the_opinion_is_attached": Break(attachment=None),
        "each_opinion_has_its_own_scan": Break(facts={"history": (PROVED_A_REVIEW,)}, attachment=1),
        "hearing_days_are_possible": Break(hearing_days=-1),
    },
    StepCode.ACCEPT_DUTY: {
        "it_is_in_our_own_power": NOT_IN_OWN_POWER,
        "not_accepted_before_receipt": Break(accepted_on=RECEIVED - timedelta(days=1)),
        "acceptance_names_unit_and_leader": Break(facts={"responsible_leader": StaffCode("")}),
        "the_unit_can_handle": Break(assisting_units=[OUTSIDE]),
        "the_unit_has_a_head": HEADLESS,
        "the_unit_is_not_complained_of": Break(handling_unit=UNIT, facts=COMPLAINED),
        "the_leader_is_a_leader": Break(responsible_leader="head"),
        "the_leader_is_not_recused": Break(responsible_leader="other_leader", facts=RECUSED_LEADER),
        "a_law_is_named": Break(law=""),
        "another_term_has_its_article": Break(term_months=6),
    },
    StepCode.DRAFT_DUTY_REPLY: {
        "it_is_in_our_own_power": NOT_IN_OWN_POWER,
        "the_unit_has_signed_for_it": NOT_SIGNED_FOR,
        "the_reply_is_not_signed": Break(facts={"reply_stage": ReplyStage.SIGNED}),
        "each_request_is_concluded": Break(findings=[{**FINDING, "basis": ""}]),
        "findings_answer_the_requests": Break(findings=[FINDING, {**FINDING, "request": 2}]),
        "its_own_remedy_is_named": Break(court=""),
        "its_remedy_is_no_petition_review": Break(other_remedy="向自治区人民政府请求复查"),
    },
    StepCode.RECORD_ADVICE: {
        "the_advice_is_answered_within_a_year": Break(reply_by="2099-01-01"),
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "no_advice_waits": Break(facts={"history": (ADVISED,)}),
        "the_advice_is_attached": Break(attachment=None),
        "it_is_to_be_answered_after_it_came": Break(reply_by=RECEIVED - timedelta(days=1)),
    },
    StepCode.ANSWER_ADVICE: {
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "an_advice_waits": Break(facts={"history": ()}),
    },
    StepCode.TAKE_AS_REVIEW: {
        "it_is_no_report_of_wrongdoing": IS_REPORT,
        "the_days_of_the_request_are_in_order": Break(got_on=RECEIVED + timedelta(days=1)),
        "a_late_request_says_why": Break(got_on=RECEIVED - timedelta(days=32)),
    },
    StepCode.DECLINE_REVIEW: {
        "it_is_a_request_for_review": NO_REVIEW,
        "lateness_is_a_ground_only_where_it_is_late": Break(ground="late"),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.ACCEPT_REVIEW: {
        "it_is_a_request_for_review": NO_REVIEW,
        "the_reviewers_are_fit": Break(reviewers=["other_head"]),
    },
    StepCode.DRAFT_REVIEW: {
        "what_is_ordered_is_due_in_time": Break(term="2099-01-01"),
        "it_is_a_request_for_review": NO_REVIEW,
        "the_reply_is_not_signed": Break(facts={"reply_stage": ReplyStage.SIGNED}),
        "the_result_has_its_grounds": Break(basis=""),
        "what_is_ordered_has_its_term": Break(term=None),
        "the_next_body_is_named": Break(final_body=""),
    },
    StepCode.RECORD_COMPLIANCE: {
        "something_was_ordered": NO_REVIEW,
        "a_new_opinion_has_its_number": Break(document_number=""),
    },
    StepCode.REPORT_UP: {"it_is_concluded": Break(completion=True)},
    StepCode.SUPERVISE: {
        "nobody_presses_themselves": Break(facts={"handed_over_to_unit": False}),
        "no_supervision_is_open": Break(facts={"supervised": True}),
        "the_feedback_lies_ahead": Break(feedback_on=RECEIVED),
    },
    StepCode.ANSWER_SUPERVISION: {"a_supervision_is_open": Break(facts={"supervised": False})},
    StepCode.ATTACH: {
        "not_attached_already": Break(
            facts={
                "files": (FileFacts(1, Material.EVIDENCE, str(ANSWERS[StepCode.ATTACH]["digest"]), StaffCode("clerk")),)
            }
        ),
    },
    StepCode.WITHDRAW_ATTACHMENT: {
        "that_attachment_is_there": Break(attachment=2),
        "it_is_no_issued_paper": Break(
            facts={
                "papers": (
                    PaperFacts(
                        1,
                        PaperKind.ACCEPTANCE_NOTICE,
                        PaperStage.ISSUED,
                        files=(str(ANSWERS[StepCode.ATTACH]["digest"]),),
                    ),
                )
            }
        ),
        "added_by_oneself_or_office": Break(by=HANDLER, facts={"handling_unit": UnitCode(UNIT)}),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.MAKE_PAPER: {
        "it_is_not_made_already": Break(
            facts={"papers": (PaperFacts(1, PaperKind.REGISTRATION_SHEET, PaperStage.DRAFT),)},
            kind="registration_sheet",
        ),
        "the_reply_was_signed_off": Break(kind="reply_opinion"),
        "the_event_is_there": Break(owed_by=99),
        "it_comes_from_the_step_that_decided": Break(kind="refusal_notice"),
        "it_is_made_in_this_department": Break(kind="review_opinion"),
        "a_leader_makes_what_their_own_step_calls_for": Break(by=LEADER),
    },
    StepCode.SUBMIT_PAPER: {
        "that_paper_is_there": Break(paper=2),
        "it_is_a_draft": a_paper("acceptance_notice", "signing"),
        "it_needs_a_signature": a_paper("registration_sheet", "draft"),
        "a_leader_submits_what_they_made": Break(by=LEADER),
    },
    StepCode.CHECK_PAPER: {
        "that_paper_is_there": Break(paper=2),
        "it_waits_for_a_check": a_paper("inquiry_report", "draft"),
        "it_is_theirs_to_check": a_paper("acceptance_notice", "checking"),
        "another_person_decides": a_paper("inquiry_report", "checking", by="head"),
        "sending_back_says_why": Break(agree=False),
    },
    StepCode.SIGN_PAPER: {
        "that_paper_is_there": Break(paper=2),
        "it_waits_for_a_signature": a_paper("acceptance_notice", "draft"),
        "it_is_theirs_to_sign": a_paper("review_opinion", "signing"),
        "another_person_decides": a_paper("acceptance_notice", "signing", by="office_head"),
        "who_checked_it_does_not_sign_as_a_deputy": Break(
            by=deputising(HEAD, Role.OFFICE_HEAD, OFFICE_HEAD), facts={"history": (CAME_AS_A_LETTER, CHECKED_BY_HEAD)}
        ),
        "sending_back_says_why": Break(agree=False),
    },
    StepCode.REVISE_PAPER: {
        "that_paper_is_there": Break(paper=2),
        "it_was_signed_and_not_issued": a_paper("acceptance_notice", "signing"),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.ISSUE_PAPER: {
        "that_paper_is_there": Break(paper=2),
        "it_is_signed": a_paper("acceptance_notice", "signing"),
        "the_office_seals_what_leaves": Break(by=HANDLER),
        "a_numbered_paper_has_its_number": Break(document_number=""),
        "its_files_are_kept": Break(pdf="00" * 32),
    },
    StepCode.FILE_PAPER_SCAN: {
        "the_scan_is_there": Break(attachment=2),
        "it_is_a_picture_of_the_sheet": Break(
            facts={"files": (FileFacts(1, Material.PAPER, "5c" * 32, StaffCode("handler"), "docx"),)}
        ),
        "it_may_be_filed_as_a_scan": Break(kind="service_receipt"),
        "a_step_called_for_it": Break(kind="refusal_notice"),
        "its_date_is_possible": Break(dated_on=RECEIVED - timedelta(days=1)),
        "its_number_is_of_its_year": Break(document_number="内科信告〔2025〕7号"),
    },
    StepCode.CONSENT_ELECTRONIC: {
        "it_changes_the_consent": Break(agree=False),
        "who_consents_is_named": Break(facts={"persons": OF_TWO}, persons=(2,)),
        "their_signed_consent_is_attached": Break(by=CLERK),
    },
    StepCode.TAKE_DELIVERY: {
        "it_is_certainly_them": Break(by=BY_CODE),
        "that_paper_is_there": Break(paper=7),
        "it_is_issued": Break(facts={"papers": (OPENED,)}),
        "it_was_sent_electronically": Break(facts={"papers": (replace(OPENED, stage=ISSUED, electronic=False),)}),
    },
    StepCode.SEND_PAPER: {
        "that_paper_is_there": Break(paper=2),
        "it_is_issued": a_paper("acceptance_notice", "signed"),
        "it_leaves_the_house": a_paper("closing_sheet", "issued"),
        "it_left_after_it_was_issued": ISSUED_TOMORROW,
        "no_petitioner_is_written_to_by_exchange": Break(method="exchange"),
        "what_is_posted_has_its_number": Break(mail_number=""),
        "electronic_dispatch_was_consented_to": Break(method="electronic"),
        "what_is_posted_has_an_address": Break(facts={"persons": (PersonFacts(name="甲某"),)}),
        "to_whom_it_goes_is_named": Break(facts={"persons": OF_TWO}, persons=()),
    },
    StepCode.SERVE_PAPER: {
        "that_paper_is_there": Break(paper=2),
        "it_is_issued": a_paper("acceptance_notice", "signed"),
        "it_goes_to_the_petitioner": a_paper("forwarding_letter", "issued"),
        "a_notice_is_made_public_only_once_it_came_back": Break(method="public"),
        "it_left_after_it_was_issued": ISSUED_TOMORROW,
        "to_whom_it_goes_is_named": Break(facts={"persons": OF_TWO}, persons=()),
        "the_receiver_is_named": Break(receiver=""),
        "what_was_posted_has_its_number": Break(method="post"),
        "electronic_service_was_consented_to": Break(method="electronic"),
        "refusal_has_a_witness": Break(receipt="refused"),
    },
    StepCode.WITHDRAW_PAPER: {
        "nobody_asked_for_a_review_of_it": Break(
            facts={
                "review_stage": "first_asked",
                "papers": (PaperFacts(1, PaperKind.REPLY_OPINION, PaperStage.ISSUED),),
            }
        ),
        "that_paper_is_there": Break(paper=2),
        "it_is_not_withdrawn": a_paper("acceptance_notice", "withdrawn"),
        "the_office_withdraws_what_was_issued": Break(by=HANDLER),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.RECUSE: {
        "that_person_exists": Break(person="nobody"),
        "not_recused_yet": Break(facts={"recused": frozenset({StaffCode("handler")})}),
        "it_was_not_decided_before": Break(by=HANDLER, facts={"history": (RECUSAL_REFUSED,)}),
        "somebody_is_left_to_lead_it_on": Break(
            facts={
                "complained_units": frozenset({OFFICE, UNIT, OTHER_UNIT}),
                "complained_staff": frozenset(a.code for a in STAFF if a is not HANDLER),
            }
        ),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.ADD_ACCUSED: {
        "the_accused_exist": Break(complained_units=["nowhere"]),
        "somebody_new_is_named": Break(facts={"complained_staff": frozenset({StaffCode("handler")})}),
        "nobody_speaks_of_themselves": Break(complained_staff=["clerk"]),
        "the_units_they_head_are_known": Break(units_they_head=[UNIT]),
        "somebody_is_left_to_lead_it_on": Break(**EVERYBODY_ELSE),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.REMOVE_ACCUSED: {
        "they_are_complained_of": Break(complained_staff=["handler"]),
        "nobody_speaks_of_themselves": Break(complained_staff=["clerk"]),
        "nobody_speaks_for_their_unit": Break(complained_units=[OFFICE]),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.NAME_ACTING_OFFICE: {
        "the_office_may_not_act": Break(facts={"complained_units": frozenset()}),
        "the_acting_unit_is_fit": Break(unit=OFFICE),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.NAME_OFFICER: {
        "no_officer_may_have_it": Break(facts={"sealed_overseer": None, "named_officers": {PRINCIPAL.code}}),
        "the_officer_is_fit": Break(person="sealed"),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.SUGGEST_COMMENDATION: {
        "it_is_a_suggestion": Break(facts={"matter_class": MatterClass.CLAIM}),
        "it_was_answered": Break(facts={"history": ()}),
        "not_commended_yet": COMMENDED,
    },
    StepCode.CHANGE_LEADER: {
        "the_new_leader_is_fit": Break(facts=RECUSED_LEADER),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.CHANGE_HANDLER: {
        "the_new_handler_is_fit": Break(facts=RECUSED_HANDLER),
        "a_reason_is_given": NO_REASON,
    },
    StepCode.SPOT_CHECK: {
        "there_is_a_decision_to_check": Break(facts={"history": ()}),
        "who_checks_took_no_part": Break(
            facts={
                "history": (
                    CaseEvent(
                        1, StepCode.REDIRECT, None, RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), StaffCode("principal")
                    ),
                )
            }
        ),
    },
    StepCode.RATE: {
        "something_was_told": Break(facts={"noticed_on": None, "served_on": None}),
        "not_rated_yet": Break(facts={"rated": True}),
        "nobody_rates_their_own_work": Break(by=HANDLER),
        "the_rating_is_one": Break(office_rating=2),
        "each_answered_request_is_rated_once": Break(requests=[]),
        "the_unit_is_rated_by_its_worst": Break(unit_rating=0, requests=[{"request": 1, "rating": 3}]),
        "a_reason_is_one_of_dissatisfaction": Break(why=["slow"]),
        "the_sheet_that_they_signed_is_attached": Break(by=CLERK),
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
