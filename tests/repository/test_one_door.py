"""Pages, commands and exports get at a case by `cases.access` alone.

The contract that says so finds one that doesn't.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
DECIDED_AT_THE_DOOR = {"only_advises", "redact_links", "redact_for_adviser"}
"""What each page once had to remember to ask."""


FORBIDDEN = ("xinfang.cases.queries.petitions", "xinfang.cases.actions.locked_petition", "xinfang.cases.history")
MAY = re.compile(r"xinfang\.(?:\w+\.actions\b.*|\w+\.projections\b.*|cases\..*|operations\.demo\..*)")
"""Who reads a case past the door.

The contract says who may import it from where it is; nobody else takes it from these.
"""


@pytest.mark.parametrize(
    "module",
    [
        "papers/views/papers.py",
        "casework/commands/case_json.py",
        "archive/dossier/gathering.py",
        "figures/workbook.py",
        "exchange/queries.py",
    ],
)
def test_a_page_that_reads_a_case_past_the_door_is_found(tmp_path: Path, module: str) -> None:
    assert lint(tmp_path, module, "from xinfang.cases.queries.visible_petitions import visible_to") == (0, "KEPT")
    for line in ("queries.petitions import facts_of", "actions.locked_petition import lock_petition"):
        assert lint(tmp_path, module, f"from xinfang.cases.{line}") == (1, "BROKEN")


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


parsed = cache(ast.parse)


class Names:
    """Where the names come from that the modules of the program use."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.trees = {module: parsed(text) for module, text in texts.items()}
        self._bound = {module: dict(self._imports(module)) for module in self.trees}

    def _imports(self, module: str) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.trees[module]):
            if isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    above = module.split(".")[: -node.level] if module not in PACKAGES else module.split(".")
                    base = ".".join([*above, base]).strip(".")
                for alias in node.names:
                    yield alias.asname or alias.name, f"{base}.{alias.name}"

    def home(self, name: str) -> str:
        """The full name under which something is defined, however often it was passed on."""
        module, _, last = name.rpartition(".")
        passed = self._bound.get(module, {}).get(last)
        return self.home(passed) if passed and passed != name else name

    def passed_on(self, module: str) -> Iterator[str]:
        """What a module takes from another module than where it is defined.

        By an import, or as an attribute of a module that it imported.
        """
        bound = self._bound[module]
        taken = [
            f"{self.home(bound[node.value.id])}.{node.attr}"
            for node in ast.walk(self.trees[module])
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in bound
        ]
        for name in (*bound.values(), *taken):
            if (home := self.home(name)) != name:
                yield home


@cache
def program() -> dict[str, str]:
    found = {}
    for path in (ROOT / "xinfang").rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


PACKAGES = {".".join(p.parent.relative_to(ROOT).parts) for p in (ROOT / "xinfang").rglob("__init__.py")}


def passed_on(texts: dict[str, str]) -> list[str]:
    """What comes from behind the door by way of another module, to one that may not open it itself."""
    names = Names(texts)
    return [
        f"{module}: {name}"
        for module in sorted(texts)
        if not MAY.fullmatch(module)
        for name in names.passed_on(module)
        if name.startswith(FORBIDDEN)
    ]


def test_nothing_from_behind_the_door_is_passed_on_to_a_page() -> None:
    assert passed_on(program()) == []


@pytest.mark.parametrize(
    "module", ["xinfang.papers.views.papers", "xinfang.figures.workbook", "xinfang.exchange.queries"]
)
@pytest.mark.parametrize(
    "line",
    [
        "from xinfang.cases.actions.perform import petitions",
        "from xinfang.cases.actions import perform as p; p.locked_petition.lock_petition('N', None)",
        "from xinfang.papers.actions.paper_texts import facts_of",
        "from xinfang.papers.actions import paper_texts as acts; acts.lock_petition('N', None)",
        "from xinfang.cases.access import facts_of",
    ],
)
def test_a_page_that_takes_it_from_who_may_is_found(module: str, line: str) -> None:
    texts = program()
    assert passed_on({**texts, module: f"{texts[module]}\n{line}\n"})


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
