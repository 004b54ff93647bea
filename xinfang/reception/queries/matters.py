"""What a leader leads, read and instructed, and heard: matters with their state and due date, never persons (N18)."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import staff_with_role
from xinfang.cases.models import Event, Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.facts import Actor
from xinfang.procedure.reception.words import DayKind, ReceptionAct
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.visibility import BOOKS_RECEPTION
from xinfang.procedure.words import Role
from xinfang.reception.models import Booking, ReceptionEvent

from .days import EFFECTIVE

LISTS = {"led": "包案", "read": "阅办", "received": "接访", "down": "下访"}
_TOOK_EFFECT = ("done", "confirmed")


def leaders_seen(actor: Actor, day: date) -> list[Staff]:
    """Return the leaders whose matters this person may list: their own, or all for office and principal leader."""
    leaders = Staff.objects.filter(pk__in=staff_with_role((Role.LEADER, Role.PRINCIPAL_LEADER), (), day)).order_by("pk")
    if actor.has(*BOOKS_RECEPTION, Role.PRINCIPAL_LEADER):
        return list(leaders)
    return list(leaders.filter(username__in=actor.codes))


def matters_of(leader: Staff, which: str, actor: Actor) -> QuerySet[Petition]:
    """Return the cases of one list of a leader that this person sees, the newest first."""
    return visible_to(actor).filter(pk__in=_cases(leader, which)).order_by("-received_on", "-id")


def _cases(leader: Staff, which: str) -> QuerySet[Any, Any]:
    cases = Petition.objects.all()
    if which == "led":
        found = cases.filter(responsible_leader=leader)
    elif which == "read":
        # On paper somebody else enters it: the answer says whose word it is.
        theirs = Q(by=leader, code__in=(StepCode.INSTRUCT, StepCode.READ_SHEET)) | Q(
            code=StepCode.INSTRUCT, data__paper_leader=leader.get_username()
        )
        instructed = Event.objects.filter(theirs, petition=OuterRef("pk"), stage__in=_TOOK_EFFECT)
        found = cases.filter(Exists(instructed))
    else:
        kind = DayKind.VISIT_DOWN if which == "down" else DayKind.RECEPTION
        bookings = received_bookings(leader, kind)
        linked = ReceptionEvent.objects.filter(act=ReceptionAct.LINK.value, booking__in=bookings.values("pk"))
        found = cases.filter(pk__in=bookings.exclude(petition=None).values("petition")) | cases.filter(
            pk__in=linked.values("petition")
        )
    return found.order_by().values("pk")


def received_bookings(leader: Staff, kind: DayKind) -> QuerySet[Booking]:
    """Return the bookings of which a reception by this leader was recorded."""
    received = ReceptionEvent.objects.filter(
        EFFECTIVE, booking=OuterRef("pk"), act=ReceptionAct.RECEIVE.value, leader=leader
    )
    return Booking.objects.filter(Exists(received), day__kind=kind.value)
