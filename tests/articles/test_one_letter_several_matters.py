"""一信多事：各项诉求各有类别、途径、期限和办结，检举控告不随其他诉求外传（条例第二十三、二十九、三十、三十一条）。"""

from dataclasses import replace
from datetime import timedelta

import pytest

from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Facts, LetterPart, RequestFacts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.letter_parts import where_it_went
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import MatterClass, PaperKind, ReplyStage, State

from .department import CLERK, HANDLER, HEAD, RECEIVED, SEALED, UNIT, Case
from .stories import forwarded, of_two_matters, registered, reported, served, split

ACCUSED = {"complained_units": [UNIT]}


def part_of(letter: Case) -> Case:
    """The case that the second request of the letter became, as it is registered."""
    return registered(
        requests=[{"text": "请公开结果"}],
        received_on=letter.facts.received_on,
        part_of=letter.facts.number,
        complained_units=sorted(letter.facts.complained_units),
    )


def test_a_request_leaves_the_letter_with_its_number_and_the_rest_stays() -> None:
    facts = split().facts
    assert [r.text for r in facts.requests] == ["请拨付经费"]
    assert facts.parts == (LetterPart("LX2026000098", (RequestFacts(2, "请公开结果"),)),)
    case = split()
    case.take(StepCode.SUPPLEMENT, by=CLERK, requests=[{"text": "请说明理由"}])
    assert [r.number for r in case.facts.requests] == [1, 3], "a number is given once"


def test_every_limit_of_a_part_counts_from_the_day_on_which_the_letter_came() -> None:
    letter = split()
    part = part_of(letter)
    due = {run.clock.code: run.due.due for run in running(letter.facts, letter.calendar)}
    assert {run.clock.code: run.due.due for run in running(part.facts, part.calendar)} == due
    assert due["notice"] == RECEIVED + timedelta(days=15)


@pytest.mark.parametrize(
    ("requests", "why"),
    [([1, 2], "something_stays"), ([3], "the_requests_are_of_this_case"), ([2, 2], "the_requests_are_of_this_case")],
)
def test_no_request_is_lost_or_doubled(requests: list[int], why: str) -> None:
    assert why in of_two_matters().refused(StepCode.SPLIT_OFF, by=CLERK, requests=requests).codes


def test_what_is_complained_of_in_the_letter_is_kept_from_its_parts_too() -> None:
    """条例第二十八条：被反映的单位不因分件而看到、办理其中任何一件。"""
    part = part_of(split(**ACCUSED))
    assert part.facts.complained_units == {UNIT} and not may_see(HANDLER, part.facts)


def test_the_report_stays_sealed_with_the_letter_and_the_claim_goes_its_way() -> None:
    """条例第二十二、三十条：分出求决部分后，原件转入密封区；承办人只看到分出的一件。"""
    letter = split()
    letter.take(StepCode.CLASSIFY, by=CLERK, matter_class="report", route=None, purpose=None)
    assert letter.facts.sealed and not may_see(CLERK, letter.facts) and may_see(SEALED, letter.facts)
    part = part_of(letter)
    assert may_see(CLERK, part.facts) and not part.facts.sealed


def test_an_officer_takes_a_claim_out_of_a_letter_that_was_sealed() -> None:
    letter = of_two_matters()
    letter.take(StepCode.CLASSIFY, by=CLERK, matter_class="report", route=None, purpose=None)
    assert letter.refused(StepCode.SPLIT_OFF, by=CLERK).codes
    letter.take(StepCode.SPLIT_OFF, by=SEALED)
    assert letter.facts.sealed and letter.facts.parts


def test_neither_a_handler_nor_another_unit_splits_a_letter() -> None:
    for nobody in (HANDLER, HEAD):
        assert of_two_matters().refused(StepCode.SPLIT_OFF, by=nobody).codes


def test_the_petitioner_gets_one_notice_when_every_part_went_somewhere() -> None:
    letter = split()
    assert letter.refused(StepCode.TELL_PARTS, by=CLERK, all_directed=False).codes == {"each_part_went_somewhere"}
    letter.take(StepCode.TELL_PARTS, by=CLERK)
    assert letter.facts.history[-1].owes == (PaperKind.PARTS_NOTICE,)
    assert letter.facts.parts_told_on == letter.today


def test_another_part_has_to_be_told_too() -> None:
    letter = of_two_matters(requests=[{"text": "甲"}, {"text": "乙"}, {"text": "丙"}])
    letter.take(StepCode.SPLIT_OFF, by=CLERK)
    letter.take(StepCode.TELL_PARTS, by=CLERK)
    letter.take(StepCode.SPLIT_OFF, by=CLERK, requests=[3], part="LX2026000097")
    assert letter.facts.parts_told_on is None


def _decided(state: State) -> Facts:
    return replace(registered().facts, state=state)


def test_where_a_part_went_is_said_in_the_words_of_its_end() -> None:
    letter = split().facts
    assert where_it_went(registered().facts, letter=letter) == "", "nobody has decided yet"
    assert where_it_went(_decided(State.PROPOSED), letter=letter) == ""
    assert where_it_went(forwarded().facts, letter=letter).startswith("已转送")
    for state in (State.HANDLING, State.REPLIED, State.SERVED, State.CLOSED):
        assert where_it_went(_decided(state), letter=letter).startswith("由本厅办理")
    archived = replace(_decided(State.ARCHIVED), archived_from=State.ANSWERED)
    assert where_it_went(archived, letter=letter) == "本厅已经答复"


def test_of_a_sealed_part_nothing_is_told_in_a_letter_that_others_see() -> None:
    """条例第三十条：告知书不透露检举控告的内容和去向。"""
    sealed = replace(reported().facts, state=State.HANDED_OVER)
    assert where_it_went(sealed, letter=split().facts) == "由本厅专门人员依法处理"
    own = replace(split().facts, matter_class=MatterClass.REPORT)
    assert where_it_went(sealed, letter=own) == "已依照规定移送有权处理的机关"


def test_a_letter_that_was_answered_is_split_no_more() -> None:
    assert "it_is_not_answered_yet" in served().refused(StepCode.SPLIT_OFF, by=CLERK, requests=[1]).codes


def test_a_draft_that_answered_the_request_too_is_drafted_again() -> None:
    letter = of_two_matters()
    letter.facts = replace(letter.facts, reply_stage=ReplyStage.DRAFTED)
    letter.take(StepCode.SPLIT_OFF, by=CLERK)
    assert letter.facts.reply_stage is ReplyStage.NONE
