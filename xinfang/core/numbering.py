"""Numbers per series and year: unique under concurrency, gap-free by construction, never reused."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from .features import modules
from .models import NumberSeries

_TABLE = NumberSeries._meta.db_table


@dataclass(frozen=True, slots=True)
class Series:
    """One series of numbers. The feature whose rows have them names it in `series.SERIES`.

    Several features may use numbers of one series: each names it, with its own rows.
    """

    prefix: str
    pattern: str
    """What a number looks like, of {year} and {n}: LX{year}{n:06d}."""
    used: Callable[[str], Iterable[str]]
    """The numbers there are that begin with this text."""
    typed: Callable[[str], bool] | None = None
    """Whether this number was typed in by hand already, as from the register of before: such a one is left out."""

    def next(self, year: int) -> str:
        """Return the next number of this year.

        Must be called inside the transaction that uses the number: if that is refused, the number goes back with it.
        """
        while True:
            number = self.pattern.format(year=year, n=_next(self.prefix, year))
            if self.typed is None or not self.typed(number):
                return number

    def stem(self, year: int) -> str:
        """Return what all numbers of a year begin with."""
        return self.pattern.partition("{n")[0].format(year=year)


def _next(prefix: str, year: int) -> int:
    # One statement, as everybody who registers waits for it.
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (prefix, year, last) VALUES (%s, %s, 1)"  # noqa: S608 - our own name
            f" ON CONFLICT (prefix, year) DO UPDATE SET last = {_TABLE}.last + 1 RETURNING last",
            [prefix, year],
        )
        return int(cursor.fetchone()[0])


def _of(prefix: str) -> Iterator[Series]:
    for feature in modules("series"):
        yield from (s for s in feature.SERIES if s.prefix == prefix)


@dataclass(frozen=True)
class SeriesCheck:
    """What a series gave and what exists; `missing` would have to be explained."""

    prefix: str
    year: int
    last: int
    missing: tuple[str, ...]


def check_series() -> list[SeriesCheck]:
    """Compare every series with the rows that have its numbers: for the auditor who asks about a gap."""
    found = []
    for given in NumberSeries.objects.order_by("year", "prefix"):
        declared = list(_of(given.prefix))
        have = {number for s in declared for number in s.used(s.stem(given.year))}
        wanted = (
            [declared[0].pattern.format(year=given.year, n=i) for i in range(1, given.last + 1)] if declared else []
        )
        missing = tuple(n for n in wanted if n not in have)
        found.append(SeriesCheck(given.prefix, given.year, given.last, missing))
    return found
