"""What somebody may record of a day or a booking now: the rules are asked as they will be when it is sent."""

from datetime import datetime

from xinfang.accounts.queries.actors import directory
from xinfang.core.clock import SHANGHAI, today
from xinfang.procedure.facts import Actor
from xinfang.procedure.reception.rules import ReceptionQuestion, why_not
from xinfang.procedure.reception.words import ReceptionAct

from .days import BookingView, DayView


def is_offered(
    act: ReceptionAct, actor: Actor, now: datetime, day: DayView, booking: BookingView | None = None
) -> bool:
    """Tell whether this person may record this, as far as it doesn't hang on their answers."""
    question = ReceptionQuestion(
        step=None,
        actor=actor,
        now=now.astimezone(SHANGHAI),
        directory=directory(today(now)),
        day=day.facts,
        booking=booking.facts if booking else None,
    )
    return not why_not(act, question)
