"""The real command in a process of its own, with no more of an environment than is given."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 120
"""Seconds after which a command that should have ended has not."""


def command(folder: Path, *args: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """`env -i xinfang …` started in this folder, by somebody whose umask lets everybody read (022)."""
    return subprocess.run(
        [sys.executable, "-m", "xinfang.operations.main", *args],
        cwd=folder,
        # Found from every folder, as the installed command is.
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **settings},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,
        timeout=_PATIENCE,
    )


def program(lines: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """These lines in a process of their own, with the settings of the product."""
    return subprocess.run(
        [sys.executable, "-c", lines],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DJANGO_SETTINGS_MODULE": "xinfang.config.settings"}
        | settings,
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,
        timeout=_PATIENCE,
    )


def one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """It was refused: exit code not 0, nothing on standard output, and one line that says these words."""
    assert done.returncode != 0, done.stdout
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1, done.stderr[-2000:]
    for word in words:
        assert word in done.stderr, done.stderr


def everything(folder: Path) -> dict[str, bytes]:
    """Every file and folder below with its content: to be the same before and after."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in sorted(folder.rglob("*"))}
