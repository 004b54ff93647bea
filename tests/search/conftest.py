"""Every test of the contract runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from tests import postgres


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[dict]:
    with postgres.server() as description:
        yield description


@pytest.fixture(scope="session")
def migrated_postgres(postgres_database, django_db_setup, django_db_blocker) -> dict:
    with django_db_blocker.unblock(), postgres.as_default(postgres_database):
        postgres.migrate()
    return postgres_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, db) -> Iterator[str]:
    """The default database is this one, and every test begins with it empty."""
    if request.param == "sqlite":
        yield request.param
        return
    # Asked for by name, so that a run of the SQLite half alone starts no server.
    description = request.getfixturevalue("migrated_postgres")
    with postgres.as_default(description), transaction.atomic():
        yield connection.vendor
        transaction.set_rollback(True)
