"""Who may take a step. Each rule is a role and how the person must be related to the case, with a Chinese name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from xinfang.procedure.step_schema import StaffCode, UnitCode

from .facts import NO_UNIT, NOBODY, Actor, Facts
from .overseers import oversees
from .words import Role


class ActorScope(Enum):
    """How the person must be related to the case."""

    ANY = auto()
    HANDLING_UNIT = auto()
    INVOLVED_UNIT = auto()
    PRESSED_UNIT = auto()
    PRESSED_OFFICE = auto()
    RESPONSIBLE_LEADER = auto()
    PROPOSED_LEADER = auto()
    NEXT_READER = auto()
    INSTRUCTED = auto()
    REVIEWER = auto()
    ADVISER = auto()
    WANTED_LEADER = auto()
    SEALED_CASE = auto()
    NO_UNIT = auto()
    THE_OFFICE = auto()
    NAMED_OFFICER = auto()
    OVERSEER = auto()


_OF_THE_OFFICE = (ActorScope.THE_OFFICE, ActorScope.NO_UNIT, ActorScope.PRESSED_OFFICE)
_IN_ITS_PLACE = {Role.OFFICE: Role.HANDLER, Role.OFFICE_HEAD: Role.UNIT_HEAD}
"""In whose duty the people of another unit act where it does what the office does (H5, N28)."""


_OF_A_UNIT = (ActorScope.HANDLING_UNIT, ActorScope.INVOLVED_UNIT, ActorScope.PRESSED_UNIT, ActorScope.REVIEWER)


@dataclass(frozen=True, slots=True)
class ActorRule:
    """A sentence like 包案厅领导; `roles` any of which must be held, in the scope that the case gives."""

    code: str
    label: str
    roles: tuple[Role, ...]
    scope: ActorScope = ActorScope.ANY

    def includes(self, actor: Actor, facts: Facts) -> bool:
        """Tell whether this actor is such a person for this case."""
        return _STANDS[self.scope](self, actor, facts)

    def role(self, facts: Facts) -> Role:
        """Return the role to which a task for this person is addressed."""
        if self.scope in (ActorScope.PROPOSED_LEADER, ActorScope.WANTED_LEADER) and not self.person(facts):
            return Role.PRINCIPAL_LEADER
        return self.roles_in(facts)[0]

    def roles_in(self, facts: Facts) -> tuple[Role, ...]:
        """Return the roles in which they act: of another unit, where it does what the office does (N28)."""
        if self.scope in _OF_THE_OFFICE and facts.acting_office:
            return tuple(dict.fromkeys(_IN_ITS_PLACE[r] for r in self.roles))
        return self.roles

    def unit(self, facts: Facts) -> UnitCode:
        """Return the unit to which a task for this person is addressed, or none."""
        if self.scope in _OF_THE_OFFICE:
            return facts.acting_office
        return facts.handling_unit if self.scope in _OF_A_UNIT else NO_UNIT

    def person(self, facts: Facts) -> StaffCode:
        """Return the one person to whom a task is addressed, or nobody in particular."""
        if self.scope is ActorScope.RESPONSIBLE_LEADER:
            return facts.responsible_leader
        if self.scope is ActorScope.PROPOSED_LEADER:
            return NOBODY if facts.awaiting_principal else facts.proposed_leader
        if self.scope is ActorScope.WANTED_LEADER:
            return facts.responsible_leader or facts.wanted_leader
        if self.scope is ActorScope.NAMED_OFFICER and len(facts.named_officers) == 1:
            return next(iter(facts.named_officers))
        if self.scope is ActorScope.NEXT_READER:
            return next(iter(facts.readers), NOBODY)
        if self.scope is ActorScope.INSTRUCTED:
            return next(reversed(facts.instructed_by), NOBODY)
        if self.scope in (ActorScope.HANDLING_UNIT, ActorScope.REVIEWER) and self.roles[0] is Role.HANDLER:
            return facts.handler
        if self.scope is ActorScope.ADVISER and len(facts.advisers) == 1:
            return next(iter(facts.advisers))
        return NOBODY


def _any(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return actor.has(*who.roles)


def _handling(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return facts.handling_unit in actor.units(*who.roles)


def _involved(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return bool(facts.units & actor.units(*who.roles))


def _pressed(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return not facts.office_pressed and _involved(who, actor, facts)


def _pressed_office(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return facts.office_pressed and _office(who, actor, facts)


def _responsible(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return actor.has(*who.roles) and facts.responsible_leader in actor.codes


def _proposed(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    if facts.awaiting_principal or facts.proposed_leader not in (NOBODY, *actor.codes):
        return actor.has(Role.PRINCIPAL_LEADER)
    return actor.has(*who.roles)


def _wanted(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    person = who.person(facts)
    return actor.has(*who.roles) and person in actor.codes if person else actor.has(Role.PRINCIPAL_LEADER)


def _next_reader(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return actor.has(*who.roles) and bool(actor.codes & set(facts.readers[:1]))


def _instructed(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return actor.has(*who.roles) and bool(actor.codes & set(facts.instructed_by))


def _reviewer(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    reviewers = facts.review_of.reviewers if facts.review_of else ()
    return facts.handling_unit in actor.units(*who.roles) and bool(actor.codes & set(reviewers))


def _adviser(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return actor.has(*who.roles) and (not facts.advisers or bool(facts.advisers & actor.codes))


def _sealed(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return facts.sealed and _named_officer(who, actor, facts)


def _named_officer(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return actor.has(*who.roles) or bool(actor.codes & facts.named_officers)


def _oversees(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return oversees(actor, facts)


def _office(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    if facts.acting_office:
        return facts.acting_office in actor.units(*who.roles_in(facts))
    return actor.has(*who.roles)


def _no_unit(who: ActorRule, actor: Actor, facts: Facts) -> bool:
    return not facts.handling_unit and _office(who, actor, facts)


_STANDS: dict[ActorScope, Callable[[ActorRule, Actor, Facts], bool]] = {
    ActorScope.ANY: _any,
    ActorScope.HANDLING_UNIT: _handling,
    ActorScope.INVOLVED_UNIT: _involved,
    ActorScope.PRESSED_UNIT: _pressed,
    ActorScope.PRESSED_OFFICE: _pressed_office,
    ActorScope.RESPONSIBLE_LEADER: _responsible,
    ActorScope.PROPOSED_LEADER: _proposed,
    ActorScope.NEXT_READER: _next_reader,
    ActorScope.WANTED_LEADER: _wanted,
    ActorScope.INSTRUCTED: _instructed,
    ActorScope.REVIEWER: _reviewer,
    ActorScope.ADVISER: _adviser,
    ActorScope.SEALED_CASE: _sealed,
    ActorScope.NO_UNIT: _no_unit,
    ActorScope.THE_OFFICE: _office,
    ActorScope.NAMED_OFFICER: _named_officer,
    ActorScope.OVERSEER: _oversees,
}

reception = ActorRule("reception", "接待登记人员", (Role.RECEPTION,))
the_counter = ActorRule("the_counter", "受办公室主任授权的窗口人员", (Role.COUNTER,))
the_office = ActorRule("the_office", "办公室", (Role.OFFICE, Role.OFFICE_HEAD), ActorScope.THE_OFFICE)
the_office_itself = ActorRule(
    "the_office_itself", "办公室（没有承办处室的）", (Role.OFFICE, Role.OFFICE_HEAD), ActorScope.NO_UNIT
)
the_office_head = ActorRule("the_office_head", "办公室主任", (Role.OFFICE_HEAD,), ActorScope.THE_OFFICE)
the_principal_leader = ActorRule("the_principal_leader", "厅主要领导", (Role.PRINCIPAL_LEADER,))
the_petitioner = ActorRule("the_petitioner", "信访人", (Role.PETITIONER,))
the_named_officer = ActorRule("the_named_officer", "检举控告专管员", (Role.SEALED_OFFICER,), ActorScope.NAMED_OFFICER)
the_overseer = ActorRule(
    "the_overseer",
    "代行监督职责的厅领导、专管员或者处室负责人",
    (Role.PRINCIPAL_LEADER, Role.LEADER, Role.SEALED_OFFICER, Role.UNIT_HEAD),
    ActorScope.OVERSEER,
)
"""Who names the unit or the officer for a case that those who would name or handle it may not see."""
another_named_officer = ActorRule(
    "another_named_officer", "另一名检举控告专管员（密封件）", (Role.SEALED_OFFICER,), ActorScope.SEALED_CASE
)
the_leader_in_charge = ActorRule(
    "the_leader_in_charge", "分管厅领导、厅主要领导", (Role.LEADER, Role.PRINCIPAL_LEADER), ActorScope.PROPOSED_LEADER
)
the_responsible_leader = ActorRule(
    "the_responsible_leader", "包案厅领导", (Role.LEADER, Role.PRINCIPAL_LEADER), ActorScope.RESPONSIBLE_LEADER
)
the_leader_to_meet = ActorRule(
    "the_leader_to_meet",
    "包案厅领导；尚未包案的，信访人要求会见的厅领导或者厅主要领导",
    (Role.LEADER, Role.PRINCIPAL_LEADER),
    ActorScope.WANTED_LEADER,
)
the_next_reader = ActorRule(
    "the_next_reader", "圈阅的厅领导", (Role.LEADER, Role.PRINCIPAL_LEADER), ActorScope.NEXT_READER
)
the_leader_who_instructed = ActorRule(
    "the_leader_who_instructed", "作出批示的厅领导", (Role.LEADER, Role.PRINCIPAL_LEADER), ActorScope.INSTRUCTED
)
a_leader = ActorRule("a_leader", "厅领导", (Role.LEADER, Role.PRINCIPAL_LEADER))
a_head_of_the_handling_unit = ActorRule(
    "a_head_of_the_handling_unit", "承办处室（单位）负责人", (Role.UNIT_HEAD,), ActorScope.HANDLING_UNIT
)
a_handler = ActorRule("a_handler", "承办处室（单位）承办人", (Role.HANDLER, Role.UNIT_HEAD), ActorScope.HANDLING_UNIT)
a_reviewer = ActorRule("a_reviewer", "复查人员", (Role.HANDLER, Role.UNIT_HEAD), ActorScope.REVIEWER)
an_involved_unit = ActorRule(
    "an_involved_unit", "承办或协办处室（单位）", (Role.HANDLER, Role.UNIT_HEAD), ActorScope.INVOLVED_UNIT
)
the_pressed_unit = ActorRule(
    "the_pressed_unit", "承办或协办处室（单位）", (Role.HANDLER, Role.UNIT_HEAD), ActorScope.PRESSED_UNIT
)
the_pressed_office = ActorRule(
    "the_pressed_office",
    "办公室（交办之前被督办的）",
    (Role.OFFICE, Role.OFFICE_HEAD),
    ActorScope.PRESSED_OFFICE,
)
the_legal_adviser = ActorRule("the_legal_adviser", "法律顾问", (Role.LEGAL_ADVISER,), ActorScope.ADVISER)
the_archive_room = ActorRule("the_archive_room", "机要室", (Role.ARCHIVE_ROOM,))
anyone_concerned = ActorRule(
    "anyone_concerned",
    "信访人、经办人员及其领导",
    (
        Role.PETITIONER,
        Role.OFFICE,
        Role.OFFICE_HEAD,
        Role.UNIT_HEAD,
        Role.HANDLER,
        Role.LEADER,
        Role.PRINCIPAL_LEADER,
        Role.SEALED_OFFICER,
    ),
)
the_system = ActorRule("the_system", "系统（期限巡查）", (Role.SYSTEM,))
the_import = ActorRule("the_import", "系统（办公室的导入）", (Role.SYSTEM,))

WITHIN_THE_SEAL = (
    the_named_officer,
    another_named_officer,
    the_overseer,
    the_petitioner,
    anyone_concerned,
    the_system,
    the_import,
)
"""Those who act on a report of wrongdoing. A clerk who is its officer too acts on it as the officer alone (N30)."""

_STAND_INS: dict[ActorRule, tuple[ActorRule, ...]] = {
    a_head_of_the_handling_unit: (the_office_head, a_leader),
    a_handler: (the_office_head, a_leader),
    an_involved_unit: (the_office_head, a_leader),
    the_pressed_unit: (the_office_head, a_leader),
    the_pressed_office: (a_leader,),
    the_leader_in_charge: (a_leader,),
    the_leader_who_instructed: (a_leader,),
    the_office: (a_leader,),
    the_office_head: (a_leader,),
    the_principal_leader: (a_leader,),
}


def stands_in_for(who: ActorRule) -> tuple[ActorRule, ...]:
    """Return who acts, one after the other, where nobody is there who should (H4, H5, H6; N28).

    Nothing where nobody else may.
    """
    return _STAND_INS.get(who, ())
