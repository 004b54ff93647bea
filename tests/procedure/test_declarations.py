"""How steps are declared: old events still load, empty forms are answered in words, nothing is left unnamed."""

import dataclasses

import pytest

from xinfang.procedure import archive
from xinfang.procedure.rules import SecondPerson, Step
from xinfang.procedure.step_schema import InvalidAnswer, load_step, step_schema
from xinfang.procedure.steps import STEPS, check_known
from xinfang.procedure.words import PaperKind, State


@pytest.mark.parametrize("step", [*STEPS.values(), SecondPerson], ids=lambda s: s.__name__)
def test_an_answer_that_may_be_left_out_has_a_default(step: type[Step]) -> None:
    required = {s.name for s in step_schema(step) if s.required}
    without = {
        f.name
        for f in dataclasses.fields(step)
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    }
    assert required == without


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_an_empty_form_is_answered_in_words(step: type[Step]) -> None:
    required = [s for s in step_schema(step) if s.required]
    if not required:
        load_step(step, {})
        return
    with pytest.raises(InvalidAnswer) as told:
        load_step(step, {})
    assert list(told.value.problems.values()) == [
        f"请{'填写' if s.kind in ('line', 'text', 'date', 'number', 'list') else '选择'}“{s.label}”。" for s in required
    ]


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_rule_is_whole(step: type[Step]) -> None:
    rule = step.rule
    assert rule.cites and rule.who and rule.label
    assert rule.new or rule.when
    assert not rule.new or not rule.when
    assert not step.when_field or step.when_field in {s.name for s in step_schema(step)}
    assert set(rule.papers) <= set(PaperKind) and set(rule.to) <= set(State)
    assert all(s.label and s.label != s.name for s in step_schema(step)), "every question is asked in Chinese"


def test_one_condition_code_means_one_sentence_within_a_step() -> None:
    for code, step in STEPS.items():
        codes = [c.code for c in step.rule.provided]
        assert len(codes) == len(set(codes)), code


def test_a_step_that_does_not_exist_is_noticed_on_import() -> None:
    check_known(archive.STEP_CODES, "archive")
    with pytest.raises(LookupError, match="archive names unknown steps: reigster"):
        check_known([*archive.STEP_CODES, "reigster"], "archive")
