"""What the record of a reception gives to the case that comes of it, so that nothing is typed twice."""

from typing import Any

from django.utils import timezone

from xinfang.procedure.facts import Actor
from xinfang.procedure.reception.words import BookingStage
from xinfang.procedure.visibility import BOOKS_RECEPTION
from xinfang.procedure.words import Channel, Source
from xinfang.web.forms import posted_key

from .days import BookingView, DayView, booking_on, what_was_said, who_asks

MAX_SUBJECT_CHARACTERS = 120


def received_booking(sent: str, actor: Actor) -> tuple[DayView, BookingView] | None:
    """Return the booking that an address or a form names, if it was received and this person may take it into a case.

    It is told by its number in the text; anything else finds nothing.
    """
    key = posted_key(sent)
    if not key or not actor.has(*BOOKS_RECEPTION):
        return None
    found = booking_on(key, timezone.now())
    return found if found and found[1].facts.stage is BookingStage.CAME else None


def registration_answers(day: DayView, booking: BookingView) -> dict[str, Any]:
    """Return what the registration of this visit begins with; every answer can be changed."""
    who, said = who_asks(booking.row), _said(booking)
    return {
        "channel": Channel.VISIT.value,
        "source": Source.DIRECT.value,
        "received_on": day.row.on,
        "subject": who.get("matter", "")[:MAX_SUBJECT_CHARACTERS],
        "body": said.get("said", ""),
        "told_orally": True,
        "reception_place": day.row.place,
        "group_size": booking.people,
        "persons": [{"name": who.get("name", ""), "phone": who.get("phone", "")}],
    }


def talk_answers(day: DayView, booking: BookingView) -> dict[str, Any]:
    """Return what the record of the talk (接谈) in the case that there is begins with."""
    said, received = _said(booking), booking.received
    leader = received.leader.name if received and received.leader else day.row.leader.name
    instruction = said.get("instruction", "")
    return {
        "talked_on": day.row.on,
        "place": day.row.place,
        "who_was_there": f"{leader}，来访 {booking.people} 人",
        "said": "\n".join(filter(None, (said.get("said", ""), f"领导意见：{instruction}" if instruction else ""))),
    }


def _said(booking: BookingView) -> dict[str, str]:
    received = booking.received
    return what_was_said(received) if received else {}
