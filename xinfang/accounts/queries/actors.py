"""What rules know of accounts: the actor who takes a step, and the directory of people and units of a day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db.models import F, Q, QuerySet

from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.core.clock import today
from xinfang.core.compiled_queries import compiled_query
from xinfang.procedure.facts import (
    IN_THE_OFFICE,
    NO_UNIT,
    NOBODY,
    Actor,
    Directory,
    DutyHeld,
    StaffFacts,
    UnitFacts,
    with_implied_duties,
)
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.words import Role

NOT_LENT = (Role.COUNTER,)
"""Duties that no deputy holds for somebody: an authorisation is given to a person."""


def duties_with_unknown_roles() -> list[tuple[int, str]]:
    """Return the primary key and the role of duties that no version ever wrote (1 query).

    Such a duty, which only damage leaves, gives nobody any right and keeps nobody from work.
    """
    return list(Duty.objects.exclude(role__in=list(Role)).order_by("pk").values_list("pk", "role"))


def actor_of(staff: Staff, on: date | None = None) -> Actor:
    """Return the person as actor, with the duties of this day: their own and those they deputise for (1 query).

    A person who has left, or whose account is closed, holds no duty.
    """
    on = on or today()
    code = StaffCode(staff.get_username())
    if not staff.is_active or (staff.left_on and staff.left_on < on):
        return Actor(code, staff.name)
    held = [
        DutyHeld(role, UnitCode(unit or NO_UNIT), StaffCode(NOBODY if who == staff.pk else name))
        for code_of_role, unit, who, name in _duties_for(staff.pk, on)
        if (role := Role.get(code_of_role)) and (who == staff.pk or role not in NOT_LENT)
    ]
    return Actor(code, staff.name, with_implied_duties(held))


@compiled_query
def _duties_for(staff: int, on: date) -> QuerySet[Any, Any]:
    away = Absence.objects.filter(deputy=staff, since__lte=on, until__gte=on).values("staff_id")
    duties = Duty.objects.on(on).filter(Q(staff=staff) | Q(staff__in=away))
    return duties.values_list("role", "unit__code", "staff_id", "staff__username")


K = TypeVar("K")
V = TypeVar("V")


class _Later(Mapping[K, V], Generic[K, V]):
    """A mapping that is read from the database when somebody first looks: most steps never do."""

    def __init__(self, read: Callable[[], dict[K, V]]) -> None:
        self._read = read
        self._known: dict[K, V] | None = None

    def _rows(self) -> dict[K, V]:
        # Not functools.cached_property: Python 3.11 holds one lock for all instances while it reads,
        # and others wait for it.
        if self._known is None:
            self._known = self._read()
        return self._known

    def __getitem__(self, key: K) -> V:
        return self._rows()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows())

    def __len__(self) -> int:
        return len(self._rows())


def _units() -> dict[UnitCode, UnitFacts]:
    return {
        UnitCode(u.code): UnitFacts(UnitCode(u.code), u.name, u.can_handle, StaffCode(u.leader_code or ""))
        for u in Unit.objects.annotate(leader_code=F("leader__username")).only("code", "name", "kind", "ended_on")
    }


def _staff(on: date) -> dict[StaffCode, StaffFacts]:
    own: dict[int, list[DutyHeld]] = defaultdict(list)
    for pk, code_of_role, unit in Duty.objects.on(on).values_list("staff_id", "role", "unit__code"):
        if role := Role.get(code_of_role):
            own[pk].append(DutyHeld(role, UnitCode(unit or NO_UNIT)))
    absences = Absence.objects.filter(since__lte=on, until__gte=on).values_list("staff_id", "deputy_id")
    people = {row[0]: row for row in Staff.objects.values_list("pk", "username", "name", "is_active", "left_on")}
    lent: dict[int, list[DutyHeld]] = defaultdict(list)
    for away, deputy in absences:
        lent[deputy] += [replace(d, acting_for=StaffCode(people[away][1])) for d in own[away] if d.role not in NOT_LENT]
    found = {}
    for pk, username, name, active, left_on in people.values():
        code = StaffCode(username)
        gone = not active or (left_on is not None and left_on < on)
        held = () if gone else with_implied_duties(own[pk])
        found[code] = StaffFacts(
            code,
            name,
            frozenset(d.role for d in held),
            frozenset(d.unit for d in held if d.unit),
            () if gone else (*held, *with_implied_duties(lent[pk])),
            away=any(away == pk for away, _ in absences),
        )
    return found


def directory(on: date | None = None) -> Directory:
    """Return every unit and everybody's duties on this day, read when first used (at most 4 queries)."""
    day = on or today()
    return Directory(_Later(_units), _Later(lambda: _staff(day)), settings.DEPARTMENT)


def staff_with_role(roles: Iterable[Role], unit_ids: Iterable[int | None], day: date) -> list[int]:
    """Return the staff who hold one of these roles on that day, in one of these units where units are given."""
    held = set(roles)
    units = [u for u in unit_ids if u]
    if units:
        # In its own matters the office's head is the head of a unit, its clerks are the handlers.
        held |= {office for office, implied in IN_THE_OFFICE.items() if implied in held}
    duties = Duty.objects.on(day).filter(role__in=[r.value for r in held], staff__is_active=True)
    if units:
        duties = duties.filter(unit_id__in=units)
    return list(duties.values_list("staff_id", flat=True).distinct())
