"""Long lists cut into pages that are as fast at the end as at the beginning."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from xinfang.procedure.errors import XinfangError

MAX_COUNTED_ROWS = 10_000
"""How far a list is counted: nobody reads further, and counting on costs time."""


@dataclass(frozen=True)
class KeysetPage:
    """One page: its rows in reading order, the places before and after it, whether there is more on either side."""

    rows: list[Any] = field(default_factory=list)
    first: str = ""
    last: str = ""
    more_before: bool = False
    more_after: bool = False


class InvalidCursor(XinfangError, ValueError):
    """A place in a list that can't be one, e.g. an address typed by hand."""


def paginate(
    rows: QuerySet[Any, Any],
    keys: tuple[str, ...],
    *,
    limit: int,
    descending: bool = False,
    cursor: str = "",
    direction: str = "after",
) -> KeysetPage:
    """Return the rows next to a place instead of those at an offset (at most 2 queries).

    `keys` are one or two fields that order the rows without doubt, the last of them unique. `direction` is after or
    before the place, or end for the last page.

    Raises:
        InvalidCursor: `cursor` isn't a place in such a list.
    """
    backwards = direction in ("before", "end")
    down = descending != backwards
    order = [f"-{k}" if down else k for k in keys]
    if cursor and direction != "end":
        # The rest of the same day, then the other days: each part reads one stretch of one index.
        op = "lt" if down else "gt"
        place = _place(cursor, keys)
        found: list[Any] = []
        if len(keys) > 1:
            same = rows.filter(**{keys[0]: place[0], f"{keys[1]}__{op}": place[1]}).order_by(*order)
            found = list(same[: limit + 1])
        if len(found) <= limit:
            others = rows.filter(**{f"{keys[0]}__{op}": place[0]}).order_by(*order)
            found += others[: limit + 1 - len(found)]
    else:
        found = list(rows.order_by(*order)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    if backwards:
        found.reverse()
    first, last = _ends(found, keys)
    if backwards:
        return KeysetPage(found, first, last, more, direction == "before" and bool(cursor))
    return KeysetPage(found, first, last, bool(cursor), more)


def first_page(found: list[Any], keys: tuple[str, ...], limit: int) -> KeysetPage:
    """Return the first page, from rows that were asked for already, one more than the page holds."""
    return KeysetPage(found[:limit], *_ends(found[:limit], keys), more_after=len(found) > limit)


def _ends(rows: list[Any], keys: tuple[str, ...]) -> tuple[str, str]:
    return (_spell(rows[0], keys), _spell(rows[-1], keys)) if rows else ("", "")


def _spell(row: Any, keys: tuple[str, ...]) -> str:
    values = row if isinstance(row, tuple) else [getattr(row, k) for k in keys]
    return "_".join(v.isoformat() if isinstance(v, date) else str(v) for v in values)


def _place(at: str, keys: tuple[str, ...]) -> list[Any]:
    parts = at.split("_")
    if len(parts) != len(keys):
        raise InvalidCursor(at)
    try:
        return [_value(p, k) for p, k in zip(parts, keys, strict=True)]
    except ValueError:
        raise InvalidCursor(at) from None


def _value(text: str, key: str) -> Any:
    if key in ("due", "next_due", "received_on", "since"):
        return date.fromisoformat(text)
    if key in ("id", "pk", "petition_id", "unit_order", "state_order", "relevance"):
        number = int(text)
        if not 0 <= number < 2**63:
            raise ValueError(text)
        return number
    if not text.isalnum() or not text.isascii():
        raise ValueError(text)
    return text


def count_up_to(rows: QuerySet[Any, Any]) -> tuple[int, bool]:
    """Return how many there are, and whether there are more than were counted (1 query)."""
    found = rows.order_by().values("pk")[: MAX_COUNTED_ROWS + 1].count()
    return min(found, MAX_COUNTED_ROWS), found > MAX_COUNTED_ROWS
