"""After a reception nobody is forgotten: the home page of the office counts who was received and isn't registered."""

import pytest
from django.utils import timezone

from tests.reception.receiving import at, booked, published, received
from tests.urls import url
from tests.world import as_
from xinfang.core.clock import today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def test_who_was_received_and_not_registered_is_counted_until_they_are() -> None:
    day = published(today(), begins="00:00", ends="00:01", now=at(today(), 0))
    booking = booked(day, now=at(today(), 0))
    assert "接访后尚未登记成件" not in as_("clerk").get(url("inbox")).content.decode()
    received(booking, now=timezone.now())
    page = as_("clerk").get(url("inbox")).content.decode()
    assert "接访后尚未登记成件" in page and url("reception-register") in page
    assert "接访后尚未登记成件" not in as_("handler").get(url("inbox")).content.decode()
