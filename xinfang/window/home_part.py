"""What waits at the window, on the home page of who clears it; of what is late there, the leaders know."""

from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.core.clock import today
from xinfang.procedure.words import Role
from xinfang.web.dates import chinese_date
from xinfang.web.home import HomePart, HomeRow
from xinfang.window.queries.waiting import overdue_count, waiting_count

_TITLE = "窗口待登记"
_SOON = 3
"""Days."""


def parts(request: DeskRequest) -> list[HomePart]:
    """Return how many wait, and when the fifteen days of the first are over (1 query; none for most people)."""
    found = waiting_count(request.actor)
    day, there = today(), reverse("clearing")
    rows: list[HomeRow] = []
    if found.first is not None:
        due = found.first.due.due
        kind = "late" if due < day else "soon" if (due - day).days <= _SOON else "plain"
        rows.append({"label": "等待登记", "value": f"{found.count} 件", "url": there})
        rows.append({"label": "最早一件的书面告知", "value": f"{chinese_date(due)}到期", "url": there, "kind": kind})
    if found.lots:
        rows.append(
            {"label": "拟认定为非信访内容，等您决定", "value": f"{found.lots} 批", "url": there, "kind": "soon"}
        )
    if request.actor.has(Role.LEADER, Role.PRINCIPAL_LEADER) and (late := overdue_count(day)):
        rows.append({"label": "超过15日没有登记、告知", "value": f"{late} 件", "kind": "late"})
    return [{"title": _TITLE, "rows": rows}]
