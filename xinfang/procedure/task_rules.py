"""What is asked of whom now: the tasks that a case has in its present state (我的待办)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xinfang.procedure.actor_rules import (
    ActorRule,
    ActorScope,
    a_handler,
    a_head_of_the_handling_unit,
    a_reviewer,
    the_archive_room,
    the_leader_in_charge,
    the_leader_to_meet,
    the_legal_adviser,
    the_named_officer,
    the_next_reader,
    the_office,
    the_office_head,
    the_pressed_office,
    the_pressed_unit,
    the_responsible_leader,
)
from xinfang.procedure.archive import ARCHIVED_STATES, waits_for_the_archive
from xinfang.procedure.steps.closing import AcceptArchive, Close, SubmitArchive
from xinfang.procedure.steps.handling import (
    BEFORE_THE_REPLY,
    Accept,
    Assign,
    DecideMeeting,
    Refer,
    SignFor,
    TalkWithPetitioner,
)
from xinfang.procedure.steps.inquiry import (
    AnswerPetition,
    GiveLegalAdvice,
    GrantExtension,
    SeekLegalAdvice,
    studied_since,
)
from xinfang.procedure.steps.reply import CarryOut, DraftReply, IssueReply, ReviewReply, ServeReply, SignReply
from xinfang.procedure.steps.screening import Classify, DirectToLegalRoute, Forward, Redirect, TransferReport
from xinfang.procedure.steps.supervision import AnswerSupervision, ChangeLeader

from .facts import Facts, PaperFacts
from .hearing import is_heard
from .limits import GROUP_VISIT
from .papers import (
    MUST_LEAVE,
    OPINIONS,
    UnsentPaper,
    checkers,
    latest_opinion,
    latest_paper,
    signers,
    unsent_papers,
    unsent_sealed_letter,
)
from .people_words import MessageKind
from .rules import Step, who_may_agree
from .steps.bureau_advice import AnswerAdvice, open_advice
from .steps.ends_without_reply import Reopen
from .steps.instruction import Instruct, Propose, ReadSheet
from .steps.intake import Supplement
from .steps.joined_repeats import AnswerWithFirst
from .steps.letter_parts import TellParts
from .steps.messages import AnswerMessage, open_messages, who_answers, who_decides_on_recusal
from .steps.objections import ObjectionRejected, ObjectionUpheld, RaiseObjection
from .steps.own_power import AcceptDuty, DraftDutyReply
from .steps.papers import CheckPaper, IssuePaper, MakePaper, SignPaper, SubmitPaper
from .steps.people import nobody_is_left
from .steps.reconsideration import DecideReconsideration
from .steps.review_requests import FollowReviewRequest
from .steps.reviewing import AcceptReview, DraftReview
from .steps.service import SendPaper
from .steps.suggestions import StudySuggestion
from .words import OPEN_STATES, Channel, Competence, PaperKind, PaperStage, PersonRole, ReplyStage, Route, State

OF_THE_COMPARTMENT = (PaperKind.SEALED_LETTER, PaperKind.HAND_OVER_RECEIPT, PaperKind.PARTS_NOTICE)
"""The papers of a report of wrongdoing; one that was begun for the claim it was taken for goes no further."""


CONFIRM = "确认："
"""How the words of a task begin that asks for a second person."""


@dataclass(frozen=True, slots=True)
class TaskRule:
    """One task: the step that is awaited, from whom, and the words for it."""

    step: str
    who: ActorRule
    words: str


_BY_STATE: dict[State, Callable[[Facts], Iterator[TaskRule]]] = {}


def _in(state: State) -> Callable[[Callable[[Facts], Iterator[TaskRule]]], Callable[[Facts], Iterator[TaskRule]]]:
    def keep(asks: Callable[[Facts], Iterator[TaskRule]]) -> Callable[[Facts], Iterator[TaskRule]]:
        _BY_STATE[state] = asks
        return asks

    return keep


def task_rules(facts: Facts) -> tuple[TaskRule, ...]:
    """Return every task of this case; none when nothing is owed any more."""
    found = [
        TaskRule(code, who, f"{CONFIRM}{p.step.rule.label}")
        for code, p in facts.pending.items()
        for who in who_may_agree(p.step, facts)
        if (facts.sealed or who.scope is not ActorScope.SEALED_CASE)
        and (facts.handling_unit or who.scope is not ActorScope.HANDLING_UNIT)
    ]
    found += _messages(facts)
    if facts.sealed:
        return (*found, *_sealed(facts))
    if facts.state in _BY_STATE:
        found += _BY_STATE[facts.state](facts)
    for paper in facts.papers:
        found += _paper(paper, facts)
    found += (t for unsent in unsent_papers(facts) for t in _unsent(unsent, the_office, facts))
    if facts.state in BEFORE_THE_REPLY and a_group_still_chooses(facts):
        found.append(task_rule_for(Supplement, the_office, "请来访人员推选代表并登记"))
    if facts.state in OPEN_STATES and nobody_is_left(facts):
        found.append(task_rule_for(Supplement, the_office, "联系近亲属（权利承受人），登记由谁继续"))
    if facts.accepted_on and not facts.responsible_leader and facts.state in (State.HANDLING, State.SERVED):
        # The leader has withdrawn, or is accused: somebody must sign and close (H4, N28).
        found.append(task_rule_for(ChangeLeader, the_office))
    if facts.parts and facts.parts_told_on is None and facts.state is not State.ARCHIVED:
        found.append(task_rule_for(TellParts, the_office))
    if facts.to_redo:
        found.append(task_rule_for(Reopen, the_office, "按抽查要求恢复办理"))
    if facts.review_request_waits and facts.destroyed_on is None:
        kind = "复核" if facts.review_stage == "final_asked" else "复查"
        found.append(task_rule_for(FollowReviewRequest, the_office, f"转送{kind}请求"))
    if facts.review_asked and facts.review_sent_on and not facts.review_arrived_on and facts.destroyed_on is None:
        found.append(task_rule_for(FollowReviewRequest, the_office, "登记复查（复核）机关收到请求的日期"))
    if facts.reconsidering:
        found.append(task_rule_for(DecideReconsideration, the_office_head, f"重新审查：{facts.reconsidering.label}"))
    if facts.readers and facts.state in OPEN_STATES:
        found.append(task_rule_for(ReadSheet, the_next_reader))
    if facts.meeting_wanted and facts.state in OPEN_STATES:
        found.append(task_rule_for(DecideMeeting, the_leader_to_meet))
    if open_advice(facts) is not None:
        found.append(task_rule_for(AnswerAdvice, the_office))
    pressed = the_pressed_office if facts.office_pressed else the_pressed_unit
    if facts.supervised and facts.state in OPEN_STATES:
        found.append(task_rule_for(AnswerSupervision, pressed, "反馈督办"))
    return tuple(found)


def _messages(facts: Facts) -> Iterator[TaskRule]:
    """Return who is asked to answer what the petitioner wrote, whatever became of the matter."""
    if facts.destroyed_on is not None:
        return
    waiting = [m.kind for m in open_messages(facts)]
    recusals = waiting.count(MessageKind.RECUSAL)
    if others := len(waiting) - recusals:
        yield task_rule_for(AnswerMessage, who_answers(facts), f"答复信访人留言{_how_many(others)}")
    if recusals:
        words = f"决定信访人的回避申请{_how_many(recusals)}"
        yield from (task_rule_for(AnswerMessage, who, words) for who in who_decides_on_recusal(facts))


def _how_many(waiting: int) -> str:
    return f"（{waiting}条）" if waiting > 1 else ""


def a_group_still_chooses(facts: Facts) -> bool:
    """Tell whether a group came and nobody speaks for it yet: it was registered all the same (N20, N23)."""
    if facts.channel is not Channel.VISIT or facts.received_on is None:
        return False
    if facts.group_size < GROUP_VISIT.on(facts.received_on).value:
        return False
    chosen = any(p.role is PersonRole.REPRESENTATIVE for p in facts.persons)
    return not chosen and latest_paper(PaperKind.REPRESENTATIVES_SHEET, facts) is None


def _sealed(facts: Facts) -> Iterator[TaskRule]:
    """Return what is asked of the named officers; what was asked of others before the case was sealed is not (N30)."""
    if facts.parts and facts.parts_told_on is None and facts.state is not State.ARCHIVED:
        yield task_rule_for(TellParts, the_named_officer)
    if facts.state in OPEN_STATES:
        yield task_rule_for(TransferReport, the_named_officer)
    for paper in facts.papers:
        if paper.stage is PaperStage.SIGNED and paper.kind in OF_THE_COMPARTMENT:
            yield task_rule_for(IssuePaper, the_named_officer, f"印发：{paper.kind.label}")
    for unsent in unsent_papers(facts):
        yield from _unsent(unsent, the_named_officer, facts)
    if letter := unsent_sealed_letter(facts):
        yield from _unsent(letter, the_named_officer, facts)


def _paper(paper: PaperFacts, facts: Facts) -> list[TaskRule]:
    if paper.stage is PaperStage.DRAFT and paper.signed and paper.kind not in MUST_LEAVE:
        # It was signed, and went back to be changed: it isn't forgotten on the way.
        return [task_rule_for(SubmitPaper, the_office, f"改好送审：{paper.kind.label}")]
    if paper.stage is PaperStage.CHECKING:
        return [task_rule_for(CheckPaper, who, f"核稿：{paper.kind.label}") for who in checkers(paper.kind, facts)]
    if paper.stage is PaperStage.SIGNING:
        return [task_rule_for(SignPaper, who, f"签发：{paper.kind.label}") for who in signers(paper.kind, facts)]
    if paper.stage is PaperStage.SIGNED:
        return [task_rule_for(IssuePaper, the_office, f"印发：{paper.kind.label}")]
    failed = paper.stage is PaperStage.ISSUED and paper.failed_on and paper.left_on
    if failed and paper.kind not in OPINIONS and facts.state is not State.ARCHIVED:
        # What never left is asked for as that; an opinion by the task to serve it.
        return [task_rule_for(SendPaper, the_office, f"没有送达，再次发出：{paper.kind.label}")]
    return []


def _unsent(unsent: UnsentPaper, who: ActorRule, facts: Facts) -> list[TaskRule]:
    """Return what must be done so that a paper leaves; while it is checked, signed or issued, that is asked for."""
    paper, name = unsent.paper, unsent.kind.label
    if paper is None:
        return [task_rule_for(MakePaper, who, f"制作：{name}")]
    if paper.stage is PaperStage.DRAFT:
        return [task_rule_for(SubmitPaper, who, f"送审：{name}")]
    if paper.stage is PaperStage.ISSUED and unsent.kind not in OPINIONS:
        left = f"，还有{len(facts.still_to_get(paper))}位信访人没有发给" if paper.gone_to else ""
        return [task_rule_for(SendPaper, who, f"发出：{name}{left}")]
    return []


def task_rule_for(step: type[Step], who: ActorRule, words: str = "") -> TaskRule:
    """Return the task to take this step; without words it is called as the step."""
    return TaskRule(step.rule.code, who, words or step.rule.label)


@_in(State.REGISTERED)
def _registered(f: Facts) -> Iterator[TaskRule]:
    if f.matter_class is None:
        yield task_rule_for(Classify, the_office, "提出异议或分类" if f.handed_down else "分类")
    elif f.competence is Competence.ELSEWHERE and f.route not in (None, Route.SIX) and not f.handed_down:
        yield task_rule_for(DirectToLegalRoute, the_office, "导入法定途径")
    elif f.competence is Competence.SUBORDINATE:
        yield task_rule_for(Forward, the_office)
    elif f.competence is Competence.ELSEWHERE:
        yield _not_ours(f)
    elif f.short_path:
        yield task_rule_for(Refer, the_office, "转办处室")
    elif f.simple:
        yield task_rule_for(Accept, the_office, "简易受理")
    elif f.review_of is not None:
        yield task_rule_for(Propose, the_office, "拟办复查，或者不予受理复查")
    elif f.own_power:
        yield task_rule_for(Propose, the_office, "拟办：依法履行职责")
    elif f.route not in (None, Route.SIX):
        yield task_rule_for(DirectToLegalRoute, the_office, "导入法定途径")
    else:
        yield task_rule_for(Propose, the_office)


def _not_ours(f: Facts) -> TaskRule:
    """Return what is asked for of a matter that is another body's.

    What was handed down goes back only if its sender agrees.
    Once the sender did not, whose matter it is must be found again (H8, N23).
    """
    if not f.handed_down:
        return task_rule_for(Redirect, the_office)
    answered, found = f.last(ObjectionRejected.rule.code), f.last(Classify.rule.code)
    if answered and (found is None or found.seq < answered.seq):
        return task_rule_for(Classify, the_office, "重新认定职权")
    return task_rule_for(RaiseObjection, the_office)


@_in(State.PROPOSED)
def _proposed(f: Facts) -> Iterator[TaskRule]:
    yield task_rule_for(Instruct, the_leader_in_charge)


@_in(State.INSTRUCTED)
def _instructed(f: Facts) -> Iterator[TaskRule]:
    if f.review_of is not None:
        yield task_rule_for(AcceptReview, the_office)
    elif f.short_path:
        yield task_rule_for(Refer, the_office, "转办处室")
    elif f.own_power:
        yield task_rule_for(AcceptDuty, the_office)
    else:
        yield task_rule_for(Accept, the_office, "受理并告知")


@_in(State.OBJECTED)
def _objected(f: Facts) -> Iterator[TaskRule]:
    yield task_rule_for(ObjectionUpheld, the_office, "登记异议答复")


@_in(State.HANDLING)
def _handling(f: Facts) -> Iterator[TaskRule]:
    if f.extension_asked:
        yield task_rule_for(GrantExtension, the_responsible_leader)
    if f.advice_wanted:
        yield task_rule_for(GiveLegalAdvice, the_legal_adviser)
    if f.joined_to:
        yield task_rule_for(AnswerWithFirst, the_office, "首件答复后，随首件答复；首件没有答复即了结的，改为单独办理")
    elif not f.handed_over_to_unit:
        yield task_rule_for(Assign, the_office, "交办（转办）")
    elif not f.signed_for:
        yield task_rule_for(SignFor, a_head_of_the_handling_unit)
    elif f.short_path or f.simple:
        unstudied = f.suggestion and studied_since(f) is None
        yield task_rule_for(StudySuggestion if unstudied else AnswerPetition, a_handler)
    elif f.reply_stage is ReplyStage.NONE:
        if f.review_of is not None:
            yield task_rule_for(DraftReview, a_reviewer)
        elif not is_heard(f):
            yield task_rule_for(TalkWithPetitioner, a_handler, "听取信访人陈述")
        elif f.own_power:
            yield task_rule_for(DraftDutyReply, a_handler)
        else:
            yield task_rule_for(DraftReply, a_handler)
    elif f.reply_stage in (ReplyStage.DRAFTED, ReplyStage.REVIEWED):
        if f.reply_stage is ReplyStage.DRAFTED:
            yield task_rule_for(ReviewReply, a_head_of_the_handling_unit)
        elif f.advice_given:
            yield task_rule_for(SignReply, the_responsible_leader)
        if not f.advice_given and not f.advice_wanted:
            # In time (H13): while the head of the unit reads the draft, not only afterwards.
            yield task_rule_for(SeekLegalAdvice, a_handler)
    elif f.reply_stage is ReplyStage.SIGNED:
        yield task_rule_for(IssueReply, the_office)


@_in(State.REPLIED)
def _replied(f: Facts) -> Iterator[TaskRule]:
    reply = latest_opinion(f)
    if reply is None or reply.stage is not PaperStage.ISSUED:
        return
    if reply.left_on is None:
        yield task_rule_for(SendPaper, the_office, "发出意见书")
    words = "信访人还没有网上签收：再提醒，或者改用其他方式送达意见书" if reply.electronic else "送达意见书"
    yield task_rule_for(ServeReply, a_handler, "没有送达，再次送达意见书" if reply.failed_on else words)


@_in(State.SERVED)
def _served(f: Facts) -> Iterator[TaskRule]:
    if Close.rule.code in f.pending:
        return
    if f.still_to_be_served:
        yield task_rule_for(ServeReply, a_handler, f"送达意见书：还有{len(f.still_to_be_served)}位信访人没有收到")
    if any(r.conclusion and r.conclusion.value == "support" and not r.carried_out for r in f.requests):
        yield task_rule_for(CarryOut, a_handler)
    elif not f.still_to_be_served:
        yield task_rule_for(Close, a_head_of_the_handling_unit)


@_in(State.CLOSED)
def _closed(f: Facts) -> Iterator[TaskRule]:
    if f.archive_submitted:
        yield task_rule_for(AcceptArchive, the_archive_room)
    else:
        yield task_rule_for(SubmitArchive, a_handler)


def _side_end(f: Facts) -> Iterator[TaskRule]:
    # Nobody is asked to hand these in, there are too many of old; once somebody did, the archive room is asked.
    if waits_for_the_archive(f):
        yield task_rule_for(AcceptArchive, the_archive_room)


for _state in ARCHIVED_STATES:
    _BY_STATE.setdefault(_state, _side_end)
