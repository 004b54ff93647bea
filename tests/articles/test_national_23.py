"""条例第二十三条：登记，15日内书面告知（姓名、住址不清的除外）；不属职权的5个工作日内提出异议。"""

from datetime import date, timedelta

from tests.articles.department import CLERK, HEAD, LEADER, SECOND_CLERK, UNIT, Case
from tests.articles.stories import (
    TO_THE_SERVICE,
    accepted,
    classified,
    handed_down,
    instructed,
    issue,
    registered,
    simple,
    tell,
    then,
)
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import PaperKind, State


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
    assert case.clock("notice").stopped_on is None, "a decision in the file tells nobody"
    tell(case)
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
    case.take(StepCode.DECLINE, by=CLERK)
    case.take(StepCode.REOPEN, by=CLERK)
    assert not case.runs("notice"), "nobody can be written to yet, however often the case begins"
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=date(2026, 3, 20), contact_clear=True)
    runs = [r for r in running(case.facts, case.calendar) if r.clock.code == "notice"]
    assert [(r.started_on, r.due.due, r.stopped_on) for r in runs] == [(date(2026, 3, 20), date(2026, 4, 4), None)]


def test_what_nobody_could_be_told_is_told_once_somebody_can_be_written_to() -> None:
    """Accepted while the address was unclear: from the day it is known the notice is asked for."""
    case = accepted_in_vain()
    assert not case.runs("notice")
    assert asked(case) == []
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=date(2026, 3, 20), contact_clear=True)
    assert case.clock("notice").stopped_on is None
    assert asked(case) == ["制作：受理告知书"]
    case.take(StepCode.CORRECT, by=CLERK, on=date(2026, 3, 24), what="address", new_value="某街1号", public_value="")
    tell(case, on=date(2026, 3, 25))
    assert case.clock("notice").stopped_on == date(2026, 3, 25)
    assert asked(case) == []


def test_a_decision_is_told_until_it_left_the_house_though_the_case_has_ended() -> None:
    case = classified(date(2026, 3, 2))
    case.take(StepCode.REDIRECT, by=CLERK, on=date(2026, 3, 4))
    assert (case.clock("notice").stopped_on, asked(case)) == (None, ["制作：不属职权告知书"])
    number = issue(case, PaperKind.REDIRECT_NOTICE)
    assert (case.clock("notice").stopped_on, asked(case)) == (None, ["发出：不属职权告知书"])
    case.take(StepCode.SEND_PAPER, by=CLERK, on=date(2026, 3, 20), paper=number)
    assert (case.clock("notice").stopped_on, asked(case)) == (date(2026, 3, 20), [])
    assert case.clock("notice").overdue(date(2026, 3, 20)), "decided in time, told too late"


def test_a_paper_that_was_withdrawn_before_it_left_told_nobody() -> None:
    case = accepted(date(2026, 3, 2))
    number = issue(case, PaperKind.ACCEPTANCE_NOTICE)
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=number)
    assert (case.clock("notice").stopped_on, asked(case)) == (None, ["制作：受理告知书"])


def test_what_was_sent_again_counts_from_the_first_day() -> None:
    case = tell(accepted(date(2026, 3, 2)), on=date(2026, 3, 6))
    case.take(StepCode.SEND_PAPER, by=CLERK, on=date(2026, 4, 6), mail_number="XA0000000116")
    assert case.clock("notice").stopped_on == date(2026, 3, 6)


def test_a_notice_is_not_dated_back_before_it_was_issued() -> None:
    case = accepted(date(2026, 3, 2))
    case.today = date(2026, 3, 20)
    issue(case, PaperKind.ACCEPTANCE_NOTICE)
    for code, answers in ((StepCode.SEND_PAPER, {"sent_on": date(2026, 3, 17)}), (StepCode.SERVE_PAPER, {})):
        assert "早于印发日期" in case.refused(code, by=CLERK, **answers)


def test_nothing_is_served_before_it_was_sent() -> None:
    case = tell(accepted(date(2026, 3, 2)), on=date(2026, 3, 6))
    early = {"served_on": date(2026, 3, 5)}
    assert case.refused(StepCode.SERVE_PAPER, by=CLERK, on=date(2026, 3, 9), **early).codes == {
        "it_left_after_it_was_issued"
    }
    case.take(StepCode.SERVE_PAPER, by=CLERK, on=date(2026, 3, 9), served_on=date(2026, 3, 6))


def test_under_the_simple_procedure_it_may_be_told_without_a_paper() -> None:
    case = simple(date(2026, 3, 2))
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader", on=date(2026, 3, 4))
    assert (case.clock("notice").stopped_on, asked(case)) == (date(2026, 3, 4), [])


def test_what_leaves_the_simple_procedure_is_told_in_writing() -> None:
    """当场口头告知只限简易办理：转为普通程序后，15日内的书面告知还欠着。"""
    case = simple(date(2026, 3, 2))
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader", on=date(2026, 3, 4))
    case.take(StepCode.LEAVE_SIMPLE, by=CLERK, on=date(2026, 3, 20))
    assert (case.clock("notice").stopped_on, asked(case)) == (None, ["制作：受理告知书"])
    assert case.facts.noticed_on is None and case.clock("notice").overdue(date(2026, 3, 20))
    tell(case, on=date(2026, 3, 23))
    assert (case.clock("notice").stopped_on, case.facts.noticed_on) == (date(2026, 3, 23), date(2026, 3, 23))


def test_what_was_told_on_paper_all_the_same_is_told_when_it_leaves_the_simple_procedure() -> None:
    case = simple(date(2026, 3, 2))
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader", on=date(2026, 3, 4))
    tell(case, on=date(2026, 3, 5))
    case.take(StepCode.LEAVE_SIMPLE, by=CLERK, on=date(2026, 3, 20))
    assert (case.clock("notice").stopped_on, case.facts.noticed_on) == (date(2026, 3, 5), date(2026, 3, 5))
    assert asked(case) == []


def accepted_in_vain() -> Case:
    """Accepted while nobody could be written to."""
    case = registered(date(2026, 3, 2), persons=[{"name": "甲某"}])
    return then(
        case,
        (StepCode.CLASSIFY, CLERK),
        (StepCode.PROPOSE, CLERK),
        (StepCode.INSTRUCT, LEADER),
        (StepCode.ACCEPT, CLERK),
    )


def asked(case: Case) -> list[str]:
    """What is asked for so that a paper leaves."""
    steps = (StepCode.MAKE_PAPER, StepCode.SUBMIT_PAPER, StepCode.SEND_PAPER)
    return [a.words for a in task_rules(case.facts) if a.step in steps]


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
    refused = case.refused(StepCode.OBJECTION_UPHELD, by=CLERK, answer_number="")
    assert "应填写来文机关答复的日期和文号；没有答复的，须说明（条例第二十三条）" in refused
    assert "来文机关同意异议的，须附复函（口头答复的，附电话记录）（条例第二十三条、本厅设定）" in refused
    case.take(StepCode.OBJECTION_UPHELD, by=CLERK, waits=True)
    assert case.facts.state is State.OBJECTED and "材料交还清单" not in case.papers, (
        "another of the office agrees first"
    )
    case.confirm(StepCode.OBJECTION_UPHELD, by=SECOND_CLERK)
    assert case.facts.state is State.RETURNED and "材料交还清单" in case.papers


def test_a_sender_who_does_not_answer_leaves_the_matter_here() -> None:
    case = handed_down()
    case.take(StepCode.OBJECT, by=CLERK)
    case.take(StepCode.OBJECTION_REJECTED, by=CLERK, alone=True, answered_on=None, answer_number="", no_answer=True)
    assert case.facts.state is State.REGISTERED


def test_a_reply_that_reached_the_petitioner_makes_up_for_a_notice_that_did_not() -> None:
    """Accepted while the address was unclear, replied to when it was known, and sent back by the review."""
    case = accepted_in_vain()
    case.take(StepCode.SUPPLEMENT, by=CLERK, contact_clear=True)
    then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), *TO_THE_SERVICE)
    assert case.clock("notice").stopped_on == date(2026, 3, 2)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=CLERK)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, result="redo")
    assert asked(case) == []


# 补录：当日或者上一工作日发出的，一人登记；更早的，或者补录后影响期限的，由另一人确认。


def notice_issued(on: date = date(2026, 3, 2)) -> tuple[Case, int]:
    case = accepted(on)
    return case, issue(case, PaperKind.ACCEPTANCE_NOTICE)


def test_what_is_posted_today_one_person_enters() -> None:
    case, number = notice_issued()
    case.take(StepCode.SEND_PAPER, by=CLERK, on=date(2026, 3, 6), alone=True, paper=number)
    assert case.clock("notice").stopped_on == date(2026, 3, 6)


def test_what_was_posted_on_friday_one_person_enters_on_monday() -> None:
    case, number = notice_issued()
    posted = {"paper": number, "sent_on": date(2026, 3, 6)}
    case.take(StepCode.SEND_PAPER, by=CLERK, on=date(2026, 3, 9), alone=True, **posted)


def test_what_is_said_to_have_been_posted_earlier_counts_once_another_agrees() -> None:
    case, number = notice_issued()
    posted = {"paper": number, "sent_on": date(2026, 3, 5)}
    case.take(StepCode.SEND_PAPER, by=CLERK, on=date(2026, 3, 9), waits=True, **posted)
    assert case.clock("notice").stopped_on is None, "nobody was told as long as it is only said"
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.SEND_PAPER, by=CLERK)
    case.confirm(StepCode.SEND_PAPER, by=SECOND_CLERK)
    assert case.clock("notice").stopped_on == date(2026, 3, 5), "on the day it says"


def test_an_invented_date_that_another_does_not_believe_stops_nothing() -> None:
    case, number = notice_issued()
    posted = {"paper": number, "sent_on": date(2026, 3, 5)}
    case.take(StepCode.SEND_PAPER, by=CLERK, on=date(2026, 3, 30), waits=True, **posted)
    case.confirm(StepCode.SEND_PAPER, by=SECOND_CLERK, agree=False, opinion="挂号登记簿上没有")
    assert case.clock("notice").stopped_on is None and case.clock("notice").overdue(date(2026, 3, 30))


def test_a_date_on_the_other_side_of_the_limit_needs_another_though_it_is_yesterday_s() -> None:
    case, number = notice_issued()
    assert case.clock("notice").due.due == date(2026, 3, 17)
    posted = {"paper": number, "sent_on": date(2026, 3, 17)}
    case.take(StepCode.SEND_PAPER, by=CLERK, on=date(2026, 3, 18), waits=True, **posted)
    assert case.clock("notice").stopped_on is None
    case.confirm(StepCode.SEND_PAPER, by=SECOND_CLERK)
    assert not case.clock("notice").overdue(date(2026, 3, 18))


def test_a_notice_handed_over_is_entered_the_same_way() -> None:
    for day, entered, alone in (
        (date(2026, 3, 6), date(2026, 3, 6), True),
        (date(2026, 3, 5), date(2026, 3, 9), False),
        (date(2026, 3, 17), date(2026, 3, 18), False),
    ):
        case, number = notice_issued()
        said = {"paper": number, "served_on": day}
        case.take(StepCode.SERVE_PAPER, by=CLERK, on=entered, alone=alone, waits=not alone, **said)
        assert case.clock("notice").stopped_on == (day if alone else None)


def test_a_simple_acceptance_is_not_dated_back() -> None:
    """简易办理当面告知受理，没有文书可以证明，所以不能补录。"""
    named = {"handling_unit": UNIT, "responsible_leader": "leader"}
    case = simple(date(2026, 3, 2))
    early = {"accepted_on": date(2026, 3, 3), **named}
    refused = case.refused(StepCode.ACCEPT, by=CLERK, on=date(2026, 3, 9), **early)
    assert refused.codes == {"a_simple_acceptance_is_entered_at_once"}
    assert "不能补录在上一工作日之前，也不能因补录改变期限（条例第二十三条、简易办理办法）" in refused
    case.take(StepCode.ACCEPT, by=CLERK, on=date(2026, 3, 9), alone=True, accepted_on=date(2026, 3, 9), **named)


def test_one_person_does_not_take_a_matter_out_of_the_simple_procedure() -> None:
    case = simple()
    case.take(StepCode.LEAVE_SIMPLE, by=CLERK, waits=True)
    assert case.facts.simple
    case.confirm(StepCode.LEAVE_SIMPLE, by=SECOND_CLERK)
    assert not case.facts.simple


def test_a_visitor_who_left_a_telephone_number_is_told_in_writing() -> None:
    """An address that the office didn't write down takes nobody's notice away."""
    visitor = {"channel": "visit", "persons": [{"name": "李某", "phone": "13000000002"}]}
    case = registered(date(2026, 3, 2), **visitor)
    assert case.clock("notice").due.due == date(2026, 3, 17)
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.PROPOSE, by=CLERK)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.ACCEPT, by=CLERK, on=date(2026, 3, 21))
    assert case.clock("notice").overdue(date(2026, 3, 21)) and case.clock("handling").started_on == date(2026, 3, 17)


def test_whom_the_reply_reached_is_owed_no_notice_when_it_becomes_clear_where_they_live() -> None:
    case = accepted_in_vain()
    case.take(StepCode.ASSIGN, by=CLERK)
    case.take(StepCode.SIGN_FOR, by=HEAD)
    then(case, *TO_THE_SERVICE)
    later = case.today + timedelta(days=30)
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=later, contact_clear=True)
    assert case.facts.contact_clear_since == later and not case.runs("notice")


def test_an_address_that_the_office_left_out_of_the_record_moves_no_limit() -> None:
    """更正住址（原件本来写有、登记时漏录）：须两人，书面告知仍自收到之日起算；信访人后来补充的，自补充之日起算。"""
    blank = {"persons": [{"name": "甲某"}]}
    address = {"what": "address", "new_value": "某市某路1号", "public_value": ""}
    case = registered(date(2026, 3, 2), **blank)
    assert not case.runs("notice")
    case.take(StepCode.CORRECT, by=CLERK, on=date(2026, 3, 12), waits=True, **address)
    assert not case.runs("notice"), "another person compares it with the letter"
    case.confirm(StepCode.CORRECT, by=SECOND_CLERK)
    assert case.clock("notice").due.due == date(2026, 3, 17)
    told = registered(date(2026, 3, 2), **blank)
    told.take(StepCode.SUPPLEMENT, by=CLERK, on=date(2026, 3, 12), contact_clear=True)
    assert told.clock("notice").due.due == date(2026, 3, 27)
