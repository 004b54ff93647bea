"""Triggers by which the database refuses to change or remove what was recorded, over any connection.

The database's owner can take them away; the chain and the seals then show what was done.
"""

from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

_SAYS = "records are never changed or removed"
_FUNCTION = "xinfang_append_only"
_FUNCTION_TEXT = f"BEGIN RAISE EXCEPTION '{_SAYS}'; END"
_WHAT = ("update", "delete")


def append_only_models() -> list[str]:
    """Return the tables whose model says `append_only = True`, in the order of the features."""
    return [m._meta.db_table for m in _models()]


def _models() -> list[type[Model]]:
    return [m for m in apps.get_models() if getattr(m, "append_only", False)]


def _name(table: str, what: str) -> str:
    return f"{table}_no_{what}"


def _sqlite_statement(table: str, what: str) -> str:
    return (
        f"CREATE TRIGGER {_name(table, what)} BEFORE {what.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    )


def install_statements() -> list[str]:
    """Return the SQL that installs the triggers on this database.

    It may run where some are installed already, and where tables are still to be made.
    """
    sql, there = remove_statements(), set(connection.introspection.table_names())
    tables = [t for t in append_only_models() if t in there]
    if connection.vendor == "sqlite":
        for table in tables:
            sql += [_sqlite_statement(table, what) for what in _WHAT]
        return sql
    sql.append(f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ {_FUNCTION_TEXT} $$")
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
        for what in _WHAT
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
    """Return the append-only tables that lack a trigger, or whose trigger doesn't do what it should (1 query).

    Triggers are compared by their whole text, as one of the right name may do nothing.
    """
    have = _triggers()
    return [t for t in append_only_models() if any(have.get(_name(t, w)) != _text(t, w) for w in _WHAT)]


def _triggers() -> dict[str, str]:
    """Return the triggers that are switched on, by name: on PostgreSQL with the text of the function behind them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return dict(cursor.fetchall())
        cursor.execute(
            "SELECT t.tgname, pg_get_triggerdef(t.oid), p.prosrc, p.provolatile, p.prosecdef, l.lanname"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang"
            " JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)"
        )
        return {
            name: f"{written.replace(' public.', ' ')} {source.strip()}"
            for name, written, source, volatile, definer, language in cursor.fetchall()
            if (volatile, definer, language) == ("v", False, "plpgsql")
        }


def _text(table: str, what: str) -> str:
    """Return what `_triggers` says of a trigger that is as it should be."""
    name = _name(table, what)
    if connection.vendor == "sqlite":
        return _sqlite_statement(table, what)
    events = "DELETE OR UPDATE" if what == "update" else "TRUNCATE"
    each = "ROW" if what == "update" else "STATEMENT"
    return (
        f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH {each} EXECUTE FUNCTION {_FUNCTION}()"
        f" {_FUNCTION_TEXT}"
    )


def tables_that_can_be_changed() -> list[str]:
    """Return the append-only tables of which the database lets a row be changed or removed (3 queries each).

    It is tried on one row, and undone. That a table can't be emptied as a whole is left to the triggers' text:
    trying it would make everybody wait.
    """
    found = []
    with transaction.atomic():
        for model in _models():
            table, column = (connection.ops.quote_name(n) for n in (model._meta.db_table, model._meta.pk.column))
            first = list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:1])
            tried = (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}")  # noqa: S608 - our own names
            if first and any(_works(f"{sql} WHERE {column} = %s", first[0]) for sql in tried):
                found.append(model._meta.db_table)
    return found


def _works(sql: str, key: Any) -> bool:
    """Tell whether the database carries out a statement. What it does is undone."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [key])
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True
