"""What waits for a second person's word among the changes of people, and what a department still lacks."""

from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.accounts.queries.actors import directory
from xinfang.accounts.queries.changes import pending_changes
from xinfang.core.clock import today
from xinfang.procedure.visibility import SEES_PEOPLE
from xinfang.procedure.words import Role
from xinfang.web.home import HomePart, HomeRow


def parts(request: DeskRequest) -> list[HomePart]:
    """Return the changes that wait, and who is missing, for the administrators (2 queries)."""
    if not request.actor.has(Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR):
        return []
    waiting = pending_changes().count()
    rows: list[HomeRow] = [
        {
            "label": "等待另一人确认的人员变更",
            "value": f"{waiting} 项",
            "url": reverse("changes"),
            "kind": "soon" if waiting else "plain",
        }
    ]
    found: list[HomePart] = [{"title": "待确认", "rows": rows}]
    if request.actor.has(*SEES_PEOPLE):
        found.append({"title": "尚未设置的人员", "rows": _missing()})
    return found


def _missing() -> list[HomeRow]:
    """Return which posts nobody holds: cases would wait for them."""
    known = directory(today())
    held = {role for person in known.staff.values() for role in person.roles}
    headed = {unit for p in known.staff.values() if Role.UNIT_HEAD in p.roles for unit in p.units}
    people = reverse("people")
    posts = (Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER, Role.LEGAL_ADVISER, Role.ARCHIVE_ROOM, Role.SEALED_OFFICER)
    rows: list[HomeRow] = [
        {"label": role.label, "value": "没有人", "url": people, "kind": "late"} for role in posts if role not in held
    ]
    rows += [
        {"label": f"{unit.name}负责人", "value": "没有人", "url": people, "kind": "late"}
        for unit in known.units.values()
        if unit.can_handle and unit.code not in headed
    ]
    return rows
