"""A step that may be taken, between the decision and the writing."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from xinfang.audit.canonical import case_mac, set_event_hash
from xinfang.cases.models import Event, EventText, Petition
from xinfang.cases.models.encryption import case_key, create_case_key, encrypt_event_text, text_digest
from xinfang.cases.projection import Change
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Actor, Directory, Facts
from xinfang.procedure.replay import StoredEvent, apply_event
from xinfang.procedure.rules import Outcome, Step


@dataclass(frozen=True)
class DecidedStep:
    """A step that may be taken, and all that is needed to write it."""

    step: Step
    outcome: Outcome
    by: Actor
    calendar: Calendar
    directory: Directory
    day: date
    now: datetime
    event: Event
    """Not saved, and without its petition yet."""
    people: dict[str, str]
    """Who took the step, who entered it, for whom: by the name of the event's field."""
    withheld: dict[str, Any] | None
    """All answers in plain, where the event withholds some of them."""

    def facts_after(self, number: str) -> Facts:
        """Return the facts after this step, of the case with this number."""
        e = self.event
        stored = StoredEvent(e.seq, e.code, e.stage, e.data, e.happened_on, e.recorded_at, self.by.code)
        return apply_event(replace(self.outcome.before, number=number), self.step, stored)

    def change(self, petition: Petition) -> Change:
        """Return the step as the projections write it down."""
        facts = self.facts_after(petition.number)
        return Change(
            petition=petition,
            event=self.event,
            outcome=self.outcome,
            before=self.outcome.before,
            facts=facts,
            runs=running(facts, self.calendar),
            calendar=self.calendar,
            directory=self.directory,
            day=self.day,
            now=self.now,
        )

    def done(self, change: Change) -> "StepResult":
        """Return what the step led to."""
        papers = tuple(str(p.value) for p in self.outcome.papers)
        return StepResult(change.petition, self.event, change.facts, papers)


@dataclass(frozen=True)
class StepResult:
    """What a performed step led to. `again` is true when the same form had been sent before."""

    petition: Petition
    event: Event
    facts: Facts
    papers: tuple[str, ...]
    again: bool = False


def event_text_row(petition: Petition, decided: DecidedStep) -> list[EventText]:
    """Return the row of what the event withholds, encrypted under the petition's key; none where it withholds nothing.

    It is to be inserted after the event, which gets its digest here.
    """
    if decided.withheld is None:
        return []
    event = decided.event
    sealed = encrypt_event_text(case_key(petition) or create_case_key(petition), event.seq, decided.withheld)
    event.text_digest = text_digest(sealed)
    return [EventText(sealed=sealed)]


def set_event_hash_of(petition: Petition, decided: DecidedStep) -> None:
    """Set the event's hash, made with the petition's number and the event before it; the petition remembers it."""
    set_event_hash(decided.event, petition.number, petition.head, **decided.people)
    petition.head, petition.revision = decided.event.hash, decided.event.seq
    prove_end(petition)


def prove_end(petition: Petition) -> None:
    """Prove on the case's row which event is its last, and which code opens it at the window. The caller saves."""
    petition.head_mac = case_mac(
        petition.number, petition.revision, petition.head, petition.inquiry_mark, petition.inquiry_sealed
    )
