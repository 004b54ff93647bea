"""A clock that the test sets, for codes that are good for thirty seconds and sessions that end after thirty minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest


class Clock:
    """Shared by the second factor (seconds) and everything that asks Django for the time."""

    def __init__(self) -> None:
        self.seconds = float(int(time.time()) // 30 * 30 + 5)

    def pass_(self, **length: float) -> None:
        self.seconds += timedelta(**length).total_seconds()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", made.now)
    monkeypatch.setattr("axes.handlers.proxy.now", made.now)
    monkeypatch.setattr("xinfang.accounts.actions.second_factor.time", SimpleNamespace(time=lambda: made.seconds))
    return made


@pytest.fixture
def app_shows(clock: Clock) -> Callable[..., str]:
    """What the authenticator app of somebody shows now, or some steps earlier or later."""

    def show(username: str, steps: int = 0) -> str:
        from django_otp.oath import TOTP

        from xinfang.accounts.actions import second_factor
        from xinfang.accounts.models import Authenticator

        totp = TOTP(second_factor._secret(Authenticator.objects.get(staff__username=username)))
        totp.time = clock.seconds + 30 * steps
        return f"{totp.token():06}"

    return show
