"""文书退回、找不到受送达人：期限按发出之日计，不因退回重新起算；没有送达的不遗漏，再次送达（条例第二十三条、第三十四条）。"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.articles.department import CLERK, HANDLER, RECEPTION, SECOND_CLERK, Case
from tests.articles.stories import accepted, classified, forwarded, handed_down, issue, replied, tell
from xinfang.procedure.archive import issued_and_unsent
from xinfang.procedure.facts import Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.service import failure_notes, stopped_by_what_did_not_arrive
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import PaperKind, PaperStage, State

MONDAY = date(2026, 3, 2)
POSTED, CAME_BACK, AGAIN = date(2026, 3, 4), date(2026, 3, 10), date(2026, 3, 20)


def came_back(**answers: object) -> Case:
    """The notice of acceptance was posted on 4 March and came back on the 10th."""
    case = tell(accepted(MONDAY), on=POSTED)
    case.take(StepCode.SERVICE_FAILED, by=RECEPTION, on=CAME_BACK, paper=1, **answers)
    return case


def tasks(facts: Facts) -> set[str]:
    return {t.words for t in task_rules(facts)}


def test_a_notice_that_came_back_left_in_time_all_the_same() -> None:
    case = came_back()
    notice = case.clock("notice")
    assert (notice.stopped_on, notice.due.due) == (POSTED, MONDAY + timedelta(days=15))
    assert case.facts.noticed_on == POSTED
    assert not case.clock("handling").stopped_on, "and nothing else is lost by it"


def test_but_it_did_not_arrive_and_that_is_shown_and_asked_for() -> None:
    case = came_back(next_way="phone")
    paper = case.facts.papers[0]
    assert (paper.stage, paper.failed_on, paper.failures) == (PaperStage.ISSUED, CAME_BACK, 1)
    assert "没有送达，再次发出：受理告知书" in tasks(case.facts)
    (note,) = failure_notes(case.facts)
    assert note == (
        "受理告知书（文书1）3月4日发出，3月10日没有送达（邮件退回）。期限按发出之日计，不因退回重新起算；"
        "但受送达人还没有收到：请电话联系，请其前来领取或者提供地址，并登记“发出”或者“送达”。"
    )
    assert stopped_by_what_did_not_arrive(case.clock("notice").stopped_by, case.facts)


def test_it_is_sent_once_more_and_that_is_on_record_while_the_first_day_counts() -> None:
    case = came_back()
    case.take(StepCode.SEND_PAPER, by=CLERK, on=AGAIN, paper=1, mail_number="XA0000000116")
    paper = case.facts.papers[0]
    assert (paper.left_on, paper.failed_on) == (POSTED, None)
    assert [h.happened_on for h in case.facts.history if h.code == StepCode.SEND_PAPER] == [POSTED, AGAIN]
    assert not tasks(case.facts) & {"没有送达，再次发出：受理告知书"} and not list(failure_notes(case.facts))
    assert not stopped_by_what_did_not_arrive(case.clock("notice").stopped_by, case.facts)
    case.take(StepCode.SERVICE_FAILED, by=CLERK, on=AGAIN + timedelta(days=7), paper=1)
    assert case.facts.papers[0].failures == 2, "it may come back more than once"


def test_it_is_handed_over_where_they_came_for_it() -> None:
    case = came_back()
    case.take(StepCode.SERVE_PAPER, by=RECEPTION, on=AGAIN, served_on=AGAIN)
    assert case.facts.papers[0].stage is PaperStage.SERVED and not list(failure_notes(case.facts))


def test_a_notice_is_made_public_by_two_persons_and_only_once_it_came_back() -> None:
    fresh = tell(accepted(MONDAY), on=POSTED)
    refused = fresh.refused(StepCode.SERVE_PAPER, by=CLERK, on=AGAIN, served_on=AGAIN, method="public", receiver="")
    assert refused.codes == {"a_notice_is_made_public_only_once_it_came_back"}
    case = came_back(next_way="public")
    case.take(StepCode.SERVICE_FAILED, by=CLERK, on=AGAIN, paper=1, method="in_person", mail_number="")
    case.take(StepCode.SERVE_PAPER, by=CLERK, on=AGAIN, waits=True, served_on=AGAIN, method="public", receiver="")
    assert case.facts.papers[0].stage is PaperStage.ISSUED
    case.confirm(StepCode.SERVE_PAPER, by=SECOND_CLERK)
    assert case.facts.papers[0].stage is PaperStage.SERVED
    assert case.clock("notice").stopped_on == POSTED


def test_what_never_left_stops_no_limit_by_having_failed_at_the_door() -> None:
    case = accepted(MONDAY)
    issue(case, PaperKind.ACCEPTANCE_NOTICE)
    case.take(StepCode.SERVICE_FAILED, by=CLERK, on=CAME_BACK, paper=1, method="in_person", why="not_found")
    assert case.clock("notice").stopped_on is None
    assert "发出：受理告知书" in tasks(case.facts)
    (note,) = failure_notes(case.facts)
    assert "文书尚未发出，期限仍在计算" in note


def forwarded_to_a_city() -> Case:
    return tell(forwarded(MONDAY), PaperKind.FORWARDING_NOTICE, on=POSTED)


def redirected() -> Case:
    case = classified(MONDAY, route=None, competence="elsewhere", not_ours="属于劳动监察")
    case.take(StepCode.REDIRECT, by=CLERK)
    return tell(case, PaperKind.REDIRECT_NOTICE, on=POSTED)


@pytest.mark.parametrize("make", [redirected, forwarded_to_a_city], ids=["不属职权告知书", "转送去向告知书"])
def test_also_of_a_matter_that_has_ended(make: Callable[[], Case]) -> None:
    case = make()
    number = len(case.facts.papers)
    case.take(StepCode.SERVICE_FAILED, by=CLERK, on=CAME_BACK, paper=number)
    label = case.facts.papers[-1].kind.label
    assert f"没有送达，再次发出：{label}" in tasks(case.facts)
    assert case.clock("notice").stopped_on == POSTED
    assert [p.number for p in issued_and_unsent(case.facts)] == [number], "the archive asks for it"


def test_a_reply_that_came_back_is_asked_for_as_the_reply() -> None:
    case = replied(MONDAY)
    case.take(StepCode.SERVICE_FAILED, by=HANDLER, on=CAME_BACK)
    assert case.facts.failed_services == 1 and case.facts.state is State.REPLIED
    assert "没有送达，再次送达意见书" in tasks(case.facts)
    assert not {t for t in tasks(case.facts) if "再次发出" in t}


def test_what_was_served_or_never_issued_did_not_come_back() -> None:
    case = came_back()
    case.take(StepCode.SERVE_PAPER, by=RECEPTION, on=AGAIN, served_on=AGAIN)
    assert "a_paper_is_on_its_way" in case.refused(StepCode.SERVICE_FAILED, by=CLERK, paper=1).codes
    assert "a_paper_is_on_its_way" in handed_down().refused(StepCode.SERVICE_FAILED, by=CLERK).codes
    early = {"tried_on": MONDAY, "on": CAME_BACK}
    assert "that_paper_is_on_its_way" in case.refused(StepCode.SERVICE_FAILED, by=CLERK, **early).codes, "of no paper"
    in_time = tell(accepted(MONDAY), on=POSTED)
    early = {"on": CAME_BACK, "paper": 1, "tried_on": POSTED - timedelta(days=1)}
    assert in_time.refused(StepCode.SERVICE_FAILED, by=CLERK, **early).codes == {"it_failed_after_it_left"}
