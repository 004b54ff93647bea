"""The grounds of supervision beside the cases: computed from history, kept so that the board is read from an index."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.core import pk_cache
from xinfang.procedure.facts import IN_THE_OFFICE, Facts
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.supervision import FoundGround, HeldDutyIn, find_grounds
from xinfang.procedure.timing import ClockRun
from xinfang.procedure.words import Role
from xinfang.supervision.models import SupervisionGroundRow

IN_A_UNIT = (Role.UNIT_HEAD, Role.HANDLER)
FIELDS = ("began", "since", "due", "clock")


def held_duty_in() -> HeldDutyIn:
    """Return a function that tells whether somebody held a duty in a unit on a day, or deputised for somebody who did.

    2 queries a person, none if nobody is asked for.
    """

    @cache
    def duties(person: int) -> list[tuple[str, date, date | None]]:
        rows = Duty.objects.filter(
            staff_id=person, role__in=[r.value for r in (*IN_A_UNIT, *IN_THE_OFFICE)], unit__isnull=False
        )
        return list(rows.values_list("unit__code", "since", "until"))

    @cache
    def stood_in(person: int) -> list[tuple[int, date, date]]:
        return list(Absence.objects.filter(deputy_id=person).values_list("staff_id", "since", "until"))

    def held(person: int, unit: str, day: date) -> bool:
        return any(u == unit and since <= day and (not until or until >= day) for u, since, until in duties(person))

    def answer(code: StaffCode, unit: UnitCode, day: date) -> bool:
        person = pk_cache.get_one(Staff, code)
        if person is None:
            return False
        if held(person, unit, day):
            return True
        return any(since <= day <= until and held(away, unit, day) for away, since, until in stood_in(person))

    return answer


def ground_rows(petition_pk: int, found: Iterable[FoundGround]) -> dict[tuple[str, int | None], SupervisionGroundRow]:
    """Return the rows for these grounds, by what tells one from another."""
    rows = {}
    for f in found:
        unit = pk_cache.get_one(Unit, f.unit)
        rows[(f.ground.value, unit)] = SupervisionGroundRow(
            petition_id=petition_pk,
            ground=f.ground.value,
            unit_id=unit,
            began=f.began,
            since=f.since,
            due=f.due,
            clock=f.clock,
        )
    return rows


def grounds_of_case(
    petition_pk: int, facts: Facts, runs: tuple[ClockRun, ...]
) -> dict[tuple[str, int | None], SupervisionGroundRow]:
    """Return the rows that this case should have; `runs` are its clocks."""
    return ground_rows(petition_pk, find_grounds(facts, runs, held_duty_in()))
