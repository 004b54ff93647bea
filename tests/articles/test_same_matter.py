"""同事 is said by a person of two cases, one word at a time; it is no step of either (decision 0048)."""

import pytest

from xinfang.procedure.same_matter import PairGround, PairQuestion, PairVerdict, why_not_tied
from xinfang.procedure.steps import STEPS

SAME, APART, UNDONE = PairVerdict


def codes(verdict: PairVerdict, ground: PairGround | None = None, **facts: object) -> list[str]:
    return [r.code for r in why_not_tied(PairQuestion(verdict, ground, **facts))]  # type: ignore[arg-type]


def test_two_letters_of_different_people_are_tied_or_told_apart() -> None:
    assert codes(SAME) == []
    assert codes(APART) == []
    assert codes(APART, PairGround.PLACE) == []


def test_a_wrong_tie_is_taken_back_with_a_ground() -> None:
    assert codes(UNDONE, PairGround.REQUEST, last=SAME) == []
    assert codes(UNDONE, last=SAME) == ["a_ground_is_given"]
    assert codes(SAME, last=UNDONE) == [], "and may be made once more"


def test_who_erred_the_other_way_ties_them_after_all() -> None:
    assert codes(SAME, last=APART) == []


@pytest.mark.parametrize(
    ("verdict", "last", "code"),
    [
        (SAME, SAME, "not_tied_yet"),
        (APART, SAME, "not_tied_now"),
        (APART, APART, "not_told_apart_yet"),
        (UNDONE, None, "tied_now"),
        (UNDONE, APART, "tied_now"),
        (UNDONE, UNDONE, "tied_now"),
    ],
)
def test_what_is_so_already_is_not_said_again(verdict: PairVerdict, last: PairVerdict | None, code: str) -> None:
    assert codes(verdict, PairGround.OTHER, last=last) == [code]


def test_a_case_is_not_tied_to_itself_nor_a_sealed_one_to_any() -> None:
    assert codes(SAME, one_case=True) == ["two_cases"]
    assert codes(SAME, sealed=True) == ["no_sealed_case"]


def test_repeats_of_one_person_are_not_called_letters_of_others_too() -> None:
    assert codes(SAME, repeats=True) == ["no_repeat"]
    assert codes(UNDONE, PairGround.MISTAKE, last=SAME, repeats=True) == [], "but the wrong word is taken back"


def test_it_is_no_step_so_no_clock_paper_or_end_of_a_case_can_follow_from_it() -> None:
    assert not [code for code, step in STEPS.items() if "同事" in step.rule.label]
