"""条例第三十条：不得将检举、揭发材料透露或者转给被检举、揭发的人员或者单位。"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import (
    ARCHIVE,
    BOTH,
    BY_CODE,
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE,
    OFFICE_HEAD,
    OTHER_HEAD,
    OTHER_SEALED,
    OTHER_UNIT,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    RECEPTION,
    SEALED,
    SECOND_CLERK,
    STAFF,
    UNIT,
    Case,
    _somebody,
)
from tests.articles.stories import (
    TO_THE_SIGNATURE,
    about_the_office,
    in_hand,
    instructed,
    proposed,
    registered,
    replied,
    reported,
    sealed_late,
    served,
    then,
)
from tests.articles.test_stand_ins import with_staff
from xinfang.procedure.addressees import address_task
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import UnitCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import Role


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
    then(case, (StepCode.UNSEAL, SEALED), (StepCode.CLASSIFY, CLERK))
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
    ],
    ids=["registered", "proposed", "instructed", "handler", "head"],
)
def test_who_finds_out_later_that_it_is_a_report_takes_it_out_of_everybody_s_sight(
    make: Callable[[], Case], by: Actor
) -> None:
    case = make()
    case.take(StepCode.SEAL, by=by)
    assert {a.code for a in STAFF if may_see(a, case.facts)} == {SEALED.code, OTHER_SEALED.code, BOTH.code}
    assert [(t.step, t.who.code) for t in task_rules(case.facts)] == [(StepCode.HAND_OVER, "the_named_officer")]


@pytest.mark.parametrize(("make", "by"), [(replied, HANDLER), (served, CLERK), (served, PETITIONER)])
def test_what_was_answered_is_served_and_carried_out_by_those_who_have_it(make: Callable[[], Case], by: Actor) -> None:
    """意见书已经印发的，检举控告另行登记一件；送达、执行和请求复查不因此终止（条例第三十二、三十五条）。"""
    case = make()
    assert case.refused(StepCode.SEAL, by=by).codes == {"what_was_answered_stays"}


def test_whoever_knows_the_code_seals_nothing_alone_that_was_accepted() -> None:
    case = in_hand()
    case.take(StepCode.SEAL, by=BY_CODE, waits=True)
    assert StepCode.SEAL in case.facts.pending and may_see(HANDLER, case.facts)
    case = in_hand()
    case.take(StepCode.SEAL, by=PETITIONER, alone=True)


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
    assert "其中的申诉求决不能随检举控告一并了结（条例第三十一条、条例第三十四条）" in refused
    sealed_late().take(StepCode.HAND_OVER, by=SEALED, rest="其余诉求已另行登记：LX2026000002")


# A complaint about the office itself.


def named() -> Case:
    """The principal leader has named the unit that does what the office does in this case."""
    return then(about_the_office(), (StepCode.NAME_ACTING_OFFICE, PRINCIPAL))


def whose(case: Case) -> set[tuple[str, str, str]]:
    asked = [address_task(t, case.facts, DIRECTORY) for t in task_rules(case.facts)]
    return {(t.step, t.role, t.unit) for t in asked}


def test_a_complaint_about_the_office_is_seen_by_the_principal_leader_alone_who_is_asked_to_name_a_unit() -> None:
    case = about_the_office()
    assert {a.code for a in STAFF if may_see(a, case.facts)} == {PRINCIPAL.code}
    assert whose(case) == {(StepCode.NAME_ACTING_OFFICE, Role.PRINCIPAL_LEADER, "")}
    for code in (StepCode.CLASSIFY, StepCode.FILE_WITHOUT_ACTION, StepCode.WITHDRAW, StepCode.REDIRECT):
        assert "may_see" in case.refused(code, by=CLERK).codes
    assert case.refused(StepCode.NAME_ACTING_OFFICE, by=LEADER).codes == {"may_see"}


def test_so_it_is_where_all_people_of_the_office_are_complained_of_and_where_it_turns_out_later() -> None:
    everybody = ["clerk", "second_clerk", "office_head", "both"]
    case = registered(complained_staff=everybody)
    case.take(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL)
    case = in_hand()
    case.take(StepCode.ADD_ACCUSED, by=HEAD, complained_units=["office"])
    assert not may_see(CLERK, case.facts) and may_see(HANDLER, case.facts), "its unit goes on"
    case.take(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL)


def test_the_unit_does_all_that_the_office_does_and_the_office_sees_nothing_of_it() -> None:
    case = named()
    assert {a.code for a in STAFF if may_see(a, case.facts)} == {PRINCIPAL.code, OTHER_HEAD.code}
    assert whose(case) == {(StepCode.CLASSIFY, Role.HANDLER, OTHER_UNIT)}
    case.take(StepCode.CLASSIFY, by=OTHER_HEAD)
    case.take(StepCode.PROPOSE, by=OTHER_HEAD)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.ACCEPT, by=OTHER_HEAD)
    case.take(StepCode.ASSIGN, by=OTHER_HEAD)
    assert case.refused(StepCode.SUPERVISE, by=OFFICE_HEAD).codes == {"may_see"}
    then(case, (StepCode.SIGN_FOR, HEAD), *TO_THE_SIGNATURE)
    case.take(StepCode.ISSUE_REPLY, by=OTHER_HEAD)


def test_what_two_of_the_office_decide_two_of_that_unit_decide() -> None:
    case = named()
    second = _somebody("other_handler", (Role.HANDLER, OTHER_UNIT))
    case.take(StepCode.FILE_WITHOUT_ACTION, by=OTHER_HEAD)
    assert "second_person" in case.refused_to_confirm(StepCode.FILE_WITHOUT_ACTION, by=OTHER_HEAD).codes
    assert case.refused_to_confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK).codes == {"may_see"}
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=second)


def test_a_unit_that_is_accused_too_or_that_nobody_heads_is_not_named_and_loses_it() -> None:
    case = about_the_office()
    assert "正是被反映的单位" in case.refused(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL, unit=OFFICE)
    assert "不承办信访事项" in case.refused(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL, unit=ARCHIVE)
    case = named()
    case.take(StepCode.ADD_ACCUSED, by=OTHER_HEAD, complained_units=[OTHER_UNIT])
    assert whose(case) == {(StepCode.NAME_ACTING_OFFICE, Role.PRINCIPAL_LEADER, "")}
    case.take(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL, unit=UNIT)


def test_an_ordinary_case_is_taken_from_the_office_by_nobody() -> None:
    refused = registered().refused(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL)
    assert "此件没有反映办公室" in refused


def test_named_by_mistake_the_office_has_it_back() -> None:
    case = named()
    case.take(StepCode.REMOVE_ACCUSED, by=PRINCIPAL, complained_units=["office"], complained_staff=[])
    case.confirm(StepCode.REMOVE_ACCUSED, by=OTHER_HEAD)
    case.take(StepCode.CLASSIFY, by=CLERK)


def test_a_report_of_wrongdoing_about_the_office_is_kept_by_no_officer_of_the_office() -> None:
    outside = _somebody("outside", (Role.SEALED_OFFICER, OTHER_UNIT))
    case = Case(directory=with_staff(outside))
    case.take(StepCode.REGISTER, by=CLERK, complained_units=["office"])
    case.take(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL)
    case.take(StepCode.CLASSIFY, by=OTHER_HEAD, matter_class="report", route=None, purpose="report")
    assert not may_see(SEALED, case.facts) and not may_see(PRINCIPAL, case.facts)
    assert may_see(outside, case.facts)
    case.take(StepCode.HAND_OVER, by=outside)


def test_the_unit_that_acts_for_the_office_is_a_known_one_that_handles_and_has_a_head() -> None:
    units = dict(DIRECTORY.units)
    units[UnitCode(UNIT)] = replace(units[UnitCode(UNIT)], can_handle=False)
    nobody_heads = {
        code: replace(s, duties=tuple(d for d in s.duties if (d.role, d.unit) != (Role.UNIT_HEAD, OTHER_UNIT)))
        for code, s in DIRECTORY.staff.items()
    }
    for unit, directory in (
        ("unknown", DIRECTORY),
        (UNIT, replace(DIRECTORY, units=units)),
        (OTHER_UNIT, replace(DIRECTORY, staff=nobody_heads)),
    ):
        case = about_the_office()
        case.directory = directory
        assert "the_acting_unit_is_fit" in case.refused(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL, unit=unit).codes


def test_another_unit_may_be_named_while_one_acts_though_the_office_is_not_accused_any_more() -> None:
    case = named()
    case.facts = replace(case.facts, complained_units=frozenset())
    case.take(StepCode.NAME_ACTING_OFFICE, by=PRINCIPAL, unit=UNIT)
    assert case.facts.acting_office == UNIT


def test_what_comes_out_of_the_compartment_is_what_went_in() -> None:
    case = registered()
    case.take(StepCode.CLASSIFY, by=CLERK, purpose="appeal", simple=True)
    before = case.facts
    case.take(StepCode.SEAL, by=CLERK)
    case.take(StepCode.UNSEAL, by=SEALED)
    kept = ("matter_class", "route", "purpose", "simple", "competence")
    assert [getattr(case.facts, k) for k in kept] == [getattr(before, k) for k in kept] and before.simple


def test_what_was_classified_and_is_called_a_report_then_comes_out_as_it_was_and_not_as_one_officer_says() -> None:
    """分类之后再改为检举控告的，误改时只能移出密封区恢复原状，再由办公室两人重新分类。"""
    case = registered()
    case.take(StepCode.CLASSIFY, by=CLERK)
    before = case.facts
    case.take(StepCode.CLASSIFY, by=CLERK, alone=True, matter_class="report", route=None, purpose=None)
    refused = case.refused(StepCode.CLASSIFY, by=SEALED, matter_class="suggestion", route=None, purpose="suggestion")
    assert refused.codes == {"what_is_sealed_comes_out_first"}
    case.take(StepCode.UNSEAL, by=SEALED)
    kept = ("matter_class", "route", "purpose", "simple", "competence")
    assert [getattr(case.facts, k) for k in kept] == [getattr(before, k) for k in kept]


def test_what_was_a_report_from_the_first_comes_out_without_a_class() -> None:
    """分类时即作检举控告的，移出后没有原来的分类、内容可以恢复，须重新分类。"""
    case = reported()
    case.take(StepCode.UNSEAL, by=SEALED)
    assert (case.facts.matter_class, case.facts.route, case.facts.purpose) == (None, None, None)
    late = then(in_hand(), (StepCode.SEAL, HANDLER), (StepCode.UNSEAL, SEALED))
    assert late.facts.purpose is in_hand().facts.purpose


def test_what_came_out_without_a_class_may_be_found_to_be_a_report_once_more() -> None:
    """移出后又认定为检举控告的，直接转入密封区，没有原来的分类。"""
    case = then(reported(), (StepCode.UNSEAL, SEALED))
    case.take(StepCode.CLASSIFY, by=CLERK, alone=True, matter_class="report", route=None, purpose="report")
    assert case.facts.sealed and case.facts.classified_before is None
