"""每个步骤问什么：哪些是个人信息（个人信息保护法第六条、第五十一条），不填时视为什么。"""

from collections.abc import Iterator

import pytest

from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import FieldSpec, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Competence, Material, PersonKind, PersonRole, ReceiptKind, Source

OF_PERSONS = {f"persons.{name}" for name in ("name", "phone", "address", "id_number")}
PERSONAL = {
    StepCode.REGISTER: {"body", *OF_PERSONS},
    StepCode.IMPORT_HISTORY: {"body", "reply", "result", "noted", *OF_PERSONS},
    StepCode.SPLIT_OFF: {"body"},
    StepCode.SUPPLEMENT: OF_PERSONS,
    StepCode.CORRECT: {"new_value", "new_body"},
    StepCode.SERVE: {"receiver", "witness"},
    StepCode.SERVE_PAPER: {"receiver", "witness"},
    StepCode.SIGN_REPLY: {"text"},
    StepCode.ATTACH: {"name"},
}
"""What the history keeps no more of than that it was given: who somebody is, how to reach them, their own words."""

EMPTY = {"yes_no": False, "line": "", "text": "", "unit": "", "staff": "", "date": None, "word": None, "category": None}
OTHERWISE = {
    "source": Source.DIRECT,  # 没有来文机关的，是信访人直接提出的
    "persons.kind": PersonKind.NATURAL,
    "persons.role": PersonRole.PETITIONER,
    "group_size": 1,
    "receipt": ReceiptKind.SIGNED,
    "competence": Competence.OURS,  # 另有认定的，须写明依据
    "what": Material.OTHER,
    "agree": True,  # 不同意须写明理由，所以不填是同意
    "pages": 0,
    "hearing_days": 0,
    "person": 1,
    "owed_by": 0,
}


def fields(shapes_of: tuple[FieldSpec, ...], path: str = "") -> Iterator[tuple[str, FieldSpec]]:
    for shape in shapes_of:
        yield path + shape.name, shape
        if shape.item is not None:
            yield from fields(step_schema(shape.item), f"{shape.name}.")


@pytest.mark.parametrize("code", STEPS)
def test_what_is_personal_is_marked_and_nothing_else(code: str) -> None:
    assert {path for path, s in fields(step_schema(STEPS[code])) if s.private} == PERSONAL.get(code, set())


@pytest.mark.parametrize("step", [*STEPS.values(), SecondPerson], ids=lambda s: s.__name__)
def test_what_is_left_out_says_nothing_or_what_is_usual(step: type) -> None:
    for path, shape in fields(step_schema(step)):
        if not shape.required:
            usual = () if shape.many else OTHERWISE.get(path, EMPTY.get(shape.kind))
            assert shape.default == usual and type(shape.default) is type(usual), path
