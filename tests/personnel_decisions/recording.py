"""Decisions about the unit and staff of `tests.world`, recorded and answered as people would."""

from datetime import timedelta
from typing import Any

from tests.attachments import made
from tests.world import who
from xinfang.accounts.models import Staff
from xinfang.core.clock import today
from xinfang.personnel_decisions import actions as rewards
from xinfang.personnel_decisions.models import Decision, DecisionAnswer
from xinfang.procedure.personnel_decisions import RecordedDecision
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_schema import load_step

SECRET = "草场科拨付迟延的情况说明"
"""Words of a decision that must never be seen by who may not read it, nor lie anywhere in plain."""
PRAISE: dict[str, Any] = {
    "kind": "commendation",
    "basis": "自治区信访工作表彰奖励办法第五条",
    "body": "厅党组会议",
    "document_number": "内科发〔2026〕7号",
    "outcome": "通报表扬",
    "text": SECRET,
}
DISCIPLINE = {**PRAISE, "kind": "discipline", "ground": "n45_1", "outcome": "责令改正"}
NAME = "关于巴特尔同志的决定.png"


def staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def answers(of: str, /, **changes: Any) -> dict[str, Any]:
    """What is written of a decision about `unit`, the unit funds, or about a person by user name."""
    whom = {"unit": "funds"} if of == "unit" else {"person": of}
    return {**PRAISE, "decided_on": today() - timedelta(days=3), **whom, **changes}


def recorded(of: str, /, by: str = "office_head", **changes: Any) -> Decision:
    what = load_step(RecordedDecision, answers(of, **changes))
    return rewards.record_decision(what, made.png(), NAME, by=who(by), staff=staff(by))


def answered(number: str, by: str = "leader", *, agree: bool = True, opinion: str = "") -> DecisionAnswer:
    return rewards.answer_decision(number, SecondPerson(agree=agree, opinion=opinion), by=who(by), staff=staff(by))


def confirmed(of: str, /, **changes: Any) -> Decision:
    row = recorded(of, **changes)
    answered(row.number)
    return row
