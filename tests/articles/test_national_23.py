"""条例第二十三条：登记，15日内书面告知（姓名、住址不清的除外）；不属职权的5个工作日内提出异议。"""

from datetime import date

from tests.articles.department import ADVISER, CLERK, HANDLER, HEAD, LEADER
from tests.articles.stories import accepted, handed_down, instructed, registered
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules


def test_fifteen_days_to_tell_in_writing() -> None:
    clock = registered(date(2026, 2, 1)).clock("notice")
    assert clock.due.due == date(2026, 2, 16)
    assert clock.due.alarm == date(2026, 2, 14), "the last working day before the Spring Festival"


def test_a_corrected_day_of_receipt_moves_its_beginning_though_registration_was_later() -> None:
    case = registered(date(2026, 3, 10))
    case.take(StepCode.CORRECT, by=CLERK, what="received_on", new_value="2026-03-02", public_value="2026-03-02")
    clock = case.clock("notice")
    assert (clock.started_on, clock.due.due) == (date(2026, 3, 2), date(2026, 3, 17))


def test_any_written_notice_ends_it() -> None:
    case = instructed(date(2026, 3, 2))
    case.take(StepCode.ACCEPT, by=CLERK, on=date(2026, 3, 17))
    clock = case.clock("notice")
    assert clock.stopped_on == clock.due.due == date(2026, 3, 17)
    assert not clock.overdue(date(2026, 12, 1))


def test_it_does_not_run_while_name_or_address_is_unclear() -> None:
    case = registered(date(2026, 3, 2), persons=[{"name": "甲某"}])
    assert not case.runs("notice")
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=date(2026, 3, 10), contact_clear=True)
    assert case.clock("notice").due.due == date(2026, 3, 25)


def test_no_clock_stops_before_it_starts_when_the_address_becomes_known_after_a_reopening() -> None:
    """Declined on the first day, when nobody could be written to.

    Reopened; the address became known on the twentieth.
    """
    case = registered(date(2026, 3, 2), persons=[])
    case.take(StepCode.CLASSIFY, by=CLERK, route="four")
    case.take(StepCode.ROUTE, by=CLERK, decline=True)
    case.take(StepCode.REOPEN, by=CLERK)
    assert not case.runs("notice"), "nobody can be written to yet, however often the case begins"
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=date(2026, 3, 20), contact_clear=True)
    runs = [r for r in running(case.facts, case.calendar) if r.clock.code == "notice"]
    assert [(r.started_on, r.due.due, r.stopped_on) for r in runs] == [(date(2026, 3, 20), date(2026, 4, 4), None)]


def test_a_notice_that_could_reach_nobody_is_given_again() -> None:
    """Accepted while the address was unclear.

    From the day it is known somebody has to be told, and the office is asked.
    """
    case = registered(date(2026, 3, 2), persons=[{"name": "甲某"}])
    for code, by in (
        (StepCode.CLASSIFY, CLERK),
        (StepCode.PROPOSE, CLERK),
        (StepCode.INSTRUCT, LEADER),
        (StepCode.ACCEPT, CLERK),
    ):
        case.take(code, by=by)
    assert not case.runs("notice")
    assert "而落空的告知" in case.refused(StepCode.ACKNOWLEDGE, by=CLERK)
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=date(2026, 3, 20), contact_clear=True)
    assert case.clock("notice").stopped_on is None
    assert StepCode.ACKNOWLEDGE in [a.step for a in task_rules(case.facts)]
    case.take(StepCode.ACKNOWLEDGE, by=CLERK, on=date(2026, 3, 25))
    assert case.clock("notice").stopped_on == date(2026, 3, 25)
    assert StepCode.ACKNOWLEDGE not in [a.step for a in task_rules(case.facts)]


def test_an_address_that_becomes_known_on_the_day_of_a_vain_notice_starts_the_clock_all_the_same() -> None:
    case = registered(date(2026, 3, 2), persons=[{"name": "甲某"}])
    for code, by in (
        (StepCode.CLASSIFY, CLERK),
        (StepCode.PROPOSE, CLERK),
        (StepCode.INSTRUCT, LEADER),
        (StepCode.ACCEPT, CLERK),
    ):
        case.take(code, by=by)
    case.take(StepCode.SUPPLEMENT, by=CLERK, contact_clear=True)
    assert case.clock("notice").stopped_on is None
    case.take(StepCode.ACKNOWLEDGE, by=CLERK)
    assert case.clock("notice").stopped_on == date(2026, 3, 2)


def test_a_corrected_day_of_receipt_does_not_follow_what_was_done_after_it() -> None:
    """A matter can't have come in after it was classified, nor have been accepted after its reply left."""
    case = accepted(date(2026, 3, 2))
    late = {"what": "received_on", "new_value": "2026-03-05", "public_value": "2026-03-05"}
    assert "与已经办理的步骤先后矛盾" in case.refused(StepCode.CORRECT, by=CLERK, on=date(2026, 3, 9), **late)
    late["what"] = "accepted_on"
    case.take(StepCode.CORRECT, by=CLERK, on=date(2026, 3, 9), **late)
    case.take(StepCode.ASSIGN, by=CLERK, on=date(2026, 3, 10))
    late["new_value"] = late["public_value"] = "2026-03-12"
    assert "与已经办理的步骤先后矛盾" in case.refused(StepCode.CORRECT, by=CLERK, on=date(2026, 3, 12), **late)


def test_an_objection_does_not_stop_it() -> None:
    case = handed_down(date(2026, 3, 2))
    case.take(StepCode.OBJECT, by=CLERK, on=date(2026, 3, 9))
    assert case.clock("notice").stopped_on is None
    assert case.clock("notice").due.due == date(2026, 3, 17)


def test_an_objection_gives_its_reasons_and_comes_within_five_working_days() -> None:
    case = handed_down(date(2026, 3, 2))
    assert case.clock("objection").due.due == date(2026, 3, 9)
    assert "收到已超过5个工作日" in case.refused(StepCode.OBJECT, by=CLERK, on=date(2026, 3, 10))


def test_material_goes_back_only_when_the_sender_agrees() -> None:
    case = handed_down()
    case.take(StepCode.OBJECT, by=CLERK)
    assert "应填写来文机关答复的日期和文号（条例第二十三条）" in case.refused(
        StepCode.OBJECTION_UPHELD, by=CLERK, answer_number=""
    )
    case.take(StepCode.OBJECTION_UPHELD, by=CLERK)
    assert "材料交还清单" in case.papers


def test_a_reply_that_reached_the_petitioner_makes_up_for_a_notice_that_did_not() -> None:
    """Accepted while the address was unclear, replied to when it was known, and sent back by the review."""
    case = registered(date(2026, 3, 2), persons=[{"name": "甲某"}])
    for code, by in (
        (StepCode.CLASSIFY, CLERK),
        (StepCode.PROPOSE, CLERK),
        (StepCode.INSTRUCT, LEADER),
        (StepCode.ACCEPT, CLERK),
    ):
        case.take(code, by=by)
    case.take(StepCode.SUPPLEMENT, by=CLERK, contact_clear=True)
    for code, by in (
        (StepCode.ASSIGN, CLERK),
        (StepCode.SIGN_FOR, HEAD),
        (StepCode.TALK, HANDLER),
        (StepCode.DRAFT_REPLY, HANDLER),
        (StepCode.SEEK_LEGAL_ADVICE, HANDLER),
    ):
        case.take(code, by=by)
    for code, by in (
        (StepCode.GIVE_LEGAL_ADVICE, ADVISER),
        (StepCode.REVIEW_REPLY, HEAD),
    ):
        case.take(code, by=by)
    for code, by in ((StepCode.SIGN_REPLY, LEADER), (StepCode.ISSUE_REPLY, CLERK), (StepCode.SERVE, HANDLER)):
        case.take(code, by=by)
    assert case.clock("notice").stopped_on == date(2026, 3, 2)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=CLERK)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, result="redo")
    assert StepCode.ACKNOWLEDGE not in [a.step for a in task_rules(case.facts)]
