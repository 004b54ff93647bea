"""Who holds which duty from when to when, who is away, and who could take over."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.db.models import Q, QuerySet

from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.procedure.words import Role

_LEADERS = (Role.LEADER.value, Role.PRINCIPAL_LEADER.value)


@dataclass(frozen=True)
class Placement:
    """A person in a unit, with the labels of the duties held there."""

    staff: Staff
    duties: list[str]


def duties_on(day: date) -> QuerySet[Duty]:
    """Return the duties held on this day with their people and units, as they were given (1 query when read)."""
    found: QuerySet[Duty] = Duty.objects.on(day).select_related("staff", "unit").order_by("id")
    return found


def placements(day: date) -> dict[int | None, list[Placement]]:
    """Return everybody with a duty on this day who hasn't left, by the primary key of the unit (1 query).

    The key None is for duties without a unit.
    """
    found: dict[int | None, dict[int, Placement]] = {}
    for duty in duties_on(day):
        if duty.staff.left_on and duty.staff.left_on < day:
            continue
        of_unit = found.setdefault(duty.unit_id, {})
        of_unit.setdefault(duty.staff_id, Placement(duty.staff, [])).duties.append(duty.get_role_display())
    return {unit: list(people.values()) for unit, people in found.items()}


def leaders_on(day: date) -> QuerySet[Staff]:
    """Return the leaders of the department on this day (1 query when read)."""
    return Staff.objects.filter(duties__in=Duty.objects.on(day).filter(role__in=_LEADERS)).distinct()


def duties_of(person: Staff) -> QuerySet[Duty]:
    """Return all duties of this person with their units (1 query when read).

    Those without an end or with the latest end come first.
    """
    return person.duties.select_related("unit").order_by("-until", "-since")


def duty_of(person: Staff, pk: int) -> Duty | None:
    """Return the duty of this key, where it is this person's (1 query)."""
    return person.duties.filter(pk=pk).first()


def duties_in(unit: Unit) -> QuerySet[Duty]:
    """Return all duties that were ever held in this unit, with their people (1 query when read)."""
    found: QuerySet[Duty] = Duty.objects.filter(unit=unit).select_related("staff").order_by("until", "since")
    return found


def absences_from(day: date) -> QuerySet[Absence]:
    """Return the absences of this day and later with their deputies, the earliest first (1 query when read)."""
    return Absence.objects.filter(until__gte=day).select_related("staff", "deputy").order_by("since")


def absences_of(person: Staff) -> QuerySet[Absence]:
    """Return all absences of this person with their deputies, the latest first (1 query when read)."""
    return person.absences.select_related("deputy")


def deputised_absences(person: Staff, day: date) -> QuerySet[Absence]:
    """Return the absences on this day or later in which this person is the deputy (1 query when read)."""
    return person.stands_in.filter(until__gte=day).select_related("staff")


def successors_of(person: Staff, day: date) -> list[Staff]:
    """Return the people who can take this person's open work over (3 queries).

    They have not left, and are of one of the same units or leaders.
    """
    units = set(person.duties.values_list("unit_id", flat=True)) - {None}
    near = Duty.objects.on(day).filter(Q(unit_id__in=units) | Q(role__in=_LEADERS))
    close = set(near.values_list("staff_id", flat=True))
    there = Staff.objects.filter(is_active=True, left_on=None, duties__in=Duty.objects.on(day)).exclude(pk=person.pk)
    return [s for s in there.distinct() if s.pk in close]


class DemoPerson(TypedDict):
    """Somebody to sign in as in the demo."""

    username: str
    name: str
    unit: str
    order: int
    roles: list[str]
    post: str
    title: str


def demo_people(day: date) -> list[DemoPerson]:
    """Return everybody with a duty on this day, by unit, as the demo's sign-in page lists them (1 query)."""
    people: dict[str, DemoPerson] = {}
    duties = Duty.objects.on(day).filter(staff__is_active=True).select_related("staff", "unit")
    for duty in duties.order_by("staff_id", "id"):
        person = people.setdefault(
            duty.staff.username,
            {
                "username": duty.staff.username,
                "name": duty.staff.name,
                "unit": duty.unit.name if duty.unit else "其他",
                "order": duty.unit_id or 1_000_000,
                "roles": [],
                "post": duty.staff.title,
                "title": "",
            },
        )
        person["roles"].append(duty.get_role_display())
    for person in people.values():
        person["title"] = person["post"] or "、".join(person["roles"])
    return sorted(people.values(), key=lambda p: p["order"])
