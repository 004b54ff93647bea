"""No line is longer than 120 characters: two of them fit beside each other where changes are compared."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 120
KINDS = {
    "python": ("xinfang/**/*.py", "tests/**/*.py", "benchmarks/**/*.py", "scripts/*"),
    "templates": ("xinfang/*/templates/**/*.html",),
    "css and js": ("xinfang/*/static/**/*.css", "xinfang/*/static/**/*.js"),
}
# The wordings of papers (*.txt) are no kind at all: each of their lines is a paragraph that is printed.
LEFT_OUT = {
    "xinfang/*/migrations/*.py": "written by makemigrations",
}


def _files(kind: str) -> list[Path]:
    found = {file for pattern in KINDS[kind] for file in ROOT.glob(pattern) if file.is_file()}
    return sorted(f for f in found if not any(f.relative_to(ROOT).match(pattern) for pattern in LEFT_OUT))


def long_lines(text: str) -> list[int]:
    """The numbers of the lines that are longer than `LONGEST` characters."""
    return [number for number, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST]


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_is_too_long(kind: str) -> None:
    files = _files(kind)
    assert files, f"no {kind}: the patterns look in the wrong place"
    found = [f"{f.relative_to(ROOT)}:{n}" for f in files for n in long_lines(f.read_text("utf-8"))]
    assert found == []


def test_the_check_sees_a_long_line() -> None:
    assert long_lines(f"{'一' * LONGEST}\n{'一' * (LONGEST + 1)}\n") == [2]


@pytest.mark.parametrize("pattern", LEFT_OUT)
def test_what_is_left_out_is_there(pattern: str) -> None:
    assert list(ROOT.glob(pattern))
