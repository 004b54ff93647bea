"""Questions that every page puts, composed once for each person who asks.

To compose one with the ORM takes ten times as long as the database needs to answer it, and its text depends on who asks and
on nothing else that changes from page to page. The visibility in it is `visible_to`, as everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

P = ParamSpec("P")
KEPT = 1000
_ANY = "（任一）"
"""Stands in a kept question where a text is put in; no number of a case is written so. Keys are stood for by negative numbers."""


@dataclass(frozen=True, slots=True)
class _Question:
    sql: str
    params: tuple[Any, ...]


def composed_once(make: Callable[P, QuerySet[Any, Any]]) -> Callable[P, list[tuple[Any, ...]]]:
    """Answers the question that `make` composes for its arguments (1 query; none where nothing can be found).

    Values come as the database keeps them: on SQLite a date is a text (see as_date) and a yes is a 1.
    """
    question = _kept(make)

    @wraps(make)
    def answer(*args: P.args, **kwargs: P.kwargs) -> list[tuple[Any, ...]]:
        return _asked(question(connection.vendor, *args, **kwargs))

    return answer


def composed_for_any(
    make: Callable[Concatenate[str, P], QuerySet[Any, Any]],
) -> Callable[Concatenate[str, P], list[tuple[Any, ...]]]:
    """The same where the first argument is a text that differs each time: the question is composed without it."""
    question = _kept(make)

    @wraps(make)
    def answer(text: str, *args: P.args, **kwargs: P.kwargs) -> list[tuple[Any, ...]]:
        return _asked(question(connection.vendor, _ANY, *args, **kwargs), {_ANY: text})

    return answer


def composed_for_these(
    make: Callable[Concatenate[Sequence[int], P], QuerySet[Any, Any]],
) -> Callable[Concatenate[Sequence[int], P], list[tuple[Any, ...]]]:
    """The same where the first argument is primary keys: the question is composed once for each number of them."""
    question = _kept(make)

    @wraps(make)
    def answer(keys: Sequence[int], *args: P.args, **kwargs: P.kwargs) -> list[tuple[Any, ...]]:
        places = tuple(range(-len(keys), 0))
        return _asked(question(connection.vendor, places, *args, **kwargs), dict(zip(places, keys, strict=True)))

    return answer


def _kept(make: Callable[..., QuerySet[Any, Any]]) -> Callable[..., _Question | None]:
    @lru_cache(maxsize=KEPT)
    def question(vendor: str, *args: Any, **kwargs: Any) -> _Question | None:
        try:
            sql, params = make(*args, **kwargs).query.sql_with_params()
        except EmptyResultSet:
            return None
        return _Question(sql, tuple(params))

    return question


def _asked(question: _Question | None, put: Mapping[Any, Any] = MappingProxyType({})) -> list[tuple[Any, ...]]:
    if question is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(question.sql, [put.get(p, p) for p in question.params])
        return list(cursor.fetchall())


def as_date(value: date | str) -> date:
    """A date as an answer holds it."""
    return date.fromisoformat(value) if isinstance(value, str) else value
