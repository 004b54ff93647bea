"""The grounds of supervision beside the cases: computed from history, kept so that the board is read from an index."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.core import pk_cache
from xinfang.procedure.facts import IN_THE_OFFICE, Facts
from xinfang.procedure.shapes import StaffCode, UnitCode
from xinfang.procedure.supervision import Belongs, Found, grounds
from xinfang.procedure.timing import Running
from xinfang.procedure.words import Role
from xinfang.supervision.models import Lapse

IN_A_UNIT = (Role.UNIT_HEAD, Role.HANDLER)
FIELDS = ("began", "since", "due", "clock")


def belongs() -> Belongs:
    """Whether somebody held a duty in a unit on a day, or stood in for one who did (2 queries a person, none if nobody is asked for)."""

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


def rows_of(petition_pk: int, found: Iterable[Found]) -> dict[tuple[str, int | None], Lapse]:
    """The rows for these grounds, by what tells one from another."""
    rows = {}
    for f in found:
        unit = pk_cache.get_one(Unit, f.unit)
        rows[(f.ground.value, unit)] = Lapse(
            petition_id=petition_pk,
            ground=f.ground.value,
            unit_id=unit,
            began=f.began,
            since=f.since,
            due=f.due,
            clock=f.clock,
        )
    return rows


def of_case(petition_pk: int, facts: Facts, runs: tuple[Running, ...]) -> dict[tuple[str, int | None], Lapse]:
    """The rows that this case should have; `runs` are its clocks."""
    return rows_of(petition_pk, grounds(facts, runs, belongs()))
