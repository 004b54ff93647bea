"""A new case: everything about it that needs no number is made before the transaction, so that others wait only for the writing."""

import secrets

from xinfang.cases.models import Deadline, Event, PaperOwed, Petition, Petitioner, Request, Task
from xinfang.core.numbering import next_number
from xinfang.core.rows import Waiting
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Facts
from xinfang.procedure.steps.intake import Register
from xinfang.search import index as search_index

from . import apply
from .deadlines import deadline_rows, set_first_due
from .decided import Decided, give_hash, seal_secrets
from .tasks import task_rows, tell_of


class Beginning:
    """A registration that was decided, with all its rows; `write` takes the number and inserts them."""

    def __init__(self, decided: Decided) -> None:
        step, event = decided.step, decided.event
        assert isinstance(step, Register)
        self.decided, self.step = decided, step
        self.petition = petition = apply.new_petition(step, "", _inquiry_code(), decided.now)
        seal_secrets(petition, decided)
        self.facts = decided.facts_after("")
        runs = running(self.facts, decided.calendar)
        apply.columns(petition, decided.outcome, self.facts, event.seq)
        set_first_due(petition, runs)
        self.tasks = list(task_rows(petition, self.facts, decided.directory).values())
        papers = [PaperOwed(petition=petition, kind=p.value) for p in decided.outcome.papers]
        self._case = Waiting(Petition, [petition], "number", "head")
        self._event = Waiting(Event, [event], "petition", "hash")
        self._beside = [
            Waiting(Petitioner, apply.petitioner_rows(petition, step), "petition"),
            Waiting(Request, apply.request_rows(petition, self.facts.requests), "petition"),
            Waiting(Deadline, deadline_rows(petition, runs), "petition"),
            Waiting(Task, self.tasks, "petition"),
        ]
        self._papers = Waiting(PaperOwed, papers, "petition", "event")
        self._words = search_index.prepared(
            petition, requests=[r.text for r in self.facts.requests], people=apply.named(step)
        )

    def write(self) -> tuple[Petition, Event, Facts]:
        """Insert every row. Call inside the transaction; if that is refused, the number goes back with it."""
        petition, event, decided = self.petition, self.decided.event, self.decided
        petition.number = next_number(self.step.channel, self.step.received_on.year)
        give_hash(petition, decided)
        petition.pk = self._case.insert_one(number=petition.number, head=petition.head)
        event.petition = petition
        event.pk = self._event.insert_one(petition=petition.pk, hash=event.hash)
        for row in (petition, event):
            row._state.adding, row._state.db = False, "default"
        for rows in self._beside:
            rows.insert(petition=petition.pk)
        self._papers.insert(petition=petition.pk, event=event.pk)
        facts = self.facts.changed(number=petition.number)
        apply.new_sides(petition, facts)
        self._words.put(petition.pk, petition.number)
        for task in self.tasks:
            tell_of(task, petition, decided.day, decided.now)
        return petition, event, facts


def _inquiry_code() -> str:
    """Eight digits without a pattern; the petitioner uses them with a second proof."""
    return f"{secrets.randbelow(10**8):08d}"
