"""Publishing days of reception, booking places, and recording what came of them (N18, H11).

Each is one transaction, decided by `procedure.reception.rules` and noted in the administrative log with a digest.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff, Unit
from xinfang.accounts.queries.actors import directory, staff_with_role
from xinfang.audit.actions import audit_log
from xinfang.audit.row_digests import row_digest
from xinfang.cases.access import open_case
from xinfang.cases.models import Petition
from xinfang.core.clock import SHANGHAI, today
from xinfang.notifications.actions import end_notifications, notify
from xinfang.procedure.facts import Actor
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
from xinfang.procedure.reception.rules import ReceptionQuestion, asks_second_person, why_not, why_not_answered
from xinfang.procedure.reception.words import DayEnd, ReceptionAct
from xinfang.procedure.rules import Reason, Refused, SecondPerson
from xinfang.procedure.step_schema import StaffCode, dump_step
from xinfang.procedure.visibility import PUBLISHES_RECEPTION, NotVisible, may_see_bookings
from xinfang.procedure.words import Role
from xinfang.vault.keys import keyring

from .models import Booking, BookingKey, ReceptionAnswer, ReceptionDay, ReceptionEvent
from .queries.days import (
    ACTIVE,
    BookingView,
    DayView,
    booking_on,
    day_view,
    event_waiting,
    owed,
    seal_booking,
    seal_event,
)
from .queries.proof import ANSWERED, BOOKED, LOOKED, PUBLISHED, Row

NOTIFICATION_KIND = "reception"


def _question(step: object, by: Actor, now: datetime, **more: Any) -> ReceptionQuestion:
    return ReceptionQuestion(step=step, actor=by, now=now.astimezone(SHANGHAI), directory=directory(today(now)), **more)


def _check(act: ReceptionAct, question: ReceptionQuestion) -> None:
    """Check that this may be recorded.

    Raises:
        Refused: it may not, with every reason.
    """
    if reasons := why_not(act, question):
        raise Refused(reasons)


def _note(staff: Staff, what: str, row: Row, about: str) -> None:
    """Write down that a row was appended, with the digest of all that is in it."""
    audit_log.record(staff, what, about, digest=row_digest(row))


def _leader(code: str) -> Staff:
    return Staff.objects.get(username=code)


def _office(now: datetime) -> list[int]:
    return staff_with_role(PUBLISHES_RECEPTION, (), today(now))


def _locked_day(pk: int, now: datetime) -> DayView:
    """Return a day whose row is locked until the end of the transaction.

    Raises:
        NotVisible: there is no such day.
    """
    if not ReceptionDay.objects.select_for_update().filter(pk=pk).exists():
        raise NotVisible(str(pk))
    day = day_view(pk, now)
    assert day is not None
    return day


def _locked_booking(pk: int, by: Actor, now: datetime) -> tuple[DayView, BookingView]:
    """Return a booking with its day, locked until the end of the transaction.

    Raises:
        NotVisible: there is no such booking for this person.
    """
    if not Booking.objects.select_for_update().filter(pk=pk).exists():
        raise NotVisible(str(pk))
    found = booking_on(pk, now)
    if found is None or not may_see_bookings(by, found[0].facts.leader):
        raise NotVisible(str(pk))
    return found


@transaction.atomic
def publish_day(
    step: PublishDay, *, by: Actor, staff: Staff, key: str = "", now: datetime | None = None
) -> ReceptionDay:
    """Publish a day; the leader is told.

    Raises:
        Refused: it may not be published, with every reason.
    """
    if key and (before := ReceptionDay.objects.filter(key=key).first()):
        return before
    now = now or timezone.now()
    _check(ReceptionAct.PUBLISH, _question(step, by, now))
    row = ReceptionDay.objects.create(
        kind=step.kind.value,
        on=step.on,
        begins=step.begins,
        ends=step.ends,
        place=step.place,
        leader=_leader(step.leader),
        places=step.places,
        by=staff,
        at=now,
        key=key or None,
    )
    _note(staff, PUBLISHED, row, str(row.pk))
    words = f"已为您公布{row.get_kind_display()}：{_when(row)}，{row.place}。"
    notify([row.leader_id], None, kind=NOTIFICATION_KIND, text=words, now=now)
    return row


def _when(row: ReceptionDay) -> str:
    return f"{row.on.month}月{row.on.day}日 {row.begins}至{row.ends}"


@transaction.atomic
def end_day(
    pk: int, step: EndDay, *, by: Actor, staff: Staff, key: str = "", now: datetime | None = None
) -> ReceptionEvent:
    """Move or cancel a day, or record that its leader was hindered; with bookings it holds when another agrees.

    Raises:
        NotVisible: there is no such day.
        Refused: it may not be, with every reason.
    """
    if key and (before := ReceptionEvent.objects.filter(key=key).first()):
        return before
    now = now or timezone.now()
    day = _locked_day(pk, now)
    question = _question(step, by, now, day=day.facts)
    _check(ReceptionAct.END_DAY, question)
    second = asks_second_person(ReceptionAct.END_DAY, question)
    event = ReceptionEvent.objects.create(
        day=day.row,
        act=ReceptionAct.END_DAY.value,
        end=step.what.value,
        reason=step.reason,
        new_on=step.on,
        new_begins=step.begins or day.row.begins if step.on else "",
        new_ends=step.ends or day.row.ends if step.on else "",
        new_place=step.place or day.row.place if step.on else "",
        waits_for_another=second,
        by=staff,
        at=now,
        key=key or None,
    )
    _note(staff, ReceptionAct.END_DAY.label, event, str(pk))
    if second:
        told = {*staff_with_role((Role.OFFICE_HEAD, Role.PRINCIPAL_LEADER), (), today(now)), day.row.leader_id}
        words = f"{_when(day.row)}的{day.row.get_kind_display()}拟{step.what.label}，等待确认。"
        _ask(told - {staff.pk}, event, words, now)
    else:
        _day_ended(event, day, staff, now)
    return event


def _ask(told: Iterable[int], event: ReceptionEvent, words: str, now: datetime) -> None:
    notify(sorted(told), None, kind=NOTIFICATION_KIND, text=words, about=f"reception:{event.pk}", now=now)


def _day_ended(event: ReceptionEvent, day: DayView, staff: Staff, now: datetime) -> None:
    """Do what follows from the end of a day: those who booked go to the new one in their order, or are owed one."""
    booked = [b for b in day.bookings if b.facts.stage in ACTIVE]
    if event.end == DayEnd.MOVED.value:
        assert event.new_on is not None
        row = ReceptionDay.objects.create(
            kind=day.row.kind,
            on=event.new_on,
            begins=event.new_begins,
            ends=event.new_ends,
            place=event.new_place,
            leader=day.row.leader,
            places=day.row.places,
            by=staff,
            at=now,
        )
        _note(staff, PUBLISHED, row, str(row.pk))
        for booking in booked:
            _append(booking.row, ReceptionAct.CARRY, staff, now, to_day=row)
    words = f"{_when(day.row)}的{day.row.get_kind_display()}已{DayEnd.of(event.end).label}"
    left = f"，{len(booked)} 项预约须告知信访人" if booked else ""
    owes = "并另约" if booked and event.end != DayEnd.MOVED.value else ""
    told = {*_office(now), day.row.leader_id}
    notify(sorted(told), None, kind=NOTIFICATION_KIND, text=f"{words}{left}{owes}。", now=now)


def _append(
    booking: Booking,
    act: ReceptionAct,
    staff: Staff,
    now: datetime,
    *,
    said: dict[str, str] | None = None,
    second: bool = False,
    key: str = "",
    **more: Any,
) -> ReceptionEvent:
    event = ReceptionEvent.objects.create(
        booking=booking,
        act=act.value,
        sealed=seal_event(booking.kept_key.open(), said) if said else None,
        waits_for_another=second,
        by=staff,
        at=now,
        key=key or None,
        **more,
    )
    _note(staff, act.label, event, f"预约 {booking.pk}")
    return event


@transaction.atomic
def book_place(
    pk: int, step: BookPlace, *, by: Actor, staff: Staff, key: str = "", now: datetime | None = None
) -> Booking:
    """Book a place on a day, or the next in its queue.

    Raises:
        NotVisible: there is no such day.
        Refused: it may not be booked, with every reason.
    """
    if key and (before := Booking.objects.filter(key=key).first()):
        return before
    now = now or timezone.now()
    day = _locked_day(pk, now)
    petition, fit = _case(step.number, day.facts.leader, by)
    waiting = len(owed(now, [day.facts.leader]))
    found = petition is not None or not step.number
    _check(
        ReceptionAct.BOOK,
        _question(step, by, now, day=day.facts, owed=waiting, case_is_seen=found, leader_is_fit=fit),
    )
    fresh, wrapped = keyring().new_key()
    who = {"name": step.name, "phone": step.phone, "matter": step.matter}
    row = Booking.objects.create(
        day=day.row,
        petition=petition,
        asked_by=step.asked_by.value,
        people=step.people,
        sealed=None if petition else seal_booking(fresh, who),
        by=staff,
        at=now,
        key=key or None,
    )
    BookingKey.objects.create(booking=row, wrapped_key=wrapped)
    _note(staff, BOOKED, row, f"预约 {row.pk}")
    return row


def _case(number: str, leader: StaffCode, by: Actor) -> tuple[Petition | None, bool]:
    """Return the case that a booking names, if this person sees it, and whether the leader isn't kept from it."""
    if not number:
        return None, True
    try:
        case = open_case(by, number.strip().upper())
    except NotVisible:
        return None, True
    return case.petition, leader not in case.facts.recused | case.facts.complained_staff


@transaction.atomic
def tell_booked(pk: int, step: TellBooked, *, by: Actor, staff: Staff, now: datetime | None = None) -> ReceptionEvent:
    """Record how the petitioner was told of a change.

    Raises:
        NotVisible: there is no such booking for this person.
        Refused: there is nothing to tell, or it isn't theirs to record.
    """
    now = now or timezone.now()
    day, booking = _locked_booking(pk, by, now)
    _check(ReceptionAct.TELL, _question(step, by, now, day=day.facts, booking=booking.facts))
    return _append(booking.row, ReceptionAct.TELL, staff, now, said={"text": step.text})


@transaction.atomic
def carry_booking(
    pk: int, step: CarryBooking, *, by: Actor, staff: Staff, now: datetime | None = None
) -> ReceptionEvent:
    """Give somebody a place on another day, for one that fell away or that they missed.

    Raises:
        NotVisible: there is no such booking for this person.
        Refused: none is owed, or that day isn't open.
    """
    now = now or timezone.now()
    day, booking = _locked_booking(pk, by, now)
    target = day_view(step.day, now)
    facts = target.facts if target else None
    _check(ReceptionAct.CARRY, _question(step, by, now, day=day.facts, booking=booking.facts, target=facts))
    assert target is not None
    return _append(booking.row, ReceptionAct.CARRY, staff, now, to_day=target.row)


@transaction.atomic
def record(
    pk: int,
    step: WithdrawBooking | RecordNoShow | RecordReception,
    *,
    by: Actor,
    staff: Staff,
    key: str = "",
    now: datetime | None = None,
) -> ReceptionEvent:
    """Record that a place was given back, that nobody came, or what was said when they were received.

    Raises:
        NotVisible: there is no such booking for this person.
        Refused: it may not be recorded, with every reason.
    """
    if key and (before := ReceptionEvent.objects.filter(key=key).first()):
        return before
    now = now or timezone.now()
    day, booking = _locked_booking(pk, by, now)
    act = _ACT_OF[type(step)]
    question = _question(step, by, now, day=day.facts, booking=booking.facts)
    _check(act, question)
    second = asks_second_person(act, question)
    if isinstance(step, RecordReception):
        unit = Unit.objects.filter(code=step.unit).first() if step.unit else None
        said = {"said": step.said, "instruction": step.instruction}
        event = _append(
            booking.row, act, staff, now, said=said, second=second, key=key,
            leader=_leader(step.leader), people=step.people, unit=unit, due=step.due,
        )  # fmt: skip
        if step.instruction or step.due:
            due = f"，{step.due.month}月{step.due.day}日前办理" if step.due else ""
            words = f"{_when(day.row)}接访有领导意见{due}，请登记成件或者转入原件办理。"
            notify(_office(now), None, kind=NOTIFICATION_KIND, text=words, now=now)
    else:
        event = _append(booking.row, act, staff, now, said=dict(dump_step(step)), second=second, key=key)
    if second:
        told = set(staff_with_role((Role.OFFICE_HEAD,), (), today(now)))
        if act is not ReceptionAct.WITHDRAW:
            told.add(day.row.leader_id)
        _ask(told - {staff.pk}, event, f"{_when(day.row)}接访有一项“{act.label}”等待确认。", now)
    return event


_ACT_OF: dict[type, ReceptionAct] = {
    WithdrawBooking: ReceptionAct.WITHDRAW,
    RecordNoShow: ReceptionAct.NO_SHOW,
    RecordReception: ReceptionAct.RECEIVE,
}


@transaction.atomic
def answer(pk: int, word: SecondPerson, *, by: Actor, staff: Staff, now: datetime | None = None) -> ReceptionAnswer:
    """Keep the second person's word on what waits for it; what follows, follows.

    Raises:
        NotVisible: nothing waits there for this person.
        Refused: they may not say it, with every reason.
    """
    now = now or timezone.now()
    ReceptionEvent.objects.select_for_update().filter(pk=pk).first()
    event = event_waiting(pk)
    if event is None:
        raise NotVisible(str(pk))
    act = ReceptionAct.of(event.act)
    booking = _locked_booking(event.booking_id, by, now) if event.booking_id else None
    day = booking[0] if booking else _locked_day(event.day_id or 0, now)
    proposed_by = StaffCode(event.by.get_username())
    reasons = why_not_answered(act, by, proposed_by, day.facts.leader, agree=word.agree, opinion=word.opinion)
    if word.agree and act is ReceptionAct.NO_SHOW and booking and booking[1].received:
        reasons.append(_CAME)
    if reasons:
        raise Refused(reasons)
    said = ReceptionAnswer.objects.create(event=event, agree=word.agree, opinion=word.opinion[:500], by=staff, at=now)
    _note(staff, ANSWERED, said, f"接访记录 {event.pk}")
    verb = "已确认" if word.agree else "未获同意"
    end_notifications(None, {f"reception:{event.pk}": f"此项记录{verb}"}, now)
    notify([event.by_id], None, kind=NOTIFICATION_KIND, text=f"您提出的“{act.label}”{verb}。", now=now)
    if word.agree and act is ReceptionAct.END_DAY:
        _day_ended(event, day, staff, now)
    return said


_CAME = Reason("信访人已经接待，不能确认为未到", (), "请选择不同意。", "they_came")


@transaction.atomic
def link_case(pk: int, number: str, *, by: Actor, staff: Staff, now: datetime | None = None) -> ReceptionEvent | None:
    """Tie the case that was registered of a booking to it; nothing where it has one.

    Raises:
        NotVisible: there is no such booking or case for this person.
    """
    now = now or timezone.now()
    _, booking = _locked_booking(pk, by, now)
    if booking.petition is not None:
        return None
    petition = open_case(by, number).petition
    return _append(booking.row, ReceptionAct.LINK, staff, now, petition=petition)


def log_look(booking: Booking, reason: str, *, staff: Staff) -> None:
    """Write down that somebody looked at who booked, and why."""
    with transaction.atomic():
        audit_log.record(staff, LOOKED, f"预约 {booking.pk}", reason=reason[:200])
