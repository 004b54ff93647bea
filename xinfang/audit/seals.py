"""Reading the seals: what each covers, and the hashes that it summarises. `proof.actions.sealing` makes them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from xinfang.audit.chain_queries import rows_in_batches
from xinfang.core.table_names import table
from xinfang.vault.standalone import TABLES

from .models import RowState, Seal

SEALED_MODELS = (("cases.Event", "id"), ("cases.AccessLogEntry", "seq"), ("audit.AdminRecord", "id"))
"""The tables whose records a seal covers, each in the order in which it was appended.

Models are given by name, as those of `cases` belong to a higher layer.
"""
NO_STATES = "0" * 64
"""What a seal kept elsewhere says where no state of a row came since the seal before."""
LAST_SEALS = 1_000
"""Some weeks of them, at a seal every five minutes of a working day."""
MAX_CLOCK_DIFFERENCE = timedelta(hours=1)
"""How far the clocks of two servers may differ, or one may be put back, without a remark."""


def sealed_tables() -> tuple[tuple[str, str], ...]:
    """Return the tables of `SEALED_MODELS`, and the column that tells the order."""
    return tuple((table(model), key) for model, key in SEALED_MODELS)


def _record_hashes(model: str, key: str, after: int, until: int) -> Iterator[tuple[int, str]]:
    """Yield place and hash of the records of a table between two places."""
    return rows_in_batches(
        f"SELECT {key}, hash FROM {table(model)}"  # noqa: S608 - our own names
        f" WHERE {key} > %s AND {key} <= %s ORDER BY {key}",
        (after, until),
    )


def digest_between(after: tuple[int, ...], until: tuple[int, ...]) -> tuple[int, str]:
    """Return how many records lie between two seals, and the SM3 over their hashes (hex)."""
    total, digest = 0, hashlib.new("sm3")
    for name, (model, key), low, high in zip(TABLES, SEALED_MODELS, after, until, strict=True):
        digest.update(f"{name}\n".encode())
        for _, one in _record_hashes(model, key, low, high):
            # A hash that was overwritten gives another digest, and no error, whatever was written there.
            digest.update(str(one).encode("utf-8", "surrogatepass"))
            total += 1
    return total, digest.hexdigest()


def states_between(after: int, until: int) -> str:
    """Return the SM3 over the hashes of the states of rows between two seals (hex); empty where there are none."""
    digest, some = hashlib.new("sm3"), False
    for _, one in _record_hashes("audit.RowState", "id", after, until):
        digest.update(str(one).encode("utf-8", "surrogatepass"))
        some = True
    return digest.hexdigest() if some else ""


class SealedRecords:
    """Every record that seals cover, read once and in order: what `digest_between` says of each seal (4 queries)."""

    def __init__(self) -> None:
        until = 2**63 - 1
        self._rows = [_record_hashes(model, key, 0, until) for model, key in SEALED_MODELS]
        self._states = _record_hashes("audit.RowState", "id", 0, until)
        self._next = [next(rows, None) for rows in self._rows]
        self._next_state = next(self._states, None)

    def up_to(self, until: tuple[int, ...]) -> tuple[int, str]:
        """Return how many records lie between the places asked for before and these, and the SM3 over them."""
        total, digest = 0, hashlib.new("sm3")
        for place, (name, high) in enumerate(zip(TABLES, until, strict=True)):
            digest.update(f"{name}\n".encode())
            while (row := self._next[place]) is not None and row[0] <= high:
                digest.update(str(row[1]).encode("utf-8", "surrogatepass"))
                total += 1
                self._next[place] = next(self._rows[place], None)
        return total, digest.hexdigest()

    def states_up_to(self, until: int) -> str:
        """Return what `states_between` says of the states up to this one."""
        digest, some = hashlib.new("sm3"), False
        while (row := self._next_state) is not None and row[0] <= until:
            digest.update(str(row[1]).encode("utf-8", "surrogatepass"))
            some = True
            self._next_state = next(self._states, None)
        return digest.hexdigest() if some else ""


@dataclass(frozen=True, slots=True)
class KeptSeal:
    """A seal that was kept elsewhere. `states` is empty where only the hash was written down."""

    hash: str
    states: str = ""


def seal_line(seal: Seal) -> str:
    """Return a seal as it is kept elsewhere: number, day, its hash, and the hash over the states of rows."""
    return f"{seal.number} {seal.day.isoformat()} {seal.hash} {seal.states or NO_STATES}"


def last_state() -> int:
    """Return the place of the last state of a row (1 query)."""
    return RowState.objects.aggregate(last=Max("id"))["last"] or 0


def hash_lines(before: Seal | None, seal: Seal) -> str:
    """Return the hashes of all that a seal covers, one on each line, below the name of their table.

    It is what another machine needs to compute the seal. The names are those of the format (`standalone.TABLES`).
    """
    lines, after, until = [], positions_covered(before), positions_covered(seal)
    for name, (model, key), low, high in zip(TABLES, SEALED_MODELS, after, until, strict=True):
        lines.append(name)
        lines += [one for _, one in _record_hashes(model, key, low, high)]
    return "\n".join(lines) + "\n"


def last_positions() -> tuple[int, ...]:
    """Return the place of the last record of each chain (1 query)."""
    each = ", ".join(
        f"(SELECT COALESCE(MAX({key}), 0) FROM {table})"  # noqa: S608 - our own names
        for table, key in sealed_tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}")
        return tuple(cursor.fetchone())


def positions_covered(seal: Seal | None) -> tuple[int, ...]:
    """Return the places up to which a seal covers the chains; zeros without a seal."""
    return (seal.last_event, seal.last_access, seal.last_admin) if seal else (0, 0, 0)


def misdated_seals(now: datetime | None = None) -> list[str]:
    """Return a sentence for each seal dated in the future: after `now`, or after one of the last seals (2 queries).

    Such a seal was made while the clock was ahead. Of those before the last `LAST_SEALS` only the former are named, as
    a seal comes with every sweep after which something is new, and this is asked with every look at the system.
    """
    latest, found = now or timezone.now(), []
    rows = Seal.objects.order_by("-number").values_list("number", "made_at")
    last = list(rows[:LAST_SEALS])
    older = rows.filter(number__lt=last[-1][0], made_at__gt=latest + MAX_CLOCK_DIFFERENCE) if last else ()
    for number, made_at in (*last, *older):
        if made_at > latest + MAX_CLOCK_DIFFERENCE:
            at = f"{timezone.localtime(made_at):%Y-%m-%d %H:%M}"
            found.append(
                f"第{number}号封印的时间 {at} 晚于现在或其后的封印，当时服务器时钟偏快；封印仍然有效，之后的封印照常进行。"
            )
        else:
            latest = min(latest, made_at)
    return found[::-1]
