"""What is asked of whom now: the tasks that a case in its present state puts on desks (desk.md, 我的待办)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .archive import HANDED_IN, waits_for_the_archive
from .facts import Facts, PaperFacts
from .papers import checkers, signers
from .rules import Step
from .steps.closing import (
    AcceptArchive,
    CarryOut,
    Close,
    DraftReply,
    IssueReply,
    ReviewReply,
    Serve,
    SignReply,
    SubmitArchive,
)
from .steps.handling import Accept, Assign, DecideMeeting, Refer, SignFor, Talk
from .steps.inquiry import Acknowledge, Answer, GiveLegalAdvice, GrantExtension, SeekLegalAdvice
from .steps.instruction import Instruct, Propose
from .steps.oversight import AnswerSupervision
from .steps.papers import CheckPaper, IssuePaper, SignPaper, SubmitPaper
from .steps.review import FinalReview, FirstReview
from .steps.screening import Classify, HandOver, ObjectionUpheld, RouteElsewhere
from .who import (
    Scope,
    Who,
    a_handler,
    a_head_of_the_handling_unit,
    an_involved_unit,
    the_archive_room,
    the_leader_in_charge,
    the_legal_adviser,
    the_named_officer,
    the_office,
    the_responsible_leader,
)
from .words import OPEN_STATES, PaperKind, PaperStage, ReplyStage, State


@dataclass(frozen=True, slots=True)
class Ask:
    """One task: the step that is awaited, from whom, and the words for it."""

    step: str
    who: Who
    words: str


_BY_STATE: dict[State, Callable[[Facts], Iterator[Ask]]] = {}


def _in(state: State) -> Callable[[Callable[[Facts], Iterator[Ask]]], Callable[[Facts], Iterator[Ask]]]:
    def keep(asks: Callable[[Facts], Iterator[Ask]]) -> Callable[[Facts], Iterator[Ask]]:
        _BY_STATE[state] = asks
        return asks

    return keep


def asks(facts: Facts) -> tuple[Ask, ...]:
    """Every task of this case; none when nothing is owed any more."""
    found = [
        Ask(code, who, f"确认：{p.step.rule.label}")
        for code, p in facts.pending.items()
        for who in p.step.rule.then
        if facts.sealed or who.scope is not Scope.SEALED_CASE
    ]
    if facts.state in _BY_STATE:
        found += _BY_STATE[facts.state](facts)
    for paper in facts.papers:
        found += _paper(paper, facts)
    if facts.supervised and facts.state in OPEN_STATES:
        found.append(ask_for(AnswerSupervision, an_involved_unit, "反馈督办"))
    return tuple(found)


def _paper(paper: PaperFacts, facts: Facts) -> list[Ask]:
    if paper.stage is PaperStage.DRAFT and (paper.signed or paper.kind is PaperKind.REPLY_OPINION):
        # It was signed, and went back to be changed: it isn't forgotten on the way.
        return [ask_for(SubmitPaper, the_office, f"改好送审：{paper.kind.label}")]
    if paper.stage is PaperStage.CHECKING:
        return [ask_for(CheckPaper, who, f"核稿：{paper.kind.label}") for who in checkers(paper.kind, facts)]
    if paper.stage is PaperStage.SIGNING:
        return [ask_for(SignPaper, who, f"签发：{paper.kind.label}") for who in signers(paper.kind, facts)]
    if paper.stage is PaperStage.SIGNED:
        return [ask_for(IssuePaper, the_office, f"印发：{paper.kind.label}")]
    return []


def ask_for(step: type[Step], who: Who, words: str = "") -> Ask:
    """The task to take this step; without words it is called as the step."""
    return Ask(step.rule.code, who, words or step.rule.label)


@_in(State.REGISTERED)
def _registered(f: Facts) -> Iterator[Ask]:
    if f.sealed:
        yield ask_for(HandOver, the_named_officer)
    elif f.matter_class is None:
        yield ask_for(Classify, the_office, "提出异议或分类" if f.source.handed_down else "分类")
    elif f.short_path:
        yield ask_for(Refer, the_office, "转办处室")
    elif f.simple:
        yield ask_for(Accept, the_office, "简易受理")
    elif f.route is not None and f.route.value != "six":
        yield ask_for(RouteElsewhere, the_office, "导入法定途径")
    else:
        yield ask_for(Propose, the_office)


@_in(State.PROPOSED)
def _proposed(f: Facts) -> Iterator[Ask]:
    yield ask_for(Instruct, the_leader_in_charge)


@_in(State.INSTRUCTED)
def _instructed(f: Facts) -> Iterator[Ask]:
    yield ask_for(Accept, the_office, "受理并告知")


@_in(State.OBJECTED)
def _objected(f: Facts) -> Iterator[Ask]:
    yield ask_for(ObjectionUpheld, the_office, "登记异议答复")


@_in(State.HANDLING)
def _handling(f: Facts) -> Iterator[Ask]:
    if f.told_nobody:
        yield ask_for(Acknowledge, the_office, "书面告知信访人")
    if f.extension_asked:
        yield ask_for(GrantExtension, the_responsible_leader)
    if f.meeting_wanted:
        yield ask_for(DecideMeeting, the_responsible_leader)
    if f.advice_wanted:
        yield ask_for(GiveLegalAdvice, the_legal_adviser)
    if not f.handed_over_to_unit:
        yield ask_for(Assign, the_office, "交办（转办）")
    elif not f.signed_for:
        yield ask_for(SignFor, a_head_of_the_handling_unit)
    elif f.short_path or f.simple:
        yield ask_for(Answer, a_handler)
    elif f.reply_stage is ReplyStage.NONE and not f.advice_wanted:
        if not f.heard:
            yield ask_for(Talk, a_handler, "听取信访人陈述")
        elif not f.advice_given:
            yield ask_for(SeekLegalAdvice, a_handler)
        else:
            yield ask_for(DraftReply, a_handler)
    elif f.reply_stage is ReplyStage.DRAFTED:
        yield ask_for(ReviewReply, a_head_of_the_handling_unit)
    elif f.reply_stage is ReplyStage.REVIEWED:
        yield ask_for(SignReply, the_responsible_leader)
    elif f.reply_stage is ReplyStage.SIGNED:
        yield ask_for(IssueReply, the_office)


@_in(State.REPLIED)
def _replied(f: Facts) -> Iterator[Ask]:
    yield ask_for(Serve, a_handler)


@_in(State.SERVED)
def _served(f: Facts) -> Iterator[Ask]:
    yield from _review(f)
    if Close.rule.code in f.pending:
        return
    if any(r.conclusion and r.conclusion.value == "support" and not r.carried_out for r in f.requests):
        yield ask_for(CarryOut, a_handler)
    else:
        yield ask_for(Close, a_head_of_the_handling_unit)


@_in(State.CLOSED)
def _closed(f: Facts) -> Iterator[Ask]:
    yield from _review(f)
    if f.archive_submitted:
        yield ask_for(AcceptArchive, the_archive_room)
    else:
        yield ask_for(SubmitArchive, a_handler)


def _side_end(f: Facts) -> Iterator[Ask]:
    # Nobody is asked to hand these in, there are too many of old; once somebody did, the archive room is asked.
    if waits_for_the_archive(f):
        yield ask_for(AcceptArchive, the_archive_room)


for _state in HANDED_IN:
    _BY_STATE.setdefault(_state, _side_end)


@_in(State.ARCHIVED)
def _review(f: Facts) -> Iterator[Ask]:
    if f.review_stage == "first_asked":
        yield ask_for(FirstReview, the_office, "登记复查意见")
    elif f.review_stage == "final_asked":
        yield ask_for(FinalReview, the_office, "登记复核意见")
