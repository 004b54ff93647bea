"""Which version of the master key has wrapped the record keys that the database holds."""

from collections import Counter

from xinfang.vault.keys import version_of
from xinfang.vault.sm_ciphers import DecryptionFailed
from xinfang.vault.wrapped_keys import COLUMN, models_with_wrapped_keys, rows_with_keys


def record_keys_by_master() -> dict[int, int]:
    """Return how many record keys each version of the master has wrapped."""
    count: Counter[int] = Counter()
    for model in models_with_wrapped_keys():
        for wrapped in rows_with_keys(model).values_list(COLUMN, flat=True).iterator(chunk_size=10_000):
            try:
                count[version_of(bytes(wrapped))] += 1
            except DecryptionFailed:
                count[0] += 1
    return dict(sorted(count.items()))
