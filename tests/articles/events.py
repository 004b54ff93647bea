"""An urgent event for the articles' tests: its log in memory, steps by people, minutes that pass. No database."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.articles.department import DIRECTORY, UNIT, _somebody
from xinfang.procedure.facts import SYSTEM, Actor
from xinfang.procedure.incidents import report_chain
from xinfang.procedure.incidents.facts import IncidentFacts
from xinfang.procedure.incidents.replay import INCIDENT_STEPS, StoredEntry, apply_entry
from xinfang.procedure.incidents.rules import IncidentQuestion, IncidentStep, decide_incident
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.words import Role

GUARD = _somebody("guard", (Role.DUTY_DESK, "property"))
CENTRE = _somebody("centre", (Role.SUPPORT_CENTRE, "support"))
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
__all__ = ["CENTRE", "GUARD", "NINE", "UNIT", "Event"]


class Event:
    """What happens one morning, from nine o'clock on."""

    def __init__(self) -> None:
        self.facts = IncidentFacts(number="TF2026-001")

    def do(self, code: str, by: Actor, minute: int = 0, **answers: Any) -> "Event":
        """Take a step this many minutes after nine. Raises Refused."""
        return self._take(load_step(INCIDENT_STEPS[code], answers), by, minute)

    def _take(self, step: IncidentStep, by: Actor, minute: int) -> "Event":
        now = NINE + timedelta(minutes=minute)
        asked = IncidentQuestion(step=step, facts=self.facts, actor=by, now=now, directory=DIRECTORY)
        _, role = decide_incident(step, asked)
        duties = tuple(r for r in step.rule.roles if by.has(r))
        line = StoredEntry(len(self.facts.lines) + 1, step.rule.code, {}, now, by.code, role, duties)
        self.facts = apply_entry(self.facts, step, line)
        return self

    def refused(self, code: str, by: Actor, minute: int = 0, **answers: Any) -> str:
        """Every reason why this step is refused."""
        before = self.facts
        try:
            self.do(code, by, minute, **answers)
        except Refused as e:
            assert self.facts is before
            return "\n".join(map(str, e.reasons))
        raise AssertionError(f"“{code}” was not refused")

    def until(self, minute: int) -> "Event":
        """This many minutes after nine: what the chain of reports did by itself meanwhile."""
        while (at := report_chain.next_moment(self.facts)) and at <= NINE + timedelta(minutes=minute):
            for step in report_chain.due_chain_steps(self.facts, at):
                self._take(step, SYSTEM, int((at - NINE).total_seconds() // 60))
        return self

    @property
    def log(self) -> list[tuple[int, str]]:
        """Minutes after nine, and what was done."""
        return [(int((line.at - NINE).total_seconds() // 60), line.label) for line in self.facts.lines]


def gathering() -> Event:
    """Twelve people in the hall; the guard tells the office."""
    return Event().do("report", GUARD, kind="sudden_gathering", people=12, place="一楼大厅")


def group_visit() -> Event:
    """Seven people came to the reception together."""
    from tests.articles.department import CLERK

    return Event().do("report", CLERK, kind="group_visit", people=7)
