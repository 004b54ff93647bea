"""Days of reception and bookings of the people of `tests.world`, recorded as people would."""

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.world import SHANGHAI, who
from xinfang.accounts.models import Staff
from xinfang.core.clock import today
from xinfang.procedure.reception.answers import (
    BookPlace,
    CarryBooking,
    EndDay,
    PublishDay,
    RecordNoShow,
    RecordReception,
    TellBooked,
    WithdrawBooking,
)
from xinfang.procedure.reception.words import BookingStage
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_schema import load_step
from xinfang.reception import actions
from xinfang.reception.models import Booking, ReceptionDay, ReceptionEvent
from xinfang.reception.queries.days import booking_on

NAME, PHONE, MATTER = "萨仁图雅", "13900001111", "反映项目验收结论迟迟没有送达"


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def at(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def published(
    on: date | None = None, *, by: str = "clerk", now: datetime | None = None, **changes: Any
) -> ReceptionDay:
    given = {
        "leader": "leader", "on": on or today() + timedelta(days=3), "begins": "09:00", "ends": "11:30",
        "place": "厅机关一楼信访接待室", "places": 2, **changes,
    }  # fmt: skip
    return actions.publish_day(load_step(PublishDay, given), by=who(by), staff=staff(by), now=now)


def booked(
    day: ReceptionDay, name: str = NAME, *, by: str = "clerk", now: datetime | None = None, **changes: Any
) -> Booking:
    given = {"asked_by": "phone", "name": name, "phone": PHONE, "matter": MATTER, **changes}
    return actions.book_place(day.pk, load_step(BookPlace, given), by=who(by), staff=staff(by), now=now)


def ended(
    day: ReceptionDay, what: str, *, by: str = "clerk", now: datetime | None = None, **changes: Any
) -> ReceptionEvent:
    given = {"what": what, "reason": "临时参加自治区会议", **changes}
    return actions.end_day(day.pk, load_step(EndDay, given), by=who(by), staff=staff(by), now=now)


def answered(event: ReceptionEvent, by: str, *, agree: bool = True, now: datetime | None = None) -> None:
    word = SecondPerson(agree=agree, opinion="" if agree else "与事实不符")
    actions.answer(event.pk, word, by=who(by), staff=staff(by), now=now)


def told(booking: Booking, *, by: str = "clerk", now: datetime | None = None) -> None:
    actions.tell_booked(booking.pk, TellBooked(text="电话告知本人"), by=who(by), staff=staff(by), now=now)


def carried(booking: Booking, day: ReceptionDay, *, by: str = "clerk", now: datetime | None = None) -> None:
    actions.carry_booking(booking.pk, CarryBooking(day=day.pk), by=who(by), staff=staff(by), now=now)


def received(booking: Booking, *, by: str = "clerk", now: datetime | None = None, **changes: Any) -> ReceptionEvent:
    given = {"leader": "leader", "people": 1, "said": "当面说明了经过", "instruction": "请经费处核实", **changes}
    return actions.record(booking.pk, load_step(RecordReception, given), by=who(by), staff=staff(by), now=now)


def missed(booking: Booking, *, by: str = "clerk", now: datetime | None = None) -> ReceptionEvent:
    return actions.record(booking.pk, RecordNoShow(text="等候未到"), by=who(by), staff=staff(by), now=now)


def given_back(booking: Booking, *, by: str = "clerk", now: datetime | None = None) -> ReceptionEvent:
    return actions.record(booking.pk, WithdrawBooking(text="本人来电取消"), by=who(by), staff=staff(by), now=now)


def stage(booking: Booking, now: datetime) -> BookingStage:
    found = booking_on(booking.pk, now)
    assert found is not None
    return found[1].facts.stage


def untold(booking: Booking, now: datetime) -> bool:
    found = booking_on(booking.pk, now)
    assert found is not None
    return found[1].facts.untold
