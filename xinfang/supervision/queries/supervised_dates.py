"""The supervision form begins with what the system found, if that still holds when the form is opened."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Directory, Facts
from xinfang.procedure.supervision import GROUNDS, find_grounds, supervision_text
from xinfang.supervision.queries.grounds import held_duty_in


def supervised_on(
    facts: Facts, calendar: Calendar, today: date, directory: Directory, asked: Mapping[str, str]
) -> dict[str, Any]:
    """Return raw answers for the ground that an address names (`found`, `unit`).

    Nothing where it does not hold, or the address names none.
    """
    wanted, unit = asked.get("found", ""), asked.get("unit", "")
    if not wanted:
        return {}
    for found in find_grounds(facts, running(facts, calendar), held_duty_in()):
        presses = GROUNDS[found.ground].presses
        if found.ground.value == wanted and found.unit == unit and found.since <= today and presses:
            name = directory.unit_name(found.unit) if found.unit else ""
            return {"ground": presses.value, "text": supervision_text(found, today, name)}
    return {}
