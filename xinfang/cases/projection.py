"""What a step leaves in the tables: the change that a taken step is, and the projections that write it down.

`perform` decides and appends the event; every row beside it is written by a projection, one class in `projections` of
the feature that owns the table. `PROJECTIONS` there names them, and they work in the order of FEATURES.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from xinfang.core.features import modules
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Actor, Directory, Facts
from xinfang.procedure.rules import Outcome, Step
from xinfang.procedure.steps import step_label
from xinfang.procedure.timing import ClockRun

from .models import Event, Petition

if TYPE_CHECKING:
    from .history import CaseHistory


@dataclass(frozen=True, slots=True)
class UndecidedStep:
    """Who takes the step on what, before it is decided. `now` is an aware time, `day` its day in Asia/Shanghai."""

    by: Actor
    code: str
    """Of the step; of the step that is confirmed, where a second person answers."""
    facts: Facts
    petition: Petition | None
    """Locked; None while it is being registered."""
    day: date
    now: datetime


@dataclass(kw_only=True)
class Change:
    """One step that was decided, as the projections write it down."""

    petition: Petition
    """The case's row, not saved since; without primary key and number while a registration is prepared."""
    event: Event
    outcome: Outcome
    before: Facts
    facts: Facts
    """After the step."""
    runs: tuple[ClockRun, ...]
    """All runs of all clocks after the step."""
    calendar: Calendar
    directory: Directory
    day: date
    now: datetime

    @property
    def step(self) -> Step:
        """The step that was taken."""
        return self.outcome.step

    @property
    def step_label(self) -> str:
        """The name of the step; of the one that was put forward, where a second person answered."""
        return self.outcome.effect.rule.label if self.outcome.effect else step_label(self.outcome.code)

    @property
    def begins(self) -> bool:
        """Whether this step begins the case."""
        return not self.before.history


@dataclass(frozen=True, slots=True)
class Derived:
    """A table of which a projection can make every row of a case again from the events."""

    model: type[Model]
    key: tuple[str, ...]
    """What tells one row of a case from another."""
    columns: tuple[str, ...] = ()
    """What else is made again, by attribute."""
    kept: tuple[str, ...] = ()
    """Columns that can't be made again from the events: send states, wrapped keys, what belongs to another table."""
    fields: tuple[str, ...] = ()
    """The stored columns behind `columns`, where they have other names."""


class Projection:
    """What one feature writes of a case. Each method does nothing unless a projection says otherwise."""

    derived: tuple[Derived, ...] = ()
    """The tables that `rows` makes again. Those that no projection names are kept, not derived: events, drafts, …"""

    def rows(self, case: "CaseHistory") -> Iterable[Model]:
        """Return the rows of the `derived` tables as the events say, unsaved."""
        return ()

    def revise(self, case: "CaseHistory", rows: Sequence[Model]) -> None:
        """Change rows that projections before this one have made again, as `write` changes theirs."""

    def following(self, case: "CaseHistory", rows: Sequence[Model]) -> Iterable[Model]:
        """Return rows that follow from the other rows of the case, once these are made again and revised."""
        return ()

    def damage(self, case: "CaseHistory") -> Iterable[str]:
        """Return what is wrong with stored rows in columns that can't be made again, a sentence each."""
        return ()

    def complete(self, step: Step, context: UndecidedStep) -> Step:
        """Return the step with what the system fills in: a number, a text.

        Called before the step is decided; of an existing case within the transaction, with its row locked.

        Raises:
            Refused: the step can't be taken with what it says.
        """
        return step

    def prepare(self, change: Change) -> Any:
        """Make what can be made before rows are written; of a registration before the transaction.

        So others wait only for the writing. Columns of the case itself are set on `change.petition` here. What is
        returned comes back in `write`.
        """
        return None

    def write(self, prepared: Any, change: Change) -> None:
        """Write the rows. Within the transaction, with the case and the event written."""

    def text_was_read(self, petition: Petition) -> None:
        """Take note that the text of a scan became known: no step of the case, but it can be found by it.

        Called with its row locked.
        """


@cache
def projections() -> tuple[Projection, ...]:
    """Return the projections of all features, in order."""
    return tuple(_made())


def _made() -> Iterator[Projection]:
    for feature in modules("projections"):
        for projection in feature.PROJECTIONS:
            yield projection()
