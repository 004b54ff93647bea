"""Whether the petitioner was heard before the reply, or nobody could reach them (N31, decision 0007).

Who was tried in vain counts by the days on which it was recorded, not by those that somebody named: three days can't be
filled in an afternoon. What was asked for since, or sent back by a review, is to be heard too.
"""

from .calendar import SHANGHAI
from .facts import CaseEvent, Facts
from .rounds import begins_again
from .step_codes import StepCode

ATTEMPTS_TO_HEAR = 3
"""On how many different days somebody must have been tried to be reached before the matter goes on without them."""


def is_heard(facts: Facts) -> bool:
    """Tell whether the petitioner was heard on all that they ask, or couldn't be reached by whom the case lies with."""
    return facts.heard or days_in_vain(facts) >= ATTEMPTS_TO_HEAR


def days_in_vain(facts: Facts) -> int:
    """Return on how many days it was recorded that they weren't reached, since the unit has the case as it is now."""
    since = next((h.seq for h in reversed(facts.history) if _begins(h)), None)
    if since is None:
        return 0
    return len(
        {
            h.recorded_at.astimezone(SHANGHAI).date()
            for h in facts.history
            if h.seq > since and h.code == StepCode.TALK and h.took_effect and h.step.missed
        }
    )


def _begins(h: CaseEvent) -> bool:
    """Tell whether attempts count from here: a unit got the case, it began again, or more was asked for."""
    asks_more = h.code == StepCode.SUPPLEMENT and bool(h.step.requests)
    return h.took_effect and (h.code == StepCode.SIGN_FOR or begins_again(h) or asks_more)
