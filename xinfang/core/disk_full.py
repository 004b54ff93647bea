"""A full disk: recognised, however the database says it, and told apart from every other failure."""

import errno
import shutil
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import DatabaseError

from xinfang.procedure.errors import XinfangError

MIN_FREE_BYTES = 32 * 2**20
"""Bytes that must be free on the disk of the data folder for the system to count as well."""
_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SQLITE = ("database or disk is full", "disk I/O error")
_POSTGRESQL = "53100"
P = ParamSpec("P")
R = TypeVar("R")


class NothingSaved(XinfangError):
    """The disk is full, and the step that was being taken left nothing behind."""


def is_disk_full(error: BaseException | None) -> bool:
    """Tell whether this error, or its cause, says that the disk is full; a write error of SQLite's counts as that."""
    while error is not None:
        if isinstance(error, NothingSaved) or (isinstance(error, OSError) and error.errno in _NUMBERS):
            return True
        if isinstance(error, DatabaseError) and any(words in str(error) for words in _SQLITE):
            return True
        if getattr(error, "sqlstate", "") == _POSTGRESQL:
            return True
        error = error.__cause__ or error.__context__
    return False


def translate_disk_full(act: Callable[P, R]) -> Callable[P, R]:
    """Let a function that is one transaction end with NothingSaved when the disk is full.

    So people can be told exactly that.
    """

    @wraps(act)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return act(*args, **kwargs)
        except (DatabaseError, OSError) as e:
            if is_disk_full(e):
                raise NothingSaved from e
            raise

    return call


def has_room_left() -> bool:
    """Tell whether the disk of the data folder has room for today's work."""
    return shutil.disk_usage(Path(settings.DATA)).free >= MIN_FREE_BYTES
