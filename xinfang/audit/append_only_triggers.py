"""Triggers by which the database refuses to change or remove what was recorded, over any connection.

The database's owner can take them away; the chain and the seals then show what was done.
"""

from django.apps import apps
from django.db import connection

_SAYS = "records are never changed or removed"
_FUNCTION = "xinfang_append_only"


def append_only_models() -> list[str]:
    """Return the tables whose model says `append_only = True`, in the order of the features."""
    return [m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)]


def _name(table: str, what: str) -> str:
    return f"{table}_no_{what}"


def install_statements() -> list[str]:
    """Return the SQL that installs the triggers on this database.

    It may run where some are installed already, and where tables are still to be made.
    """
    sql, there = remove_statements(), set(connection.introspection.table_names())
    tables = [t for t in append_only_models() if t in there]
    if connection.vendor == "sqlite":
        for table in tables:
            for what in ("update", "delete"):
                sql.append(
                    f"CREATE TRIGGER {_name(table, what)} BEFORE {what.upper()} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
                )
        return sql
    sql.append(
        f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$"
    )
    for table in tables:
        sql.append(
            f"CREATE TRIGGER {_name(table, 'update')} BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()"
        )
        sql.append(
            f"CREATE TRIGGER {_name(table, 'delete')} BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
        )
    return sql


def remove_statements() -> list[str]:
    """Return the SQL that removes the triggers: only for the tests' clean-up and the benchmark's copied rows."""
    on = "" if connection.vendor == "sqlite" else " ON {table}"
    return [
        f"DROP TRIGGER IF EXISTS {_name(table, what)}{on.format(table=table)}"
        for table in append_only_models()
        for what in ("update", "delete")
    ]


def _run(sql: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in sql:
            cursor.execute(statement)


def install() -> None:
    """Install the triggers where any is missing.

    A migration that rebuilds a table loses them, so every set-up calls this.
    """
    if tables_without_triggers():
        _run(install_statements())


def remove() -> None:
    """Remove the triggers."""
    _run(remove_statements())


def tables_without_triggers() -> list[str]:
    """Return the append-only tables that lack a trigger, or whose trigger is switched off (1 query)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        have = {name for (name,) in cursor.fetchall()}
    return [t for t in append_only_models() if any(_name(t, what) not in have for what in ("update", "delete"))]
