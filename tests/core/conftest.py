"""The fast paths are tested on SQLite and on a real PostgreSQL."""

from tests.search.conftest import database, migrated_postgres, postgres_database

__all__ = ["database", "migrated_postgres", "postgres_database"]
