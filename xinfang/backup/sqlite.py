"""SQLite's side of a backup: a copy of one moment while others write, and its way back."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

_STEPS = 200_000
"""SQLite's own small steps between two words about progress."""


def path() -> Path:
    """Return the path of the database file."""
    return Path(connection.settings_dict["NAME"])


def copy_database(target: Path, report_progress: Callable[[float], None]) -> None:
    """Copy all of it as of now, compact and without what was deleted. Writers go on.

    `report_progress` is told how far it is, 0 to 1.
    """
    target.touch(mode=0o600)
    whole = path().stat().st_size or 1
    source = sqlite3.connect(f"{path().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=20)
    try:
        source.execute("PRAGMA mmap_size=268435456")
        source.set_progress_handler(lambda: report_progress(min(target.stat().st_size / whole, 1.0)), _STEPS)
        # One read transaction: everything is of the moment at which it began.
        source.execute("VACUUM INTO ?", (str(target),))
    finally:
        source.close()


def problem_in(file: Path, *, quick: bool = False) -> list[str]:
    """Return what SQLite itself finds wrong with a database file; nothing if it is sound."""
    base = open_copy(file)
    try:
        base.execute("PRAGMA mmap_size=268435456")
        said = [str(row[0]) for row in base.execute("PRAGMA quick_check(5)" if quick else "PRAGMA integrity_check(5)")]
        loose = base.execute("PRAGMA foreign_key_check").fetchmany(5)
    except sqlite3.DatabaseError as e:
        return [str(e)]
    finally:
        base.close()
    return [s for s in said if s != "ok"] + [f"foreign key of {table} row {row}" for table, row, *_ in loose]


def tables(file: Path) -> set[str]:
    """Return the tables of a copy."""
    return {name for (name,) in rows(file, "SELECT name FROM sqlite_master WHERE type = 'table'")}


def open_copy(file: Path) -> sqlite3.Connection:
    """Open a database file that nobody else uses, for reading."""
    return sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query to a copy."""
    base = open_copy(file)
    try:
        return base.execute(sql).fetchall()
    finally:
        base.close()
