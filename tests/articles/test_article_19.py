"""规程第十九条：成绩突出的单位和个人给予表扬奖励。由人决定、由人记录，系统不评分、不排名。"""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    PRINCIPAL,
    RECEIVED,
    STAFF,
    UNIT,
)
from xinfang.procedure import personnel_decisions
from xinfang.procedure.calendar import seed_calendar
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.personnel_decisions import (
    CONDITIONS,
    DecisionContextFacts,
    DecisionQuestion,
    RecordedDecision,
    why_not_confirmed,
    why_not_recorded,
)
from xinfang.procedure.rules import Reason
from xinfang.procedure.step_schema import StaffCode, UnitCode, load_step, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.visibility import DecisionFacts, DecisionStage
from xinfang.procedure.words import Role

PRAISE: dict[str, Any] = {
    "kind": "commendation",
    "unit": UNIT,
    "basis": "自治区信访工作表彰奖励办法第五条",
    "body": "厅党组会议",
    "decided_on": RECEIVED,
    "document_number": "内科发〔2026〕7号",
    "outcome": "通报表扬",
    "text": "全年按期办结，群众反映好。",
}
WAITING = DecisionFacts(number="JC2026-0001", by=StaffCode("office_head"), unit=UnitCode(UNIT))
STANDS = DecisionFacts(
    number="JC2026-0001", by=StaffCode("office_head"), unit=UnitCode(UNIT), stage=DecisionStage.CONFIRMED
)


def reasons(
    answers: dict[str, Any], by: Actor = OFFICE_HEAD, given: DecisionContextFacts | None = None
) -> dict[str, Reason]:
    what = load_step(RecordedDecision, {**PRAISE, **answers})
    question = DecisionQuestion(
        step=what,
        facts=Facts(),
        actor=by,
        today=RECEIVED,
        calendar=seed_calendar(),
        directory=DIRECTORY,
        given=given or DecisionContextFacts(),
    )
    return {r.code: r for r in why_not_recorded(question)}


def test_the_head_of_the_office_records_and_nobody_else() -> None:
    assert reasons({}) == {}
    for somebody in STAFF:
        if not somebody.has(Role.OFFICE_HEAD):
            assert "who" in reasons({}, by=somebody), somebody.code
    assert "规程第十九条" in str(reasons({}, by=CLERK)["who"])


def test_a_leader_confirms_it_and_never_who_recorded_it() -> None:
    assert why_not_confirmed(WAITING, LEADER, agree=True, opinion="") == []
    assert why_not_confirmed(WAITING, PRINCIPAL, agree=True, opinion="") == []
    for somebody in (OFFICE_HEAD, CLERK, HEAD, HANDLER):
        assert "who" in {r.code for r in why_not_confirmed(WAITING, somebody, agree=True, opinion="")}
    mine = DecisionFacts(number="JC2026-0002", by=LEADER.code, unit=UnitCode(UNIT))
    assert [r.code for r in why_not_confirmed(mine, LEADER, agree=True, opinion="")] == ["second_person"]


def test_who_does_not_agree_says_why() -> None:
    assert [r.code for r in why_not_confirmed(WAITING, LEADER, agree=False, opinion="")] == ["a_reason_is_given"]
    assert why_not_confirmed(WAITING, LEADER, agree=False, opinion="与文件不符") == []


def test_what_was_answered_is_not_answered_again() -> None:
    assert [r.code for r in why_not_confirmed(STANDS, LEADER, agree=True, opinion="")] == ["when"]


def test_nobody_confirms_what_concerns_himself() -> None:
    own = DecisionFacts(number="JC2026-0003", by=OFFICE_HEAD.code, person=LEADER.code)
    refused = why_not_confirmed(own, LEADER, agree=True, opinion="")
    assert "条例第二十八条" in str(refused[0]) and refused[0].code == "it_does_not_concern_the_writer"


BREAKS: dict[str, tuple[dict[str, Any], DecisionContextFacts]] = {
    "one_unit_or_one_person": ({"person": "handler"}, DecisionContextFacts()),
    "it_concerns_somebody_here": ({"unit": "nowhere"}, DecisionContextFacts()),
    "it_does_not_concern_the_writer": ({"unit": "", "person": "office_head"}, DecisionContextFacts()),
    "it_was_decided": ({"decided_on": RECEIVED + timedelta(days=1)}, DecisionContextFacts()),
    "discipline_names_its_ground": ({"kind": "discipline"}, DecisionContextFacts()),
    "commendation_names_none": ({"ground": "n45_1"}, DecisionContextFacts()),
    "what_it_is_about_is_seen": ({"about": "LX2026000099"}, DecisionContextFacts(about_seen=False)),
    "what_is_corrected_stands": (
        {"corrects": "JC2026-0001", "reason": "姓名有误"},
        DecisionContextFacts(corrected=WAITING),
    ),
    "it_was_not_corrected_before": (
        {"corrects": "JC2026-0001", "reason": "姓名有误"},
        DecisionContextFacts(corrected=STANDS, corrected_already=True),
    ),
    "a_correction_says_why": ({"corrects": "JC2026-0001"}, DecisionContextFacts(corrected=STANDS)),
}


@pytest.mark.parametrize("name", [c.code for c in CONDITIONS])
def test_one_thing_made_wrong_is_refused_with_its_article(name: str) -> None:
    answers, given = BREAKS[name]
    found = reasons(answers, given=given)
    assert set(found) == {name}
    assert found[name].cites and found[name].todo


def test_the_table_breaks_every_condition_and_no_other() -> None:
    assert set(BREAKS) == {c.code for c in CONDITIONS}


def test_neither_two_nor_nobody_is_named() -> None:
    assert set(reasons({"unit": ""})) == {"one_unit_or_one_person"}


def test_a_correction_of_what_stands_is_recorded() -> None:
    answers = {"corrects": "JC2026-0001", "reason": "姓名有误"}
    assert reasons(answers, given=DecisionContextFacts(corrected=STANDS)) == {}
    assert set(reasons(answers, given=DecisionContextFacts(corrected=None))) == {"what_is_corrected_stands"}


def test_nothing_is_ever_counted_or_decided_by_the_system() -> None:
    """No number is asked for but the day, no step or clock leads to a decision."""
    assert {s.kind for s in step_schema(RecordedDecision)} <= {"word", "unit", "staff", "line", "text", "date"}
    assert not [
        code for code, step in STEPS.items() if "the_system" in {w.code for w in step.rule.who} and "reward" in code
    ]
    assert Role.SYSTEM not in (*personnel_decisions.RECORDS_DECISIONS, *personnel_decisions.CONFIRMS_DECISIONS)


def test_a_day_that_was() -> None:
    assert reasons({"decided_on": date(2020, 1, 1)}) == {}
