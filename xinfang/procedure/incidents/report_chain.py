"""The chain of reports runs by itself: who must know, by when, and what happens without an answer (H15, H16).

The law says “立即”; the minutes are the department's choice (`limits.py`). Nothing here waits for a person to think of
it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from xinfang.procedure.articles import HOUSE_RULES
from xinfang.procedure.incidents.facts import IncidentFacts, ReportLink
from xinfang.procedure.step_schema import step_field

from ..calendar import SHANGHAI
from ..dated_rules import Limit
from ..facts import Actor, Directory
from ..limits import INCIDENT_LEADER, INCIDENT_OFFICE
from ..words import Role
from .rules import IncidentStep, IncidentStepRule

MAX_REMINDERS = 12
"""After this many nobody will read a further one; the board goes on showing it."""
OFFICE_SILENT_FACTOR = 2
"""This many times the office's minutes unanswered, and the leaders are told without it."""


def limit_of(role: Role) -> Limit:
    """Return within how many minutes the office, or the leaders, must say that they know."""
    return INCIDENT_OFFICE if role is Role.OFFICE else INCIDENT_LEADER


@dataclass(frozen=True, kw_only=True)
class Remind(IncidentStep):
    """Nobody confirmed within the minutes: those who must know and those who can telephone are told again."""

    rule = IncidentStepRule["Remind"](
        code="remind", label="超时未确认，再次提醒", cites=(HOUSE_RULES[15], HOUSE_RULES[16]), roles=(Role.SYSTEM,)
    )
    whom: Role = step_field("提醒")
    minutes: int = step_field("已过分钟")
    times: int = step_field("第几次")

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(
            facts,
            told=tuple(
                replace(t, reminded=self.times, reminded_at=at) if t.role is self.whom else t for t in facts.told
            ),
        )

    def says(self, directory: Directory) -> str:
        whom = "厅领导" if self.whom is Role.LEADER else self.whom.label
        return f"{whom}{self.minutes}分钟未确认（应在{limit_of(self.whom)}内）"


@dataclass(frozen=True, kw_only=True)
class TellLeaders(IncidentStep):
    """The office doesn't answer: the leaders are told without it."""

    rule = IncidentStepRule["TellLeaders"](
        code="tell_leaders", label="办公室未确认，直接报告厅领导", cites=(HOUSE_RULES[16],), roles=(Role.SYSTEM,)
    )
    minutes: int = step_field("已过分钟")

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return facts.with_link(Role.LEADER, at, "办公室未在规定时间内确认，系统直接报告")

    def says(self, directory: Directory) -> str:
        return f"办公室{self.minutes}分钟未确认"


AUTOMATIC_STEPS: tuple[type[IncidentStep], ...] = (Remind, TellLeaders)


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _minutes(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds() // 60)


def _next_reminder(link: ReportLink) -> datetime | None:
    if link.confirmed_at or link.reminded >= MAX_REMINDERS:
        return None
    return link.since + timedelta(minutes=limit_of(link.role).on(_day(link.since)).value * (link.reminded + 1))


def _leaders_without_office(facts: IncidentFacts) -> datetime | None:
    office = facts.link_of(Role.OFFICE)
    if office is None or office.confirmed_at or facts.link_of(Role.LEADER):
        return None
    return office.since + timedelta(minutes=limit_of(Role.OFFICE).on(_day(office.since)).value * OFFICE_SILENT_FACTOR)


def next_moment(facts: IncidentFacts) -> datetime | None:
    """Return when the chain has to be looked at again, or None: all is confirmed, or it is over."""
    if facts.ended_at:
        return None
    moments = [m for m in (*map(_next_reminder, facts.told), _leaders_without_office(facts)) if m]
    return min(moments, default=None)


def due_chain_steps(facts: IncidentFacts, now: datetime) -> tuple[IncidentStep, ...]:
    """Return what the chain does now.

    After an interruption there is one reminder that says how long it has been, not one for each missed.
    """
    if facts.ended_at:
        return ()
    found: list[IncidentStep] = []
    for link in facts.told:
        at = _next_reminder(link)
        if at and at <= now:
            passed = _minutes(link.since, now)
            found.append(
                Remind(whom=link.role, minutes=passed, times=passed // limit_of(link.role).on(_day(link.since)).value)
            )
    at = _leaders_without_office(facts)
    office = facts.link_of(Role.OFFICE)
    if at and at <= now and office:
        found.append(TellLeaders(minutes=_minutes(office.since, now)))
    return tuple(found)
