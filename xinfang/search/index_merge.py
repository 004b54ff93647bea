"""Making the index forget for good: what was taken out of it is still in its pages until they are merged."""

from django.db import connection, transaction

from .sqlite import TABLES

_PAGES = 500
"""This many pages a transaction, so that writers wait a moment only."""


def merge_index() -> None:
    """Merge away whatever was removed from the index. On 200,000 petitions some tens of seconds, in short transactions.

    On PostgreSQL its own vacuum does that.
    """
    if connection.vendor != "sqlite":
        return
    for table in TABLES:
        _merge(table)


def _merge(table: str) -> None:
    pages = -_PAGES  # begins with everything there is, then goes on
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            before = connection.connection.total_changes
            # The name of the table is the program's own.
            cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [pages])  # noqa: S608
            if connection.connection.total_changes - before < 2:
                return
        pages = _PAGES
