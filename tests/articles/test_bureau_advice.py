"""条例第四十条第四款：对信访部门提出的改进工作、完善政策、追究责任的建议，应当书面反馈采纳情况。"""

from datetime import date, timedelta

from tests.articles.department import CLERK, HANDLER, LEADER, RECEIVED
from tests.articles.stories import closed, in_hand, then
from xinfang.procedure.clocks import current
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material, PaperKind


def test_it_is_recorded_with_the_bureau_s_letter_and_the_office_is_asked_to_answer() -> None:
    case = in_hand()
    refused = case.refused(StepCode.RECORD_ADVICE, by=CLERK)
    assert (
        refused.codes == {"the_advice_is_attached"}
        and "登记信访部门的建议须附其来函（条例第四十条、本厅设定）" in refused
    )
    case.take(StepCode.RECORD_ADVICE, by=CLERK)
    assert StepCode.ANSWER_ADVICE in [t.step for t in task_rules(case.facts)]
    assert "who" in case.refused(StepCode.ANSWER_ADVICE, by=HANDLER).codes


def test_the_department_gives_itself_thirty_days_where_the_bureau_names_none() -> None:
    case = then(in_hand(), (StepCode.RECORD_ADVICE, CLERK))
    run = current("bureau_advice", case.facts, case.calendar)
    assert run is not None and run.due.due == RECEIVED + timedelta(days=30)


def test_it_is_answered_by_the_day_that_the_bureau_names() -> None:
    case = in_hand()
    case.take(StepCode.RECORD_ADVICE, by=CLERK, reply_by=date(2026, 3, 12))
    run = current("bureau_advice", case.facts, case.calendar)
    assert run is not None and run.due.due == date(2026, 3, 12)


def test_the_day_that_the_bureau_names_may_be_the_day_on_which_it_came_but_none_before() -> None:
    in_hand().take(StepCode.RECORD_ADVICE, by=CLERK, reply_by=RECEIVED)
    case = in_hand()
    letter = case.proof(Material.OTHER_BODYS_PAPER)
    refused = case.refused(StepCode.RECORD_ADVICE, by=CLERK, attachment=letter, reply_by=RECEIVED - timedelta(days=1))
    assert refused.codes == {"it_is_to_be_answered_after_it_came"}


def test_the_term_ends_when_the_letter_leaves_that_another_signed() -> None:
    case = then(in_hand(), (StepCode.RECORD_ADVICE, CLERK), (StepCode.ANSWER_ADVICE, CLERK))
    assert [w.label for w in PAPERS[PaperKind.ADVICE_REPLY].signs] == ["办公室主任", "厅领导"]
    run = current("bureau_advice", case.facts, case.calendar)
    assert run is not None and run.stopped_on is None, "what was only written has answered nobody"
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="advice_reply")
    case.take(StepCode.SUBMIT_PAPER, by=CLERK)
    case.take(StepCode.SIGN_PAPER, by=LEADER)
    digest = "5a" * 32
    case.take(StepCode.ATTACH, by=CLERK, what="paper", digest=digest)
    case.take(StepCode.ISSUE_PAPER, by=CLERK, pdf=digest, word=digest, ofd=digest)
    case.take(StepCode.SEND_PAPER, by=CLERK, on=RECEIVED + timedelta(days=9))
    run = current("bureau_advice", case.facts, case.calendar)
    assert run is not None and run.stopped_on == RECEIVED + timedelta(days=9)


def test_it_may_come_after_the_case_was_closed_and_another_after_the_answer() -> None:
    case = then(closed(), (StepCode.RECORD_ADVICE, CLERK))
    assert case.refused(StepCode.RECORD_ADVICE, by=CLERK).codes >= {"no_advice_waits"}
    then(case, (StepCode.ANSWER_ADVICE, CLERK), (StepCode.RECORD_ADVICE, CLERK))
    assert case.refused(StepCode.RECORD_ADVICE, by=CLERK).codes >= {"no_advice_waits"}
