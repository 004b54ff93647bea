"""《信访工作条例》和本厅规程的情形表：每一情形都由本目录的测试演练，测试在，结果才可印发。

Each scenario names the tests that play it; here it is held that these are there, and that no scenario is forgotten.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from xinfang.procedure.printed_scenarios import SCENARIOS, Scenario, scenario_rows

TESTS = Path(__file__).resolve().parents[1]
DRIVEN = [
    "S1",
    "S1b",
    "S2",
    "S2b",
    "S2c",
    "S3",
    "S3b",
    "S3c",
    "S3d",
    "S4",
    "S4b",
    "S4c",
    "S5",
    "S6",
    "S6b",
    "S6c",
    "S6d",
    "S6e",
    "S6f",
    "S7",
    "S8",
    "S9",
    "S9b",
    "S10",
    "S10b",
    "S10c",
    "S11",
    "S11b",
    "S12",
    "S12b",
    "S13",
    "S14",
    "S15",
    "S15b",
    "S15c",
    "S16",
    "S17",
    "S17b",
    "S18",
    "S18b",
    "S19",
    "S20",
    "S21",
    "S22",
    "S23",
    "S24",
    "S25",
    "S26",
    "S30",
    "S31",
    "T1",
    "T2",
    "T3",
    "T4",
    "T5",
    "T6",
    "T7",
    "T9",
    "T10",
    "T11",
    "T12",
    "U1",
    "U5",
    "U8",
    "U9",
    "U10",
    "U12",
    "U13",
    "U18",
    "U19",
    "V1",
    "V2",
    "W1",
    "W2",
    "W3",
    "W4",
    "W9",
    *(f"P{n}" for n in range(1, 12)),
    "I1",
]
"""Every scenario in which the procedure was held against the texts."""


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests of a file: of this folder, or with the folder in front."""
    path = TESTS / f"{file if '/' in file else f'articles/{file}'}.py"
    if not path.exists():
        return frozenset()
    found = ast.parse(path.read_text(encoding="utf-8")).body
    return frozenset(f.name for f in found if isinstance(f, ast.FunctionDef) and f.name.startswith("test_"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.code)
def test_each_scenario_is_played_by_tests_that_are_there(scenario: Scenario) -> None:
    assert scenario.tests and scenario.cites
    missing = [t for t in scenario.tests if t.split("::")[1] not in names_in(t.split("::")[0])]
    assert missing == []
    assert any("/" not in t for t in scenario.tests) or scenario.code == "S3d", "words of papers are tested with papers"


def test_none_is_forgotten_and_none_said_twice() -> None:
    codes = [s.code for s in SCENARIOS]
    assert len(codes) == len(set(codes))
    assert sorted(codes) == sorted(DRIVEN)


def test_they_are_written_for_readers_of_the_law() -> None:
    for code, situation, cites, outcome in scenario_rows():
        assert cites, code
        for words in (situation, outcome):
            assert words and not re.search(r"[a-z_]{3,}", words) and not words.endswith("。"), code
