"""一项条件有几种不符合的情形的，逐一不准；相近而合乎规定的，逐一准许。"""

from dataclasses import replace
from datetime import timedelta
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
    OTHER_SEALED,
    OTHER_UNIT,
    OUTSIDE,
    RECEIVED,
    RECEPTION,
    SEALED,
    SECOND_HANDLER,
    SOMEBODY,
    UNIT,
    without,
)
from tests.articles.stories import in_hand, reported
from xinfang.procedure.facts import FileFacts, PersonFacts, RequestFacts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.ends_without_reply import REOPENED
from xinfang.procedure.words import (
    Channel,
    Conclusion,
    Material,
    MatterClass,
    PaperStage,
    PersonRole,
    Purpose,
    ReplyStage,
    Retention,
    Route,
    Source,
    State,
)

from .test_every_condition import READY, Break, a_paper

DAY = timedelta(days=1)
REPRESENTATIVE = {**SOMEBODY, "role": "representative"}
AGENT = {**SOMEBODY, "role": "agent"}
DOWN = {"source": "superior", "sender": "科技部", "sender_number": "1"}
NOBODY = StaffCode("")
SIMPLE_CLAIM = Break(
    facts={"matter_class": MatterClass.CLAIM, "purpose": Purpose.CLAIM, "route": Route.SIX, "simple": True}
)
CHANGED = {"request": 1, "decision": "补发经费", "conclusion": "support", "basis": "某办法第五条"}
CONCLUDED = RequestFacts(1, "请拨付经费", "属实", Conclusion.SUPPORT, "某办法")


def fact(**facts: object) -> Break:
    return Break(facts=facts)


def scanned(**changes: Any) -> Break:
    """What the leader wrote was scanned and added."""
    file = FileFacts(1, Material.INSTRUCTION, "5c" * 32, StaffCode("clerk"), "pdf")
    return Break(facts={"files": (replace(file, **changes),)}, attachment=1)


SHEET = scanned()


def recused(*people: str) -> Break:
    return fact(recused=frozenset(map(StaffCode, people)))


def accused(*people: str) -> Break:
    return fact(complained_staff=frozenset(map(StaffCode, people)))


def joined(*breaks: Break, **answers: object) -> Break:
    """All of them at once."""
    by = next((b.by for b in breaks if b.by), None)
    late = sum(b.late for b in breaks)
    facts = {k: v for b in breaks for k, v in b.facts.items()}
    return Break(by=by, late=late, facts=facts, **{k: v for b in breaks for k, v in b.answers.items()}, **answers)


def with_attached(what: Material, **changes: Any) -> Break:
    """The case has one attachment, of this kind, and the step names it."""
    return scanned(what=what, **changes)


OTHER_MATERIAL = with_attached(Material.EVIDENCE)
WITHDRAWN_LETTER = with_attached(Material.OTHER_BODYS_PAPER, withdrawn=True)
PAPER_SCAN = with_attached(Material.PAPER)

REFUSED: list[tuple[str, str, Break]] = [
    # 来件
    (
        StepCode.REGISTER,
        "at_most_five_representatives",
        Break(channel="visit", group_size=6, persons=[REPRESENTATIVE] * 6),
    ),
    (StepCode.REGISTER, "the_group_is_not_smaller_than_its_list", Break(group_size=0)),
    (StepCode.REGISTER, "the_group_is_not_smaller_than_its_list", Break(group_size=0, persons=[])),
    (StepCode.REGISTER, "the_group_is_not_smaller_than_its_list", Break(group_size=1, persons=[SOMEBODY] * 2)),
    (StepCode.REGISTER, "a_handed_down_matter_names_its_sender", Break(**{**DOWN, "sender": ""})),
    (StepCode.REGISTER, "a_handed_down_matter_names_its_sender", Break(**{**DOWN, "sender_number": ""})),
    (StepCode.REGISTER, "the_accused_exist", Break(complained_staff=["nobody"])),
    (StepCode.REGISTER, "the_accused_exist", Break(complained_units=[UNIT, "nowhere"])),
    (StepCode.SUPPLEMENT, "who_is_added_has_their_proof",
     joined(with_attached(Material.OTHER_BODYS_PAPER), persons=[AGENT])),
    (StepCode.LINK_REPEAT, "it_repeats_another", Break(first="")),
    (StepCode.LINK_REPEAT, "same_person_same_matter", Break(same_person=False)),
    (StepCode.CORRECT, "that_person_or_request_is_there", Break(what="role", person=0, public_value="agent")),
    (StepCode.CORRECT, "that_person_or_request_is_there", Break(what="request", request=2, text_value="请说明")),
    (StepCode.CORRECT, "the_new_value_fits", Break(what="group_size", public_value="几个")),
    (StepCode.CORRECT, "the_new_value_fits", Break(what="role", public_value="邻居")),
    (StepCode.CORRECT, "the_corrected_people_can_be", Break(what="role", public_value="agent")),
    (StepCode.CORRECT, "the_corrected_people_can_be",
     Break(what="role", public_value="代表", facts={"persons": (PersonFacts(role=PersonRole.REPRESENTATIVE),) * 6})),
    (StepCode.CORRECT, "the_new_value_fits", Break(what="channel", new_value="飞鸽", public_value="飞鸽")),
    (StepCode.CORRECT, "the_new_value_fits", Break(what="source", new_value="路边", public_value="路边")),
    (StepCode.CORRECT, "the_new_value_fits",
     Break(what="accepted_on", new_value="2026-03-02", public_value="2026-03-02")),
    (StepCode.CORRECT, "the_new_value_fits",
     Break(what="served_on", new_value="2026-03-02", public_value="2026-03-02")),
    # 甄别
    (StepCode.CLASSIFY, "only_a_claim_has_a_route", Break(matter_class="report", purpose="report")),
    (StepCode.CLASSIFY, "it_may_be_handled_simply", Break(simple=True, facts={"repeat_of": "LX2026000009"})),
    (StepCode.CLASSIFY, "it_may_be_handled_simply", Break(simple=True, facts={"source": Source.SUPERIOR})),
    (StepCode.CLASSIFY, "it_may_be_handled_simply", Break(simple=True, facts={"source": Source.BUREAU_ASSIGNED})),
    (StepCode.CLASSIFY, "it_may_be_handled_simply", Break(simple=True, route="four")),
    (StepCode.CLASSIFY, "it_may_be_handled_simply",
     Break(simple=True, route=None, matter_class="report", purpose="report")),
    (StepCode.OBJECTION_UPHELD, "the_answer_is_dated_and_numbered", Break(answered_on=None)),
    (StepCode.OBJECTION_REJECTED, "the_answer_is_dated_and_numbered", Break(answer_number="")),
    (StepCode.CLASSIFY, "what_is_not_ours_says_why", Break(competence="subordinate")),
    (StepCode.CLASSIFY, "a_consultation_is_no_claim_with_a_route", Break(purpose="consultation", simple=True)),
    (StepCode.OBJECTION_UPHELD, "the_agreement_is_proven", OTHER_MATERIAL),
    (StepCode.OBJECTION_UPHELD, "the_agreement_is_proven", WITHDRAWN_LETTER),
    (StepCode.OBJECTION_UPHELD, "the_agreement_is_proven", Break(attachment=9)),
    (StepCode.ROUTE, "it_is_not_route_six", fact(matter_class=MatterClass.SUGGESTION, route=None)),
    (StepCode.ROUTE, "it_is_not_route_six", fact(purpose=Purpose.CONSULTATION, route=None)),
    (StepCode.DECLINE, "what_is_ours_is_declined_only_while_pending_below",
     fact(matter_class=MatterClass.SUGGESTION, route=None)),
    (StepCode.DECLINE, "what_is_ours_is_declined_only_while_pending_below",
     Break(ground="pending_below", facts={"purpose": Purpose.CONSULTATION, "route": None})),
    (StepCode.DECLINE, "that_it_is_dealt_with_is_proven", OTHER_MATERIAL),
    (StepCode.DECLINE, "that_it_is_dealt_with_is_proven", WITHDRAWN_LETTER),
    (StepCode.FILE_WITHOUT_ACTION, "it_is_a_letter", fact(channel=Channel.PHONE)),
    (StepCode.FILE_WITHOUT_ACTION, "it_can_be_read_here",
     Break(ground="unclear", contact_attempt="无法联系", facts={"persons": (PersonFacts(name="甲某", translate=True),)})),
    (StepCode.FILE_WITHOUT_ACTION, "the_earlier_case_was_answered",
     Break(ground="concluded", concluded_number="LX2025000001")),
    (StepCode.FILE_WITHOUT_ACTION, "the_earlier_case_was_answered",
     Break(ground="concluded", concluded_number="LX2025000001", **OTHER_MATERIAL.answers, facts=OTHER_MATERIAL.facts)),
    (StepCode.FILE_WITHOUT_ACTION, "the_earlier_case_was_answered",
     Break(ground="answered_repeat", attachment=1, facts={**PAPER_SCAN.facts, "repeat_of": "LX2026000009"})),
    (StepCode.REOPEN, "it_ended_aside", fact(state=State.ARCHIVED, archived_from=State.CLOSED)),
    (StepCode.REFUSE_FURTHER, "the_final_review_is_on_record", joined(OTHER_MATERIAL, on_record=False)),
    (StepCode.REFUSE_FURTHER, "the_final_review_is_on_record", joined(PAPER_SCAN, on_record=False)),
    (StepCode.REFUSE_FURTHER, "a_final_review_exists", Break(opinion_number="")),
    (StepCode.REFUSE_FURTHER, "a_final_review_exists", Break(first_review_number="")),
    (StepCode.REFUSE_FURTHER, "a_final_review_exists", Break(final_review_number="")),
    # 拟办、批示
    (StepCode.PROPOSE, "the_proposed_unit_is_fit", Break(unit="nowhere")),
    (StepCode.PROPOSE, "the_proposed_unit_is_fit", Break(unit=OUTSIDE)),
    (StepCode.PROPOSE, "the_proposed_unit_is_fit", fact(complained_units=frozenset({UnitCode(UNIT)}))),
    (StepCode.PROPOSE, "the_proposed_leader_is_not_recused", recused("leader")),
    (StepCode.PROPOSE, "the_proposed_leader_is_not_recused", accused("leader")),
    (StepCode.PROPOSE, "it_is_handled_or_reviewed_here", fact(route=None)),
    (StepCode.INSTRUCT, "a_paper_instruction_names_its_leader", Break(paper_leader="other_leader")),
    (StepCode.INSTRUCT, "a_paper_instruction_names_its_leader", Break(by=CLERK)),
    (StepCode.INSTRUCT, "a_paper_instruction_names_its_leader", joined(SHEET, Break(by=CLERK, paper_leader="handler"))),
    (StepCode.INSTRUCT, "a_paper_instruction_names_its_leader", joined(SHEET, Break(by=CLERK, paper_leader="nobody"))),
    (StepCode.INSTRUCT, "a_paper_instruction_names_its_leader",
     joined(SHEET, Break(by=CLERK, paper_leader="other_leader"))),
    (StepCode.INSTRUCT, "a_paper_instruction_names_its_leader", joined(SHEET, Break(paper_leader="leader"))),
    (StepCode.INSTRUCT, "a_paper_instruction_names_its_leader",
     joined(SHEET, recused("principal"), Break(by=CLERK, paper_leader="principal"))),
    (StepCode.INSTRUCT, "a_paper_instruction_names_its_leader",
     joined(SHEET, accused("principal"), Break(by=CLERK, paper_leader="principal"))),
    (StepCode.INSTRUCT, "a_paper_instruction_has_its_scan",
     joined(SHEET, Break(by=CLERK, paper_leader="leader", attachment=2))),
    (StepCode.INSTRUCT, "a_paper_instruction_has_its_scan",
     joined(scanned(kind="docx"), Break(by=CLERK, paper_leader="leader"))),
    (StepCode.INSTRUCT, "a_paper_instruction_has_its_scan",
     joined(scanned(withdrawn=True), Break(by=CLERK, paper_leader="leader"))),
    (StepCode.INSTRUCT, "a_paper_instruction_has_its_scan",
     joined(scanned(what=Material.PAPER), Break(by=CLERK, paper_leader="leader"))),
    (StepCode.INSTRUCT, "agreement_names_unit_and_leader", fact(proposed_unit=UnitCode(""))),
    (StepCode.INSTRUCT, "agreement_names_unit_and_leader", joined(fact(proposed_leader=NOBODY))),
    (StepCode.INSTRUCT, "the_unit_can_handle", Break(assisting_units=[OUTSIDE])),
    (StepCode.INSTRUCT, "the_unit_can_handle", Break(handling_unit="nowhere")),
    (StepCode.INSTRUCT, "the_leader_is_not_recused",
     joined(recused("other_leader"), Break(responsible_leader="other_leader"))),
    (StepCode.INSTRUCT, "the_leader_is_not_recused",
     joined(accused("other_leader"), Break(responsible_leader="other_leader"))),
    # 受理、转办、签收
    (StepCode.ACCEPT, "acceptance_names_unit_and_leader", fact(handling_unit=UnitCode(""))),
    (StepCode.ACCEPT, "acceptance_names_unit_and_leader", fact(responsible_leader=NOBODY)),
    (StepCode.ACCEPT, "it_was_instructed_or_is_simple", fact(state=State.REGISTERED)),
    (StepCode.REFER, "it_is_accepted_or_a_suggestion", fact(matter_class=MatterClass.CLAIM)),
    (StepCode.ASSIGN, "a_feedback_date_is_set", Break(feedback_on=RECEIVED - DAY)),
    (StepCode.SIGN_FOR, "it_waits_for_signature", fact(handed_over_to_unit=False)),
    (StepCode.SIGN_FOR, "it_waits_for_signature", fact(signed_for=True)),
    (StepCode.SIGN_FOR, "the_handler_is_of_the_unit", Break(handler="nobody")),
    (StepCode.SIGN_FOR, "the_handler_is_of_the_unit", Break(handler="other_head")),
    (StepCode.SIGN_FOR, "the_handler_is_of_the_unit", recused("handler")),
    (StepCode.SIGN_FOR, "the_handler_is_of_the_unit", accused("handler")),
    (StepCode.PROMISE_REPLY, "the_promise_lies_ahead", Break(promised_on=RECEIVED)),
    # 办理
    (StepCode.SEEK_LEGAL_ADVICE, "the_adviser_is_one", Break(adviser="nobody")),
    (StepCode.SEEK_LEGAL_ADVICE, "the_adviser_is_one", Break(adviser="handler")),
    (StepCode.SEEK_LEGAL_ADVICE, "the_adviser_is_one", recused("adviser")),
    (StepCode.REQUEST_EXTENSION, "at_most_thirty_days", Break(days=0)),
    (StepCode.REQUEST_EXTENSION, "not_extended_before", fact(extended_days=1)),
    (StepCode.ANSWER, "it_may_be_answered", fact(matter_class=MatterClass.CLAIM)),
    (StepCode.ANSWER, "a_simple_answer_supports_or_explains", joined(SIMPLE_CLAIM, conclusion="refuse")),
    (StepCode.ANSWER, "a_simple_answer_supports_or_explains", joined(SIMPLE_CLAIM, conclusion=None)),
    (StepCode.ANSWER, "a_simple_answer_supports_or_explains", joined(SIMPLE_CLAIM, basis="")),
    (StepCode.ANSWER, "an_answer_refuses_nothing", joined(SIMPLE_CLAIM, refuses_nothing=False)),
    # 答复
    (StepCode.DRAFT_REPLY, "each_request_is_concluded", fact(requests=(RequestFacts(1, "甲"), RequestFacts(2, "乙")))),
    (StepCode.DRAFT_REPLY, "findings_answer_the_requests", Break(findings=[FINDING, FINDING])),
    (StepCode.DRAFT_REPLY, "findings_answer_the_requests", Break(findings=[FINDING, {**FINDING, "request": 2}])),
    (StepCode.SIGN_REPLY, "all_requests_are_concluded", fact(requests=())),
    (StepCode.SIGN_REPLY, "all_requests_are_concluded", fact(requests=(CONCLUDED, replace(CONCLUDED, basis="")))),
    (StepCode.ISSUE_REPLY, "legal_advice_is_on_file", fact(advice_given=False)),
    (StepCode.ISSUE_REPLY, "all_requests_are_concluded", fact(requests=(replace(CONCLUDED, finding=""),))),
    (StepCode.SERVE, "refusal_has_a_witness", Break(method="left")),
    (StepCode.SERVE, "refusal_has_a_witness", Break(receipt="refused")),
    (StepCode.SERVE, "served_after_it_was_issued", Break(served_on=RECEIVED - DAY)),
    (StepCode.SERVE, "the_reply_that_is_served_was_issued", a_paper("reply_opinion", "signing")),
    (StepCode.SERVE, "the_reply_that_is_served_was_issued", a_paper("reply_opinion", "withdrawn")),
    (StepCode.SERVE, "the_reply_that_is_served_was_issued", a_paper("acceptance_notice", "issued")),
    (StepCode.SERVE, "the_reply_that_is_served_was_issued", fact(papers=())),
    (StepCode.CARRY_OUT, "that_request_is_supported", Break(request=2)),
    (StepCode.CARRY_OUT, "that_request_is_supported",
     fact(requests=(replace(CONCLUDED, conclusion=Conclusion.EXPLAIN), replace(CONCLUDED, number=2)))),
    (StepCode.ASK_TO_MEET, "the_wanted_leader_is_fit", joined(recused("other_leader"), leader="other_leader")),
    (StepCode.ASK_TO_MEET, "the_wanted_leader_is_fit", joined(accused("other_leader"), leader="other_leader")),
    # 复查、复核
    (StepCode.REQUEST_FIRST_REVIEW, "the_right_has_not_lapsed", Break(late=31)),
    (StepCode.FINAL_REVIEW, "hearing_days_are_possible", Break(hearing_days=-1)),
    (StepCode.FINAL_REVIEW, "hearing_days_are_possible", Break(hearing_days=181)),
    # 监督
    (StepCode.SUPERVISE, "the_feedback_lies_ahead", Break(feedback_on=RECEIVED)),
    (StepCode.CHANGE_LEADER, "the_new_leader_is_fit", Break(leader="handler")),
    (StepCode.CHANGE_LEADER, "the_new_leader_is_fit", Break(leader="nobody")),
    (StepCode.CHANGE_LEADER, "the_new_leader_is_fit", accused("other_leader")),
    (StepCode.CHANGE_HANDLER, "the_new_handler_is_fit", Break(handler="nobody")),
    (StepCode.CHANGE_HANDLER, "the_new_handler_is_fit", Break(handler="other_head")),
    (StepCode.CHANGE_HANDLER, "the_new_handler_is_fit", accused("second_handler")),
    (StepCode.RATE, "the_rating_is_one", Break(office_rating=2)),
    (StepCode.RATE, "the_rating_is_one", Break(unit_rating=2)),
    (StepCode.RATE, "the_rating_is_one", Break(unit_rating=4)),
    (StepCode.RATE, "the_rating_is_one", Break(office_rating=-1)),
    # 附件、文书
    (StepCode.WITHDRAW_ATTACHMENT, "that_attachment_is_there", Break(attachment=2)),
    (StepCode.CHANGE_RETENTION, "the_period_changes", fact(retention=Retention.PERMANENT)),
    (StepCode.FIRST_REVIEW, "a_change_says_what_is_changed", Break(changes=[CHANGED])),
    *(
        (StepCode.FIRST_REVIEW, "a_change_says_what_is_changed", Break(result="changed", changes=changes))
        for changes in (
            [{"request": 1}],
            [{**CHANGED, "request": 9}],
            [{**CHANGED, "basis": ""}],
            [{**CHANGED, "conclusion": None}],
            [CHANGED, CHANGED],
        )
    ),
    (StepCode.FIRST_REVIEW, "received_after_it_was_decided", Break(late=2, served_on=RECEIVED + DAY)),
    (StepCode.DESTROY, "no_review_is_under_way", fact(review_stage="first_asked")),
    (StepCode.DESTROY, "no_review_is_under_way", fact(review_stage="final_asked")),
]  # fmt: skip

ALLOWED: list[tuple[str, Break]] = [
    # 来件
    (StepCode.REGISTER, Break(body="")),
    (StepCode.REGISTER, Break(requests=[])),
    (StepCode.REGISTER, Break(group_size=9, persons=[REPRESENTATIVE] * 5)),
    (StepCode.REGISTER, Break(group_size=9, persons=[*[REPRESENTATIVE] * 5, SOMEBODY])),
    (StepCode.REGISTER, Break(channel="visit", group_size=5, persons=[SOMEBODY, REPRESENTATIVE])),
    (StepCode.REGISTER, Break(channel="visit", group_size=4)),
    (StepCode.REGISTER, Break(channel="letter", group_size=5)),
    (StepCode.REGISTER, Break(group_size=2, persons=[SOMEBODY] * 2)),
    (StepCode.REGISTER, Break(group_size=1, persons=[SOMEBODY, AGENT])),
    (StepCode.REGISTER, Break(persons=[])),
    (StepCode.REGISTER, Break(**DOWN)),
    (StepCode.REGISTER, Break(**{**DOWN, "sender_number": "", "sender_date": RECEIVED})),
    (StepCode.REGISTER, Break(**DOWN, sender_date=RECEIVED)),
    (StepCode.REGISTER, Break(source="leader_assigned")),
    (StepCode.REGISTER, Break(complained_units=[UNIT, OTHER_UNIT], complained_staff=["handler"])),
    (StepCode.SUPPLEMENT, joined(with_attached(Material.PETITIONERS_WORDS), persons=[AGENT])),
    (StepCode.SUPPLEMENT, fact(reply_stage=ReplyStage.ISSUED)),
    (StepCode.SUPPLEMENT, Break(requests=[{"text": "乙"}])),
    (StepCode.CORRECT, Break(what="received_on", new_value="2026-03-01", public_value="2026-03-01")),
    (StepCode.CORRECT, Break(what="channel", new_value="来访", public_value="来访")),
    (StepCode.CORRECT, Break(what="channel", new_value="visit", public_value="visit")),
    (StepCode.CORRECT,
     Break(what="source", new_value="上级部门转来", public_value="上级部门转来", facts={"sender": "科技部"})),
    (StepCode.CORRECT, Break(what="name", new_value="乙某", public_value="")),
    # 甄别
    (StepCode.CLASSIFY, Break(route=None, purpose="consultation")),
    (StepCode.CLASSIFY, Break(route=None, matter_class="suggestion", purpose="suggestion")),
    (StepCode.CLASSIFY, Break(simple=True)),
    (StepCode.CLASSIFY, Break(simple=True, facts={"source": Source.BUREAU_FORWARDED})),
    (StepCode.CLASSIFY, Break(simple=True, route=None, purpose="consultation")),
    (StepCode.CLASSIFY, Break(facts={"group_size": 2})),
    (StepCode.CLASSIFY, Break(competence="elsewhere", not_ours="属于劳动监察")),
    (StepCode.CLASSIFY, Break(route=None, competence="elsewhere", not_ours="属于劳动监察")),
    (StepCode.CLASSIFY, Break(route=None, competence="subordinate", not_ours="市级项目")),
    (StepCode.OBJECT, Break(late=7)),
    (StepCode.OBJECT, Break(late=8, late_reason="来文机关补交材料后才能判断")),
    (StepCode.OBJECTION_REJECTED, Break(answered_on=None, answer_number="", no_answer=True)),
    (StepCode.DECLINE, Break(ground="pending_below", facts={"route": Route.SIX})),
    (StepCode.DECLINE, Break(reference="")),
    (StepCode.FILE_WITHOUT_ACTION, Break(ground="unclear", contact_attempt="电话无人接听")),
    (StepCode.FILE_WITHOUT_ACTION,
     Break(ground="answered_repeat", answered=True, facts={"repeat_of": "LX2026000009"})),
    (StepCode.FILE_WITHOUT_ACTION, Break(ground="concluded", concluded_number="LX2025000001", answered=True)),
    (StepCode.FILE_WITHOUT_ACTION, joined(PAPER_SCAN, ground="concluded", concluded_number="2019年第7号")),
    *((StepCode.FILE_WITHOUT_ACTION, fact(channel=channel)) for channel in (Channel.FAX, Channel.ONLINE)),
    (StepCode.FILE_WITHOUT_ACTION, fact(persons=(PersonFacts(name="甲某", language="汉语"),))),
    (StepCode.FILE_WITHOUT_ACTION,
     Break(ground="concluded", concluded_number="LX2025000001", answered=True,
           facts={"persons": (PersonFacts(name="甲某", language="蒙古语"),)})),
    *((StepCode.REOPEN, fact(state=state)) for state in REOPENED),
    *((StepCode.REOPEN, fact(state=State.ARCHIVED, archived_from=state)) for state in REOPENED),
    (StepCode.REFUSE_FURTHER, joined(with_attached(Material.OTHER_BODYS_PAPER), on_record=False)),
    # 拟办、批示
    (StepCode.INSTRUCT, joined(SHEET, Break(by=CLERK, paper_leader="leader"))),
    (StepCode.INSTRUCT, joined(SHEET, Break(by=CLERK, paper_leader="principal"))),
    (StepCode.INSTRUCT, joined(fact(proposed_unit=UnitCode("")), Break(handling_unit=OTHER_UNIT))),
    (StepCode.INSTRUCT, Break(text="")),
    (StepCode.INSTRUCT,
     joined(SHEET, fact(proposed_leader=NOBODY),
            Break(by=CLERK, paper_leader="principal", responsible_leader="leader"))),
    (StepCode.INSTRUCT, Break(agree=False, text="请重拟")),
    (StepCode.INSTRUCT, joined(fact(proposed_unit=UnitCode("")), Break(agree=False, text="请重拟"))),
    (StepCode.INSTRUCT, Break(assisting_units=[OTHER_UNIT])),
    # 受理、转办、签收
    (StepCode.ACCEPT, joined(fact(handling_unit=UnitCode("")), Break(handling_unit=OTHER_UNIT))),
    (StepCode.ACCEPT, joined(fact(responsible_leader=NOBODY), Break(responsible_leader="leader"))),
    (StepCode.ACCEPT, Break(accepted_on=RECEIVED)),
    (StepCode.ASSIGN, Break(feedback_on=RECEIVED)),
    (StepCode.SIGN_FOR, Break(handler="")),
    (StepCode.SIGN_FOR, Break(handler="head")),
    (StepCode.PROMISE_REPLY, Break(promised_on=RECEIVED + DAY)),
    # 办理
    (StepCode.SEEK_LEGAL_ADVICE, fact(advice_given=True)),
    (StepCode.REQUEST_EXTENSION, Break(days=1)),
    (StepCode.ACKNOWLEDGE, fact(matter_class=MatterClass.CLAIM, purpose=Purpose.CONSULTATION)),
    (StepCode.ANSWER, Break(basis="", conclusion=None)),
    (StepCode.ANSWER, joined(SIMPLE_CLAIM, conclusion="explain")),
    (StepCode.ANSWER, joined(SIMPLE_CLAIM, text="已经予以支持")),
    # 答复
    (StepCode.SIGN_REPLY, fact(heard=False, contact_clear_since=None)),
    (StepCode.SIGN_REPLY,
     Break(agree=False, opinion="请补充", facts={"advice_given": False, "heard": False, "requests": ()})),
    (StepCode.SERVE, Break(method="left", witness="社区工作人员")),
    (StepCode.SERVE, Break(receipt="refused", witness="社区工作人员")),
    (StepCode.SERVE, Break(method="post", mail_number="XA0000000115")),
    (StepCode.SERVE, a_paper("reply_opinion", "issued")),
    (StepCode.CLOSE, fact(requests=(replace(CONCLUDED, conclusion=Conclusion.REFUSE),))),
    (StepCode.ASK_TO_MEET, Break(leader="other_leader")),
    # 复查、复核
    (StepCode.REQUEST_FIRST_REVIEW, Break(late=30)),
    (StepCode.REQUEST_FIRST_REVIEW, Break(late=300, late_reason="住院")),
    (StepCode.FINAL_REVIEW, Break(hearing_days=180)),
    (StepCode.FIRST_REVIEW, Break(result="changed", changes=[CHANGED, {"request": 2}])),
    (StepCode.FIRST_REVIEW, fact(handler=NOBODY)),
    # 监督
    (StepCode.SUPERVISE, Break(feedback_on=RECEIVED + DAY)),
    (StepCode.RATE, Break(office_rating=0, unit_rating=3)),
    (StepCode.RATE, Break(office_rating=3, unit_rating=0)),
    (StepCode.RATE, Break(office_rating=1, unit_rating=1)),
    (StepCode.RATE, fact(noticed_on=None)),
    (StepCode.RATE, fact(served_on=None)),
    (StepCode.CHANGE_RETENTION, Break(retention="years_30")),
    (StepCode.DESTROY, fact(review_stage="final_done")),
]  # fmt: skip


def names(rows: list[tuple]) -> list[str]:  # type: ignore[type-arg]
    return [f"{n}-{'-'.join(row[:-1])}" for n, row in enumerate(rows)]


@pytest.mark.parametrize(("code", "name", "wrong"), REFUSED, ids=names(REFUSED))
def test_refused(code: str, name: str, wrong: Break) -> None:
    make, by = READY[code]
    case = make()
    case.facts = replace(case.facts, **wrong.facts)
    day = case.today + timedelta(days=wrong.late)
    assert name in case.refused(code, by=wrong.by or by, on=day, **wrong.answers).codes


@pytest.mark.parametrize(("code", "right"), ALLOWED, ids=names(ALLOWED))
def test_allowed(code: str, right: Break) -> None:
    make, by = READY[code]
    case = make()
    case.facts = replace(case.facts, **right.facts)
    case.take(code, by=right.by or by, on=case.today + timedelta(days=right.late), **right.answers)


def test_only_what_was_handed_down_has_days_to_object() -> None:
    make, by = READY[StepCode.OBJECT]
    case = make()
    case.facts = replace(case.facts, source=Source.DIRECT)
    assert case.refused(StepCode.OBJECT, by=by, on=RECEIVED + 30 * DAY).codes == {"it_was_handed_down"}


def test_another_adviser_is_asked_only_when_the_first_is_gone() -> None:
    make, _ = READY[StepCode.GIVE_LEGAL_ADVICE]
    case = make()
    assert (
        "no_advice_is_awaited" in case.refused(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER, adviser="second_adviser").codes
    )
    case.directory = without(ADVISER)
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER, adviser="second_adviser")


def test_who_drafted_a_reply_neither_signs_it_nor_reviews_it_by_standing_in() -> None:
    """规程第四条、第六条、第十三条."""
    make, _ = READY[StepCode.REVIEW_REPLY]
    case = make()
    case.directory = without(HEAD)
    drafted_by_leader = tuple(
        replace(h, by=LEADER.code) if h.code == StepCode.DRAFT_REPLY else h for h in case.facts.history
    )
    case.facts = replace(case.facts, history=drafted_by_leader, recused=frozenset({StaffCode("office_head")}))
    assert case.refused(StepCode.REVIEW_REPLY, by=LEADER).codes == {"who_reviews_did_not_draft_it"}
    make, _ = READY[StepCode.SIGN_REPLY]
    case = make()
    case.facts = replace(case.facts, history=drafted_by_leader)
    assert case.refused(StepCode.SIGN_REPLY, by=LEADER).codes == {"who_signs_did_not_draft_it"}
    case.take(StepCode.SIGN_REPLY, by=LEADER, agree=False, opinion="请他人拟写")


@pytest.mark.parametrize("stage", PaperStage)
def test_nothing_is_handed_in_while_a_paper_is_under_way(stage: PaperStage) -> None:
    make, by = READY[StepCode.SUBMIT_ARCHIVE]
    case = make()
    case.facts = replace(
        case.facts, papers=(*case.facts.papers, *a_paper("inquiry_report", stage.value).facts["papers"])
    )
    under_way = stage in (PaperStage.DRAFT, PaperStage.CHECKING, PaperStage.SIGNING, PaperStage.SIGNED)
    if under_way:
        assert "no_paper_is_under_way" in case.refused(StepCode.SUBMIT_ARCHIVE, by=by).codes
    else:
        case.take(StepCode.SUBMIT_ARCHIVE, by=by)


def test_an_attachment_is_withdrawn_by_who_added_it_or_the_office() -> None:
    make, _ = READY[StepCode.WITHDRAW_ATTACHMENT]
    for by, added_by, may in (
        (HANDLER, "handler", True),
        (HANDLER, "clerk", False),
        (CLERK, "handler", True),
        (OFFICE_HEAD, "handler", True),
        (RECEPTION, "handler", False),
        (SECOND_HANDLER, "handler", False),
    ):
        case = make()
        files = tuple(replace(f, by=StaffCode(added_by)) for f in case.facts.files)
        case.facts = replace(case.facts, files=files, handling_unit=UnitCode(UNIT))
        if may:
            case.take(StepCode.WITHDRAW_ATTACHMENT, by=by)
        else:
            assert case.refused(StepCode.WITHDRAW_ATTACHMENT, by=by).codes == {"added_by_oneself_or_office"}


def test_an_attachment_that_is_not_there_is_all_that_is_said() -> None:
    case = in_hand()
    assert case.refused(StepCode.WITHDRAW_ATTACHMENT, by=HANDLER, attachment=7).codes == {"that_attachment_is_there"}


def test_who_stands_in_reviews_what_another_drafted() -> None:
    make, _ = READY[StepCode.REVIEW_REPLY]
    case = make()
    case.directory = without(HEAD)
    case.take(StepCode.REVIEW_REPLY, by=OFFICE_HEAD)


def test_an_officer_withdraws_what_another_attached_within_the_sealed_compartment() -> None:
    case = reported()
    case.take(StepCode.ATTACH, by=SEALED)
    case.take(StepCode.WITHDRAW_ATTACHMENT, by=OTHER_SEALED)


def test_the_same_content_is_attached_again_once_the_first_was_withdrawn() -> None:
    make, by = READY[StepCode.WITHDRAW_ATTACHMENT]
    case = make()
    assert "not_attached_already" in case.refused(StepCode.ATTACH, by=by).codes
    case.take(StepCode.ATTACH, by=by, digest="cd" * 32)
    case.take(StepCode.WITHDRAW_ATTACHMENT, by=by)
    assert "that_attachment_is_there" in case.refused(StepCode.WITHDRAW_ATTACHMENT, by=by).codes
    case.take(StepCode.ATTACH, by=by)
    assert [(f.number, f.withdrawn) for f in case.facts.files] == [(1, True), (2, False), (3, False)]


def test_the_rows_name_conditions_that_there_are() -> None:
    for code, name, _ in REFUSED:
        assert name in {c.code for c in STEPS[code].rule.provided}, name
