"""Whom a limit of a case concerns, and why: the rungs of `procedure/supervision.py: ESCALATION` as people.

Nobody is told of a case that they may not see: of a sealed one only the named officer, never who is recused or accused.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from xinfang.accounts.models import Absence, Staff, Unit
from xinfang.accounts.queries.actors import actor_of, directory, staff_with_role
from xinfang.cases.models import Petition
from xinfang.core import pk_cache
from xinfang.procedure.actor_rules import ActorRule, the_office
from xinfang.procedure.alerts import Level
from xinfang.procedure.dated_rules import filled
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.overseers import OVERSEES
from xinfang.procedure.people_words import Overseer
from xinfang.procedure.rules import kept_from_confirming
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.supervision import INSTEAD_NOTICES, EscalationNotice, EscalationRung, who_is_notified
from xinfang.procedure.visibility import may_see
from xinfang.procedure.waiting import ASKED, WAITING_LADDER, WaitingStep
from xinfang.procedure.words import Role

OFFICE = (Role.OFFICE, Role.OFFICE_HEAD)
_STANDS_IN = "（您代行其职责）"


class Recipients:
    """Looks people up once for a whole run: duties don't change while a sweep lasts."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._actors: dict[int, Actor | None] = {}
        self._directory = directory(day)
        self._holders: dict[tuple[tuple[Role, ...], int | None], list[int]] = {}
        self._deputies: dict[int, list[int]] = {}
        for absent, deputy in Absence.objects.filter(since__lte=day, until__gte=day).values_list("staff", "deputy"):
            self._deputies.setdefault(absent, []).append(deputy)

    def told(self, petition: Petition, facts: Facts, level: Level, clock: str) -> Mapping[str, list[int]]:
        """Return who is told at this level: the primary keys of the staff by reason, everybody once, the nearest first.

        Where nobody of these can be told (gone, or recused), the next rung is: a limit never passes in silence.
        """
        reasons = self._reached(who_is_notified(level, clock, facts), petition, facts)
        if not reasons and not facts.sealed:
            found = (self._reached((instead,), petition, facts) for instead in INSTEAD_NOTICES)
            reasons = next((some for some in found if some), {})
        return reasons

    def _reached(self, rungs: Iterable[EscalationNotice], petition: Petition, facts: Facts) -> dict[str, list[int]]:
        reasons: dict[str, list[int]] = {}
        seen: set[int] = set()
        for told in rungs:
            people = self.of(told.rung, petition, facts)
            standing_in = [d for who in people for d in self._deputies.get(who, [])]
            for words, some in ((str(told), people), (f"{told}{_STANDS_IN}", standing_in)):
                new = [who for who in dict.fromkeys(some) if who not in seen and self._seeing(who, facts)]
                seen.update(new)
                if new:
                    reasons.setdefault(words, []).extend(new)
        return reasons

    def told_of_waiting(
        self, petition: Petition, facts: Facts, waiting: WaitingStep, rungs: Iterable[tuple[EscalationNotice, ...]]
    ) -> Mapping[str, list[int]]:
        """Return who is told that a step waits, by reason: those who may agree and then each rung, everybody once.

        Who put it forward knows. Where nobody of a rung is there, the next is told at once.
        """
        reasons: dict[str, list[int]] = {}
        kept = kept_from_confirming(waiting.pending, facts, self._directory)
        seen = set(pk_cache.get(Staff, kept).values())
        asked = [who for rule in waiting.asked for who in self._who_may(rule, facts)]
        turns = [[(filled(ASKED, waiting.since), asked)]]
        reached = list(rungs)
        turns += [[(str(n), self.of(n.rung, petition, facts)) for n in rung] for rung in reached]
        turns += (
            []
            if facts.sealed
            else [
                [(str(waiting.told_now(n)), self.of(n.rung, petition, facts)) for n in rung]
                for rung in WAITING_LADDER[len(reached) :]
            ]
        )
        found_there = False
        for place, turn in enumerate(turns):
            if place > len(reached) and found_there:
                break
            for why, people in turn:
                there = [w for w in people if w not in self._deputies]
                standing_in = [d for who in people for d in self._deputies.get(who, [])]
                for words, some in ((why, there), (f"{why}{_STANDS_IN}", standing_in)):
                    new = [who for who in dict.fromkeys(some) if who not in seen and self._seeing(who, facts)]
                    seen.update(new)
                    found_there = found_there or bool(new)
                    if new:
                        reasons.setdefault(words, []).extend(new)
        return reasons

    def _who_may(self, rule: ActorRule, facts: Facts) -> list[int]:
        person = pk_cache.get_one(Staff, rule.person(facts))
        if person:
            return [person]
        unit = rule.unit(facts)
        return self._of(rule.roles_in(facts), pk_cache.get_one(Unit, unit) if unit else None)

    def whose_it_is(self, petition: Petition, facts: Facts) -> list[int]:
        """Return who works on the case now, and who acts for them: to be told what its petitioner has just done.

        The handler and the unit's head; before there is one, the office; of a sealed case its named officers.
        """
        rungs = (EscalationRung.SEALED,) if facts.sealed else (EscalationRung.HANDLER, EscalationRung.HEAD)
        for turn in (rungs, (EscalationRung.OFFICE,), (EscalationRung.OFFICE_HEAD,)):
            people = [who for rung in turn for who in self.of(rung, petition, facts)]
            people += [d for who in people for d in self._deputies.get(who, [])]
            there = [who for who in dict.fromkeys(people) if self._seeing(who, facts)]
            if there or facts.sealed:
                return there
        return []

    def by(self, petition: Petition, facts: Facts, clock: str = "") -> list[int]:
        """Return the primary keys of all whom a change of this limit concerns, each once: as when it is overdue."""
        return [who for some in self.told(petition, facts, Level.OVERDUE, clock).values() for who in some]

    def principals(self, facts: Facts) -> tuple[StaffCode, ...]:
        """Return the principal leaders, and those who act in their place, as far as they may see the case."""
        found = self._of((Role.PRINCIPAL_LEADER,))
        found += [d for who in found for d in self._deputies.get(who, [])]
        return tuple(actor.code for who in dict.fromkeys(found) if (actor := self._seeing(who, facts)))

    def of(self, rung: EscalationRung, petition: Petition, facts: Facts) -> list[int]:
        """Return who is on a rung in this case."""
        if rung is EscalationRung.SEALED:
            named = pk_cache.get(Staff, set(facts.named_officers)).values()
            return [*named, *self._of((Role.SEALED_OFFICER,)), *self._overseeing(facts.sealed_overseer)]
        if rung is EscalationRung.HANDLER:
            return [petition.handler_id] if petition.handler_id else []
        if rung is EscalationRung.HEAD:
            return self._of((Role.UNIT_HEAD,), petition.handling_unit_id) if petition.handling_unit_id else []
        if rung is EscalationRung.RESPONSIBLE:
            leader = pk_cache.get_one(Staff, facts.responsible_leader or facts.proposed_leader)
            return [leader] if leader else []
        if rung is EscalationRung.OFFICE and facts.acting_office:
            return self._of(the_office.roles_in(facts), pk_cache.get_one(Unit, facts.acting_office))
        if rung is EscalationRung.OFFICE_HEAD:
            return self._of((Role.OFFICE_HEAD,))
        if rung is EscalationRung.OFFICE:
            return self._of(OFFICE)
        return [*self._of((Role.PRINCIPAL_LEADER,)), *self._overseeing(facts.overseer)]

    def _overseeing(self, rung: Overseer | None) -> list[int]:
        if rung is None:
            return []
        if rung is not Overseer.HEADS:
            return self._of((OVERSEES[rung],))
        return [who for unit in Unit.objects.values_list("pk", flat=True) for who in self._of((OVERSEES[rung],), unit)]

    def _of(self, roles: tuple[Role, ...], unit: int | None = None) -> list[int]:
        key = (roles, unit)
        if key not in self._holders:
            self._holders[key] = staff_with_role(roles, [unit], self._day)
        return list(self._holders[key])

    def _seeing(self, who: int, facts: Facts) -> Actor | None:
        """Return this person, if they are on duty and may see the case."""
        if who not in self._actors:
            staff = Staff.objects.filter(pk=who).first()
            self._actors[who] = actor_of(staff, self._day) if staff else None
        actor = self._actors[who]
        return actor if actor and actor.duties and may_see(actor, facts) else None
