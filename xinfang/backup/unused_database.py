"""A database as setting it up leaves it, into which nobody has entered anything: a backup may replace it.

Commands that need a database, `key show` for example, set one up where there is none; a restore after them loses
nothing.
"""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection
from psycopg import sql

from xinfang.audit.actions.chain_heads import ADMINISTRATION
from xinfang.audit.models import ChainHead, RowState
from xinfang.audit.noted_rows import ROWS
from xinfang.categories.models import Category
from xinfang.core.models import FeatureTables, Installation
from xinfang.search import sqlite

_MIGRATIONS = "django_migrations"
_SET_UP = {
    _MIGRATIONS,
    *(m._meta.db_table for m in (ContentType, Permission, Category, Installation, FeatureTables, RowState, ChainHead)),
}
"""What setting up fills.

Categories that an office brings along are recorded in the audit log, so they show there. Of the states of rows and the
ends of chains `_only_set_up_is_noted` says what setting up leaves.
"""


def is_unused() -> bool:
    """Tell whether it has the program's tables only, and nothing in them but what setting up puts there.

    A damaged database isn't unused.
    """
    try:
        tables = _tables()
        return (
            tables is not None
            and all(t in _SET_UP or _is_empty(t) for t in tables)
            and (not tables or _only_set_up_is_noted())
        )
    except DatabaseError:
        return False


def lock_all_tables() -> None:
    """Keep everybody else out of all tables until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(_names()))


def drop_all_tables() -> None:
    """Remove all tables. The names are the program's own, as `is_unused` has found."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(_names()))


def _tables() -> list[str] | None:
    """Return its tables; None where there is one that isn't the program's."""
    # The full-text tables of SQLite and those that SQLite makes for them hold what follows from the searched texts.
    found = [t for t in connection.introspection.table_names() if not t.startswith(sqlite.TABLES)]
    ours = {_MIGRATIONS, *connection.introspection.django_table_names(include_views=False)}
    return found if set(found) <= ours else None


def _only_set_up_is_noted() -> bool:
    """Tell whether no row was noted but the categories, whose chain follows the empty one of the administration.

    What was entered and removed again has left its states.
    """
    others = ChainHead.objects.exclude(name=ROWS).exclude(name=ADMINISTRATION, seq=0)
    return not others.exists() and not RowState.objects.exclude(table=Category._meta.label).exists()


def _is_empty(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - our own names
        return cursor.fetchone() is None


def _names() -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, connection.introspection.table_names()))
