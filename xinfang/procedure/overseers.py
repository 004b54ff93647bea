"""Who is there for a case that those who see every other may not see: they are accused, or must withdraw (N28, N30)."""

from .facts import Actor, Facts
from .people_words import Overseer
from .step_codes import StepCode
from .words import Role

OVERSEES = {
    Overseer.PRINCIPAL: Role.PRINCIPAL_LEADER,
    Overseer.LEADERS: Role.LEADER,
    Overseer.OFFICERS: Role.SEALED_OFFICER,
    Overseer.HEADS: Role.UNIT_HEAD,
}
"""In which duty somebody sees what those who see every other case may not."""


def sealed_rung(facts: Facts) -> Overseer | None:
    """Return who sees a sealed case beside its officers: to name one, or to agree to what the only one puts forward."""
    pending = facts.pending.get(StepCode.HAND_OVER)
    asked: Overseer | None = pending.step.asked if pending is not None else None
    return facts.sealed_overseer or asked


def oversees(actor: Actor, facts: Facts) -> bool:
    """Tell whether this person is there for a case that nobody else may see: neither accused nor of who is (N28)."""
    rung = sealed_rung(facts) if facts.sealed else facts.overseer
    if rung is None or actor.codes & (facts.recused | facts.complained_staff):
        return False
    leads = rung in (Overseer.PRINCIPAL, Overseer.LEADERS)
    return actor.has(OVERSEES[rung]) and (leads or not facts.complained_units & actor.units(*Role))
