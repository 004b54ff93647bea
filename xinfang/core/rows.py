"""Writing several small rows at once.

`bulk_create` builds its SQL anew at every call. Under one registration it is called five times while all other writers wait, and took a
third of that time; here the SQL of a table is built once. For rows whose primary key nobody needs afterwards.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


@cache
def _statement(model: type[Model], vendor: str) -> tuple[str, tuple[Field, ...]]:
    # A key that the database gives is left out; one that is another row's is written.
    fields = tuple(f for f in model._meta.concrete_fields if not f.primary_key or f.is_relation)
    quote = connection.ops.quote_name
    names = ", ".join(quote(f.column) for f in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})", fields  # noqa: S608


def insert_one(row: Model) -> None:
    """Insert one new row, which then knows its primary key as after `save()`."""
    sql, fields = _statement(type(row), connection.vendor)
    values = [f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING id", values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def insert(model: type[Model], rows: Sequence[Model], *, unless_there: bool = False) -> None:
    """Insert these rows; they do not learn their primary keys. With `unless_there`, one that a unique column forbids is left out."""
    if not rows:
        return
    sql, fields = _statement(model, connection.vendor)
    if unless_there:
        sql += " ON CONFLICT DO NOTHING"
    values = [[f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields] for row in rows]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(sql, values[0])
        else:
            cursor.executemany(sql, values)


class Waiting:
    """New rows whose values are made before the transaction in which they are inserted; the fields `later` are put in within it."""

    def __init__(self, model: type[Model], rows: Sequence[Model], *later: str) -> None:
        self._sql, fields = _statement(model, connection.vendor)
        self._places = {name: next(i for i, f in enumerate(fields) if f.name == name) for name in later}
        self._values = [[f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields] for row in rows]

    def insert(self, **later: Any) -> None:
        """Insert the rows with the same values of `later` in each."""
        self._fill(later)
        if self._values:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql, self._values)

    def insert_one(self, **later: Any) -> int:
        """Insert the one row and return its primary key."""
        self._fill(later)
        with connection.cursor() as cursor:
            cursor.execute(f"{self._sql} RETURNING id", self._values[0])
            return int(cursor.fetchone()[0])

    def _fill(self, later: dict[str, Any]) -> None:
        for name, value in later.items():
            for row in self._values:
                row[self._places[name]] = value
