"""Days of reception with their bookings, in order of asking; how far each is follows from its rows."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from xinfang.cases.models import Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.clock import SHANGHAI
from xinfang.procedure.facts import NOBODY, Actor
from xinfang.procedure.reception.stages import BookingEvent, BookingFacts, DayFacts, booking_facts, seats
from xinfang.procedure.reception.words import BookingStage, DayEnd, DayKind, ReceptionAct
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.visibility import may_see_bookings
from xinfang.reception.models import Booking, ReceptionDay, ReceptionEvent
from xinfang.vault.sm_ciphers import VaultError, seal, unseal

ACTIVE = (BookingStage.PLACED, BookingStage.WAITING)
_WHO, _TEXT = b"booking", b"reception"


def seal_booking(key: bytes, who: dict[str, str]) -> bytes:
    """Return who asks, how to reach them and the matter, encrypted under the booking's key."""
    return seal(key, json.dumps(who, ensure_ascii=False).encode("utf-8", "surrogatepass"), _WHO)


def seal_event(key: bytes, said: dict[str, str]) -> bytes:
    """Return what was written of a booking, encrypted under its key."""
    return seal(key, json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"), _TEXT)


def who_asks(booking: Booking) -> dict[str, str]:
    """Return name, phone and matter as they were given; empty where a case has them, or they can't be read."""
    return _opened(booking, booking.sealed, _WHO)


def what_was_said(event: ReceptionEvent) -> dict[str, str]:
    """Return what was written of a booking; empty where it can't be read."""
    return _opened(event.booking, event.sealed, _TEXT) if event.booking else {}


def _opened(booking: Booking, sealed: bytes | memoryview | None, kind: bytes) -> dict[str, str]:
    if sealed is None:
        return {}
    try:
        found: dict[str, str] = json.loads(unseal(booking.kept_key.open(), bytes(sealed), kind))
    except (VaultError, BookingKeyMissing):
        return {}
    return found


BookingKeyMissing = Booking.kept_key.RelatedObjectDoesNotExist


EFFECTIVE = Q(waits_for_another=False) | Q(answer__agree=True)
"""What `is_effective` tells, for a query."""


def is_effective(event: ReceptionEvent) -> bool:
    """Tell whether it holds: nobody else had to agree, or somebody did."""
    answer = getattr(event, "answer", None)
    return not event.waits_for_another or (answer is not None and answer.agree)


def still_waits(event: ReceptionEvent) -> bool:
    """Tell whether it waits for another's word."""
    return event.waits_for_another and getattr(event, "answer", None) is None


def took_effect_at(event: ReceptionEvent) -> datetime:
    """Return when it began to hold."""
    answer = getattr(event, "answer", None)
    return answer.at if answer is not None else event.at


@dataclass(frozen=True)
class BookingView:
    """A booking on the day on which it is now."""

    row: Booking
    facts: BookingFacts
    events: tuple[ReceptionEvent, ...]
    petition: Petition | None
    order: int

    @property
    def received(self) -> ReceptionEvent | None:
        """The record of the reception, if they were received."""
        found = [e for e in self.events if e.act == ReceptionAct.RECEIVE.value and is_effective(e)]
        return found[-1] if found else None

    @property
    def people(self) -> int:
        """How many came, as it was recorded; else how many were booked."""
        return (self.received.people if self.received else None) or self.row.people

    @property
    def waiting(self) -> ReceptionEvent | None:
        """What waits for another's word."""
        return next((e for e in reversed(self.events) if still_waits(e)), None)


@dataclass(frozen=True)
class DayView:
    """A day, what became of it, and who comes."""

    row: ReceptionDay
    facts: DayFacts
    ended: ReceptionEvent | None
    waiting: ReceptionEvent | None
    bookings: tuple[BookingView, ...] = field(default=())

    @property
    def given(self) -> int:
        """How many have a place, or had it."""
        return sum(b.facts.stage not in (BookingStage.WITHDRAWN, BookingStage.WAITING) for b in self.bookings)

    @property
    def queue(self) -> int:
        """How many wait for one."""
        return sum(b.facts.stage is BookingStage.WAITING for b in self.bookings)


def _events() -> QuerySet[ReceptionEvent]:
    return ReceptionEvent.objects.select_related("by", "answer__by", "leader", "unit", "to_day", "petition").order_by(
        "id"
    )


def _with_all(days: QuerySet[ReceptionDay]) -> QuerySet[ReceptionDay]:
    return days.select_related("leader", "by").prefetch_related(Prefetch("events", _events()))


def day_views(days: QuerySet[ReceptionDay], now: datetime) -> list[DayView]:
    """Return these days with their bookings, in the order of the queryset (4 queries)."""
    rows = list(_with_all(days))
    here = [row.pk for row in rows]
    carried = ReceptionEvent.objects.filter(act=ReceptionAct.CARRY.value, to_day__in=here).values("booking")
    bookings = list(
        Booking.objects.filter(Q(day__in=here) | Q(pk__in=carried))
        .select_related("petition", "kept_key", "by")
        .prefetch_related(Prefetch("events", _events()))
        .order_by("id")
    )
    by_day: dict[int, list[tuple[datetime, Booking, bool]]] = {}
    for booking in bookings:
        moves = [e for e in booking.events.all() if e.act == ReceptionAct.CARRY.value]
        day = moves[-1].to_day_id if moves else booking.day_id
        since = moves[-1].at if moves else booking.at
        if day is not None:
            by_day.setdefault(day, []).append((since, booking, bool(moves)))
    return [_day_view(row, by_day.get(row.pk, []), now) for row in rows]


def _day_view(row: ReceptionDay, arrivals: list[tuple[datetime, Booking, bool]], now: datetime) -> DayView:
    events = list(row.events.all())
    ended = next((e for e in events if is_effective(e)), None)
    waiting = next((e for e in events if still_waits(e)), None)
    arrivals = sorted(arrivals, key=lambda a: (a[0], a[1].pk))
    facts = DayFacts(
        kind=DayKind.of(row.kind),
        on=row.on,
        begins=row.begins,
        ends=row.ends,
        leader=StaffCode(row.leader.get_username()),
        places=row.places,
        ended=DayEnd.of(ended.end) if ended else None,
        proposed_by=StaffCode(waiting.by.get_username()) if waiting else NOBODY,
    )
    began = seats(row.places, [carried for *_, carried in arrivals])
    staying = [not _gave_it_back(booking) for _, booking, _ in arrivals]
    seated = iter(seats(row.places, [c for (*_, c), stays in zip(arrivals, staying, strict=True) if stays]))
    views = []
    for order, ((since, booking, _), stays, at_first) in enumerate(zip(arrivals, staying, began, strict=True), 1):
        own = tuple(booking.events.all())
        told = [_as_event(e) for e in own if e.at >= since or e.act == ReceptionAct.CARRY.value]
        found = booking_facts(
            has_place=stays and next(seated),
            began_waiting=not at_first,
            day=facts,
            day_ended_at=took_effect_at(ended) if ended else None,
            events=told,
            booked_at=booking.at,
            has_case=case_of(booking) is not None,
            now=now.astimezone(SHANGHAI),
        )
        views.append(BookingView(booking, found, own, case_of(booking), order))
    placed = sum(v.facts.stage in ACTIVE for v in views)
    return DayView(row, replace(facts, placed=placed), ended, waiting, tuple(views))


def _gave_it_back(booking: Booking) -> bool:
    return any(e.act == ReceptionAct.WITHDRAW.value and is_effective(e) for e in booking.events.all())


def _as_event(event: ReceptionEvent) -> BookingEvent:
    return BookingEvent(
        act=ReceptionAct.of(event.act),
        by=StaffCode(event.by.get_username()),
        at=event.at,
        effective=is_effective(event),
        waits=still_waits(event),
    )


def case_of(booking: Booking) -> Petition | None:
    """Return the case of a booking: it was booked with it, or it was registered of it."""
    if booking.petition is not None:
        return booking.petition
    linked = [e.petition for e in booking.events.all() if e.act == ReceptionAct.LINK.value]
    return linked[-1] if linked else None


def day_view(pk: int, now: datetime) -> DayView | None:
    """Return one day, or None (5 queries)."""
    return next(iter(day_views(ReceptionDay.objects.filter(pk=pk), now)), None)


def days_from(first: date, now: datetime, *, leader: str = "") -> list[DayView]:
    """Return the days from one on, the next first; of one leader where one is named."""
    days = ReceptionDay.objects.filter(on__gte=first)
    return day_views(days.filter(leader__username=leader) if leader else days, now)


def days_before(first: date, now: datetime, *, leader: str = "", most: int = 40) -> list[DayView]:
    """Return the latest days before one, the last first."""
    days = ReceptionDay.objects.filter(on__lt=first).order_by("-on", "-begins", "-id")
    days = days.filter(leader__username=leader) if leader else days
    return day_views(ReceptionDay.objects.filter(pk__in=list(days.values_list("pk", flat=True)[:most])), now)[::-1]


def booking_on(pk: int, now: datetime) -> tuple[DayView, BookingView] | None:
    """Return a booking with the day on which it is now; None where there is none."""
    moved = ReceptionEvent.objects.filter(booking=pk, act=ReceptionAct.CARRY.value).order_by("-id").first()
    row = Booking.objects.select_related("day").filter(pk=pk).first()
    if row is None:
        return None
    day = day_view((moved.to_day_id if moved else None) or row.day.pk, now)
    assert day is not None
    return day, next(b for b in day.bookings if b.row.pk == pk)


def owed(now: datetime, leaders: Collection[str] = ()) -> list[tuple[DayView, BookingView]]:
    """Return who waits for a new place, longest first; of these leaders where some are named.

    Looks at the days that were ended, and those of the last year on which somebody was left waiting.
    """
    year_ago = now.astimezone(SHANGHAI).date().replace(day=1).replace(year=now.year - 1)
    days = ReceptionDay.objects.filter(on__gte=year_ago, bookings__isnull=False) | ReceptionDay.objects.filter(
        on__gte=year_ago, carried_here__isnull=False
    )
    if leaders:
        days = days.filter(leader__username__in=leaders)
    ids = list(days.order_by().values_list("pk", flat=True).distinct())
    found = [
        (day, booking)
        for day in day_views(ReceptionDay.objects.filter(pk__in=ids), now)
        for booking in day.bookings
        if booking.facts.stage is BookingStage.OWED
    ]
    return sorted(found, key=lambda pair: pair[1].row.pk)


def may_read(actor: Actor, day: DayView) -> bool:
    """Tell whether this person reads who booked this day."""
    return may_see_bookings(actor, day.facts.leader)


def seen_cases(actor: Actor, bookings: Iterable[BookingView]) -> set[int]:
    """Return which of the cases of these bookings this person may see (1 query)."""
    wanted = [b.petition.pk for b in bookings if b.petition is not None]
    return set(visible_to(actor, each=True).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def event_waiting(pk: int) -> ReceptionEvent | None:
    """Return what waits for another's word, with its day or booking."""
    found = _events().select_related("day__leader", "booking").filter(pk=pk, waits_for_another=True).first()
    return found if found is not None and getattr(found, "answer", None) is None else None


def waiting_events() -> Sequence[ReceptionEvent]:
    """Return all that waits for another's word, longest first (1 query)."""
    rows = _events().filter(waits_for_another=True, answer=None)
    return list(rows.select_related("day__leader", "booking__day__leader"))
