"""The numbers of petitions: one series a channel and year, e.g. LX2026000118."""

from collections import Counter
from collections.abc import Iterable

from xinfang.core.numbering import Series
from xinfang.procedure.words import NUMBER_PREFIX, Channel

from .models import Petition


def _used(stem: str) -> list[str]:
    return list(Petition.objects.filter(number__startswith=stem).values_list("number", flat=True))


BY_CHANNEL = {channel: Series(prefix, prefix + "{year}{n:06d}", _used) for channel, prefix in NUMBER_PREFIX.items()}
SERIES = tuple({s.prefix: s for s in BY_CHANNEL.values()}.values())


def next_petition_number(channel: Channel, year: int) -> str:
    """Return the next number of this channel and year; call it as `Series.next`."""
    return BY_CHANNEL[channel].next(year)


def next_petition_numbers(wanted: Iterable[tuple[Channel, int]]) -> list[str]:
    """Return a number for each channel and year, in this order; call it as `Series.next`.

    One statement for each series.
    """
    every = list(wanted)
    given = {
        (channel, year): iter(BY_CHANNEL[channel].next_many(year, count))
        for (channel, year), count in Counter(every).items()
    }
    return [next(given[place]) for place in every]
