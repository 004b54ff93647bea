"""条例第四十条：推诿、敷衍、拖延、弄虚作假或者拒不执行的，及时督办；书面反馈。"""

from datetime import date

from tests.articles.department import CLERK, HEAD
from tests.articles.stories import assigned, registered
from xinfang.procedure.step_codes import StepCode


def test_a_supervision_has_a_ground_and_seven_days() -> None:
    case = assigned(date(2026, 3, 2))
    case.take(StepCode.SUPERVISE, by=CLERK, ground="evasion")
    assert case.clock("supervision").due.due == date(2026, 3, 9)
    case.take(StepCode.ANSWER_SUPERVISION, by=HEAD, on=date(2026, 3, 6))
    assert case.clock("supervision").stopped_on == date(2026, 3, 6)


def test_a_unit_is_pressed_only_when_it_has_the_case() -> None:
    refused = registered().refused(StepCode.SUPERVISE, by=CLERK)
    assert "此件尚未交给处室（单位）" in refused
    assert "规程第五条" in refused


def test_one_at_a_time_and_answered_by_the_unit() -> None:
    case = assigned()
    assert "没有待反馈的督办（条例第四十条）" in case.refused(StepCode.ANSWER_SUPERVISION, by=HEAD)
    case.take(StepCode.SUPERVISE, by=CLERK)
    assert "已有未反馈的督办（条例第四十条）" in case.refused(StepCode.SUPERVISE, by=CLERK)
    assert "应由承办或协办处室（单位）办理" in case.refused(StepCode.ANSWER_SUPERVISION, by=CLERK)
