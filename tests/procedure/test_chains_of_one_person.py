"""Two or three steps of one person in a row end nothing that one step of theirs could not (docs/decisions/0051)."""

import os
from collections.abc import Callable

import pytest

from tests.articles.department import BOTH, CLERK, HANDLER, HEAD, OFFICE_HEAD, RECEPTION, SEALED, Case
from tests.articles.stories import (
    classified,
    duty_instructed,
    handed_down,
    in_hand,
    instructed,
    of_two_matters,
    proposed,
    registered,
    reported,
    sealed_late,
    suggested,
    then,
)
from tests.procedure.one_person import ended_by_a_chain
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode

STEPS_IN_A_ROW = 4 if "WALKS" in os.environ else 3
TWO = [{"text": "请拨付经费"}, {"text": "请公开结果"}]
FOUND: dict[str, Callable[[], Case]] = {
    "a claim of two matters": lambda: then(of_two_matters(), (StepCode.CLASSIFY, CLERK)),
    "proposed": lambda: proposed(requests=TWO),
    "instructed": instructed,
    "in hand": in_hand,
    "a suggestion in hand": suggested,
    "in our own power": duty_instructed,
    "sealed from the first": lambda: reported(requests=TWO),
    "sealed on its way": sealed_late,
    "simple": lambda: classified(simple=True),
}
"""Cases of which somebody found what they are: nobody turns them away alone, on however many steps."""
PEOPLE = (CLERK, BOTH, SEALED, OFFICE_HEAD, RECEPTION, HANDLER, HEAD)


@pytest.mark.parametrize("name", FOUND)
def test_nobody_alone_ends_what_was_found_to_be_ours_on_any_way_of_a_few_steps(name: str) -> None:
    facts = FOUND[name]().facts
    assert {by.code: way for by in PEOPLE for way in ended_by_a_chain(facts, by, STEPS_IN_A_ROW)} == {}


@pytest.mark.parametrize("make", [registered, handed_down, of_two_matters])
@pytest.mark.parametrize("by", [CLERK, RECEPTION], ids=lambda a: a.code)
def test_what_nobody_found_to_be_ours_is_told_to_go_elsewhere_by_one_and_ends_in_no_other_way(
    make: Callable[[], Case], by: Actor
) -> None:
    """告知 of what was never classified as the department's is one person's (decision 0031)."""
    ends = {way[-1] for way in ended_by_a_chain(make().facts, by, STEPS_IN_A_ROW)}
    assert ends <= {StepCode.REDIRECT}
