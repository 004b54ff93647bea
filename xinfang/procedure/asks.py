"""What is asked of whom now: the tasks that a case in its present state puts on desks (desk.md, 我的待办)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .archive import HANDED_IN, waits_for_the_archive
from .facts import Facts, PaperFacts
from .papers import checkers, signers
from .steps import STEPS
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
        found.append(Ask("answer_supervision", an_involved_unit, "反馈督办"))
    return tuple(found)


def _paper(paper: PaperFacts, facts: Facts) -> list[Ask]:
    if paper.stage is PaperStage.DRAFT and (paper.signed or paper.kind is PaperKind.REPLY_OPINION):
        # It was signed, and went back to be changed: it isn't forgotten on the way.
        return [Ask("submit_paper", the_office, f"改好送审：{paper.kind.label}")]
    if paper.stage is PaperStage.CHECKING:
        return [Ask("check_paper", who, f"核稿：{paper.kind.label}") for who in checkers(paper.kind, facts)]
    if paper.stage is PaperStage.SIGNING:
        return [Ask("sign_paper", who, f"签发：{paper.kind.label}") for who in signers(paper.kind, facts)]
    if paper.stage is PaperStage.SIGNED:
        return [Ask("issue_paper", the_office, f"印发：{paper.kind.label}")]
    return []


def _ask(step: str, who: Who, words: str = "") -> Ask:
    return Ask(step, who, words or STEPS[step].rule.label)


@_in(State.REGISTERED)
def _registered(f: Facts) -> Iterator[Ask]:
    if f.sealed:
        yield _ask("hand_over", the_named_officer)
    elif f.matter_class is None:
        yield _ask("classify", the_office, "提出异议或分类" if f.source.handed_down else "分类")
    elif f.short_path:
        yield _ask("refer", the_office, "转办处室")
    elif f.simple:
        yield _ask("accept", the_office, "简易受理")
    elif f.route is not None and f.route.value != "six":
        yield _ask("route", the_office, "导入法定途径")
    else:
        yield _ask("propose", the_office)


@_in(State.PROPOSED)
def _proposed(f: Facts) -> Iterator[Ask]:
    yield _ask("instruct", the_leader_in_charge)


@_in(State.INSTRUCTED)
def _instructed(f: Facts) -> Iterator[Ask]:
    yield _ask("accept", the_office, "受理并告知")


@_in(State.OBJECTED)
def _objected(f: Facts) -> Iterator[Ask]:
    yield _ask("objection_upheld", the_office, "登记异议答复")


@_in(State.HANDLING)
def _handling(f: Facts) -> Iterator[Ask]:
    if f.told_nobody:
        yield _ask("acknowledge", the_office, "书面告知信访人")
    if f.extension_asked:
        yield _ask("grant_extension", the_responsible_leader)
    if f.meeting_wanted:
        yield _ask("decide_meeting", the_responsible_leader)
    if f.advice_wanted:
        yield _ask("give_legal_advice", the_legal_adviser)
    if not f.handed_over_to_unit:
        yield _ask("assign", the_office, "交办（转办）")
    elif not f.signed_for:
        yield _ask("sign_for", a_head_of_the_handling_unit)
    elif f.short_path or f.simple:
        yield _ask("answer", a_handler)
    elif f.reply_stage is ReplyStage.NONE and not f.advice_wanted:
        if not f.heard:
            yield _ask("talk", a_handler, "听取信访人陈述")
        elif not f.advice_given:
            yield _ask("seek_legal_advice", a_handler)
        else:
            yield _ask("draft_reply", a_handler)
    elif f.reply_stage is ReplyStage.DRAFTED:
        yield _ask("review_reply", a_head_of_the_handling_unit)
    elif f.reply_stage is ReplyStage.REVIEWED:
        yield _ask("sign_reply", the_responsible_leader)
    elif f.reply_stage is ReplyStage.SIGNED:
        yield _ask("issue_reply", the_office)


@_in(State.REPLIED)
def _replied(f: Facts) -> Iterator[Ask]:
    yield _ask("serve", a_handler)


@_in(State.SERVED)
def _served(f: Facts) -> Iterator[Ask]:
    yield from _review(f)
    if "close" in f.pending:
        return
    if any(r.conclusion and r.conclusion.value == "support" and not r.carried_out for r in f.requests):
        yield _ask("carry_out", a_handler)
    else:
        yield _ask("close", a_head_of_the_handling_unit)


@_in(State.CLOSED)
def _closed(f: Facts) -> Iterator[Ask]:
    yield from _review(f)
    if f.archive_submitted:
        yield _ask("accept_archive", the_archive_room)
    else:
        yield _ask("submit_archive", a_handler)


def _side_end(f: Facts) -> Iterator[Ask]:
    # Nobody is asked to hand these in, there are too many of old; once somebody did, the archive room is asked.
    if waits_for_the_archive(f):
        yield _ask("accept_archive", the_archive_room)


for _state in HANDED_IN:
    _BY_STATE.setdefault(_state, _side_end)


@_in(State.ARCHIVED)
def _review(f: Facts) -> Iterator[Ask]:
    if f.review_stage == "first_asked":
        yield _ask("first_review", the_office, "登记复查意见")
    elif f.review_stage == "final_asked":
        yield _ask("final_review", the_office, "登记复核意见")
