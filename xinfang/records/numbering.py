"""Numbers per channel and year: unique under concurrency, gap-free by construction, never reused."""

from dataclasses import dataclass

from django.db.models import F

from xinfang.procedure.words import NUMBER_PREFIX, Channel

from .models import NumberSeries, Petition


def next_number(channel: Channel, year: int) -> str:
    """The next number of this channel and year, e.g. LX2026000118.

    Must be called inside the transaction that uses the number: if that is refused, the number goes back with it.
    """
    prefix = NUMBER_PREFIX[channel]
    if not NumberSeries.objects.filter(prefix=prefix, year=year).update(last=F("last") + 1):
        NumberSeries.objects.get_or_create(prefix=prefix, year=year)
        NumberSeries.objects.filter(prefix=prefix, year=year).update(last=F("last") + 1)
    last = NumberSeries.objects.values_list("last", flat=True).get(prefix=prefix, year=year)
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
