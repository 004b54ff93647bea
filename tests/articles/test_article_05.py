"""规程第五条：办公室受理、拟办、转办交办、督促、录入。"""

from datetime import date

from tests.articles.department import CLERK, HEAD, OUTSIDE
from tests.articles.stories import accepted, registered
from xinfang.procedure.step_codes import StepCode


def test_the_office_proposes_accepts_assigns_and_presses() -> None:
    case = accepted()
    case.take(StepCode.ASSIGN, by=CLERK)
    case.take(StepCode.SUPERVISE, by=CLERK)
    case.take(StepCode.ENTER_REGIONAL, by=CLERK)
    assert case.facts.handed_over_to_unit and case.facts.supervised


def test_a_unit_cannot_accept_or_assign() -> None:
    refused = accepted().refused(StepCode.ASSIGN, by=HEAD)
    assert "应由办公室办理" in refused
    assert "规程第五条" in refused


def test_a_unit_that_handles_no_petitions_cannot_be_given_one() -> None:
    refused = accepted().refused(StepCode.ASSIGN, by=CLERK, handling_unit=OUTSIDE)
    assert "它不承办信访事项（规程第五条、规程第六条）" in refused


def test_the_regional_entry_is_expected_within_three_working_days() -> None:
    assert registered().clock("regional_entry").due.due == date(2026, 3, 5)
