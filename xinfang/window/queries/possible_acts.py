"""What the petitioner can do on their case now; of the rest, why not, which article says so, and what to do instead."""

from dataclasses import dataclass

from xinfang.accounts.queries.actors import directory
from xinfang.calendars.queries import calendar
from xinfang.cases.access import CaseView
from xinfang.core.clock import today
from xinfang.procedure.rules import DecisionContext, Reason, case_reasons
from xinfang.window.acts import ACTS, PetitionersAct


@dataclass(frozen=True, slots=True)
class PossibleAct:
    """An act, and why it can't be done now; empty where it can."""

    act: PetitionersAct
    why_not: list[Reason]


def possible_acts(case: CaseView) -> list[PossibleAct]:
    """Return every act of a petitioner in its order (no query beside the calendar's)."""
    return [PossibleAct(act, why_not(case, act)) for act in ACTS.values() if act.offered(case.facts)]


def why_not(case: CaseView, act: PetitionersAct) -> list[Reason]:
    """Return every reason why the petitioner may not do this now, as the rule of the step says it."""
    assert case.actor is not None
    if act.answers is not None and act.answers in case.facts.pending:
        # Who put something forward takes it back.
        return []
    day = today()
    question = DecisionContext(
        step=None, facts=case.facts, actor=case.actor, today=day, calendar=calendar(), directory=directory(day)
    )
    return case_reasons(act.step_class.rule, question)
