"""规程第七条：首访接待，属本厅的报请批示后转交，不属的告知向有权机关提出。"""

from tests.articles.department import CLERK, LEADER, PRINCIPAL
from tests.articles.stories import classified, handed_down, proposed
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import State


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
    assert "退回时须写明意见（规程第七条）" in refused
