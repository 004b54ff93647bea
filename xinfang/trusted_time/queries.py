"""Is the server's clock right? Asked before anything is written for good that nobody asked for (decision 0015).

The trusted time is the last moment at which a sweep or a seal found the clock believable, or an administrator confirmed
it. What people record never moves it: they go on working under a wrong clock, and that makes it no truer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.utils import timezone

from xinfang.audit.seals import MAX_CLOCK_DIFFERENCE, SEALED_MODELS, last_positions
from xinfang.core.clock import SHANGHAI
from xinfang.procedure.errors import XinfangError

from .models import TrustedTime

AHEAD = timedelta(days=10)
"""A clock further than this after the trusted time isn't believed.

Longer than the longest holiday (8 days) with a day on each side.
"""
BEHIND = MAX_CLOCK_DIFFERENCE
"""A clock further than this before the trusted time or the newest record isn't believed."""
CLOCK = "clock"
CONFIRM = "无误的，由系统管理员在“系统时间”页确认，或在服务器上运行 xinfang time confirm --by 用户名 --reason 理由"


@dataclass(frozen=True)
class ClockDoubt:
    """Why the clock isn't believed: it shows `now`; `known` is the trusted time or that of the newest record."""

    now: datetime
    known: datetime
    recorded: bool
    """Whether `known` is the time of a record and not the trusted time."""

    @property
    def sentence(self) -> str:
        """One sentence with both times and what to do, for the command line, /healthz and the pages."""
        what = "最近一条记录的时间" if self.recorded else "上次确认可信的时间"
        way = "晚" if self.now > self.known else "早"
        gap = abs(self.now - self.known)
        far = f"{gap.days} 天" if gap.days else f"{gap.seconds // 60} 分钟"
        return (
            f"服务器时间 {doubt_sentence(self.now)} 比{what} {doubt_sentence(self.known)} {way} {far}，可能有误，自动巡查、封印和交换已停止。"
            f"请先核对服务器的时钟，有误的请改正；{CONFIRM}。"
        )


class ClockNotBelieved(XinfangError):
    """The clock isn't believed; its text is the sentence of the doubt."""

    def __init__(self, doubt: ClockDoubt) -> None:
        super().__init__(doubt.sentence)
        self.doubt = doubt


def doubt_sentence(moment: datetime) -> str:
    """Write a moment in Asia/Shanghai, to the minute."""
    return f"{timezone.localtime(moment, SHANGHAI):%Y-%m-%d %H:%M}"


def trusted_now() -> datetime | None:
    """Return the trusted time; None where nothing was ever swept, sealed or confirmed (1 query)."""
    return TrustedTime.objects.filter(pk=CLOCK).values_list("at", flat=True).first()


def clock_doubt(now: datetime | None = None) -> ClockDoubt | None:
    """Tell why the clock isn't believed, None if it is. `now` is an aware time.

    Writes nothing (2 queries, and 1 for each chain with something new).
    """
    return doubt_about(TrustedTime.objects.filter(pk=CLOCK).first(), now or timezone.now())


def doubt_about(row: TrustedTime | None, now: datetime) -> ClockDoubt | None:
    """Tell why the clock isn't believed, for this row of the trusted time."""
    newest = _newest_since(row) if row else _newest()
    if row and now < row.at - BEHIND:
        return ClockDoubt(now, max(row.at, newest or row.at), recorded=bool(newest and newest > row.at))
    if newest and now < newest - BEHIND:
        return ClockDoubt(now, newest, recorded=True)
    known = row.at if row else newest
    if known and now > known + AHEAD:
        return ClockDoubt(now, known, recorded=row is None)
    return None


def _newest() -> datetime | None:
    """Return the time of the record appended last.

    Seals aren't asked: one that is dated in the future must not stop the next.
    """
    found = [
        model.objects.order_by(f"-{key}").values_list(column, flat=True).first() for model, key, column in _chains()
    ]
    return max((at for at in found if at), default=None)


def _chains() -> Iterator[tuple[Any, str, str]]:
    """Yield the tables of `seals.CHAINS` with their key and the column of their time."""
    for name, key in SEALED_MODELS:
        model = apps.get_model(name)
        yield model, key, "recorded_at" if name == "cases.Event" else "at"


def _newest_since(row: TrustedTime) -> datetime | None:
    """Return the latest time of what was recorded since the trusted time was kept."""
    found = []
    # From place to place, so that both databases walk the few new rows and not the index by time.
    kept = (row.last_event, row.last_access, row.last_admin)
    for (model, key, column), before, now in zip(_chains(), kept, last_positions(), strict=True):
        if now > before:
            new = model.objects.filter(**{f"{key}__gt": before, f"{key}__lte": now})
            found.append(new.aggregate(at=Max(column))["at"])
    return max((at for at in found if at), default=None)
