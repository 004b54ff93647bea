"""办理之后，此件有何不同：状态、日期、承办的人和单位（规程第五至十四条；条例第二十三条、第三十一条至第三十六条）。"""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.articles.department import (
    ADVISER,
    CLERK,
    FINDING,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_UNIT,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    SECOND_CLERK,
    STAFF,
    UNIT,
    Case,
    with_away,
)
from tests.articles.stories import (
    accepted,
    advised,
    assigned,
    classified,
    drafted,
    handed_down,
    heard,
    in_hand,
    instructed,
    paper_instruction,
    proposed,
    registered,
    served,
    signed,
    simple,
    studied,
    suggested,
    tell,
    then,
)
from xinfang.procedure.facts import (
    Actor,
    ClassifiedAs,
    Facts,
    LetterPart,
    MessageFacts,
    OpinionUnderReview,
    PersonFacts,
    RequestFacts,
)
from xinfang.procedure.people_words import MessageKind, ReconsideredDecision
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import (
    OPEN_STATES,
    Competence,
    Conclusion,
    Disposition,
    Material,
    MatterClass,
    PaperKind,
    PaperStage,
    Purpose,
    ReplyStage,
    Retention,
    ReviewResult,
    Route,
    State,
)

from .test_every_condition import READY

OPINION = OpinionUnderReview(body="某市科技局", number="市科信答〔2026〕3号", got_on=RECEIVED - timedelta(days=10))
NAMED = replace(OPINION, reviewers=(StaffCode("handler"), StaffCode("second_handler")))
CHANGED = {"request": 1, "decision": "补发经费", "conclusion": "support", "basis": "某办法第五条"}
ASKED = RequestFacts(1, "请拨付经费")
FOUND = replace(ASKED, finding="经查属实", conclusion=Conclusion.SUPPORT, basis="某办法第三条")
TODAY = RECEIVED
LEFT = MessageFacts(1, MessageKind.MESSAGE, RECEIVED, True)
OTHERS_LEFT = (MessageFacts(2, MessageKind.CORRECT, TODAY, True), MessageFacts(3, MessageKind.RECUSAL, TODAY, True))
CHANGES: dict[str, dict[str, Any]] = {
    StepCode.LINK_REPEAT: {"repeat_of": "LX2026000009"},
    StepCode.UNDO_IMPORT: {"state": State.UNDONE},
    StepCode.UNLINK_REPEAT: {"repeat_of": ""},
    StepCode.JOIN_FIRST: {"state": State.HANDLING, "joined_to": "LX2026000009"},
    StepCode.HANDLE_APART: {"state": State.REGISTERED, "joined_to": ""},
    StepCode.ANSWER_WITH_FIRST: {"state": State.ANSWERED},
    StepCode.SPLIT_OFF: {
        "requests": (ASKED,),
        "parts": (LetterPart("LX2026000098", (RequestFacts(2, "请公开结果"),)),),
    },
    StepCode.TELL_PARTS: {"parts_told_on": TODAY},
    StepCode.SUPPLEMENT: {},
    StepCode.CONSENT_ELECTRONIC: {"electronic_since": TODAY},
    StepCode.LEAVE_MESSAGE: {"messages": (LEFT,)},
    StepCode.ANSWER_MESSAGE: {"messages": (replace(LEFT, answered_on=TODAY), *OTHERS_LEFT)},
    StepCode.RECORD_DEATH: {"deceased": (1,), "persons": (PersonFacts(name="甲某"),)},
    StepCode.CORRECT: {"subject": "经费"},
    StepCode.WITHDRAW: {"state": State.WITHDRAWN},
    StepCode.ENTER_REGIONAL: {},
    StepCode.CLASSIFY: {
        "matter_class": MatterClass.CLAIM,
        "purpose": Purpose.CLAIM,
        "competence": Competence.OURS,
        "route": Route.SIX,
    },
    StepCode.REDIRECT: {"state": State.REDIRECTED},
    StepCode.OBJECT: {"state": State.OBJECTED},
    StepCode.OBJECTION_UPHELD: {"state": State.RETURNED},
    StepCode.OBJECTION_REJECTED: {"state": State.REGISTERED},
    StepCode.FORWARD: {"state": State.FORWARDED},
    StepCode.ROUTE: {"state": State.ROUTED},
    StepCode.DECLINE: {"state": State.DECLINED},
    StepCode.DISCLOSE: {"state": State.REDIRECTED},
    StepCode.COORDINATE: {},
    StepCode.FILE_WITHOUT_ACTION: {"state": State.FILED},
    StepCode.REOPEN: {"state": State.REGISTERED},
    StepCode.REQUEST_RECONSIDERATION: {"reconsidering": ReconsideredDecision.FILED},
    StepCode.DECIDE_RECONSIDERATION: {"state": State.REGISTERED, "reconsidering": None},
    StepCode.HAND_OVER: {"state": State.HANDED_OVER},
    StepCode.SEAL: {
        "matter_class": MatterClass.REPORT,
        "route": None,
        "classified_before": ClassifiedAs(MatterClass.CLAIM, Route.SIX, Purpose.CLAIM),
    },
    StepCode.UNSEAL: {"matter_class": MatterClass.CLAIM, "route": Route.SIX, "classified_before": None},
    StepCode.REFUSE_FURTHER: {"state": State.REFUSED_FURTHER},
    StepCode.PROPOSE: {"state": State.PROPOSED, "proposed_leader": "leader", "proposed_unit": UNIT},
    StepCode.INSTRUCT: {
        "state": State.INSTRUCTED,
        "instructed_by": ("leader",),
        "handling_unit": UNIT,
        "responsible_leader": "leader",
    },
    StepCode.CIRCULATE_SHEET: {"readers": ("other_leader", "principal")},
    StepCode.READ_SHEET: {"readers": ("principal",), "read_by": ("other_leader",)},
    StepCode.ACCEPT: {"state": State.HANDLING, "accepted_on": TODAY},
    StepCode.ACKNOWLEDGE: {},
    StepCode.REFER: {"state": State.HANDLING, "handling_unit": UNIT, "handed_over_to_unit": True},
    StepCode.ASSIGN: {"handed_over_to_unit": True},
    StepCode.SIGN_FOR: {"handler": "handler", "signed_for": True},
    StepCode.SEND_BACK: {"handed_over_to_unit": False},
    StepCode.TALK: {"heard": True},
    StepCode.SETTLE_ON_THE_SPOT: {"heard": True},
    StepCode.PROMISE_REPLY: {"promised_on": date(2026, 3, 12)},
    StepCode.ASK_TO_MEET: {"meeting_wanted": True},
    StepCode.DECIDE_MEETING: {"meeting_wanted": False},
    StepCode.SEEK_LEGAL_ADVICE: {"advisers": {"adviser"}, "advice_wanted": True},
    StepCode.GIVE_LEGAL_ADVICE: {"advice_wanted": False, "advice_given": True},
    StepCode.MEDIATE: {},
    StepCode.HOLD_HEARING: {},
    StepCode.REQUEST_EXTENSION: {"extension_asked": 30},
    StepCode.GRANT_EXTENSION: {"extension_asked": 0, "extended_days": 30},
    StepCode.LEAVE_SIMPLE: {"simple": False},
    StepCode.STUDY: {},
    StepCode.ANSWER: {"state": State.ANSWERED},
    StepCode.DRAFT_REPLY: {"requests": (FOUND,), "reply_stage": ReplyStage.DRAFTED, "disposition": Disposition.SOLVE},
    StepCode.REVIEW_REPLY: {"reply_stage": ReplyStage.REVIEWED},
    StepCode.SIGN_REPLY: {"reply_stage": ReplyStage.SIGNED, "signed_text": "cd" * 32},
    StepCode.ISSUE_REPLY: {"state": State.REPLIED, "reply_stage": ReplyStage.ISSUED},
    StepCode.SERVE: {"state": State.SERVED, "served_on": TODAY, "noticed_on": TODAY, "replied_on": TODAY},
    StepCode.SERVICE_FAILED: {"failed_services": 1},
    StepCode.CARRY_OUT: {"requests": (replace(FOUND, carried_out="经费已拨付"),)},
    StepCode.FOLLOW_UP: {},
    StepCode.GIVE_ASSISTANCE: {},
    StepCode.COUNSEL: {},
    StepCode.CLOSE: {"state": State.CLOSED, "closed_on": TODAY},
    StepCode.SUBMIT_ARCHIVE: {"archive_submitted": True},
    StepCode.ACCEPT_ARCHIVE: {
        "state": State.ARCHIVED,
        "archived_from": State.CLOSED,
        "archived_on": TODAY,
        "volume": "2026-1",
        "retention": Retention.YEARS_30,
    },
    StepCode.RETURN_ARCHIVE: {"archive_submitted": False},
    StepCode.CHANGE_RETENTION: {"retention": Retention.PERMANENT},
    StepCode.DESTROY: {"destroyed_on": date(2037, 1, 4)},
    StepCode.REQUEST_FIRST_REVIEW: {"review_stage": "first_asked"},
    StepCode.FIRST_REVIEW: {
        "review_stage": "first_done",
        "review_result": ReviewResult.UPHELD,
    },
    StepCode.REQUEST_FINAL_REVIEW: {"review_stage": "final_asked"},
    StepCode.FOLLOW_REVIEW_REQUEST: {"review_sent_on": RECEIVED},
    StepCode.FINAL_REVIEW: {"review_stage": "final_done", "review_served_on": None},
    StepCode.TAKE_AS_REVIEW: {"review_of": OPINION, "matter_class": MatterClass.CLAIM, "purpose": Purpose.APPEAL},
    StepCode.DECLINE_REVIEW: {"state": State.DECLINED},
    StepCode.ACCEPT_REVIEW: {
        "state": State.HANDLING,
        "accepted_on": TODAY,
        "handed_over_to_unit": True,
        "signed_for": True,
        "handler": "handler",
        "review_of": NAMED,
    },
    StepCode.DRAFT_REVIEW: {
        "reply_stage": ReplyStage.DRAFTED,
        "review_of": replace(NAMED, result=ReviewResult.REDO, term=TODAY + timedelta(days=30)),
    },
    StepCode.ACCEPT_DUTY: {"state": State.HANDLING, "accepted_on": TODAY},
    StepCode.DRAFT_DUTY_REPLY: {
        "requests": (FOUND,),
        "reply_stage": ReplyStage.DRAFTED,
        "disposition": Disposition.LAWFUL,
    },
    StepCode.RECORD_COMPLIANCE: {
        "review_of": replace(NAMED, result=ReviewResult.REDO, term=TODAY + timedelta(days=30), complied_on=TODAY)
    },
    StepCode.SUPERVISE: {"supervised": True},
    StepCode.ANSWER_SUPERVISION: {"supervised": False},
    StepCode.RECORD_ADVICE: {},
    StepCode.ANSWER_ADVICE: {},
    StepCode.RECUSE: {"recused": {"handler"}},
    StepCode.ADD_ACCUSED: {"complained_staff": {"handler"}, "handler": ""},
    StepCode.REMOVE_ACCUSED: {"complained_staff": frozenset()},
    StepCode.NAME_ACTING_OFFICE: {"acting_office": OTHER_UNIT},
    StepCode.NAME_OFFICER: {"named_officers": {"head"}},
    StepCode.CHANGE_LEADER: {"responsible_leader": "other_leader"},
    StepCode.CHANGE_HANDLER: {"handler": "second_handler"},
    StepCode.REPORT_UP: {},
    StepCode.SPOT_CHECK: {},
    StepCode.RATE: {"rated": True},
    StepCode.SUGGEST_COMMENDATION: {},
    StepCode.WARN: {},
    StepCode.MARK_OVERDUE: {},
    StepCode.ESCALATE: {},
    StepCode.RECOMPUTE_DEADLINE: {},
}
ONE = timedelta(days=1)
OF_FILES_AND_PAPERS = {
    StepCode.ATTACH,
    StepCode.WITHDRAW_ATTACHMENT,
    StepCode.MAKE_PAPER,
    StepCode.SUBMIT_PAPER,
    StepCode.CHECK_PAPER,
    StepCode.SIGN_PAPER,
    StepCode.REVISE_PAPER,
    StepCode.ISSUE_PAPER,
    StepCode.FILE_PAPER_SCAN,
    StepCode.SEND_PAPER,
    StepCode.SERVE_PAPER,
    StepCode.WITHDRAW_PAPER,
    StepCode.TAKE_DELIVERY,
}


def changed(before: Facts, after: Facts) -> dict[str, Any]:
    """What is another now, but for the history itself, the papers, and the day of the end, which the state tells."""
    told = [f.name for f in fields(Facts) if f.name not in ("history", "ended_on", "papers")]
    both = [(name, getattr(before, name), getattr(after, name)) for name in told]
    return {name: new for name, old, new in both if new != old}


def confirmed(case: Case, code: str) -> None:
    """By the first of the staff who may."""
    others = (p for p in STAFF if p.code != case.facts.pending[code].by)
    may = next(p for p in others if any(w.includes(p, case.facts) for w in STEPS[code].rule.then))
    case.confirm(code, by=may)


def test_every_step_that_takes_a_case_further_is_in_the_table() -> None:
    assert set(CHANGES) | OF_FILES_AND_PAPERS | {StepCode.REGISTER, StepCode.IMPORT_HISTORY} == set(STEPS)


@pytest.mark.parametrize("code", CHANGES)
def test_a_step_changes_this_and_nothing_else(code: str) -> None:
    make, by = READY[code]
    case = make()
    before = case.facts
    case.take(code, by=by)
    if code in case.facts.pending:
        confirmed(case, code)
    assert changed(before, case.facts) == CHANGES[code]
    assert (case.facts.ended_on is None) == (case.facts.state in OPEN_STATES)


# What comes in.


def test_everything_that_is_told_on_registration_is_kept() -> None:
    case = handed_down(
        sender_date="2026-03-01",
        feedback_due="2026-04-01",
        channel="visit",
        group_size=3,
        category="001",
        complained_units=[OTHER_UNIT],
        complained_staff=["other_head"],
        requests=[{"text": "甲"}, {"text": "乙"}],
    )
    f = case.facts
    assert (f.state, f.received_on, f.contact_clear_since) == (State.REGISTERED, RECEIVED, RECEIVED)
    assert (f.channel.value, f.source.value, f.sender, f.sender_number) == (
        "visit", "bureau_forwarded", "自治区信访局", "转1号",
    )  # fmt: skip
    assert (f.sender_date, f.feedback_due) == (date(2026, 3, 1), date(2026, 4, 1))
    assert (f.subject, f.category, f.group_size) == ("项目经费拨付", "001", 3)
    assert (f.complained_units, f.complained_staff) == ({OTHER_UNIT}, {"other_head"})
    assert f.requests == (RequestFacts(1, "甲"), RequestFacts(2, "乙"))
    assert registered(requests=[]).facts.requests == (RequestFacts(1, "项目经费拨付"),), "the subject is the request"


@pytest.mark.parametrize(
    ("answers", "clear"),
    [
        ({"persons": [{"name": "甲某", "address": "某路1号"}]}, True),
        ({"persons": [{"name": "甲某"}]}, False),
        ({"persons": [{"address": "某路1号"}]}, False),
        ({"persons": [{"name": "甲某"}, {"name": "乙某", "address": "某路1号"}], "group_size": 2}, True),
        ({"persons": []}, False),
        ({"persons": [{"name": "甲某"}], "channel": "online"}, True),
        ({"persons": [{"name": "甲某"}], "channel": "phone"}, True),
        ({"persons": [{"name": "甲某"}], "channel": "fax"}, False),
        ({"persons": [{"name": "甲某", "phone": "15000000001"}]}, True),
        ({"persons": [{"name": "甲某", "phone": "15000000001"}], "channel": "fax"}, True),
        ({"persons": [{"name": "甲某"}], "channel": "visit"}, True),
        ({"persons": [{"phone": "15000000001"}], "channel": "visit"}, True),
        ({"persons": [], "channel": "visit"}, True),
        ({"persons": [], "channel": "visit", "anonymous": True}, False),
        ({"persons": [{"phone": "1"}], "channel": "phone"}, False),
        ({"persons": [], "channel": "online"}, False),
        ({"persons": [{"address": "某路1号"}], "anonymous": True}, False),
        ({"persons": [{"phone": "15000000001"}], "channel": "online", "anonymous": True}, False),
    ],
)
def test_when_name_and_address_are_clear(answers: dict[str, Any], clear: bool) -> None:
    """条例第二十三条; what came over the network or by phone is answered the way it came."""
    assert registered(**answers).facts.contact_clear_since == (RECEIVED if clear else None)


def test_a_supplement_adds_requests_and_a_reply_that_was_not_issued_is_drafted_again() -> None:
    case = drafted()
    case.take(StepCode.SUPPLEMENT, by=PETITIONER)
    assert case.facts.reply_stage is ReplyStage.DRAFTED
    case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=[{"text": "乙"}, {"text": "丙"}])
    assert [(r.number, r.text) for r in case.facts.requests] == [(1, "请拨付经费"), (2, "乙"), (3, "丙")]
    assert case.facts.reply_stage is ReplyStage.NONE


def test_an_address_that_becomes_known_is_known_from_that_day_and_not_known_anew_later() -> None:
    case = registered(persons=[{"name": "甲某"}])
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=RECEIVED + timedelta(days=1))
    assert case.facts.contact_clear_since is None
    for days in (3, 5):
        case.take(StepCode.SUPPLEMENT, by=CLERK, on=RECEIVED + timedelta(days=days), contact_clear=True)
        assert case.facts.contact_clear_since == RECEIVED + timedelta(days=3)


# Who decides and handles.


def test_a_proposal_begins_the_instruction_afresh() -> None:
    case = classified()
    case.facts = replace(case.facts, awaiting_principal=True, instructed_by=(StaffCode("other_leader"),))
    case.take(StepCode.PROPOSE, by=CLERK, to_principal=True)
    assert (case.facts.awaiting_principal, case.facts.instructed_by, case.facts.to_principal) == (False, (), True)


def test_the_leader_may_name_others_than_were_proposed() -> None:
    case = proposed()
    answers = {"handling_unit": OTHER_UNIT, "assisting_units": [UNIT], "responsible_leader": "other_leader"}
    case.take(StepCode.INSTRUCT, by=LEADER, **answers)
    f = case.facts
    assert (f.handling_unit, f.assisting_units, f.responsible_leader) == (OTHER_UNIT, (UNIT,), "other_leader")


def test_what_the_leader_said_stands_when_the_principal_leader_only_agrees() -> None:
    case = classified()
    case.take(StepCode.PROPOSE, by=CLERK, to_principal=True)
    answers = {"handling_unit": OTHER_UNIT, "assisting_units": [UNIT], "responsible_leader": "other_leader"}
    case.take(StepCode.INSTRUCT, by=LEADER, **answers)
    assert (case.facts.state, case.facts.awaiting_principal) == (State.PROPOSED, True)
    case.take(StepCode.INSTRUCT, by=PRINCIPAL)
    f = case.facts
    assert (f.state, f.awaiting_principal, f.instructed_by) == (State.INSTRUCTED, False, ("leader", "principal"))
    assert (f.handling_unit, f.assisting_units, f.responsible_leader) == (OTHER_UNIT, (UNIT,), "other_leader")


def test_a_proposal_that_is_sent_back_leaves_nothing_of_itself() -> None:
    case = classified()
    case.take(StepCode.PROPOSE, by=CLERK, to_principal=True)
    case.take(StepCode.INSTRUCT, by=LEADER, assisting_units=[OTHER_UNIT])
    case.take(StepCode.INSTRUCT, by=PRINCIPAL, agree=False, text="请重拟")
    f = case.facts
    assert (f.state, f.proposed_leader, f.proposed_unit, f.awaiting_principal) == (State.REGISTERED, "", "", False)
    assert (f.instructed_by, f.handling_unit, f.assisting_units, f.responsible_leader) == ((), "", (), "")


def test_a_paper_instruction_counts_as_its_leader_s() -> None:
    case = proposed()
    paper_instruction(case)
    assert case.facts.instructed_by == () and case.facts.state is State.PROPOSED, "another of the office compares it"
    case.confirm(StepCode.INSTRUCT, by=SECOND_CLERK)
    assert case.facts.instructed_by == ("leader",) and case.facts.state is State.INSTRUCTED


def test_a_leader_who_has_left_for_a_journey_since_has_instructed_all_the_same() -> None:
    case = proposed()
    case.directory = with_away(LEADER)
    paper_instruction(case)
    case.confirm(StepCode.INSTRUCT, by=SECOND_CLERK)
    assert case.facts.instructed_by == ("leader",)


def test_accepting_may_name_others_than_were_instructed_once_the_leader_agrees() -> None:
    case = instructed()
    answers = {"handling_unit": OTHER_UNIT, "assisting_units": [UNIT], "responsible_leader": "other_leader"}
    case.take(StepCode.ACCEPT, by=CLERK, **answers)
    f = case.facts
    assert (f.handling_unit, f.assisting_units, f.responsible_leader) == (OTHER_UNIT, (UNIT,), "other_leader")
    case = proposed()
    case.take(StepCode.INSTRUCT, by=LEADER, assisting_units=[OTHER_UNIT])
    case.take(StepCode.ACCEPT, by=CLERK)
    assert case.facts.assisting_units == (OTHER_UNIT,)


def test_another_unit_signs_for_it_itself_and_names_its_own_handler() -> None:
    case = in_hand()
    case.take(StepCode.REFER, by=CLERK, handling_unit=OTHER_UNIT, assisting_units=[UNIT])
    f = case.facts
    assert (f.handling_unit, f.assisting_units, f.signed_for, f.handler) == (OTHER_UNIT, (UNIT,), False, "")
    assert f.handed_over_to_unit


def test_what_a_unit_gives_back_waits_at_the_office() -> None:
    case = assigned()
    case.facts = replace(case.facts, signed_for=False)
    case.take(StepCode.SEND_BACK, by=HEAD)
    assert (case.facts.handed_over_to_unit, case.facts.signed_for) == (False, False)


def test_who_is_recused_loses_every_part_in_it_and_nobody_else_does() -> None:
    """条例第二十八条."""
    case = proposed()
    case.take(StepCode.RECUSE, by=CLERK, person="leader")
    case.confirm(StepCode.RECUSE, by=PRINCIPAL)
    assert (case.facts.proposed_leader, case.facts.recused) == ("", {"leader"})
    for person, by in (("handler", OFFICE_HEAD), ("leader", PRINCIPAL), ("adviser", OFFICE_HEAD)):
        case = advised()
        case.facts = replace(case.facts, advice_wanted=True)
        before = case.facts
        case.take(StepCode.RECUSE, by=CLERK, person=person)
        assert case.facts.recused == before.recused, "not before a superior has decided"
        case.confirm(StepCode.RECUSE, by=by)
        now = changed(before, case.facts)
        recused = {"recused": before.recused | {person}}
        if person == "handler":
            # Who must withdraw drafted it: text, advice on it and what was asked for fall away.
            void = {"reply_stage": ReplyStage.NONE, "advice_given": False, "advice_wanted": False}
            assert now == {**recused, "handler": "", **void}
        elif person == "leader":
            assert now == {**recused, "responsible_leader": "", "proposed_leader": ""}
        else:
            assert now == {**recused, "advisers": frozenset(), "advice_wanted": False, "advice_given": False}


def test_advice_that_another_adviser_can_still_give_is_still_awaited() -> None:
    case = drafted()
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.facts = replace(case.facts, advisers=case.facts.advisers | {StaffCode("second_adviser")})
    case.take(StepCode.RECUSE, by=CLERK, person="adviser")
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    assert (case.facts.advisers, case.facts.advice_wanted) == ({"second_adviser"}, True)


def test_another_leader_for_what_waits_for_instruction_is_asked_for_the_instruction() -> None:
    case = classified()
    case.take(StepCode.PROPOSE, by=CLERK, to_principal=True)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.CHANGE_LEADER, by=OFFICE_HEAD)
    f = case.facts
    assert (f.proposed_leader, f.awaiting_principal, f.responsible_leader) == ("other_leader", False, "leader")


# The answer.


@pytest.mark.parametrize(
    ("code", "make", "by", "stage"),
    [
        (StepCode.REVIEW_REPLY, drafted, HEAD, ReplyStage.NONE),
        (StepCode.SIGN_REPLY, lambda: reviewed(), LEADER, ReplyStage.NONE),
    ],
)
def test_a_draft_that_is_not_agreed_to_is_drafted_again(
    code: str, make: Callable[[], Case], by: Actor, stage: ReplyStage
) -> None:
    case = make()
    case.facts = replace(case.facts, signed_text="ab" * 32)
    case.take(code, by=by, agree=False, opinion="请补充依据")
    assert case.facts.reply_stage is stage
    if code == StepCode.SIGN_REPLY:
        assert case.facts.signed_text == ""


def reviewed() -> Case:
    case = advised()
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    return case


def test_the_text_that_was_signed_is_known() -> None:
    case = reviewed()
    case.take(StepCode.SIGN_REPLY, by=LEADER, digest="ab" * 32)
    assert case.facts.signed_text == "ab" * 32


def test_each_finding_belongs_to_its_request() -> None:
    case = advised()
    case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=[{"text": "乙"}])
    second = {**FINDING, "request": 2, "finding": "不属实", "conclusion": "refuse", "basis": "某办法第四条"}
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, findings=[second, FINDING])
    assert case.facts.requests == (FOUND, RequestFacts(2, "乙", "不属实", Conclusion.REFUSE, "某办法第四条"))


def test_what_is_carried_out_belongs_to_its_request() -> None:
    case = heard()
    case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=[{"text": "乙"}])
    case.take(StepCode.TALK, by=HANDLER)
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, findings=[FINDING, {**FINDING, "request": 2}])
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER)
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    case.take(StepCode.SIGN_REPLY, by=LEADER)
    then(case, (StepCode.ISSUE_REPLY, CLERK), (StepCode.SERVE, HANDLER))
    case.take(StepCode.CARRY_OUT, by=HANDLER, request=2, text="已拨付")
    assert [r.carried_out for r in case.facts.requests] == ["", "已拨付"]


def test_an_extension_that_is_not_granted_adds_nothing() -> None:
    case = in_hand()
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, days=10)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=10, agree=False)
    assert (case.facts.extension_asked, case.facts.extended_days) == (0, 0)


def test_a_suggestion_that_was_acknowledged_keeps_the_day_of_the_notice() -> None:
    case = tell(then(suggested(), (StepCode.ACKNOWLEDGE, CLERK)), PaperKind.RECEIPT_NOTICE)
    then(case, (StepCode.REFER, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.STUDY, HANDLER))
    case.take(StepCode.ANSWER, by=HANDLER, on=RECEIVED + timedelta(days=19))
    tell(case, PaperKind.SUGGESTION_REPLY, on=RECEIVED + timedelta(days=20))
    f = case.facts
    assert (f.noticed_on, f.replied_on) == (RECEIVED, RECEIVED + timedelta(days=20))


def test_declining_is_not_leading_elsewhere() -> None:
    case = classified(route="two")
    case.take(StepCode.DECLINE, by=CLERK)
    assert case.facts.state is State.DECLINED
    assert "不予受理告知书" in case.papers and "法定途径告知书" not in case.papers


def test_what_could_be_told_to_nobody_counts_as_no_notice() -> None:
    case = registered(persons=[])
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    assert case.facts.noticed_on is None
    assert "存信告知书" not in case.papers and "存信审批单" in case.papers


# Redone after a review (条例第三十五条、第三十六条).


@pytest.mark.parametrize("result", ["revoked", "redo"])
def test_a_matter_to_be_redone_begins_its_handling_afresh(result: str) -> None:
    case = served()
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    case.facts = replace(
        case.facts,
        extended_days=30,
        extension_asked=10,
        signed_text="ab",
        archive_submitted=True,
        archived_from=State.CLOSED,
        closed_on=RECEIVED,
    )
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    later = RECEIVED + timedelta(days=9)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=later, decided_on=later, result=result, served_on=later)
    f = case.facts
    assert (f.state, f.accepted_on, f.review_stage, f.review_served_on) == (
        State.HANDLING,
        later,
        "",
        later,
    )
    assert (f.extended_days, f.extension_asked, f.reply_stage, f.signed_text) == (0, 0, ReplyStage.NONE, "")
    assert (f.advice_given, f.heard, f.requests) == (False, False, (ASKED,))
    assert (f.served_on, f.replied_on, f.closed_on) == (None, None, None)
    assert (f.archive_submitted, f.archived_from) == (False, None)
    assert f.review_result is ReviewResult(result)


@pytest.mark.parametrize("result", ["upheld", "changed"])
def test_what_is_upheld_or_changed_is_not_redone(result: str) -> None:
    case = served()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    changes = [CHANGED] if result == "changed" else []
    case.take(StepCode.FIRST_REVIEW, by=CLERK, result=result, changes=changes)
    assert (case.facts.state, case.facts.review_stage) == (State.SERVED, "first_done")


def test_a_final_review_leaves_its_result_the_day_it_was_received_and_the_days_of_its_hearing() -> None:
    case = served()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK)
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER)
    later = RECEIVED + timedelta(days=9)
    got = {"decided_on": "2026-03-06", "served_on": "2026-03-07", "hearing_days": 7}
    case.take(StepCode.FINAL_REVIEW, by=CLERK, on=later, result="changed", changes=[CHANGED], **got)
    f = case.facts
    assert (f.review_stage, f.review_result, f.hearing_days) == ("final_done", ReviewResult.CHANGED, 7)
    assert f.review_served_on == date(2026, 3, 7)


def test_a_request_for_review_is_followed_on_its_way() -> None:
    case = served()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    days = [RECEIVED + timedelta(days=n) for n in (1, 2, 3)]
    for news, day in zip(("sent", "arrived", "taken_back"), days, strict=True):
        attachment = case.proof(Material.PETITIONERS_WORDS)
        case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, on=day, news=news, attachment=attachment)
        f = case.facts
        sent = (f.review_stage, f.review_sent_on, f.review_arrived_on)
        arrived = days[1] if news == "arrived" else None
        assert sent == (("", None, None) if news == "taken_back" else ("first_asked", days[0], arrived))


# Attachments and papers.


def test_a_paper_goes_through_its_stages() -> None:
    case = in_hand()
    case.take(StepCode.MAKE_PAPER, by=HANDLER)
    stages = [case.facts.papers[0].stage]
    case.take(StepCode.SUBMIT_PAPER, by=HANDLER)
    stages.append(case.facts.papers[0].stage)
    case.take(StepCode.SIGN_PAPER, by=OFFICE_HEAD)
    stages.append(case.facts.papers[0].stage)
    case.take(StepCode.ATTACH, by=CLERK, what="paper")
    case.take(StepCode.ISSUE_PAPER, by=CLERK)
    stages.append(case.facts.papers[0].stage)
    case.take(StepCode.SERVE_PAPER, by=CLERK)
    stages.append(case.facts.papers[0].stage)
    assert stages == [
        PaperStage.DRAFT,
        PaperStage.SIGNING,
        PaperStage.SIGNED,
        PaperStage.ISSUED,
        PaperStage.SERVED,
    ]
    assert signed().facts.reply_stage is ReplyStage.SIGNED and accepted().facts.accepted_on == RECEIVED


# Told at once.


def test_under_the_simple_procedure_accepting_and_answering_tell_by_themselves() -> None:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, on=RECEIVED + ONE, handling_unit=UNIT, responsible_leader="leader")
    assert case.facts.noticed_on == RECEIVED + ONE
    for code, by in ((StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.TALK, HANDLER)):
        case.take(code, by=by)
    case.take(StepCode.ANSWER, by=HANDLER, on=RECEIVED + 3 * ONE)
    assert (case.facts.noticed_on, case.facts.replied_on) == (RECEIVED + ONE, RECEIVED + 3 * ONE)


def test_an_answer_tells_who_was_told_nothing_before_only_where_no_paper_has_to_leave() -> None:
    case = studied()
    case.facts = replace(case.facts, contact_clear_since=None)
    case.take(StepCode.ANSWER, by=HANDLER, on=RECEIVED + 3 * ONE)
    assert (case.facts.noticed_on, case.facts.replied_on) == (RECEIVED + 3 * ONE, RECEIVED + 3 * ONE)
    case = studied()
    case.take(StepCode.ANSWER, by=HANDLER, on=RECEIVED + 3 * ONE)
    assert (case.facts.noticed_on, case.facts.replied_on) == (None, None), "the reply has yet to leave"


def test_advice_that_was_asked_of_the_recused_alone_is_asked_for_no_more() -> None:
    case = drafted()
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    assert case.facts.advice_wanted
    case.take(StepCode.RECUSE, by=CLERK, person="adviser")
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    assert (case.facts.advice_wanted, case.facts.advisers) == (False, frozenset())
