"""The mutation tests are tested: on a small law of their own they name who survives, and only who survives."""

import os
import re
import subprocess
import sys
import textwrap
from enum import Enum
from pathlib import Path

import pytest

from . import trials
from .__main__ import EQUIVALENT, known_equivalents
from .mutants import ARTICLES, SPOKEN, mutants_of

ROOT = Path(__file__).resolve().parents[2]
LAW = """
LIMIT = 60
ENDS = ("closed", "withdrawn")

def overdue(days, state):
    return days > LIMIT and state not in ENDS
"""
TESTS = """
from planted.law import overdue

def test_sixty_days():
    assert overdue(61, "open")
    assert not overdue(60, "open")

def test_what_is_closed_is_not_overdue():
    assert not overdue(61, "closed")
"""
NOT_NOTICED = """
[[equivalent]]
file = "law.py"
where = "ENDS"
was = 'ENDS = ("closed", "withdrawn")'
becomes = {becomes}
why = "nobody withdraws"
"""


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted/__init__.py").touch()
    (tmp_path / "planted/law.py").write_text(LAW)
    (tmp_path / "test_planted.py").write_text(TESTS)
    return tmp_path


def run(planted: Path, *equivalents: str, seconds: int = 30) -> tuple[int, str]:
    listed = planted / "equivalent.toml"
    listed.write_text("".join(NOT_NOTICED.format(becomes=e) for e in equivalents))
    words: list[str | Path] = [
        "law.py",
        "--root",
        planted,
        "--package",
        "planted",
        "--tests",
        "test_planted.py",
        "--equivalent",
        listed,
    ]
    words += ["--seconds", str(seconds)]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.mutation", *words], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    return ran.returncode, ran.stdout + ran.stderr


ONLY_CLOSED = """'ENDS = ("closed",)'"""
MISSPELT = """'''ENDS = ("closed", 'withdrawnx')'''"""


def counts(said: str) -> dict[str, int]:
    heads = ("mutants", "killed", "timed out", "equivalent", "survived")
    return dict(zip(heads, map(int, said.splitlines()[-1].split()[1:]), strict=True))


def test_what_no_test_notices_is_named_and_what_is_listed_is_excused(planted: Path) -> None:
    code, said = run(planted, ONLY_CLOSED)
    assert "law.py:3 ENDS" in said
    survivors = [line.strip() for line in said.splitlines() if line.startswith("    + ")]
    assert survivors == ["""+ ENDS = ("closed", 'withdrawnx')"""]
    assert counts(said) == {"mutants": 12, "killed": 10, "timed out": 0, "equivalent": 1, "survived": 1}
    assert code == 1


def test_an_equivalent_that_is_killed_is_stale_and_one_that_never_ends_is_stopped(planted: Path) -> None:
    (planted / "planted/law.py").write_text("def count(n):\n    while n > 0:\n        n -= 1\n")
    (planted / "test_planted.py").write_text("from planted.law import count\n\ndef test_it():\n    count(2)\n")
    code, said = run(planted, ONLY_CLOSED, seconds=1)
    assert "Listed as equivalent, but" in said and 'ENDS = ("closed",)' in said
    assert counts(said) == {"mutants": 6, "killed": 0, "timed out": 2, "equivalent": 0, "survived": 4}
    assert code == 1


def test_where_every_survivor_is_listed_all_is_well(planted: Path) -> None:
    assert run(planted, ONLY_CLOSED, MISSPELT)[0] == 0


def test_tests_that_fail_anyway_judge_nothing(planted: Path) -> None:
    (planted / "test_planted.py").write_text("def test_it():\n    assert False\n")
    assert run(planted) == (2, "The tests fail without any mutation; first mend that.\n")


class Place(Enum):
    OFFICE = "office"
    ARCHIVE = "archive"


@pytest.mark.parametrize(
    ("source", "becomes"),
    [
        ("rule = Rule(provided=(first, second))",
         ["rule = Rule(provided=(second,))", "rule = Rule(provided=(first,))"]),
        ("x = (one, two, three)", ["x = (two, three)", "x = (one, three)", "x = (one, two)"]),
        ("x = {**one, 1: two}", ["x = {1: two}", "x = {**one}", "x = {**one, 2: two}", "x = {**one, 0: two}"]),
        ("x = Place.OFFICE", ["x = Place.ARCHIVE"]),
        ("x = step_field('收到日期', default=False, help='h', max=20)",
         ["x = step_field('收到日期', default=True, help='h', max=20)"]),
        ("x = replace(facts, state=s, on=day)", ["x = replace(facts, on=day)", "x = replace(facts, state=s)"]),
        ("x = a and not b", ["x = (a) or (not b)", "x = (not b)", "x = (a)", "x = a and (b)"]),
        ("x = a <= b", ["x = a < b"]),
        ("x = day + one", ["x = day - one"]),
        ("x = 'serve'", ["x = 'servex'"]),
        ("x = '送达'", []),
        ("x: tuple[int, str]", []),
        ("x = Limit(30, (HOUSE_RULES[13], REGULATION[34]))",
         ["x = Limit(31, (HOUSE_RULES[13], REGULATION[34]))", "x = Limit(29, (HOUSE_RULES[13], REGULATION[34]))"]),
        ("if a:\n    b.add(c)", ["if True:", "if False:", "pass"]),
        ("def f(a=1):\n    return a", ["def f(a=2):", "def f(a=0):", "return None"]),
        ("def says(self):\n    return 1", []),
        ("if TYPE_CHECKING:\n    a.add(b)", []),
        ("T = TypeVar('T', covariant=True)", []),
        ("class Named(Protocol):\n    def name(self, short=False): ...", []),
        ("@overload\ndef f(a: int, b=False): ...", []),
    ],
)  # fmt: skip
def test_how_a_line_is_made_wrong(source: str, becomes: list[str]) -> None:
    mutants = mutants_of("law.py", textwrap.dedent(source).encode(), {"Place": Place})
    assert [m.becomes for m in mutants] == becomes


def test_what_it_leaves_alone_is_called_so_in_the_law() -> None:
    law = "".join(p.read_text("utf-8") for p in (ROOT / "xinfang/procedure").rglob("*.py"))
    assert [name for name in ARTICLES | SPOKEN if not re.search(rf"\b{name}\b", law)] == []


def test_an_equivalent_has_its_reason(tmp_path: Path) -> None:
    listed = tmp_path / "equivalent.toml"
    listed.write_text(NOT_NOTICED.format(becomes="'x'").replace("nobody withdraws", " "))
    with pytest.raises(ValueError, match="no reason is given"):
        known_equivalents(listed)
    keys = [e.key for e in known_equivalents(EQUIVALENT)]
    assert len(set(keys)) == len(keys), "each is listed once"


def test_the_tests_of_the_law_run_as_mutants_are_tried() -> None:
    """Without Django and the plugins: a test of the articles that needs them would stop every run at its beginning."""
    plugins = [word for name in trials.WITHOUT.split() for word in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", *trials.OPTIONS, *plugins, "tests/articles"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))}
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
