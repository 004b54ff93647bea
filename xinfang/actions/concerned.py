"""Whom a limit of a case concerns: the handler, the heads of his unit, the responsible leader, the office.

Nobody is told of a case that he may not see: of a sealed one only the named officer, never who is recused or accused.
"""

from datetime import date

from xinfang.notify.tell import holders
from xinfang.people.actors import actor_of
from xinfang.people.models import Absence, Staff
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import Role
from xinfang.records.known import pk
from xinfang.records.models import Petition

OFFICE = (Role.OFFICE, Role.OFFICE_HEAD)


class Concerned:
    """Looks people up once for a whole run: duties don't change while a sweep lasts."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._actors: dict[int, Actor | None] = {}
        self._holders: dict[tuple[tuple[Role, ...], int | None], list[int]] = {}
        self._deputies: dict[int, list[int]] = {}
        for absent, deputy in Absence.objects.filter(since__lte=day, until__gte=day).values_list("staff", "deputy"):
            self._deputies.setdefault(absent, []).append(deputy)

    def by(self, petition: Petition, facts: Facts) -> list[int]:
        """The primary keys of the staff to tell, each once."""
        if facts.sealed:
            found = self._of((Role.SEALED_OFFICER,))
        else:
            leader = facts.responsible_leader or facts.proposed_leader
            found = [who for who in (petition.handler_id, pk(Staff, leader)) if who]
            if petition.handling_unit_id:
                found += self._of((Role.UNIT_HEAD,), petition.handling_unit_id)
            found += self._of(OFFICE)
        found += [d for who in found for d in self._deputies.get(who, [])]
        return [who for who in dict.fromkeys(found) if self._may(who, facts)]

    def _of(self, roles: tuple[Role, ...], unit: int | None = None) -> list[int]:
        key = (roles, unit)
        if key not in self._holders:
            self._holders[key] = holders(roles, [unit], self._day)
        return list(self._holders[key])

    def _may(self, who: int, facts: Facts) -> bool:
        if who not in self._actors:
            staff = Staff.objects.filter(pk=who).first()
            self._actors[who] = actor_of(staff, self._day) if staff else None
        actor = self._actors[who]
        return actor is not None and bool(actor.duties) and may_see(actor, facts)
