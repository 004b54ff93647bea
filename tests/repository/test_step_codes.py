"""A step is named by its class or by `StepCode`; the text of its code is written once."""

import ast
from pathlib import Path

import pytest

from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS

ROOT = Path(__file__).parents[2]
UNMISTAKABLE = {code.value for code in StepCode if "_" in code}
"""Codes of one word are also names of fields, pages or rows ("route", "register"): they can't be looked for."""
CLOCKS = {"request_first_review", "first_review", "request_final_review", "final_review"}
MAY_NAME = {
    "xinfang/procedure/step_codes.py": UNMISTAKABLE,
    "xinfang/procedure/limits.py": CLOCKS,
    "xinfang/procedure/clocks.py": CLOCKS,
    "xinfang/procedure/clock_changes.py": CLOCKS,
    "xinfang/papers/wording/fields.py": CLOCKS,
    "xinfang/papers/wording/kinds.py": CLOCKS,
    # A notation of its own: each word of a clause is looked up when it is read, and one that is unknown is refused.
    "xinfang/procedure/clauses_house.py": UNMISTAKABLE,
    "xinfang/procedure/clauses_national.py": UNMISTAKABLE,
    "xinfang/procedure/readings_house.py": UNMISTAKABLE,
    "xinfang/procedure/readings_national.py": UNMISTAKABLE,
    # The methods of StepAnswers, which a path of the demo names.
    "xinfang/operations/demo/template_case.py": UNMISTAKABLE,
}


def named_as_text(tree: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and n.value in UNMISTAKABLE}


def test_every_step_has_its_code() -> None:
    assert list(STEPS) == list(StepCode)


def test_no_code_is_written_as_text() -> None:
    found = {}
    for path in sorted((ROOT / "xinfang").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        wrong = named_as_text(ast.parse(path.read_text())) - MAY_NAME.get(name, set())
        if wrong:
            found[name] = wrong
    assert found == {}


@pytest.mark.parametrize("text", ['f.last("{}")', 'x = {{"{}": 1}}', 'if code == "{}": pass'])
def test_one_that_is_put_back_is_found(text: str) -> None:
    assert named_as_text(ast.parse(text.format(StepCode.DRAFT_REPLY)))
