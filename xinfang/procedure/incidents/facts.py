"""What is known of an event, folded from its log. Times are aware; the log's own time is the true one."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from xinfang.procedure.step_schema import StaffCode, UnitCode

from ..facts import NOBODY
from ..words import IncidentKind, Role
from .words import ReportStage


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A link of the chain: who must know, since when, and whether and when somebody said that they do."""

    role: Role
    """OFFICE, or LEADER for the leaders."""
    since: datetime
    why: str
    confirmed_at: datetime | None = None
    confirmed_by: StaffCode = NOBODY
    reminded: int = 0
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody on the way to the place, or there."""

    person: StaffCode
    role: Role
    coming_at: datetime | None = None
    there_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the log."""

    seq: int
    code: str
    label: str
    at: datetime
    by: StaffCode
    role: Role
    step: Any
    seen_at: datetime | None = None
    """When the sender's device says it was typed, where the network was down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """All that rules may know of an event. It counts people and names none of the visitors."""

    number: str = ""
    kind: IncidentKind | None = None
    place: str = ""
    people: int | None = None
    opened_at: datetime | None = None
    opened_by: StaffCode = NOBODY
    by_duty_desk: bool = False
    told: tuple[ReportLink, ...] = ()
    present: tuple[Presence, ...] = ()
    units: frozenset[UnitCode] = frozenset()
    calls: frozenset[str] = frozenset()
    representatives: int | None = None
    petitions: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    report_stage: ReportStage = ReportStage.NONE
    report_text: str = ""
    report_number: str = ""
    report_signer: StaffCode = NOBODY
    ended_at: datetime | None = None
    lines: tuple[LogEntry, ...] = field(default=())

    def link_of(self, role: Role) -> ReportLink | None:
        """Return the chain's link for the office or the leaders, once they were told."""
        return next((t for t in self.told if t.role is role), None)

    def with_link(self, role: Role, since: datetime, why: str) -> "IncidentFacts":
        """Return the same facts with this role told, unless it was already."""
        if self.link_of(role):
            return self
        return replace(self, told=(*self.told, ReportLink(role, since, why)))

    def there(self, *roles: Role) -> bool:
        """Tell whether somebody came in one of these roles."""
        return any(p.there_at and p.role in roles for p in self.present)
