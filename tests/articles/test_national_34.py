"""条例第三十四条：自受理之日起60日内办结；延长不得超过30日，并告知信访人延期理由。"""

from dataclasses import replace
from datetime import date

import pytest

from tests.articles.department import CLERK, HANDLER, LEADER, PETITIONER, UNIT
from tests.articles.stories import classified, in_hand, served, simple
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode


def test_sixty_days_and_thirty_more() -> None:
    case = in_hand(date(2026, 7, 3))
    assert case.clock("handling").due.due == date(2026, 9, 1)
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER)
    assert case.clock("handling").due.due == date(2026, 10, 1)


def test_the_petitioner_is_told_why_and_a_refused_extension_adds_nothing() -> None:
    case = in_hand(date(2026, 7, 3))
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, agree=False)
    assert case.clock("handling").due.due == date(2026, 9, 1)
    assert "延期告知书" not in case.papers


def test_a_simple_matter_has_ten_working_days_and_counts_its_sixty_from_the_same_acceptance() -> None:
    case = simple(date(2026, 3, 2))
    assert case.clock("simple_acceptance").due.due == date(2026, 3, 5)
    case.take(StepCode.ACCEPT, by=CLERK, on=date(2026, 3, 5), handling_unit=UNIT, responsible_leader="leader")
    assert case.clock("simple_handling").due.due == date(2026, 3, 19)
    case.take(StepCode.LEAVE_SIMPLE, by=CLERK)
    assert case.clock("handling").due.due == date(2026, 5, 4)


def test_the_limit_of_a_claim_does_not_run_for_other_routes() -> None:
    case = classified(route="two")
    assert not case.runs("handling")
    assert "条例第三十四条" in case.refused(StepCode.ACCEPT, by=CLERK)


def test_a_matter_put_back_under_the_simple_procedure_has_its_three_days_again() -> None:
    case = simple(date(2026, 3, 2))
    case.take(StepCode.LEAVE_SIMPLE, by=CLERK)
    assert not case.runs("simple_acceptance"), "the ordinary procedure knows no three days"
    case.take(StepCode.CLASSIFY, by=CLERK, on=date(2026, 3, 4), simple=True)
    assert case.clock("simple_acceptance").stopped_on is None, "nobody has accepted it yet"


def test_of_an_extension_the_petitioner_is_told_before_the_sixty_days_of_that_round_are_over() -> None:
    case = served(date(2026, 3, 2))
    assert case.clock("handling").due.due == date(2026, 5, 1)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 31), result="redo")
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, on=date(2026, 4, 20), days=10)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=10)
    told = case.clock("extension_notice")
    assert (told.started_on, told.due.due) == (date(2026, 4, 20), date(2026, 5, 30))


@pytest.mark.parametrize("agree", [True, False])
@pytest.mark.parametrize("reachable", [True, False])
def test_who_is_granted_nothing_or_cannot_be_written_to_is_told_of_no_extension(agree: bool, reachable: bool) -> None:
    case = in_hand(date(2026, 3, 2))
    if not reachable:
        case.facts = replace(case.facts, contact_clear_since=None)
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, days=10)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=10, agree=agree, reason="情况复杂")
    runs = [r for r in running(case.facts, case.calendar) if r.clock.code == "extension_notice"]
    assert bool(runs) == (agree and reachable)


def test_the_leader_who_grants_it_makes_its_notice_in_the_same_act_and_no_other_paper() -> None:
    case = in_hand(date(2026, 3, 2))
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, days=10)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=10)
    case.take(StepCode.MAKE_PAPER, by=LEADER, kind="extension_notice")
    case.take(StepCode.SUBMIT_PAPER, by=LEADER)
    assert "who" in case.refused(StepCode.ISSUE_PAPER, by=LEADER).codes
    for kind in ("acceptance_notice", "conversation_record"):
        refused = case.refused(StepCode.MAKE_PAPER, by=LEADER, kind=kind)
        assert refused.codes == {"a_leader_makes_what_their_own_step_calls_for"}
