"""几位信访人联名的，意见书逐位送达；登记了推选代表的，送达代表（条例第二十、三十五条；本厅设定）。"""

from datetime import date, timedelta

from tests.articles.department import CLERK, HANDLER, HEAD, LEADER, PETITIONER, RECEIVED, Case
from tests.articles.stories import TO_THE_SIGNATURE, issue, registered, then
from xinfang.procedure.due_dates import review_right_due
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import PaperKind, State

FIRST = {"name": "甲某", "address": "某街1号"}
SECOND = {"name": "乙某", "address": "某街2号"}
NOWHERE = {"name": "丙某"}
LATER = RECEIVED + timedelta(days=20)


def replied_to(*persons: dict[str, str]) -> Case:
    """联名信的意见书已经印发，还没有送达。"""
    case = then(
        registered(persons=[*persons], group_size=len(persons)), (StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK)
    )
    then(case, (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK), (StepCode.ASSIGN, CLERK))
    then(case, (StepCode.SIGN_FOR, HEAD), *TO_THE_SIGNATURE)
    case.take(StepCode.ISSUE_REPLY, by=CLERK)
    issue(case, PaperKind.REPLY_OPINION)
    return case


def test_who_got_it_is_named_where_nobody_represents_them() -> None:
    case = replied_to(FIRST, SECOND)
    assert case.refused(StepCode.SERVE, by=HANDLER).codes == {"who_got_it_is_named"}
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    assert case.facts.state is State.SERVED and case.facts.still_to_be_served == {2}


def test_service_on_one_ends_nobody_else_s_thirty_days() -> None:
    """甲三月二日收到，乙三月二十二日收到：请求复查的最后一日按后一次送达计；甲收到后就可以请求。"""
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    assert "送达意见书：还有1位信访人没有收到" in {t.words for t in task_rules(case.facts)}
    case.take(StepCode.SERVE, by=HANDLER, on=LATER, persons=[2])
    assert review_right_due(case.facts, case.calendar) == date(2026, 4, 21)
    assert case.refused(StepCode.SERVE, by=HANDLER, persons=[2]).codes >= {"somebody_is_to_be_served"}
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=date(2026, 4, 21))


def test_the_first_who_got_it_may_ask_at_once() -> None:
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.SERVE, by=HANDLER, on=LATER, persons=[2])
    assert case.facts.review_stage == "first_asked"


def test_nothing_is_closed_before_each_has_it() -> None:
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    assert case.refused(StepCode.CLOSE, by=HEAD).codes == {"everybody_got_the_reply"}
    case.take(StepCode.SERVE, by=HANDLER, persons=[2])
    case.take(StepCode.CLOSE, by=HEAD)


def test_a_representative_receives_for_all() -> None:
    """登记了推选代表的，送达代表即为送达各位（条例第二十条）。"""
    case = replied_to({**FIRST, "role": "representative"}, SECOND)
    case.take(StepCode.SERVE, by=HANDLER)
    assert not case.facts.still_to_be_served


def test_who_can_not_be_reached_holds_nobody_up() -> None:
    case = replied_to(FIRST, NOWHERE)
    case.take(StepCode.SERVE, by=HANDLER)
    assert not case.facts.still_to_be_served


def test_who_took_it_back_or_died_is_not_waited_for() -> None:
    case = replied_to(FIRST, SECOND)
    case.take(StepCode.SERVE, by=HANDLER, persons=[1])
    case.take(StepCode.RECORD_DEATH, by=CLERK, person=2)
    assert not case.facts.still_to_be_served
