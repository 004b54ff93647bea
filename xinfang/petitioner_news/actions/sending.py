"""Sending what waits: one worker, growing pauses, given up after a stated number of tries, never in the quiet hours.

A message that was given up is told to who works on the case, as a task: nobody was told by it, and no limit stopped.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xinfang.cases.actions.recipients import Recipients
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.background import sole_process
from xinfang.core.clock import SHANGHAI, today
from xinfang.notifications.actions import notify
from xinfang.petitioner_news.actions import ABOUT, State
from xinfang.petitioner_news.gateways import GatewayRefuses, GatewayUnavailable, hand_over
from xinfang.petitioner_news.models import NewsMessage
from xinfang.petitioner_news.queries import wished_for
from xinfang.petitioner_news.texts import news_text
from xinfang.petitioner_news.wishes import ways
from xinfang.vault.sm_ciphers import VaultError

MAX_TRIES = 8
"""After this many it is given up: with pauses of 1, 2, 4 … 64 minutes that is two hours outside the quiet ones."""
NOTIFICATION = "undelivered"
"""What kind of notification tells of a message that was given up."""
_ENOUGH_IN_A_ROW = 5
"""Failures one after the other: then the gateway is down, and the rest waits for the next run."""
_log = structlog.get_logger(__name__)


@dataclass
class NewsReport:
    """How many messages a run handed over, will try again, gave up, and dropped as no longer wished for."""

    handed: int = 0
    failed: int = 0
    given_up: int = 0
    dropped: int = 0


def sole_news_sender() -> AbstractContextManager[bool]:
    """Return a context that says whether this process is now the only one that sends."""
    return sole_process("news.lock")


def is_quiet(now: datetime) -> bool:
    """Tell whether nobody is to be disturbed now (Asia/Shanghai)."""
    begin, end = settings.QUIET_HOURS
    at = now.astimezone(SHANGHAI).time()
    return begin <= at < end if begin <= end else at >= begin or at < end


def is_anything_due(now: datetime) -> bool:
    """Tell whether a message waits that may be sent now (1 query)."""
    if not ways() or is_quiet(now):
        return False
    return NewsMessage.objects.filter(state=State.WAITING, next_try__lte=now).exists()


def send_waiting_news(
    *, now: Callable[[], datetime] = timezone.now, stop: threading.Event | None = None
) -> NewsReport:  # fmt: skip
    """Send what is due, once each. Call it as the only sender: one that was killed leaves its message waiting.

    Such a message may have reached the gateway; it goes again with the same key.
    """
    done, in_a_row, last = NewsReport(), dict.fromkeys(ways(), 0), 0
    while not (stop and stop.is_set()) and not is_quiet(now()):
        open_ways = [way for way, failures in in_a_row.items() if failures < _ENOUGH_IN_A_ROW]
        due = NewsMessage.objects.filter(state=State.WAITING, next_try__lte=now(), way__in=open_ways, pk__gt=last)
        message = due.select_related("petition", "consent").order_by("id").first()
        if message is None:
            break
        last = message.pk
        _send(message, now(), done, in_a_row)
    if done != NewsReport():
        _log.info("news_sent", **asdict(done))
    return done


def _send(message: NewsMessage, now: datetime, done: NewsReport, in_a_row: dict[str, int]) -> None:
    petition, consent = message.petition, message.consent
    try:
        counts = not petition.sealed and consent.pk in {c.pk for c in wished_for(petition.pk)}
        to = consent.where.get(message.way, "") if counts else ""
    except VaultError:
        to = ""
    if not to:
        _end(message, State.DROPPED, "不再需要发送", now)
        done.dropped += 1
        return
    try:
        hand_over(message.way, to, news_text(petition.number if consent.number_shown else ""), message.key)
    except GatewayRefuses as e:
        in_a_row[message.way] = 0
        _given_up(message, str(e), now)
        done.given_up += 1
    except GatewayUnavailable as e:
        in_a_row[message.way] += 1
        message.tries += 1
        if message.tries >= MAX_TRIES:
            _given_up(message, str(e), now)
            done.given_up += 1
            return
        message.next_try = now + timedelta(minutes=2 ** (message.tries - 1))
        message.reason = str(e)[:100]
        message.save(update_fields=["tries", "next_try", "reason"])
        done.failed += 1
        _log.warning("news_not_sent", way=message.way, tries=message.tries)
    else:
        in_a_row[message.way] = 0
        message.tries += 1
        _end(message, State.HANDED, "", now)
        done.handed += 1


def _end(message: NewsMessage, state: str, reason: str, now: datetime) -> None:
    message.state, message.reason, message.done_at = state, reason[:100], now
    message.save(update_fields=["state", "reason", "done_at", "tries"])


@transaction.atomic
def _given_up(message: NewsMessage, reason: str, now: datetime) -> None:
    _end(message, State.GIVEN_UP, reason, now)
    petition = message.petition
    people = Recipients(today(now)).whose_it_is(petition, facts_of(petition))
    text = f"{petition.number}：给信访人的{message.get_way_display()}提醒没有发出，请改用其他方式告知，并在此件登记。"
    notify(
        people,
        petition,
        kind=NOTIFICATION,
        text=text,
        about=f"{ABOUT}:{message.pk}",
        once=f"news:{message.pk}",
        now=now,
    )
