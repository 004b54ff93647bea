"""Where a case begins again: by which steps what was owed before is owed no more, and a new round of handling begins.

Below papers, clocks and corrections, which all ask it. Of reviews only those that send a matter back begin anything.
And by which of them its opinion reached the petitioner, as the rights of a round begin there.
"""

from datetime import date

from .facts import CaseEvent, Facts
from .step_codes import StepCode

REVIEWS = (StepCode.FIRST_REVIEW, StepCode.FINAL_REVIEW)
"""The steps that record what a body above decided."""
ACCEPTS = (StepCode.ACCEPT, StepCode.JOIN_FIRST)
"""The steps from which the sixty days count: a repeat is joined to a case that is handled already."""
REOPENS = (StepCode.REOPEN, StepCode.DECIDE_RECONSIDERATION)
"""The steps by which a case that ended aside is open again; a decision that upholds the end moves nothing."""


def sends_back(h: CaseEvent) -> bool:
    """Tell whether this is a review that sent the case back to handling: a new round begins."""
    return h.code in REVIEWS and h.moved and bool(h.step.result.sends_back)


def was_sent_back(facts: Facts) -> bool:
    """Tell whether a review ever sent the case back to handling."""
    return any(sends_back(h) for h in facts.history)


def sent_back_on(facts: Facts) -> date | None:
    """Return the day on which a review last began a round of handling, here or in the letter; None where none did."""
    back = next((h.happened_on for h in reversed(facts.history) if sends_back(h)), None)
    return back or facts.sent_back_in_letter_on


def serves_the_opinion(h: CaseEvent) -> bool:
    """Tell whether the case's own opinion reached the petitioner by this event."""
    return h.took_effect and (h.code == StepCode.SERVE or (h.code == StepCode.TAKE_DELIVERY and h.moved))


def last_service(facts: Facts) -> CaseEvent | None:
    """Return the latest event by which the case's own opinion reached the petitioner, or None."""
    return next((h for h in reversed(facts.history) if serves_the_opinion(h)), None)


def begins_again(h: CaseEvent) -> bool:
    """Tell whether a case begins again by this event: what was owed before it is owed no more."""
    return sends_back(h) or (h.moved and h.code in REOPENS)


def begins_a_round(h: CaseEvent) -> bool:
    """Tell whether handling begins here; an acceptance after another takes up what was ended in between."""
    return sends_back(h) or (h.moved and h.code in ACCEPTS)
