"""每月抽查：从上月存信、不予受理、告知的件中抽取，由没有参与决定的厅主要领导逐件审看，认可或者要求重办（条例第四十四条，本厅设定）。"""

from collections.abc import Callable

import pytest

from tests.articles.department import CLERK, DIRECTORY, LEADER, OFFICE_HEAD, PRINCIPAL, SECOND_CLERK, Case
from tests.articles.stories import accepted, classified, registered, review_asked
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import State

REDO = {"result": "redo", "reason": "来信有明确的诉求，不属于无参考价值"}
ASKED = "按抽查要求恢复办理"


def filed() -> Case:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    return case


def told() -> Case:
    case = classified(route=None, competence="elsewhere", not_ours="属于劳动监察")
    case.take(StepCode.REDIRECT, by=CLERK)
    return case


def declined() -> Case:
    case = classified(route="four")
    case.take(StepCode.DECLINE, by=CLERK)
    return case


def review_declined() -> Case:
    case = review_asked()
    case.take(StepCode.DECLINE_REVIEW, by=CLERK)
    case.confirm(StepCode.DECLINE_REVIEW, by=SECOND_CLERK)
    return case


@pytest.mark.parametrize("make", [filed, told, declined, review_declined])
def test_what_is_found_right_stays_as_it_is(make: Callable[[], Case]) -> None:
    case = make()
    before = case.facts.state
    case.take(StepCode.SPOT_CHECK, by=PRINCIPAL, alone=True)
    assert (case.facts.state, case.facts.to_redo) == (before, False)
    assert case.facts.history[-1].step.says(DIRECTORY) == "认可：来信确系广告"


@pytest.mark.parametrize("make", [filed, told, declined, review_declined])
def test_what_is_to_be_redone_is_asked_of_the_office_until_it_is_open_again(make: Callable[[], Case]) -> None:
    case = make()
    case.take(StepCode.SPOT_CHECK, by=PRINCIPAL, **REDO)
    assert ASKED in {t.words for t in task_rules(case.facts)}
    case.take(StepCode.REOPEN, by=CLERK, reason="按抽查要求")
    assert case.facts.state is State.REGISTERED
    assert ASKED not in {t.words for t in task_rules(case.facts)}


def test_what_was_opened_since_is_not_asked_for_again() -> None:
    case = filed()
    case.take(StepCode.REOPEN, by=CLERK)
    case.take(StepCode.SPOT_CHECK, by=PRINCIPAL, **REDO)
    assert not case.facts.to_redo


def test_nobody_but_the_principal_leader_checks_and_none_who_took_part() -> None:
    for somebody in (OFFICE_HEAD, CLERK):
        assert "who" in filed().refused(StepCode.SPOT_CHECK, by=somebody).codes
    assert "may_see" in filed().refused(StepCode.SPOT_CHECK, by=LEADER).codes
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    refused = case.refused(StepCode.SPOT_CHECK, by=PRINCIPAL)
    assert refused.codes == {"there_is_a_decision_to_check"}, "nothing was decided yet"
    assert "there_is_a_decision_to_check" in accepted().refused(StepCode.SPOT_CHECK, by=PRINCIPAL).codes
