"""Reading the chained records as fast as the database gives them, without the ORM.

It is used to verify them, and to chain older data.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection

from xinfang.core.table_names import table
from xinfang.vault.hash_chain import canonical

_ROWS_PER_BATCH = 2000
_count = count()


def events_sql() -> str:
    """Return the SQL that reads events, with moments and days as texts.

    Converting them to Python's types would take a third of the time.
    """
    return (
        "SELECT e.id, e.petition_id, e.seq, e.code, e.stage, e.data, e.text_digest,"  # noqa: S608 - our own names
        f" {day_sql('e.happened_on')},"
        f" {moment_sql('e.recorded_at')}, e.by_id, e.entered_by_id, e.by_role, e.acting_for_id, e.state_before,"
        f" e.state_after, e.key, e.hash FROM {table('cases.Event')} e"
    )


def day_sql(column: str) -> str:
    """Return SQL for a date column as text, 2026-11-22."""
    return f"{column} || ''" if connection.vendor == "sqlite" else f"to_char({column}, 'YYYY-MM-DD')"


def moment_sql(column: str) -> str:
    """Return SQL for a time column as text in UTC; on SQLite as it is kept, see `hash_chain.moment_text`."""
    if connection.vendor == "sqlite":
        return f"{column} || ''"
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


def rows_in_batches(sql: str, params: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query, read in batches; on PostgreSQL through a cursor of the server."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with connection.connection.cursor(name=f"xinfang_chain_{next(_count)}") as cursor:
            cursor.itersize = _ROWS_PER_BATCH
            cursor.execute(sql, params)
            yield from cursor
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(_ROWS_PER_BATCH):
            yield from batch


@contextmanager
def undecodable_texts_readable() -> Iterator[None]:
    """Let texts that aren't UTF-8 be read too.

    A text that was forced into the file must not be able to stop a verification.
    """
    if connection.vendor != "sqlite":
        yield
        return
    reads, connection.connection.text_factory = connection.connection.text_factory, _any_text
    try:
        yield
    finally:
        connection.connection.text_factory = reads


def _any_text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def canonical_json_reader() -> Callable[[Any], str]:
    """Return the function that turns a JSON column's value into what the chain spells.

    SQLite keeps the very text that was hashed; PostgreSQL has its own spelling.
    """
    return str if connection.vendor == "sqlite" else _from_postgresql


def _from_postgresql(value: Any) -> str:
    return canonical(json.loads(value) if isinstance(value, str) else value)


def usernames() -> dict[int | None, str]:
    """Return user names by primary key; None gives '' (1 query)."""
    asked = f"SELECT id, username FROM {table('accounts.Staff')}"  # noqa: S608 - our own name
    return {None: "", **dict(rows_in_batches(asked))}
