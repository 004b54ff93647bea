"""Commands that run beside the server, and the lock by which one of them works alone."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


def command_line(*words: str) -> list[str]:
    """Return how a command of this program is called in a process of its own."""
    return [sys.executable, "-m", "xinfang.operations.main", *words]


def start_command(*words: str) -> None:
    """Start a command of this program that ends by itself, in a session of its own; nothing waits for it."""
    subprocess.Popen(  # noqa: S603 - words of our own
        command_line(*words),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


@contextmanager
def sole_process(lock: str) -> Iterator[bool]:
    """Yield whether this process is now the only one that holds the lock of this name in the data folder.

    The system frees the lock of one that was killed.
    """
    handle = os.open(settings.DATA / lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)
