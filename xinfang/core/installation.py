"""The mode that the database keeps, compared with the one in force. Every entry point of the system asks here first.

In plain SQL, as it is asked before the migrations have run, of databases of every age.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone

from xinfang.procedure.errors import XinfangError

from . import mode
from .features import names
from .table_names import table

_INSTALLATION, _FEATURES, _STAFF = "core.Installation", "core.FeatureTables", "accounts.Staff"
_BEFORE = "records_petition"
"""A table that no program has made since the tables were cut by feature."""


class OtherMode(XinfangError, ImproperlyConfigured):
    """The database is of another mode than the one in force. Its text is for the person who starts the program."""

    def __init__(self, kept: str) -> None:
        asked = settings.MODE
        super().__init__(
            f"设置 XINFANG_MODE 有误：这个数据库的运行方式是 {kept}，而现在设置的是 {asked}，没有打开它；"
            f"请填写 XINFANG_MODE={kept}，或用 XINFANG_DATA、XINFANG_DATABASE_URL 指定另一个系统。"
            f" / Setting XINFANG_MODE is wrong: this database is of mode {kept}, and {asked} is set;"
            f" write XINFANG_MODE={kept}, or name another system."
        )


class NotSetUp(XinfangError, ImproperlyConfigured):
    """There is no system where the settings point to. Its text says what to do."""

    def __init__(self) -> None:
        where = settings.DATA if connection.vendor == "sqlite" else f"PostgreSQL {connection.settings_dict['NAME']}"
        super().__init__(
            f"{where} 中还没有系统，没有做任何事。请核对 XINFANG_DATA 和 XINFANG_DATABASE_URL；新装的系统请先运行 xinfang migrate。"
        )


class OtherTables(XinfangError, ImproperlyConfigured):
    """The tables were made by a program with other first migrations. Until 1.0.0 they can't be converted."""

    def __init__(self) -> None:
        super().__init__(
            "这个数据库（或备份）由另一个试用版本建立，数据表不同，本版本没有打开它，也没有改动它；请用建立它的版本打开，"
            "或用 XINFANG_DATA、XINFANG_DATABASE_URL 另建系统。"
            " / The tables were made by another version before 1.0.0, so nothing was opened or changed;"
            " use the version that made them, or name another system."
        )


@cache
def fingerprints() -> dict[str, str]:
    """Return the SHA-256 (hex) of the first migration of every feature.

    Tables that began otherwise can't be brought up to date.
    """
    found = {}
    for path in names("migrations.0001_initial"):
        source = Path(str(find_spec(path).origin)).read_text("utf-8")  # type: ignore[union-attr]
        # The first line says when it was generated.
        lines = [line for line in source.splitlines() if not line.startswith("#")]
        found[path.split(".")[1]] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


def compare_tables(made: Mapping[str, str]) -> None:
    """Compare the fingerprints that a database or a backup keeps with those of this program.

    A feature that was added since is no difference: `xinfang migrate` makes its tables. One that this program doesn't
    know is.

    Raises:
        OtherTables: they differ.
    """
    ours = fingerprints()
    if not made or any(ours.get(feature) != said for feature, said in made.items()):
        raise OtherTables


def is_in_memory() -> bool:
    """Tell whether the database is one of SQLite's in memory, which no other process sees."""
    return connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]


def database_has_tables() -> bool:
    """Tell whether the database has any table. Asking doesn't make one: SQLite would leave an empty file."""
    if connection.vendor == "sqlite" and not is_in_memory():
        file = Path(connection.settings_dict["NAME"])
        if not file.exists() or not file.stat().st_size:
            return False
    return bool(connection.introspection.table_names())


def stored_mode() -> str | None:
    """Return the mode of this database; None where it isn't anybody's yet.

    Raises:
        OtherTables: its tables were made by another program.
    """
    if not database_has_tables():
        return None
    tables = connection.introspection.table_names()
    if _BEFORE in tables:
        raise OtherTables
    installation = table(_INSTALLATION)
    if installation not in tables:
        return None
    if table(_FEATURES) not in tables:
        raise OtherTables
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT mode FROM {installation}")  # noqa: S608 - our own name
        row = cursor.fetchone()
    if row is None:
        return None
    compare_tables(stored_fingerprints())
    return str(row[0])


def stored_fingerprints() -> dict[str, str]:
    """Return the fingerprints of the first migrations that made the tables of this database, by feature."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT feature, digest FROM {table(_FEATURES)}")  # noqa: S608 - our own name
        return dict(cursor.fetchall())


def has_people(tables: list[str] | None = None) -> bool:
    """Tell whether anybody has an account: without one it isn't in use."""
    staff = table(_STAFF)
    if staff not in (connection.introspection.table_names() if tables is None else tables):
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {staff} LIMIT 1")  # noqa: S608 - our own name
        return cursor.fetchone() is not None


def compare_mode() -> str | None:
    """Return the mode of the database, which is the one in force; None where it isn't anybody's yet.

    Raises:
        OtherMode: it is of another mode.
        OtherTables: its tables were made by another program.
    """
    found = stored_mode()
    if found not in (None, settings.MODE):
        raise OtherMode(str(found))
    return found


def require_this_installation() -> None:
    """Let this process work with the database.

    Raises:
        OtherMode: it is of another mode.
        OtherTables: its tables were made by another program.
        NotSetUp: there is none.
    """
    found = compare_mode()
    if found is None:
        raise NotSetUp
    mode.confirm(found)


def record_installation() -> None:
    """Write down what this database is, once.

    Its mode is what it has been so far, or else the mode in force; and the program that made its tables is noted.
    """
    found, installation = stored_mode() or settings.MODE, table(_INSTALLATION)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {installation} (id, mode, since) SELECT 1, %s, %s"  # noqa: S608 - our own name
            f" WHERE NOT EXISTS (SELECT 1 FROM {installation})",
            [found, connection.ops.adapt_datetimefield_value(timezone.now())],
        )
        cursor.executemany(
            f"INSERT INTO {table(_FEATURES)} (feature, digest) VALUES (%s, %s) ON CONFLICT DO NOTHING",  # noqa: S608
            list(fingerprints().items()),
        )


def faults() -> list[str]:
    """Return what the database says of itself and is not so, a sentence each (2 queries)."""
    found, stored = [], stored_fingerprints()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, mode FROM {table(_INSTALLATION)}")  # noqa: S608 - our own name
        rows = cursor.fetchall()
    if rows != [(1, settings.MODE)]:
        found.append("运行方式的记录不在，或与现在的运行方式不同")
    ours = fingerprints()
    for feature in sorted({*ours, *stored}):
        if ours.get(feature) != stored.get(feature):
            found.append(f"{feature} 的表由哪个程序建立，记录不在或与程序不符")
    return found
