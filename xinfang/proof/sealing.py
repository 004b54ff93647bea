"""The daily seal: one hash over every record since the seal before, so that nobody can shorten or rewrite what is older.

It is worth most when it is kept where the database's owner can't reach it: printed, or sent to another machine.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from xinfang.audit.chained import seal_fields
from xinfang.audit.models import Seal
from xinfang.vault.chain import START, link

from .chain_reading import rows

CHAINS = (
    ("cases_event", "id"),
    ("cases_access", "seq"),
    ("audit_adminevent", "id"),
)
"""What a seal covers, each in the order in which it was appended."""
CLOCKS_DIFFER = timedelta(hours=1)
"""So far may the clocks of two servers differ, or one be put back, without anybody being asked."""


def hashes(table: str, key: str, after: int, until: int) -> Iterator[tuple[int, str]]:
    """Place and hash of the records of a table between two places."""
    return rows(
        f"SELECT {key}, hash FROM {table} WHERE {key} > %s AND {key} <= %s ORDER BY {key}",  # noqa: S608 - our own names
        (after, until),
    )  # type: ignore[return-value]


def digest_of(after: tuple[int, ...], until: tuple[int, ...]) -> tuple[int, str]:
    """How many records lie between two seals, and the SM3 over their hashes."""
    total, digest = 0, hashlib.new("sm3")
    for (table, key), low, high in zip(CHAINS, after, until, strict=True):
        digest.update(f"{table}\n".encode())
        for _, one in hashes(table, key, low, high):
            # Whatever stands there by force gives another digest, and no error.
            digest.update(str(one).encode("utf-8", "surrogatepass"))
            total += 1
    return total, digest.hexdigest()


def hash_lines(before: Seal | None, seal: Seal) -> str:
    """The hashes of all that a seal covers, a line each, below the name of their table: what another machine needs to compute it."""
    lines = []
    for (table, key), low, high in zip(CHAINS, covers(before), covers(seal), strict=True):
        lines.append(table)
        lines += [one for _, one in hashes(table, key, low, high)]
    return "\n".join(lines) + "\n"


def last_places() -> tuple[int, ...]:
    """The last record of each chain (1 query)."""
    each = ", ".join(f"(SELECT COALESCE(MAX({key}), 0) FROM {table})" for table, key in CHAINS)  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}")
        return tuple(cursor.fetchone())


def covers(seal: Seal | None) -> tuple[int, ...]:
    """The places up to which a seal covers the chains."""
    return (seal.last_event, seal.last_access, seal.last_admin) if seal else (0, 0, 0)


@transaction.atomic
def make_seal(day: date, now: datetime | None = None) -> Seal | None:
    """Seal everything appended since the last seal; None if there is nothing new. `day` is the day it closes."""
    if connection.vendor == "postgresql":
        # Whoever is writing finishes first: no record may come in below a place that is sealed.
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(t for t, _ in CHAINS)} IN SHARE MODE")
    before = Seal.objects.order_by("-number").first()
    places = last_places()
    if places == covers(before):
        return None
    records, digest = digest_of(covers(before), places)
    seal = Seal(
        number=before.number + 1 if before else 1,
        day=day,
        made_at=now or timezone.now(),
        last_event=places[0],
        last_access=places[1],
        last_admin=places[2],
        records=records,
        digest=digest,
    )
    seal.hash = hash_of(seal, before.hash if before else START)
    seal.save(force_insert=True)
    return seal


def hash_of(seal: Seal, previous: str) -> str:
    """The hash that a seal must have after the one with the hash `previous`."""
    marks = (*covers(seal), seal.records)
    return link(previous, seal_fields(seal.number, seal.day, seal.made_at, marks, seal.digest))


def seal_yesterday(today: date, now: datetime) -> Seal | None:
    """Make the seal of the days that are over, once a day; None where it stands already or nothing is new.

    A newest seal dated on a later day was made while the clock was ahead; it doesn't stop the next.
    """
    newest = Seal.objects.order_by("-number").values_list("made_at", flat=True).first()
    if newest is not None and timezone.localdate(newest) >= today and newest <= now + CLOCKS_DIFFER:
        return None
    return make_seal(today, now)


def misdated(now: datetime | None = None) -> list[str]:
    """A sentence for each seal dated in the future, after `now` or after a later seal: made while the clock was ahead (1 query)."""
    latest, found = now or timezone.now(), []
    for number, made_at in Seal.objects.order_by("-number").values_list("number", "made_at"):
        if made_at > latest + CLOCKS_DIFFER:
            at = f"{timezone.localtime(made_at):%Y-%m-%d %H:%M}"
            found.append(
                f"第{number}号封印的时间 {at} 晚于现在或其后的封印，当时服务器时钟偏快；封印仍然有效，之后的封印照常进行。"
            )
        else:
            latest = min(latest, made_at)
    return found[::-1]
