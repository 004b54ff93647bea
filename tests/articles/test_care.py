"""回访、帮扶救助、疏导教育（规程第二条、规程第六条，条例第二十七条、条例第三十七条）：一件一记，不影响期限和权利，也不是结案的条件。"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import CLERK, HANDLER, HEAD, LEADER, RECEIVED, SEALED, Case
from tests.articles.stories import closed, in_hand, registered, reported, served
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import RequestFacts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.task_rules import task_rules

CARE = (StepCode.FOLLOW_UP, StepCode.GIVE_ASSISTANCE, StepCode.COUNSEL)


@pytest.mark.parametrize("code", CARE)
def test_they_stop_no_clock_change_no_right_and_ask_nobody_for_anything(code: str) -> None:
    case = served()
    before = (running(case.facts, case.calendar), case.facts.state, task_rules(case.facts))
    case.take(code, by=CLERK, on=RECEIVED + timedelta(days=3))
    assert (running(case.facts, case.calendar), case.facts.state, task_rules(case.facts)) == before


@pytest.mark.parametrize("code", CARE)
def test_they_are_a_condition_of_nothing(code: str) -> None:
    assert not [h for h in closed().facts.history if h.code == code]
    assert not STEPS[code].rule.papers and not STEPS[code].rule.then


def test_who_visits_afterwards_is_not_who_handled_it() -> None:
    case = served()
    assert "回访由没有承办此件的人员进行（本厅设定）" in case.refused(StepCode.FOLLOW_UP, by=HANDLER)
    case.take(StepCode.FOLLOW_UP, by=HEAD)


def test_nobody_is_visited_before_they_were_told_something() -> None:
    assert "when" in in_hand().refused(StepCode.FOLLOW_UP, by=CLERK).codes


def test_each_says_when_how_by_whom_and_on_which_request() -> None:
    case = in_hand()
    day = RECEIVED + timedelta(days=2)
    case.take(
        StepCode.GIVE_ASSISTANCE, by=HANDLER, on=RECEIVED + timedelta(days=4), done_on=day, request=1, body="某街道"
    )
    last = case.facts.history[-1]
    assert (last.by, last.happened_on) == ("handler", day)
    assert last.step.says(case.directory).startswith("诉求1，告知可以申请社会救助（某街道），信访接待室：")
    assert case.refused(StepCode.COUNSEL, by=LEADER, request=7).codes == {"that_request_is_there"}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (StepCode.FOLLOW_UP, "电话：已收到意见书"),
        (StepCode.GIVE_ASSISTANCE, "告知可以申请社会救助，信访接待室：告知可以向街道申请临时救助"),
        (StepCode.COUNSEL, "信访接待室：解释了办法第三条"),
    ],
)
def test_each_may_be_about_the_whole_matter_or_one_of_several_requests(code: str, said: str) -> None:
    case = served()
    case.take(code, by=CLERK)
    assert case.facts.history[-1].step.says(case.directory) == said
    case.facts = replace(case.facts, requests=(*case.facts.requests, RequestFacts(2, "请公开结果")))
    for request in (1, 2):
        case.take(code, by=CLERK, request=request)
        assert case.facts.history[-1].step.says(case.directory) == f"诉求{request}，{said}"


def test_help_may_be_given_from_the_first_day_to_after_the_end() -> None:
    for make in (registered, in_hand, closed):
        make().take(StepCode.GIVE_ASSISTANCE, by=CLERK)


def test_a_report_of_wrongdoing_stays_in_its_compartment() -> None:
    case: Case = reported()
    for code in CARE:
        assert case.refused(code, by=SEALED).codes & {"who", "when"}


def test_nobody_is_asked_for_a_promise_or_whether_they_are_pleased() -> None:
    labels = [s.label for code in CARE for s in step_schema(STEPS[code])]
    assert not [label for label in labels if "满意" in label or "保证" in label or "承诺" in label]
