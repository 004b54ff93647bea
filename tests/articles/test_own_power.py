"""条例第三十一条（四）（五）、第四十四条（二）：属于本厅职权的，依法履行或者启动程序并答复，不推给其他机关。"""

from datetime import date, timedelta

import pytest

from tests.articles.department import CLERK, HANDLER, HEAD, LEADER, OTHER_UNIT, PETITIONER, RECEIVED, SECOND_CLERK
from tests.articles.stories import (
    classified,
    duty_accepted,
    duty_drafted,
    duty_in_hand,
    duty_instructed,
    duty_numbered,
    duty_served,
    issue,
    tell,
    then,
)
from xinfang.procedure.clocks import current, running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import PaperKind, State


@pytest.mark.parametrize("route", ["four", "five"])
def test_what_is_in_the_department_s_own_power_goes_to_the_leader_and_is_accepted(route: str) -> None:
    case = classified(route=route)
    assert [(t.step, t.words) for t in task_rules(case.facts)] == [(StepCode.PROPOSE, "拟办：依法履行职责")]
    case = duty_instructed(route=route)
    assert [t.step for t in task_rules(case.facts)] == [StepCode.ACCEPT_DUTY]
    case.take(StepCode.ACCEPT_DUTY, by=CLERK, alone=True)
    assert case.facts.state is State.HANDLING and "程序启动告知书" in case.papers


@pytest.mark.parametrize("route", ["four", "five"])
def test_it_is_not_led_to_another_body(route: str) -> None:
    refused = classified(route=route).refused(StepCode.ROUTE, by=CLERK)
    assert refused.codes == {"another_body_holds_the_power"}
    assert "条例第三十一条、条例第四十四条、条例第四十五条" in refused


def test_who_holds_the_power_is_changed_by_two_persons() -> None:
    case = classified(route="five")
    case.take(
        StepCode.CLASSIFY, by=CLERK, waits=True, route="five", competence="elsewhere", not_ours="由市场监管部门查处"
    )
    assert case.facts.own_power
    case.confirm(StepCode.CLASSIFY, by=SECOND_CLERK)
    case.take(StepCode.ROUTE, by=CLERK, waits=True)


def test_it_is_declined_only_with_the_paper_of_a_body_that_is_dealing_with_it() -> None:
    case = classified(route="five")
    assert case.refused(StepCode.DECLINE, by=CLERK).codes == {"that_it_is_dealt_with_is_proven"}


def test_two_months_count_from_receipt_to_the_same_day_and_are_not_extended() -> None:
    case = duty_in_hand()
    run = current("own_duty", case.facts, case.calendar)
    assert run is not None and (run.started_on, run.due.due) == (RECEIVED, date(2026, 5, 2))
    assert "民法典第二百零二条、条例第三十一条、行政诉讼法第四十七条" in run.due.derivation[1].why
    assert {r.clock.code for r in running(case.facts, case.calendar)} >= {"notice", "own_duty"}
    assert current("handling", case.facts, case.calendar) is None
    assert "it_is_a_claim_of_route_six" in case.refused(StepCode.REQUEST_EXTENSION, by=HANDLER).codes


def test_a_month_without_such_a_day_ends_with_its_last() -> None:
    case = duty_in_hand(date(2025, 12, 31))
    run = current("own_duty", case.facts, case.calendar)
    assert run is not None and run.due.due == date(2026, 2, 28)


def test_another_term_is_the_law_s_and_a_second_person_s() -> None:
    case = duty_instructed()
    term = {"term_days": 90, "term_source": "《行政处罚法》第六十条"}
    case.take(StepCode.ACCEPT_DUTY, by=CLERK, waits=True, **term)
    assert case.facts.state is State.INSTRUCTED
    case.confirm(StepCode.ACCEPT_DUTY, by=LEADER)
    run = current("own_duty", case.facts, case.calendar)
    assert run is not None and run.due.due == RECEIVED + timedelta(days=90)


def test_another_term_counts_from_the_acceptance_but_no_later_than_the_fifteenth_day() -> None:
    case = duty_instructed()
    later = RECEIVED + timedelta(days=30)
    case.take(StepCode.ACCEPT_DUTY, by=CLERK, on=later, accepted_on=later, term_months=6, term_source="某条例第九条")
    case.confirm(StepCode.ACCEPT_DUTY, by=LEADER)
    run = current("own_duty", case.facts, case.calendar)
    assert run is not None and run.due.due == date(2026, 9, 17)


ITS_ARTICLE = {"term_source": "某条例第九条"}


@pytest.mark.parametrize("term", [{"term_months": 1}, {"term_months": 24}, {"term_days": 1}, {"term_days": 365}])
def test_another_term_is_at_most_two_years_or_365_days(term: dict[str, object]) -> None:
    case = duty_instructed()
    case.take(StepCode.ACCEPT_DUTY, by=CLERK, waits=True, **term, **ITS_ARTICLE)
    case.confirm(StepCode.ACCEPT_DUTY, by=LEADER)
    assert case.facts.state is State.HANDLING


@pytest.mark.parametrize(
    "term",
    [
        {"term_months": 6},
        {"term_days": 90},
        ITS_ARTICLE,
        {"term_months": 6, "term_days": 5},
        {"term_months": 6, "term_days": 5, **ITS_ARTICLE},
        {"term_months": 0, **ITS_ARTICLE},
        {"term_days": 0, **ITS_ARTICLE},
        {"term_months": 25, **ITS_ARTICLE},
        {"term_days": 366, **ITS_ARTICLE},
    ],
)
def test_another_term_is_one_number_with_its_article(term: dict[str, object]) -> None:
    refused = duty_instructed().refused(StepCode.ACCEPT_DUTY, by=CLERK, **term)
    assert refused.codes == {"another_term_has_its_article"}


@pytest.mark.parametrize("another", [{"handling_unit": OTHER_UNIT}, {"responsible_leader": "other_leader"}])
def test_what_departs_from_the_instruction_waits_for_the_leader_who_gave_it(another: dict[str, str]) -> None:
    """规程第七条：承办处室、包案厅领导与批示不一致的，须作出批示的厅领导同意。"""
    case = duty_instructed()
    case.take(StepCode.ACCEPT_DUTY, by=CLERK, waits=True, **another)
    assert case.facts.state is State.INSTRUCTED
    case.confirm(StepCode.ACCEPT_DUTY, by=LEADER)
    assert case.facts.state is State.HANDLING


def test_it_is_answered_under_its_own_law_and_by_no_petition_opinion() -> None:
    case = duty_in_hand()
    assert case.refused(StepCode.DRAFT_REPLY, by=HANDLER).codes == {"it_is_not_in_our_own_power"}
    refused = case.refused(StepCode.DRAFT_DUTY_REPLY, by=HANDLER, reconsideration_body="", court="")
    assert refused.codes == {"its_own_remedy_is_named"}
    assert "条例第三十一条、行政复议法第二十条、行政诉讼法第四十六条" in refused
    case.take(
        StepCode.DRAFT_DUTY_REPLY, by=HANDLER, court="", other_remedy="须先申请行政复议，60日内向自治区人民政府提出"
    )


@pytest.mark.parametrize("lacking", ["reconsideration_body", "court"])
def test_its_remedy_names_both_the_body_that_reconsiders_and_the_court(lacking: str) -> None:
    refused = duty_in_hand().refused(StepCode.DRAFT_DUTY_REPLY, by=HANDLER, **{lacking: ""})
    assert refused.codes == {"its_own_remedy_is_named"}


@pytest.mark.parametrize("remedy", ["可以请求复查", "可以请求复核"])
def test_its_remedy_is_never_a_petition_review(remedy: str) -> None:
    refused = duty_in_hand().refused(StepCode.DRAFT_DUTY_REPLY, by=HANDLER, other_remedy=remedy)
    assert refused.codes == {"its_remedy_is_no_petition_review"}


def test_the_two_months_end_when_the_answer_leaves() -> None:
    case = duty_numbered()
    number = issue(case, PaperKind.DUTY_REPLY)
    leaves = RECEIVED + timedelta(days=50)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=number, on=leaves)
    run = current("own_duty", case.facts, case.calendar)
    assert run is not None and run.stopped_on == leaves and not run.overdue(leaves)


def test_no_petition_review_is_its_remedy() -> None:
    case = duty_served()
    assert current("request_first_review", case.facts, case.calendar) is None
    refused = case.refused(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    assert refused.codes == {"a_petition_review_is_its_remedy"}
    assert "不适用信访复查" in refused and "条例第三十一条、条例第三十五条" in refused


def test_what_is_supported_is_carried_out_before_it_is_closed() -> None:
    case = duty_served()
    assert "supported_requests_are_carried_out" in case.refused(StepCode.CLOSE, by=HEAD).codes
    then(case, (StepCode.CARRY_OUT, HANDLER), (StepCode.CLOSE, HEAD))
    case.confirm(StepCode.CLOSE, by=LEADER)
    assert case.facts.state is State.CLOSED


def test_the_notice_tells_the_petitioner_within_fifteen_days() -> None:
    case = tell(duty_accepted(), PaperKind.DUTY_NOTICE, on=RECEIVED + timedelta(days=4))
    run = current("notice", case.facts, case.calendar)
    assert run is not None and run.stopped_on == RECEIVED + timedelta(days=4)


def test_a_promise_is_within_the_two_months() -> None:
    case = duty_in_hand()
    refused = case.refused(StepCode.PROMISE_REPLY, by=HANDLER, promised_on=date(2026, 5, 3))
    assert refused.codes == {"the_promise_is_within_the_limit"}


def test_what_is_opened_once_more_is_as_old_as_it_was() -> None:
    case = then(duty_drafted(), (StepCode.WITHDRAW, PETITIONER))
    case.take(StepCode.REOPEN, by=CLERK, on=RECEIVED + timedelta(days=20))
    run = current("own_duty", case.facts, case.calendar)
    assert run is not None and run.due.due == date(2026, 5, 2) and case.facts.duty_term is None


def test_sealed_on_its_way_its_remedy_and_its_term_stay_what_they_were() -> None:
    """转入密封区不停止两个月；已经答复的，不转入密封区。"""
    assert "what_was_answered_stays" in duty_served().refused(StepCode.SEAL, by=CLERK).codes
    case = then(classified(route="five"), (StepCode.SEAL, CLERK))
    assert case.clock("own_duty").stopped_on is None
