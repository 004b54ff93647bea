"""SQLite whose writers take turns.

SQLite lets one writer in at a time and leaves the others to try again after ever longer pauses, up to a tenth of a
second. A job that writes one transaction after another then starves everybody: measured, a sign-in waited out its
twenty seconds beside the deadline sweep. Here a writer first takes a lock on a file beside the database, looking every
two milliseconds, and keeps it until its transaction ends. It only orders the writers: SQLite's own locks still keep the
data whole, also when another program opens the file.

Writers wait for the disk together. With `synchronous=FULL` SQLite would wait for it inside the turn, one writer after
the other, and that wait is longer than the writing. A transaction here commits into the log (`synchronous=NORMAL`,
which can lose the last commits in a power cut but never harms the data), lets the next writer in, and only then waits
until the log is on the disk: nothing is acknowledged before. What is written outside a transaction still commits under
FULL.

What follows from that, and is tested in tests/core/test_sqlite_backend.py:

- A killed process loses nothing that it acknowledged, a power cut neither. At most the transaction under way is there
  besides.
- Others see a commit before it is on the disk, for as long as the disk takes. A power cut in that moment takes back
  what they have seen; its author was not told yet that it is done.
- Where the disk fails, `atomic()` fails with OperationalError after the commit: the rows are there, but may be gone
  after a restart. `on_commit` hooks are not called.

`XINFANG_FAST_PATHS=off` uses Django's own backend with FULL; both may be open side by side. An upgrade of Django has to
keep the five methods that are overridden here (`_start_transaction_under_autocommit`, `_commit`, `_rollback`, `_close`,
`__init__`); the tests say so.
"""

import contextlib
import fcntl
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

LOCK_POLL_SECONDS = 0.002
"""Seconds between two looks at the lock."""
CHECKPOINT_COMMITS = 32
"""Commits of a connection after which it copies the log into the database, outside its turn.

Left to SQLite, that is done inside a commit while everybody waits; it still is where the log grows beyond
`wal_autocheckpoint` (core/env.py).
"""


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite whose transactions wait for their turn before they begin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: int | None = None
        self._changes = 0
        self._commits = 0

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            self._set_synchronous("NORMAL")
            self._changes = self.connection.total_changes
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # private to Django, not in its stubs
        except BaseException:
            # What is written outside a transaction from now on still waits for the disk.
            with contextlib.suppress(sqlite3.Error):
                self._set_synchronous("FULL")
            self._end_turn()
            raise

    def _commit(self) -> Any:
        # A commit that fails leaves the transaction open: its turn ends with the rollback that follows.
        done = super()._commit()  # type: ignore[misc]  # private to Django, not in its stubs
        began = self._turn is not None
        self._end_turn()
        if began:
            wrote = self.connection.total_changes != self._changes
            self._set_synchronous("FULL")
            if wrote:
                self._wait_for_disk()
                self._commits += 1
                if self._commits % CHECKPOINT_COMMITS == 0:
                    self._copy_log()
        return done

    def _rollback(self) -> Any:
        began = self._turn is not None
        try:
            done = super()._rollback()  # type: ignore[misc]  # private to Django, not in its stubs
            if began:
                self._set_synchronous("FULL")
            return done
        finally:
            self._end_turn()

    def _set_synchronous(self, how: str) -> None:
        self.connection.execute(f"PRAGMA synchronous={how}")

    def _copy_log(self) -> None:
        """Copy the log into the database while others write on; what is in use by a reader stays for the next time.

        So does all of it on a full disk: the commit is in the log, and nobody is told that it failed.
        """
        with contextlib.suppress(sqlite3.OperationalError):
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _wait_for_disk(self) -> None:
        """Wait until the log holds this commit on the disk. SQLite keeps no locks on the log: opening it disturbs none.

        Raises:
            OperationalError: the disk failed, and the commit may not be on it.
        """
        try:
            log = os.open(f"{self.settings_dict['NAME']}-wal", os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fdatasync(log)
            finally:
                os.close(log)
        except OSError as e:
            raise OperationalError("disk I/O error: the commit may not be on the disk") from e

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]  # private to Django, not in its stubs
        finally:
            self._end_turn()

    def _wait_for_turn(self) -> None:
        if self._turn is not None or self.is_in_memory_db():
            return
        path = Path(f"{self.settings_dict['NAME']}-turn")
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        give_up = time.monotonic() + float(self.settings_dict["OPTIONS"].get("timeout", 5))
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > give_up:
                    os.close(handle)
                    raise OperationalError("database is locked: other writers did not finish in time") from None
                time.sleep(LOCK_POLL_SECONDS)
            except BaseException:
                os.close(handle)
                raise
            else:
                self._turn = handle
                return

    def _end_turn(self) -> None:
        if self._turn is not None:
            handle, self._turn = self._turn, None
            with contextlib.suppress(OSError):
                os.close(handle)
