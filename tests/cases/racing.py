"""Real processes of the product beside a test: one that runs a few lines, several that start together (race.py)."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def environment(data: Path, database_url: str = "") -> dict[str, str]:
    """The environment of a process whose data lies here; without a URL the database is SQLite."""
    return {
        **os.environ,
        "XINFANG_DATA": str(data),
        "XINFANG_MODE": "test",
        "XINFANG_DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "xinfang.config.settings",
    }


def run(env: dict[str, str], code: str, *, ends: int = 0) -> str:
    """What these lines print, run in a process of their own, which ends with this code (-9: killed)."""
    script = f"import django; django.setup()\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == ends, done.stderr
    return done.stdout


def together(env: dict[str, str], *commands: list[str]) -> list[object]:
    """What each of several racers says, all started before any may begin."""
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.cases.race", *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = []
    for racer in racers:
        out, err = racer.communicate(timeout=120)
        assert racer.returncode == 0, err
        said.append(json.loads(out))
    return said
