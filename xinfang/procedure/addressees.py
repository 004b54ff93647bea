"""Who has a task. Nobody accused, recused, absent or gone holds up a case: then somebody else acts (H4, H5, H6; N28).

In place of a unit acts the head of the office, who coordinates the handling, and where they may not, a leader; in place
of a leader who is asked for instructions, another leader. Nobody else acts for the officers of sealed cases: only they
see such a case (N30).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from xinfang.procedure.actor_rules import (
    ActorScope,
    a_handler,
    a_head_of_the_handling_unit,
    stands_in_for,
    the_office,
    the_overseer,
    the_principal_leader,
)
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.steps.supervision import ChangeHandler, ChangeLeader
from xinfang.procedure.task_rules import TaskRule, task_rule_for

from .conditions import the_office_is_accused
from .facts import NO_UNIT, NOBODY, Actor, Directory, Facts
from .overseers import OVERSEES
from .rules import barred_by, kept_from_confirming
from .steps import STEPS
from .steps.acting_office import NameActingOffice
from .steps.inquiry import SeekLegalAdvice
from .steps.instruction import CirculateSheet
from .steps.oversight import NameOfficer
from .visibility import may_see
from .words import OPEN_STATES, Role

INCLUDED_ROLES = {
    Role.OFFICE_HEAD: (Role.OFFICE_HEAD, Role.OFFICE),
    Role.UNIT_HEAD: (Role.UNIT_HEAD, Role.HANDLER),
    Role.PRINCIPAL_LEADER: (Role.PRINCIPAL_LEADER, Role.LEADER),
}
"""A head of others finds the tasks that nobody in particular was given."""
UNIT_ROLES = (Role.UNIT_HEAD, Role.HANDLER)
"""Duties whose tasks are those of one unit."""
NOBODY_CAN_ACT = "无人可办"
"""How a task begins that somebody has only because nobody is there who should have it."""
_LAST = (Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER)
"""Who has a case when neither those asked nor those who act for them can be reached."""


@dataclass(frozen=True, slots=True)
class AddressedTask:
    """A task and its address: one person, or a role (in a unit)."""

    step: str
    words: str
    role: Role
    unit: UnitCode = NO_UNIT
    person: StaffCode = NOBODY

    def found_by(self, actor: Actor) -> bool:
        """Tell whether this person finds it in their inbox (`cases.queries.inbox` asks the same in SQL)."""
        if self.person:
            return self.person in actor.codes
        return any(
            self.role in INCLUDED_ROLES.get(d.role, (d.role,))
            and (d.unit if d.role in UNIT_ROLES else NO_UNIT) == self.unit
            for d in actor.duties
        )


def address_task(ask: TaskRule, facts: Facts, directory: Directory) -> AddressedTask:
    """Return who has this task today.

    It is those it belongs to, if somebody there sees the case, or those who act in their place.
    """
    meant = _meant(ask, facts)
    if not _needs_looking(ask, facts):
        return meant
    return next((a for a in _in_turn(ask, meant, facts, directory) if _is_found(a, ask, facts, directory)), meant)


def _meant(ask: TaskRule, facts: Facts) -> AddressedTask:
    who = ask.who
    return AddressedTask(ask.step, ask.words, who.role(facts), who.unit(facts), who.person(facts))


def _needs_looking(ask: TaskRule, facts: Facts) -> bool:
    # The office, the archive room … are there as a whole; only somebody in particular can be missing.
    return (
        ask.who.scope not in (ActorScope.ANY, ActorScope.THE_OFFICE)
        or bool(facts.recused | facts.complained_staff | facts.complained_units or facts.acting_office)
        or ask.step in facts.pending
        or bool(barred_by(STEPS[ask.step].rule, facts))
    )


def _in_turn(ask: TaskRule, meant: AddressedTask, facts: Facts, directory: Directory) -> Iterator[AddressedTask]:
    """Yield the address, and those that follow where nobody is found there."""
    yield meant
    if facts.sealed and ask.step != NameOfficer.rule.code:
        if ask.who.scope is ActorScope.NAMED_OFFICER and facts.sealed_overseer and facts.state in OPEN_STATES:
            named = task_rule_for(NameOfficer, the_overseer)
            yield from _in_turn(named, _meant(named, facts), facts, directory)
        return
    if ask.who.scope is ActorScope.OVERSEER:
        rung = facts.sealed_overseer if facts.sealed else facts.overseer
        if rung is not None:
            yield from _of_the_rung(ask, OVERSEES[rung], directory)
        return
    why = ask.words if ask.words.startswith(NOBODY_CAN_ACT) else f"{NOBODY_CAN_ACT}：{ask.words}"
    scope = ask.who.scope
    if scope is ActorScope.THE_OFFICE and _another_unit_may_be_named(facts, directory):
        named = task_rule_for(NameActingOffice, the_overseer if facts.overseer else the_principal_leader)
        yield from _in_turn(named, _meant(named, facts), facts, directory)
    if scope is ActorScope.RESPONSIBLE_LEADER:
        instead = task_rule_for(ChangeLeader, the_office, f"{NOBODY_CAN_ACT}：改定包案厅领导")
        yield from _in_turn(instead, _meant(instead, facts), facts, directory)
    elif scope is ActorScope.PROPOSED_LEADER:
        yield AddressedTask(ask.step, ask.words, Role.PRINCIPAL_LEADER)
    elif scope is ActorScope.NEXT_READER:
        instead = task_rule_for(CirculateSheet, the_office, f"{NOBODY_CAN_ACT}：改送圈阅")
        yield from _in_turn(instead, _meant(instead, facts), facts, directory)
    elif scope is ActorScope.REVIEWER:
        reviewers = facts.review_of.reviewers if facts.review_of else ()
        yield from (AddressedTask(ask.step, ask.words, meant.role, meant.unit, code) for code in reviewers)
        instead = task_rule_for(ChangeHandler, a_head_of_the_handling_unit, f"{NOBODY_CAN_ACT}：改派复查人员")
        yield from _in_turn(instead, _meant(instead, facts), facts, directory)
    elif scope is ActorScope.ADVISER:
        instead = task_rule_for(SeekLegalAdvice, a_handler, f"{NOBODY_CAN_ACT}：另请法律顾问")
        yield from _in_turn(instead, _meant(instead, facts), facts, directory)
    else:
        # Everybody else who has the same duty there.
        yield AddressedTask(ask.step, ask.words, ask.who.roles_in(facts)[0], meant.unit)
    for stand_in in stands_in_for(ask.who):
        unit = stand_in.unit(facts)
        yield from (AddressedTask(ask.step, why, role, unit) for role in stand_in.roles_in(facts))
    yield from (AddressedTask(ask.step, why, role) for role in _LAST)


def _of_the_rung(ask: TaskRule, role: Role, directory: Directory) -> Iterator[AddressedTask]:
    units = directory.units if role in UNIT_ROLES else (NO_UNIT,)
    yield from (AddressedTask(ask.step, ask.words, role, unit) for unit in units)


def _another_unit_may_be_named(facts: Facts, directory: Directory) -> bool:
    """Tell whether the principal leader names who does what the office may not do in this case (N28)."""
    if facts.state not in NameActingOffice.rule.when:
        return False
    return bool(facts.acting_office) or the_office_is_accused(facts, directory)


def _is_found(a: AddressedTask, ask: TaskRule, facts: Facts, directory: Directory) -> bool:
    pending = facts.pending.get(ask.step)
    # Who proposed it can't confirm it, so in their inbox it helps nobody.
    # Nor does it where they wrote what they are asked to judge.
    barred = kept_from_confirming(pending, facts, directory) if pending else barred_by(STEPS[ask.step].rule, facts)
    return any(p.code not in barred and a.found_by(p) and may_see(p, facts) for p in directory.actors())
