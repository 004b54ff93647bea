"""What of a case is hidden even from those who see it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from xinfang.procedure.facts import Facts
from xinfang.procedure.steps.intake import LinkRepeat

NOT_YOURS = "（您无权查看的一件）"


def redact_links(facts: Facts, sees: Callable[[set[str]], set[str]]) -> Facts:
    """The facts without the numbers of tied cases that this person may not see; only to be shown, never to decide on.

    `sees` tells which of some numbers he sees; it is asked only where there is a tie.
    """
    steps = [*(h.step for h in facts.history), *(p.step for p in facts.pending.values())]
    ties = {s.first for s in steps if isinstance(s, LinkRepeat)}
    hidden = ties - sees(ties) if ties else ties
    if not hidden:
        return facts

    def blind(step: Any) -> Any:
        tied = isinstance(step, LinkRepeat) and step.first in hidden
        return replace(step, first=NOT_YOURS) if tied else step

    return facts.changed(
        history=tuple(replace(h, step=blind(h.step)) for h in facts.history),
        pending={code: replace(p, step=blind(p.step)) for code, p in facts.pending.items()},
    )
