"""From the log of an event to its facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from xinfang.procedure.incidents.ending import EndIncident
from xinfang.procedure.incidents.facts import IncidentFacts, LogEntry
from xinfang.procedure.incidents.report_chain import AUTOMATIC_STEPS
from xinfang.procedure.step_schema import StaffCode, load_step

from ..facts import Actor, DutyHeld
from ..words import Role
from .on_site import ON_SITE
from .reporting import REPORTING
from .rules import IncidentStep
from .written import WRITTEN

_ALL: tuple[type[IncidentStep], ...] = (*REPORTING, *ON_SITE, EndIncident, *WRITTEN, *AUTOMATIC_STEPS)
INCIDENT_STEPS: Mapping[str, type[IncidentStep]] = MappingProxyType({s.rule.code: s for s in _ALL})
"""Every step that a log can hold, by its code."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry of the log as it is kept. `at` is the true time, aware; `duties` are those its writer held."""

    seq: int
    code: str
    data: Mapping[str, Any]
    at: datetime
    by: StaffCode
    role: Role
    duties: tuple[Role, ...] = ()
    seen_at: datetime | None = None


def apply_entry(facts: IncidentFacts, step: IncidentStep, line: StoredEntry) -> IncidentFacts:
    """Return the facts after one more entry."""
    by = Actor(line.by, "", tuple(DutyHeld(r) for r in line.duties or (line.role,)))
    after = step.change(facts, by, line.role, line.at)
    rule = step.rule
    new = LogEntry(line.seq, rule.code, rule.label, line.at, line.by, line.role, step, line.seen_at)
    return replace(after, lines=(*after.lines, new))


def replay_incident(number: str, lines: Iterable[StoredEntry]) -> IncidentFacts:
    """Return what a log says of an event.

    Raises:
        KeyError: a step doesn't exist.
        InvalidAnswer: a step can't be read.
    """
    facts = IncidentFacts(number=number)
    for line in lines:
        facts = apply_entry(facts, load_step(INCIDENT_STEPS[line.code], line.data), line)
    return facts
