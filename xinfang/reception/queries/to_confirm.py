"""What waits for another's word at receptions, for who may give it: nobody has to open every day to find it."""

from django.urls import reverse

from xinfang.procedure.facts import Actor
from xinfang.procedure.reception.rules import why_not_answered
from xinfang.procedure.reception.words import ReceptionAct
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.visibility import may_see_bookings
from xinfang.reception.queries.days import waiting_events
from xinfang.web.home import HomeRow

MAX_SHOWN = 5


def rows_to_confirm(actor: Actor) -> list[HomeRow]:
    """Return what this person may agree to, longest waiting first, at most five and how many are left (1 query)."""
    rows: list[HomeRow] = []
    for event in waiting_events():
        day = event.booking.day if event.booking else event.day
        if day is None:
            continue
        act, leader = ReceptionAct.of(event.act), StaffCode(day.leader.get_username())
        if event.booking and not may_see_bookings(actor, leader):
            continue
        if why_not_answered(act, actor, StaffCode(event.by.get_username()), leader, agree=True, opinion=""):
            continue
        rows.append(
            {
                "label": f"待确认：{day.on.month}月{day.on.day}日接访，{act.label}",
                "value": f"{event.by.name}提出",
                "url": reverse("reception-answer", args=[event.pk]),
                "kind": "soon",
            }
        )
    left = len(rows) - MAX_SHOWN
    more: list[HomeRow] = [{"label": "另有待确认的接访记录", "value": f"{left} 项"}] if left > 0 else []
    return rows[:MAX_SHOWN] + more
