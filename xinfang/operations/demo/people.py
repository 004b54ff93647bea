"""The invented department: units, staff, duties, and who is away. Days are counted from today."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from xinfang.accounts.models import Absence, Duty, Staff, Unit
from xinfang.department.actions import set_setting

DATA = Path(__file__).parent / "data"
IN_OFFICE_SINCE = date(2020, 1, 1)


def department_data() -> dict[str, Any]:
    """Return what department.toml says."""
    return tomllib.loads((DATA / "department.toml").read_text(encoding="utf-8"))


def department_exists() -> bool:
    """Tell whether this invented department was loaded before."""
    return Staff.objects.filter(username__in=[s["username"] for s in department_data()["staff"]]).exists()


def create_department(today: date) -> None:
    """Write units, staff, duties and absences. Nobody gets a password: the demo's own sign-in lists the people."""
    data = department_data()
    units = {u["code"]: Unit.objects.create(code=u["code"], name=u["name"], kind=u["kind"]) for u in data["units"]}
    staff: dict[str, Staff] = {}
    for s in data["staff"]:
        person = Staff(username=s["username"], name=s["name"], title=s["title"], email=s["email"])
        person.set_unusable_password()
        person.save()
        staff[person.username] = person
        Duty.objects.bulk_create(
            Duty(staff=person, role=d["role"], unit=units[d["unit"]], since=IN_OFFICE_SINCE) for d in s["duties"]
        )
    for u in data["units"]:
        Unit.objects.filter(code=u["code"]).update(leader=staff[u["leader"]])
    for name, value in data["settings"].items():
        set_setting(name, value, since=IN_OFFICE_SINCE, reason="演示", by=None)
    for a in data["absences"]:
        Absence.objects.create(
            staff=staff[a["staff"]],
            deputy=staff[a["deputy"]],
            since=today + timedelta(days=a["start_days_from_today"]),
            until=today + timedelta(days=a["end_days_from_today"]),
            reason=a["reason"],
        )


@dataclass(frozen=True)
class DemoStaff:
    """Who plays which part in the demo's cases."""

    clerk: str
    second: str
    reception: str
    sealed: str
    adviser: str
    archivist: str
    principal: str
    heads: dict[str, str]
    handlers: dict[str, str]
    away: dict[str, tuple[str, date, date]]
    everybody: tuple[str, ...]

    def head(self, unit: str, on: date) -> str:
        """Return the head of a unit on a day, or their deputy."""
        head = self.heads[unit]
        deputy, since, until = self.away.get(head, ("", date.max, date.min))
        return deputy if since <= on <= until else head


def demo_staff(today: date) -> DemoStaff:
    """Return the parts that people play, read from the duties of department.toml."""
    data = department_data()
    held = [(d["role"], d["unit"], s["username"]) for s in data["staff"] for d in s["duties"]]

    def all_of(role: str) -> list[str]:
        return [name for r, _, name in held if r == role]

    offices = [n for n in all_of("office") if n not in all_of("office_head")]
    return DemoStaff(
        clerk=offices[0],
        second=offices[1],
        reception=next(n for n in all_of("reception") if n not in offices),
        sealed=all_of("sealed_officer")[0],
        adviser=all_of("legal_adviser")[0],
        archivist=all_of("archive_room")[0],
        principal=all_of("principal_leader")[0],
        heads={unit: name for role, unit, name in held if role == "unit_head"},
        handlers={unit: name for role, unit, name in reversed(held) if role == "handler"},
        away={
            a["staff"]: (
                a["deputy"],
                today + timedelta(days=a["start_days_from_today"]),
                today + timedelta(days=a["end_days_from_today"]),
            )
            for a in data["absences"]
        },
        everybody=tuple(s["username"] for s in data["staff"]),
    )
