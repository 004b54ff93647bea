"""Times and counts: percentiles, a timed call, the memory of a process."""

import math
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that this many percent of the values don't exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """Return seconds and result of one call."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def read_through(file: Path) -> None:
    """Have the machine's memory hold a file.

    On a rented machine memory is taken back while nobody reads, and then disks are measured.
    """
    _apart("with open(name, 'rb', 0) as f:\n while f.read(1 << 24): pass", file)


def let_go(file: Path) -> None:
    """Have the machine's memory hold nothing of a file, as after a start."""
    _apart(
        "with open(name, 'rb') as f: os.fsync(f.fileno()); os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)",
        file,
    )


def _apart(code: str, file: Path) -> None:
    # A process that closes a file gives up the locks that its SQLite holds on it, so another one opens it.
    subprocess.run([sys.executable, "-c", f"import os, sys\nname = sys.argv[1]\n{code}", str(file)], check=True)


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB.

    It is what the machine must hold for it, mapped database pages included.
    """
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def children(pid: int) -> list[int]:
    """Return the processes that this one started."""
    return [int(p) for task in Path(f"/proc/{pid}/task").iterdir() for p in (task / "children").read_text().split()]


def peak_mb(pid: int) -> float:
    """Return the most memory that a process has had, in MB; 0 where there is no such process."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)
