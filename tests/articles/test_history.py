"""Matters from before the system (N23, H10): they owe nothing here, say that nothing was done here, and can be taken up
again."""

from datetime import timedelta

import pytest

from tests.articles.department import CLERK, DIRECTORY, HEAD, LEADER, OFFICE_HEAD, PETITIONER, RECEIVED, Case
from tests.articles.stories import brought_in
from xinfang.procedure.actor_rules import the_system
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.corrections import is_history
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import OPEN_STATES, TERMINAL_STATES, State

CAME = RECEIVED - timedelta(days=400)


def test_history_has_no_clock_no_task_and_no_paper() -> None:
    case = brought_in()
    assert case.facts.state is State.HISTORY and State.HISTORY in TERMINAL_STATES and State.HISTORY not in OPEN_STATES
    assert running(case.facts, case.calendar) == () and task_rules(case.facts) == () and case.papers == []


def test_it_never_says_that_anybody_was_answered_here() -> None:
    case = brought_in()
    assert State.HISTORY.label == "历史件"
    said = case.facts.history[0].step.says(DIRECTORY)
    assert "从“2025年留言.xlsx”导入" in said and "本系统没有办理" in said and "办结" not in said
    assert case.facts.noticed_on is case.facts.replied_on is case.facts.closed_on is None


def test_it_came_when_it_came_and_was_brought_in_today() -> None:
    case = brought_in()
    assert case.facts.received_on == RECEIVED - timedelta(days=400)
    assert case.facts.history[0].happened_on == RECEIVED


@pytest.mark.parametrize(("days", "over"), [(0, False), (15, False), (16, True), (400, True)])
def test_only_what_is_past_its_fifteen_days_is_history(days: int, over: bool) -> None:
    received = RECEIVED - timedelta(days=days)
    assert is_history(received, RECEIVED) is over
    if over:
        assert brought_in(received_on=received).facts.state is State.HISTORY
    else:
        assert "15日的书面告知期限尚未届满，不能作为历史件（条例第二十三条）" in Case().refused(
            StepCode.IMPORT_HISTORY, by=SYSTEM, received_on=received
        )


@pytest.mark.parametrize("by", [CLERK, OFFICE_HEAD, LEADER, HEAD, PETITIONER])
def test_no_person_can_make_a_petition_history(by) -> None:
    assert "应由系统（办公室的导入）办理" in Case().refused(StepCode.IMPORT_HISTORY, by=by)


def test_the_office_takes_it_up_and_what_was_due_when_it_came_is_long_due() -> None:
    case = brought_in()
    case.refused(StepCode.REOPEN, by=HEAD)
    case.take(StepCode.REOPEN, by=CLERK, reason="来电称至今未获答复")
    assert case.facts.state is State.REGISTERED
    notice = case.clock("notice")
    assert (notice.started_on, notice.due.due) == (CAME, CAME + timedelta(days=15)), "it was received when it was"
    assert notice.overdue(RECEIVED)
    assert {r.clock.code for r in running(case.facts, case.calendar)} == {"notice"}
    assert [a.step for a in task_rules(case.facts)] == [StepCode.CLASSIFY]


def test_what_was_taken_up_is_handled_as_any_other() -> None:
    case = brought_in()
    case.take(StepCode.REOPEN, by=CLERK, reason="来电称至今未获答复")
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.PROPOSE, by=CLERK)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.ACCEPT, by=CLERK)
    handling = case.clock("handling")
    assert handling.started_on == CAME + timedelta(days=15), "as if it had been accepted on the last lawful day"
    assert handling.due.due == handling.started_on + timedelta(days=60)


def test_a_mistake_in_what_was_brought_in_can_be_corrected() -> None:
    case = brought_in()
    case.take(StepCode.CORRECT, by=CLERK, what="subject", new_value="补助", public_value="补助", reason="照原文")
    assert case.facts.subject == "补助" and case.facts.state is State.HISTORY


def test_an_import_is_undone_while_nobody_worked_on_it_and_nothing_can_be_done_with_it_after() -> None:
    case = brought_in()
    case.take(StepCode.UNDO_IMPORT, by=SYSTEM)
    assert case.facts.state is State.UNDONE and State.UNDONE in TERMINAL_STATES and State.UNDONE not in OPEN_STATES
    assert running(case.facts, case.calendar) == () and task_rules(case.facts) == () and case.papers == []
    assert "此件不再列出，编号和记录保留" in case.facts.history[-1].step.says(DIRECTORY)
    assert [c for c, s in STEPS.items() if State.UNDONE in s.rule.when and s.rule.who != (the_system,)] == []


def test_what_somebody_worked_on_stays() -> None:
    case = brought_in()
    case.take(StepCode.CORRECT, by=CLERK, what="subject", new_value="补助", public_value="补助", reason="照原文")
    assert "导入之后已有人在此件上办理，不能撤销导入" in case.refused(StepCode.UNDO_IMPORT, by=SYSTEM)


@pytest.mark.parametrize("by", [CLERK, OFFICE_HEAD, LEADER, HEAD, PETITIONER])
def test_no_person_takes_a_single_matter_out_of_the_lists(by) -> None:
    assert {"who", "may_see"} & brought_in().refused(StepCode.UNDO_IMPORT, by=by).codes
