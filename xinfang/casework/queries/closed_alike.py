"""Closed cases like this one, as help for who proposes, assigns or drafts: who handled it, how long, what was answered.

Only shown: nothing of it is chosen, filled in or counted, and what these were told decides nothing here.
"""

from typing import TypedDict

from xinfang.accounts.queries.actors import directory
from xinfang.cases.access import CaseView, ViewScope, open_case
from xinfang.cases.models import Petition
from xinfang.cases.queries.case_text import case_text
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.clock import today
from xinfang.procedure.facts import Actor, Directory, Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.visibility import SEES_CLOSED, NotVisible
from xinfang.search.likely_repeats import find_similar
from xinfang.web.dates import chinese_date

HELPED_STEPS = (
    *(StepCode.CLASSIFY, StepCode.PROPOSE, StepCode.ACCEPT, StepCode.ASSIGN, StepCode.REFER),
    *(StepCode.DRAFT_REPLY, StepCode.ANSWER),
)
"""Steps beside whose form they are offered."""
MAX_SHOWN = 5
_EXCERPT = 120


class ClosedCase(TypedDict):
    """A closed case, and what became of it."""

    number: str
    subject: str
    unit: str
    took: str
    answered: list[str]
    reasons: list[str]


def closed_alike(case: CaseView, actor: Actor) -> list[tuple[Petition, ClosedCase]]:
    """Return up to five closed cases that are like this one and that this person sees, the most alike first.

    Of a sealed case none are looked for. About 15 queries, and 3 for each that is shown.
    """
    if case.facts.sealed:
        return []
    text = case_text(case.petition, case.facts)
    closed = visible_to(actor).filter(state__in=[s.value for s in SEES_CLOSED])
    found = find_similar(
        closed,
        subject=text.subject,
        body=text.body,
        requests=[r.text for r in case.facts.requests],
        # By what they say alone: who wrote is no reason for an answer.
        people=(),
        exclude=case.petition.pk,
        limit=MAX_SHOWN,
    )
    people = directory(today())
    shown = []
    for similar in found:
        try:
            other = open_case(actor, similar.number)
        except NotVisible:
            continue
        if other.scope is ViewScope.FULL and not other.facts.sealed:
            shown.append((other.petition, _line(other, similar.reasons, people)))
    return shown


def _line(case: CaseView, reasons: list[str], people: Directory) -> ClosedCase:
    facts = case.facts
    return {
        "number": case.petition.number,
        "subject": case_text(case.petition, facts).subject,
        "unit": people.unit_name(facts.handling_unit) if facts.handling_unit else "",
        "took": _took(facts),
        "answered": _answered(facts),
        "reasons": reasons,
    }


def _took(facts: Facts) -> str:
    """Return how long it took, in calendar days, as limits of thirty and sixty days are counted."""
    replied, received = facts.replied_on, facts.received_on
    if received is None or (end := replied or facts.closed_on or facts.ended_on) is None:
        return ""
    what = "答复" if replied else "办结"
    return f"{chinese_date(received)}收到，{chinese_date(end)}{what}，历时 {(end - received).days} 日（自然日）"


def _answered(facts: Facts) -> list[str]:
    found = [
        f"诉求{r.number}：{r.conclusion.label if r.conclusion else ''}。{_short(r.finding)}"
        for r in facts.requests
        if r.finding
    ]
    last = facts.last(StepCode.ANSWER)
    return found or ([_short(last.step.text)] if last else [])


def _short(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"
