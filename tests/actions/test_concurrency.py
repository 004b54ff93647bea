"""Real processes on one SQLite file: numbers stay unique and gap-free, and of two people on one case one is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _environment(data: Path) -> dict[str, str]:
    return {
        **os.environ,
        "XINFANG_DATA": str(data),
        "XINFANG_MODE": "test",
        "XINFANG_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "xinfang.config.settings",
    }


def _run(data: Path, code: str) -> str:
    script = f"import django; django.setup()\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=_environment(data), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _together(data: Path, *commands: list[str]) -> list[object]:
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.actions.race", *command],
            cwd=ROOT,
            env=_environment(data),
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


@pytest.fixture
def department(tmp_path: Path) -> Path:
    _run(
        tmp_path,
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from tests.world import make_department; make_department()",
    )
    return tmp_path


def test_numbers_are_unique_under_concurrency(department: Path) -> None:
    said = _together(department, *[["register", "10"]] * 6)
    numbers = sorted(n for batch in said for n in batch)  # type: ignore[attr-defined]
    assert numbers == [f"LX2026{i:06d}" for i in range(1, 61)]


def test_of_two_people_on_one_case_one_is_told(department: Path) -> None:
    made = _run(
        department, "from tests.world import register; from datetime import date; print(register(date(2026, 3, 2)))"
    )
    number = made.strip()
    said = _together(department, ["classify", number, "1"], ["classify", number, "1"])
    assert sorted(map(str, said)) == ["done", "somebody_was_faster"]
