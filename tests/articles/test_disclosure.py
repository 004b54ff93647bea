"""政府信息公开条例第三十九条、条例第二十三条：只是要求提供政府信息的，不作为信访事项办理，告知并转为公开申请。"""

from datetime import timedelta

from tests.articles.department import CLERK, RECEIVED, SECOND_CLERK
from tests.articles.stories import classified, reported, tell
from xinfang.procedure.clocks import current
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind, State


def test_two_persons_hand_it_to_the_disclosure_office_and_the_petitioner_is_told() -> None:
    case = classified()
    case.take(StepCode.DISCLOSE, by=CLERK, waits=True)
    assert case.facts.state is State.REGISTERED and "政府信息公开申请告知书" not in case.papers
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.DISCLOSE, by=CLERK)
    case.confirm(StepCode.DISCLOSE, by=SECOND_CLERK)
    assert case.facts.state is State.REDIRECTED and "政府信息公开申请告知书" in case.papers


def test_what_asks_for_anything_else_stays_a_petition() -> None:
    refused = classified().refused(StepCode.DISCLOSE, by=CLERK, information_only=False)
    assert refused.codes == {"it_asks_for_information_only"}
    assert "条例第二十三条、条例第四十四条、政府信息公开条例第三十九条" in refused


def test_the_fifteen_days_end_only_when_the_notice_left() -> None:
    case = classified()
    case.take(StepCode.DISCLOSE, by=CLERK)
    run = current("notice", case.facts, case.calendar)
    assert run is not None and run.stopped_on is None
    tell(case, PaperKind.DISCLOSURE_NOTICE, on=RECEIVED + timedelta(days=3))
    run = current("notice", case.facts, case.calendar)
    assert run is not None and run.stopped_on == RECEIVED + timedelta(days=3)


def test_taken_up_once_more_it_is_as_old_as_it_was() -> None:
    case = classified()
    case.take(StepCode.DISCLOSE, by=CLERK)
    case.take(StepCode.REOPEN, by=CLERK, on=RECEIVED + timedelta(days=20))
    assert case.facts.received_on == RECEIVED and case.facts.state is State.REGISTERED


def test_a_report_of_wrongdoing_is_none() -> None:
    assert reported().refused(StepCode.DISCLOSE, by=CLERK).codes
