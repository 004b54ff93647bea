"""After a reception nobody is forgotten: the home page of the office counts who was received and isn't registered."""

import pytest
from django.utils import timezone

from tests.reception.receiving import answered, at, booked, given_back, published, received
from tests.urls import url
from tests.world import as_
from xinfang.core.clock import today
from xinfang.procedure.reception.words import ReceptionAct

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def test_who_was_received_and_not_registered_is_counted_until_they_are() -> None:
    day = published(today(), begins="00:00", ends="00:01", now=at(today(), 0))
    booking = booked(day, now=at(today(), 0))
    assert "接访后尚未登记成件" not in as_("clerk").get(url("inbox")).content.decode()
    received(booking, now=timezone.now())
    page = as_("clerk").get(url("inbox")).content.decode()
    assert "接访后尚未登记成件" in page and url("reception-register") in page
    assert "接访后尚未登记成件" not in as_("handler").get(url("inbox")).content.decode()


def test_what_waits_for_another_is_on_the_page_of_who_may_confirm_it() -> None:
    booking = booked(published())
    event = given_back(booking)
    address = url("reception-answer", event.pk)
    for name in ("clerk2", "office_head", "principal"):
        page = as_(name).get(url("inbox")).content.decode()
        assert address in page and ReceptionAct.WITHDRAW.label in page, name
    for name in ("clerk", "leader", "handler"):
        assert address not in as_(name).get(url("inbox")).content.decode(), name
    leader = as_("leader").post(address, {"agree": "yes"})
    assert leader.status_code == 422 and "不能由您确认" in leader.content.decode()
    answered(event, "clerk2")
    assert address not in as_("office_head").get(url("inbox")).content.decode()
