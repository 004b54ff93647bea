"""Reading a history again: stored events in, facts out. What a case is, is what its events say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from xinfang.procedure.facts import Actor, CaseEvent, Facts
from xinfang.procedure.rules import SecondPerson, apply_step, effect_of, papers_called_for, tells_without_paper
from xinfang.procedure.step_schema import StaffCode, fill_in_withheld, load_step

from .papers import left_for_the_first_time
from .steps import STEPS


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is read: JSON answers in which personal data is only marked. `recorded_at` is an aware time."""

    seq: int
    code: str
    stage: str
    data: Mapping[str, Any]
    happened_on: date
    recorded_at: datetime
    by: StaffCode
    entered_by: StaffCode = StaffCode("")


def _class_of(code: str, stage: str) -> Any:
    return SecondPerson if stage in ("confirmed", "refused") else STEPS[code]


def step_of(code: str, stage: str, data: Mapping[str, Any]) -> Any:
    """Return the frozen step of a stored event.

    Raises:
        KeyError: no version ever had this code.
    """
    return load_step(_class_of(code, stage), data)


def answers_with_text_of(code: str, stage: str, data: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event keeps in plain, with the text that it withholds put in (`step_schema.fill_in_withheld`)."""
    return fill_in_withheld(_class_of(code, stage), data, whole)


def replay(number: str, events: Iterable[StoredEvent]) -> Facts:
    """Return the facts that a history tells, applied event by event."""
    facts = Facts(number=number)
    for after in replay_each(number, events):
        facts = after
    return facts


def replay_each(number: str, events: Iterable[StoredEvent]) -> Iterator[Facts]:
    """Yield the facts after each event of a history."""
    facts = Facts(number=number)
    for e in events:
        facts = apply_event(facts, step_of(e.code, e.stage, e.data), e)
        yield facts


def apply_event(facts: Facts, step: Any, event: StoredEvent) -> Facts:
    """Return the facts after one more event, with the event at the end of the history."""
    after = apply_step(facts, step, event.code, event.stage, Actor(event.by, ""), event.happened_on)
    happening = CaseEvent(
        event.seq,
        event.code,
        effect_of(facts, step, event.code, event.stage) or step,
        event.happened_on,
        event.recorded_at,
        event.by,
        event.entered_by,
        event.stage,
        after.state is not facts.state,
        papers_called_for(facts, after, step, event.code, event.stage, event.happened_on),
        left_for_the_first_time(facts, after),
        tells_without_paper(facts, step, event.code, event.stage),
        step if isinstance(step, SecondPerson) else None,
        _told_at(facts, event),
    )
    return replace(after, history=(*facts.history, happening))


def _told_at(facts: Facts, event: StoredEvent) -> int:
    if event.stage not in ("confirmed", "refused"):
        return event.seq
    return next(h.seq for h in reversed(facts.history) if h.code == event.code and h.stage == "proposed")
