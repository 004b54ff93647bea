"""What may become of a limit, and by which steps, is printed: no step does more to one than the table says.

The whole space of cases is looked at in the same way by `test_state_space`. `WALKS=2000` for the night.
"""

import os
import random

import pytest

from tests.procedure import test_state_space as space
from tests.procedure.clock_moves import moves_on_walks, not_printed
from xinfang.procedure.clock_changes import ENDING, LOOKS_AT, LimitChange, change_rows, changes_of
from xinfang.procedure.clocks import CLOCKS, MINUTE_CLOCKS
from xinfang.procedure.steps import STEPS

WALKS = int(os.environ.get("WALKS", "60"))


def test_no_step_does_more_to_a_limit_than_is_printed() -> None:
    seed = random.SystemRandom().randrange(1, 10**9)
    seen = set(moves_on_walks(space, seed, WALKS, 60))
    assert not_printed(seen) == [], f"seed {seed}"
    assert len({clock for clock, _, _ in seen}) > 7, "the walks get somewhere"


def test_one_that_is_not_printed_is_found() -> None:
    assert not_printed({("notice", LimitChange.MOVES, "correct")}) == []
    assert not_printed({("notice", LimitChange.MOVES, "grant_extension")}) == ["notice moves grant_extension"]


def test_each_limit_that_counts_in_days_is_in_the_table_with_what_starts_and_stops_it() -> None:
    assert set(LOOKS_AT) == set(CLOCKS)
    for clock in CLOCKS.values():
        changes = changes_of(clock.code)
        if clock in MINUTE_CLOCKS:
            assert not changes, "counted beside an event, never in a case"
            continue
        assert set(clock.starts) <= set(changes[LimitChange.STARTS]) and set(clock.stops) <= set(
            changes[LimitChange.STOPS]
        )
        assert set(clock.restarts) <= set(changes.get(LimitChange.RESTARTS, ()))
    with pytest.raises(KeyError):
        changes_of("no_clock")


def test_only_an_extension_a_hearing_or_another_law_gives_more_days() -> None:
    """Dates are put right with a second person, as is the term of a law for an own duty (N31, N34, N36)."""
    movers = {s.rule.code for clock in CLOCKS for s in changes_of(clock).get(LimitChange.MOVES, ())}
    assert movers == {"correct", "grant_extension", "final_review", "accept_duty"}
    assert all(STEPS[code].rule.then for code in movers - {"grant_extension"})


def test_the_table_says_who_takes_each_step() -> None:
    rows = list(change_rows())
    assert (
        "办结",
        "改期",
        "更正（办公室、检举控告专管员；第二人：办公室、另一名检举控告专管员（密封件））、批准延期（包案厅领导）",
        "更正收到、受理日期；批准延期",
    ) in rows
    assert all(s.rule.to for s in ENDING)
