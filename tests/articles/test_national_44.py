"""条例第四十四条：应当登记、受理、告知而没有的要追责；办结有误的恢复办理，更正留痕，都不延长信访人的等待。"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.articles.department import (
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    PETITIONER,
    RECEIVED,
    SEALED,
    SECOND_CLERK,
    UNIT,
    Case,
)
from tests.articles.stories import (
    accepted,
    brought_in,
    classified,
    closed,
    handed_down,
    paper_issued,
    registered,
    reported,
    served,
    simple,
    suggested,
    then,
)
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.ends_without_reply import REOPENED
from xinfang.procedure.words import State

ELSEWHERE = {"route": None, "competence": "elsewhere", "not_ours": "属于劳动监察"}
LATER = RECEIVED + timedelta(days=40)


def by_two(case: Case, code: str) -> Case:
    case.take(code, by=CLERK)
    case.confirm(code, by=SECOND_CLERK)
    return case


ENDS: dict[State, Callable[[], Case]] = {
    State.REDIRECTED: lambda: then(classified(**ELSEWHERE), (StepCode.REDIRECT, CLERK)),
    State.RETURNED: lambda: then(handed_down(), (StepCode.OBJECT, CLERK), (StepCode.OBJECTION_UPHELD, CLERK)),
    State.FORWARDED: lambda: then(classified(), (StepCode.FORWARD, CLERK)),
    State.ROUTED: lambda: then(classified(route="two"), (StepCode.ROUTE, CLERK)),
    State.DECLINED: lambda: then(classified(route="two"), (StepCode.DECLINE, CLERK)),
    State.FILED: lambda: by_two(registered(), StepCode.FILE_WITHOUT_ACTION),
    State.HANDED_OVER: lambda: then(reported(), (StepCode.HAND_OVER, SEALED)),
    State.REFUSED_FURTHER: lambda: by_two(classified(), StepCode.REFUSE_FURTHER),
    State.WITHDRAWN: lambda: then(accepted(), (StepCode.WITHDRAW, PETITIONER)),
    State.ANSWERED: lambda: then(
        suggested(), (StepCode.REFER, CLERK), (StepCode.STUDY, HANDLER), (StepCode.ANSWER, HANDLER)
    ),
    State.HISTORY: brought_in,
}
"""Each end beside the path, as a case comes to it."""


def reopened(end: State, on: date = LATER) -> Case:
    case = ENDS[end]()
    assert case.facts.state is end
    case.take(StepCode.REOPEN, by=SEALED if end is State.HANDED_OVER else CLERK, on=on, reason="处理有误")
    return case


def test_every_end_beside_the_path_can_be_undone() -> None:
    assert set(ENDS) == set(REOPENED)


@pytest.mark.parametrize("end", ENDS)
def test_what_is_reopened_is_as_old_as_it_was_and_open_as_if_it_had_just_come(end: State) -> None:
    received = ENDS[end]().facts.received_on
    facts = reopened(end).facts
    assert (facts.state, facts.received_on, facts.ended_on) == (State.REGISTERED, received, None)
    assert (facts.noticed_on, facts.replied_on, facts.served_on, facts.closed_on) == (None, None, None, None)
    assert (facts.handling_unit, facts.handler, facts.responsible_leader, facts.instructed_by) == ("", "", "", ())


@pytest.mark.parametrize("end", [end for end in ENDS if end is not State.HANDED_OVER])
def test_its_fifteen_days_end_when_they_would_have_ended(end: State) -> None:
    case = reopened(end)
    assert case.facts.received_on is not None
    notice = case.clock("notice")
    assert (notice.started_on, notice.due.due) == (
        case.facts.received_on,
        case.facts.received_on + timedelta(days=15),
    )
    assert notice.stopped_on is None and notice.overdue(LATER), "what went wrong here is the department's delay"


def test_of_a_report_that_its_officer_takes_up_again_nobody_is_told_and_no_limit_begins() -> None:
    assert not reopened(State.HANDED_OVER).runs("notice")


def accepted_on(case: Case, day: date) -> Case:
    """From registration to acceptance on one day."""
    if case.facts.sealed:
        case.take(StepCode.UNSEAL, by=SEALED, on=day)
    case.take(StepCode.CLASSIFY, by=CLERK, on=day)
    return then(case, (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK))


@pytest.mark.parametrize("end", [end for end in ENDS if end is not State.HISTORY])
@pytest.mark.parametrize("days", [3, 40])
def test_its_sixty_days_end_when_they_would_have_ended(end: State, days: int) -> None:
    """与没有这次办结、同日受理的一样；受理过的，自原受理之日起算。"""
    day = RECEIVED + timedelta(days=days)
    without_the_end = accepted() if end is State.WITHDRAWN else accepted_on(registered(), day)
    again = accepted_on(reopened(end, on=day), day)
    assert again.clock("handling").due == without_the_end.clock("handling").due
    assert again.clock("handling").stopped_on is None


def test_a_suggestion_that_is_answered_again_is_due_when_it_was() -> None:
    before = suggested().clock("suggestion").due.due
    assert reopened(State.ANSWERED).clock("suggestion").due.due == before


def test_a_simple_claim_whose_answer_was_wrong_goes_the_ordinary_way_from_its_first_acceptance() -> None:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    due = case.clock("handling").due.due
    then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.ANSWER, HANDLER))
    case.take(StepCode.REOPEN, by=CLERK, on=LATER)
    assert not case.facts.simple
    then(case, (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK))
    assert case.clock("handling").due.due == due and case.clock("handling").stopped_on is None


def test_an_extension_of_before_is_not_had_twice() -> None:
    case = then(accepted(), (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD))
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, days=30)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=30)
    longest = case.clock("handling").due.due
    case.take(StepCode.WITHDRAW, by=PETITIONER)
    case.take(StepCode.REOPEN, by=CLERK)
    then(case, (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK))
    assert case.clock("handling").due.due == longest - timedelta(days=30)
    then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD))
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, days=30)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=30)
    assert case.clock("handling").due.due == longest


def test_what_a_review_sent_back_goes_on_from_the_review() -> None:
    case = served(RECEIVED)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 31), result="redo")
    due = case.clock("handling").due.due
    case.take(StepCode.WITHDRAW, by=PETITIONER, on=date(2026, 4, 2))
    case.take(StepCode.REOPEN, by=CLERK, on=date(2026, 4, 20))
    then(case, (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK))
    assert case.clock("handling").due.due == due


def test_what_was_concluded_by_its_reply_is_reviewed_and_not_reopened() -> None:
    assert closed().refused(StepCode.REOPEN, by=CLERK).codes >= {"when"}


def test_a_case_that_is_reopened_is_told_of_its_decision_once_more() -> None:
    case = ENDS[State.REDIRECTED]()
    case.take(StepCode.REOPEN, by=CLERK)
    then(case, (StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER))
    case.take(StepCode.ACCEPT, by=CLERK)
    assert case.clock("notice").stopped_on is None and case.papers.count("受理告知书") == 1


# 更正：影响期限、改变信访人的，由另一人确认，原来的记录留着；登记之前没有收到的，不能更正为收到。


def day(what: str, value: str) -> dict[str, Any]:
    return {"what": what, "new_value": value, "public_value": value, "reason": "照收文登记簿"}


def test_another_day_of_receipt_counts_once_another_person_agrees() -> None:
    case = registered(date(2026, 3, 9))
    case.take(StepCode.CORRECT, by=CLERK, waits=True, **day("received_on", "2026-03-05"))
    assert case.clock("notice").due.due == date(2026, 3, 24)
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.CORRECT, by=CLERK)
    case.confirm(StepCode.CORRECT, by=SECOND_CLERK)
    assert case.facts.received_on == date(2026, 3, 5) and case.clock("notice").due.due == date(2026, 3, 20)


def test_the_record_of_before_stays_beside_the_corrected_one() -> None:
    case = registered(date(2026, 3, 9))
    before = case.facts.history
    case.take(StepCode.CORRECT, by=CLERK, **day("received_on", "2026-03-05"))
    assert case.facts.history[: len(before)] == before
    assert case.facts.history[0].step.received_on == date(2026, 3, 9)
    proposed, agreed = case.facts.history[len(before) :]
    assert (proposed.stage, proposed.by, agreed.stage, agreed.by) == ("proposed", "clerk", "confirmed", "second_clerk")


@pytest.mark.parametrize(
    "correction",
    [
        day("channel", "online"),
        day("source", "leader_assigned"),
        {"what": "name", "new_value": "乙某", "reason": "照身份证"},
        day("received_on", "2026-03-01"),
        day("feedback_due", "2026-06-01"),
        day("role", "representative"),
        {
            "what": "request",
            "request": 1,
            "new_value": "请说明",
            "text_value": "请说明",
            "public_value": "",
            "reason": "误",
        },
    ],
    ids=lambda c: str(c["what"]),
)
def test_what_begins_ends_or_moves_a_limit_or_makes_it_somebody_else_s_waits(correction: dict[str, Any]) -> None:
    case = registered()
    before = case.facts
    case.take(StepCode.CORRECT, by=CLERK, waits=True, **correction)
    after = case.facts
    assert (after.received_on, after.channel, after.source, after.persons) == (
        before.received_on,
        before.channel,
        before.source,
        before.persons,
    )


@pytest.mark.parametrize("what", ["accepted_on", "served_on"])
def test_so_do_the_days_of_acceptance_and_of_service(what: str) -> None:
    case = served()
    case.take(StepCode.CORRECT, by=CLERK, waits=True, on=LATER, **day(what, "2026-03-02"))
    assert StepCode.CORRECT in case.facts.pending


@pytest.mark.parametrize("what", ["subject", "sender", "sender_number"])
def test_what_no_paper_shows_yet_one_person_corrects_and_once_one_was_issued_two(what: str) -> None:
    said = {"what": what, "new_value": "更正后", "public_value": "", "text_value": "更正后", "reason": "录入有误"}
    accepted().take(StepCode.CORRECT, by=CLERK, alone=True, **said)
    paper_issued().take(StepCode.CORRECT, by=CLERK, waits=True, **said)
    with pytest.raises(AssertionError, match="waits for a second person"):
        paper_issued().take(StepCode.CORRECT, by=CLERK, alone=True, **said)


def test_nothing_is_received_after_it_was_registered() -> None:
    case = registered(date(2026, 6, 1))
    refused = case.refused(StepCode.CORRECT, by=CLERK, on=date(2026, 7, 20), **day("received_on", "2026-07-19"))
    assert refused.codes == {"received_before_it_was_registered"}
    assert "收到日期不能晚于登记的日期（规程第八条、条例第二十三条）" in refused


def test_a_round_that_a_review_began_has_no_acceptance_to_correct() -> None:
    case = served(date(2026, 3, 2))
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 31), result="redo")
    refused = case.refused(StepCode.CORRECT, by=CLERK, on=date(2026, 4, 9), **day("accepted_on", "2026-04-05"))
    assert "this_round_began_with_an_acceptance" in refused.codes
    assert "本轮办理自复查（复核）意见之日起算" in refused


def test_what_becomes_a_matter_handed_down_has_a_sender_first() -> None:
    refused = registered().refused(StepCode.CORRECT, by=CLERK, **day("source", "superior"))
    assert refused.codes == {"what_is_handed_down_has_a_sender"}
    registered(sender="科技部").take(StepCode.CORRECT, by=CLERK, **day("source", "superior"))


def test_each_limit_of_what_is_reopened_runs_once() -> None:
    for end in ENDS:
        case = reopened(end)
        running_now = [r.clock.code for r in running(case.facts, case.calendar) if r.stopped_on is None]
        assert len(running_now) == len(set(running_now)), end
