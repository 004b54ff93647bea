"""规程第八条：上级移交的统一登记、编号；不属本厅的5个工作日内申请转交；属下级的直接转送。"""

from datetime import date

from tests.articles.department import CLERK, SECOND_CLERK, Case
from tests.articles.stories import classified, forwarded, handed_down, registered, then
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import State

RECEIVED_BEFORE_SPRING_FESTIVAL = date(2026, 2, 13)


def test_an_objection_is_possible_until_the_fifth_working_day() -> None:
    case = handed_down(RECEIVED_BEFORE_SPRING_FESTIVAL)
    assert case.clock("objection").due.due == date(2026, 2, 27), "5 working days, over the Spring Festival"
    case.take(StepCode.OBJECT, by=CLERK, on=date(2026, 2, 27))
    assert case.facts.state is State.OBJECTED


def test_after_the_fifth_working_day_it_says_why_it_is_late_and_another_agrees() -> None:
    case = handed_down(RECEIVED_BEFORE_SPRING_FESTIVAL)
    refused = case.refused(StepCode.OBJECT, by=CLERK, on=date(2026, 2, 28))
    assert "收到已超过5个工作日，且没有写明逾期的理由（规程第八条、条例第二十三条）" in refused
    case.take(StepCode.OBJECT, by=CLERK, on=date(2026, 2, 28), waits=True, late_reason="来文附件后到")
    assert case.facts.state is State.REGISTERED
    case.confirm(StepCode.OBJECT, by=SECOND_CLERK)
    assert case.facts.state is State.OBJECTED


def test_within_the_five_working_days_nobody_else_is_needed() -> None:
    handed_down(RECEIVED_BEFORE_SPRING_FESTIVAL).take(StepCode.OBJECT, by=CLERK, on=date(2026, 2, 27), alone=True)


def test_what_came_directly_has_no_objection() -> None:
    case = registered()
    assert not case.runs("objection")
    assert "没有可提异议的来文机关" in case.refused(StepCode.OBJECT, by=CLERK)


def test_the_sender_is_written_down() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, source="superior")
    assert "应填写来文机关和来文编号或日期（规程第八条" in refused


def test_a_matter_of_a_subordinate_department_is_forwarded_directly() -> None:
    case = handed_down()
    case.take(StepCode.CLASSIFY, by=CLERK, route=None, competence="subordinate", not_ours="属于市级项目")
    case.take(StepCode.FORWARD, by=CLERK, waits=True)
    assert case.facts.state is State.REGISTERED and "转送函" not in case.papers, "another of the office agrees first"
    case.confirm(StepCode.FORWARD, by=SECOND_CLERK)
    assert case.facts.state is State.FORWARDED
    assert {"转送函", "转送去向告知书"} <= set(case.papers)


def test_it_is_forwarded_only_to_a_body_on_the_register() -> None:
    refused = classified().refused(StepCode.FORWARD, by=CLERK, body="自治区人力资源和社会保障厅", listed=False)
    assert refused.codes == {"the_body_is_on_the_register"}
    assert "只能转送名录上的下级科技部门" in refused and "规程第八条、条例第二十三条" in refused
    assert "告知向有权机关提出" in refused and "提出异议" in refused, "it says what to do"


def test_who_handed_the_matter_down_is_told_where_it_went() -> None:
    case = then(handed_down(), (StepCode.CLASSIFY, CLERK), (StepCode.FORWARD, CLERK))
    assert "转送情况复函" in case.papers
    assert "转送情况复函" not in forwarded().papers, "nobody had handed it down"


def test_of_what_was_found_to_be_a_subordinate_s_the_office_is_asked_to_forward_it() -> None:
    case = handed_down()
    case.take(StepCode.CLASSIFY, by=CLERK, route=None, competence="subordinate", not_ours="属于市级项目")
    assert [t.step for t in task_rules(case.facts)] == [StepCode.FORWARD]


def test_of_what_was_handed_down_and_is_elsewhere_the_office_is_asked_to_object_and_after_a_refusal_to_handle_it() -> (
    None
):
    case = handed_down()
    case.take(StepCode.CLASSIFY, by=CLERK, route=None, competence="elsewhere", not_ours="属于劳动监察")
    assert [t.step for t in task_rules(case.facts)] == [StepCode.OBJECT]
    case.take(StepCode.OBJECT, by=CLERK)
    case.take(StepCode.OBJECTION_REJECTED, by=CLERK)
    assert [t.step for t in task_rules(case.facts)] == [StepCode.CLASSIFY], "it stays here: whose it is, is found again"
    case.take(StepCode.CLASSIFY, by=CLERK, waits=True)
    case.confirm(StepCode.CLASSIFY, by=SECOND_CLERK)
    assert [t.step for t in task_rules(case.facts)] == [StepCode.PROPOSE]
