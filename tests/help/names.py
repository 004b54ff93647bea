"""What a reader can see of the program: the exact words of its steps, entries, buttons, headings, fields and words."""

import ast
import re
from functools import cache
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "xinfang"
_TAGS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{[%{].*?[%}]\}|<[^>]*>", re.DOTALL)


@cache
def shown() -> frozenset[str]:
    """Every whole text between tags of a template, and every whole constant of the code that is no docstring."""
    words: set[str] = set()
    for template in PROGRAM.glob("*/templates/**/*.html"):
        if "help" not in template.parts:
            words |= {part.strip() for part in _TAGS.split(template.read_text("utf-8"))}
    for module in PROGRAM.glob("**/*.py"):
        if module.parent != PROGRAM / "help":
            words |= _constants(ast.parse(module.read_text("utf-8")))
    return frozenset(words)


def _constants(tree: ast.Module) -> set[str]:
    said = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    return {
        n.value.strip()
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in said
    }
