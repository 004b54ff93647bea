"""Prepared inserts: rows written with SQL that is built once for each table.

`bulk_create` builds its SQL at every call. In one registration it is called five times while all other writers wait,
and took a third of that time. Decision 0020 says what this buys and how it is fenced: what Django would do otherwise
for a table or a row is refused with `CannotInsert`, tests/core compares every table with `bulk_create`, and
`XINFANG_FAST_PATHS=off` uses that instead.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, router, transaction
from django.db.models import BinaryField, Field, ForeignKey, Model, signals
from django.db.models.fields import NOT_PROVIDED, AutoFieldMixin

from xinfang.procedure.errors import XinfangError


class CannotInsert(XinfangError, TypeError):
    """A table or a row that a prepared insert would write otherwise than Django: use `save` or `bulk_create` for it."""


class _Statement(NamedTuple):
    insert: str
    returning: str
    fields: "tuple[Field[Any, Any], ...]"


def _prepared(model: type[Model]) -> _Statement:
    """Return the SQL of a table.

    Raises:
        CannotInsert: the table has something that the SQL would leave out.
    """
    # Asked every time, as somebody may have begun to listen since.
    if signals.pre_save.has_listeners(model) or signals.post_save.has_listeners(model):
        raise CannotInsert(f"{model._meta.label}: a signal is connected, which an insert doesn't send")
    return _statement(model, connection.vendor)


@cache
def _statement(model: type[Model], vendor: str) -> _Statement:
    if why := _unfit(model):
        raise CannotInsert(f"{model._meta.label}: {why}")
    fields = tuple(f for f in model._meta.concrete_fields if not f.primary_key)
    quote = connection.ops.quote_name
    names = ", ".join(quote(f.column) for f in fields)
    places = ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    return _Statement(insert, f"{insert} RETURNING {quote(model._meta.pk.column)}", fields)


def _unfit(model: type[Model]) -> str:
    """Return why rows of this table can't be inserted here; empty if they can."""
    meta = model._meta
    if meta.parents or meta.proxy or meta.abstract or not meta.managed:
        return "not a table of its own"
    if not isinstance(meta.pk, AutoFieldMixin):
        return "the primary key isn't given by the database"
    if router.db_for_write(model) != DEFAULT_DB_ALIAS:
        return "not in the default database"
    for field in meta.concrete_fields:
        if field.db_default is not NOT_PROVIDED:
            return f"{field.name} has a default of the database"
        if field.generated or (field.db_returning and field is not meta.pk):
            return f"{field.name} is made by the database"
        if not _plain_placeholder(field):
            return f"{field.name} has a placeholder of its own"
    return ""


def _plain_placeholder(field: "Field[Any, Any]") -> bool:
    own = getattr(type(field), "get_placeholder", None)
    if own is None:
        return True
    usual = connection.ops.binary_placeholder_sql(b"")  # type: ignore[arg-type]
    return own is vars(BinaryField)["get_placeholder"] and usual == "%s"


def _values(row: Model, fields: "Sequence[Field[Any, Any]]", later: Collection[str] = ()) -> list[Any]:
    """Return what is stored of a new row, as Django prepares it.

    Raises:
        CannotInsert: the row isn't new or not whole.
    """
    if row.pk is not None or not row._state.adding:
        raise CannotInsert(f"{row._meta.label}: the row is there already")
    # The connection itself: the name of it looks it up anew for each field.
    values, database = [], connections[DEFAULT_DB_ALIAS]
    for field in fields:
        if isinstance(field, ForeignKey) and field.name not in later:
            _settle(row, field)
        value = field.pre_save(row, add=True)
        if hasattr(value, "resolve_expression"):
            raise CannotInsert(f"{row._meta.label}.{field.name}: an expression is made by the database")
        values.append(field.get_db_prep_save(value, database))
    return values


def _settle(row: Model, field: "ForeignKey[Any, Any]") -> None:
    """Take the key of a related row that was saved since it was named.

    Raises:
        CannotInsert: it wasn't saved; NULL would be stored.
    """
    related = field.get_cached_value(row, default=None)
    if related is None:
        return
    if related.pk is None:
        raise CannotInsert(f"{row._meta.label}.{field.name}: what it refers to isn't saved")
    if getattr(row, field.attname) is None:
        setattr(row, field.name, related)


def insert_one(row: Model) -> None:
    """Insert one new row, which then knows its primary key as after `save()`.

    Raises:
        CannotInsert: Django would write this table or row otherwise.
    """
    model = type(row)
    _, returning, fields = _prepared(model)
    if type(row).save is not Model.save:
        raise CannotInsert(f"{model._meta.label}: save() does more than inserting")
    values = _values(row, fields)
    if settings.FAST_PATHS:
        row.pk = _returned(returning, values)
        row._state.adding, row._state.db = False, connection.alias
    else:
        row.save(force_insert=True)


def insert_many(model: type[Model], rows: Sequence[Model], *, unless_there: bool = False) -> None:
    """Insert these rows, all of them or none; they do not learn their primary keys.

    With `unless_there`, one that a unique column forbids is left out.

    Raises:
        CannotInsert: Django would write this table or one of these rows otherwise.
    """
    if not rows:
        return
    sql, _, fields = _prepared(model)
    values = [_values(row, fields) for row in rows]
    if settings.FAST_PATHS:
        _insert_all(sql + " ON CONFLICT DO NOTHING" if unless_there else sql, values)
    else:
        model._base_manager.bulk_create(rows, ignore_conflicts=unless_there)


class PreparedInsert:
    """New rows whose values are prepared once, before the transaction in which they are inserted.

    The fields `later` are put in within it.

    Raises:
        CannotInsert: Django would write this table or one of these rows otherwise.
    """

    def __init__(self, model: type[Model], rows: Sequence[Model], *later: str) -> None:
        self._model, self._rows = model, rows
        self._sql, self._returning, fields = _prepared(model)
        by_name = {f.name: (i, f) for i, f in enumerate(fields)}
        if unknown := set(later) - set(by_name):
            raise CannotInsert(f"{model._meta.label} has no {', '.join(sorted(unknown))}")
        self._later = {name: by_name[name] for name in later}
        self._values = [_values(row, fields, later) for row in rows]
        self._inserted = False

    def insert(self, **later: Any) -> None:
        """Insert the rows with the same values of `later` in each; a reference is given as a primary key."""
        self._fill(later)
        if not settings.FAST_PATHS:
            self._model._base_manager.bulk_create(self._rows)
        elif self._values:
            _insert_all(self._sql, self._values)

    def insert_one(self, **later: Any) -> int:
        """Insert the one row and return its primary key."""
        (values,) = self._values
        self._fill(later)
        if settings.FAST_PATHS:
            return _returned(self._returning, values)
        self._model._base_manager.bulk_create(self._rows)
        return int(self._rows[0].pk)

    def _fill(self, later: dict[str, Any]) -> None:
        if self._inserted:
            raise CannotInsert(f"{self._model._meta.label}: the rows were inserted already")
        self._inserted = True
        if set(later) != set(self._later):
            raise CannotInsert(f"{self._model._meta.label} waits for {', '.join(self._later)}, not {', '.join(later)}")
        for name, value in later.items():
            place, field = self._later[name]
            stored = field.get_db_prep_save(value, connection)
            for row, values in zip(self._rows, self._values, strict=True):
                values[place] = stored
                if not settings.FAST_PATHS:
                    setattr(row, field.attname, value)


def _insert_all(sql: str, values: list[list[Any]]) -> None:
    if len(values) == 1:
        with connection.cursor() as cursor:
            cursor.execute(sql, values[0])
        return
    # Outside a transaction SQLite would commit row by row.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.executemany(sql, values)


def _returned(sql: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
