"""Who was received and isn't registered yet, who is owed another day, what waits for another's word.

So nobody is forgotten at a reception.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from xinfang.accounts.pages import DeskRequest
from xinfang.core.clock import today
from xinfang.procedure.visibility import BOOKS_RECEPTION, SEES_RECEPTION
from xinfang.reception.queries.days import owed
from xinfang.reception.queries.register import unregistered_visits
from xinfang.reception.queries.to_confirm import rows_to_confirm
from xinfang.web.home import HomePart, HomeRow

LOOKED_BACK = timedelta(days=90)


def parts(request: DeskRequest) -> list[HomePart]:
    """Return what is left to do at receptions, for who books or confirms; nothing where nothing is (a few queries)."""
    if not request.actor.has(*SEES_RECEPTION):
        return []
    rows = rows_to_confirm(request.actor)
    if request.actor.has(*BOOKS_RECEPTION):
        rows += _left_to_do(request)
    return [{"title": "领导接访", "rows": rows}]


def _left_to_do(request: DeskRequest) -> list[HomeRow]:
    now, day = timezone.now(), today()
    unregistered = unregistered_visits(request.actor, day - LOOKED_BACK, day, now)
    waiting = len(owed(now))
    rows: list[HomeRow] = []
    if unregistered:
        address = reverse("reception-register")
        rows.append({"label": "接访后尚未登记成件", "value": f"{unregistered} 批", "url": address, "kind": "late"})
    if waiting:
        rows.append({"label": "应另约接访", "value": f"{waiting} 批", "url": reverse("reception"), "kind": "soon"})
    return rows
