"""首件正在办理的重复件：不存信、不另办，并入首件，随首件的答复办结并另行告知（规程第十条；条例第十九、二十三、三十四条）。"""

from datetime import date, timedelta

from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind, State

from .department import CLERK, HANDLER, OFFICE_HEAD, PETITIONER, RECEIVED, SECOND_CLERK, Case
from .stories import joined, registered, repeated, tell

LATER = RECEIVED + timedelta(days=20)


def due(case: Case) -> dict[str, date]:
    return {run.clock.code: run.due.due for run in running(case.facts, case.calendar) if run.stopped_on is None}


def test_a_repeat_of_what_is_being_handled_is_not_filed() -> None:
    case = repeated()
    refused = case.refused(
        StepCode.FILE_WITHOUT_ACTION, by=CLERK, ground="answered_repeat", reason="正在办理", answered=False
    )
    assert "the_earlier_case_was_answered" in refused.codes


def test_it_is_joined_by_two_and_the_petitioner_is_told() -> None:
    case = repeated()
    case.take(StepCode.JOIN_FIRST, by=CLERK, waits=True)
    assert case.facts.state is State.REGISTERED
    assert "second_person" in case.refused_to_confirm(StepCode.JOIN_FIRST, by=CLERK).codes
    case.confirm(StepCode.JOIN_FIRST, by=SECOND_CLERK)
    assert case.facts.joined_to == "LX2026000009" and case.facts.history[-1].owes == (PaperKind.JOINING_NOTICE,)


def test_only_what_repeats_a_case_that_is_being_handled_is_joined() -> None:
    assert repeated().refused(StepCode.JOIN_FIRST, by=CLERK, first_is_handled=False).codes == {
        "the_first_is_being_handled"
    }


def test_the_notice_that_it_was_joined_ends_the_fifteen_days_when_it_leaves() -> None:
    case = joined()
    assert due(case)["notice"] == RECEIVED + timedelta(days=15), "nobody was told yet"
    tell(case, PaperKind.JOINING_NOTICE)
    assert "notice" not in due(case)


def test_its_sixty_days_are_its_own() -> None:
    assert due(joined())["handling"] == RECEIVED + timedelta(days=60)
    late = repeated()
    late.today = RECEIVED + timedelta(days=30)
    late.take(StepCode.JOIN_FIRST, by=CLERK)
    assert due(late)["handling"] == RECEIVED + timedelta(days=15 + 60), "joining late gives no more time (N34)"


def test_it_ends_once_the_reply_to_the_first_has_left() -> None:
    case = joined()
    assert case.refused(StepCode.ANSWER_WITH_FIRST, by=CLERK, first_is_answered=False).codes == {
        "the_first_was_answered"
    }
    case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK)
    assert case.facts.state is State.ANSWERED and "handling" in due(case), "until its own notice has left"
    tell(case, PaperKind.JOINED_REPLY)
    assert not due(case).keys() & {"handling", "notice"} and case.facts.replied_on == case.today


def test_where_nobody_can_be_written_to_it_is_answered_on_the_day_of_the_step() -> None:
    case = joined(persons=[], anonymous=True)
    case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK, on=LATER)
    assert case.facts.replied_on == LATER and "handling" not in due(case)


def test_while_it_is_joined_no_unit_gets_it() -> None:
    for code in (StepCode.ASSIGN, StepCode.REFER):
        assert "it_is_handled_on_its_own" in joined().refused(code, by=CLERK).codes
    assert joined().refused(StepCode.DRAFT_REPLY, by=HANDLER).codes


def test_handled_apart_it_has_the_days_it_had() -> None:
    """首件撤回、转送的，重复件单独办理，期限不重新起算。"""
    case = joined()
    before = due(case)["handling"]
    case.today = LATER
    case.take(StepCode.HANDLE_APART, by=CLERK)
    assert case.facts.state is State.REGISTERED and not case.facts.joined_to
    assert due(case)["handling"] == before
    case.take(StepCode.PROPOSE, by=CLERK)


def test_what_is_no_repeat_after_all_is_handled_on_its_own() -> None:
    """撤销重复，或者重新审查撤销原认定的，不再等首件的答复。"""
    undone, looked_at = joined(), joined()
    assert undone.refused(StepCode.UNLINK_REPEAT, by=CLERK).codes == {"it_is_handled_on_its_own"}
    undone.take(StepCode.HANDLE_APART, by=CLERK)
    undone.take(StepCode.UNLINK_REPEAT, by=CLERK)
    undone.confirm(StepCode.UNLINK_REPEAT, by=SECOND_CLERK)
    looked_at.take(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER, against="merged", reason="是另一件事")
    looked_at.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    for case in (undone, looked_at):
        assert (case.facts.state, case.facts.joined_to, case.facts.repeat_of) == (State.REGISTERED, "", "")
        assert due(case)["handling"] == RECEIVED + timedelta(days=60)


def test_once_it_was_answered_with_the_first_it_stays_answered() -> None:
    case = joined()
    case.take(StepCode.ANSWER_WITH_FIRST, by=CLERK)
    case.take(StepCode.UNLINK_REPEAT, by=CLERK)
    case.confirm(StepCode.UNLINK_REPEAT, by=SECOND_CLERK)
    assert case.facts.state is State.ANSWERED, "恢复办理 opens it again"


def test_a_repeated_suggestion_has_the_term_of_suggestions_and_under_the_seal_no_sixty_days_either() -> None:
    case = registered()
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="suggestion", route=None, purpose="suggestion")
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.confirm(StepCode.LINK_REPEAT, by=SECOND_CLERK)
    case.take(StepCode.JOIN_FIRST, by=CLERK)
    assert "handling" not in due(case) and "suggestion" in due(case)
    case.take(StepCode.SEAL, by=CLERK)
    assert "handling" not in due(case)


def test_taken_up_again_after_it_was_taken_back_it_waits_for_no_first_case() -> None:
    case = joined()
    case.take(StepCode.WITHDRAW, by=PETITIONER)
    case.take(StepCode.REOPEN, by=CLERK)
    assert (case.facts.state, case.facts.joined_to) == (State.REGISTERED, "")
    assert case.facts.repeat_of, "that it is the same matter was found by two and stays so"
