"""Further processes that read the same database.

They import this before Django is set up, so it imports nothing of this program.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections

Given = TypeVar("Given")
Found = TypeVar("Found")

MAX_PROCESSES = 4
"""Processes at once; each holds some 80 MB."""


def usable_cores() -> int:
    """Return how many processes can work at once here."""
    have = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MAX_PROCESSES, have)


def map_in_processes(function: Callable[[Given], Found], given: Iterable[Given], processes: int) -> list[Found] | None:
    """Return what a module's function gives for each item, in their order; None where no further processes can run."""
    # The very database of this process, which in a test isn't the one of the settings.
    database = dict(connection.settings_dict)
    try:
        with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (database,)) as pool:
            return list(pool.map(function, given))
    except (BrokenProcessPool, OSError):
        return None


def _begin(database: dict[str, Any]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinfang.config.settings")
    django.setup()
    connections.settings[DEFAULT_DB_ALIAS] = database
    connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
