"""Who was received and isn't registered yet, and who is owed another day: nobody is forgotten after a reception."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from xinfang.accounts.pages import DeskRequest
from xinfang.core.clock import today
from xinfang.procedure.visibility import BOOKS_RECEPTION
from xinfang.reception.queries.days import owed
from xinfang.reception.queries.register import unregistered_visits
from xinfang.web.home import HomePart, HomeRow

LOOKED_BACK = timedelta(days=90)


def parts(request: DeskRequest) -> list[HomePart]:
    """Return what is left to do after receptions, for who books them; nothing where nothing is (a few queries)."""
    if not request.actor.has(*BOOKS_RECEPTION):
        return []
    now, day = timezone.now(), today()
    unregistered = unregistered_visits(request.actor, day - LOOKED_BACK, day, now)
    waiting = len(owed(now))
    rows: list[HomeRow] = []
    if unregistered:
        address = reverse("reception-register")
        rows.append({"label": "接访后尚未登记成件", "value": f"{unregistered} 批", "url": address, "kind": "late"})
    if waiting:
        rows.append({"label": "应另约接访", "value": f"{waiting} 批", "url": reverse("reception"), "kind": "soon"})
    return [{"title": "领导接访", "rows": rows}]
