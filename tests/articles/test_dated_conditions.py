"""A condition, or the duty to make a paper, that begins or ends on a day: a step follows the rules of its own day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.articles.department import CLERK, RECEIVED, Case
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.dated_rules import ALWAYS, InForce
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.printed_procedure import as_json, as_tables
from xinfang.procedure.rules import DecisionContext, condition
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.intake import Register
from xinfang.procedure.words import PaperKind

BEFORE, FROM = RECEIVED - timedelta(days=1), RECEIVED
AFTER = RECEIVED + timedelta(days=1)


def with_condition(monkeypatch: pytest.MonkeyPatch, in_force: InForce) -> None:
    @condition("应写明来件的收件人", REGULATION[18], todo="请填写收件人。", in_force=in_force)
    def its_addressee_is_named(q: DecisionContext[Any]) -> bool:
        return False

    monkeypatch.setattr(
        Register, "rule", replace(Register.rule, provided=(*Register.rule.provided, its_addressee_is_named))
    )


@pytest.mark.parametrize(
    ("in_force", "asked"),
    [
        (ALWAYS, True),
        (InForce(since=FROM), True),
        (InForce(since=AFTER), False),
        (InForce(until=FROM), True),
        (InForce(until=BEFORE), False),
        (InForce(BEFORE, AFTER), True),
        (InForce(FROM, FROM), True),
    ],
)
def test_a_condition_is_asked_on_its_days_alone(
    monkeypatch: pytest.MonkeyPatch, in_force: InForce, asked: bool
) -> None:
    with_condition(monkeypatch, in_force)
    case = Case()
    if asked:
        assert case.refused(StepCode.REGISTER, by=CLERK).codes == {"its_addressee_is_named"}
    else:
        case.take(StepCode.REGISTER, by=CLERK)


def test_the_print_says_on_which_days(monkeypatch: pytest.MonkeyPatch) -> None:
    with_condition(monkeypatch, InForce(date(2027, 1, 1), date(2028, 12, 31)))
    assert "应写明来件的收件人（自2027年1月1日起至2028年12月31日止）" in as_tables()
    told = next(s for s in as_json()["steps"] if s["code"] == StepCode.REGISTER)["provided"][-1]
    assert told["in_force"] == "自2027年1月1日起至2028年12月31日止"


def owed(monkeypatch: pytest.MonkeyPatch, in_force: InForce) -> bool:
    kind = PaperKind.REGISTRATION_SHEET
    monkeypatch.setattr("xinfang.procedure.rules.PAPERS", {**PAPERS, kind: replace(PAPERS[kind], in_force=in_force)})
    case = Case()
    case.take(StepCode.REGISTER, by=CLERK)
    return kind.label in case.papers


def test_a_paper_is_owed_by_what_happened_on_its_days(monkeypatch: pytest.MonkeyPatch) -> None:
    assert owed(monkeypatch, InForce(until=FROM)) and owed(monkeypatch, InForce(since=FROM))
    assert not owed(monkeypatch, InForce(since=AFTER)) and not owed(monkeypatch, InForce(until=BEFORE))
    assert InForce(since=FROM).words and not ALWAYS.words
