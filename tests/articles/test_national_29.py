"""条例第二十九条：建议意见认真研究论证，采纳或者部分采纳的予以回复。"""

from datetime import date

from xinfang.procedure.words import State

from .house import CLERK, HANDLER, in_hand, suggested


def test_a_suggestion_goes_to_a_unit_and_is_answered() -> None:
    case = suggested()
    case.take("refer", by=CLERK)
    case.take("answer", by=HANDLER, adopted=True)
    assert case.facts.state is State.ANSWERED
    assert "建议（咨询）回复" in case.papers
    assert not case.runs("handling"), "the 60 days of claims don't run for it"


def test_its_own_limit_is_a_setting_of_sixty_days() -> None:
    assert suggested(date(2026, 3, 1)).clock("suggestion").due.due == date(2026, 4, 30)


def test_it_is_not_accepted_like_a_claim() -> None:
    refused = suggested().refused("propose", by=CLERK)
    assert "此件是建议意见或咨询，不走受理程序（条例第二十九条、条例第三十一条）" in refused


def test_a_claim_is_not_answered_like_a_suggestion() -> None:
    refused = in_hand().refused("answer", by=HANDLER)
    assert "直接回复只用于建议意见、咨询和简易办理（条例第二十九条、简易办理办法第四条）" in refused
