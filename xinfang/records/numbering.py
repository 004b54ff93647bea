"""Numbers per channel and year: unique under concurrency, gap-free by construction, never reused."""

from dataclasses import dataclass

from django.db import connection

from xinfang.procedure.words import NUMBER_PREFIX, Channel

from .models import NumberSeries, Petition


def next_number(channel: Channel, year: int) -> str:
    """The next number of this channel and year, e.g. LX2026000118.

    Must be called inside the transaction that uses the number: if that is refused, the number goes back with it.
    """
    prefix = NUMBER_PREFIX[channel]
    # One statement, as everybody who registers waits for it.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_numberseries (prefix, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = records_numberseries.last + 1 RETURNING last",
            [prefix, year],
        )
        last = cursor.fetchone()[0]
    return f"{prefix}{year}{last:06d}"


@dataclass(frozen=True)
class SeriesCheck:
    """What a series gave and what exists; `missing` would have to be explained."""

    prefix: str
    year: int
    last: int
    missing: tuple[str, ...]


def check_series() -> list[SeriesCheck]:
    """Every series compared with the petitions that exist: for the auditor who asks about a gap."""
    found = []
    for series in NumberSeries.objects.order_by("year", "prefix"):
        stem = f"{series.prefix}{series.year}"
        have = set(Petition.objects.filter(number__startswith=stem).values_list("number", flat=True))
        missing = tuple(n for i in range(1, series.last + 1) if (n := f"{stem}{i:06d}") not in have)
        found.append(SeriesCheck(series.prefix, series.year, series.last, missing))
    return found
