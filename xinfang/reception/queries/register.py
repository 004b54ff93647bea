"""接访台账: what was received on days of reception, one row a visit. Names are masked; pages and exports share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xinfang.cases.models import Petition
from xinfang.procedure.facts import Actor
from xinfang.procedure.reception.words import BookingStage
from xinfang.procedure.words import State
from xinfang.reception.models import ReceptionDay
from xinfang.web.masking import masked

from .days import BookingView, DayView, day_views, may_read, seen_cases, what_was_said, who_asks

HEADS = (
    "日期",
    "形式",
    "接待领导",
    "来访人",
    "人数",
    "反映的情况和诉求",
    "领导意见",
    "责任单位",
    "办理期限",
    "编号",
    "办理情况",
)
OUT_OF_SIGHT = "不在您可以查看的范围内"


@dataclass(frozen=True)
class RegisterRow:
    """One visit. What a case that the reader doesn't see would tell is left out."""

    on: date
    kind: str
    leader: str
    name: str
    people: int
    said: str
    instruction: str
    unit: str
    due: date | None
    number: str
    state: str
    booking: int

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, in the order of HEADS: what a list that leaves as a file is made of."""
        due = self.due.isoformat() if self.due else ""
        return (
            self.on.isoformat(), self.kind, self.leader, self.name, str(self.people), self.said, self.instruction,
            self.unit, due, self.number, self.state,
        )  # fmt: skip


def register_rows(actor: Actor, first: date, last: date, now: datetime) -> Sequence[RegisterRow]:
    """Return the visits of these days that this person may read, the earliest first."""
    visits = _visits(actor, first, last, now)
    seen = seen_cases(actor, [b for _, b in visits])
    return [_row(day, booking, seen) for day, booking in visits]


def _visits(actor: Actor, first: date, last: date, now: datetime) -> list[tuple[DayView, BookingView]]:
    days = [d for d in day_views(ReceptionDay.objects.filter(on__range=(first, last)), now) if may_read(actor, d)]
    return [(d, b) for d in days for b in d.bookings if b.facts.stage is BookingStage.CAME]


def name_of(booking: BookingView) -> str:
    """Return who booked as lists show it: masked, or the case's first petitioner masked."""
    if booking.petition is None or booking.row.sealed is not None:
        return masked(who_asks(booking.row).get("name", ""))
    person = booking.petition.petitioners.order_by("place").first()
    return masked(person.name, person.kind) if person else masked("")


def _row(day: DayView, booking: BookingView, seen: set[int]) -> RegisterRow:
    received = booking.received
    assert received is not None
    case: Petition | None = booking.petition
    hidden = case is not None and case.pk not in seen
    said = {} if hidden else what_was_said(received)
    leader = received.leader.name if received.leader else ""
    return RegisterRow(
        on=day.row.on,
        kind=day.facts.kind.label,
        leader=leader,
        name=OUT_OF_SIGHT if hidden else name_of(booking),
        people=booking.people,
        said=said.get("said", ""),
        instruction=said.get("instruction", ""),
        unit="" if hidden or received.unit is None else received.unit.name,
        due=None if hidden else received.due,
        number="" if hidden or case is None else case.number,
        state="" if hidden else State.of(case.state).label if case else "尚未登记成件",
        booking=booking.row.pk,
    )


def unregistered_visits(actor: Actor, first: date, last: date, now: datetime) -> int:
    """Return how many of these visits, of those that this person may read, no case was registered of."""
    return sum(booking.petition is None for _, booking in _visits(actor, first, last, now))
