"""A step that may be taken, between the decision and the writing."""

from dataclasses import dataclass
from datetime import date, datetime

from xinfang.audit.chained import chain_event
from xinfang.cases.models import Event, Petition
from xinfang.cases.models.sealed import key_of, new_key
from xinfang.cases.projection import Change
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Actor, Directory, Facts
from xinfang.procedure.history import StoredEvent, happen
from xinfang.procedure.rules import Outcome, Step
from xinfang.vault.sm import seal


@dataclass(frozen=True)
class Decided:
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
    private: bytes
    """What the event withholds, in plain."""

    def facts_after(self, number: str) -> Facts:
        e = self.event
        stored = StoredEvent(e.seq, e.code, e.stage, e.data, e.happened_on, e.recorded_at, self.by.code)
        return happen(self.outcome.before.changed(number=number), self.step, stored)

    def change(self, petition: Petition) -> Change:
        """The step as the projections write it down."""
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

    def done(self, change: Change) -> "Done":
        """What the step led to."""
        papers = tuple(str(p.value) for p in self.outcome.papers)
        return Done(change.petition, self.event, change.facts, papers)


@dataclass(frozen=True)
class Done:
    """What a performed step led to. `again` is true when the same form had been sent before."""

    petition: Petition
    event: Event
    facts: Facts
    papers: tuple[str, ...]
    again: bool = False


def seal_secrets(petition: Petition, decided: Decided) -> None:
    """Encrypt what the event withholds, under the petition's key."""
    if decided.private:
        key = key_of(petition) or new_key(petition)
        decided.event.private = seal(key, decided.private, f"event:{decided.event.seq}".encode())


def give_hash(petition: Petition, decided: Decided) -> None:
    """The event's hash, made with the petition's number and the event before it; the petition remembers it."""
    chain_event(decided.event, petition.number, petition.head, **decided.people)
    petition.head = decided.event.hash
