"""How a step on an event is decided. The same shape as the rules of cases, for another kind of record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic

from ..articles import Article
from ..calendar import SHANGHAI
from ..facts import Actor, Directory
from ..rules import Condition, Reason, Refused, S, S_co, S_contra
from ..words import Role
from .facts import IncidentFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentQuestion(Generic[S_co]):
    """All that a condition may look at. `step` is None while only the event itself is asked about; `now` is aware."""

    step: S_co
    facts: IncidentFacts
    actor: Actor
    now: datetime
    directory: Directory

    @property
    def today(self) -> date:
        """The day on which it is decided (Asia/Shanghai)."""
        return self.now.astimezone(SHANGHAI).date()


EventContext = IncidentQuestion[object]
"""What a condition looks at that reads nothing of the step."""


@dataclass(frozen=True, kw_only=True)
class IncidentStepRule(Generic[S_contra]):
    """The whole rule of one step on an event, as data. Made as `IncidentStepRule["Step"](…)`, like a `Rule`."""

    code: str
    label: str
    cites: tuple[Article, ...]
    roles: tuple[Role, ...]
    provided: tuple[Condition[IncidentQuestion[S_contra]], ...] = ()
    new: bool = False
    """Whether the step begins an event."""
    afterwards: bool = False
    """Whether it may also follow the end of the event: the log goes on, it is never rewritten."""


@dataclass(frozen=True, kw_only=True)
class IncidentStep:
    """What somebody does or sees at an event. Subclasses carry a `rule` and the answers that the step asks for."""

    rule: ClassVar[IncidentStepRule[Any]]

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        """Return the facts after this step, taken by `by` in this role at this time."""
        return facts

    def says(self, directory: Directory) -> str:
        """Return the entry of the log, in the user's words."""
        return ""


def role_in(rule: IncidentStepRule[Any], actor: Actor) -> Role | None:
    """Return the duty in which this person takes the step: the first of the rule's that they hold."""
    return next((r for r in rule.roles if actor.has(r)), None)


def incident_reasons(rule: IncidentStepRule[Any], q: EventContext) -> list[Reason]:
    """Return why this person may not take this step on this event, before anything is answered."""
    reasons = []
    if role_in(rule, q.actor) is None:
        names = "、".join(r.label for r in rule.roles)
        reasons.append(
            Reason(f"“{rule.label}”应由{names}办理，您目前没有这项职责", rule.cites, f"请交由{names}办理。", "who")
        )
    if rule.new and q.facts.kind is not None:
        reasons.append(Reason("此事件已经报告", rule.cites, "新的事件请另行报告。", "when"))
    if not rule.new and q.facts.ended_at is not None and not rule.afterwards:
        reasons.append(
            Reason(f"此事件已经结束，不能再“{rule.label}”", rule.cites, "需要补充的，请用“补记”写明。", "when")
        )
    return reasons + _unmet(rule, q, about_case=True)


def _unmet(rule: IncidentStepRule[S], q: IncidentQuestion[S], *, about_case: bool) -> list[Reason]:
    asked = (c for c in rule.provided if c.about_case == about_case and c.in_force.on(q.today))
    return [Reason(c.says, c.cites, c.todo, c.code) for c in asked if not c.holds(q)]


def decide_incident(step: IncidentStep, q: IncidentQuestion[IncidentStep]) -> tuple[IncidentFacts, Role]:
    """Return the facts after this step and the role in which it was taken.

    Raises:
        Refused: it can't be taken; it holds all reasons.
    """
    reasons: Sequence[Reason] = [*incident_reasons(step.rule, q), *_unmet(step.rule, q, about_case=False)]
    role = role_in(step.rule, q.actor)
    if reasons or role is None:
        raise Refused(reasons)
    return step.change(q.facts, q.actor, role, q.now), role
