"""A day of reception from publishing to the register; nobody alone takes a place or says that somebody didn't come."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from tests.reception.receiving import (
    MATTER,
    NAME,
    PHONE,
    answered,
    at,
    booked,
    carried,
    ended,
    given_back,
    missed,
    published,
    received,
    staff,
    stage,
    told,
    untold,
)
from tests.tables import T
from tests.world import make_department, register, who
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition
from xinfang.notifications.models import Notification
from xinfang.procedure.reception.words import BookingStage, DayKind, ReceptionAct
from xinfang.procedure.rules import Refused
from xinfang.procedure.visibility import NotVisible
from xinfang.reception.actions import link_case
from xinfang.reception.models import ReceptionDay
from xinfang.reception.queries.days import booking_on, owed, who_asks
from xinfang.reception.queries.matters import received_bookings
from xinfang.reception.queries.offered import is_offered
from xinfang.reception.queries.register import HEADS, register_rows

pytestmark = pytest.mark.django_db
BEFORE, ON, LATER = date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 12)
PLACED, WAITING, OWED = BookingStage.PLACED, BookingStage.WAITING, BookingStage.OWED


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.code for r in refusal.value.reasons}


def test_places_go_by_order_of_asking_and_the_others_wait() -> None:
    day = published(ON, now=at(BEFORE))
    three = [booked(day, name, now=at(BEFORE, 9 + n)) for n, name in enumerate(("甲某", "乙某", "丙某"))]
    assert [stage(b, at(BEFORE, 14)) for b in three] == [PLACED, PLACED, WAITING]
    waiting = given_back(three[0], now=at(BEFORE, 14))
    assert stage(three[0], at(BEFORE, 14)) is PLACED, "a place is theirs until another person agrees"
    with pytest.raises(Refused) as refusal:
        answered(waiting, "clerk", now=at(BEFORE, 15))
    assert codes(refusal) == {"second_person"}
    answered(waiting, "clerk2", now=at(BEFORE, 15))
    assert [stage(b, at(BEFORE, 16)) for b in three] == [BookingStage.WITHDRAWN, PLACED, PLACED]
    assert untold(three[2], at(BEFORE, 16)) and not untold(three[1], at(BEFORE, 16))
    told(three[2], now=at(BEFORE, 17))
    assert not untold(three[2], at(BEFORE, 18))


def test_a_day_with_bookings_is_moved_by_two_and_everybody_goes_along() -> None:
    day = published(ON, now=at(BEFORE))
    first, second = booked(day, "甲某", now=at(BEFORE, 9)), booked(day, "乙某", now=at(BEFORE, 10))
    event = ended(day, "moved", on=LATER, now=at(BEFORE, 11))
    assert event.waits_for_another and stage(first, at(BEFORE, 12)) is PLACED
    with pytest.raises(Refused) as refusal:
        booked(day, "丙某", now=at(BEFORE, 12))
    assert "the_day_is_open" in codes(refusal)
    answered(event, "leader", now=at(BEFORE, 13))
    new = ReceptionDay.objects.get(on=LATER)
    for booking in (first, second):
        found = booking_on(booking.pk, at(BEFORE, 14))
        assert found and found[0].row == new and found[1].facts.stage is PLACED and found[1].facts.untold
    assert Notification.objects.filter(kind="reception", text__contains="2 项预约须告知信访人").exists()


def test_who_lost_a_day_is_offered_a_new_one_first() -> None:
    day = published(ON, now=at(BEFORE))
    booking = booked(day, now=at(BEFORE, 9))
    answered(ended(day, "cancelled", now=at(BEFORE, 10)), "office_head", now=at(BEFORE, 11))
    assert stage(booking, at(BEFORE, 12)) is OWED and untold(booking, at(BEFORE, 12))
    full = published(LATER, places=1, now=at(BEFORE, 12))
    with pytest.raises(Refused) as refusal:
        booked(full, "乙某", now=at(BEFORE, 13))
    assert "those_who_are_owed_come_first" in codes(refusal)
    other = booked(published(LATER, leader="leader2", now=at(BEFORE, 13)), "丙某", now=at(BEFORE, 13))
    carried(booking, full, now=at(BEFORE, 14))
    assert stage(booking, at(BEFORE, 15)) is PLACED and stage(other, at(BEFORE, 15)) is PLACED
    assert untold(booking, at(BEFORE, 15)) and not owed(at(BEFORE, 15))
    late = booked(full, "乙某", now=at(BEFORE, 16))
    assert stage(late, at(BEFORE, 17)) is WAITING
    # Whom nobody got round to is owed a place as well.
    assert stage(late, at(LATER, 12)) is OWED


def test_who_is_carried_to_a_full_day_takes_nobodys_place() -> None:
    day, full = published(ON, now=at(BEFORE)), published(LATER, places=1, now=at(BEFORE))
    there = booked(full, "甲某", now=at(BEFORE, 9))
    booking = booked(day, "乙某", now=at(BEFORE, 10))
    answered(ended(day, "hindered", now=at(ON, 10), by="office_head"), "leader", now=at(ON, 11))
    carried(booking, full, now=at(ON, 12))
    assert stage(there, at(ON, 13)) is PLACED and stage(booking, at(ON, 13)) is PLACED


def test_no_day_is_made_or_moved_into_the_past() -> None:
    with pytest.raises(Refused) as refusal:
        published(ON - timedelta(days=1), now=at(ON))
    assert codes(refusal) == {"the_day_is_not_past"}
    day = published(ON, now=at(BEFORE))
    with pytest.raises(Refused) as refusal:
        ended(day, "moved", on=BEFORE - timedelta(days=3), now=at(BEFORE))
    assert "the_day_is_not_past" in codes(refusal)
    with pytest.raises(Refused) as refusal:
        booked(day, now=at(ON, 12))
    assert "the_day_is_still_to_come" in codes(refusal)
    with pytest.raises(Refused) as refusal:
        ended(day, "cancelled", now=at(ON, 12))
    assert "a_past_day_is_not_moved" in codes(refusal)


def test_nobody_alone_says_that_somebody_did_not_come() -> None:
    day = published(ON, now=at(BEFORE))
    booking = booked(day, now=at(BEFORE, 9))
    with pytest.raises(Refused) as refusal:
        missed(booking, now=at(ON, 10))
    assert codes(refusal) == {"their_time_has_passed"}
    said = missed(booking, now=at(ON, 12))
    assert stage(booking, at(ON, 12)) is PLACED
    # They had come: that is recorded, and the other record can't be agreed to any more.
    received(booking, by="leader", now=at(ON, 13))
    assert stage(booking, at(ON, 13)) is BookingStage.CAME
    with pytest.raises(Refused) as refusal:
        answered(said, "clerk2", now=at(ON, 14))
    assert codes(refusal) == {"they_came"}
    answered(said, "clerk2", agree=False, now=at(ON, 14))


def test_a_record_of_two_is_corrected_by_two_and_a_no_show_takes_no_right_away() -> None:
    day = published(ON, now=at(BEFORE))
    booking = booked(day, now=at(BEFORE, 9))
    answered(missed(booking, now=at(ON, 12)), "clerk2", now=at(ON, 13))
    assert stage(booking, at(ON, 13)) is BookingStage.NO_SHOW
    came = received(booking, now=at(ON, 14))
    assert came.waits_for_another and stage(booking, at(ON, 14)) is BookingStage.NO_SHOW
    answered(came, "leader", agree=False, now=at(ON, 15))
    carried(booking, published(LATER, now=at(ON, 15)), now=at(ON, 16))
    assert stage(booking, at(ON, 17)) is PLACED


def test_who_was_received_after_all_is_among_the_leaders_matters() -> None:
    day = published(ON, now=at(BEFORE))
    booking = booked(day, now=at(BEFORE, 9))
    answered(missed(booking, now=at(ON, 12)), "clerk2", now=at(ON, 13))
    came = received(booking, now=at(ON, 14))
    leader, kind = staff("leader"), DayKind.RECEPTION
    assert not received_bookings(leader, kind).exists(), "nobody else has agreed yet"
    answered(came, "leader", now=at(ON, 15))
    assert stage(booking, at(ON, 16)) is BookingStage.CAME
    assert list(received_bookings(leader, kind)) == [booking]


def test_what_is_offered_is_what_would_be_taken() -> None:
    day = published(ON, now=at(BEFORE))
    booking = booked(day, now=at(BEFORE, 9))

    def offered(now: datetime, by: str = "clerk") -> set[ReceptionAct]:
        found = booking_on(booking.pk, now)
        assert found is not None
        acts = set(ReceptionAct) - {ReceptionAct.PUBLISH, ReceptionAct.BOOK, ReceptionAct.END_DAY, ReceptionAct.LINK}
        return {act for act in acts if is_offered(act, who(by), now, *found)}

    assert offered(at(BEFORE, 10)) == {ReceptionAct.WITHDRAW}
    assert offered(at(ON, 8)) == {ReceptionAct.WITHDRAW}, "the reception begins at nine"
    assert offered(at(ON, 10)) == {ReceptionAct.WITHDRAW, ReceptionAct.RECEIVE}
    assert offered(at(ON, 10), "leader") == {ReceptionAct.RECEIVE}
    assert offered(at(ON, 12)) == {ReceptionAct.WITHDRAW, ReceptionAct.RECEIVE, ReceptionAct.NO_SHOW}
    missed(booking, now=at(ON, 12))
    assert offered(at(ON, 13)) == {ReceptionAct.RECEIVE}, "the other record waits for another's word"


def test_who_did_not_come_to_a_day_that_was_not_held_is_owed_one() -> None:
    day = published(ON, now=at(BEFORE))
    booking = booked(day, now=at(BEFORE, 9))
    answered(ended(day, "hindered", by="leader", now=at(ON, 10)), "office_head", now=at(ON, 10))
    with pytest.raises(Refused) as refusal:
        missed(booking, now=at(ON, 12))
    assert "the_leader_was_there" in codes(refusal)
    # Another leader may have received them all the same.
    received(booking, leader="leader2", now=at(ON, 12))
    assert stage(booking, at(ON, 12)) is BookingStage.CAME


def test_personal_data_is_encrypted_and_read_by_few() -> None:
    day = published(ON, now=at(BEFORE))
    booking = booked(day, now=at(BEFORE, 9))
    received(booking, now=at(ON, 10))
    assert who_asks(booking) == {"name": NAME, "phone": PHONE, "matter": MATTER}
    with connection.cursor() as cursor:
        for table in (
            T.reception_booking,
            T.reception_receptionevent,
            T.audit_adminrecord,
            T.notifications_notification,
        ):
            cursor.execute(f"SELECT * FROM {table}")
            kept = repr(cursor.fetchall())
            assert not any(word in kept for word in (NAME, PHONE, MATTER, "当面说明了经过", "请经费处核实"))
    with pytest.raises(NotVisible):
        received(booking, by="leader2", now=at(ON, 11))
    assert AdminRecord.objects.filter(what="登记接访预约", detail__has_key="digest").count() == 1


def test_a_booking_becomes_a_case_and_the_register_follows_it() -> None:
    day = published(ON, now=at(BEFORE))
    booking = booked(day, now=at(BEFORE, 9))
    received(booking, people=3, due=LATER, now=at(ON, 10))
    (row,) = register_rows(who("clerk"), ON, ON, at(ON, 11))
    assert (row.name, row.people, row.number, row.state) == ("萨**", 3, "", "尚未登记成件") and len(row.cells) == len(
        HEADS
    )
    number = register(ON)
    link_case(booking.pk, number, by=who("clerk"), staff=staff("clerk"), now=at(ON, 12))
    assert link_case(booking.pk, number, by=who("clerk"), staff=staff("clerk"), now=at(ON, 12)) is None
    (row,) = register_rows(who("clerk"), ON, ON, at(ON, 13))
    assert (row.number, row.state) == (number, "已登记")
    assert not register_rows(who("leader2"), ON, ON, at(ON, 13)), "a leader reads their own days"
    # Of a case that the reader doesn't see, that it was there is all.
    Petition.objects.filter(number=number).update(sealed=True)
    (row,) = register_rows(who("clerk"), ON, ON, at(ON, 14))
    assert (row.number, row.said, row.instruction) == ("", "", "") and "萨" not in row.name


def test_a_booking_names_a_case_or_says_who_asks() -> None:
    day, number = published(ON, now=at(BEFORE)), register(BEFORE)
    with pytest.raises(Refused) as refusal:
        booked(day, number=number, now=at(BEFORE, 9))
    assert "it_says_who_asks_and_why" in codes(refusal)
    row = booked(day, "", phone="", matter="", number=number, now=at(BEFORE, 9))
    assert row.petition and row.petition.number == number and row.sealed is None
    with pytest.raises(Refused) as refusal:
        booked(day, "", phone="", matter="", number="LX2019000001", now=at(BEFORE, 9))
    assert codes(refusal) == {"the_case_is_seen"}
