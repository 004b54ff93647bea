"""Times and counts: percentiles, a timed call, the memory of a process."""

import math
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_PIECE = 16 * 1024 * 1024


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent of the values don't exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """Seconds and result of one call."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def read_through(file: Path) -> None:
    """Have the machine's memory hold a file: on a rented one it is taken back while nobody reads, and then disks are measured."""
    with file.open("rb", buffering=0) as opened:
        while opened.read(_PIECE):
            pass


def let_go(file: Path) -> None:
    """Have the machine's memory hold nothing of a file, as after a start."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def resident_mb(pid: int) -> float:
    """The resident memory of a process in MB: what the machine must hold for it, mapped database pages included."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    return [int(p) for task in Path(f"/proc/{pid}/task").iterdir() for p in (task / "children").read_text().split()]
