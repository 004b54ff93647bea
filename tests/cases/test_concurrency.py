"""Real processes on one SQLite file: numbers stay unique and gap-free, and of two people on one case one is told."""

from pathlib import Path

import pytest

from tests.cases.racing import environment, run, together
from xinfang.procedure.step_codes import StepCode


@pytest.fixture
def department(tmp_path: Path) -> Path:
    run(
        environment(tmp_path),
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from tests.world import make_department; make_department()",
    )
    return tmp_path


def test_numbers_are_unique_under_concurrency(department: Path) -> None:
    said = together(environment(department), *[[StepCode.REGISTER, "10"]] * 6)
    numbers = sorted(n for batch in said for n in batch)  # type: ignore[attr-defined]
    assert numbers == [f"LX2026{i:06d}" for i in range(1, 61)]


def test_of_two_people_on_one_case_one_is_told(department: Path) -> None:
    made = run(
        environment(department),
        "from tests.world import register; from datetime import date; print(register(date(2026, 3, 2)))",
    )
    number = made.strip()
    said = together(environment(department), [StepCode.CLASSIFY, number, "1"], [StepCode.CLASSIFY, number, "1"])
    assert sorted(map(str, said)) == ["done", "somebody_was_faster"]
