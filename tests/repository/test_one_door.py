"""Pages, commands and exports get at a case by `cases.access` alone: the contract that says so finds one that doesn't."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
DECIDED_AT_THE_DOOR = {"only_advises", "redact_links", "for_adviser"}
"""What each page once had to remember to ask."""


@pytest.mark.parametrize(
    "module", ["papers/views/papers.py", "casework/commands/case_json.py", "archive/dossier/gathering.py"]
)
def test_a_page_that_reads_a_case_past_the_door_is_found(tmp_path: Path, module: str) -> None:
    assert lint(tmp_path, module, "from xinfang.cases.queries.visible_petitions import visible_to") == (0, "KEPT")
    assert lint(tmp_path, module, "from xinfang.cases.queries.petitions import facts_of") == (1, "BROKEN")


def lint(folder: Path, module: str, line: str) -> tuple[int, str]:
    """What the contract says of the program with this line at the end of one module."""
    copied = folder / "xinfang"
    shutil.rmtree(copied, ignore_errors=True)
    shutil.copytree(
        ROOT / "xinfang", copied, ignore=lambda _, names: [n for n in names if Path(n).suffix not in ("", ".py")]
    )
    with (copied / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    command = [LINT, "--config", ROOT / "pyproject.toml", "--contract", "one-door", "--no-cache"]
    env = os.environ | {"PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False)
    verdict = [word for word in ("KEPT", "BROKEN") if f"alone {word}" in " ".join(done.stdout.split())]
    return done.returncode, verdict[0] if verdict else done.stdout + done.stderr


def shows() -> Iterator[Path]:
    """The modules of pages and commands."""
    for path in (ROOT / "xinfang").rglob("*.py"):
        if {"views", "commands"} & {*path.relative_to(ROOT).parts, path.stem}:
            yield path


def test_no_page_decides_itself_how_much_is_shown() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {alias.name}"
        for path in shows()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in DECIDED_AT_THE_DOOR
    ]
    assert not found and len(list(shows())) > 40
