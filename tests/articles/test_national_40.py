"""条例第四十条：推诿、敷衍、拖延、弄虚作假或者拒不执行的，及时督办；书面反馈。"""

from datetime import date

from tests.articles.department import CLERK, HEAD, LEADER, PRINCIPAL
from tests.articles.stories import accepted, assigned, registered
from xinfang.procedure.papers import signers
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import PaperKind, Role


def test_a_supervision_has_a_ground_and_seven_days() -> None:
    case = assigned(date(2026, 3, 2))
    case.take(StepCode.SUPERVISE, by=CLERK, ground="evasion")
    assert case.clock("supervision").due.due == date(2026, 3, 9)
    case.take(StepCode.ANSWER_SUPERVISION, by=HEAD, on=date(2026, 3, 6))
    assert case.clock("supervision").stopped_on == date(2026, 3, 6)


def test_the_office_presses_no_unit_before_it_has_the_case_and_never_itself() -> None:
    for case in (registered(), accepted()):
        refused = case.refused(StepCode.SUPERVISE, by=CLERK)
        assert "此件尚未交给处室（单位），由办公室办理，办公室不能督办自己" in refused
        assert "规程第五条" in refused


def test_the_offices_own_delay_is_pressed_by_a_leader_from_the_first_day_and_answered_by_the_office() -> None:
    """推诿、敷衍、拖延不分办理阶段：交办之前办公室拖延的，由厅领导督办，办公室反馈。"""
    case = registered(date(2026, 3, 2))
    case.take(StepCode.SUPERVISE, by=PRINCIPAL, on=date(2026, 3, 9))
    assert case.clock("supervision").due.due == date(2026, 3, 16)
    asked = task_rules(case.facts)[-1]
    assert (asked.step, asked.who.role(case.facts)) == (StepCode.ANSWER_SUPERVISION, Role.OFFICE)
    assert "办公室" in case.refused(StepCode.ANSWER_SUPERVISION, by=HEAD)
    case.take(StepCode.ANSWER_SUPERVISION, by=CLERK, on=date(2026, 3, 10))
    assert case.clock("supervision").stopped_on == date(2026, 3, 10)


def test_the_letter_that_presses_the_office_is_signed_by_a_leader_alone() -> None:
    case = registered()
    case.take(StepCode.SUPERVISE, by=PRINCIPAL)
    assert [w.code for w in signers(PaperKind.SUPERVISION_LETTER, case.facts)] == ["a_leader"]
    case = assigned()
    case.take(StepCode.SUPERVISE, by=CLERK)
    assert [w.code for w in signers(PaperKind.SUPERVISION_LETTER, case.facts)] == ["the_office_head", "a_leader"]


def test_what_the_office_was_pressed_for_the_unit_does_not_answer() -> None:
    case = accepted()
    case.take(StepCode.SUPERVISE, by=LEADER)
    case.take(StepCode.ASSIGN, by=CLERK)
    assert "办公室（交办之前被督办的）" in case.refused(StepCode.ANSWER_SUPERVISION, by=HEAD)
    case.take(StepCode.ANSWER_SUPERVISION, by=CLERK)
    case.take(StepCode.SUPERVISE, by=CLERK)
    case.take(StepCode.ANSWER_SUPERVISION, by=HEAD)


def test_one_at_a_time_and_answered_by_the_unit() -> None:
    case = assigned()
    assert "没有待反馈的督办（规程第五条、规程第六条）" in case.refused(StepCode.ANSWER_SUPERVISION, by=HEAD)
    case.take(StepCode.SUPERVISE, by=CLERK)
    assert "已有未反馈的督办（规程第五条）" in case.refused(StepCode.SUPERVISE, by=CLERK)
    assert "应由承办或协办处室（单位）" in case.refused(StepCode.ANSWER_SUPERVISION, by=CLERK)
