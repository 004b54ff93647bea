"""一个人不能用几步合起来了结、移走信访事项：分件、移出密封区、改写机关名称都不是出口（条例第二十二、三十、三十一、四十四条）。"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.articles.department import (
    BOTH,
    CLERK,
    HANDLER,
    LEADER,
    OFFICE_HEAD,
    OTHER_LEADER,
    OTHER_SEALED,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    RECEPTION,
    SEALED,
    SECOND_CLERK,
    SOMEBODY,
    UNIT,
    Case,
    without,
)
from tests.articles.stories import (
    accepted,
    classified,
    forwarded,
    handed_down,
    in_hand,
    instructed,
    issue,
    registered,
    reported,
    tell,
    then,
)
from xinfang.procedure.facts import Actor, ClassInLetter
from xinfang.procedure.papers import unsent_papers
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.steps.reconsideration import who_took_part
from xinfang.procedure.steps.service import is_mail_number
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import Competence, Material, MatterClass, PaperKind, Route, State

NOT_OURS = {"route": None, "competence": "elsewhere", "not_ours": "属于自然资源局"}
AS_OURS = ClassInLetter(matter_class=MatterClass.CLAIM, route=Route.SIX, competence=Competence.OURS)


# 分出的件，不是重新分类的机会（第三十一条、第四十四条）。


def part_of_a_claim(was: ClassInLetter = AS_OURS) -> Case:
    """A part of a letter that was classified before it was split."""
    return registered(requests=[{"text": "请公开结果"}], part_of="LX2026000097", letter_class=[vars_of(was)])


def vars_of(was: ClassInLetter) -> dict[str, object]:
    return {name: getattr(was, name) for name in ("matter_class", "route", "purpose", "competence", "simple")}


def test_what_was_classified_as_ours_is_not_split_off_and_turned_away_by_one_person() -> None:
    """来信已按途径（六）分类、批示；经办人分出一项，改认定不属本厅职权，须由另一人确认。"""
    part = part_of_a_claim()
    part.take(StepCode.CLASSIFY, by=CLERK, waits=True, **NOT_OURS)
    assert part.facts.matter_class is None, "it waits for another"
    assert part.refused(StepCode.REDIRECT, by=CLERK).codes == {"it_is_classified"}
    part.confirm(StepCode.CLASSIFY, by=SECOND_CLERK)
    part.take(StepCode.REDIRECT, by=CLERK, alone=True)
    assert part.facts.state is State.REDIRECTED


@pytest.mark.parametrize(
    "turned_into",
    [
        {"matter_class": "suggestion", "route": None, "purpose": None},
        {"route": None, "purpose": "consultation"},
        {"route": "two"},
        {"route": "five"},
        NOT_OURS,
    ],
)
def test_nor_does_one_person_turn_a_part_into_anything_else_than_its_letter_was(turned_into: dict[str, str]) -> None:
    part = part_of_a_claim()
    assert part.take(StepCode.CLASSIFY, by=CLERK, waits=True, **turned_into).stage == "proposed"


def test_a_part_that_is_what_its_letter_was_takes_one_person() -> None:
    part_of_a_claim().take(StepCode.CLASSIFY, by=CLERK, alone=True)
    elsewhere = part_of_a_claim(ClassInLetter(matter_class=MatterClass.CLAIM, competence=Competence.ELSEWHERE))
    elsewhere.take(StepCode.CLASSIFY, by=CLERK, alone=True, **NOT_OURS)


def test_a_part_of_a_letter_without_a_class_is_ours_by_one_and_anothers_by_two() -> None:
    """原件没有分类，或者密封后由专管员分出的：不让一个人把举报内容分出来再推出去（第三十条）。"""
    registered(part_of="LX2026000097").take(StepCode.CLASSIFY, by=CLERK, alone=True)
    part = registered(part_of="LX2026000097")
    assert part.take(StepCode.CLASSIFY, by=BOTH, waits=True, **NOT_OURS).stage == "proposed"


def test_a_part_leaves_the_simple_procedure_by_two_as_its_letter_would() -> None:
    part = part_of_a_claim(replace(AS_OURS, simple=True))
    assert part.take(StepCode.CLASSIFY, by=CLERK, waits=True).stage == "proposed"


def test_what_is_found_to_be_a_report_is_sealed_at_once_also_in_a_part() -> None:
    part = part_of_a_claim()
    part.take(StepCode.CLASSIFY, by=CLERK, alone=True, matter_class="report", route=None, purpose=None)
    assert part.facts.sealed


def test_only_a_part_takes_its_class_from_a_letter() -> None:
    case = registered(letter_class=[vars_of(AS_OURS)])
    assert case.facts.class_in_letter is None


# 移出密封区（第二十二条、第三十条）。


def test_out_of_the_compartment_it_comes_by_two_officers() -> None:
    """误转的，由两名专管员移出：移出以后，被反映的人就可能看到。"""
    case = reported()
    case.take(StepCode.UNSEAL, by=SEALED, waits=True)
    assert case.facts.sealed and not may_see(CLERK, case.facts)
    assert case.refused_to_confirm(StepCode.UNSEAL, by=SEALED).codes == {"second_person"}
    case.confirm(StepCode.UNSEAL, by=OTHER_SEALED)
    assert not case.facts.sealed and may_see(CLERK, case.facts)


def test_where_there_is_one_officer_the_principal_leader_agrees() -> None:
    case = reported()
    case.directory = without(OTHER_SEALED, BOTH)
    case.take(StepCode.UNSEAL, by=SEALED, waits=True)
    assert may_see(PRINCIPAL, case.facts) and not may_see(LEADER, case.facts)
    case.confirm(StepCode.UNSEAL, by=PRINCIPAL)
    assert not case.facts.sealed and not case.facts.pending


def test_an_officer_does_not_classify_it_out_of_the_compartment() -> None:
    refused = reported().refused(StepCode.CLASSIFY, by=SEALED)
    assert refused.codes == {"what_is_sealed_comes_out_first"}
    assert "条例第三十条" in refused


def test_who_is_clerk_and_officer_does_not_turn_away_what_came_out_alone() -> None:
    """兼任专管员的经办人：移出要两人，移出后认定不属本厅职权还要另一人。"""
    case = reported()
    case.take(StepCode.UNSEAL, by=BOTH)
    case.take(StepCode.CLASSIFY, by=BOTH, waits=True, **NOT_OURS)
    assert case.facts.competence is None
    case.confirm(StepCode.CLASSIFY, by=CLERK)
    ours = then(reported(), (StepCode.UNSEAL, BOTH))
    ours.take(StepCode.CLASSIFY, by=BOTH, alone=True)


def test_what_was_answered_as_a_suggestion_and_is_taken_up_again_is_not_turned_away_by_who_decided_that() -> None:
    case = registered()
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="suggestion", route=None, purpose=None)
    case.facts = replace(case.facts, state=State.ANSWERED)
    words = case.proof(Material.PETITIONERS_WORDS)
    case.take(StepCode.REQUEST_RECONSIDERATION, by=CLERK, against="answered", attachment=words)
    case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    assert case.take(StepCode.CLASSIFY, by=OFFICE_HEAD, waits=True, **NOT_OURS).stage == "proposed"


# 写成别的机关，其实是本厅，或者就是被反映的单位。


@pytest.mark.parametrize("body", ["本厅成果处", "我厅", "成果处", "某自治区科学技术厅", "某自治区科学技术厅办公室"])
def test_nobody_is_told_to_turn_to_the_department_itself_elsewhere(body: str) -> None:
    """条例第四十四条：属于本厅职权的，不得推诿；“告知”不能告知到本厅。"""
    case = registered()
    case.directory = replace(case.directory, department="某自治区科学技术厅")
    case.take(StepCode.CLASSIFY, by=CLERK, **NOT_OURS)
    assert case.refused(StepCode.REDIRECT, by=CLERK, body=body).codes == {"the_body_is_another"}
    case.take(StepCode.REDIRECT, by=CLERK, body="某市科技局办公室")


@pytest.mark.parametrize("body", ["自治区人民政府", "某大学"])
def test_only_what_a_body_below_is_handling_is_declined_for_that(body: str) -> None:
    """条例第十九条：下级机关、单位正在办理的才不予受理；上级、其他单位在办理的不算。"""
    case = classified()
    refused = case.refused(
        StepCode.DECLINE,
        by=CLERK,
        ground="pending_below",
        body=body,
        listed=False,
        attachment=case.proof(Material.OTHER_BODYS_PAPER),
    )
    assert refused.codes == {"what_is_pending_below_is_with_a_body_below"}


@pytest.mark.parametrize("body", ["成果处", "厅成果处负责人", "head"])
def test_a_report_does_not_go_to_whom_it_names(body: str) -> None:
    """条例第三十条：不得将检举控告材料移交被检举的单位和人员。"""
    case = reported(complained_units=[UNIT], complained_staff=["head"])
    refused = case.refused(StepCode.HAND_OVER, by=SEALED, body=body)
    assert refused.codes == {"it_does_not_go_to_whom_it_names"}
    case.take(StepCode.HAND_OVER, by=SEALED)


def test_the_days_of_a_part_stay_those_of_the_letter() -> None:
    assert part_of_a_claim().facts.received_on == RECEIVED


# 一个勾、几个空栏不能关掉期限（第二十三条：姓名、住址不清的除外，是信访人没有留，不是登记人没有填）。


def test_who_gave_a_name_is_not_registered_as_anonymous() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, anonymous=True)
    assert refused.codes == {"who_gave_a_name_is_not_anonymous"} and "条例第二十三条" in refused


@pytest.mark.parametrize(
    "persons", [[], [{"name": "", "phone": "13000000000", "address": "某路1号"}], [{"name": "甲某"}]]
)
def test_a_visitor_whom_nobody_asked_who_they_are_is_owed_the_notice_all_the_same(persons: list[object]) -> None:
    """来访人就在窗口：没有登记姓名是登记人的疏漏，书面告知的十五日照样起算，不予支持前照样听取意见。"""
    case = registered(channel="visit", persons=persons)
    assert case.facts.contact_clear_since == RECEIVED
    assert case.clock("notice").due.due == RECEIVED + timedelta(days=15)


def test_a_visitor_who_gives_no_name_is_not_owed_one() -> None:
    assert not registered(channel="visit", persons=[], anonymous=True).runs("notice")


# 先按建议告知收到，再改作申诉求决的（第二十三条、第三十四条）。


def found_to_be_a_claim(*before: tuple[StepCode, Actor]) -> Case:
    """A suggestion, of which the petitioner was told that it came in, is found to be a claim on the tenth day."""
    case = registered()
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="suggestion", route=None, purpose=None)
    then(case, *before, (StepCode.ACKNOWLEDGE, CLERK))
    paper = issue(case, PaperKind.RECEIPT_NOTICE)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=paper)
    assert case.facts.noticed_on == RECEIVED and case.clock("notice").stopped_on == RECEIVED
    case.take(StepCode.CLASSIFY, by=CLERK, on=RECEIVED + timedelta(days=10))
    return case


@pytest.mark.parametrize("before", [(), ((StepCode.REFER, CLERK),)])
def test_what_becomes_a_claim_owes_the_notice_of_acceptance_from_the_day_of_receipt(
    before: tuple[tuple[StepCode, Actor], ...],
) -> None:
    case = found_to_be_a_claim(*before)
    notice = case.clock("notice")
    assert (notice.stopped_on, notice.due.due) == (None, RECEIVED + timedelta(days=15))
    assert case.facts.noticed_on is None
    assert notice.overdue(RECEIVED + timedelta(days=200)), "not accepted on day 200, it has been late since day 15"
    then(case, (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK))
    assert [u.kind for u in unsent_papers(case.facts)] == [PaperKind.ACCEPTANCE_NOTICE]
    tell(case)
    assert case.clock("notice").stopped_on == case.today


def test_what_was_told_of_a_suggestion_counts_again_once_it_is_one_again() -> None:
    case = found_to_be_a_claim()
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="suggestion", route=None, purpose=None)
    assert case.clock("notice").stopped_on == RECEIVED


# 申诉求决不能一个人改成“复查请求”（第三十五条、第四十四条）。


def test_what_was_classified_becomes_a_request_for_review_by_two() -> None:
    case = classified()
    case.take(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=RECEIVED - timedelta(days=5), waits=True)
    assert case.facts.review_of is None and case.facts.route is Route.SIX
    case.confirm(StepCode.TAKE_AS_REVIEW, by=SECOND_CLERK)
    assert case.facts.review_of is not None


def test_what_nobody_has_classified_yet_is_taken_as_a_review_by_one() -> None:
    registered().take(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=RECEIVED - timedelta(days=5), alone=True)


def test_who_handled_the_matter_stays_kept_from_the_review_whatever_is_said_of_it_later() -> None:
    """条例第二十八条：经手过原事项的人员，不因再登记一次而可以参加复查。"""
    case = registered()
    got_on = RECEIVED - timedelta(days=5)
    case.take(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=got_on, handled_by=["handler", "leader"])
    case.take(StepCode.TAKE_AS_REVIEW, by=CLERK, got_on=got_on, handled_by=["head"], waits=True)
    case.confirm(StepCode.TAKE_AS_REVIEW, by=SECOND_CLERK)
    assert case.facts.review_of is not None and case.facts.review_of.barred == {"handler", "leader", "head"}


# 不出具意见书的终结，都可以请求重新审查（第四十四条）。


NUMBERS = {"opinion_number": "内科信答〔2026〕1号", "first_review_number": "1号", "final_review_number": "2号"}


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_is_no_number(number: str) -> None:
    case = classified()
    refused = case.refused(StepCode.REFUSE_FURTHER, by=CLERK, **{**NUMBERS, number: "无"})
    assert "a_final_review_exists" in refused.codes and "条例第三十六条" in refused


def test_what_nobody_has_classified_is_not_refused_further() -> None:
    assert "it_is_classified" in registered().refused(StepCode.REFUSE_FURTHER, by=CLERK).codes


def refused_further() -> Case:
    case = classified()
    case.take(StepCode.REFUSE_FURTHER, by=CLERK)
    case.confirm(StepCode.REFUSE_FURTHER, by=SECOND_CLERK)
    return case


def returned() -> Case:
    case = handed_down()
    return then(case, (StepCode.OBJECT, CLERK), (StepCode.OBJECTION_UPHELD, CLERK))


@pytest.mark.parametrize(
    ("end", "against"),
    [(refused_further, "refused"), (forwarded, "forwarded"), (returned, "returned")],
    ids=["不再受理", "转送", "退回来文机关"],
)
def test_each_end_without_an_opinion_is_looked_at_once_more_by_who_took_no_part(
    end: Callable[[], Case], against: str
) -> None:
    case = end()
    assert case.facts.ended_on is not None
    case.take(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER, against=against)
    for took_part in (h.by for h in case.facts.history if h.code in TAKEN[against]):
        assert took_part in who_took_part(case.facts)
    case.take(StepCode.DECIDE_RECONSIDERATION, by=PRINCIPAL)
    assert case.facts.state is State.REGISTERED and case.facts.received_on == RECEIVED


TAKEN = {
    "refused": {StepCode.REFUSE_FURTHER},
    "forwarded": {StepCode.FORWARD},
    "returned": {StepCode.OBJECT, StepCode.OBJECTION_UPHELD},
}


# 填写自己所在的处室为被反映对象，不能把件推出去（第二十八条）。


@pytest.mark.parametrize("by", [CLERK, RECEPTION, OFFICE_HEAD], ids=lambda a: a.code)
def test_nobody_gets_rid_of_a_case_by_naming_their_own_office(by: Actor) -> None:
    case = classified()
    case.take(StepCode.ADD_ACCUSED, by=by, complained_units=["office"], waits=True)
    assert may_see(CLERK, case.facts), "the office has it until the principal leader agrees"
    assert case.refused_to_confirm(StepCode.ADD_ACCUSED, by=SECOND_CLERK).codes
    case.confirm(StepCode.ADD_ACCUSED, by=PRINCIPAL)
    assert not may_see(CLERK, case.facts) and may_see(PRINCIPAL, case.facts)


def test_within_the_seal_an_officer_says_alone_that_their_own_unit_is_meant() -> None:
    """密封件可能没有第二名专管员可以同意：写明后由代行监督职责的厅领导办理。"""
    case = reported()
    case.take(StepCode.ADD_ACCUSED, by=SEALED, alone=True, complained_units=["office"])
    assert not may_see(SEALED, case.facts) and may_see(PRINCIPAL, case.facts)


# 已经批示的，也有回头的路（规程第七条、第八条）：由作出批示的厅领导退回，再由办公室两人重新分类。


def test_what_was_instructed_and_turns_out_to_be_anothers_goes_back_by_the_leader_and_is_classified_by_two() -> None:
    case = instructed()
    assert case.refused(StepCode.INSTRUCT, by=LEADER).codes == {"what_was_instructed_is_only_given_back"}
    assert case.refused(StepCode.INSTRUCT, by=OTHER_LEADER, agree=False, text="已在诉讼").codes & {"who", "may_see"}
    case.take(StepCode.INSTRUCT, by=LEADER, agree=False, text="该事项已由人民法院受理，请重新甄别")
    assert case.facts.state is State.REGISTERED and case.facts.instructed_by == ()
    assert case.clock("notice").due.due == RECEIVED + timedelta(days=15), "no day is gained by it"
    assert case.take(StepCode.CLASSIFY, by=CLERK, waits=True, **NOT_OURS).stage == "proposed"


# 填写的日期不能把期限推到看不见的地方（第二十二条、第三十四条、第三十五条、第四十条）。


def test_what_a_sender_asks_for_is_entered_as_it_wrote_it_but_not_for_another_century() -> None:
    down = {"source": "bureau_assigned", "sender": "自治区信访局", "sender_number": "1"}
    refused = Case().refused(StepCode.REGISTER, by=CLERK, **down, feedback_due=date(2099, 1, 1))
    assert refused.codes == {"the_sender_wants_it_in_time"}
    Case().take(StepCode.REGISTER, by=CLERK, **down, feedback_due=RECEIVED + timedelta(days=366))
    Case().take(StepCode.REGISTER, by=CLERK, **down, feedback_due=RECEIVED - timedelta(days=1))


# 改了住址、电话，告知就到了别处（第二十三条）。


@pytest.mark.parametrize(("what", "value"), [("address", "别处9号"), ("phone", "13999999999")])
def test_where_the_petitioner_is_written_to_is_changed_by_two_and_filled_in_by_one(what: str, value: str) -> None:
    case = accepted()
    said = {"what": what, "new_value": value, "reason": "录入有误"}
    assert case.take(StepCode.CORRECT, by=CLERK, waits=True, **said).stage == "proposed"
    blank = registered(persons=[{**SOMEBODY, what: ""}])
    blank.take(StepCode.CORRECT, by=CLERK, alone=True, **said)


@pytest.mark.parametrize(
    ("number", "real"),
    [
        ("12345678", False),
        ("00000001", False),
        ("AA11111112CN", False),
        ("87654321", False),
        ("XA0000000115", True),
        ("SF1234567890123", True),
    ],
)
def test_a_number_that_nobody_would_print_is_none_of_the_post(number: str, real: bool) -> None:
    assert is_mail_number(number) is real


# 信访人去世，事项不因此终结（docs/decisions/0033）。


def test_nobody_withdraws_what_somebody_brought_who_has_died() -> None:
    case = in_hand()
    case.take(StepCode.RECORD_DEATH, by=CLERK)
    assert case.refused(StepCode.WITHDRAW, by=CLERK, attachment=1).codes >= {"somebody_is_left_to_withdraw"}
    heir = {"name": "丁某", "address": "某路1号", "role": "heir"}
    case.take(StepCode.SUPPLEMENT, by=CLERK, persons=[heir], attachment=case.proof(Material.EVIDENCE))
    case.take(StepCode.WITHDRAW, by=CLERK, waits=True)


# 责令重办以后分出的件，与原件同一轮、同一期限（第三十四条、第三十五条）。


def test_a_part_of_what_a_review_sent_back_has_the_days_of_that_round() -> None:
    back = RECEIVED + timedelta(days=30)
    part = registered(part_of="LX2026000097", letter_accepted_on=RECEIVED, letter_sent_back_on=back, letter_class=())
    part.today = back + timedelta(days=5)
    then(part, (StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER))
    part.take(StepCode.ACCEPT, by=CLERK)
    assert part.clock("handling").due.due == back + timedelta(days=60)


# 没有办结，就没有办结报告（第二十二条）。


def test_a_completion_report_comes_after_the_answer() -> None:
    case = in_hand()
    refused = case.refused(StepCode.REPORT_UP, by=CLERK, completion=True)
    assert refused.codes == {"it_is_concluded"} and "条例第二十二条" in refused
    case.take(StepCode.REPORT_UP, by=CLERK)


# 要求见谁，由谁决定不见（规程第十一条）。


def test_another_leader_may_meet_who_asked_but_not_turn_them_away() -> None:
    case = in_hand()
    case.take(StepCode.ASK_TO_MEET, by=HANDLER, leader="other_leader")
    case.facts = replace(case.facts, responsible_leader=StaffCode(""))
    assert case.refused(StepCode.DECIDE_MEETING, by=PRINCIPAL, agree=True, reason="").codes == {"a_reason_is_given"}
    case.facts = replace(case.facts, responsible_leader=StaffCode("leader"), wanted_leader=StaffCode("other_leader"))
    assert case.refused(StepCode.DECIDE_MEETING, by=OTHER_LEADER, agree=False).codes == {"who_refuses_was_asked"}
    case.take(StepCode.DECIDE_MEETING, by=LEADER, agree=False)
