"""Reading at one moment: everything a page reads belongs together, whatever others write meanwhile."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class _Here(threading.local):
    """What waits in this thread until its moment is over; None outside one."""

    waiting: list[Callable[[], Any]] | None = None


_here = _Here()


@contextmanager
def read_snapshot() -> Iterator[None]:
    """Read everything inside as of one moment, without making anybody wait who writes. Nothing can be written inside.

    What `afterwards` was given is done when the snapshot is over, and before the block is left; after an error it isn't
    done. Inside a transaction, or another snapshot, the block belongs to that one.
    """
    if connection.in_atomic_block or _here.waiting is not None:
        yield
        return
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        # Django's own transactions take SQLite's write lock at their beginning.
        cursor.execute("BEGIN DEFERRED" if sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    waiting: list[Callable[[], Any]] = []
    _here.waiting = waiting
    try:
        yield
    finally:
        _here.waiting = None
        if connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    for do in waiting:
        do()


def run_after_snapshot(do: Callable[[], Any]) -> None:
    """Do this as soon as something can be written: at once, or when the moment is over that is being read."""
    if _here.waiting is None:
        do()
    else:
        _here.waiting.append(do)
