"""What each step did to each limit, read from the facts before and after it."""

import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from tests.articles.department import RECEIVED
from xinfang.procedure.calendar import seed_calendar
from xinfang.procedure.clock_changes import LimitChange, changes_of
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Facts
from xinfang.procedure.rules import Refused, SecondPerson, decide
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.timing import ClockRun

CALENDAR = seed_calendar()
Move = tuple[str, LimitChange, str]
"""The limit, what became of it, and the step that did it."""


def not_printed(seen: Iterable[Move]) -> list[str]:
    """What was done to a limit that the printed table doesn't say."""
    return sorted(
        f"{clock} {change.value} {code}"
        for clock, change, code in seen
        if code not in {step.rule.code for step in changes_of(clock).get(change, ())}
    )


def moves(before: Facts, after: Facts) -> Iterator[Move]:
    """Yield what was done to each limit between these facts; it is put down to the last event."""
    code = after.history[-1].code
    was, now = _runs(before), _runs(after)
    fresh = {clock for clock, n in now if (clock, n) not in was}
    for (clock, n), then in was.items():
        run = now.get((clock, n))
        if run is None:
            yield clock, LimitChange.RESTARTS if clock in fresh else LimitChange.REMOVES, code
            continue
        if then.stopped_on is None and run.stopped_on is not None:
            yield clock, LimitChange.STOPS if run.stopped_by else LimitChange.ENDS, code
        elif then.stopped_on is not None and run.stopped_on is None:
            yield clock, LimitChange.RESUMES, code
        if (then.due.due, then.started_on) != (run.due.due, run.started_on):
            yield clock, LimitChange.MOVES, code
    replaced = {clock for clock, n in was if (clock, n) not in now}
    for clock in fresh - replaced:
        yield clock, LimitChange.STARTS, code


def _runs(facts: Facts) -> dict[tuple[str, int], ClockRun]:
    return {(run.clock.code, run.occurrence): run for run in running(facts, CALENDAR)}


def moves_on_walks(space: Any, seed: int, walks: int, steps: int = 45) -> Iterator[Move]:
    """Yield the moves on random walks by people who may: who correct and prove, agree, and send papers as well.

    `space` is `test_state_space`, which knows how to answer each step.
    """
    dice = random.Random(seed)
    variants = {**space.VARIANTS, StepCode.CORRECT: space.CORRECTIONS}
    for _ in range(walks):
        facts, today = Facts(number="LX2026000001"), RECEIVED
        for _ in range(steps):
            today += timedelta(days=dice.choice((0, 0, 0, 1, 3, 20)))
            gone = _gone_on(space, facts, today, variants, dice)
            if gone is not None:
                yield from moves(facts, gone)
                facts = gone


def _gone_on(space: Any, facts: Facts, today: date, variants: dict[str, Any], dice: random.Random) -> Facts | None:
    """The case after one more step, or a paper that left, or a step on its proof."""
    if facts.state is not None and dice.random() < 0.35:
        ways: list[tuple[str, Facts]] = []
        for more in (
            space.papers_that_leave(facts, today),
            space.paper_instructions(facts, today),
            space.steps_on_proof(facts, today, dice.randrange(7)),
        ):
            # Where a walk by chance left a paper half made, what there was to take before it is enough.
            with suppress(Refused):
                ways += more
        if ways:
            return dice.choice(ways)[1]
    if facts.pending and dice.random() < 0.5:
        code = dice.choice(list(facts.pending))
    else:
        fitting = [c for c, s in STEPS.items() if facts.state in s.rule.when or (s.rule.new and facts.state is None)]
        if not fitting:  # nothing is done with what was brought in by mistake
            return None
        code = dice.choice([c for c in fitting if c not in space.QUIET] or fitting)
        asked = [t.step for t in task_rules(facts) if t.step in fitting] if facts.state else []
        chance = dice.random()
        if chance < 0.55 and asked:
            code = dice.choice(asked)  # so that walks get far
        elif chance > 0.85:
            code = dice.choice(fitting)
    by = space.first_who_may(code, facts)
    if not by:
        return None
    step = (
        SecondPerson()
        if code in facts.pending
        else space.answered(code, facts, today, dice.choice(variants.get(code, [{}])))
    )
    try:
        outcome = decide(step, code, space.question(step, facts, by[0], today))
    except Refused:
        return None
    return space.after(facts, step, outcome, by[0], today)
