"""Questions that every page puts, composed once for each person.

To compose one with the ORM takes ten times as long as the database needs to answer it, and its text depends on who asks and
on nothing else that changes from page to page. The visibility in it is `visible_to`, as everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
from typing import Any, ParamSpec

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

P = ParamSpec("P")
KEPT = 1000


@dataclass(frozen=True, slots=True)
class _Question:
    sql: str
    params: tuple[Any, ...]


def composed_once(make: Callable[P, QuerySet[Any, Any]]) -> Callable[P, list[tuple[Any, ...]]]:
    """Answers the question that `make` composes for its arguments (1 query; none where nothing can be found).

    Values come as the database keeps them: on SQLite a date is a text (see as_date) and a yes is a 1.
    """

    @lru_cache(maxsize=KEPT)
    def question(vendor: str, *args: P.args, **kwargs: P.kwargs) -> _Question | None:
        try:
            sql, params = make(*args, **kwargs).query.sql_with_params()
        except EmptyResultSet:
            return None
        return _Question(sql, tuple(params))

    @wraps(make)
    def answer(*args: P.args, **kwargs: P.kwargs) -> list[tuple[Any, ...]]:
        asked = question(connection.vendor, *args, **kwargs)
        if asked is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(asked.sql, asked.params)
            return list(cursor.fetchall())

    return answer


def as_date(value: date | str) -> date:
    """A date as an answer holds it."""
    return date.fromisoformat(value) if isinstance(value, str) else value
