"""The history of a case as its rows are made again from it: event by event, with the facts before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Model

from xinfang.cases.models.encryption import case_key
from xinfang.cases.queries.personal_answers import step_with_text
from xinfang.cases.queries.petitions import replayed_each, stored_event, translate_damage
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Directory, Facts
from xinfang.procedure.rules import Step
from xinfang.procedure.timing import ClockRun
from xinfang.vault.sm_ciphers import DecryptionFailed

from .models import Event, Petition


@dataclass(frozen=True, slots=True)
class PastStep:
    """One event of a case, with the facts before and after it."""

    event: Event
    before: Facts
    after: Facts
    whole: Step | None
    """The step with everything that was said; None where the file was destroyed."""

    @property
    def took_effect(self) -> bool:
        """Not while a second person is still to decide, nor when they refused."""
        return bool(self.after.history[-1].took_effect)

    @property
    def step(self) -> Any:
        """The step as the history tells it; for a second person's word, the step that they decided on."""
        happening = self.after.history[-1]
        return self.before.pending[self.event.code].step if happening.stage == "refused" else happening.step


class CaseHistory:
    """A case read again from its events alone, those of `events_of`.

    `petition` is its row: of it only the key, the number and the primary key are used; `stored_rows` are its rows by
    table, for columns that can't be made again.

    Raises:
        DecryptionFailed: what was said can't be read.
        KeyMissing: the case's key can't be used.
    """

    def __init__(
        self,
        petition: Petition,
        events: Sequence[Event],
        stored_rows: Mapping[type[Model], Sequence[Any]],
        calendar: Calendar,
        directory: Directory,
        day: date,
    ) -> None:
        self.petition, self.events, self.stored = petition, events, stored_rows
        self.calendar, self.directory, self.day = calendar, directory, day
        self._key = case_key(petition)
        every = replayed_each(petition.number, (stored_event(e, self._key) for e in events))
        self.facts = every[-1] if every else Facts(number=petition.number)
        self._facts = [Facts(number=petition.number), *every]

    @cached_property
    def steps(self) -> tuple[PastStep, ...]:
        """Every event.

        Raises:
            DecryptionFailed: what was said is gone without the file having been destroyed.
        """
        with translate_damage(self.petition.number):
            wholes = [step_with_text(e, self._key) for e in self.events]
        if None in wholes and self.facts.destroyed_on is None:
            # Rows made again without it would lose what may be kept only in them.
            raise DecryptionFailed(f"{self.petition.number} 有记录的文字或密钥不在，而案卷没有销毁。")
        return tuple(
            PastStep(e, before, after, whole)
            for e, whole, before, after in zip(self.events, wholes, self._facts, self._facts[1:], strict=False)
        )

    def told(self, past: PastStep) -> Step | None:
        """Return a step with everything that was said: what a second person agreed to was said when it was proposed."""
        told_at = past.after.history[-1].told_at
        return self.steps[told_at - 1].whole

    @cached_property
    def runs(self) -> tuple[ClockRun, ...]:
        """All runs of all clocks."""
        return running(self.facts, self.calendar)
