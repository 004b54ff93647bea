"""信访人不服存信、不予受理、认定重复的，可以请求重新审查：由没有参与原决定的人在本厅设定的期限内决定并告知（条例第四十四条，本厅设定）。"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    OFFICE_HEAD,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    RECEPTION,
    SECOND_CLERK,
    Case,
)
from tests.articles.stories import (
    accepted,
    classified,
    joined,
    registered,
    review_asked,
    simple,
    suggested,
    tell,
    then,
)
from xinfang.procedure.addressees import address_task
from xinfang.procedure.facts import Actor
from xinfang.procedure.papers import unsent_papers
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material, PaperKind, State

ASKED = date(2026, 6, 1)
"""Three months after the letter came in."""


def filed(by: Actor = CLERK, second: Actor = SECOND_CLERK) -> Case:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=by)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=second)
    return case


def asked(case: Case, against: str = "filed") -> Case:
    case.take(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER, on=ASKED, against=against)
    return case


def test_the_petitioner_asks_or_their_words_are_entered_with_the_sheet() -> None:
    case = filed()
    refused = case.refused(StepCode.REQUEST_RECONSIDERATION, by=RECEPTION)
    assert refused.codes == {"their_own_request_is_attached"}
    own = case.proof(Material.PETITIONERS_WORDS)
    case.take(StepCode.REQUEST_RECONSIDERATION, by=RECEPTION, alone=True, attachment=own)
    assert case.facts.state is State.FILED, "that somebody asks changes nothing yet"
    assert case.refused(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER).codes == {"no_reconsideration_waits"}


def test_somebody_who_took_no_part_in_it_decides() -> None:
    case = asked(filed(second=OFFICE_HEAD))
    refused = case.refused(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    assert refused.codes == {"who_decides_took_no_part"} and "条例第二十八条" in refused
    assert case.refused(StepCode.DECIDE_RECONSIDERATION, by=CLERK).codes >= {"who"}
    case.take(StepCode.DECIDE_RECONSIDERATION, by=PRINCIPAL, alone=True)


def declined(second: Actor) -> Case:
    case = classified(route="four")
    case.take(StepCode.DECLINE, by=CLERK, waits=True)
    case.confirm(StepCode.DECLINE, by=second)
    return case


def review_declined(second: Actor) -> Case:
    case = review_asked()
    case.take(StepCode.DECLINE_REVIEW, by=CLERK)
    case.confirm(StepCode.DECLINE_REVIEW, by=second)
    return case


def tied(second: Actor) -> Case:
    case = registered()
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.confirm(StepCode.LINK_REPEAT, by=second)
    return case


@pytest.mark.parametrize(("against", "make"), [("declined", declined), ("declined", review_declined), ("merged", tied)])
def test_who_agreed_to_a_refusal_or_a_tie_does_not_look_at_it_once_more(
    against: str, make: Callable[[Actor], Case]
) -> None:
    """条例第二十八条：同意不予受理、不予受理复查、认定重复的人，也不得决定重新审查。"""
    case = asked(make(OFFICE_HEAD), against)
    refused = case.refused(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    assert refused.codes == {"who_decides_took_no_part"}
    case.take(StepCode.DECIDE_RECONSIDERATION, by=PRINCIPAL)
    others = asked(make(SECOND_CLERK), against)
    others.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)


def test_who_took_part_in_something_else_may_decide() -> None:
    case = filed()
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.confirm(StepCode.LINK_REPEAT, by=OFFICE_HEAD)
    asked(case).take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)


def test_the_task_goes_to_the_head_of_the_office_or_where_they_took_part_to_a_leader() -> None:
    for case, finds in ((asked(filed()), OFFICE_HEAD), (asked(filed(second=OFFICE_HEAD)), PRINCIPAL)):
        (ask,) = [t for t in task_rules(case.facts) if t.step == StepCode.DECIDE_RECONSIDERATION]
        task = address_task(ask, case.facts, DIRECTORY)
        assert [by for by in (OFFICE_HEAD, PRINCIPAL) if task.found_by(by)] == [finds]


def test_taken_back_the_case_is_open_with_its_day_of_receipt_unchanged() -> None:
    case = asked(filed())
    case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD, on=ASKED + timedelta(days=3))
    assert (case.facts.state, case.facts.received_on, case.facts.reconsidering) == (State.REGISTERED, RECEIVED, None)
    notice = case.clock("notice")
    assert (notice.started_on, notice.due.due, notice.stopped_on) == (RECEIVED, RECEIVED + timedelta(days=15), None)
    assert PaperKind.RECONSIDERATION_NOTICE in {u.kind for u in unsent_papers(case.facts)}


def test_upheld_nothing_changes_and_no_limit_counts_once_more() -> None:
    case = tell(filed(), PaperKind.FILING_NOTICE, on=RECEIVED + timedelta(days=4))
    asked(case)
    case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD, on=ASKED + timedelta(days=3), agree=False)
    assert (case.facts.state, case.facts.ended_on) == (State.FILED, RECEIVED)
    assert case.clock("notice").stopped_on == RECEIVED + timedelta(days=4)


def test_it_is_decided_and_told_within_fifteen_days_of_the_request() -> None:
    case = asked(filed())
    clock = case.clock("reconsideration")
    assert (clock.started_on, clock.due.due) == (ASKED, ASKED + timedelta(days=15))
    case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD, on=ASKED + timedelta(days=3), agree=False)
    assert case.clock("reconsideration").stopped_on is None, "decided, and not told yet"
    tell(case, PaperKind.RECONSIDERATION_NOTICE, on=ASKED + timedelta(days=5))
    assert case.clock("reconsideration").stopped_on == ASKED + timedelta(days=5)


def test_a_refusal_to_accept_and_a_tie_to_another_case_are_looked_at_too() -> None:
    declined = classified(route="four")
    declined.take(StepCode.DECLINE, by=CLERK)
    asked(declined, "declined").take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    assert declined.facts.state is State.REGISTERED
    tied = registered()
    tied.take(StepCode.LINK_REPEAT, by=CLERK)
    tied.confirm(StepCode.LINK_REPEAT, by=SECOND_CLERK)
    asked(tied, "merged").take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    assert (tied.facts.repeat_of, tied.facts.state) == ("", State.REGISTERED)


def test_a_tie_taken_back_moves_only_what_waited_for_the_first() -> None:
    """自行办理的、已经随首件答复的，撤销认定重复后仍在原来的环节。"""
    own = accepted()
    own.take(StepCode.LINK_REPEAT, by=CLERK)
    own.confirm(StepCode.LINK_REPEAT, by=SECOND_CLERK)
    told = joined()
    told.take(StepCode.ANSWER_WITH_FIRST, by=CLERK)
    for case, state in ((own, State.HANDLING), (told, State.ANSWERED), (joined(), State.REGISTERED)):
        asked(case, "merged").take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
        assert (case.facts.state, case.facts.repeat_of, case.facts.joined_to) == (state, "", "")


def test_where_nobody_can_be_written_to_no_notice_is_owed() -> None:
    """条例第二十三条：姓名（名称）、联系方式不清的，不必告知。"""
    nobody = registered(persons=[], anonymous=True)
    nobody.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    nobody.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    for case, owed in ((nobody, ()), (filed(), (PaperKind.RECONSIDERATION_NOTICE,))):
        own = case.proof(Material.PETITIONERS_WORDS)
        case.take(StepCode.REQUEST_RECONSIDERATION, by=RECEPTION, on=ASKED, attachment=own)
        case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
        assert case.facts.history[-1].owes == owed


def test_only_a_decision_that_was_taken_is_looked_at() -> None:
    for against in ("filed", "declined", "merged"):
        case = registered()
        refused = case.refused(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER, against=against)
        assert refused.codes == {"a_decision_can_be_reconsidered"}
    for against in ("declined", "merged"):
        refused = filed().refused(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER, against=against)
        assert refused.codes == {"that_decision_was_taken"}


def test_what_was_opened_meanwhile_is_answered_all_the_same_and_loses_nothing() -> None:
    case = asked(filed())
    case.take(StepCode.REOPEN, by=CLERK)
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.PROPOSE, by=CLERK)
    case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    assert (case.facts.state, case.facts.reconsidering) == (State.PROPOSED, None)


def test_the_file_waits_for_the_decision() -> None:
    case = asked(filed())
    assert "nothing_is_reconsidered" in case.refused(StepCode.SUBMIT_ARCHIVE, by=CLERK).codes


def test_the_decision_says_why() -> None:
    case = asked(filed())
    case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD, agree=False, reason="来信确系广告")
    assert case.facts.history[-1].step.says(DIRECTORY) == "维持原决定：来信确系广告"
    assert "a_reconsideration_waits" in case.refused(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD).codes


# 其他不出具意见书的终结：告知、导入、转公开申请、按建议咨询回复、撤回（条例第四十四条，本厅设定）。


def redirected() -> Case:
    case = registered()
    case.take(StepCode.CLASSIFY, by=CLERK, competence="elsewhere", not_ours="属于劳动监察")
    case.take(StepCode.REDIRECT, by=CLERK, alone=True)
    return case


def routed() -> Case:
    case = classified(route="two")
    case.take(StepCode.ROUTE, by=CLERK)
    return case


def disclosed() -> Case:
    case = classified()
    case.take(StepCode.DISCLOSE, by=CLERK)
    return case


def withdrawn() -> Case:
    case = accepted()
    case.take(StepCode.WITHDRAW, by=CLERK)
    return case


@pytest.mark.parametrize(
    ("against", "make"),
    [("redirected", redirected), ("routed", routed), ("disclosed", disclosed), ("withdrawn", withdrawn)],
)
def test_each_end_without_an_opinion_is_looked_at_once_more(against: str, make: Callable[[], Case]) -> None:
    case = make()
    assert case.refused(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER, against="filed").codes == {
        "that_decision_was_taken"
    }
    asked(case, against).take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    assert (case.facts.state, case.facts.received_on) == (State.REGISTERED, RECEIVED)
    assert case.clock("notice").started_on == RECEIVED


def test_what_was_answered_as_a_suggestion_is_a_claim_to_who_brought_it_and_is_classified_again() -> None:
    """一人按建议、咨询分类并回复的，信访人可以请求重新审查：撤销后没有分类，收到日期不变（条例第二十九、三十一、四十四条）。"""
    case = then(suggested(), (StepCode.REFER, CLERK), (StepCode.STUDY, HANDLER), (StepCode.ANSWER, HANDLER))
    asked(case, "answered")
    assert case.refused(StepCode.DECIDE_RECONSIDERATION, by=CLERK).codes >= {"who"}
    case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    assert (case.facts.state, case.facts.received_on, case.facts.matter_class) == (State.REGISTERED, RECEIVED, None)
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.PROPOSE, by=CLERK)


def test_an_answer_under_the_simple_procedure_has_its_review_and_is_not_looked_at_here() -> None:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit="results", responsible_leader="leader")
    then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.ANSWER, HANDLER))
    refused = case.refused(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER, against="answered")
    assert refused.codes == {"a_decision_can_be_reconsidered"}
