"""The history of a case as its rows are made again from it: event by event, with the facts before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Model

from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Directory, Facts
from xinfang.procedure.history import replay_each
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.timing import Running
from xinfang.vault.sm import Broken

from .models import Event, Petition
from .models.sealed import key_of
from .queries.petitions import stored
from .queries.private_answers import whole_step


@dataclass(frozen=True, slots=True)
class PastStep:
    """One event of a case, with the facts before and after it."""

    event: Event
    before: Facts
    after: Facts
    whole: Any
    """The step with everything that was said; None where the file was destroyed."""

    @property
    def took_effect(self) -> bool:
        """Not while a second person is still to decide, nor when they refused."""
        return self.event.stage in ("done", "confirmed")

    @property
    def step(self) -> Any:
        """The step as the history tells it; for a second person's word, the step that they decided on."""
        step = self.after.history[-1].step
        return self.before.pending[self.event.code].step if isinstance(step, SecondPerson) else step


class CaseHistory:
    """A case read again from its events alone, those of `events_of`. `petition` is its row: of it only the key, the number and the
    primary key are used. Raises vault.sm.Broken or KeyMissing where what was said can't be read."""

    def __init__(
        self, petition: Petition, events: Sequence[Event], calendar: Calendar, directory: Directory, day: date
    ) -> None:
        self.petition, self.events = petition, events
        self.calendar, self.directory, self.day = calendar, directory, day
        self._key = key_of(petition)
        every = list(replay_each(petition.number, (stored(e, self._key) for e in events)))
        self.facts = every[-1] if every else Facts(number=petition.number)
        self._stored: dict[type[Model], list[Any]] = {}
        self._facts = [Facts(number=petition.number), *every]

    @cached_property
    def steps(self) -> tuple[PastStep, ...]:
        """Every event. Raises vault.sm.Broken where what was said is gone without the file having been destroyed."""
        wholes = [whole_step(e, self._key) for e in self.events]
        if None in wholes and self.facts.destroyed_on is None:
            # Rows made again without it would lose what may stand only in them.
            raise Broken(f"{self.petition.number} 有记录的文字或密钥不在，而案卷没有销毁。")
        return tuple(
            PastStep(e, before, after, whole)
            for e, whole, before, after in zip(self.events, wholes, self._facts, self._facts[1:], strict=False)
        )

    @cached_property
    def runs(self) -> tuple[Running, ...]:
        """All runs of all clocks."""
        return running(self.facts, self.calendar)

    def give(self, stored: Mapping[type[Model], list[Any]]) -> None:
        """The stored rows, where they were read for many cases at once."""
        self._stored = dict(stored)

    def stored(self, model: type[Model]) -> list[Any]:
        """The rows of a table as they are stored, for columns that can't be made again."""
        if model not in self._stored:
            self._stored[model] = list(model._default_manager.filter(petition=self.petition))
        return self._stored[model]
