"""How far a day and a booking are: it follows from what was recorded, in its order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xinfang.procedure.facts import NOBODY
from xinfang.procedure.step_schema import StaffCode

from .words import BookingStage, DayEnd, DayKind, ReceptionAct


def seats(places: int, arrivals: Iterable[bool]) -> list[bool]:
    """Return who has a place of those who came to a day, in order; True is who was carried there for a place that fell.

    The others wait. Who was carried has a place even where all are given: nobody loses theirs by it.
    """
    free, found = places, []
    for carried in arrivals:
        found.append(carried or free > 0)
        free -= found[-1]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """A published day, and whether it has been ended or is about to be."""

    kind: DayKind
    on: date
    begins: str
    ends: str
    leader: StaffCode
    places: int
    ended: DayEnd | None = None
    proposed_by: StaffCode = NOBODY
    """Who put its end forward, where that waits for another's word."""
    placed: int = 0
    """How many have a place or wait for one."""

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time has passed; `now` is aware, in Asia/Shanghai."""
        return (self.on.isoformat(), self.ends) <= (now.date().isoformat(), f"{now:%H:%M}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFacts:
    """A booking: how far it is, and what waits for another's word."""

    stage: BookingStage
    pending: ReceptionAct | None = None
    proposed_by: StaffCode = NOBODY
    untold: bool = False
    """Whether the petitioner has yet to be told of a change."""
    has_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingEvent:
    """Something recorded of a booking, as far as the stage follows from it. What isn't `effective` waits, or fell."""

    act: ReceptionAct
    by: StaffCode
    at: datetime
    effective: bool = True
    waits: bool = False


def booking_facts(
    *, has_place: bool, began_waiting: bool, day: DayFacts, day_ended_at: datetime | None,
    events: Sequence[BookingEvent], booked_at: datetime, has_case: bool, now: datetime,
) -> BookingFacts:  # fmt: skip
    """Return how far a booking is, from its day and what was recorded of it in order."""
    stage, changed_at = None, booked_at
    pending = next((e for e in reversed(events) if e.waits), None)
    for event in events:
        if not event.effective:
            continue
        if event.act in _STAGE_AFTER:
            stage = _STAGE_AFTER[event.act]
        elif event.act is ReceptionAct.CARRY:
            stage, changed_at = None, event.at
    told_at = max((e.at for e in events if e.act is ReceptionAct.TELL), default=booked_at)
    changed = changed_at > told_at
    if stage is None:
        if day.ended is not None:
            stage = BookingStage.OWED
            changed = changed or (day_ended_at is not None and day_ended_at > told_at)
        elif has_place:
            stage = BookingStage.PLACED
            changed = changed or (began_waiting and told_at == booked_at)
        else:
            stage = BookingStage.OWED if day.is_over(now) else BookingStage.WAITING
    untold = changed and stage in (BookingStage.PLACED, BookingStage.WAITING, BookingStage.OWED)
    return BookingFacts(
        stage=stage,
        pending=pending.act if pending else None,
        proposed_by=pending.by if pending else NOBODY,
        untold=untold,
        has_case=has_case,
    )


_STAGE_AFTER: Mapping[ReceptionAct, BookingStage] = {
    ReceptionAct.WITHDRAW: BookingStage.WITHDRAWN,
    ReceptionAct.RECEIVE: BookingStage.CAME,
    ReceptionAct.NO_SHOW: BookingStage.NO_SHOW,
}
