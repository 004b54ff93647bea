"""Running one of this program's own scripts that read a stranger's file, in a process by itself.

It may hang, die or ask for too much, and only that process ends. Each such script sets its own limits of memory and
processor (`rendering_program.py`, `core/workbook_reader.py`).
"""

import subprocess
import sys


def run(program: str, *words: str, data: bytes, seconds: float) -> subprocess.CompletedProcess[bytes] | None:
    """Return what the program answers to the data; None where it took longer than this.

    Its exit code is negative where the system ended it.
    """
    try:
        # Nothing of our environment: it may hold passwords.
        return subprocess.run(  # noqa: S603 - our own program, and words of our own
            [sys.executable, "-I", program, *words],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return None
