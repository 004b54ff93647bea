"""What no longer counts when the text, the requests or a person behind it changes: advice, check, signature.

A legal adviser speaks of one text and one set of requests (H13); a signature is put under one text by somebody who need
not withdraw (N28, N32). Whatever changes one of these takes away what rested on it, and somebody has to act again. The
events stay as they are.
"""

from collections.abc import Iterator
from dataclasses import replace

from xinfang.procedure.facts import NOBODY, Facts
from xinfang.procedure.papers import drafting_step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode
from xinfang.procedure.words import NOT_YET_SIGNED, PaperStage, ReplyStage, State

_UNDER_WAY = (PaperStage.CHECKING, PaperStage.SIGNING, PaperStage.SIGNED)
_DRAFT_LIVES = (ReplyStage.DRAFTED, ReplyStage.REVIEWED, ReplyStage.SIGNED)


def without_advice(facts: Facts) -> Facts:
    """Return the facts with no advice on file or asked for; a signature that rested on it is to be given again."""
    facts = replace(facts, advice_wanted=False, advice_given=False)
    return _back_to(facts, ReplyStage.REVIEWED) if facts.reply_stage is ReplyStage.SIGNED else facts


def without_a_draft(facts: Facts) -> Facts:
    """Return the facts with no draft of the reply: the text or the requests are others now."""
    return _back_to(without_advice(facts), ReplyStage.NONE)


def without_the_work_of(facts: Facts, person: StaffCode) -> Facts:
    """Return the facts without what this person drafted, advised, checked or signed and nobody has issued yet (N28)."""
    if facts.reply_stage in _DRAFT_LIVES and facts.last_by(drafting_step(facts)) == person:
        facts = without_a_draft(facts)
    if facts.advice_given and facts.last_by(StepCode.GIVE_LEGAL_ADVICE) == person:
        facts = without_advice(facts)
    checked = facts.reply_stage in (ReplyStage.REVIEWED, ReplyStage.SIGNED)
    if checked and facts.last_by(StepCode.REVIEW_REPLY) == person:
        facts = _back_to(facts, ReplyStage.DRAFTED)
    if facts.reply_stage is ReplyStage.SIGNED and facts.last_by(StepCode.SIGN_REPLY) == person:
        facts = _back_to(facts, ReplyStage.REVIEWED)
    return replace(
        facts,
        papers=tuple(
            replace(p, stage=PaperStage.DRAFT, digest="", signed_by=NOBODY)
            if (p.stage is PaperStage.SIGNED and p.signed_by == person) or (p.stage in _UNDER_WAY and p.by == person)
            else p
            for p in facts.papers
        ),
    )


def without_the_work_of_the_unit(facts: Facts) -> Facts:
    """Return the facts without what the handling unit drafted or asked for and nobody has issued or decided yet."""
    facts = replace(facts, extension_asked=0)
    return without_a_draft(facts) if facts.reply_stage in _DRAFT_LIVES else facts


def without_a_part_of(facts: Facts, person: StaffCode) -> Facts:
    """Return the facts with no part of this person in the case, nor what is void with them; what was issued stays."""
    advisers = facts.advisers - {person}
    facts = without_the_work_of(facts, person)
    return replace(
        facts,
        advisers=advisers,
        named_officers=facts.named_officers - {person},
        # Advice that only they could give is asked for again.
        advice_wanted=facts.advice_wanted and bool(advisers),
        handler=NOBODY if facts.handler == person else facts.handler,
        responsible_leader=NOBODY if facts.responsible_leader == person else facts.responsible_leader,
        proposed_leader=NOBODY if facts.proposed_leader == person else facts.proposed_leader,
        readers=tuple(reader for reader in facts.readers if reader != person),
        # What they proposed waits for a second person no more: somebody else may propose it.
        pending={code: p for code, p in facts.pending.items() if p.by != person},
    )


def void_notes(facts: Facts) -> Iterator[str]:
    """Yield what was given before and counts no more, and who must act, in the words of the page."""
    if facts.state is not State.HANDLING:
        return
    if facts.last(StepCode.GIVE_LEGAL_ADVICE) and not facts.advice_given and not facts.advice_wanted:
        yield "此前出具的法律顾问意见不再适用：意见书稿、诉求或者出具人有了变化。请承办人就现在的意见书稿重新征求意见。"
    signed, issued = facts.last(StepCode.SIGN_REPLY), facts.last(StepCode.ISSUE_REPLY)
    counts = signed is not None and signed.step.agree and (issued is None or issued.seq < signed.seq)
    if counts and facts.reply_stage in NOT_YET_SIGNED:
        yield "此前的签发不再有效：意见书稿、诉求、法律顾问意见或者签发人有了变化。请审核后由包案厅领导重新签发。"


def _back_to(facts: Facts, stage: ReplyStage) -> Facts:
    return replace(facts, reply_stage=stage, signed_text="")
