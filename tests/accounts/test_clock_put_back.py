"""What was begun while the clock was ahead doesn't last until that day comes again."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.accounts.test_sessions import comes_in, signed_in
from tests.urls import url
from tests.world import register, take
from xinfang.accounts.models import SignIn, Staff
from xinfang.core.clock import today
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def test_a_session_begun_when_the_clock_was_ahead_ends(clock) -> None:
    clock.pass_(days=200)
    client = signed_in()
    assert comes_in(client)
    clock.pass_(days=-200)
    assert not comes_in(client)
    assert SignIn.objects.get().ended_at


def test_a_confirmation_given_when_the_clock_was_ahead_is_asked_for_again(clock) -> None:
    number = register(today())
    clock.pass_(minutes=20)
    client = signed_in()
    clock.pass_(minutes=-20)
    assert comes_in(client)
    answer = client.get(url("unmask", number))
    assert answer.status_code == 302 and answer["Location"].startswith(url("confirm"))


def test_a_reason_given_when_the_clock_was_ahead_does_not_keep_a_sealed_case_open(clock) -> None:
    number = register(today())
    take(number, StepCode.CLASSIFY, "clerk", matter_class="report")
    clock.pass_(minutes=25)
    client = Client()
    client.force_login(Staff.objects.get(username="sealed"))
    assert client.post(url("sealed-reason", number), {"reason": "研究移送事宜"}).status_code == 302
    assert client.get(url("petition", number)).status_code == 200
    clock.pass_(minutes=-25)
    assert client.get(url("petition", number))["Location"].startswith(url("sealed-reason", number))
