"""The mode that the database keeps, and the comparison with the one in force. Every way into the system asks here first.

In plain SQL, as it is asked before the migrations have run, of databases of every age.
"""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from xinfang.people import mode

MARK = "demo"
"""The file by which `make run` used to know its demo, before databases kept their mode."""
UNKNOWN = "production"
"""What a database or backup with people in it counts as where nothing says what it is."""
_TABLE = "records_installation"
_PEOPLE = "people_staff"


class OtherMode(ImproperlyConfigured):
    """The database is of another mode than the one in force. Its text is for the person who starts the program."""

    def __init__(self, kept: str) -> None:
        asked = settings.MODE
        super().__init__(
            f"设置 XINFANG_MODE 有误：这个数据库的运行方式是 {kept}，而现在设置的是 {asked}，没有打开它；请填写 XINFANG_MODE={kept}，"
            f"或用 XINFANG_DATA、XINFANG_DATABASE_URL 指定另一个系统。 / Setting XINFANG_MODE is wrong: this database is of mode {kept}, "
            f"and {asked} is set; write XINFANG_MODE={kept}, or name another system."
        )


class NotSetUp(ImproperlyConfigured):
    """There is no system where the settings point to. Its text says what to do."""

    def __init__(self) -> None:
        where = settings.DATA if connection.vendor == "sqlite" else f"PostgreSQL {connection.settings_dict['NAME']}"
        super().__init__(
            f"{where} 中还没有系统，没有做任何事。请核对 XINFANG_DATA 和 XINFANG_DATABASE_URL；新装的系统请先运行 xinfang migrate。"
        )


def is_there() -> bool:
    """Whether the database has any table. Asking doesn't make one: SQLite would leave an empty file."""
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        file = Path(connection.settings_dict["NAME"])
        if not file.exists() or not file.stat().st_size:
            return False
    return bool(connection.introspection.table_names())


def kept() -> str | None:
    """The mode of this database; None where it isn't anybody's yet.

    One from before it was kept is a demo where `make run` left its mark, and otherwise the real thing if there are people in it.
    """
    if not is_there():
        return None
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        if _TABLE in tables:
            cursor.execute(f"SELECT mode FROM {_TABLE}")  # noqa: S608 - our own name
            if row := cursor.fetchone():
                return str(row[0])
        if not has_people(tables):
            return None
    return "demo" if (Path(settings.DATA) / MARK).exists() else UNKNOWN


def has_people(tables: list[str] | None = None) -> bool:
    """Whether anybody has an account: without one it isn't in use."""
    if _PEOPLE not in (connection.introspection.table_names() if tables is None else tables):
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {_PEOPLE} LIMIT 1")  # noqa: S608 - our own name
        return cursor.fetchone() is not None


def compare() -> str | None:
    """The mode of the database, which is the one in force; None where it isn't anybody's yet. Raises OtherMode."""
    found = kept()
    if found not in (None, settings.MODE):
        raise OtherMode(str(found))
    return found


def prove() -> None:
    """Let this process work with the database. Raises OtherMode, or NotSetUp where there is none."""
    found = compare()
    if found is None:
        raise NotSetUp
    mode.confirm(found)


def keep() -> None:
    """Write down what this database is, once: what it has been so far, or else the mode in force."""
    found = kept() or settings.MODE
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (id, mode, since) SELECT 1, %s, %s WHERE NOT EXISTS (SELECT 1 FROM {_TABLE})",  # noqa: S608
            [found, connection.ops.adapt_datetimefield_value(timezone.now())],
        )
