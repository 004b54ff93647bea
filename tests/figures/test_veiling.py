"""Small numbers that are published or sent can't be worked out again from what is shown."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from xinfang.figures.suppression import COVERED, FEW, MIN_SHOWN_COUNT, suppress_parts

LARGEST = 14


@settings(max_examples=150)
@given(st.lists(st.integers(0, LARGEST), min_size=1, max_size=5))
def test_every_covered_small_number_could_be_another(parts: list[int]) -> None:
    total = sum(parts)
    hidden, over = suppress_parts(parts, total)
    for place, n in enumerate(parts):
        assert (place in hidden) or n == 0 or n >= MIN_SHOWN_COUNT
    if not hidden:
        assert not over and all(n == 0 or n >= MIN_SHOWN_COUNT for n in parts)
        return
    # What a reader holds for possible: every way to fill the covered places that fits what is shown.
    places = sorted(hidden)
    ranges = [
        range(1, MIN_SHOWN_COUNT) if hidden[p] == FEW else range(MIN_SHOWN_COUNT, total + MIN_SHOWN_COUNT + 1)
        for p in places
    ]
    shown = sum(n for p, n in enumerate(parts) if p not in hidden)
    fits = [
        values
        for values in product(*ranges)
        if (over == COVERED and shown + sum(values) >= MIN_SHOWN_COUNT)
        or (over == FEW and 0 < shown + sum(values) < MIN_SHOWN_COUNT)
        or (not over and shown + sum(values) == total)
    ]
    assert tuple(parts[p] for p in places) in fits
    for at, place in enumerate(places):
        if hidden[place] == FEW:
            assert len({values[at] for values in fits}) > 1 or over, (parts, hidden, over)


def test_large_numbers_are_left_alone() -> None:
    assert suppress_parts([5, 0, 20], 25) == ({}, "")


def test_one_small_part_takes_the_next_with_it() -> None:
    hidden, over = suppress_parts([2, 9, 30], 41)
    assert hidden == {0: FEW, 1: COVERED} and not over


def test_without_other_parts_the_total_is_covered() -> None:
    assert suppress_parts([3, 0], 3) == ({0: FEW}, FEW)
