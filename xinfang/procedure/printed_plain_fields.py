"""What an event holds in plain, step by step, as the declarations say: everything else is withheld and can be erased.

Printed by `xinfang explain --plain`; tests/procedure/test_plain_minimum.py holds the list as it was looked at.
"""

from collections.abc import Iterator
from typing import Any

from xinfang.procedure.step_schema import FieldSpec, step_schema

from .rules import SecondPerson, Step
from .steps import STEPS

SECOND_PERSON = "second_person"
"""The name for what a second person says, whatever the step."""
OF_EVERY_EVENT = (
    "编号和序号",
    "步骤和环节",
    "发生日期和记录时间",
    "办理人、录入人、身份、代行",
    "之前和之后的状态",
    "防重复标记",
)
"""What every event holds beside the answers."""


def plain_fields(cls: Any) -> tuple[str, ...]:
    """Return the answers of a step that its event shows, in the order they are asked.

    Those of a list are given as `list.field`.
    """
    return tuple(path for path, shape in _paths(cls) if not shape.withheld)


def plain_answers_by_step() -> dict[str, tuple[str, ...]]:
    """Return what events show, by the code of each step, and for the second person's word."""
    return {code: plain_fields(cls) for code, cls in _classes().items()}


def as_plain_list() -> str:
    """Return the same as text for people: a line for each step."""
    lines = [f"每条办理记录都明示：{'、'.join(OF_EVERY_EVENT)}。", "各步骤另外明示：", ""]
    for code, cls in _classes().items():
        name = STEPS[code].rule.label if code in STEPS else "第二人意见"
        labels = [label for label, shape in _labels(cls) if not shape.withheld]
        lines.append(f"{name}（{code}）：{'、'.join(labels) or '无'}")
    lines += ["", "其余填写的文字和个人信息只留“已填写”的标记，加密另存，随案卷销毁。"]
    return "\n".join(lines) + "\n"


def _classes() -> dict[str, type[Step]]:
    return {**STEPS, SECOND_PERSON: SecondPerson}


def _paths(cls: Any, before: str = "") -> Iterator[tuple[str, FieldSpec]]:
    for shape in step_schema(cls):
        if shape.kind == "list":
            yield from _paths(shape.item, f"{before}{shape.name}.")
        else:
            yield before + shape.name, shape


def _labels(cls: Any, before: str = "") -> Iterator[tuple[str, FieldSpec]]:
    for shape in step_schema(cls):
        if shape.kind == "list":
            yield from _labels(shape.item, f"{before}{shape.label}的")
        else:
            yield before + shape.label, shape
