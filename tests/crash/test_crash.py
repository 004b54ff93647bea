"""The server killed with -9 at random moments, and the database server stopped at once.

Nothing acknowledged is lost, nothing half there.

A few rounds in every run; `make crash` (CRASH=200) does two hundred on each database.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests import postgres
from tests.cases.racing import ROOT, environment

ROUNDS = int(os.environ.get("CRASH", "3"))
ROUNDS_FOR_A_SHARE = 20
ACKNOWLEDGED = ("registrations", "steps", "files", "files in pieces")


def rounds(env: dict[str, str], *more: str) -> dict[str, int]:
    env = {**env, "XINFANG_MODE": "production"}
    seed = os.environ.get("SEED", "1")
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.rounds", str(ROUNDS), seed, *more],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, "its words are above"
    told: dict[str, int] = json.loads(done.stdout)
    print(told)
    assert told["rounds"] == ROUNDS <= sum(told.get(what, 0) for what in ACKNOWLEDGED) <= told["events"]
    # Where nothing was under way when it was killed, nothing would be shown. In a few rounds that is chance.
    if ROUNDS >= ROUNDS_FOR_A_SHARE:
        assert told.get("in flight", 0) * 2 >= ROUNDS and told.get("sent again", 0) * 3 >= ROUNDS - 1
    return told


def test_killed_at_random_moments_on_sqlite(tmp_path: Path) -> None:
    rounds(environment(tmp_path / "data"))


def test_killed_at_random_moments_on_postgresql(tmp_path: Path) -> None:
    with postgres.server() as server:
        told = rounds(environment(tmp_path / "data", postgres.address(server)), server["DATA"])
    assert told["database stops"] == (ROUNDS + 3) // 5
