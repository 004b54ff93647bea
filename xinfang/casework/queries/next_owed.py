"""What is owed next by a person who has just done something: on the same case, else on another one."""

from dataclasses import dataclass
from datetime import date

from xinfang.accounts.queries.actors import directory
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Petition
from xinfang.cases.queries.inbox import asked_of_case, inbox_page
from xinfang.casework.queries.case_path import available_steps
from xinfang.core.addresses import address_of
from xinfang.papers.queries.overview import PAPER_CODES
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.step_codes import StepCode

COMES_FROM_OUTSIDE = frozenset(
    (
        StepCode.SERVE,
        StepCode.SERVE_PAPER,
        StepCode.MAKE_PAPER,
        StepCode.OBJECTION_UPHELD,
        StepCode.OBJECTION_REJECTED,
        StepCode.ANSWER_WITH_FIRST,
        StepCode.ANSWER_ADVICE,
    )
)
"""What records something that has to happen first: it is in the inbox, but nobody is led to it at once."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is owed, in words, and where it is done."""

    words: str
    url: str


def next_step(petition: Petition, facts: Facts, actor: Actor, day: date) -> NextStep | None:
    """Return what this case asks of this person that they can do now; None where there is nothing (1 query)."""
    if any(p.by in actor.codes for p in facts.pending.values()):
        return None  # what they put forward waits for another
    asked = [t for t in asked_of_case(petition, actor) if t.step not in COMES_FROM_OUTSIDE]
    if not asked:
        return None
    may = {s["code"] for s in available_steps(facts, actor, day, calendar(), directory(day))["open"]}
    may |= set(PAPER_CODES)
    first = next((t for t in asked if t.step in may), None)
    return NextStep(first.words, address_of("step", facts.number, first.step)) if first else None


def next_case(actor: Actor, day: date, *, but: str) -> str:
    """Return the number of the case that waits for this person and is due first, another than `but`; "" for none.

    A query for each of their duties and 2.
    """
    cases, _ = inbox_page(actor, "all", day, limit=2)
    return next((c.petition.number for c in cases if c.petition.number != but), "")
