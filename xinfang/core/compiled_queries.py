"""Compiled queries: what every page asks, compiled to SQL once for each set of arguments.

To build such a query with the ORM takes ten times as long as the database needs to answer it, and its SQL depends on
who asks and on little else. Decision 0020 says what that buys and how it is fenced. `XINFANG_FAST_PATHS=off` asks every
query as Django does, by `CompiledQuery.plain`; tests/core compares the two for every compiled query there is.

What a maker may do:

- It returns `values_list(…)` of the default database, locks nothing and asks the database nothing while it builds.
- Its arguments are part of the cache's key (by value and type), so it may look at them. Of a bind parameter it gets a
  placeholder which it may only hand to a lookup: looking at it fails with `CannotCompile`.
- Each bind parameter must reach the SQL unchanged and once. That is counted when the query is compiled.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, update_wrapper
from typing import Any, Concatenate, Generic, NoReturn, ParamSpec

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet, Value
from django.db.models.query import ValuesListIterable

from xinfang.procedure.errors import XinfangError

P = ParamSpec("P")
Row = tuple[Any, ...]
CACHE_ENTRIES = 1000
"""Of each compiled query; the least recently used go first."""
COMPILED_QUERIES: dict[str, "CompiledQuery[Any]"] = {}
"""All compiled queries of the modules imported so far, by module and name."""


class CannotCompile(XinfangError, TypeError):
    """A query that would give wrong answers if its SQL were kept.

    Its maker has to be changed, or must not be compiled.
    """


class _Slot:
    """Holds the place of a value in the parameters of compiled SQL. Equal to itself only; nobody outside has one."""

    __slots__ = ()


def _django_asks() -> bool:
    """Tell whether it is Django that looks.

    It asks of every expression whether it is there, and compares some with each other.
    """
    return str(sys._getframe(2).f_globals.get("__name__")).startswith("django.")


class _Parameter(Value):
    """What a maker gets instead of a bind parameter.

    It is an expression without a type, so that lookups pass its slot on unchanged.
    """

    def _looked_at(self, *_: Any) -> NoReturn:
        raise CannotCompile(
            "a compiled query can't depend on the value of a bind parameter: hand it to a lookup as it is"
        )

    __str__ = __format__ = _combine = _looked_at

    def __bool__(self) -> bool:
        return True if _django_asks() else self._looked_at()

    def __eq__(self, other: object) -> bool:
        return (super().__eq__(other) is True) if _django_asks() else self._looked_at()

    __hash__ = Value.__hash__


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    params: tuple[Any, ...]
    slots: tuple[_Slot, ...]
    converted: tuple[tuple[int, Any], ...]
    """The columns that the database keeps otherwise than Python (in SQLite a date is text), with their expressions."""


class CompiledQuery(Generic[P]):
    """A query whose SQL is kept. Called, it answers what `plain` answers: the rows as tuples."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]) -> None:
        update_wrapper(self, make)
        self.name = f"{make.__module__}.{make.__qualname__}"
        self._make = make
        self._kept = lru_cache(maxsize=CACHE_ENTRIES, typed=True)(self._compile)
        COMPILED_QUERIES[self.name] = self

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        """Return the rows as tuples (1 query; none where Django can tell that nothing can be found).

        Raises:
            CannotCompile: the maker breaks a rule of this module.
        """
        values, rest = self._split(*args)
        if not settings.FAST_PATHS:
            return self.plain(*args, **kwargs)
        named: dict[str, Any] = kwargs
        found = self._kept(connection.vendor, len(values), *rest, **named)
        if found is None:
            return []
        put = dict(zip(found.slots, values, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(found.sql, [put[p] if type(p) is _Slot else p for p in found.params])
            rows = cursor.fetchall()
        return _as_python(rows, found.converted) if found.converted else list(rows)

    def plain(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        """Return the same rows without keeping or replacing anything, as Django asks it."""
        return list(self._make(*args, **kwargs))

    def clear(self) -> None:
        """Keep no SQL: the next call compiles it."""
        self._kept.cache_clear()

    def _split(self, *args: Any) -> tuple[Sequence[Any], Sequence[Any]]:
        """Return the bind parameters of these arguments, and the others."""
        return (), args

    def _parameters(self, slots: Sequence[_Slot]) -> tuple[Any, ...]:
        """Return what the maker gets for the bind parameters."""
        return ()

    def _compile(self, vendor: str, count: int, *args: Any, **kwargs: Any) -> _Compiled | None:
        slots = tuple(_Slot() for _ in range(count))
        with connection.execute_wrapper(_no_query):
            query = self._make(*self._parameters(slots), *args, **kwargs)
            _check(query)
            compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
            try:
                sql, params = compiler.as_sql()
            except EmptyResultSet:
                return None
        if Counter(p for p in params if type(p) is _Slot) != Counter(slots):
            raise CannotCompile(
                f"{self.name}: {len(slots)} bind parameters should be in the SQL unchanged and once, "
                f"found {sum(type(p) is _Slot for p in params)}: {sql}"
            )
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        if compiler.has_composite_fields(columns):
            raise CannotCompile(f"{self.name}: a composite primary key is several columns")
        return _Compiled(sql, tuple(params), slots, tuple((i, columns[i]) for i in compiler.get_converters(columns)))


class _ForAnyText(CompiledQuery[P]):
    def _split(self, *args: Any) -> tuple[Sequence[Any], Sequence[Any]]:
        if not isinstance(args[0], str):
            # NULL (None) would be another query than the kept one.
            raise TypeError(f"{self.name} is asked with a text first, not {type(args[0]).__name__}")
        return args[:1], args[1:]

    def _parameters(self, slots: Sequence[_Slot]) -> tuple[Any, ...]:
        return (_Parameter(slots[0]),)


class _ForTheseKeys(CompiledQuery[P]):
    def _split(self, *args: Any) -> tuple[Sequence[Any], Sequence[Any]]:
        # A key that is given twice is once in Django's list too.
        keys = tuple(dict.fromkeys(args[0]))
        if wrong := [k for k in keys if type(k) is not int]:
            raise TypeError(f"{self.name} is asked with primary keys first, not {type(wrong[0]).__name__}")
        return keys, args[1:]

    def _parameters(self, slots: Sequence[_Slot]) -> tuple[Any, ...]:
        return (tuple(map(_Parameter, slots)),)


def compiled_query(make: Callable[P, QuerySet[Any, Any]]) -> CompiledQuery[P]:
    """Compile the query of `make` once for each set of arguments."""
    return CompiledQuery(make)


def compiled_query_for_text(
    make: Callable[Concatenate[str, P], QuerySet[Any, Any]],
) -> CompiledQuery[Concatenate[str, P]]:
    """Compile a query whose first argument is a text that differs each time: it is a bind parameter."""
    return _ForAnyText(make)


def compiled_query_for_keys(
    make: Callable[Concatenate[Sequence[int], P], QuerySet[Any, Any]],
) -> CompiledQuery[Concatenate[Sequence[int], P]]:
    """Compile a query whose first argument is primary keys, each a bind parameter.

    It is compiled once for each number of them.
    """
    return _ForTheseKeys(make)


def _check(query: QuerySet[Any, Any]) -> None:
    """Check that the kept SQL answers what the queryset does.

    Raises:
        CannotCompile: it would not.
    """
    if getattr(query, "_iterable_class", None) is not ValuesListIterable:
        raise CannotCompile("a compiled query is a values_list(…) of several values, neither flat nor named")
    if query.db != DEFAULT_DB_ALIAS:
        raise CannotCompile(f"a compiled query asks the default database, not {query.db}")
    if query.query.select_for_update:
        raise CannotCompile("a compiled query locks nothing")


def _no_query(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> NoReturn:
    raise CannotCompile(f"what the database said while a query was compiled would be kept: {sql}")


def _as_python(rows: Iterable[Row], converted: Sequence[tuple[int, Any]]) -> list[Row]:
    # As SQLCompiler.apply_converters. They are looked up for this connection: kept ones would hold open that of another
    # thread.
    how = [(i, c, [*connection.ops.get_db_converters(c), *c.get_db_converters(connection)]) for i, c in converted]
    found = []
    for row in map(list, rows):
        for i, column, converters in how:
            for convert in converters:
                row[i] = convert(row[i], column, connection)
        found.append(tuple(row))
    return found
