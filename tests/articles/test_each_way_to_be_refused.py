"""一项条件有几种不符合的情形的，逐一不准；相近而合乎规定的，逐一准许。"""

from dataclasses import replace
from datetime import timedelta

import pytest

from xinfang.procedure.facts import RequestFacts
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import (
    Conclusion,
    MatterClass,
    PaperStage,
    Purpose,
    ReplyStage,
    Retention,
    Source,
    State,
)

from .house import (
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
    in_hand,
    reported,
    without,
)
from .test_every_condition import READY, Break, a_paper

DAY = timedelta(days=1)
REPRESENTATIVE = {**SOMEBODY, "role": "representative"}
AGENT = {**SOMEBODY, "role": "agent"}
DOWN = {"source": "superior", "sender": "科技部", "sender_number": "1"}
NOBODY = StaffCode("")
CONCLUDED = RequestFacts(1, "请拨付经费", "属实", Conclusion.SUPPORT, "某办法")


def fact(**facts: object) -> Break:
    return Break(facts=facts)


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


REFUSED: list[tuple[str, str, Break]] = [
    # 来件
    ("register", "at_most_five_representatives", Break(group_size=6, persons=[REPRESENTATIVE] * 6)),
    ("register", "a_group_has_representatives", Break(channel="visit", group_size=5, persons=[SOMEBODY])),
    ("register", "the_group_is_not_smaller_than_its_list", Break(group_size=0)),
    ("register", "the_group_is_not_smaller_than_its_list", Break(group_size=0, persons=[])),
    ("register", "the_group_is_not_smaller_than_its_list", Break(group_size=1, persons=[SOMEBODY] * 2)),
    ("register", "a_handed_down_matter_names_its_sender", Break(**{**DOWN, "sender": ""})),
    ("register", "a_handed_down_matter_names_its_sender", Break(**{**DOWN, "sender_number": ""})),
    ("register", "the_accused_exist", Break(complained_staff=["nobody"])),
    ("register", "the_accused_exist", Break(complained_units=[UNIT, "nowhere"])),
    ("link_repeat", "it_repeats_another", Break(first="")),
    ("link_repeat", "same_person_same_matter", Break(same_person=False)),
    ("correct", "the_new_value_fits", Break(what="channel", new_value="飞鸽", public_value="飞鸽")),
    ("correct", "the_new_value_fits", Break(what="source", new_value="路边", public_value="路边")),
    ("correct", "the_new_value_fits", Break(what="accepted_on", new_value="2026-03-02", public_value="2026-03-02")),
    ("correct", "the_new_value_fits", Break(what="served_on", new_value="2026-03-02", public_value="2026-03-02")),
    # 甄别
    ("classify", "only_a_claim_has_a_route", Break(matter_class="report", purpose="report")),
    ("classify", "it_may_be_handled_simply", Break(simple=True, facts={"repeat_of": "LX2026000009"})),
    ("classify", "it_may_be_handled_simply", Break(simple=True, facts={"source": Source.SUPERIOR})),
    ("classify", "it_may_be_handled_simply", Break(simple=True, facts={"source": Source.BUREAU_ASSIGNED})),
    ("classify", "it_may_be_handled_simply", Break(simple=True, route="four")),
    ("classify", "it_may_be_handled_simply", Break(simple=True, route=None, matter_class="report", purpose="report")),
    ("objection_upheld", "the_answer_is_dated_and_numbered", Break(answered_on=None)),
    ("objection_rejected", "the_answer_is_dated_and_numbered", Break(answer_number="")),
    ("route", "it_is_not_route_six", fact(matter_class=MatterClass.SUGGESTION, route=None)),
    ("refuse_further", "a_final_review_exists", Break(opinion_number="")),
    ("refuse_further", "a_final_review_exists", Break(first_review_number="")),
    ("refuse_further", "a_final_review_exists", Break(final_review_number="")),
    # 拟办、批示
    ("propose", "the_proposed_unit_is_fit", Break(unit="nowhere")),
    ("propose", "the_proposed_unit_is_fit", Break(unit=OUTSIDE)),
    ("propose", "the_proposed_unit_is_fit", fact(complained_units=frozenset({UnitCode(UNIT)}))),
    ("propose", "the_proposed_leader_is_not_recused", recused("leader")),
    ("propose", "the_proposed_leader_is_not_recused", accused("leader")),
    ("propose", "it_is_a_claim_of_route_six", fact(route=None)),
    ("instruct", "a_paper_instruction_names_its_leader", Break(paper_leader="other_leader")),
    ("instruct", "a_paper_instruction_names_its_leader", Break(by=CLERK)),
    ("instruct", "a_paper_instruction_names_its_leader", Break(by=CLERK, paper_leader="handler")),
    ("instruct", "a_paper_instruction_names_its_leader",
     joined(recused("other_leader"), Break(by=CLERK, paper_leader="other_leader"))),
    ("instruct", "a_paper_instruction_names_its_leader",
     joined(accused("other_leader"), Break(by=CLERK, paper_leader="other_leader"))),
    ("instruct", "agreement_names_unit_and_leader", fact(proposed_unit=UnitCode(""))),
    ("instruct", "agreement_names_unit_and_leader", joined(fact(proposed_leader=NOBODY))),
    ("instruct", "the_unit_can_handle", Break(assisting_units=[OUTSIDE])),
    ("instruct", "the_unit_can_handle", Break(handling_unit="nowhere")),
    ("instruct", "the_leader_is_not_recused",
     joined(recused("other_leader"), Break(responsible_leader="other_leader"))),
    ("instruct", "the_leader_is_not_recused",
     joined(accused("other_leader"), Break(responsible_leader="other_leader"))),
    # 受理、转办、签收
    ("accept", "acceptance_names_unit_and_leader", fact(handling_unit=UnitCode(""))),
    ("accept", "acceptance_names_unit_and_leader", fact(responsible_leader=NOBODY)),
    ("accept", "it_was_instructed_or_is_simple", fact(state=State.REGISTERED)),
    ("refer", "it_is_accepted_or_a_suggestion", fact(matter_class=MatterClass.CLAIM)),
    ("assign", "a_feedback_date_is_set", Break(feedback_on=RECEIVED - DAY)),
    ("sign_for", "it_waits_for_signature", fact(handed_over_to_unit=False)),
    ("sign_for", "it_waits_for_signature", fact(signed_for=True)),
    ("sign_for", "the_handler_is_of_the_unit", Break(handler="nobody")),
    ("sign_for", "the_handler_is_of_the_unit", Break(handler="other_head")),
    ("sign_for", "the_handler_is_of_the_unit", recused("handler")),
    ("sign_for", "the_handler_is_of_the_unit", accused("handler")),
    ("promise_reply", "the_promise_lies_ahead", Break(promised_on=RECEIVED)),
    # 办理
    ("seek_legal_advice", "the_adviser_is_one", Break(adviser="nobody")),
    ("seek_legal_advice", "the_adviser_is_one", Break(adviser="handler")),
    ("seek_legal_advice", "the_adviser_is_one", recused("adviser")),
    ("request_extension", "at_most_thirty_days", Break(days=0)),
    ("request_extension", "not_extended_before", fact(extended_days=1)),
    ("answer", "it_may_be_answered", fact(matter_class=MatterClass.CLAIM)),
    # 答复
    ("draft_reply", "each_request_is_concluded", fact(requests=(RequestFacts(1, "甲"), RequestFacts(2, "乙")))),
    ("draft_reply", "findings_answer_the_requests", Break(findings=[FINDING, FINDING])),
    ("draft_reply", "findings_answer_the_requests", Break(findings=[FINDING, {**FINDING, "request": 2}])),
    ("sign_reply", "all_requests_are_concluded", fact(requests=())),
    ("sign_reply", "all_requests_are_concluded", fact(requests=(CONCLUDED, replace(CONCLUDED, basis="")))),
    ("issue_reply", "legal_advice_is_on_file", fact(advice_given=False)),
    ("issue_reply", "all_requests_are_concluded", fact(requests=(replace(CONCLUDED, finding=""),))),
    ("serve", "refusal_has_a_witness", Break(method="left")),
    ("serve", "refusal_has_a_witness", Break(receipt="refused")),
    ("serve", "served_after_it_was_issued", Break(served_on=RECEIVED - DAY)),
    ("serve", "the_reply_that_is_served_was_issued", a_paper("reply_opinion", "signing")),
    ("carry_out", "that_request_is_supported", Break(request=2)),
    ("carry_out", "that_request_is_supported",
     fact(requests=(replace(CONCLUDED, conclusion=Conclusion.EXPLAIN), replace(CONCLUDED, number=2)))),
    # 复查、复核
    ("request_first_review", "the_right_has_not_lapsed", Break(late=31)),
    ("final_review", "hearing_days_are_possible", Break(hearing_days=-1)),
    ("final_review", "hearing_days_are_possible", Break(hearing_days=181)),
    # 监督
    ("supervise", "the_feedback_lies_ahead", Break(feedback_on=RECEIVED)),
    ("change_leader", "the_new_leader_is_fit", Break(leader="handler")),
    ("change_leader", "the_new_leader_is_fit", Break(leader="nobody")),
    ("change_leader", "the_new_leader_is_fit", accused("other_leader")),
    ("change_handler", "the_new_handler_is_fit", Break(handler="nobody")),
    ("change_handler", "the_new_handler_is_fit", Break(handler="other_head")),
    ("change_handler", "the_new_handler_is_fit", accused("second_handler")),
    ("rate", "the_rating_is_one", Break(office_rating=2)),
    ("rate", "the_rating_is_one", Break(unit_rating=2)),
    ("rate", "the_rating_is_one", Break(unit_rating=4)),
    ("rate", "the_rating_is_one", Break(office_rating=-1)),
    # 附件、文书
    ("withdraw_attachment", "that_attachment_is_there", Break(attachment=2)),
    ("change_retention", "the_period_changes", fact(retention=Retention.PERMANENT)),
    ("destroy", "no_review_is_under_way", fact(review_stage="first_asked")),
    ("destroy", "no_review_is_under_way", fact(review_stage="final_asked")),
]  # fmt: skip

ALLOWED: list[tuple[str, Break]] = [
    # 来件
    ("register", Break(body="")),
    ("register", Break(requests=[])),
    ("register", Break(group_size=9, persons=[REPRESENTATIVE] * 5)),
    ("register", Break(group_size=9, persons=[*[REPRESENTATIVE] * 5, SOMEBODY])),
    ("register", Break(channel="visit", group_size=5, persons=[SOMEBODY, REPRESENTATIVE])),
    ("register", Break(channel="visit", group_size=4)),
    ("register", Break(channel="letter", group_size=5)),
    ("register", Break(group_size=2, persons=[SOMEBODY] * 2)),
    ("register", Break(group_size=1, persons=[SOMEBODY, AGENT])),
    ("register", Break(persons=[])),
    ("register", Break(**DOWN)),
    ("register", Break(**{**DOWN, "sender_number": "", "sender_date": RECEIVED})),
    ("register", Break(**DOWN, sender_date=RECEIVED)),
    ("register", Break(source="leader_assigned")),
    ("register", Break(complained_units=[UNIT, OTHER_UNIT], complained_staff=["handler"])),
    ("supplement", fact(reply_stage=ReplyStage.ISSUED)),
    ("supplement", Break(requests=[{"text": "乙"}])),
    ("correct", Break(what="received_on", new_value="2026-03-01", public_value="2026-03-01")),
    ("correct", Break(what="channel", new_value="来访", public_value="来访")),
    ("correct", Break(what="channel", new_value="visit", public_value="visit")),
    ("correct", Break(what="source", new_value="上级部门转来", public_value="上级部门转来")),
    ("correct", Break(what="name", new_value="乙某", public_value="")),
    # 甄别
    ("classify", Break(route=None, purpose="consultation")),
    ("classify", Break(route=None, matter_class="suggestion", purpose="suggestion")),
    ("classify", Break(simple=True)),
    ("classify", Break(simple=True, facts={"source": Source.BUREAU_FORWARDED})),
    ("classify", Break(simple=True, route=None, purpose="consultation")),
    ("classify", Break(facts={"group_size": 2})),
    ("object", Break(late=7)),
    ("route", Break(decline=True)),
    ("file_without_action", Break(ground="unclear", contact_attempt="电话无人接听")),
    ("file_without_action", Break(ground="answered_repeat", facts={"repeat_of": "LX2026000009"})),
    ("file_without_action", Break(ground="concluded", concluded_number="LX2025000001")),
    ("reopen", fact(state=State.DECLINED)),
    ("reopen", fact(state=State.ARCHIVED, archived_from=State.FILED)),
    # 拟办、批示
    ("instruct", Break(paper_leader="leader")),
    ("instruct", Break(by=CLERK, paper_leader="other_leader")),
    ("instruct", joined(fact(proposed_unit=UnitCode("")), Break(handling_unit=OTHER_UNIT))),
    ("instruct", Break(agree=False, text="请重拟")),
    ("instruct", joined(fact(proposed_unit=UnitCode("")), Break(agree=False, text="请重拟"))),
    ("instruct", Break(assisting_units=[OTHER_UNIT])),
    # 受理、转办、签收
    ("accept", joined(fact(handling_unit=UnitCode("")), Break(handling_unit=OTHER_UNIT))),
    ("accept", joined(fact(responsible_leader=NOBODY), Break(responsible_leader="leader"))),
    ("accept", Break(accepted_on=RECEIVED)),
    ("assign", Break(feedback_on=RECEIVED)),
    ("sign_for", Break(handler="")),
    ("sign_for", Break(handler="head")),
    ("promise_reply", Break(promised_on=RECEIVED + DAY)),
    # 办理
    ("seek_legal_advice", fact(advice_given=True)),
    ("request_extension", Break(days=1)),
    ("acknowledge", fact(matter_class=MatterClass.CLAIM, purpose=Purpose.CONSULTATION)),
    ("answer", Break(basis="")),
    # 答复
    ("sign_reply", fact(heard=False, contact_clear_since=None)),
    ("sign_reply", Break(agree=False, opinion="请补充", facts={"advice_given": False, "heard": False, "requests": ()})),
    ("serve", Break(method="left", witness="社区工作人员")),
    ("serve", Break(receipt="refused", witness="社区工作人员")),
    ("serve", Break(method="post")),
    ("serve", a_paper("reply_opinion", "issued")),
    ("serve", a_paper("reply_opinion", "withdrawn")),
    ("serve", a_paper("acceptance_notice", "signing")),
    ("close", fact(requests=(replace(CONCLUDED, conclusion=Conclusion.REFUSE),))),
    # 复查、复核
    ("request_first_review", Break(late=30)),
    ("request_first_review", Break(late=300, late_reason="住院")),
    ("final_review", Break(hearing_days=180)),
    ("first_review", Break(reviewer="second_handler")),
    ("first_review", fact(handler=NOBODY)),
    # 监督
    ("supervise", Break(feedback_on=RECEIVED + DAY)),
    ("rate", Break(office_rating=0, unit_rating=3)),
    ("rate", Break(office_rating=3, unit_rating=0)),
    ("rate", Break(office_rating=1, unit_rating=1)),
    ("rate", fact(noticed_on=None)),
    ("rate", fact(served_on=None)),
    ("change_retention", Break(retention="years_30")),
    ("destroy", fact(review_stage="final_done")),
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
    make, by = READY["object"]
    case = make()
    case.facts = replace(case.facts, source=Source.DIRECT)
    assert case.refused("object", by=by, on=RECEIVED + 30 * DAY).codes == {"it_was_handed_down"}


def test_another_adviser_is_asked_only_when_the_first_is_gone() -> None:
    make, _ = READY["give_legal_advice"]
    case = make()
    assert "no_advice_is_awaited" in case.refused("seek_legal_advice", by=HANDLER, adviser="second_adviser").codes
    case.directory = without(ADVISER)
    case.take("seek_legal_advice", by=HANDLER, adviser="second_adviser")


def test_who_drafted_a_reply_neither_signs_it_nor_reviews_it_by_standing_in() -> None:
    """规程第四条、第六条、第十三条."""
    make, _ = READY["review_reply"]
    case = make()
    case.directory = without(HEAD)
    drafted_by_leader = tuple(replace(h, by=LEADER.code) if h.code == "draft_reply" else h for h in case.facts.history)
    case.facts = replace(case.facts, history=drafted_by_leader, recused=frozenset({StaffCode("office_head")}))
    assert case.refused("review_reply", by=LEADER).codes == {"who_stands_in_reviews_no_draft_of_their_own"}
    make, _ = READY["sign_reply"]
    case = make()
    case.facts = replace(case.facts, history=drafted_by_leader)
    assert case.refused("sign_reply", by=LEADER).codes == {"who_signs_did_not_draft_it"}
    case.take("sign_reply", by=LEADER, agree=False, opinion="请他人拟写")


def test_a_head_may_review_a_draft_of_the_head_s_own() -> None:
    make, _ = READY["draft_reply"]
    case = make()
    case.take("draft_reply", by=HEAD)
    case.take("review_reply", by=HEAD)


@pytest.mark.parametrize("stage", PaperStage)
def test_nothing_is_handed_in_while_a_paper_is_under_way(stage: PaperStage) -> None:
    make, by = READY["submit_archive"]
    case = make()
    case.facts = replace(case.facts, papers=tuple(a_paper("inquiry_report", stage.value).facts["papers"]))
    under_way = stage in (PaperStage.DRAFT, PaperStage.CHECKING, PaperStage.SIGNING, PaperStage.SIGNED)
    if under_way:
        assert "no_paper_is_under_way" in case.refused("submit_archive", by=by).codes
    else:
        case.take("submit_archive", by=by)


def test_an_attachment_is_withdrawn_by_who_added_it_or_the_office() -> None:
    make, _ = READY["withdraw_attachment"]
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
            case.take("withdraw_attachment", by=by)
        else:
            assert case.refused("withdraw_attachment", by=by).codes == {"added_by_oneself_or_office"}


def test_an_attachment_that_is_not_there_is_all_that_is_said() -> None:
    case = in_hand()
    assert case.refused("withdraw_attachment", by=HANDLER, attachment=7).codes == {"that_attachment_is_there"}


def test_who_stands_in_reviews_what_another_drafted() -> None:
    make, _ = READY["review_reply"]
    case = make()
    case.directory = without(HEAD)
    case.take("review_reply", by=OFFICE_HEAD)


def test_an_officer_withdraws_what_another_attached_within_the_sealed_compartment() -> None:
    case = reported()
    case.take("attach", by=SEALED)
    case.take("withdraw_attachment", by=OTHER_SEALED)


def test_the_same_content_is_attached_again_once_the_first_was_withdrawn() -> None:
    make, by = READY["withdraw_attachment"]
    case = make()
    assert "not_attached_already" in case.refused("attach", by=by).codes
    case.take("attach", by=by, digest="cd" * 32)
    case.take("withdraw_attachment", by=by)
    assert "that_attachment_is_there" in case.refused("withdraw_attachment", by=by).codes
    case.take("attach", by=by)
    assert [(f.number, f.withdrawn) for f in case.facts.files] == [(1, True), (2, False), (3, False)]


def test_the_rows_name_conditions_that_there_are() -> None:
    for code, name, _ in REFUSED:
        assert name in {c.code for c in STEPS[code].rule.provided}, name
