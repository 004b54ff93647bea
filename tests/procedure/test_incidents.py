"""Urgent events as a space.

Every condition can be broken, no step runs outside its duties, the chain of reports always comes to rest.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.articles.department import ADVISER, CLERK, DIRECTORY, HANDLER, LEADER, OFFICE_HEAD, PRINCIPAL, RECEPTION
from tests.articles.events import CENTRE, GUARD, NINE, UNIT, Event, gathering, group_visit
from xinfang.procedure.facts import SYSTEM, Actor
from xinfang.procedure.incidents import report_chain
from xinfang.procedure.incidents.replay import INCIDENT_STEPS, StoredEntry, replay_incident
from xinfang.procedure.incidents.rules import IncidentQuestion, decide_incident
from xinfang.procedure.incidents.words import ReportStage
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_schema import dump_step, load_step
from xinfang.procedure.visibility import may_see_incident
from xinfang.procedure.words import IncidentKind, Role

Broken = tuple[Callable[[], Event], str, Actor, dict[str, Any]]
THREAT = {"kind": "report_to_bureau", "ground": "threat", "text": "事实。", "review_rights_given": True}
BREAKS: dict[str, Broken] = {
    "this_kind_is_theirs_to_report": (Event, "report", GUARD, {"kind": "group_visit"}),
    "a_group_is_large_enough": (Event, "report", CLERK, {"kind": "group_visit", "people": 4}),
    "the_number_of_people_can_be": (Event, "report", CLERK, {"kind": "sudden_gathering", "people": 0}),
    "a_ground_for_the_bureau": (Event, "report", CLERK, {**THREAT, "ground": ""}),
    "the_facts_are_written": (Event, "report", CLERK, {**THREAT, "text": ""}),
    "something_waits_for_their_word": (group_visit, "confirm", CLERK, {}),
    "that_person_is_a_leader": (gathering, "told_by_phone", CLERK, {"leader": "handler"}),
    "that_unit_exists": (gathering, "call_in", CLERK, {"unit": "nowhere"}),
    "not_on_the_way_yet": (lambda: gathering().do("set_out", CLERK), "set_out", CLERK, {}),
    "not_there_yet": (lambda: gathering().do("arrive", CLERK), "arrive", CLERK, {}),
    "as_many_representatives_as_the_law_allows": (gathering, "choose_representatives", CLERK, {"representatives": 6}),
    "not_linked_yet": (
        lambda: gathering().do("register_on_the_spot", CLERK, number="LF2026000001"),
        "register_on_the_spot",
        CLERK,
        {"number": "LF2026000001"},
    ),
    "the_office_knows": (gathering, "end", CLERK, {"text": "已散去。"}),
    "a_leader_knows": (gathering, "end", CLERK, {"text": "已散去。"}),
    "reception_was_joint_or_why_not": (group_visit, "end", CLERK, {"text": "已散去。"}),
    "help_was_called_or_why_not": (
        lambda: Event().do("report", CLERK, kind="medical_emergency"),
        "end",
        CLERK,
        {"text": "已送医。"},
    ),
    "not_sent_yet": (
        lambda: (
            gathering()
            .do("draft_report", CLERK, text="事实。")
            .do("sign_report", LEADER)
            .do("send_report", CLERK, body="信访局", document_number="1号")
        ),
        "draft_report",
        CLERK,
        {"text": "又。"},
    ),
    "a_draft_waits": (gathering, "sign_report", LEADER, {}),
    "a_refusal_says_why": (
        lambda: gathering().do("draft_report", CLERK, text="事实。"),
        "sign_report",
        LEADER,
        {"agree": False},
    ),
    "it_is_signed": (gathering, "send_report", CLERK, {"body": "信访局"}),
}
"""For every condition: an event, and a step that it alone, or it among others, refuses."""


def test_every_condition_is_broken_here() -> None:
    assert {c.code for s in INCIDENT_STEPS.values() for c in s.rule.provided} == set(BREAKS)


@pytest.mark.parametrize("code", BREAKS)
def test_a_broken_condition_refuses_with_its_article_and_what_to_do(code: str) -> None:
    begin, step, by, answers = BREAKS[code]
    with pytest.raises(Refused) as refused:
        begin().do(step, by, 1, **answers)
    reason = next(r for r in refused.value.reasons if r.code == code)
    assert reason.cites and reason.todo and reason.text


PEOPLE = (CLERK, OFFICE_HEAD, RECEPTION, GUARD, CENTRE, HANDLER, LEADER, PRINCIPAL, ADVISER)
ANSWERS: dict[str, dict[str, Any]] = {
    "report": {"kind": "sudden_gathering", "people": 9},
    "called": {"number": "120"},
    "told_by_phone": {"leader": "leader"},
    "call_in": {"unit": UNIT},
    "note": {"text": "秩序平稳。"},
    "set_place": {"place": "二楼会议室"},
    "count_people": {"people": 20},
    "choose_representatives": {"representatives": 3},
    "register_on_the_spot": {"number": "LF2026000001"},
    "add_picture": {"digest": "0" * 64, "kind": "jpg"},
    "record_act": {"act": "blocking", "text": "堵门。", "witness": "当班", "answer": "dissuaded"},
    "instruct": {"text": "先接待。"},
    "end": {"text": "已接待。", "why_not": "未到场的另有公务。"},
    "draft_report": {"text": "事实。"},
    "send_report": {"body": "信访局", "document_number": "1号"},
    "remind": {"whom": "office", "minutes": 5, "times": 1},
    "tell_leaders": {"minutes": 10},
}
HUMAN = [c for c, s in INCIDENT_STEPS.items() if s.rule.roles != (Role.SYSTEM,) and c != "report"]
acts = st.lists(st.tuples(st.sampled_from(HUMAN), st.sampled_from(PEOPLE), st.integers(0, 9)), max_size=12)


@pytest.mark.parametrize("code", INCIDENT_STEPS)
@pytest.mark.parametrize("by", PEOPLE, ids=lambda p: p.code)
def test_no_step_runs_outside_its_duties(code: str, by: Actor) -> None:
    event, step = gathering(), load_step(INCIDENT_STEPS[code], ANSWERS.get(code, {}))
    asked = IncidentQuestion(step=step, facts=event.facts, actor=by, now=NINE, directory=DIRECTORY)
    if by.has(*step.rule.roles):
        return
    with pytest.raises(Refused) as refused:
        decide_incident(step, asked)
    assert "who" in {r.code for r in refused.value.reasons}


def played(kind: str, opener: Actor, script: list[tuple[str, Actor, int]]) -> Event:
    event, minute = Event().do("report", opener, kind=kind, people=8), 0
    for code, by, wait in script:
        minute += wait
        event.until(minute)
        try:
            event.do(code, by, minute, **ANSWERS.get(code, {}))
        except Refused:
            continue
    return event


@given(st.sampled_from([(k, CLERK) for k in ("group_visit", "sudden_gathering", "medical_emergency", "disturbance")]
                       + [("sudden_gathering", GUARD), ("medical_emergency", RECEPTION)]), acts)  # fmt: skip
def test_the_log_alone_tells_the_facts(begun: tuple[str, Actor], script: list[tuple[str, Actor, int]]) -> None:
    facts = played(*begun, script).facts
    duties = {p.code: p for p in PEOPLE}
    stored = [
        StoredEntry(
            line.seq,
            line.code,
            dump_step(line.step),
            line.at,
            line.by,
            line.role,
            tuple(r for r in INCIDENT_STEPS[line.code].rule.roles if line.by in duties and duties[line.by].has(r)),
        )
        for line in facts.lines
    ]
    assert replay_incident(facts.number, stored) == facts


@given(st.sampled_from([("sudden_gathering", GUARD), ("group_visit", CLERK), ("medical_emergency", GUARD)]), acts)
def test_the_leaders_are_always_told_and_the_chain_comes_to_rest(
    begun: tuple[str, Actor], script: list[tuple[str, Actor, int]]
) -> None:
    event = played(*begun, script)
    before = {t.role: t.confirmed_at for t in event.facts.told}
    event.until(100_000)
    after = event.facts
    assert report_chain.next_moment(after) is None
    assert after.ended_at or after.link_of(Role.LEADER) is not None
    for role, at in before.items():
        link = after.link_of(role)
        assert link is not None and (at is None or link.confirmed_at == at), "what was confirmed stays so"
    reminders = [line for line in after.lines if line.code == "remind"]
    assert len(reminders) <= 2 * report_chain.MAX_REMINDERS


@given(st.integers(5, 600))
def test_a_reminder_says_how_long_it_has_been_and_is_not_repeated(minutes: int) -> None:
    facts, now = gathering().facts, NINE + timedelta(minutes=minutes)
    first = [s for s in report_chain.due_chain_steps(facts, now) if s.rule.code == "remind"]
    assert [s.minutes for s in first] == [minutes]  # type: ignore[attr-defined]
    event = gathering()
    for step in report_chain.due_chain_steps(facts, now):
        event._take(step, SYSTEM, minutes)
    assert not [s for s in report_chain.due_chain_steps(event.facts, now) if s.rule.code == "remind"]


def test_whoever_reported_and_whoever_attends_sees_it_and_nobody_else() -> None:
    theirs, ours = gathering().facts, group_visit().facts
    assert may_see_incident(GUARD, theirs) and not may_see_incident(GUARD, ours)
    assert not may_see_incident(HANDLER, ours) and not may_see_incident(ADVISER, ours)
    called = group_visit().do("call_in", CLERK, unit=UNIT).facts
    assert may_see_incident(HANDLER, called)


def test_every_kind_says_who_comes_and_who_is_told() -> None:
    for kind in IncidentKind:
        opener = CLERK
        event = Event().do(
            "report", opener, **(THREAT if kind is IncidentKind.REPORT_TO_BUREAU else {"kind": str(kind)})
        )
        assert event.facts.link_of(Role.LEADER), "the office reports: the leaders are told at once"
        assert event.facts.report_stage is ReportStage.NONE
