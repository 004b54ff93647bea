"""The seal of every sweep: one hash over every record since the seal before.

With it, nobody can cut off or rewrite what is older. It is worth most when it is kept where the database's owner can't
reach it: printed, or sent to another machine.
"""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from xinfang.audit.canonical import seal_fields, seal_mac
from xinfang.audit.models import RowState, Seal
from xinfang.audit.seals import (
    digest_between,
    last_positions,
    last_state,
    positions_covered,
    sealed_tables,
    states_between,
)
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, record_hash

_OF_EVERY_SWEEP = "trusted_time.TrustedTime"


@transaction.atomic
def make_seal(day: date, now: datetime | None = None) -> Seal | None:
    """Seal everything appended since the last seal; None if there is nothing new. `day` is the day it closes."""
    if connection.vendor == "postgresql":
        # Writers at work finish first: no record may come in below a place that is sealed.
        with connection.cursor() as cursor:
            tables = [*(t for t, _ in sealed_tables()), RowState._meta.db_table]
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE MODE")
    before = Seal.objects.order_by("-number").first()
    places, state = last_positions(), last_state()
    since = before.last_state if before else 0
    if places == positions_covered(before) and not _states_worth_a_seal(since):
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
        last_state=state,
        states=states_between(since, state),
    )
    seal.hash = seal_hash(seal, before.hash if before else FIRST_PREVIOUS_HASH)
    seal.mac = seal_mac(seal.number, seal.hash, seal.last_state, seal.states)
    seal.save(force_insert=True)
    return seal


def seal_hash(seal: Seal, previous: str) -> str:
    """Return the hash that a seal must have after the one with the hash `previous`."""
    marks = (*positions_covered(seal), seal.records)
    return record_hash(previous, seal_fields(seal.number, seal.day, seal.made_at, marks, seal.digest))


def _states_worth_a_seal(since: int) -> bool:
    """Tell whether a row was noted that isn't changed by every sweep itself: a seal of that alone can wait."""
    return RowState.objects.filter(id__gt=since).exclude(table=_OF_EVERY_SWEEP).exists()
