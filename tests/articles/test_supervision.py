"""规程第五条、第六条，条例第四十条：系统按规则找出督办事由，并逐级告知；每一条都说明从哪一天起成立、为什么告知。"""

from dataclasses import replace
from datetime import date

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OTHER_HEAD,
    OTHER_UNIT,
    SEALED,
    UNIT,
    Case,
)
from tests.articles.stories import accepted, assigned, classified, closed, drafted, in_hand, served
from xinfang.procedure import limits
from xinfang.procedure.alerts import AT_ONCE, ESCALATED, LEVELS, Level, alerts
from xinfang.procedure.clocks import CLOCKS, running
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.supervision import (
    ESCALATION,
    GROUNDS,
    HANDLING_UNIT_STEPS,
    OFFICE_CLOCKS,
    SHARED_STEPS,
    EscalationRung,
    FoundGround,
    GroundOfSupervision,
    find_grounds,
    ground_sentence,
    supervision_text,
    who_is_notified,
)
from xinfang.procedure.timing import ClockKind
from xinfang.procedure.what_is_due import LISTED, SORTING

MONDAY = date(2026, 3, 2)
"""Received, accepted and handed over on this day: the 60 days end on 1 May."""


def belongs(code: str, unit: str, day: date) -> bool:
    person = DIRECTORY.staff.get(code)
    return person is not None and unit in person.units


def found_in(case: Case) -> dict[tuple[str, str], FoundGround]:
    every = find_grounds(case.facts, running(case.facts, case.calendar), belongs)
    assert len({(f.ground, f.unit) for f in every}) == len(every)
    return {(f.ground.value, f.unit): f for f in every}


def holding(case: Case, on: date) -> set[tuple[str, str]]:
    return {key for key, f in found_in(case).items() if f.since <= on}


# ---- half of the time without a record


def test_half_of_the_units_time_is_gone_and_nothing_is_recorded() -> None:
    case = assigned(MONDAY)
    assert (GroundOfSupervision.NO_RECORD, UNIT) not in holding(case, date(2026, 4, 1))
    assert (GroundOfSupervision.NO_RECORD, UNIT) in holding(case, date(2026, 4, 2))
    found = found_in(case)[(GroundOfSupervision.NO_RECORD, UNIT)]
    assert ground_sentence(found, date(2026, 4, 2)) == "2026年3月2日交办后没有办理记录，时限（2026年5月1日届满）已过半"


def test_signing_for_a_case_is_no_record_of_work() -> None:
    assert (GroundOfSupervision.NO_RECORD, UNIT) in holding(in_hand(MONDAY), date(2026, 4, 2))


def test_any_record_of_the_unit_ends_it() -> None:
    case = in_hand(MONDAY)
    case.take(StepCode.TALK, by=HANDLER, on=date(2026, 3, 10))
    assert (GroundOfSupervision.NO_RECORD, UNIT) not in found_in(case)


def test_what_the_office_records_is_no_record_of_the_unit() -> None:
    case = in_hand(MONDAY)
    case.take(StepCode.TALK, by=CLERK, on=date(2026, 3, 10))
    assert (GroundOfSupervision.NO_RECORD, UNIT) in found_in(case)


def test_a_late_hand_over_is_not_the_units_fault() -> None:
    case = accepted(MONDAY)
    case.take(StepCode.ASSIGN, by=CLERK, on=date(2026, 4, 21))
    assert found_in(case)[(GroundOfSupervision.NO_RECORD, UNIT)].since == date(2026, 4, 27), (
        "half of the ten days that are left"
    )


# ---- sent back


def test_sent_back_by_the_unit_waits_for_the_office() -> None:
    case = assigned(MONDAY)
    case.take(StepCode.SEND_BACK, by=HEAD, on=date(2026, 3, 4))
    assert holding(case, date(2026, 3, 11)) == set()
    assert (GroundOfSupervision.NOT_RESUBMITTED, "") in holding(case, date(2026, 3, 12))
    assert "没有重新交办" in ground_sentence(
        found_in(case)[(GroundOfSupervision.NOT_RESUBMITTED, "")], date(2026, 3, 12)
    )
    case.take(StepCode.ASSIGN, by=CLERK, on=date(2026, 3, 12), handling_unit=OTHER_UNIT)
    assert not holding(case, date(2026, 3, 20)), "it is the other unit's now, and its time has begun again"


@pytest.mark.parametrize(("returned_by", "who"), [(StepCode.REVIEW_REPLY, HEAD), (StepCode.SIGN_REPLY, LEADER)])
def test_a_returned_draft_waits_for_the_unit(returned_by: str, who: object) -> None:
    case = drafted(MONDAY)
    if returned_by == StepCode.SIGN_REPLY:
        case.take(StepCode.REVIEW_REPLY, by=HEAD)
    case.take(returned_by, by=who, on=date(2026, 3, 9), agree=False, opinion="请补充依据")
    found = found_in(case)[(GroundOfSupervision.NOT_RESUBMITTED, UNIT)]
    assert found.since == date(2026, 3, 17), "seven days after the return are over"
    assert "没有重新报送" in ground_sentence(found, found.since)
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, on=date(2026, 3, 18))
    assert (GroundOfSupervision.NOT_RESUBMITTED, UNIT) not in found_in(case)


# ---- an assistant


def assisted() -> Case:
    case = accepted(MONDAY)
    case.take(StepCode.ASSIGN, by=CLERK, assisting_units=[OTHER_UNIT])
    return case


def test_an_assistant_unit_is_silent_for_fifteen_days() -> None:
    case = assisted()
    assert (GroundOfSupervision.ASSISTANT_SILENT, OTHER_UNIT) not in holding(case, date(2026, 3, 17))
    assert (GroundOfSupervision.ASSISTANT_SILENT, OTHER_UNIT) in holding(case, date(2026, 3, 18))
    assert "协办单位平台处" in ground_sentence(
        found_in(case)[(GroundOfSupervision.ASSISTANT_SILENT, OTHER_UNIT)], date(2026, 3, 18), "平台处"
    )


def test_a_word_of_the_assistant_ends_it_and_the_handlers_does_not() -> None:
    case = assisted()
    case.take(StepCode.SIGN_FOR, by=HEAD)
    case.take(StepCode.TALK, by=HANDLER, on=date(2026, 3, 5))
    assert (GroundOfSupervision.ASSISTANT_SILENT, OTHER_UNIT) in found_in(case)
    case.take(StepCode.TALK, by=OTHER_HEAD, on=date(2026, 3, 6))
    assert (GroundOfSupervision.ASSISTANT_SILENT, OTHER_UNIT) not in found_in(case)


def test_an_assistants_word_is_no_record_of_the_handling_unit() -> None:
    case = assisted()
    case.take(StepCode.TALK, by=OTHER_HEAD, on=date(2026, 3, 6))
    assert (GroundOfSupervision.NO_RECORD, UNIT) in found_in(case)


# ---- overdue and unanswered


def test_overdue_from_the_day_after_the_limit() -> None:
    case = in_hand(MONDAY)
    due = case.clock("unit_feedback").due.due
    found = found_in(case)[(GroundOfSupervision.OVERDUE, UNIT)]
    assert (found.clock, found.due, found.since) == ("unit_feedback", due, date(2026, 4, 2))
    assert "已超期1日" in ground_sentence(found, date(2026, 4, 2))


def test_a_supervision_waits_for_its_answer_whatever_its_ground() -> None:
    case = served(MONDAY)
    case.take(StepCode.SUPERVISE, by=CLERK, ground="not_carried_out", on=date(2026, 3, 3))
    assert holding(case, date(2026, 3, 3)) == {(GroundOfSupervision.AWAITED, UNIT)}
    found = found_in(case)[(GroundOfSupervision.AWAITED, UNIT)]
    assert ground_sentence(found, date(2026, 3, 12)) == "2026年3月3日督办，应于2026年3月10日前反馈，逾期2日未反馈"
    case.take(StepCode.ANSWER_SUPERVISION, by=HEAD, on=date(2026, 3, 5))
    assert not found_in(case)


def test_an_issued_reply_leaves_no_ground() -> None:
    assert not found_in(served(MONDAY))


def test_a_sealed_report_has_no_ground_at_all() -> None:
    case = classified(MONDAY, matter_class="report", route=None)
    assert not found_in(case)


def test_every_ground_has_articles_words_and_what_to_do() -> None:
    assert set(GROUNDS) == set(GroundOfSupervision)
    for rule in GROUNDS.values():
        assert rule.cites and rule.todo.endswith("。")
    found = FoundGround(GroundOfSupervision.OVERDUE, UNIT, MONDAY, date(2026, 5, 2), date(2026, 5, 1), "handling")
    assert supervision_text(found, date(2026, 5, 4)).startswith(
        "经查，此件“办结”2026年5月1日届满，已超期3日（规程第五条"
    )


def test_the_steps_that_count_as_records_exist_and_are_the_units() -> None:
    units = {"a_handler", "a_head_of_the_handling_unit", "an_involved_unit", "a_reviewer", "the_pressed_unit"}
    for code in (*HANDLING_UNIT_STEPS, *SHARED_STEPS):
        assert units & {w.code for w in STEPS[code].rule.who}, code
    for code in HANDLING_UNIT_STEPS:
        assert {w.code for w in STEPS[code].rule.who} <= units, code


# ---- who is told how late


def rungs(level: Level, clock: str, case: Case) -> list[str]:
    return [told.rung.value for told in who_is_notified(level, clock, case.facts)]


def test_the_way_up() -> None:
    case = in_hand(MONDAY)
    assert rungs(Level.HALF, "handling", case) == ["handler"]
    assert rungs(Level.WEEK, "handling", case) == ["handler", "head"]
    assert rungs(Level.DAYS, "handling", case) == ["handler", "head", "responsible"]
    assert rungs(Level.OVERDUE, "handling", case) == ["handler", "head", "responsible", "office"]
    assert rungs(Level.LONG, "handling", case) == ["responsible", "office", "principal"]


def test_where_nobody_handles_it_yet_the_head_is_told_first() -> None:
    case = assigned(MONDAY)
    assert rungs(Level.HALF, "handling", case) == ["head"]
    assert rungs(Level.OVERDUE, "handling", case) == ["head", "responsible", "office"]


def test_what_the_office_keeps_itself_is_told_to_the_office_from_the_beginning() -> None:
    case = in_hand(MONDAY)
    assert rungs(Level.HALF, "assigned_feedback", case) == ["office"]
    assert rungs(Level.OVERDUE, "notice", case) == ["office", "head", "responsible"]
    assert set(OFFICE_CLOCKS) <= set(CLOCKS)


def test_of_a_message_after_the_end_the_office_is_told_first() -> None:
    assert rungs(Level.OVERDUE, "message", in_hand(MONDAY)) == ["handler", "head", "responsible", "office"]
    assert rungs(Level.OVERDUE, "message", closed(MONDAY)) == ["office", "head", "responsible"]


def test_of_a_sealed_report_only_the_named_officer_is_told() -> None:
    case = classified(MONDAY, matter_class="report", route=None)
    for level in LEVELS:
        assert rungs(level, "assigned_feedback", case) == ["sealed"]
    assert SEALED.code not in {told.why for told in who_is_notified(Level.LONG, "notice", case.facts)}


def test_everybody_is_told_why_with_an_article() -> None:
    elsewhere = (EscalationRung.SEALED, EscalationRung.OFFICE_HEAD)
    assert [told.rung for told, _ in ESCALATION] == [r for r in EscalationRung if r not in elsewhere]
    for told, _ in ESCALATION:
        assert told.cites and "（" in str(told) and told.why
    why = {told.rung: str(told) for told, _ in ESCALATION}
    assert why[EscalationRung.PRINCIPAL] == "超期10日以上，或督办逾期未反馈的，报厅主要领导（规程第五条）"
    assert why[EscalationRung.HEAD].startswith("您是承办处室（单位）负责人，到期前7日起提醒")


def test_the_principal_leader_is_told_ten_days_late_or_at_once_of_an_unanswered_supervision() -> None:
    due = date(2026, 5, 1)
    late = {a.level: a.on for a in alerts("handling", MONDAY, due, due)}
    assert (late[Level.OVERDUE], late[Level.LONG]) == (date(2026, 5, 2), date(2026, 5, 12))
    pressed = {a.level: a.on for a in alerts("supervision", MONDAY, date(2026, 3, 9), date(2026, 3, 9))}
    assert pressed[Level.OVERDUE] == pressed[Level.LONG] == date(2026, 3, 10)


def test_only_our_own_duties_are_escalated() -> None:
    for code in ESCALATED:
        # Who leaves a message unanswered may be whom it asks to withdraw.
        assert CLOCKS[code].kind is ClockKind.DUTY or code == "message", code
    for code in set(CLOCKS) - {*ESCALATED, *AT_ONCE}:
        assert Level.LONG not in {a.level for a in alerts(code, MONDAY, date(2026, 4, 1), date(2026, 4, 1))}, code


def test_the_numbers_are_the_departments_own_settings() -> None:
    chosen = (limits.WARN_HEAD, limits.WARN_LEADER, limits.TELL_PRINCIPAL, limits.RESUBMIT, limits.ASSIST)
    assert [str(n) for n in chosen] == ["7日", "3日", "10日", "7日", "15日"]
    assert all(n.setting and n.cites for n in chosen)


def test_the_escalation_is_an_event_by_the_system_alone() -> None:
    case = in_hand(MONDAY)
    assert "应由系统" in case.refused(StepCode.ESCALATE, by=CLERK)
    before = case.facts
    case.take(StepCode.ESCALATE, by=SYSTEM, on=date(2026, 5, 12), told=["principal"])
    assert replace(case.facts, history=before.history) == before, "it changes nothing of the case"
    assert case.facts.history[-1].step.says(DIRECTORY).endswith("已告知principal")
    case.take(StepCode.ESCALATE, by=SYSTEM, told=[])
    assert "没有可以告知的厅主要领导" in case.facts.history[-1].step.says(DIRECTORY)


def test_the_days_of_the_warnings_on_sixty_days_by_the_calendar() -> None:
    """Accepted on 2 March, due on 1 May: past half of the days, seven and three days before, and when it is late."""
    due = date(2026, 5, 1)
    assert [(a.level, a.on) for a in alerts("handling", MONDAY, due, due)] == [
        (Level.HALF, date(2026, 4, 2)),
        (Level.WEEK, date(2026, 4, 24)),
        (Level.DAYS, date(2026, 4, 28)),
        (Level.OVERDUE, date(2026, 5, 2)),
        (Level.LONG, date(2026, 5, 12)),
    ]


def test_book_keeping_gives_no_case_its_place_in_a_list() -> None:
    assert {c.code for c in LISTED} - {c.code for c in SORTING} == {"regional_entry", "bureau_advice"}
