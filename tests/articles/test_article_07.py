"""规程第七条：首访接待，属本厅的报请批示后转交，不属的告知向有权机关提出。"""

import pytest

from tests.articles.department import (
    CLERK,
    HEAD,
    LEADER,
    OTHER_LEADER,
    OTHER_UNIT,
    PRINCIPAL,
    SECOND_CLERK,
    UNIT,
)
from tests.articles.stories import accepted, classified, handed_down, instructed, proposed, registered, simple
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Competence, State


def test_a_principal_leader_who_is_complained_of_is_not_asked_after_the_leader_in_charge() -> None:
    """反映厅主要领导的，不再报其批示（条例第二十八条）；由分管厅领导批示即可。"""
    case = registered(complained_staff=["principal"])
    case.take(StepCode.CLASSIFY, by=CLERK)
    refused = case.refused(StepCode.PROPOSE, by=CLERK, to_principal=True)
    assert refused.codes == {"the_principal_may_be_asked"} and "条例第二十八条" in refused
    case.take(StepCode.PROPOSE, by=CLERK)
    case.take(StepCode.INSTRUCT, by=LEADER)
    assert case.facts.state is State.INSTRUCTED


def test_a_matter_of_ours_goes_to_the_leaders_and_then_to_the_unit() -> None:
    case = classified()
    case.take(StepCode.PROPOSE, by=CLERK, to_principal=True)
    case.take(StepCode.INSTRUCT, by=LEADER)
    assert case.facts.state is State.PROPOSED, "the principal leader follows"
    case.take(StepCode.INSTRUCT, by=PRINCIPAL)
    assert case.facts.state is State.INSTRUCTED


def test_without_an_instruction_nothing_is_accepted() -> None:
    refused = classified().refused(StepCode.ACCEPT, by=CLERK)
    assert "普通程序须先有厅领导批示（规程第七条、规程第八条）" in refused


def test_what_is_not_ours_is_told_to_turn_to_the_right_body() -> None:
    case = classified(route=None, competence="elsewhere", not_ours="属于劳动监察")
    case.take(StepCode.REDIRECT, by=CLERK)
    assert case.facts.state is State.REDIRECTED
    assert "不属职权告知书" in case.papers


def test_what_was_handed_down_cannot_be_turned_away() -> None:
    refused = handed_down().refused(StepCode.REDIRECT, by=CLERK)
    assert "应向来文机关提出异议（规程第八条、条例第二十三条）" in refused


def test_a_leader_who_sends_it_back_says_why() -> None:
    refused = proposed().refused(StepCode.INSTRUCT, by=LEADER, agree=False, text="")
    assert "退回时须写明意见（本厅设定）" in refused


# 告知向有权机关提出：认定属于其他机关职权的，一人告知；没有这样认定的，两人。

NOT_OURS = {"route": None, "competence": "elsewhere", "not_ours": "属于劳动监察"}


def test_nobody_is_turned_away_before_it_was_found_whose_matter_it_is() -> None:
    assert registered().refused(StepCode.REDIRECT, by=CLERK).codes == {"it_is_classified"}


def test_that_a_matter_is_not_ours_is_found_with_its_ground() -> None:
    refused = registered().refused(StepCode.CLASSIFY, by=CLERK, route=None, competence="elsewhere")
    assert "认定不属本厅职权须写明依据（规程第七条、规程第八条、条例第二十三条）" in refused


def test_of_what_was_found_to_be_elsewhere_one_person_tells_the_petitioner() -> None:
    case = classified(**NOT_OURS)
    assert [t.step for t in task_rules(case.facts)] == [StepCode.REDIRECT], "that is what the office is asked to do"
    case.take(StepCode.REDIRECT, by=CLERK, alone=True)
    assert case.facts.state is State.REDIRECTED


@pytest.mark.parametrize("found", ["ours", "subordinate"])
def test_of_what_was_found_to_be_ours_or_a_subordinate_s_two_persons_tell(found: str) -> None:
    case = classified(competence=found, not_ours="属于市级项目")
    case.take(StepCode.REDIRECT, by=CLERK, waits=True)
    assert case.facts.state is State.REGISTERED and "不属职权告知书" not in case.papers
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.REDIRECT, by=CLERK)
    case.confirm(StepCode.REDIRECT, by=SECOND_CLERK)
    assert case.facts.state is State.REDIRECTED and "不属职权告知书" in case.papers


def test_who_does_not_agree_leaves_the_matter_here() -> None:
    case = classified()
    case.take(StepCode.REDIRECT, by=CLERK, waits=True)
    case.confirm(StepCode.REDIRECT, by=SECOND_CLERK, agree=False, opinion="属于本厅的项目管理")
    assert case.facts.state is State.REGISTERED and "不属职权告知书" not in case.papers


def test_finding_afterwards_that_it_is_elsewhere_needs_another_first() -> None:
    case = classified()
    case.take(StepCode.CLASSIFY, by=CLERK, waits=True, **NOT_OURS)
    assert case.facts.competence is Competence.OURS
    case.take(StepCode.REDIRECT, by=CLERK, waits=True)
    assert case.facts.state is State.REGISTERED, "as long as nobody agreed it is ours, and turned away by two"
    case.confirm(StepCode.REDIRECT, by=SECOND_CLERK, agree=False, opinion="先定职权")
    case.confirm(StepCode.CLASSIFY, by=SECOND_CLERK)
    assert case.facts.competence is Competence.ELSEWHERE
    case.take(StepCode.REDIRECT, by=CLERK, alone=True)


def test_classifying_again_as_it_was_needs_nobody() -> None:
    classified().take(StepCode.CLASSIFY, by=CLERK, alone=True)


@pytest.mark.parametrize(
    "otherwise", [{"route": "four"}, {"matter_class": "suggestion", "route": None}, {"route": None, **NOT_OURS}]
)
def test_another_class_route_or_competence_needs_a_second_person(otherwise: dict[str, str | None]) -> None:
    case = classified()
    before = (case.facts.matter_class, case.facts.route, case.facts.competence)
    case.take(StepCode.CLASSIFY, by=CLERK, waits=True, **otherwise)
    assert (case.facts.matter_class, case.facts.route, case.facts.competence) == before


# 根据厅领导批示转交：与批示不一致的，由作出批示的厅领导同意。

ANOTHER_UNIT = {"handling_unit": OTHER_UNIT}
ANOTHER_LEADER = {"responsible_leader": "other_leader"}


@pytest.mark.parametrize("otherwise", [ANOTHER_UNIT, ANOTHER_LEADER])
def test_what_is_accepted_otherwise_than_instructed_waits_for_the_leader_who_instructed(
    otherwise: dict[str, str],
) -> None:
    case = instructed()
    case.take(StepCode.ACCEPT, by=CLERK, waits=True, **otherwise)
    assert case.facts.state is State.INSTRUCTED and "受理告知书" not in case.papers
    for somebody in (SECOND_CLERK, OTHER_LEADER, PRINCIPAL):
        with pytest.raises(Refused):
            case.confirm(StepCode.ACCEPT, by=somebody)
    case.confirm(StepCode.ACCEPT, by=LEADER)
    assert case.facts.state is State.HANDLING
    assert (
        otherwise.items()
        <= {
            "handling_unit": case.facts.handling_unit,
            "responsible_leader": case.facts.responsible_leader,
        }.items()
        | otherwise.items()
    )
    unit, leader = case.facts.handling_unit, case.facts.responsible_leader
    assert (unit, leader) == ((OTHER_UNIT, "leader") if otherwise is ANOTHER_UNIT else (UNIT, "other_leader"))


def test_the_office_takes_it_back_by_accepting_as_it_was_instructed() -> None:
    case = instructed()
    case.take(StepCode.ACCEPT, by=CLERK, waits=True, **ANOTHER_UNIT)
    case.take(StepCode.ACCEPT, by=CLERK, alone=True)
    assert (case.facts.handling_unit, case.facts.pending) == (UNIT, {})


def test_a_leader_who_does_not_agree_leaves_it_as_instructed() -> None:
    case = instructed()
    case.take(StepCode.ACCEPT, by=CLERK, waits=True, **ANOTHER_LEADER)
    case.confirm(StepCode.ACCEPT, by=LEADER, agree=False, opinion="请按批示办理")
    assert case.facts.state is State.INSTRUCTED and case.facts.responsible_leader == "leader"
    case.take(StepCode.ACCEPT, by=CLERK, alone=True)


def test_naming_the_same_unit_and_leader_departs_from_nothing() -> None:
    instructed().take(StepCode.ACCEPT, by=CLERK, alone=True, handling_unit=UNIT, responsible_leader="leader")


@pytest.mark.parametrize("code", [StepCode.ASSIGN, StepCode.REFER])
def test_so_does_what_is_handed_to_another_unit_than_was_instructed(code: str) -> None:
    case = accepted()
    case.take(code, by=CLERK, waits=True, **ANOTHER_UNIT)
    assert (case.facts.handling_unit, case.facts.handed_over_to_unit) == (UNIT, False)
    for somebody in (HEAD, SECOND_CLERK):
        assert case.refused_to_confirm(code, by=somebody).codes == {"second_person"}
    case.confirm(code, by=LEADER)
    assert (case.facts.handling_unit, case.facts.handed_over_to_unit) == (OTHER_UNIT, True)


@pytest.mark.parametrize("code", [StepCode.ASSIGN, StepCode.REFER])
def test_and_the_office_hands_it_to_the_unit_of_the_instruction_instead(code: str) -> None:
    case = accepted()
    case.take(code, by=CLERK, waits=True, **ANOTHER_UNIT)
    case.take(code, by=CLERK, alone=True)
    assert (case.facts.handling_unit, case.facts.pending) == (UNIT, {})


def test_without_an_instruction_there_is_nothing_to_depart_from() -> None:
    simple().take(StepCode.ACCEPT, by=CLERK, alone=True, handling_unit=OTHER_UNIT, responsible_leader="leader")


def test_the_principal_leader_is_not_asked_twice_for_one_matter() -> None:
    refused = classified().refused(StepCode.PROPOSE, by=CLERK, leader="principal", to_principal=True)
    assert "拟请批示的就是厅主要领导，无须再报（规程第七条）" in refused
    case = classified()
    case.take(StepCode.PROPOSE, by=CLERK, leader="principal")
    case.take(StepCode.INSTRUCT, by=PRINCIPAL)
    assert case.facts.state is State.INSTRUCTED
