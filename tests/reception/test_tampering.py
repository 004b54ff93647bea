"""Whatever somebody with the database's own password does to a day, a booking or a record is found by `verify`."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests.proof.test_tampering import run, without_guard
from tests.reception.receiving import answered, at, booked, missed, published, received
from tests.tables import T
from tests.world import make_department
from xinfang.operations.actions import key_rotation
from xinfang.proof.verify import verify
from xinfang.reception.models import Booking, ReceptionDay
from xinfang.reception.queries.days import who_asks

pytestmark = pytest.mark.django_db
BEFORE, ON = date(2026, 3, 2), date(2026, 3, 5)


@pytest.fixture
def held() -> None:
    make_department()
    day = published(ON, now=at(BEFORE))
    came, gone = booked(day, "甲某", now=at(BEFORE, 9)), booked(day, "乙某", now=at(BEFORE, 10))
    received(came, now=at(ON, 10))
    answered(missed(gone, now=at(ON, 12)), "clerk2", now=at(ON, 13))


WAYS: dict[str, Callable[[], object]] = {
    "back-date a day": lambda: run(f"UPDATE {T.reception_receptionday} SET \"on\" = '2026-03-01'"),
    "give the day to another leader": lambda: run(f"UPDATE {T.reception_receptionday} SET leader_id = leader_id + 1"),
    "another's place": lambda: run(f"UPDATE {T.reception_booking} SET people = 7 WHERE id = 1"),
    "make a no-show of who came": lambda: run(
        f"UPDATE {T.reception_receptionevent} SET act = 'no_show' WHERE act = 'receive'"
    ),
    "make one person enough": lambda: run(f"UPDATE {T.reception_receptionevent} SET waits_for_another = %s", False),
    "an instruction's day": lambda: run(f"UPDATE {T.reception_receptionevent} SET due = '2026-03-09'"),
    "the second person": lambda: run(f"UPDATE {T.reception_receptionanswer} SET by_id = by_id + 1"),
    "the words": lambda: run(f"UPDATE {T.reception_receptionevent} SET sealed = %s WHERE act = 'receive'", b"x" * 40),
    "take a record out": lambda: run(f"DELETE FROM {T.reception_receptionanswer}"),
    "take the key": lambda: run(f"DELETE FROM {T.reception_bookingkey} WHERE booking_id = 1"),
    "put one in": lambda: run(
        f"INSERT INTO {T.reception_receptionanswer} (event_id, agree, opinion, by_id, at)"
        f" SELECT 1, agree, opinion, by_id, at FROM {T.reception_receptionanswer}"
    ),
}


def test_untouched_rows_verify(held) -> None:
    assert not verify().broken


@pytest.mark.parametrize("way", list(WAYS))
def test_it_is_found(held, way: str) -> None:
    with without_guard():
        WAYS[way]()
        found = [b.chain for b in verify().broken]
    assert "领导接访" in found, way


@pytest.mark.parametrize("table", ["receptionday", "booking", "receptionevent", "receptionanswer"])
def test_the_database_refuses_it(held, table: str) -> None:
    for sql in (f"UPDATE reception_{table} SET by_id = by_id", f"DELETE FROM reception_{table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert ReceptionDay.objects.count() == 1


def test_bookings_stay_readable_under_a_new_master_key(held) -> None:
    before = [bytes(b.kept_key.wrapped_key) for b in Booking.objects.select_related("kept_key")]
    key_rotation.rotate_master_key()
    key_rotation.rewrap_all(lambda done: None)
    after = Booking.objects.select_related("kept_key")
    assert [bytes(b.kept_key.wrapped_key) for b in after] != before
    assert [who_asks(b)["name"] for b in after] == ["甲某", "乙某"]
