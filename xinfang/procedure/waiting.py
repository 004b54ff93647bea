"""A step that waits for its second person longer than it should: who is told then, the nearest first, each once.

Waiting stops no clock (decision 0031). How long is a number of the department. Working days are Asia/Shanghai.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .actor_rules import ActorRule, ActorScope
from .articles import HOUSE_RULES, REGULATION, cite
from .calendar import SHANGHAI, Calendar
from .dated_rules import filled
from .facts import Facts, PendingStep
from .limits import SECOND_PERSON
from .rules import who_may_agree
from .supervision import EscalationNotice, EscalationRung

_CITES = (HOUSE_RULES[5], REGULATION[28])
_OF_THE_UNIT = (ActorScope.HANDLING_UNIT, ActorScope.REVIEWER)


ASKED = "您可以确认此事，等待已超过{second_person}"
"""Why those are told who may agree, and who acts for them."""
WAITING_LADDER: tuple[tuple[EscalationNotice, ...], ...] = (
    (
        EscalationNotice(EscalationRung.OFFICE_HEAD, "等待确认超过{second_person}，由办公室主任督促", _CITES),
        EscalationNotice(EscalationRung.HEAD, "等待本处室（单位）确认超过{second_person}，由负责人督促", _CITES),
    ),
    (EscalationNotice(EscalationRung.RESPONSIBLE, "等待确认超过{second_person*2}，报包案厅领导", _CITES),),
    (EscalationNotice(EscalationRung.PRINCIPAL, "等待确认超过{second_person*3}，报厅主要领导", _CITES),),
)
"""Who is told after once, twice and three times the number; the head of a unit only where that unit is asked."""
SEALED_NOTICE = EscalationNotice(EscalationRung.SEALED, "密封件只告知检举控告专管员", (REGULATION[30],))


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step that waits: `since` the day on which it was put forward, `asked` who may agree to it."""

    pending: PendingStep
    seq: int
    since: date
    asked: tuple[ActorRule, ...]

    @property
    def label(self) -> str:
        """What the step is called."""
        label: str = self.pending.step.rule.label
        return label

    def told_now(self, notice: EscalationNotice) -> EscalationNotice:
        """Return the notice with the number by which this step is counted: that of the day it was put forward."""
        return replace(notice, written=filled(notice.written, self.since))

    def rungs_reached(self, facts: Facts, day: date, calendar: Calendar) -> tuple[tuple[EscalationNotice, ...], ...]:
        """Return whom it has waited long enough for, one entry for each rung; () while it waits within the number."""
        waited = calendar.working_days_between(self.since, day)
        number = SECOND_PERSON.on(self.since).value
        if waited <= number:
            return ()
        if facts.sealed:
            return ((SEALED_NOTICE,),)
        of_the_unit = any(w.scope in _OF_THE_UNIT for w in self.asked)
        return tuple(
            tuple(self.told_now(n) for n in rung if of_the_unit or n.rung is not EscalationRung.HEAD)
            for times, rung in enumerate(WAITING_LADDER, 1)
            if waited > number * times
        )


def waiting_steps(facts: Facts) -> Iterator[WaitingStep]:
    """Yield the steps of this case that wait for a second person, as they were put forward."""
    for code, pending in facts.pending.items():
        put_forward = next(h for h in reversed(facts.history) if h.code == code and h.stage == "proposed")
        since = put_forward.recorded_at.astimezone(SHANGHAI).date()
        yield WaitingStep(pending, put_forward.seq, since, who_may_agree(pending.step, facts))


HEADS = ("等待", "告知谁", "告知的原因", "依据")


def waiting_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield who is told of a step that waits too long, as a table."""
    asked = filled(ASKED)
    yield f"超过{SECOND_PERSON}", "可以确认的人员（及其代行人员）", asked, cite(SECOND_PERSON.cites)
    for times, rung in enumerate(WAITING_LADDER, 1):
        for told in rung:
            yield filled(f"超过{{second_person*{times}}}"), told.rung.label, told.why, cite(told.cites)
