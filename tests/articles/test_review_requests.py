"""交到本厅的复查、复核请求：转送、收到、没有收下、收回，和何日收到复查意见（条例第三十五、三十六条；本厅设定）。"""

from datetime import date

import pytest

from tests.articles.department import CLERK, OFFICE_HEAD, PETITIONER, SECOND_CLERK, Case
from tests.articles.stories import archived, served
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material

MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
SATURDAY = date(2026, 3, 7)
NEXT_MONDAY = date(2026, 3, 9)


def asked(on: date = MONDAY) -> Case:
    """意见书已经送达，信访人在信访窗口请求复查。"""
    case = served(MONDAY)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=on)
    return case


def reviewed(**answers: object) -> Case:
    case = asked()
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 20), **answers)
    return case


def follow(case: Case, news: str, on: date | None = None, **answers: object) -> None:
    case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, on=on, news=news, **answers)


def tasks(case: Case) -> set[str]:
    return {t.words for t in task_rules(case.facts)}


def runs(case: Case, clock: str) -> list[date]:
    return [r.due.due for r in running(case.facts, case.calendar) if r.clock.code == clock and r.stopped_on is None]


# 转送。


def test_what_is_asked_at_the_window_is_a_duty_of_the_office() -> None:
    """在窗口提出的，提出之日就是请求之日；至迟下一个工作日转送，复查机关的三十日还没有开始。"""
    case = asked(SATURDAY)
    assert case.clock("request_first_review").stopped_on == SATURDAY, "信访人已经在期限内提出"
    assert "转送复查请求" in tasks(case)
    assert runs(case, "review_request") == [NEXT_MONDAY]
    assert not case.runs("first_review"), "复查机关还没有收到"


def test_it_goes_on_under_a_number_or_against_a_receipt() -> None:
    case = asked()
    refused = case.refused(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, news="sent", mail_number="无")
    assert refused.codes == {"it_went_on_with_its_proof"}
    by_hand = asked()
    receipt = by_hand.proof(Material.RECEIPT)
    by_hand.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, alone=True, mail_number="", attachment=receipt)
    case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, alone=True, on=TUESDAY)
    for sent in (case, by_hand):
        assert not runs(sent, "review_request") and "转送复查请求" not in tasks(sent)


def test_the_thirty_days_of_the_other_body_begin_when_it_has_the_request() -> None:
    case = asked()
    follow(case, "sent", TUESDAY)
    assert not case.runs("first_review")
    follow(case, "arrived", date(2026, 3, 5))
    assert runs(case, "first_review") == [date(2026, 4, 4)]
    again = case.refused(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, news="arrived")
    assert again.codes == {"it_follows_what_is_recorded"}


def test_a_request_for_a_final_review_goes_on_the_same_way() -> None:
    case = reviewed(served_on=date(2026, 3, 20))
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER)
    assert "转送复核请求" in tasks(case) and not case.runs("final_review")
    follow(case, "arrived", date(2026, 3, 24))
    assert runs(case, "final_review") == [date(2026, 4, 23)] and not runs(case, "first_review")


def test_who_asked_the_other_body_themselves_leaves_nothing_to_send_on() -> None:
    case = served(MONDAY)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=CLERK, on=NEXT_MONDAY, requested_on=TUESDAY, arrived_on=TUESDAY)
    assert "转送复查请求" not in tasks(case) and not case.runs("review_request")
    assert runs(case, "first_review") == [date(2026, 4, 2)]


def test_also_of_an_archived_file_the_request_goes_on() -> None:
    case = archived(MONDAY)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    assert "转送复查请求" in tasks(case)
    follow(case, "sent")


# 没有收下，或者信访人收回。


@pytest.mark.parametrize(
    ("news", "proof"), [("not_taken", Material.OTHER_BODYS_PAPER), ("taken_back", Material.PETITIONERS_WORDS)]
)
def test_what_was_no_review_uses_up_no_right(news: str, proof: Material) -> None:
    """该机关没有收下或者信访人收回的，两人凭书面材料登记；三十日内还可以再请求。"""
    case = asked()
    assert "that_it_came_back_is_proven" in case.refused(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, news=news).codes
    sheet = case.proof(proof)
    case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, on=NEXT_MONDAY, news=news, attachment=sheet, waits=True)
    assert case.facts.review_stage == "first_asked"
    case.confirm(StepCode.FOLLOW_REVIEW_REQUEST, by=SECOND_CLERK)
    assert case.facts.review_stage == "" and not runs(case, "review_request")
    assert runs(case, "request_first_review") == [date(2026, 4, 1)], "自收到意见书起的三十日照旧"
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=date(2026, 4, 1))
    assert not runs(case, "request_first_review")


def test_what_the_other_body_did_not_take_in_time_is_asked_later_with_the_reason() -> None:
    case = asked()
    sheet = case.proof(Material.OTHER_BODYS_PAPER)
    follow(case, "not_taken", date(2026, 4, 10), attachment=sheet)
    late = {"by": PETITIONER, "on": date(2026, 4, 13)}
    assert case.refused(StepCode.REQUEST_FIRST_REVIEW, **late).codes == {"the_right_has_not_lapsed"}
    case.take(StepCode.REQUEST_FIRST_REVIEW, **late, late_reason="意见书写错了复查机关")


def test_the_term_of_a_body_that_did_not_take_it_ends() -> None:
    case = asked()
    follow(case, "arrived", TUESDAY)
    follow(case, "not_taken", NEXT_MONDAY, attachment=case.proof(Material.OTHER_BODYS_PAPER))
    assert not runs(case, "first_review")


def test_a_final_review_that_was_not_taken_leaves_the_first_as_it_is() -> None:
    case = reviewed(served_on=date(2026, 3, 20))
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER)
    follow(case, "taken_back", attachment=case.proof(Material.PETITIONERS_WORDS))
    assert case.facts.review_stage == "first_done"
    assert runs(case, "request_final_review") == [date(2026, 4, 20)]


# 何日收到复查意见。


def test_an_unknown_day_of_receipt_does_not_end_the_right() -> None:
    """不知道信访人何日收到复查意见的，请求复核的三十日不开始计算，也不能因此逾期（条例第三十六条）。"""
    case = reviewed()
    assert case.facts.review_served_on is None and not case.runs("request_final_review")
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER, on=date(2026, 6, 1))


def test_the_day_is_entered_by_two_once_it_is_known() -> None:
    case = reviewed()
    receipt = case.proof(Material.RECEIPT)
    case.take(
        StepCode.FOLLOW_REVIEW_REQUEST,
        by=CLERK,
        on=date(2026, 4, 8),
        news="opinion_got",
        happened_on=date(2026, 4, 3),
        attachment=receipt,
        waits=True,
    )
    assert not case.runs("request_final_review")
    case.confirm(StepCode.FOLLOW_REVIEW_REQUEST, by=OFFICE_HEAD)
    assert runs(case, "request_final_review") == [date(2026, 5, 6)], "五月三日是假日，顺延"
    again = case.refused(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, news="opinion_got", attachment=receipt)
    assert "a_request_is_on_its_way" in again.codes
