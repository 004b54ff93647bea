"""The same promises on a real PostgreSQL: the whole walk, unique numbers, one of two is told."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import postgres

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with postgres.server() as server:
        host = quote(str(server["HOST"]), safe="")
        yield {
            **os.environ,
            "XINFANG_DATA": str(tmp_path_factory.mktemp("data")),
            "XINFANG_MODE": "test",
            "XINFANG_DATABASE_URL": f"postgresql://postgres@/{server['NAME']}?host={host}&port={server['PORT']}",
            "DJANGO_SETTINGS_MODULE": "xinfang.config.settings",
        }


def _run(environment: dict[str, str], code: str) -> str:
    script = f"import django; django.setup()\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _together(environment: dict[str, str], *commands: list[str]) -> list[object]:
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.actions.race", *command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    return [json.loads(racer.communicate(timeout=120)[0]) for racer in racers]


def test_the_walk_and_the_race_on_postgresql(environment: dict[str, str]) -> None:
    said = _run(
        environment,
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from datetime import date; from django.db import connection\n"
        "from tests.world import make_department, register, walk\n"
        "from xinfang.records.models import Petition\n"
        "from xinfang.search.index import check\n"
        "make_department(); day = date(2026, 3, 2); number = register(day); walk(number, 'archived', day)\n"
        "print(connection.vendor, Petition.objects.get(number=number).state, check(), register(day))",
    )
    assert said.split() == ["postgresql", "archived", "[]", "LX2026000002"]

    made = _together(environment, *[["register", "10"]] * 4)
    numbers = sorted(n for batch in made for n in batch)  # type: ignore[attr-defined]
    assert numbers == [f"LX2026{i:06d}" for i in range(3, 43)]

    told = _together(environment, ["classify", "LX2026000002", "1"], ["classify", "LX2026000002", "1"])
    assert sorted(map(str, told)) == ["done", "somebody_was_faster"]
