"""PostgreSQL's side of a backup: every table as COPY writes it, all of one moment, and its way back.

Not pg_dump: that must be at least as new as the server and installed beside the program, and its dump can't be read by
an older server. COPY's text is the same in every version, and the tables are made by the program's own migrations.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg import sql

from xinfang.backup.compression import CHUNK_BYTES

_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace GROUP BY c.relname ORDER BY c.relname
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"


@contextmanager
def snapshot_connection() -> Iterator[Any]:
    """Open a connection that sees one moment only, and makes nobody wait."""
    own = connection.copy()
    own.ensure_connection()
    try:
        own.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield own.connection
    finally:
        own.close()


def tables(base: Any) -> dict[str, list[str]]:
    """Return every table with its columns."""
    return {name: list(columns) for name, columns in base.execute(_TABLES).fetchall()}


def sequences(base: Any) -> dict[str, int]:
    """Return the last number each sequence gave."""
    return {name: last for name, last in base.execute(_SEQUENCES).fetchall() if last is not None}


def copy_out(base: Any, table: str, columns: list[str]) -> Iterator[bytes]:
    """Yield a table as COPY writes it."""
    held = bytearray()
    with base.cursor().copy(_copy(table, columns, "TO STDOUT")) as lines:
        for line in lines:
            held += line
            if len(held) >= CHUNK_BYTES:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held)


def is_empty() -> bool:
    """Tell whether there is no table at all."""
    return not connection.introspection.table_names()


def clear_tables() -> None:
    """Take out what migrations put into fresh tables. They refer to each other, which is checked at the end only."""
    with connection.cursor() as cursor:
        # A migration may have asked for its own table to be checked at once, for the rest of the transaction.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in tables(connection.connection):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def copy_in(table: str, columns: list[str], chunks: Iterable[bytes]) -> int:
    """Fill an empty table; returns how many rows."""
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        with cursor.copy(_copy(table, columns, "FROM STDIN")) as into:
            for chunk in chunks:
                into.write(chunk)
        return int(cursor.rowcount)


def set_sequences(last: dict[str, int]) -> None:
    """Set the sequences, so that the next row gets the number after the last one given."""
    with connection.cursor() as cursor:
        have = {name for name, _ in connection.connection.execute(_SEQUENCES).fetchall()}
        for name, value in last.items():
            if name in have:
                cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s)", (name, value))


def _copy(table: str, columns: list[str], rest: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), names, sql.SQL(rest))


def as_json(found: dict[str, Any]) -> bytes:
    """Write it as JSON, the same bytes for the same content."""
    return json.dumps(found, ensure_ascii=False, sort_keys=True).encode()
