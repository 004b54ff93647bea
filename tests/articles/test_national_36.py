"""条例第三十六条：30日内请求复核，听证时间不计；同一事实和理由不再受理。"""

from datetime import date

from tests.articles.department import BOTH, CLERK, PETITIONER, SECOND_CLERK, Case
from tests.articles.stories import classified, reported, served
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, State


def reviewed() -> Case:
    case = served(date(2026, 3, 2))
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 3, 23), decided_on="2026-03-20", served_on="2026-03-23")
    return case


def test_thirty_days_from_the_day_the_review_was_received() -> None:
    case = reviewed()
    assert case.clock("request_final_review").due.due == date(2026, 4, 22)
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=CLERK, on=date(2026, 4, 22), arrived_on=date(2026, 4, 22))
    assert case.clock("final_review").due.due == date(2026, 5, 22)


def test_the_days_of_a_hearing_do_not_count() -> None:
    case = reviewed()
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=CLERK, on=date(2026, 4, 22), arrived_on=date(2026, 4, 22))
    case.take(StepCode.FINAL_REVIEW, by=CLERK, on=date(2026, 5, 30), hearing_days=10)
    assert case.clock("final_review").due.due == date(2026, 6, 1)
    assert not case.clock("final_review").overdue(date(2026, 5, 30))


def test_no_final_review_is_decided_before_its_own_request_arrived() -> None:
    case = reviewed()
    asked = {"requested_on": date(2026, 4, 20), "arrived_on": date(2026, 4, 22)}
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=CLERK, on=date(2026, 4, 25), **asked)
    refused = case.refused(StepCode.FINAL_REVIEW, by=CLERK, decided_on=date(2026, 4, 21))
    assert "意见日期早于收到请求的日期（条例第三十五条、条例第三十六条）" in refused
    case.take(StepCode.FINAL_REVIEW, by=CLERK, decided_on=date(2026, 4, 22))


def test_there_is_no_final_review_without_a_first() -> None:
    refused = served().refused(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER)
    assert "没有可以请求复核的复查意见（条例第三十六条）" in refused


def test_only_after_a_final_review_on_the_same_facts_is_it_refused_by_two_persons() -> None:
    case = classified()
    assert "须写明处理、复查、复核三份意见的文号（条例第三十六条）" in case.refused(
        StepCode.REFUSE_FURTHER, by=CLERK, final_review_number="", first_review_number="查1号"
    )
    assert "须确认仍是同一事实和理由（条例第三十六条）" in case.refused(
        StepCode.REFUSE_FURTHER, by=CLERK, same_facts=False
    )
    case.take(StepCode.REFUSE_FURTHER, by=CLERK)
    assert case.facts.state is State.REGISTERED
    case.confirm(StepCode.REFUSE_FURTHER, by=SECOND_CLERK)
    assert case.facts.state is State.REFUSED_FURTHER


def test_invented_numbers_of_three_opinions_refuse_nobody() -> None:
    invented = {"opinion_number": "1", "first_review_number": "1", "final_review_number": "1", "on_record": False}
    refused = classified().refused(StepCode.REFUSE_FURTHER, by=CLERK, **invented)
    assert refused.codes == {"the_final_review_is_on_record"}
    assert "首件在本系统没有复核终结，也没有附复核意见书（条例第三十六条、条例第四十四条）" in refused


def test_a_final_review_from_before_this_system_is_proven_by_its_opinion() -> None:
    case = classified()
    own_paper = case.proof(Material.PAPER)
    assert case.refused(StepCode.REFUSE_FURTHER, by=CLERK, on_record=False, attachment=own_paper).codes == {
        "the_final_review_is_on_record"
    }
    opinion = case.proof(Material.OTHER_BODYS_PAPER)
    case.take(StepCode.REFUSE_FURTHER, by=CLERK, on_record=False, attachment=opinion)
    case.confirm(StepCode.REFUSE_FURTHER, by=SECOND_CLERK)
    assert case.facts.state is State.REFUSED_FURTHER


def test_of_what_was_finally_reviewed_here_the_record_is_proof() -> None:
    case = classified()
    case.take(StepCode.REFUSE_FURTHER, by=CLERK, on_record=True)
    case.confirm(StepCode.REFUSE_FURTHER, by=SECOND_CLERK)
    assert case.facts.state is State.REFUSED_FURTHER


def test_one_scan_does_not_prove_two_opinions() -> None:
    """复查意见、复核意见各附自己的扫描件：一份扫描件不能登记两份意见。"""
    case = reviewed()
    used = case.facts.last(StepCode.FIRST_REVIEW).step.attachment
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER)
    refused = case.refused(StepCode.FINAL_REVIEW, by=CLERK, attachment=used)
    assert refused.codes == {"each_opinion_has_its_own_scan"}
    case.take(StepCode.FINAL_REVIEW, by=CLERK)
    assert case.facts.last(StepCode.FINAL_REVIEW).step.attachment != used


def test_a_report_of_wrongdoing_is_never_refused_so() -> None:
    assert "it_is_no_report_of_wrongdoing" in reported().refused(StepCode.REFUSE_FURTHER, by=BOTH).codes
