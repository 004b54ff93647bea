"""条例第三十条：不得将检举、揭发材料透露或者转给被检举、揭发的人员或者单位。"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import (
    BOTH,
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OTHER_SEALED,
    RECEIVED,
    RECEPTION,
    SEALED,
    SECOND_CLERK,
    STAFF,
    Case,
)
from tests.articles.stories import in_hand, instructed, proposed, registered, replied, reported, sealed_late, served
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.visibility import may_see


@pytest.mark.parametrize("somebody", [a for a in STAFF if a not in (SEALED, OTHER_SEALED, BOTH)], ids=lambda a: a.code)
def test_from_classification_on_only_its_officer_sees_it(somebody: Actor) -> None:
    assert not may_see(somebody, reported().facts)
    assert may_see(SEALED, reported().facts)


def test_not_even_the_officer_when_the_report_is_about_them() -> None:
    assert not may_see(SEALED, reported(complained_staff=["sealed"]).facts)


def test_a_report_is_not_turned_away_forwarded_or_filed() -> None:
    for code in (StepCode.REDIRECT, StepCode.FORWARD, StepCode.ROUTE, StepCode.FILE_WITHOUT_ACTION):
        assert "此件是检举控告，只能由专管员移送（条例第二十二条、条例第三十条）" in reported().refused(code, by=BOTH)


def test_it_is_not_to_be_entered_in_the_regional_system() -> None:
    """It is open there to others; no limit is missed by not doing what must not be done."""
    assert not reported().runs("regional_entry")
    case = reported()
    case.take(StepCode.CLASSIFY, by=SEALED)
    assert case.runs("regional_entry"), "wrongly sealed: it is owed as before"


def test_the_fifteen_days_of_notice_are_not_ours_to_run() -> None:
    assert not reported().runs("notice")


# Found out later: the way into the sealed compartment, and the way back.


@pytest.mark.parametrize(
    ("make", "by"),
    [
        (registered, RECEPTION),
        (proposed, CLERK),
        (instructed, LEADER),
        (in_hand, HANDLER),
        (in_hand, HEAD),
        (replied, HANDLER),
        (served, CLERK),
    ],
    ids=["registered", "proposed", "instructed", "handler", "head", "replied", "served"],
)
def test_who_finds_out_later_that_it_is_a_report_takes_it_out_of_everybody_s_sight(
    make: Callable[[], Case], by: Actor
) -> None:
    case = make()
    case.take(StepCode.SEAL, by=by)
    assert {a.code for a in STAFF if may_see(a, case.facts)} == {SEALED.code, OTHER_SEALED.code, BOTH.code}
    assert [(t.step, t.who.code) for t in task_rules(case.facts)] == [(StepCode.HAND_OVER, "the_named_officer")]


def test_it_says_why() -> None:
    assert "缺少理由" in in_hand().refused(StepCode.SEAL, by=HANDLER, reason="")


def test_what_others_had_to_do_and_to_confirm_waits_for_nobody_within_the_compartment() -> None:
    case = in_hand()
    case.take(StepCode.SUPERVISE, by=CLERK)
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.take(StepCode.SEAL, by=HEAD)
    assert [t.step for t in task_rules(case.facts)] == [StepCode.HAND_OVER]
    assert not {"unit_feedback", "supervision"} & {r.clock.code for r in running(case.facts, case.calendar)}
    case.take(StepCode.UNSEAL, by=SEALED)
    assert {t.step for t in task_rules(case.facts)} >= {StepCode.LINK_REPEAT, StepCode.ANSWER_SUPERVISION}
    case.confirm(StepCode.LINK_REPEAT, by=SECOND_CLERK)


def test_a_clerk_who_is_its_officer_too_does_nothing_there_in_the_office_s_name() -> None:
    case = sealed_late()
    for code in (StepCode.ASSIGN, StepCode.CHANGE_LEADER, StepCode.LINK_REPEAT, StepCode.SUPERVISE):
        assert "此件已在密封区（条例第二十二条、条例第三十条）" in case.refused(code, by=BOTH).text.replace(
            "，只能由检举控告专管员办理移送等事项", ""
        )


def test_its_fifteen_days_count_from_receipt_and_what_the_petitioner_waits_for_runs_on() -> None:
    case = in_hand()
    case.take(StepCode.SEAL, by=HANDLER, on=RECEIVED + timedelta(days=40))
    assert case.clock("report_hand_over").due.due == RECEIVED + timedelta(days=15), "found late, it is late"
    assert case.clock("handling").due.due == RECEIVED + timedelta(days=60)
    assert case.clock("handling").stopped_on is None


def test_wrongly_sealed_it_is_back_where_it_was_and_no_day_is_gained() -> None:
    case = in_hand()
    before = case.facts
    ran = running(before, case.calendar)
    case.take(StepCode.SEAL, by=HANDLER, on=RECEIVED + timedelta(days=3))
    assert "不能看到此件" in case.refused(StepCode.UNSEAL, by=CLERK)
    case.take(StepCode.UNSEAL, by=SEALED, on=RECEIVED + timedelta(days=30))
    assert replace(case.facts, history=before.history) == before
    assert running(case.facts, case.calendar) == ran
    case.take(StepCode.TALK, by=HANDLER)


def test_one_classified_as_a_report_at_once_comes_out_unclassified() -> None:
    case = reported()
    case.take(StepCode.UNSEAL, by=SEALED)
    assert case.facts.matter_class is None
    case.take(StepCode.CLASSIFY, by=CLERK)


def test_what_was_accepted_is_not_ended_with_the_report_without_a_word_of_the_rest() -> None:
    refused = sealed_late().refused(StepCode.HAND_OVER, by=SEALED)
    assert "其中的申诉求决不能随检举控告一并了结（条例第二十二条、条例第三十一条、条例第三十四条）" in refused
    sealed_late().take(StepCode.HAND_OVER, by=SEALED, rest="其余诉求已另行登记：LX2026000002")
