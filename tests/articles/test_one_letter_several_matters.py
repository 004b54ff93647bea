"""一信多事：各项诉求各有类别、途径、期限和办结，检举控告不随其他诉求外传（条例第二十三、二十九、三十、三十一条）。"""

from dataclasses import replace
from datetime import timedelta

import pytest

from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Facts, LetterPart, RequestFacts
from xinfang.procedure.rules import Refused, decide
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.letter_parts import SplitOff, where_it_went
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import MatterClass, PaperKind, ReplyStage, State

from .department import CLERK, HANDLER, HEAD, LEADER, RECEIVED, SEALED, SECOND_CLERK, UNIT, Case
from .stories import classified, of_two_matters, registered, reported, served, split

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
    [
        ([1, 2], "something_stays"),
        ([3], "the_requests_are_of_this_case"),
        ([2, 2], "the_requests_are_of_this_case"),
    ],
)
def test_no_request_is_lost_or_doubled(requests: list[int], why: str) -> None:
    assert of_two_matters().refused(StepCode.SPLIT_OFF, by=CLERK, requests=requests).codes == {why}


def test_a_part_without_a_request_is_none() -> None:
    """表单不允许不选；导入的也不允许。"""
    step = SplitOff(requests=(), subject="公开结果", reason="性质不同")
    with pytest.raises(Refused) as refused:
        decide(step, StepCode.SPLIT_OFF, of_two_matters().question(step, CLERK))
    assert [r.code for r in refused.value.reasons] == ["the_requests_are_of_this_case"]


def test_a_letter_may_have_more_than_two_parts() -> None:
    letter = of_two_matters(requests=[{"text": "甲"}, {"text": "乙"}, {"text": "丙"}])
    letter.take(StepCode.SPLIT_OFF, by=CLERK)
    letter.take(StepCode.SPLIT_OFF, by=CLERK, requests=[3], part="LX2026000097")
    assert [(p.number, [r.text for r in p.requests]) for p in letter.facts.parts] == [
        ("LX2026000098", ["乙"]),
        ("LX2026000097", ["丙"]),
    ]


def with_attachments() -> Case:
    """A letter with two attachments, of which the second was withdrawn."""
    letter = of_two_matters()
    for digest in ("1a" * 32, "1b" * 32):
        letter.take(StepCode.ATTACH, by=CLERK, digest=digest)
    letter.take(StepCode.WITHDRAW_ATTACHMENT, by=CLERK, attachment=2)
    return letter


@pytest.mark.parametrize("attachments", [[2], [3], [1, 1]])
def test_only_what_is_attached_to_the_letter_goes_with_a_part_and_once(attachments: list[int]) -> None:
    refused = with_attachments().refused(StepCode.SPLIT_OFF, by=CLERK, attachments=attachments)
    assert refused.codes == {"the_attachments_are_of_this_case"}


def test_an_attachment_goes_with_a_part_but_not_out_of_the_compartment() -> None:
    """条例第三十条：密封件的附件不随分出件移出密封区。"""
    with_attachments().take(StepCode.SPLIT_OFF, by=CLERK, attachments=[1])
    letter = with_attachments()
    letter.take(StepCode.CLASSIFY, by=CLERK, matter_class="report", route=None, purpose=None)
    refused = letter.refused(StepCode.SPLIT_OFF, by=SEALED, attachments=[1])
    assert refused.codes == {"nothing_leaves_the_compartment"} and "条例第三十条" in refused


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
    for unsettled in ({"all_directed": False}, {"whereabouts": []}):
        assert letter.refused(StepCode.TELL_PARTS, by=CLERK, **unsettled).codes == {"each_part_went_somewhere"}
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
    archived = replace(_decided(State.ARCHIVED), archived_from=State.ANSWERED)
    assert where_it_went(archived, letter=letter) == "本厅已经答复"


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ((State.HANDLING, State.REPLIED, State.SERVED, State.CLOSED), "由本厅办理，办结的期限见该件的告知书"),
        ((State.ANSWERED,), "本厅已经答复"),
        ((State.RETURNED,), "已退回来文机关，由其另行处理"),
        ((State.DECLINED,), "不予受理，理由见该件的告知书"),
        ((State.FILED,), "作存信处理，理由见该件的告知书"),
        ((State.REFUSED_FURTHER,), "不再受理，理由见该件的告知书"),
        ((State.WITHDRAWN,), "已按申请撤回"),
        ((State.HANDED_OVER,), "已依照规定移送有权处理的机关"),
    ],
)
def test_each_end_of_a_part_has_its_words(states: tuple[State, ...], words: str) -> None:
    for state in states:
        assert where_it_went(_decided(state), letter=split().facts) == words


LED_TO = {
    StepCode.REDIRECT: "不属于本厅的职权，请向某市人力资源和社会保障局提出",
    StepCode.DISCLOSE: "不作为信访事项办理，转本厅政府信息公开工作机构按政府信息公开申请答复",
    StepCode.FORWARD: "已转送某市科技局办理",
    StepCode.ROUTE: "应当通过其他法定途径解决，请向自治区人民政府提出",
}


def led_to(code: str) -> Case:
    """A part that was led to another body by this step; something is attached to it afterwards."""
    part = classified(route="four", competence="elsewhere", not_ours="不属于科技部门职权")
    part.take(code, by=CLERK)
    part.take(StepCode.ATTACH, by=CLERK)
    return part


@pytest.mark.parametrize(("code", "words"), LED_TO.items())
def test_where_a_part_was_led_the_body_is_named(code: str, words: str) -> None:
    """条例第二十三条：告知去向，写明向哪一机关提出、由哪一机关答复。"""
    assert where_it_went(led_to(code).facts, letter=split().facts) == words


def test_of_a_part_that_was_led_elsewhere_twice_the_last_body_is_named() -> None:
    part = led_to(StepCode.REDIRECT)
    part.take(StepCode.REOPEN, by=CLERK)
    part.take(StepCode.DISCLOSE, by=CLERK, waits=True)
    part.confirm(StepCode.DISCLOSE, by=SECOND_CLERK, agree=False, opinion="不是公开申请")
    part.take(StepCode.REDIRECT, by=CLERK, body="某市市场监督管理局")
    assert where_it_went(part.facts, letter=split().facts) == "不属于本厅的职权，请向某市市场监督管理局提出"


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


# A part of what was accepted.


def accepted_part(days: int = 0) -> Case:
    """A request that was taken out of a letter after it was accepted on 3 March, with its extension."""
    return registered(
        requests=[{"text": "请公开结果"}],
        part_of="LX2026000002",
        letter_accepted_on=RECEIVED + timedelta(days=1),
        letter_extended=days,
    )


def test_a_part_of_what_was_accepted_is_turned_away_by_two_however_it_is_classified() -> None:
    """分出一件之后再告知、回复，等于了结已经受理的诉求：与整件一样须两人（条例第二十三条、第四十四条）。"""
    part = accepted_part()
    part.take(StepCode.CLASSIFY, by=CLERK, competence="elsewhere", not_ours="属于劳动监察")
    part.take(StepCode.REDIRECT, by=CLERK, waits=True)
    assert part.facts.state is State.REGISTERED
    part.confirm(StepCode.REDIRECT, by=SECOND_CLERK)
    part = registered(part_of="LX2026000002")
    part.take(StepCode.CLASSIFY, by=CLERK, competence="elsewhere", not_ours="属于劳动监察")
    part.take(StepCode.REDIRECT, by=CLERK, alone=True)


def test_a_part_of_what_was_accepted_has_its_sixty_days_and_its_one_extension_from_there() -> None:
    """分件不重新起算六十日，也不多出一次延期（条例第三十四条）。"""
    part = in_hand_again(accepted_part())
    assert part.clock("handling").due.due == RECEIVED + timedelta(days=61)
    part = in_hand_again(accepted_part(days=30))
    assert part.clock("handling").due.due == RECEIVED + timedelta(days=91)
    assert "not_extended_before" in part.refused(StepCode.REQUEST_EXTENSION, by=HANDLER).codes
    assert part.facts.accepted_on == RECEIVED + timedelta(days=10)


def in_hand_again(part: Case) -> Case:
    """The part is classified, instructed, accepted ten days after the letter came, and handed to its unit."""
    part.take(StepCode.CLASSIFY, by=CLERK)
    part.take(StepCode.PROPOSE, by=CLERK)
    part.take(StepCode.INSTRUCT, by=LEADER)
    part.take(StepCode.ACCEPT, by=CLERK, on=RECEIVED + timedelta(days=10))
    part.take(StepCode.ASSIGN, by=CLERK)
    part.take(StepCode.SIGN_FOR, by=HEAD)
    return part
