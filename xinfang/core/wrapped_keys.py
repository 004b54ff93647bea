"""Which version of the master key has wrapped the record keys that the database holds."""

from collections import Counter

from xinfang.vault.held import COLUMN, filled, holders
from xinfang.vault.keys import version_of
from xinfang.vault.sm import Broken


def wrapped_by() -> dict[int, int]:
    """How many record keys each version of the master has wrapped."""
    count: Counter[int] = Counter()
    for model in holders():
        for wrapped in filled(model).values_list(COLUMN, flat=True).iterator(chunk_size=10_000):
            try:
                count[version_of(bytes(wrapped))] += 1
            except Broken:
                count[0] += 1
    return dict(sorted(count.items()))
