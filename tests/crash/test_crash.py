"""Killed with -9 at random moments, and the database server stopped at once: nothing acknowledged is lost, nothing half there.

A few rounds in every run; `make crash` (CRASH=200) does two hundred on each database.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests import postgres
from tests.actions.racing import ROOT, environment, run

ROUNDS = int(os.environ.get("CRASH", "6"))
PREPARE = (
    "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
    "from tests.world import make_department; make_department()"
)


def rounds(env: dict[str, str], *more: str) -> None:
    run(env, PREPARE)
    seed = os.environ.get("SEED", "1")
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.rounds", str(ROUNDS), seed, *more],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout)
    print(told)
    assert told["rounds"] == ROUNDS and told["acknowledged"] >= ROUNDS
    assert told["events"] >= told["acknowledged"]


def test_killed_at_random_moments_on_sqlite(tmp_path: Path) -> None:
    rounds(environment(tmp_path / "data"))


def test_killed_at_random_moments_on_postgresql(tmp_path: Path) -> None:
    with postgres.server() as server:
        rounds(environment(tmp_path / "data", postgres.address(server)), server["DATA"])
