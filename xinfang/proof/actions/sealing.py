"""The daily seal: one hash over every record since the seal before.

With it, nobody can cut off or rewrite what is older. It is worth most when it is kept where the database's owner can't
reach it: printed, or sent to another machine.
"""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from xinfang.audit.canonical import seal_fields
from xinfang.audit.models import Seal
from xinfang.audit.seals import MAX_CLOCK_DIFFERENCE, digest_between, last_positions, positions_covered, sealed_tables
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, record_hash


@transaction.atomic
def make_seal(day: date, now: datetime | None = None) -> Seal | None:
    """Seal everything appended since the last seal; None if there is nothing new. `day` is the day it closes."""
    if connection.vendor == "postgresql":
        # Writers at work finish first: no record may come in below a place that is sealed.
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(t for t, _ in sealed_tables())} IN SHARE MODE")
    before = Seal.objects.order_by("-number").first()
    places = last_positions()
    if places == positions_covered(before):
        return None
    records, digest = digest_between(positions_covered(before), places)
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
    seal.hash = seal_hash(seal, before.hash if before else FIRST_PREVIOUS_HASH)
    seal.save(force_insert=True)
    return seal


def seal_hash(seal: Seal, previous: str) -> str:
    """Return the hash that a seal must have after the one with the hash `previous`."""
    marks = (*positions_covered(seal), seal.records)
    return record_hash(previous, seal_fields(seal.number, seal.day, seal.made_at, marks, seal.digest))


def seal_yesterday(today: date, now: datetime) -> Seal | None:
    """Make the seal of the days that are over, once a day; None where it is made already or nothing is new.

    A newest seal dated on a later day was made while the clock was ahead; it doesn't stop the next.
    """
    newest = Seal.objects.order_by("-number").values_list("made_at", flat=True).first()
    if newest is not None and timezone.localdate(newest) >= today and newest <= now + MAX_CLOCK_DIFFERENCE:
        return None
    return make_seal(today, now)
