"""Reading the chained records as fast as the database gives them, without the ORM: for verifying, and for older data."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection

from xinfang.vault.chain import canonical

_BATCH = 5000
_count = count()
EVENTS = (
    "SELECT e.id, e.petition_id, e.seq, e.code, e.stage, e.data, e.private, e.happened_on, e.recorded_at, e.by_id,"
    " e.entered_by_id, e.by_role, e.acting_for_id, e.state_before, e.state_after, e.key, e.hash FROM records_event e"
)


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is of one moment, and nobody who writes waits for it."""
    if connection.in_atomic_block:
        yield
        return
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        # Django's own transactions take SQLite's write lock at their beginning.
        cursor.execute("BEGIN DEFERRED" if sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def rows(sql: str, params: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a question, batch by batch; on PostgreSQL through a cursor of the server."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with connection.connection.cursor(name=f"xinfang_chain_{next(_count)}") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(sql, params)
            yield from cursor
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch


def json_text(value: Any) -> str:
    """A JSON column as the chain spells it. SQLite keeps the very text that was hashed; PostgreSQL spells it its own way."""
    if connection.vendor == "sqlite":
        return str(value)
    return canonical(json.loads(value) if isinstance(value, str) else value)


def names() -> dict[int | None, str]:
    """User names by primary key; nobody is ''."""
    return {None: "", **dict(rows("SELECT id, username FROM people_staff"))}
