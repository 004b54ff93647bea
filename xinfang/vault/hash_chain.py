"""The chain: each record holds the SM3 hash of itself and of its predecessor.

So none can be changed, removed or moved without its being noticed. What is hashed is one line of JSON: the format, the
predecessor's hash, then the record's own fields as texts, in a fixed order. Anybody with an SM3 program can compute it
again; `standalone.py`, which goes with every exported bundle, does so without the system.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from xinfang.vault.sm_ciphers import sm3

CHAIN_FORMAT = "xinfang-chain-1"
FIRST_PREVIOUS_HASH = "0" * 64
"""What the first record of a chain holds for its predecessor's hash."""


class Canonical(json.JSONEncoder):
    """JSON with one spelling only: keys in order, no spaces, Chinese as it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "sort_keys": True, "separators": (",", ":"), "ensure_ascii": False})


_plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_chunks: Any = _plain.iterencode
if make := json.encoder.c_make_encoder:  # type: ignore[attr-defined]
    # What iterencode makes again for each call; a verification spells every record there is, and this halves the time.
    _chunks = make(None, _plain.default, json.encoder.encode_basestring, None, ":", ",", False, False, True)


def canonical(value: Any) -> str:
    """Return a JSON value in its one spelling."""
    return json.dumps(value, cls=Canonical)


def record_hash(previous: str, fields: Sequence[str | int]) -> str:
    """Return the hash (hex) of a record with these fields that follows the record with the hash `previous` (hex)."""
    return sm3(hashed_line(previous, fields).encode("utf-8", "surrogatepass")).hex()


def hash_is_right(previous: str, fields: Sequence[Any], kept: Any) -> bool:
    """Tell whether a record with these fields and this hash follows; it doesn't where a field isn't text at all."""
    try:
        return bool(record_hash(previous, fields) == kept)
    except (TypeError, ValueError):
        return False


def hashed_line(previous: str, fields: Sequence[str | int]) -> str:
    """Return what is hashed: the JSON list of the format, the predecessor's hash and the fields."""
    return "".join(_chunks([CHAIN_FORMAT, previous, *fields], 0))


def day_text(day: date | str) -> str:
    """Return a day as the chain spells it, 2026-11-22."""
    return day if isinstance(day, str) else day.isoformat()


def moment_text(at: datetime | str) -> str:
    """Return a moment as the chain spells it: UTC with six places, whatever the database returned."""
    if isinstance(at, str):
        # SQLite keeps UTC as text and leaves out places that are zero. Any other text wasn't written by this program,
        # and won't fit.
        return f"{at}.000000" if len(at) == 19 else at
    # Read past the ORM, SQLite's times come without their zone, which is UTC.
    utc = at if at.tzinfo is None else at.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(" ", "microseconds")
