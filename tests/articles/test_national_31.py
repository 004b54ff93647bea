"""条例第三十一条：申诉求决区分六种情况；第（六）种听取陈述，出具信访处理意见书。"""

from datetime import date, timedelta

from tests.articles.department import (
    ADVISER,
    CLERK,
    FINDING,
    HANDLER,
    HEAD,
    LEADER,
    PETITIONER,
    RECEIVED,
    RECEPTION,
    SECOND_CLERK,
    Case,
)
from tests.articles.stories import classified, in_hand, instructed, registered, signed, then
from xinfang.procedure.facts import Actor
from xinfang.procedure.hearing import days_in_vain, is_heard
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, Route, State


def test_a_claim_has_one_of_six_routes() -> None:
    refused = registered().refused(StepCode.CLASSIFY, by=CLERK, route=None)
    assert "申诉求决应选定（一）至（六）中的一种途径（条例第三十一条）" in refused


def test_what_another_body_decides_is_not_handled_here() -> None:
    refused = classified(route="two").refused(StepCode.PROPOSE, by=CLERK)
    assert "拟办、呈批只用于由本厅办理的事项" in refused and "条例第三十一条、条例第三十五条" in refused
    assert instructed().facts.route is Route.SIX


def test_nothing_is_signed_before_the_petitioner_was_heard() -> None:
    case = in_hand()
    case.take(StepCode.DRAFT_REPLY, by=HANDLER)
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER)
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    refused = case.refused(StepCode.SIGN_REPLY, by=LEADER)
    assert "尚未听取信访人陈述事实和理由（条例第三十一条、规程第十一条）" in refused
    case.take(StepCode.TALK, by=HANDLER)
    case.take(StepCode.SIGN_REPLY, by=LEADER)


def test_a_hearing_may_be_held() -> None:
    case = in_hand()
    case.take(StepCode.HOLD_HEARING, by=HANDLER)
    assert {"听证通知书", "听证笔录"} <= set(case.papers)


def test_a_hearing_asks_for_a_notice_in_writing_and_for_nobodys_consent() -> None:
    case = in_hand()
    refused = case.refused(StepCode.HOLD_HEARING, by=HANDLER, notified_on=None)
    assert refused.codes == {"the_hearing_was_announced"}
    assert "听证应当事先书面通知" in refused and "条例第三十一条" in refused
    late = case.refused(StepCode.HOLD_HEARING, by=HANDLER, held_on="2026-03-02", notified_on="2026-03-03")
    assert late.codes == {"the_hearing_was_announced"}
    case.take(StepCode.HOLD_HEARING, by=HANDLER)


# 咨询不选择途径；选定了途径的是申诉求决，要受理、办理、答复。


def test_a_consultation_has_no_route_and_a_claim_with_a_route_is_no_consultation() -> None:
    refused = registered().refused(StepCode.CLASSIFY, by=CLERK, purpose="consultation", route="six")
    assert refused.codes == {"a_consultation_is_no_claim_with_a_route"}
    assert "咨询不选择途径：选定了途径的申诉求决要受理、办理、答复并告知复查权利" in refused
    assert "条例第三十一条、条例第三十二条、条例第三十五条" in refused


def test_a_claim_is_not_made_a_consultation_by_one_person() -> None:
    case = classified()
    case.take(StepCode.CLASSIFY, by=CLERK, waits=True, route=None, purpose="consultation")
    assert case.facts.route is Route.SIX and not case.facts.short_path
    case.confirm(StepCode.CLASSIFY, by=SECOND_CLERK, agree=False, opinion="信访人有明确诉求")
    case.take(StepCode.PROPOSE, by=CLERK)


def consultation_in_hand() -> Case:
    return then(classified(route=None, purpose="consultation"), (StepCode.REFER, CLERK), (StepCode.SIGN_FOR, HEAD))


ANSWERED_SO = {"conclusion": None, "basis": "", "text": "您反映的情况不属实，不能解决。"}


def test_the_answer_to_a_question_decides_on_no_claim() -> None:
    """咨询、建议的回复不能拒绝信访人的请求：答复的人须作出确认，不靠回复中有没有某些字眼。"""
    refused = consultation_in_hand().refused(StepCode.ANSWER, by=HANDLER, refuses_nothing=False, **ANSWERED_SO)
    assert refused.codes == {"an_answer_refuses_nothing"}
    assert "不能作出不予支持等决定（条例第二十九条、条例第三十二条、条例第三十五条）" in refused


def test_a_claim_that_was_taken_for_a_question_is_not_answered_away_by_one_person_nor_by_who_classified_it() -> None:
    """是不是只有咨询、建议，由答复、分类以外的另一人核对；不同意的改变分类，收到日期不变，再由本厅受理。"""
    case = consultation_in_hand()
    case.take(StepCode.ANSWER, by=HANDLER, waits=True, **ANSWERED_SO)
    assert case.facts.state is State.HANDLING and case.clock("notice").stopped_on is None
    assert "您对此件作了分类，不得确认“回复”" in case.refused_to_confirm(StepCode.ANSWER, by=CLERK)
    case.confirm(StepCode.ANSWER, by=HEAD, agree=False, opinion="信访人要求拨付经费，是诉求")
    case.take(StepCode.CLASSIFY, by=CLERK, waits=True)
    assert case.facts.state is State.HANDLING, "that one stops being a question takes two as well"
    case.confirm(StepCode.CLASSIFY, by=SECOND_CLERK)
    assert (case.facts.state, case.facts.route, case.facts.handling_unit) == (State.REGISTERED, Route.SIX, "")
    assert case.facts.received_on == RECEIVED and case.clock("notice").stopped_on is None
    then(case, (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER))
    case.take(StepCode.ACCEPT, by=CLERK, on=RECEIVED + timedelta(days=40))
    assert case.clock("handling").started_on == RECEIVED + timedelta(days=15), "the mistake puts no limit off"


def test_what_is_in_hand_is_classified_once_more_only_where_it_was_never_accepted() -> None:
    refused = in_hand().refused(StepCode.CLASSIFY, by=CLERK, matter_class="suggestion", route=None)
    assert refused.codes == {"what_is_in_hand_was_never_accepted"}
    for same in ({"route": None, "purpose": "consultation"}, {"matter_class": "report", "route": None}):
        refused = consultation_in_hand().refused(StepCode.CLASSIFY, by=CLERK, **same)
        assert refused.codes == {"what_is_in_hand_becomes_another"}


def test_a_visitor_without_an_address_is_heard_all_the_same() -> None:
    case = registered(channel="visit", persons=[{"name": "李某", "phone": "13000000002"}])
    for code, by in ((StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER)):
        case.take(code, by=by)
    case.take(StepCode.ACCEPT, by=CLERK)
    case.take(StepCode.ASSIGN, by=CLERK)
    case.take(StepCode.SIGN_FOR, by=HEAD)
    case.take(StepCode.DRAFT_REPLY, by=HANDLER)
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER)
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    assert case.refused(StepCode.SIGN_REPLY, by=LEADER).codes == {"the_petitioner_was_heard"}


def test_one_call_that_nobody_took_is_no_hearing_and_three_on_different_days_are_enough() -> None:
    """没有接通的一次电话不算听取陈述；不同的三日都联系不上的，记录后继续办理（条例第三十一条第六项）。"""
    case = in_hand()
    for days in (1, 1, 2):
        call(case, RECEIVED + timedelta(days=days))
        assert not is_heard(case.facts)
    call(case, RECEIVED + timedelta(days=3))
    assert is_heard(case.facts) and not case.facts.heard, "没有听到，但已经尽力联系"
    reached = in_hand()
    reached.take(StepCode.TALK, by=HANDLER)
    assert reached.facts.heard


def call(case: Case, on: date, by: Actor = HANDLER, **answers: object) -> None:
    """打了电话，没有人接，当日记录。"""
    case.take(StepCode.TALK, by=by, on=on, missed=True, said="无人接听", **answers)


def test_three_days_are_not_filled_in_an_afternoon() -> None:
    """同一日补记“前日、昨日、今日”三次没有接通的，只算一日：按记录之日计。"""
    case = in_hand()
    case.today = RECEIVED + timedelta(days=9)
    for days in (7, 8, 9):
        call(case, case.today, talked_on=RECEIVED + timedelta(days=days))
    assert days_in_vain(case.facts) == 1 and not is_heard(case.facts)


def test_calls_of_before_the_unit_had_the_case_do_not_count() -> None:
    case = registered()
    for days in range(3):
        call(case, RECEIVED + timedelta(days=days), by=RECEPTION)
    then(case, (StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER))
    then(case, (StepCode.ACCEPT, CLERK), (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD))
    assert days_in_vain(case.facts) == 0
    call(case, case.today)
    assert days_in_vain(case.facts) == 1


def test_on_a_request_that_was_added_they_are_heard_too() -> None:
    """接谈以后增加的诉求没有听取过陈述：再接谈一次，才能签发（条例第三十一条第六项）。"""
    case = in_hand()
    case.take(StepCode.TALK, by=HANDLER)
    case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=[{"text": "请公开结果"}])
    assert not is_heard(case.facts)
    two = [{**FINDING, "request": n} for n in (1, 2)]
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, findings=two)
    then(case, (StepCode.SEEK_LEGAL_ADVICE, HANDLER), (StepCode.GIVE_LEGAL_ADVICE, ADVISER))
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    assert case.refused(StepCode.SIGN_REPLY, by=LEADER).codes == {"the_petitioner_was_heard"}
    case.take(StepCode.TALK, by=HANDLER)
    case.take(StepCode.SIGN_REPLY, by=LEADER)


def test_a_signature_falls_by_a_new_request_of_the_petitioner_alone() -> None:
    """已经签发的意见书，不能由接待人员一人以“增加诉求”作废：须附信访人本人的申请。"""
    case = signed()
    more = {"requests": [{"text": "再问一次"}]}
    refused = case.refused(StepCode.SUPPLEMENT, by=RECEPTION, **more)
    assert refused.codes == {"a_request_that_voids_a_signature_is_theirs"}
    case.take(StepCode.SUPPLEMENT, by=RECEPTION, attachment=case.proof(Material.PETITIONERS_WORDS), **more)
    signed().take(StepCode.SUPPLEMENT, by=PETITIONER, **more)
