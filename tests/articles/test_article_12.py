"""规程第十二条：到自治区信访管理部门上访的，及时对接，按照其要求受理办理。"""

from datetime import date

from tests.articles.department import CLERK, Case
from tests.articles.stories import registered, then
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import State


def test_it_is_registered_as_what_it_is_and_may_be_objected_to_and_reported() -> None:
    case = registered(source="at_bureau", sender="自治区信访局", sender_number="接1号", feedback_due="2026-04-30")
    assert case.runs("objection")
    assert case.clock("assigned_feedback").due.due == date(2026, 4, 30)
    case.take(StepCode.ENTER_REGIONAL, by=CLERK)
    then(case, (StepCode.CLASSIFY, CLERK), (StepCode.FORWARD, CLERK))
    case.take(StepCode.REPORT_UP, by=CLERK, on=date(2026, 4, 20), completion=True)
    assert case.clock("assigned_feedback").stopped_on == date(2026, 4, 20)


def test_a_visit_there_without_a_paper_is_registered_and_is_nobodys_paper_to_object_to() -> None:
    """只是到自治区信访部门上访、没有来文的：照样登记；不属本厅职权的，直接告知信访人，没有可以提异议的来文。"""
    case = registered(source="at_bureau")
    assert not case.runs("objection")
    case.take(StepCode.CLASSIFY, by=CLERK, competence="elsewhere", not_ours="属教育部门职权")
    assert "没有可提异议的来文机关" in case.refused(StepCode.OBJECT, by=CLERK)
    case.take(StepCode.REDIRECT, by=CLERK)
    assert case.facts.state is State.REDIRECTED


def test_a_paper_of_the_bureau_names_the_bureau() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, source="at_bureau", sender_number="接1号")
    assert refused.codes == {"a_handed_down_matter_names_its_sender"}
    assert "规程第十二条" in {str(a) for a in STEPS[StepCode.REGISTER].rule.cites}
