"""A new case: everything about it that needs no number is made before the transaction, so that others wait only for the writing."""

import secrets
from dataclasses import replace

from xinfang.cases.models import Event, EventText, Petition
from xinfang.cases.projection import projections
from xinfang.cases.projections.columns import new_petition
from xinfang.cases.series import next_number
from xinfang.core.rows import Waiting
from xinfang.procedure.steps.intake import Register

from .decided import Decided, Done, give_hash, sealed_text


class Beginning:
    """A registration that was decided, with all its rows; `write` takes the number and inserts them."""

    def __init__(self, decided: Decided) -> None:
        step, event = decided.step, decided.event
        assert isinstance(step, Register)
        self.decided, self.step = decided, step
        petition = new_petition(step, _inquiry_code(), decided.now)
        self._text = Waiting(EventText, sealed_text(petition, decided), "event")
        self.change = change = decided.change(petition)
        self._prepared = [(projection, projection.prepare(change)) for projection in projections()]
        petition.revision = event.seq
        self._case = Waiting(Petition, [petition], "number", "head")
        self._event = Waiting(Event, [event], "petition", "hash")

    def write(self) -> Done:
        """Insert every row. Call inside the transaction; if that is refused, the number goes back with it."""
        change, event = self.change, self.decided.event
        petition = change.petition
        petition.number = next_number(self.step.channel, self.step.received_on.year)
        give_hash(petition, self.decided)
        petition.pk = self._case.insert_one(number=petition.number, head=petition.head)
        event.petition = petition
        event.pk = self._event.insert_one(petition=petition.pk, hash=event.hash)
        self._text.insert(event=event.pk)
        for row in (petition, event):
            row._state.adding, row._state.db = False, "default"
        change.facts = replace(change.facts, number=petition.number)
        for projection, rows in self._prepared:
            projection.write(rows, change)
        return self.decided.done(change)


def _inquiry_code() -> str:
    """Eight digits without a pattern; the petitioner uses them with a second proof."""
    return f"{secrets.randbelow(10**8):08d}"
