"""What mypy refuses in a rule.

A condition that reads of its step what the step hasn't got, or reads it before there is a step.
"""

import ast
from pathlib import Path

import pytest
from mypy import api

from xinfang.procedure import incidents, steps

RULES = """
from xinfang.procedure.conditions import GivesReason, a_reason_is_given, it_is_classified
from xinfang.procedure.rules import CaseContext, DecisionContext, Rule, Step, condition
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.handling import SendBack, a_feedback_date_is_set


@condition("", todo="", about_case=True)
def asked_of_the_case(q: CaseContext) -> bool:
    return q.facts.state is not None


@condition("", todo="", about_case=True)
def asked_of_the_step(q: DecisionContext[GivesReason]) -> bool:  # refused: there may be no step yet
    return bool(q.step.reason)


class WithReason(Step):
    rule = Rule["WithReason"](
        code=StepCode.TALK, label="", cites=(), who=(), when=(),
        provided=(a_reason_is_given, it_is_classified, asked_of_the_case)
    )
    reason: str


class WithoutReason(Step):
    rule = Rule["WithoutReason"](
        code=StepCode.TALK, label="", cites=(), who=(), when=(),
        provided=(a_reason_is_given, it_is_classified)  # refused
    )
    grounds: str


class WithoutDate(Step):
    rule = Rule["WithoutDate"](
        code=StepCode.TALK, label="", cites=(), who=(), when=(), provided=(a_feedback_date_is_set,)  # refused
    )
    reason: str
"""


def test_a_condition_reads_only_what_its_step_has(tmp_path: Path) -> None:
    source = tmp_path / "rules_to_check.py"
    source.write_text(RULES, "utf-8")
    found, trouble, _ = api.run(
        ["--config-file=", "--strict", "--ignore-missing-imports", f"--cache-dir={tmp_path / 'cache'}", str(source)]
    )
    assert not trouble
    told = sorted(int(line.split(":")[1]) for line in found.splitlines() if ": error: " in line)
    refused = [n for n, line in enumerate(RULES.splitlines(), 1) if "# refused" in line]
    assert told == [refused[0] - 1, *refused[1:]], found  # of a decorated function mypy names the decorator's line


@pytest.mark.parametrize("package", [steps, incidents], ids=["steps", "incidents"])
def test_a_rule_names_the_class_of_its_own_step(package: object) -> None:
    """Otherwise the conditions would be compared with another step's fields."""
    named = {}
    for file in sorted(Path(str(package.__file__)).parent.glob("*.py")):
        for made in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(made, ast.ClassDef):
                for line in made.body:
                    if isinstance(line, ast.Assign | ast.AnnAssign) and isinstance(line.value, ast.Call):
                        target = line.targets[0] if isinstance(line, ast.Assign) else line.target
                        if ast.unparse(target) == "rule":
                            named[made.name] = ast.unparse(line.value.func)
    kind = "Rule" if package is steps else "IncidentStepRule"
    assert named and named == {name: f"{kind}['{name}']" for name in named}
