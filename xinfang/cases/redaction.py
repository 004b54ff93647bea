"""What of a case is hidden even from those who see it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from xinfang.procedure.facts import Actor, CaseEvent, Facts, LetterPart
from xinfang.procedure.steps.inquiry import GiveLegalAdvice, SeekLegalAdvice
from xinfang.procedure.steps.intake import LinkRepeat, Register
from xinfang.procedure.steps.letter_parts import SplitOff

REDACTED_NUMBER = "（您无权查看的一件）"


def redact_links(facts: Facts, sees: Callable[[set[str]], set[str]]) -> Facts:
    """Return the facts without the numbers of linked cases that this person may not see.

    They are only to be shown, never to decide on. `sees` tells which of some numbers they see; it is asked only where
    there is a link.
    """
    steps = [*(h.step for h in facts.history), *(p.step for p in facts.pending.values())]
    ties = {s.first for s in steps if isinstance(s, LinkRepeat)}
    ties |= {number for number in (facts.part_of, *(p.number for p in facts.parts)) if number}
    hidden = ties - sees(ties) if ties else ties
    if not hidden:
        return facts

    def blind(step: Any) -> Any:
        if isinstance(step, LinkRepeat) and step.first in hidden:
            return replace(step, first=REDACTED_NUMBER)
        if isinstance(step, SplitOff) and step.part in hidden:
            # Neither why it was taken out nor what it is about.
            return replace(step, part=REDACTED_NUMBER, subject="", reason="")
        if isinstance(step, Register) and step.part_of in hidden:
            return replace(step, part_of="", letter_class=())
        return step

    return replace(
        facts,
        repeat_of=REDACTED_NUMBER if facts.repeat_of in hidden else facts.repeat_of,
        part_of="" if facts.part_of in hidden else facts.part_of,
        class_in_letter=None if facts.part_of in hidden else facts.class_in_letter,
        parts=tuple(LetterPart(REDACTED_NUMBER, ()) if p.number in hidden else p for p in facts.parts),
        history=tuple(replace(h, step=blind(h.step)) for h in facts.history),
        pending={code: replace(p, step=blind(p.step)) for code, p in facts.pending.items()},
    )


def redact_for_adviser(facts: Facts, actor: Actor) -> Facts:
    """Return what a legal adviser reads of a case (H13).

    That is what it is about, how far it is, what was sent to them, and what they said of it. Everything else is as in a
    case of which nothing is known: no persons, requests, files or papers, nobody who handles it, none of the other
    steps. Whether they may answer is still told rightly.
    """
    return Facts(
        number=facts.number,
        state=facts.state,
        subject=facts.subject,
        advisers=facts.advisers & actor.codes,
        advice_wanted=facts.advice_wanted,
        advice_given=facts.advice_given,
        destroyed_on=facts.destroyed_on,
        history=tuple(_of_adviser(facts, actor)),
    )


def _of_adviser(facts: Facts, actor: Actor) -> list[CaseEvent]:
    found, sent_to_them = [], False
    for h in facts.history:
        if isinstance(h.step, SeekLegalAdvice):
            sent_to_them = h.step.adviser in actor.codes
            theirs = sent_to_them
        else:
            # Asked again, somebody else may have answered; a deputy, who was never asked, answers for the one who was.
            for_them = sent_to_them and h.by not in facts.advisers
            theirs = isinstance(h.step, GiveLegalAdvice) and (h.by in actor.codes or for_them)
        if theirs:
            found.append(h)
    return found
