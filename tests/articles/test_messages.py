"""信访人留言：任何时候都可以提出，须有答复（条例第十八条、第二十一条）。

请求更正、查阅本人信息（个人信息保护法第四十五条、第四十六条、第四十七条、第四十八条、第五十条）和申请回避（条例第二十八条）
也是留言：照办的须有相应的决定，不照办的须说明理由。
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    PETITIONER,
    RECEIVED,
    RECEPTION,
    SEALED,
    SECOND_CLERK,
    Case,
    without,
)
from tests.articles.stories import (
    archived,
    brought_in,
    classified,
    closed,
    in_hand,
    instructed,
    registered,
    reported,
    review_accepted,
    sealed_late,
    served,
    then,
)
from xinfang.procedure.addressees import address_task
from xinfang.procedure.clocks import running
from xinfang.procedure.department_numbers import wrong_with
from xinfang.procedure.facts import Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.messages import conversation, open_messages
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import OPEN_STATES, State

DAY = timedelta(days=1)


def withdrawn() -> Case:
    return then(registered(), (StepCode.WITHDRAW, PETITIONER))


def handed_over() -> Case:
    return then(reported(), (StepCode.HAND_OVER, SEALED))


def filed() -> Case:
    case = then(registered(), (StepCode.FILE_WITHOUT_ACTION, CLERK))
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    return case


ENDS: tuple[Callable[[], Case], ...] = (closed, archived, withdrawn, handed_over, filed, brought_in)


def wrote(make: Callable[[], Case], kind: str = "message") -> Case:
    case = make()
    case.take(StepCode.LEAVE_MESSAGE, by=PETITIONER, alone=True, kind=kind)
    return case


def asked(case: Case) -> list[tuple[str, str]]:
    """Who has the task to answer, and its words."""
    return [(t.who.code, t.words) for t in task_rules(case.facts) if t.step == StepCode.ANSWER_MESSAGE]


# ---- at any time


@pytest.mark.parametrize("make", [registered, in_hand, served, *ENDS], ids=lambda make: make.__name__)
def test_a_message_may_be_left_whatever_became_of_the_matter_and_lands_in_an_inbox(make: Callable[[], Case]) -> None:
    before = make().facts
    case = wrote(make)
    assert replace(case.facts, messages=(), history=()) == replace(before, messages=(), history=()), "it moves nothing"
    tasks = [address_task(t, case.facts, DIRECTORY) for t in task_rules(case.facts)]
    found = [
        a
        for a in DIRECTORY.actors()
        for t in tasks
        if t.step == StepCode.ANSWER_MESSAGE and t.found_by(a) and may_see(a, case.facts)
    ]
    assert found
    case.take(StepCode.ANSWER_MESSAGE, by=found[0], alone=True)
    assert not asked(case) and not open_messages(case.facts)


def test_who_has_the_case_answers_and_the_office_where_nobody_handles_it_any_more() -> None:
    words = "答复信访人留言"
    assert asked(wrote(in_hand)) == [("a_handler", words)]
    assert asked(wrote(served)) == [("a_handler", words)]
    for make in (registered, instructed, closed, archived, withdrawn, filed, brought_in):
        assert asked(wrote(make)) == [("the_office", words)], make.__name__
    for make in (reported, handed_over, sealed_late):
        assert asked(wrote(make)) == [("the_named_officer", words)], make.__name__


def test_of_a_sealed_matter_nobody_but_its_officers_reads_or_answers_it() -> None:
    case = wrote(reported)
    for other in (CLERK, OFFICE_HEAD, LEADER, RECEPTION):
        assert case.refused(StepCode.ANSWER_MESSAGE, by=other).codes == {"may_see"}
    case.take(StepCode.ANSWER_MESSAGE, by=SEALED)


def test_where_the_handler_is_gone_somebody_else_is_asked() -> None:
    case = wrote(in_hand)
    task = next(t for t in task_rules(case.facts) if t.step == StepCode.ANSWER_MESSAGE)
    assert address_task(task, case.facts, DIRECTORY).person == "handler"
    gone = address_task(task, case.facts, without(HANDLER))
    assert gone.person != "handler" and any(gone.found_by(a) for a in without(HANDLER).actors())


def test_what_is_told_by_telephone_is_entered_with_how_it_came_and_the_answer_with_how_it_was_told() -> None:
    case = closed()
    assert case.refused(StepCode.LEAVE_MESSAGE, by=RECEPTION).codes == {"how_it_came_is_said"}
    case.take(StepCode.LEAVE_MESSAGE, by=RECEPTION, alone=True, channel="phone", left_on=RECEIVED)
    refused = case.refused(StepCode.ANSWER_MESSAGE, by=CLERK)
    assert refused.codes == {"who_did_not_write_online_was_told"} and "条例第二十一条" in refused
    case.take(StepCode.ANSWER_MESSAGE, by=CLERK, told="3月3日电话告知")


def test_the_petitioner_says_no_channel_as_they_write_themselves() -> None:
    assert closed().refused(StepCode.LEAVE_MESSAGE, by=PETITIONER, channel="phone").codes == {"how_it_came_is_said"}


def test_somebody_else_s_matter_gets_no_message() -> None:
    stranger = replace(PETITIONER, case="LX2026000002")
    assert closed().refused(StepCode.LEAVE_MESSAGE, by=stranger).codes == {"may_see"}


# ---- by when


def test_each_message_has_fifteen_days_of_its_own() -> None:
    case = wrote(closed)
    case.take(StepCode.LEAVE_MESSAGE, by=PETITIONER, on=RECEIVED + 2 * DAY, text="还有一事")
    case.take(StepCode.ANSWER_MESSAGE, by=CLERK, on=RECEIVED + 3 * DAY, message=2)
    runs = [r for r in running(case.facts, case.calendar) if r.clock.code == "message"]
    assert [(r.started_on, r.due.due, r.stopped_on) for r in runs] == [
        (RECEIVED, RECEIVED + 15 * DAY, None),
        (RECEIVED + 2 * DAY, RECEIVED + 17 * DAY, RECEIVED + 3 * DAY),
    ]
    assert asked(case) == [("the_office", "答复信访人留言")], "the first one still waits"
    assert case.refused(StepCode.ANSWER_MESSAGE, by=CLERK, message=2).codes == {"that_message_waits"}


def test_what_was_written_is_read_with_its_own_answer() -> None:
    case = wrote(closed)
    case.take(StepCode.LEAVE_MESSAGE, by=PETITIONER, text="还有一事")
    case.take(StepCode.ANSWER_MESSAGE, by=CLERK, message=2, text="另复")
    told = [(m.number, left.step.text, answer and answer.step.text) for m, left, answer in conversation(case.facts)]
    assert told == [(1, "请告知办到哪一步了", None), (2, "还有一事", "另复")]


def test_the_end_of_the_matter_ends_no_message_and_its_reopening_begins_none() -> None:
    case = wrote(registered)
    case.take(StepCode.WITHDRAW, by=PETITIONER)
    assert case.clock("message").stopped_on is None
    case.take(StepCode.REOPEN, by=CLERK, on=RECEIVED + 5 * DAY)
    assert (case.clock("message").started_on, case.clock("message").stopped_on) == (RECEIVED, None)


def test_a_message_stops_no_limit_and_an_answer_to_it_tells_nothing_of_the_matter() -> None:
    case = wrote(classified)
    case.take(StepCode.ANSWER_MESSAGE, by=CLERK)
    assert case.clock("notice").stopped_on is None and case.facts.noticed_on is None


def test_the_department_can_set_fewer_days_and_no_more() -> None:
    assert not wrong_with("message", 10, RECEIVED + DAY, RECEIVED)
    assert wrong_with("message", 16, RECEIVED + DAY, RECEIVED)


def test_it_is_counted_from_the_day_on_which_it_came_and_no_day_ahead() -> None:
    case = closed()
    case.today += 5 * DAY
    case.take(StepCode.LEAVE_MESSAGE, by=CLERK, channel="letter", left_on=RECEIVED + DAY)
    assert case.clock("message").started_on == RECEIVED + DAY
    ahead = case.refused(StepCode.LEAVE_MESSAGE, by=CLERK, channel="letter", left_on=case.today + DAY)
    assert ahead.codes == {"not_in_the_future"}


# ---- who must not answer


def test_whom_the_matter_makes_unfit_answers_nothing() -> None:
    case = wrote(in_hand)
    case.take(StepCode.RECUSE, by=PETITIONER, person="handler")
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    assert case.refused(StepCode.ANSWER_MESSAGE, by=HANDLER).codes == {"may_see"}
    reviewing = wrote(review_accepted)
    assert reviewing.facts.review_of is not None
    barred = replace(reviewing.facts.review_of, barred=frozenset({CLERK.code}))
    reviewing.facts = replace(reviewing.facts, review_of=barred)
    assert reviewing.refused(StepCode.ANSWER_MESSAGE, by=CLERK).codes == {"who_answers_is_fit"}
    reviewing.take(StepCode.ANSWER_MESSAGE, by=SECOND_CLERK)


# ---- 个人信息保护法第四十五条至第五十条


def test_a_correction_is_done_or_refused_with_the_reason() -> None:
    case = wrote(in_hand, "correct")
    assert case.refused(StepCode.ANSWER_MESSAGE, by=CLERK).codes == {"a_request_is_answered_yes_or_no"}
    refused = case.refused(StepCode.ANSWER_MESSAGE, by=CLERK, outcome="done")
    assert refused.codes == {"a_correction_was_made"} and "个人信息保护法第四十六条" in refused
    case.take(StepCode.CORRECT, by=CLERK, what="phone", new_value="13000000009", public_value="")
    case.take(StepCode.ANSWER_MESSAGE, by=CLERK, outcome="done", text="已更正电话")


@pytest.mark.parametrize("make", [closed, withdrawn, handed_over, filed, brought_in], ids=lambda make: make.__name__)
def test_personal_data_are_corrected_after_the_end_too_and_nothing_else(make: Callable[[], Case]) -> None:
    """终结以后留言请求更正的，可以照办（第四十六条）；其他内容先恢复办理。"""
    case = wrote(make, "correct")
    officer = SEALED if case.facts.sealed else CLERK
    state = case.facts.state
    case.take(StepCode.CORRECT, by=officer, what="phone", new_value="13000000009", public_value="")
    case.take(StepCode.ANSWER_MESSAGE, by=officer, outcome="done", text="已更正电话")
    assert case.facts.state is state, "it opens nothing"
    if make in (withdrawn, handed_over):
        why = case.refused(StepCode.CORRECT, by=officer, what="subject", new_text="经费", text_value="经费")
        assert why.codes == {"after_an_end_only_personal_data"} and "个人信息保护法第四十六条" in why


def test_a_correction_that_waits_for_its_second_person_is_not_made_yet() -> None:
    case = wrote(in_hand, "correct")
    case.take(StepCode.CORRECT, by=CLERK, waits=True, what="name", new_value="甲甲", public_value="")
    assert case.refused(StepCode.ANSWER_MESSAGE, by=CLERK, outcome="done").codes == {"a_correction_was_made"}
    case.confirm(StepCode.CORRECT, by=SECOND_CLERK)
    case.take(StepCode.ANSWER_MESSAGE, by=CLERK, outcome="done")


def test_a_correction_of_before_answers_no_request_of_today() -> None:
    case = in_hand()
    case.take(StepCode.CORRECT, by=CLERK, what="phone", new_value="13000000009", public_value="")
    case.take(StepCode.LEAVE_MESSAGE, by=PETITIONER, kind="correct")
    assert case.refused(StepCode.ANSWER_MESSAGE, by=CLERK, outcome="done").codes == {"a_correction_was_made"}
    case.take(StepCode.ANSWER_MESSAGE, by=CLERK, outcome="refused", text="证件上的姓名与登记一致，无须更正")


def test_a_copy_is_given_or_refused_with_the_reason() -> None:
    case = wrote(archived, "access")
    refused = case.refused(StepCode.ANSWER_MESSAGE, by=CLERK)
    assert refused.codes == {"a_request_is_answered_yes_or_no"} and "个人信息保护法第五十条" in refused
    case.take(StepCode.ANSWER_MESSAGE, by=CLERK, outcome="done", text="已在网上提供")


# ---- 条例第二十八条：信访人不知道工作人员的代码，用自己的话申请回避


def test_a_recusal_is_asked_for_in_words_and_a_superior_names_who_is_meant() -> None:
    case = wrote(in_hand, "recusal")
    words = "决定信访人的回避申请"
    assert asked(case) == [("the_office_head", words), ("the_responsible_leader", words)]
    for by in (HANDLER, CLERK):
        refused = case.refused(StepCode.ANSWER_MESSAGE, by=by, outcome="refused", meant="head")
        assert "a_superior_decides_on_recusal" in refused.codes
    undecided = case.refused(StepCode.ANSWER_MESSAGE, by=OFFICE_HEAD, outcome="done", meant="handler")
    assert undecided.codes == {"the_recusal_was_decided"}
    case.take(StepCode.RECUSE, by=OFFICE_HEAD, person="handler")
    case.confirm(StepCode.RECUSE, by=LEADER)
    case.take(StepCode.ANSWER_MESSAGE, by=OFFICE_HEAD, outcome="done", meant="handler", text="已换承办人")
    assert not asked(case)


def test_nobody_decides_on_their_own_recusal_and_the_head_of_the_office_is_never_asked_alone() -> None:
    case = wrote(in_hand, "recusal")
    for by in (OFFICE_HEAD, LEADER):
        own = case.refused(StepCode.ANSWER_MESSAGE, by=by, outcome="refused", meant=by.code)
        assert own.codes == {"who_is_meant_is_named_and_does_not_decide"}
    case.take(StepCode.ANSWER_MESSAGE, by=LEADER, outcome="refused", meant="office_head", text="没有利害关系")
    assert [who for who, _ in asked(wrote(registered, "recusal"))] == ["the_office_head", "the_principal_leader"]


def test_an_invented_name_is_nobody() -> None:
    case = wrote(in_hand, "recusal")
    for nobody in ("", "nobody"):
        refused = case.refused(StepCode.ANSWER_MESSAGE, by=LEADER, outcome="refused", meant=nobody)
        assert refused.codes == {"who_is_meant_is_named_and_does_not_decide"}


def test_once_the_matter_is_over_there_is_nobody_to_withdraw() -> None:
    case = closed()
    assert case.facts.state not in OPEN_STATES
    refused = case.refused(StepCode.LEAVE_MESSAGE, by=PETITIONER, kind="recusal")
    assert refused.codes == {"a_recusal_is_asked_while_somebody_decides"} and "请求复查" in refused


def test_under_the_seal_its_officers_decide() -> None:
    case = wrote(reported, "recusal")
    assert asked(case) == [("the_named_officer", "决定信访人的回避申请")]
    case.take(StepCode.ANSWER_MESSAGE, by=SEALED, outcome="refused", meant="other_sealed", text="没有利害关系")


def test_several_messages_are_one_task_with_their_number() -> None:
    case = wrote(closed)
    case.take(StepCode.LEAVE_MESSAGE, by=PETITIONER)
    assert asked(case) == [("the_office", "答复信访人留言（2条）")]


def test_of_a_destroyed_file_nothing_is_asked_any_more() -> None:
    case = wrote(archived)
    case.facts = replace(case.facts, destroyed_on=case.today)
    assert not asked(case)
    assert "另行登记" in case.refused(StepCode.LEAVE_MESSAGE, by=PETITIONER)


@pytest.mark.parametrize("by", [HANDLER, HEAD])
def test_the_unit_answers_while_it_handles_the_matter_and_enters_nothing_for_the_petitioner(by: Actor) -> None:
    case = wrote(in_hand)
    assert case.refused(StepCode.LEAVE_MESSAGE, by=by, channel="phone").codes == {"who"}
    case.take(StepCode.ANSWER_MESSAGE, by=by)
    assert case.facts.state is State.HANDLING
