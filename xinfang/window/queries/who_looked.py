"""谁看过我的件: which unit opened the case, or looked at personal data or files, on which day and in what duty.

Units and duties, no names; nothing of a sealed case, so that nobody learns who its officers are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xinfang.accounts.models import Duty
from xinfang.cases.access import CaseView
from xinfang.cases.models import AccessLogEntry
from xinfang.core.clock import SHANGHAI
from xinfang.procedure.words import AccessKind, Role
from xinfang.web.dates import chinese_date

SHOWN = 200
"""So many entries are read; older ones can be asked for."""


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody of a unit looked at the case on a day."""

    day: str
    who: str
    what: str


def who_looked(case: CaseView) -> list[Look]:
    """Return the looks at this case by day, unit and duty, the latest first (2 queries); none of a sealed case."""
    if case.facts.sealed or any(h.code in ("seal", "unseal") for h in case.facts.history):
        return []
    rows = list(
        AccessLogEntry.objects.filter(petition=case.petition).order_by("-seq").values_list("at", "what", "by")[:SHOWN]
    )
    held = _duties({by for *_, by in rows if by})
    found = [
        Look(
            chinese_date(at.astimezone(SHANGHAI).date()),
            _who(held.get(by or 0, ()), at.astimezone(SHANGHAI).date()) if by else "服务器维护人员",
            AccessKind.of(what).label,
        )
        for at, what, by in rows
    ]
    return list(dict.fromkeys(found))


def _duties(staff: set[int]) -> dict[int, list[Duty]]:
    found: dict[int, list[Duty]] = {}
    for duty in Duty.objects.filter(staff__in=staff).select_related("unit").order_by("pk"):
        found.setdefault(duty.staff_id, []).append(duty)
    return found


def _who(duties: Iterable[Duty], day: date) -> str:
    on = [d for d in duties if d.since <= day and (d.until is None or day <= d.until)]
    words = dict.fromkeys(f"{d.unit.name if d.unit else ''}{Role.of(d.role).label}" for d in on)
    return "、".join(words) or "本厅工作人员"
