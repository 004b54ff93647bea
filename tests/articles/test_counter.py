"""窗口当场出具告知书：办公室主任授权在案的人员，对来访人当场签发、编号、交付（规程第五、八条；条例第二十三条）。"""

import pytest

from tests.articles.department import CLERK, HEAD, LEADER, OFFICE_HEAD, RECEPTION, Case, _somebody
from tests.articles.stories import in_hand, registered
from xinfang.procedure.clocks import current
from xinfang.procedure.papers import AT_THE_COUNTER, signers
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Channel, PaperKind, PaperStage, Role

AT_THE_DESK = _somebody("desk", (Role.RECEPTION, "office"), (Role.COUNTER, "office"))
FILE = "66c7f0f4" * 8


def visited(channel: str = "visit") -> Case:
    """A visitor's matter that has just been accepted; its notice waits to be signed."""
    case = registered(channel=channel)
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.PROPOSE, by=CLERK)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.ACCEPT, by=CLERK)
    case.take(StepCode.MAKE_PAPER, by=AT_THE_DESK, kind="acceptance_notice")
    case.take(StepCode.SUBMIT_PAPER, by=AT_THE_DESK)
    return case


def test_the_notice_is_signed_numbered_and_handed_over_while_the_visitor_waits() -> None:
    case = visited()
    case.take(StepCode.SIGN_PAPER, by=AT_THE_DESK)
    case.take(StepCode.ATTACH, by=AT_THE_DESK, what="paper", kind="pdf", digest=FILE)
    case.take(StepCode.ISSUE_PAPER, by=AT_THE_DESK)
    case.take(StepCode.SERVE_PAPER, by=AT_THE_DESK, served_on=case.today)
    (notice,) = case.facts.papers
    assert (notice.stage, notice.signed_by, notice.left_on) == (PaperStage.SERVED, "desk", case.today)
    run = current("notice", case.facts, case.calendar)
    assert run and run.stopped_on == case.today


def test_without_the_authorisation_of_the_head_of_the_office_nobody_does_it_alone() -> None:
    case = visited()
    assert case.refused(StepCode.SIGN_PAPER, by=RECEPTION).codes >= {"who"}
    other = visited()
    other.take(StepCode.WITHDRAW_PAPER, by=CLERK)
    other.take(StepCode.MAKE_PAPER, by=CLERK, kind="acceptance_notice")
    other.take(StepCode.SUBMIT_PAPER, by=CLERK, paper=2)
    assert "who" in other.refused(StepCode.SIGN_PAPER, by=CLERK, paper=2).codes


@pytest.mark.parametrize("channel", [c for c in Channel if c is not Channel.VISIT])
def test_who_is_not_there_is_written_to_as_ever(channel: Channel) -> None:
    case = visited(channel.value)
    assert case.refused(StepCode.SIGN_PAPER, by=AT_THE_DESK).codes == {
        "it_is_theirs_to_sign",
        "another_person_decides",
    }


def test_what_ends_or_refuses_something_is_never_signed_at_the_counter() -> None:
    assert AT_THE_COUNTER == (PaperKind.ACCEPTANCE_NOTICE, PaperKind.RECEIPT_NOTICE, PaperKind.SUPPLEMENT_NOTICE)
    facts = visited().facts
    by = {kind for kind in PaperKind if any(AT_THE_DESK.has(*w.roles) for w in signers(kind, facts))}
    assert by == set(AT_THE_COUNTER)


def test_it_stands_in_the_list_of_who_may_sign_it() -> None:
    asked = [t.who.label for t in task_rules(visited().facts) if t.step == StepCode.SIGN_PAPER]
    assert asked == ["办公室主任", "受办公室主任授权的窗口人员"]


def test_other_papers_of_the_visitor_go_to_the_office_for_their_seal() -> None:
    case = in_hand()
    case.take(StepCode.MAKE_PAPER, by=AT_THE_DESK, kind="hearing_notice")
    case.take(StepCode.SUBMIT_PAPER, by=AT_THE_DESK)
    refused = case.refused(StepCode.SIGN_PAPER, by=AT_THE_DESK)
    assert refused.codes == {"it_is_theirs_to_sign", "another_person_decides"}
    assert "who" in case.refused(StepCode.SIGN_PAPER, by=HEAD).codes


def test_what_the_head_of_the_office_sent_back_is_theirs_to_sign() -> None:
    case = visited()
    case.take(StepCode.SIGN_PAPER, by=OFFICE_HEAD, agree=False, opinion="日期有误")
    case.take(StepCode.SUBMIT_PAPER, by=AT_THE_DESK)
    assert case.refused(StepCode.SIGN_PAPER, by=AT_THE_DESK).codes == {"another_person_decides"}


def test_who_wrote_a_letter_does_not_stand_at_the_counter_by_a_correction() -> None:
    case = visited("letter")
    case.take(StepCode.CORRECT, by=CLERK, what="channel", new_value="visit", public_value="visit")
    assert "it_is_theirs_to_sign" in case.refused(StepCode.SIGN_PAPER, by=AT_THE_DESK).codes
