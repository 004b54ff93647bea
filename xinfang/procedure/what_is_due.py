"""What is due in a case, and when that is late: the one answer of pages, lists, boards, messages and figures.

The rows beside a case (`cases.projections.deadlines`) keep what is said here, and `cases.queries.due_columns` asks of
them the same in SQL. All dates are calendar days in Asia/Shanghai.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .calendar import Calendar
from .clocks import CLOCKS, MINUTE_CLOCKS, running
from .facts import Facts
from .timing import OURS, Clock, ClockKind, ClockRun

LISTED = tuple(c for c in CLOCKS.values() if c.kind in OURS and c not in MINUTE_CLOCKS)
"""The limits by which lists and boards may be narrowed: those that the department keeps, counted in days."""
SORTING = tuple(c for c in LISTED if c.leads)
"""The limits by which a case has its place in lists; the others are internal book-keeping, shown beside them."""


@dataclass(frozen=True, slots=True)
class WhatIsDue:
    """The limits of a case: `runs` are all that have run or run in it."""

    runs: tuple[ClockRun, ...]

    @property
    def running(self) -> tuple[ClockRun, ...]:
        """Those that run, due first in front."""
        return _by_due(r for r in self.runs if r.stopped_on is None)

    @property
    def stopped(self) -> tuple[ClockRun, ...]:
        """Those that were met or fell away, due first in front."""
        return _by_due(r for r in self.runs if r.stopped_on is not None)

    @property
    def first(self) -> ClockRun | None:
        """The running limit that comes first of those the department keeps: by it the case is sorted and counted."""
        return self.of(*SORTING)

    def of(self, *clocks: Clock) -> ClockRun | None:
        """Return the running limit that comes first of these clocks, or None."""
        wanted = {c.code for c in clocks}
        return next((r for r in self.running if r.clock.code in wanted), None)

    def owed_late(self, day: date) -> tuple[ClockRun, ...]:
        """Return the duties that weren't met though their day was over on `day`."""
        return tuple(r for r in self.running if r.clock.kind is ClockKind.DUTY and r.overdue(day))


def what_is_due(facts: Facts, calendar: Calendar) -> WhatIsDue:
    """Return what is due in this case, computed from its history."""
    return WhatIsDue(running(facts, calendar))


def _by_due(runs: Iterable[ClockRun]) -> tuple[ClockRun, ...]:
    return tuple(sorted(runs, key=lambda r: r.due.due))
