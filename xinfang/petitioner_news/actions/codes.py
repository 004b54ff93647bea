"""Codes by which a petitioner opens their case in place of four digits or a word: sent at once, good once.

They go where messages are wished for, else to the mobile number of the first person, who asked for it just now. The
gateway is asked beside the request, so that how long a page takes says nothing of it.
"""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog

from xinfang.cases.models import Petition
from xinfang.petitioner_news.gateways import GatewayRefuses, GatewayUnavailable, hand_over
from xinfang.petitioner_news.models import SentCode
from xinfang.petitioner_news.queries import wished_for
from xinfang.petitioner_news.texts import code_text
from xinfang.petitioner_news.wishes import mobile, ways
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import VaultError, equal_in_constant_time

DIGITS = 6
MINUTES = 10
"""So long a code is good."""
AN_HOUR = 3
"""At most so many are sent for a case within an hour."""
_senders = ThreadPoolExecutor(2, "codes")
_log = structlog.get_logger(__name__)


def send_code(petition: Petition, now: datetime) -> None:
    """Send a code to each person of the case who can be sent one; nothing where there were enough of them lately."""
    lately = SentCode.objects.filter(petition=petition, at__gt=now - timedelta(hours=1))
    if lately.values("at").distinct().count() >= AN_HOUR:
        return
    try:
        where = list(_where(petition))
    except VaultError:
        return
    for person, way, to in where:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        SentCode.objects.create(petition=petition, place=person, at=now, mark=_mark(petition, code))
        _senders.submit(_hand_over, way, to, code_text(code, MINUTES))


def use_code(petition: Petition, typed: str, now: datetime) -> int:
    """Return as which person of the case a code proves somebody, and use it up; 0 where it proves nothing."""
    given = "".join(typed.split())
    for row in SentCode.objects.filter(petition=petition, used_at=None, at__gt=now - timedelta(minutes=MINUTES)):
        same = equal_in_constant_time(row.mark.encode(), _mark(petition, given).encode())
        if same and SentCode.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
            return row.place
    return 0


def _where(petition: Petition) -> Iterator[tuple[int, str, str]]:
    there = ways()
    wished = [(c.place, way, to) for c in wished_for(petition.pk) for way, to in c.where.items() if way in there]
    if wished or "sms" not in there:
        yield from wished
        return
    first = petition.petitioners.order_by("place").first()
    if first is not None and (number := mobile(first.phone)):
        yield first.place, "sms", number


def _mark(petition: Petition, code: str) -> str:
    return keyring().mark("sent code", f"{petition.number} {code}")


def _hand_over(way: str, to: str, text: str) -> None:
    try:
        hand_over(way, to, text, secrets.token_hex(16))
    except (GatewayUnavailable, GatewayRefuses):
        # Who waits for it asks once more: a code that comes late is of no use.
        _log.warning("code_not_sent", way=way)
