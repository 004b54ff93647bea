"""What the pages of reception show of a day and of a booking."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.urls import reverse

from xinfang.core.clock import SHANGHAI
from xinfang.procedure.facts import Actor
from xinfang.procedure.reception.words import BookingStage, DayEnd, ReceptionAct
from xinfang.procedure.visibility import BOOKS_RECEPTION
from xinfang.reception.queries.days import BookingView, DayView, may_read, what_was_said, who_asks
from xinfang.reception.queries.offered import is_offered
from xinfang.reception.queries.register import OUT_OF_SIGHT, name_of
from xinfang.web.dates import chinese_date
from xinfang.web.masking import masked_phone

if TYPE_CHECKING:
    from xinfang.reception.models import ReceptionEvent

CHIPS = {
    BookingStage.PLACED: "plain", BookingStage.WAITING: "hold", BookingStage.OWED: "late", BookingStage.CAME: "ok",
    BookingStage.NO_SHOW: "plain", BookingStage.WITHDRAWN: "plain",
}  # fmt: skip


class ActLink(TypedDict):
    """Something that may be recorded."""

    label: str
    url: str


class BookingShown(TypedDict):
    """A booking in a list: masked; of a case that the reader doesn't see, only that there is one."""

    order: int
    url: str
    name: str
    phone: str
    matter: str
    number: str
    case_url: str
    people: int
    asked: str
    stage: str
    chip: str
    untold: bool
    waits: str
    waits_url: str
    said: str
    instruction: str
    acts: list[ActLink]


class DayShown(TypedDict):
    """A day in the calendar or at the head of its page."""

    url: str
    kind: str
    when: str
    hours: str
    leader: str
    place: str
    places: int
    given: int
    queue: int
    is_today: bool
    over: bool
    ended: str
    reason: str
    waits: str
    waits_url: str
    reads: bool
    can_book: bool
    full: bool


def day_shown(day: DayView, actor: Actor, now: datetime) -> DayShown:
    """Return a day as pages show it; to whom isn't told who booked, not how many either."""
    reads = may_read(actor, day)
    waits = DayEnd.of(day.waiting.end).label if day.waiting else ""
    return {
        "url": reverse("reception-day", args=[day.row.pk]),
        "kind": day.facts.kind.label,
        "when": chinese_date(day.row.on),
        "hours": f"{day.row.begins}—{day.row.ends}",
        "leader": day.row.leader.name,
        "place": day.row.place,
        "places": day.row.places,
        "given": day.given if reads else 0,
        "queue": day.queue if reads else 0,
        "is_today": day.row.on == now.date(),
        "over": day.facts.is_over(now),
        "ended": day.facts.ended.label if day.facts.ended else "",
        "reason": day.ended.reason if day.ended else day.waiting.reason if day.waiting else "",
        "waits": waits,
        "waits_url": reverse("reception-answer", args=[day.waiting.pk]) if day.waiting else "",
        "reads": reads,
        "full": reads and day.given >= day.row.places,
        "can_book": is_offered(ReceptionAct.BOOK, actor, now, day),
    }


def booking_shown(day: DayView, booking: BookingView, actor: Actor, seen: set[int], now: datetime) -> BookingShown:
    """Return a booking as lists show it."""
    hidden = booking.petition is not None and booking.petition.pk not in seen
    who = {} if hidden else who_asks(booking.row)
    case = None if hidden else booking.petition
    received = booking.received
    said = what_was_said(received) if received and not hidden else {}
    waiting = booking.waiting
    reaches = actor.has(*BOOKS_RECEPTION)
    return {
        "order": booking.order,
        "url": reverse("reception-booking", args=[booking.row.pk]),
        "name": OUT_OF_SIGHT if hidden else name_of(booking),
        "phone": masked_phone(who.get("phone", "")) if reaches else "",
        "matter": who.get("matter") or (case.subject if case else ""),
        "number": case.number if case else "",
        "case_url": reverse("petition", args=[case.number]) if case else "",
        "people": booking.people,
        "asked": f"{chinese_date(booking.row.at.date())}{booking.row.get_asked_by_display()}",
        "stage": booking.facts.stage.label,
        "chip": CHIPS[booking.facts.stage],
        "untold": booking.facts.untold,
        "waits": ReceptionAct.of(waiting.act).label if waiting else "",
        "waits_url": reverse("reception-answer", args=[waiting.pk]) if waiting else "",
        "said": said.get("said", ""),
        "instruction": said.get("instruction", ""),
        "acts": [] if hidden else acts_of(day, booking, actor, now),
    }


_OF_A_BOOKING = (
    ReceptionAct.RECEIVE, ReceptionAct.TELL, ReceptionAct.CARRY, ReceptionAct.NO_SHOW, ReceptionAct.WITHDRAW,
)  # fmt: skip


def acts_of(day: DayView, booking: BookingView, actor: Actor, now: datetime) -> list[ActLink]:
    """Return what this person would record of this booking next."""
    found = [act for act in _OF_A_BOOKING if is_offered(act, actor, now, day, booking)]
    links: list[ActLink] = [
        {"label": act.label, "url": reverse("reception-act", args=[booking.row.pk, act.value])} for act in found
    ]
    if booking.facts.stage is BookingStage.CAME and actor.has(*BOOKS_RECEPTION):
        links.append(_into_a_case(booking))
    return links


def _into_a_case(booking: BookingView) -> ActLink:
    """Return the step that takes the record into a case: a new one, or a talk with the petitioner of the one there."""
    query = f"?booking={booking.row.pk}"
    if booking.petition is None:
        return {"label": "登记成件", "url": f"{reverse('register')}{query}"}
    return {"label": "记入原件（接谈）", "url": f"{reverse('step', args=[booking.petition.number, 'talk'])}{query}"}


class EventShown(TypedDict):
    """An entry of a booking's history."""

    when: str
    by: str
    label: str
    text: str
    answer: str


def event_shown(event: ReceptionEvent) -> EventShown:
    """Return an entry of the history with what was written, for those who may read the booking."""
    said = what_was_said(event)
    text = "\n".join(t for t in (said.get("text"), said.get("said"), said.get("instruction")) if t)
    if event.to_day is not None:
        text = f"{chinese_date(event.to_day.on)} {event.to_day.begins}，{event.to_day.place}"
    answer = getattr(event, "answer", None)
    told = ""
    if event.waits_for_another:
        told = "等待另一人确认"
        if answer is not None:
            told = f"{answer.by.name}{'已确认' if answer.agree else '不同意'}{f'：{answer.opinion}' if answer.opinion else ''}"
    return {
        "when": f"{event.at.astimezone(SHANGHAI):%m月%d日 %H:%M}",
        "by": event.by.name,
        "label": ReceptionAct.of(event.act).label,
        "text": text,
        "answer": told,
    }
