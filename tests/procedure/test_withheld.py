"""What is withheld from an event and put in again gives the same step, personal fields marked.

Without the text it still loads.
"""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.articles.department import ANSWERS, RECEIVED
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_schema import WITHHELD_MARK, FieldSpec, dump_step, fill_in_withheld, load_step, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.vault.hash_chain import canonical

CLASSES = {**STEPS, "second_person": SecondPerson}
MARKER = "㊙"
"""Begins every text that is typed here; it is in nothing else."""


def _value(shape: FieldSpec) -> st.SearchStrategy[Any]:
    if shape.kind in ("line", "text"):
        # Cleaning may take blanks from the ends, never from between.
        letters = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Cn", "Z")), max_size=8)
        return letters.map(lambda t: f"{MARKER}{t}{MARKER}"[: shape.longest])
    if shape.kind == "date":
        return st.dates(date(1990, 1, 1), date(2100, 12, 31)).map(date.isoformat)
    if shape.kind == "number":
        return st.integers(-1_000_000, 1_000_000)
    if shape.kind == "yes_no":
        return st.booleans()
    if shape.kind == "word":
        return st.sampled_from([value for value, _ in shape.choices])
    if shape.kind == "list":
        return _answers(shape.item)
    return st.sampled_from(["funds", "clerk"])


def _answer(shape: FieldSpec) -> st.SearchStrategy[Any]:
    one = _value(shape)
    return st.lists(one, min_size=int(shape.required), max_size=3) if shape.many or shape.kind == "list" else one


def _answers(cls: Any) -> st.SearchStrategy[dict[str, Any]]:
    asked = {s.name: _answer(s) if s.required else st.none() | _answer(s) for s in step_schema(cls)}
    return st.fixed_dictionaries(asked)


def _marked(step: Any) -> Any:
    """As facts hold it: each personal field only as given or not."""
    changes: dict[str, Any] = {}
    for s in step_schema(type(step)):
        value = getattr(step, s.name)
        if s.kind == "list":
            changes[s.name] = tuple(map(_marked, value))
        elif s.private and value:
            changes[s.name] = WITHHELD_MARK
    return replace(step, **changes)


@given(st.data())
def test_a_step_comes_back_as_it_was(data: st.DataObject) -> None:
    cls = CLASSES[data.draw(st.sampled_from(sorted(CLASSES)))]
    step = load_step(cls, data.draw(_answers(cls)))
    shown = json.loads(canonical(dump_step(step, withhold=True)))
    whole = json.loads(canonical(dump_step(step)))
    plain_texts = {s.name for s in step_schema(cls) if s.plain}
    assert MARKER not in str({k: v for k, v in shown.items() if k not in plain_texts})
    assert load_step(cls, fill_in_withheld(cls, shown, whole)) == _marked(step)
    assert whole == dump_step(step) and (shown == whole) == (MARKER not in str(whole) or _only_plain(cls, whole))
    load_step(cls, shown)


def _only_plain(cls: Any, whole: dict[str, Any]) -> bool:
    return not any(MARKER in str(whole[s.name]) for s in step_schema(cls) if not s.plain)


def test_every_answer_of_the_tests_comes_back() -> None:
    for code, answers in ANSWERS.items():
        days = {s.name: RECEIVED for s in step_schema(STEPS[code]) if s.kind == "date"}
        step = load_step(STEPS[code], {**days, **answers})
        shown, whole = dump_step(step, withhold=True), dump_step(step)
        assert load_step(STEPS[code], fill_in_withheld(STEPS[code], shown, whole)) == _marked(step), code
