"""规程第十二条：到自治区信访管理部门上访的，及时对接，按照其要求受理办理。"""

from datetime import date

from tests.articles.department import CLERK, Case
from tests.articles.stories import registered
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS


def test_it_is_registered_as_what_it_is_and_may_be_objected_to_and_reported() -> None:
    case = registered(source="at_bureau", sender="自治区信访局", sender_number="接1号", feedback_due="2026-04-30")
    assert case.runs("objection")
    assert case.clock("assigned_feedback").due.due == date(2026, 4, 30)
    case.take(StepCode.ENTER_REGIONAL, by=CLERK)
    case.take(StepCode.REPORT_UP, by=CLERK, on=date(2026, 4, 20))
    assert case.clock("assigned_feedback").stopped_on == date(2026, 4, 20)


def test_the_bureau_is_named() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, source="at_bureau")
    assert "应填写来文机关" in refused
    assert "规程第十二条" in {str(a) for a in STEPS[StepCode.REGISTER].rule.cites}
