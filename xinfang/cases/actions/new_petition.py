"""A new case: all of it that needs no number is made before the transaction.

So others wait only for the writing.
"""

from dataclasses import replace

from xinfang.cases import inquiry_codes
from xinfang.cases.actions.decided_step import DecidedStep, StepResult, event_text_row, set_event_hash_of
from xinfang.cases.models import Event, EventText, Petition
from xinfang.cases.models.encryption import seal_inquiry_code
from xinfang.cases.projection import projections
from xinfang.cases.projections.columns import petition_row
from xinfang.cases.series import next_petition_number
from xinfang.core.prepared_inserts import PreparedInsert
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.words import Channel, Role


class NewPetition:
    """A registration that was decided, with all its rows; `write` takes the number and inserts them."""

    def __init__(self, decided: DecidedStep) -> None:
        step, event = decided.step, decided.event
        assert isinstance(step, Register)
        self.decided, self.step = decided, step
        petition = petition_row(step, decided.now)
        self._text = PreparedInsert(EventText, event_text_row(petition, decided), "event")
        _give_inquiry_code(petition, decided)
        self.change = change = decided.change(petition)
        self._prepared = [(projection, projection.prepare(change)) for projection in projections()]
        petition.revision = event.seq
        self._case = PreparedInsert(Petition, [petition], "number", "head", "head_mac")
        self._event = PreparedInsert(Event, [event], "petition", "hash")

    @property
    def series(self) -> tuple[Channel, int]:
        """The channel and year that its number is of."""
        return self.step.channel, self.step.received_on.year

    def write(self, number: str = "") -> StepResult:
        """Insert every row, with a number that was taken before or its own.

        Call inside the transaction; if that is refused, the number goes back with it.
        """
        change, event = self.change, self.decided.event
        petition = change.petition
        petition.number = number or next_petition_number(*self.series)
        set_event_hash_of(petition, self.decided)
        petition.pk = self._case.insert_one(number=petition.number, head=petition.head, head_mac=petition.head_mac)
        event.petition = petition
        event.pk = self._event.insert_one(petition=petition.pk, hash=event.hash)
        self._text.insert(event=event.pk)
        for row in (petition, event):
            row._state.adding, row._state.db = False, "default"
        change.facts = replace(change.facts, number=petition.number)
        for projection, rows in self._prepared:
            projection.write(rows, change)
        return self.decided.done(change)


def _give_inquiry_code(petition: Petition, decided: DecidedStep) -> None:
    key = decided.event.key
    if decided.by.has(Role.PETITIONER) and key:
        petition.inquiry_mark = inquiry_codes.mark_of(inquiry_codes.code_of_form(key))
        return
    code = inquiry_codes.draw_code()
    petition.inquiry_mark = inquiry_codes.mark_of(code)
    seal_inquiry_code(petition, code)
