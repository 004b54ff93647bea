"""Writers take turns.

SQLite lets one writer in at a time and leaves the others to try again after ever longer pauses, up to a tenth of a second. A
job that writes one transaction after another then starves everybody: measured, a sign-in waited out its twenty seconds beside
the deadline sweep. Here a writer first takes a lock on a file beside the database, looking every two milliseconds, and keeps it until
its transaction ends. It only orders the writers: SQLite's own locks still keep the data whole, whoever else opens the file.
"""

import contextlib
import fcntl
import os
import time
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

LOOK_AGAIN = 0.002
"""Seconds between two looks at the lock."""


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite whose transactions wait for their turn before they begin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> Any:
        # A commit that fails leaves the transaction open: its turn ends with the rollback that follows.
        done = super()._commit()
        self._end_turn()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> Any:
        try:
            return super()._close()
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
                time.sleep(LOOK_AGAIN)
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
