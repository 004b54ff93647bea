"""The day and the time zone that everything is counted in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today(now: datetime | None = None) -> date:
    """Return the calendar day in Asia/Shanghai."""
    return (now or timezone.now()).astimezone(SHANGHAI).date()


def minute_text(moment: datetime) -> str:
    """Write a moment as 2026-11-28 16:20, in Asia/Shanghai."""
    return f"{timezone.localtime(moment, SHANGHAI):%Y-%m-%d %H:%M}"
