"""Who is there for a case that those who see every other may not see: they are accused, or must withdraw (N28, N30)."""

from collections.abc import Iterable

from .facts import Actor, Directory, Facts
from .people_words import Overseer
from .step_codes import StepCode
from .step_schema import StaffCode, UnitCode
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
    waiting = (facts.pending[code] for code in (StepCode.HAND_OVER, StepCode.UNSEAL) if code in facts.pending)
    return facts.sealed_overseer or next((p.step.asked for p in waiting if p.step.asked), None)


def open_rung(facts: Facts) -> Overseer | None:
    """Return who sees a case that isn't sealed beside those who see every other.

    While a recusal waits after which somebody would, they see it already: it is theirs to decide, and no subordinate's.
    """
    pending = facts.pending.get(StepCode.RECUSE)
    after_it: Overseer | None = pending.step.overseer if pending is not None else None
    return facts.overseer or after_it


def oversees(actor: Actor, facts: Facts) -> bool:
    """Tell whether this person is there for a case that nobody else may see: neither accused nor of who is (N28)."""
    rung = sealed_rung(facts) if facts.sealed else open_rung(facts)
    if rung is None or actor.codes & (facts.recused | facts.complained_staff):
        return False
    leads = rung in (Overseer.PRINCIPAL, Overseer.LEADERS)
    return actor.has(OVERSEES[rung]) and (leads or not facts.complained_units & actor.units(*Role))


_BELOW = {
    Role.PRINCIPAL_LEADER: (Role.OFFICE_HEAD, Role.OFFICE, Role.UNIT_HEAD, Role.HANDLER),
    Role.LEADER: (Role.OFFICE_HEAD, Role.OFFICE, Role.UNIT_HEAD, Role.HANDLER),
}
"""Whose duties answer to whom; a head is above the people of the same unit (H4, H6).

A leader isn't kept from speaking of the principal leader: there is nobody else in the department who could.
"""


def answers_to(actor: Actor, people: Iterable[StaffCode], units: Iterable[UnitCode], directory: Directory) -> bool:
    """Tell whether this person is below one of these people in the department, or of one of these units (N28).

    What counts is what each holds today in their own name.
    """
    if actor.units(*Role) & frozenset(units):
        return True
    own = {d.role for d in actor.duties if not d.acting_for}
    if own & {Role.LEADER, Role.PRINCIPAL_LEADER}:
        return False
    for person in (directory.staff[code] for code in people if code in directory.staff):
        if any(own & set(_BELOW[role]) for role in person.roles if role in _BELOW):
            return True
        if actor.units(*Role) & {d.unit for d in person.duties if d.role is Role.UNIT_HEAD and not d.acting_for}:
            return True
    return False
