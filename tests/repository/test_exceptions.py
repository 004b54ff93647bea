"""Every exception of the program has one root, and a name means one exception."""

import ast
import builtins
import inspect
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "xinfang"
TOP = "XinfangError"
ALONE = {"vault/standalone.py": "is copied into each proof bundle and runs without this program"}
_BUILT_IN = {name for name, it in vars(builtins).items() if isinstance(it, type) and issubclass(it, BaseException)}
_FOREIGN = {"Http404", "SkipFile", "StopUpload", "error"}
"""Exceptions of libraries whose names don't end as usual: Django's, and struct.error."""


def is_foreign(base: str) -> bool:
    """Whether this is the name of an exception of Python or of a library."""
    return base in _BUILT_IN or base.endswith(("Error", "Exception", "ImproperlyConfigured"))


def exceptions(classes: Mapping[tuple[str, str], list[str]]) -> tuple[list[tuple[str, str]], set[str]]:
    """Of classes by (file, name) with the names of their bases: the exceptions, and the names below the top."""
    found: list[tuple[str, str]] = []
    named, below = set[str](), {TOP}
    while True:
        more = [c for c, bases in classes.items() if c not in found and any(is_foreign(b) or b in named for b in bases)]
        if not more:
            return found, below
        found += more
        named |= {name for _, name in more}
        for _ in classes:
            below |= {name for (_, name), bases in classes.items() if below & set(bases)}


def of_program() -> dict[tuple[str, str], list[str]]:
    """Every class of the program."""
    return {
        (file.relative_to(ROOT).as_posix(), node.name): [ast.unparse(b).rpartition(".")[2] for b in node.bases]
        for file in sorted(ROOT.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }


def test_every_exception_has_one_root() -> None:
    found, below = exceptions(of_program())
    assert len(found) > 40
    assert not [(file, name) for file, name in found if name not in below and file not in ALONE]


def test_a_name_means_one_exception() -> None:
    found, _ = exceptions(of_program())
    assert not [name for name, times in Counter(name for _, name in found).items() if times > 1]


_RAISES = re.compile(r"\b[Rr]aises? ((?:[\w.]*\b[A-Z]\w+)(?:(?:,| or| and|, or| as well as) [\w.]*\b[A-Z]\w+)*)")
_SECTION = re.compile(r"^Raises:\n((?:(?:[ ]+.*)?(?:\n|$))+)", re.MULTILINE)
_ENTRY = re.compile(r"^    ([^\s:]+):", re.MULTILINE)


def said_to_be_raised(text: str) -> list[str]:
    """Return the exceptions that a docstring names: in its section "Raises:", and after the word in a sentence."""
    entries = [name for section in _SECTION.findall(text) for name in _ENTRY.findall(section)]
    sentences = [name.strip(".,") for said in _RAISES.findall(text) for name in re.findall(r"[\w.]*[A-Z]\w+", said)]
    return [name.rpartition(".")[2] for name in entries + sentences]


def test_what_is_said_to_be_raised_exists() -> None:
    known = {name for _, name in of_program()} | _BUILT_IN
    nodes = (
        (file.relative_to(ROOT).as_posix(), node)
        for file in sorted(ROOT.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    )
    said = [(file, name) for file, node in nodes for name in said_to_be_raised(ast.get_docstring(node) or "")]
    assert len(said) > 100
    assert [(file, name) for file, name in said if name not in known | _FOREIGN and not is_foreign(name)] == []
    assert said_to_be_raised("Keeps it. Raises a.b.Gone, Refused or NotVisible. The rest.") == [
        "Gone",
        "Refused",
        "NotVisible",
    ]
    section = """Keep it.

    Raises:
        Refused: it can't be kept; its text names
            Everything: that is wrong.
        a.b.Gone: it is gone.

    Note: the rest.
    """
    assert said_to_be_raised(inspect.cleandoc(section)) == ["Refused", "Gone"]


def test_one_without_the_root_would_be_found() -> None:
    classes = {
        ("a.py", TOP): ["Exception"],
        ("a.py", "Good"): [TOP, "ValueError"],
        ("b.py", "Better"): ["Good"],
        ("b.py", "Bad"): ["ValueError"],
        ("c.py", "Worse"): ["Bad"],
        ("c.py", "Row"): ["Model"],
    }
    found, below = exceptions(classes)
    assert {name for _, name in found} - below == {"Bad", "Worse"} and "Row" not in below
