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

    def next_many(self, year: int, count: int) -> list[str]:
        """Return the next numbers of this year, in one statement; call it as `next`."""
        if self.typed is not None:
            return [self.next(year) for _ in range(count)]
        last = _next(self.prefix, year, count)
        return [self.pattern.format(year=year, n=n) for n in range(last - count + 1, last + 1)]

    def stem(self, year: int) -> str:
        """Return what all numbers of a year begin with."""
        return self.pattern.partition("{n")[0].format(year=year)


def _next(prefix: str, year: int, count: int = 1) -> int:
    # One statement, as everybody who registers waits for it.
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (prefix, year, last) VALUES (%s, %s, %s)"  # noqa: S608 - our own name
            f" ON CONFLICT (prefix, year) DO UPDATE SET last = {_TABLE}.last + excluded.last RETURNING last",
            [prefix, year, count],
        )
        return int(cursor.fetchone()[0])


def _of(prefix: str) -> Iterator[Series]:
    for feature in modules("series"):
        yield from (s for s in feature.SERIES if s.prefix == prefix)


@dataclass(frozen=True)
class SeriesCheck:
    """What a series gave and what exists; `missing` and `beyond` would have to be explained."""

    prefix: str
    year: int
    last: int
    missing: tuple[str, ...]
    """Numbers that were given and that nothing has."""
    beyond: tuple[str, ...] = ()
    """Numbers that something has, though the series didn't give them and nobody typed them in."""


def check_series(years: Iterable[int] = ()) -> list[SeriesCheck]:
    """Compare every series with the rows that have its numbers: for the auditor who asks about a gap.

    Of the years in which a number was given; of `years` as well where something has a number of a series of them.
    """
    given = {(s.prefix, s.year): s.last for s in NumberSeries.objects.all()}
    prefixes = sorted({s.prefix for feature in modules("series") for s in feature.SERIES})
    asked = {*given, *((prefix, year) for prefix in prefixes for year in years)}
    found = []
    for prefix, year in sorted(asked, key=lambda place: (place[1], place[0])):
        last = given.get((prefix, year), 0)
        declared = list(_of(prefix))
        have = {number for s in declared for number in s.used(s.stem(year))}
        if not declared or (not have and (prefix, year) not in given):
            if (prefix, year) in given:
                found.append(SeriesCheck(prefix, year, last, ()))
            continue
        pattern = declared[0].pattern
        wanted = [pattern.format(year=year, n=i) for i in range(1, last + 1)]
        missing = tuple(n for n in wanted if n not in have)
        beyond = tuple(sorted(n for n in have - set(wanted) if not _was_typed(declared, n)))
        found.append(SeriesCheck(prefix, year, last, missing, beyond))
    return found


def _was_typed(declared: Iterable[Series], number: str) -> bool:
    return any(s.typed is not None and s.typed(number) for s in declared)
