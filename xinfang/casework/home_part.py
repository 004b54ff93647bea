"""What a unit owes, for its head; what a leader is in charge of."""

from dataclasses import replace

from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.accounts.queries.staff import all_units
from xinfang.cases.queries.petition_filter import OPEN_STATE_CODES, PetitionFilter, filter_petitions
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.clock import today
from xinfang.core.pagination import count_up_to
from xinfang.procedure.words import Role
from xinfang.web.home import HomePart, HomeRow
from xinfang.web.list_pages import list_address, number_text

_DUE = (("已超期", "late", "late"), ("3日内到期", "3", "soon"), ("7日内到期", "7", "plain"))


def parts(request: DeskRequest) -> list[HomePart]:
    """Return a part for each unit that this person heads, and one for the cases they lead (4 queries a part)."""
    found: list[HomePart] = []
    heads = request.actor.units(Role.UNIT_HEAD)
    for unit in all_units() if heads else ():
        if unit.code in heads:
            rows = _rows(request, PetitionFilter(unit=unit.pk), {"unit": unit.code})
            found.append({"title": f"{unit.name}承办的事项", "rows": rows})
    if request.actor.has(Role.LEADER, Role.PRINCIPAL_LEADER):
        mine = PetitionFilter(leader=request.user.pk)
        rows = _rows(request, mine, {"leader": request.user.get_username()})
        found.append({"title": "我包案的事项", "rows": rows})
    return found


def _rows(request: DeskRequest, wanted: PetitionFilter, given: dict[str, str]) -> list[HomeRow]:
    day, there = today(), reverse("petitions")
    visible = visible_to(request.actor)
    rows: list[HomeRow] = []
    for label, due, kind in _DUE:
        late = due == "late"
        narrowed = replace(wanted, overdue_on=day) if late else replace(wanted, due_in=(day, int(due)))
        count, more = count_up_to(filter_petitions(visible, narrowed))
        address = list_address(there, {**given, "due": due, "sort": "due"})
        rows.append(
            {"label": label, "value": number_text(count, more), "url": address, "kind": kind if count else "plain"}
        )
    count, more = count_up_to(filter_petitions(visible, replace(wanted, states=OPEN_STATE_CODES)))
    address = list_address(there, {**given, "state": "open", "sort": "due"})
    rows.append({"label": "未办结", "value": number_text(count, more), "url": address})
    return rows
