"""须由两人办理的：一人提出，另一人确认或不同意；提出人、被针对的人不得确认（条例第二十八条、第四十四条，docs/decisions/0003）。"""

from dataclasses import replace
from datetime import date

import pytest

from tests.articles.department import (
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
)
from tests.articles.stories import (
    TO_THE_SERVICE,
    accepted,
    archived,
    classified,
    in_hand,
    instructed,
    paper_instruction,
    proposed,
    registered,
    then,
)
from xinfang.procedure.facts import Actor, DutyHeld, Facts
from xinfang.procedure.rules import Refused, SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, load_step
from xinfang.procedure.steps import STEPS
from xinfang.procedure.waiting import waiting_steps
from xinfang.procedure.words import Role, State

from .test_every_condition import READY

BY_TWO = {
    StepCode.RECORD_DEATH,
    StepCode.LINK_REPEAT,
    StepCode.UNLINK_REPEAT,
    StepCode.JOIN_FIRST,
    StepCode.ANSWER_WITH_FIRST,
    StepCode.OBJECTION_UPHELD,
    StepCode.FORWARD,
    StepCode.ROUTE,
    StepCode.DECLINE,
    StepCode.DISCLOSE,
    StepCode.FILE_WITHOUT_ACTION,
    StepCode.REFUSE_FURTHER,
    StepCode.DECLINE_REVIEW,
    StepCode.LEAVE_SIMPLE,
    StepCode.FIRST_REVIEW,
    StepCode.FINAL_REVIEW,
    StepCode.CLOSE,
    StepCode.FILE_PAPER_SCAN,
    StepCode.DESTROY,
    StepCode.RECUSE,
    StepCode.REMOVE_ACCUSED,
    StepCode.SUGGEST_COMMENDATION,
    StepCode.ANSWER,
}
"""However they are answered."""
BY_TWO_IN_THESE_CASES = {
    StepCode.CORRECT: "影响期限、改变信访人（含已填写的住址、电话）或者来信内容、与已印发文书不一致的",
    StepCode.WITHDRAW: "办公室代为登记的，还有没有署名的共同信访人的，"
    "或者不能证明出自信访人本人的（只凭工作人员也知道的查询码、电话）",
    StepCode.CLASSIFY: "改变已经作出的分类、途径或者职权认定的（分出的件，与原件的分类不同的）；"
    "分出的件，以及曾经分类、后来移出密封区或者撤销原决定的，认定不属本厅职权的",
    StepCode.REDIRECT: "分类时没有认定属于其他机关、单位职权的，已经办理的，或者分自已经受理的来信的",
    StepCode.OBJECT: "收到已超过5个工作日的",
    StepCode.INSTRUCT: "代录纸质批示时",
    StepCode.ACCEPT: "与批示的承办处室（单位）或者包案厅领导不一致的",
    StepCode.ACCEPT_DUTY: "与批示的承办处室（单位）或者包案厅领导不一致的，或者按法律规定另定期限的",
    StepCode.REFER: "与批示的承办处室（单位）或者包案厅领导不一致的",
    StepCode.ASSIGN: "与批示的承办处室（单位）或者包案厅领导不一致的",
    StepCode.SERVE: "没有附签收的送达回证、补录影响期限，或者拒收、留置、公告送达的",
    StepCode.CHANGE_LEADER: "由办公室提出的",
    StepCode.SEND_PAPER: "补录早于上一工作日的，或者补录后影响期限的，或者没有登记过同意、以电子方式发给信访人的",
    StepCode.SERVE_PAPER: "补录早于上一工作日的，或者补录后影响期限的，或者电子送达、公告送达的，"
    "简易办理答复、并案答复告知书没有附签收的送达回证的",
    StepCode.REOPEN: "已经答复信访人的",
    StepCode.CONSENT_ELECTRONIC: "同意由办公室代为登记的，或者不能证明出自信访人本人的（只凭工作人员也知道的查询码、电话）",
    StepCode.HAND_OVER: "另有可以办理的检举控告专管员，或者有可以同意的厅领导的",
    StepCode.UNSEAL: "另有可以办理的检举控告专管员，或者有可以同意的厅领导的",
    StepCode.ADD_ACCUSED: "由正在承办的处室（单位）、代行办公室职责的处室（单位）提出，"
    "使此件脱离其办理的，或者填写提出人本处室（单位）的",
    StepCode.TAKE_AS_REVIEW: "已经分类，或者已经登记为复查请求的",
    StepCode.SEAL: "已经受理或者交办的，由工作人员提出或者不能证明出自信访人本人的（只凭工作人员也知道的查询码、电话）",
    StepCode.RECORD_COMPLIANCE: "没有附原办理机关来函、意见书的",
    StepCode.REQUEST_FIRST_REVIEW: "办公室代为登记的",
    StepCode.REQUEST_FINAL_REVIEW: "办公室代为登记的",
    StepCode.FOLLOW_REVIEW_REQUEST: "请求没有被收下、由信访人收回的，补登复查意见收到日期的",
    StepCode.WITHDRAW_PAPER: "已经发出、送达的；意见书已经送达信访人的，只由签发它的包案厅领导确认",
    StepCode.RATE: "凭信访人签名的评价表代为登记的",
}


def test_which_steps_need_two_persons() -> None:
    two = {code: step.confirmed_when for code, step in STEPS.items() if step.rule.then}
    assert {code for code, when in two.items() if not when} == BY_TWO
    assert {code: when for code, when in two.items() if when} == BY_TWO_IN_THESE_CASES


def filed() -> Case:
    """Proposed by one clerk that nothing be done about it."""
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    return case


def test_nothing_changes_until_another_agrees() -> None:
    case = filed()
    assert case.facts.state is State.REGISTERED
    before = list(case.papers)
    assert before == registered().papers
    outcome = case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    assert case.facts.state is State.FILED and not case.facts.pending
    assert case.papers != before, "the papers are owed now"
    assert (outcome.stage, outcome.happened_on) == ("confirmed", RECEIVED)


def test_it_is_not_proposed_twice() -> None:
    refused = filed().refused(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    assert refused.codes == {"when"}
    assert "“存信”已经提出，正等待另一人确认（规程第十条、条例第四十四条）" in refused


def test_who_proposed_it_does_not_confirm_it() -> None:
    refused = filed().refused_to_confirm(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    assert refused.codes == {"second_person"}
    assert "“存信”是您本人提出的，须由另一人确认" in refused


def test_nor_does_whom_it_concerns_nor_a_deputy_of_that_person() -> None:
    case = in_hand()
    case.take(StepCode.RECUSE, by=PETITIONER, person="leader")
    deputy = Actor(StaffCode("x"), "x", (DutyHeld(Role.LEADER, acting_for=StaffCode("leader")),))
    for somebody in (LEADER, deputy):
        assert case.refused_to_confirm(StepCode.RECUSE, by=somebody).codes == {"second_person"}
    case.confirm(StepCode.RECUSE, by=PRINCIPAL)


def test_nobody_without_that_duty_confirms() -> None:
    case = in_hand()
    case.take(StepCode.RECUSE, by=PETITIONER)
    assert case.refused_to_confirm(StepCode.RECUSE, by=HEAD).codes == {"who"}


def test_there_must_be_something_to_confirm() -> None:
    refused = registered().refused_to_confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    assert "没有等待您确认的事项" in refused
    assert refused.codes == {"second_person"}


def test_who_does_not_agree_says_why_and_nothing_has_changed() -> None:
    case = filed()
    assert case.refused_to_confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK, agree=False).codes == {
        "a_reason_is_given"
    }
    before = (case.facts.state, len(case.papers))
    outcome = case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK, agree=False, opinion="来信内容清楚")
    assert (outcome.stage, outcome.papers) == ("refused", ())
    assert (case.facts.state, len(case.papers), dict(case.facts.pending)) == (*before, {})
    case.take(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)


def test_who_only_ticks_agrees() -> None:
    assert load_step(SecondPerson, {}).agree is True


def test_what_the_law_asks_must_still_hold_when_it_is_confirmed() -> None:
    case = filed()
    waits = case.facts.pending[StepCode.FILE_WITHOUT_ACTION]
    unexplained = replace(waits, step=replace(waits.step, reason=""))
    case.facts = replace(case.facts, pending={StepCode.FILE_WITHOUT_ACTION: unexplained})
    assert case.refused_to_confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK).codes == {"a_reason_is_given"}
    case = archived(RECEIVED)
    case.today = RECEIVED.replace(year=2037)
    case.take(StepCode.DESTROY, by=ARCHIVIST)
    case.facts = replace(case.facts, retention=None)
    assert case.refused_to_confirm(StepCode.DESTROY, by=OFFICE_HEAD).codes, (
        "the period of keeping was taken back meanwhile"
    )
    case.confirm(StepCode.DESTROY, by=OFFICE_HEAD, agree=False, opinion="保管期限有误")


def test_who_may_not_see_the_case_is_told_that_and_nothing_of_the_case() -> None:
    case = filed()
    waits = case.facts.pending[StepCode.FILE_WITHOUT_ACTION]
    unexplained = replace(waits, step=replace(waits.step, reason=""))
    case.facts = replace(case.facts, pending={StepCode.FILE_WITHOUT_ACTION: unexplained})
    assert case.refused_to_confirm(StepCode.FILE_WITHOUT_ACTION, by=HEAD).codes == {"may_see"}


def test_a_proposal_falls_away_when_the_case_moves_on() -> None:
    case = filed()
    case.take(StepCode.CLASSIFY, by=CLERK)
    assert StepCode.FILE_WITHOUT_ACTION in case.facts.pending, "the case has not moved"
    case.take(StepCode.PROPOSE, by=CLERK)
    assert not case.facts.pending


def test_one_that_is_as_possible_afterwards_stays() -> None:
    case = instructed()
    case.take(StepCode.RECUSE, by=PETITIONER, person="handler")
    case.take(StepCode.ACCEPT, by=CLERK)
    assert list(case.facts.pending) == [StepCode.RECUSE]


def test_two_proposals_wait_apart() -> None:
    case = filed()
    case.take(StepCode.RECUSE, by=PETITIONER, person="handler")
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    assert list(case.facts.pending) == [StepCode.FILE_WITHOUT_ACTION]


# What any step is refused with.


def test_a_matter_is_registered_once_and_nothing_is_done_with_one_that_is_not() -> None:
    assert "此件已经登记（已登记），不能再次登记" in registered().refused(StepCode.REGISTER, by=CLERK)
    never = Case(facts=Facts(number="x"))
    refused = never.refused(StepCode.ENTER_REGIONAL, by=CLERK)
    assert "此件现为“未登记”" in refused
    assert "“存信”只能在“已登记”时办理" in in_hand().refused(StepCode.FILE_WITHOUT_ACTION, by=CLERK)


@pytest.mark.parametrize("code", [code for code, step in STEPS.items() if not step.rule.new])
def test_nothing_can_be_done_with_what_was_never_registered(code: str) -> None:
    never = Case(facts=Facts(number="LX2026000099"))
    _, by = READY[code]
    assert never.refused(code, by=by).codes & {"when", "may_see"}


def test_a_file_that_was_destroyed_is_not_worked_on() -> None:
    case = archived()
    case.facts = replace(case.facts, destroyed_on=RECEIVED)
    refused = case.refused(StepCode.CHANGE_RETENTION, by=ARCHIVIST)
    assert "此件已按保管期限销毁，只留办理记录（本厅设定）" in refused and refused.codes == {"destroyed"}


def test_a_refusal_gives_all_its_reasons_with_their_articles() -> None:
    refused = in_hand().refused(StepCode.REQUEST_EXTENSION, by=HANDLER, days=31, reason="")
    assert refused.codes == {"at_most_thirty_days", "a_reason_is_given"}
    one, two = str(Refused(refused.reasons)).splitlines()
    assert one == "延长期限应为1日以上，且不得超过30日（规程第十三条、条例第三十四条）。请填写 1 至 30 之间的天数。"
    assert two.startswith("缺少理由（规程第十三条、条例第三十四条）。")


def test_an_instruction_entered_from_paper_keeps_its_leader_from_nothing() -> None:
    case = proposed()
    paper_instruction(case)
    for stranger in (LEADER, HANDLER):
        with pytest.raises(Refused):
            case.confirm(StepCode.INSTRUCT, by=stranger)
    case.take(StepCode.INSTRUCT, by=LEADER, agree=False, text="没有批过。")
    assert case.facts.pending == {} and case.facts.state is State.REGISTERED


def test_one_sheet_is_one_instruction() -> None:
    case = proposed()
    paper_instruction(case, agree=False, text="请重拟")
    case.confirm(StepCode.INSTRUCT, by=SECOND_CLERK)
    case.take(StepCode.PROPOSE, by=CLERK)
    sheet = {"paper_leader": "leader", "attachment": len(case.facts.files)}
    assert case.refused(StepCode.INSTRUCT, by=CLERK, **sheet).codes == {"a_paper_instruction_has_its_scan"}


def test_what_the_recused_proposed_waits_no_more() -> None:
    case = in_hand()
    case.take(StepCode.ATTACH, by=HANDLER, what="paper", kind="pdf")
    case.take(StepCode.FILE_PAPER_SCAN, by=HANDLER)
    case.take(StepCode.RECUSE, by=CLERK, person="handler")
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    assert case.facts.pending == {}


# ---- who is told of what waits too long


def _reached(case: Case, day: date) -> list[str]:
    waiting = next(waiting_steps(case.facts))
    return [n.rung.label for rung in waiting.rungs_reached(case.facts, day, case.calendar) for n in rung]


def test_what_waits_longer_than_two_working_days_is_told_upwards_step_by_step() -> None:
    """Put forward on a Thursday: Friday and Monday are its two working days, the weekend counts as none."""
    case = classified(date(2026, 3, 5))
    case.take(StepCode.CLASSIFY, by=CLERK, route="four", waits=True)
    told = {day: _reached(case, date(2026, 3, day)) for day in (5, 8, 9, 10, 11, 12, 13, 16)}
    assert told == {
        5: [],
        8: [],
        9: [],
        10: ["办公室主任"],
        11: ["办公室主任"],
        12: ["办公室主任", "包案厅领导"],
        13: ["办公室主任", "包案厅领导"],
        16: ["办公室主任", "包案厅领导", "厅主要领导"],
    }


def test_where_the_unit_is_asked_its_head_is_told_too() -> None:
    case = accepted(date(2026, 3, 5))
    case.take(StepCode.ASSIGN, by=CLERK)
    case.take(StepCode.SIGN_FOR, by=HEAD)
    then(case, *TO_THE_SERVICE[:-1])
    case.take(StepCode.SERVE, by=HANDLER, method="left", witness="甲某", waits=True)
    assert _reached(case, date(2026, 3, 10)) == ["办公室主任", "承办处室（单位）负责人"]


def test_of_a_sealed_case_only_its_officers_are_told_however_long_it_waits() -> None:
    case = classified(date(2026, 3, 5), matter_class="report", route=None)
    correction = {"what": "received_on", "new_value": "2026-03-02", "public_value": "2026-03-02"}
    case.take(StepCode.CORRECT, by=SEALED, waits=True, **correction)
    assert _reached(case, date(2026, 3, 9)) == []
    assert _reached(case, date(2026, 4, 9)) == ["检举控告专管员"]


def test_the_day_on_which_it_was_put_forward_counts_and_not_the_day_it_tells_of() -> None:
    case = classified(date(2026, 3, 5))
    case.take(StepCode.CLASSIFY, by=CLERK, on=date(2026, 3, 12), route="four", waits=True)
    assert next(waiting_steps(case.facts)).since == date(2026, 3, 12)
    case.confirm(StepCode.CLASSIFY, by=SECOND_CLERK)
    assert list(waiting_steps(case.facts)) == []
