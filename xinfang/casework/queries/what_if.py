"""What if: a number or a calendar changed, tried on every open case. Nothing is written.

Says how many due dates would move, of which limits and units, and what would be late today. Cases are counted, none is
named. Sealed ones are left out: by trying one day after the other one would learn when a report came (N30).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

from xinfang.accounts.queries.actors import directory
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Deadline, Petition
from xinfang.cases.queries.petitions import facts_with_damaged_text
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.dated_rules import EnteredNumbers, supposing
from xinfang.procedure.facts import Directory, Facts
from xinfang.procedure.timing import OURS, ClockRun

_AT_A_TIME = 500
WITH_NO_UNIT = "尚未交办"


@dataclass
class WhatIf:
    """What a change would do to the limits that run. Dates are Asia/Shanghai."""

    cases: int = 0
    limits: int = 0
    sooner: int = 0
    later: int = 0
    unreadable: int = 0
    """Cases whose events can't be read, and that were left out."""
    moved_cases: int = 0
    by_clock: Counter[str] = field(default_factory=Counter)
    """Of the dates that would move, how many are of each limit, by its name."""
    by_unit: Counter[str] = field(default_factory=Counter)
    late_today: int = 0
    """Of the department's own limits, how many are late now."""
    late_then: int = 0
    newly_late: Counter[str] = field(default_factory=Counter)
    """By unit, how many of them would be late that aren't."""

    @property
    def moved(self) -> int:
        """How many due dates would move."""
        return self.sooner + self.later


def what_if(changes: EnteredNumbers, today: date, other: Calendar | None = None) -> WhatIf:
    """Return what these numbers, and this calendar in place of the present one, would do to what runs today.

    It takes 4 queries, and 2 for every 500 cases.
    """
    known, found, units = calendar(), WhatIf(), directory()
    for facts in _open_cases(found):
        now = _by_run(facts, known)
        with supposing(changes):
            then = _by_run(facts, other or known)
        unit = _unit(facts, units)
        found.limits += len(now)
        before = found.moved
        for key, run in now.items():
            _compare(found, run, then.get(key, run), unit, today)
        found.moved_cases += found.moved > before
    return found


def _open_cases(found: WhatIf) -> Iterator[Facts]:
    wanted = Deadline.objects.filter(stopped_on=None).values("petition_id")
    keys = list(Petition.objects.filter(pk__in=wanted, sealed=False).order_by("pk").values_list("pk", flat=True))
    for place in range(0, len(keys), _AT_A_TIME):
        petitions = Petition.objects.filter(pk__in=keys[place : place + _AT_A_TIME])
        facts = facts_with_damaged_text(petitions)
        found.cases += len(facts)
        found.unreadable += len(petitions) - len(facts)
        yield from facts.values()


def _by_run(facts: Facts, known: Calendar) -> dict[tuple[str, int], ClockRun]:
    return {(r.clock.code, r.occurrence): r for r in running(facts, known) if r.stopped_on is None}


def _unit(facts: Facts, units: Directory) -> str:
    return units.unit_name(facts.handling_unit) if facts.handling_unit else WITH_NO_UNIT


def _compare(found: WhatIf, now: ClockRun, then: ClockRun, unit: str, today: date) -> None:
    ours = now.clock.kind in OURS
    was, would = ours and now.overdue(today), ours and then.overdue(today)
    found.late_today += was
    found.late_then += would
    if would and not was:
        found.newly_late[unit] += 1
    if then.due.due != now.due.due:
        found.by_clock[now.clock.label] += 1
        found.by_unit[unit] += 1
        if then.due.due < now.due.due:
            found.sooner += 1
        else:
            found.later += 1


class MovedRows(TypedDict):
    """What would move, for a page: by limit, and by unit with how many would become late."""

    found: WhatIf
    by_clock: list[tuple[str, int]]
    by_unit: list[tuple[str, int, int]]


def moved_rows(found: WhatIf) -> MovedRows:
    """Return what would move as rows, the most first."""
    units = [(unit, count, found.newly_late[unit]) for unit, count in found.by_unit.most_common()]
    return {"found": found, "by_clock": found.by_clock.most_common(), "by_unit": units}
