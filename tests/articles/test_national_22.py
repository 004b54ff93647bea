"""条例第二十二条：予以登记；需要反馈的在指定期限内反馈；检举控告转送纪检监察机关。"""

from dataclasses import replace
from datetime import date, timedelta

from tests.articles.department import (
    BOTH,
    CLERK,
    HANDLER,
    LEADER,
    OFFICE_HEAD,
    OTHER_SEALED,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    RECEPTION,
    SEALED,
    Case,
    without,
)
from tests.articles.stories import classified, handed_down, in_hand, issue, registered, reported, then
from xinfang.procedure.facts import Actor
from xinfang.procedure.papers import unsent_sealed_letter
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import PaperKind, State


def concluded() -> Case:
    """Assigned by the bureau, which wants the result by 20 May; led to the subordinate department in charge."""
    case = handed_down(source="bureau_assigned", feedback_due="2026-05-20")
    return then(case, (StepCode.CLASSIFY, CLERK), (StepCode.FORWARD, CLERK))


def test_a_stated_feedback_date_is_a_limit_until_the_report_is_sent() -> None:
    case = concluded()
    assert case.clock("assigned_feedback").due.due == date(2026, 5, 20)
    case.take(StepCode.REPORT_UP, by=CLERK, on=date(2026, 5, 19), completion=True)
    assert case.clock("assigned_feedback").stopped_on == date(2026, 5, 19)


def test_a_matter_handed_down_without_such_a_date_has_no_such_limit() -> None:
    assert not handed_down(source="bureau_assigned").runs("assigned_feedback")
    assert not registered().runs("assigned_feedback")


def test_what_is_sent_before_the_matter_is_concluded_is_no_completion_report() -> None:
    case = handed_down(source="bureau_assigned", feedback_due="2026-05-20")
    assert case.refused(StepCode.REPORT_UP, by=CLERK, completion=True).codes == {"it_is_concluded"}
    case.take(StepCode.REPORT_UP, by=CLERK, on=date(2026, 4, 1))
    assert case.clock("assigned_feedback").stopped_on is None
    assert case.clock("assigned_feedback").overdue(date(2026, 5, 21))
    then(case, (StepCode.CLASSIFY, CLERK), (StepCode.FORWARD, CLERK))
    case.take(StepCode.REPORT_UP, by=CLERK, on=date(2026, 5, 25), completion=True)
    assert case.clock("assigned_feedback").stopped_on == date(2026, 5, 25)


def test_a_report_of_wrongdoing_is_handed_over_sealed_by_its_officer() -> None:
    case = reported()
    case.take(StepCode.HAND_OVER, by=SEALED)
    assert {"移送函（密封）", "移送回执"} <= set(case.papers)


def test_it_is_handed_over_within_fifteen_days_of_receipt() -> None:
    """N22 gives the petition bureaus 15 days, N23 the department 15 days for what it tells: it takes the same.

    The day on which it was found to be a report doesn't matter.
    """
    late = registered()
    late.take(StepCode.CLASSIFY, by=CLERK, on=RECEIVED + timedelta(days=9), matter_class="report", route=None)
    for case in (reported(), late):
        assert case.clock("report_hand_over").started_on == RECEIVED
        assert case.clock("report_hand_over").due.due == date(2026, 3, 17)
        assert case.clock("report_hand_over").overdue(date(2026, 3, 18))
    case.take(StepCode.HAND_OVER, by=SEALED, on=date(2026, 3, 13))
    assert case.clock("report_hand_over").stopped_on is None, "the letter is still in the house"
    assert "制作：移送函（密封）" in {t.words for t in task_rules(case.facts)}
    number = issue(case, PaperKind.SEALED_LETTER, SEALED)
    case.take(StepCode.SEND_PAPER, by=SEALED, paper=number, on=date(2026, 3, 16))
    assert case.clock("report_hand_over").stopped_on == date(2026, 3, 16)
    assert "发出：移送函（密封）" not in {t.words for t in task_rules(case.facts)}
    assert not case.clock("report_hand_over").overdue(date(2026, 12, 31))


def test_other_matters_have_no_such_limit() -> None:
    assert not classified().runs("report_hand_over")
    back = reported()
    then(back, (StepCode.UNSEAL, SEALED), (StepCode.CLASSIFY, CLERK))
    assert not back.runs("report_hand_over")
    assert back.clock("notice").due.due == date(2026, 3, 17), "wrongly sealed: the 15 days never stopped"


def test_nobody_else_hands_it_over() -> None:
    assert "您不能看到此件（条例第二十八条、条例第三十条）" in reported().refused(StepCode.HAND_OVER, by=CLERK)


def test_an_ordinary_case_is_not_handed_over() -> None:
    refused = classified().refused(StepCode.HAND_OVER, by=BOTH)
    assert "此件不是检举控告" in refused
    assert "条例第二十二条" in {str(a) for a in STEPS[StepCode.HAND_OVER].rule.cites}


def test_a_claim_within_it_is_registered_apart_by_the_officer_with_the_day_on_which_the_letter_came() -> None:
    rest = Case(today=RECEIVED + timedelta(days=20))
    rest.take(StepCode.REGISTER, by=SEALED, received_on=RECEIVED)
    assert not may_see(SEALED, rest.facts), "an ordinary case is the office's"
    assert rest.clock("notice").due.due == date(2026, 3, 17), "no day is gained by it"
    rest.take(StepCode.CLASSIFY, by=CLERK)


# Who ends a case by sealing it and handing it over.


def alone(officer: Actor = SEALED) -> Case:
    """A report of wrongdoing in a department with one officer."""
    case = reported()
    case.directory = without(*(a for a in (SEALED, OTHER_SEALED, BOTH) if a is not officer))
    return case


def test_the_only_officer_hands_over_with_the_agreement_of_the_principal_leader_who_sees_it_until_then() -> None:
    """只有一名专管员的，移送由厅主要领导同意：同意以前看得到，此前此后看不到（条例第二十二条、第三十条）。"""
    case = alone()
    assert not may_see(PRINCIPAL, case.facts)
    case.take(StepCode.HAND_OVER, by=SEALED, waits=True)
    assert case.facts.state is State.REGISTERED
    assert may_see(PRINCIPAL, case.facts) and not may_see(LEADER, case.facts)
    case.confirm(StepCode.HAND_OVER, by=PRINCIPAL)
    assert case.facts.state is State.HANDED_OVER and not may_see(PRINCIPAL, case.facts)


def test_where_the_principal_leader_is_meant_another_leader_agrees() -> None:
    case = registered(complained_staff=["principal"])
    case.directory = without(OTHER_SEALED, BOTH)
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="report", route=None, purpose="report")
    case.take(StepCode.HAND_OVER, by=SEALED, waits=True)
    assert not may_see(PRINCIPAL, case.facts)
    case.confirm(StepCode.HAND_OVER, by=LEADER)


def test_what_is_being_handled_is_sealed_by_two_so_that_no_unit_gets_rid_of_it() -> None:
    """受理、交办以后转入密封区会终止办理：承办单位提出的，由办公室主任或者厅领导确认。"""
    for by in (HANDLER, CLERK, LEADER):
        case = in_hand()
        case.take(StepCode.SEAL, by=by, waits=True)
        assert not case.facts.sealed and case.clock("handling").stopped_on is None
        case.confirm(StepCode.SEAL, by=OFFICE_HEAD)
        assert case.facts.sealed
    registered().take(StepCode.SEAL, by=RECEPTION, alone=True)
    in_hand().take(StepCode.SEAL, by=PETITIONER, alone=True)


def test_who_is_complained_of_does_not_agree_to_it() -> None:
    case = in_hand()
    case.take(StepCode.ADD_ACCUSED, by=CLERK, complained_staff=["office_head"])
    case.take(StepCode.SEAL, by=HANDLER, waits=True)
    assert case.refused_to_confirm(StepCode.SEAL, by=OFFICE_HEAD).codes == {"may_see"}
    case.confirm(StepCode.SEAL, by=LEADER)


def test_no_letter_is_missed_where_nothing_was_handed_over_on_paper() -> None:
    case = reported()
    assert unsent_sealed_letter(case.facts) is None
    assert unsent_sealed_letter(replace(case.facts, state=State.HANDED_OVER, history=())) is None
