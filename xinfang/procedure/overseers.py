"""Who is there for a case that those who see every other may not see: they are accused, or must withdraw (N28, N30)."""

from .facts import Actor, Facts
from .people_words import Overseer
from .words import Role

OVERSEES = {
    Overseer.PRINCIPAL: Role.PRINCIPAL_LEADER,
    Overseer.LEADERS: Role.LEADER,
    Overseer.OFFICERS: Role.SEALED_OFFICER,
    Overseer.HEADS: Role.UNIT_HEAD,
}
"""In which duty somebody sees what those who see every other case may not."""


def oversees(actor: Actor, facts: Facts) -> bool:
    """Tell whether this person is there for a case that nobody else may see: neither accused nor of who is (N28)."""
    rung = facts.sealed_overseer if facts.sealed else facts.overseer
    if rung is None or actor.codes & (facts.recused | facts.complained_staff):
        return False
    leads = rung in (Overseer.PRINCIPAL, Overseer.LEADERS)
    return actor.has(OVERSEES[rung]) and (leads or not facts.complained_units & actor.units(*Role))
