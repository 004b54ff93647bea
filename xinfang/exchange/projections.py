"""What the regional system is to be told, written in the transaction of the step that causes it (H5, H12, N21-23).

A matter is told once it is classified, not when it is registered: a letter may turn out to be a report of wrongdoing,
and of such nothing ever goes this way (decision 0011).
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Model

from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Petition
from xinfang.cases.projection import Change, Derived, Projection
from xinfang.core.prepared_inserts import insert_many
from xinfang.exchange.codes import step_words
from xinfang.exchange.models import Outgoing
from xinfang.procedure.facts import Facts
from xinfang.procedure.rounds import serves_the_opinion
from xinfang.procedure.rules import Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Source

Kind, State = Outgoing.Kind, Outgoing.State
PENDING_STATES = (State.WAITING, State.REFUSED, State.DEAD)
"""Not on its way, and not done."""


def from_the_bureau(facts: Facts) -> bool:
    """Tell whether the matter is in the regional system already, under the sender's number."""
    if facts.source is Source.AT_BUREAU:
        return bool(facts.sender_number)
    return facts.source in (Source.BUREAU_FORWARDED, Source.BUREAU_ASSIGNED)


def may_be_sent(facts: Facts) -> bool:
    """Tell whether anything of this case may go to the regional system.

    Nothing of a report of wrongdoing does, and nothing that was destroyed (N30).
    """
    return not facts.sealed and facts.destroyed_on is None


class OutgoingRows(Projection):
    """What follows from a step for the regional system. Most steps cost nothing here; no query but the insert."""

    derived = (
        Derived(
            Outgoing, ("key",), ("seq", "kind", "created_at"),
            ("next_try", "state", "tries", "content_sealed", "reason", "answered_at"),
        ),
    )  # fmt: skip

    def rows(self, case: CaseHistory) -> Iterator[Model]:
        """Yield the messages that the history of a case calls for, each in the state its later steps leave it in."""
        made: dict[str, Outgoing] = {}
        for past in case.steps:
            if not past.took_effect:
                continue
            if past.event.code == StepCode.ENTER_REGIONAL:
                for row in made.values():
                    if row.kind == Kind.ENTRY and row.state in PENDING_STATES:
                        row.state, row.answered_at = State.BY_HAND.value, past.event.recorded_at
            elif not may_be_sent(past.after):
                for row in made.values():
                    row.state = State.WITHHELD.value if row.state in PENDING_STATES else row.state
            else:
                for row in made.values():
                    row.state = State.WAITING.value if row.state == State.WITHHELD else row.state
                step = past.whole or past.step
                for row in _rows(
                    case.petition, past.event.code, step, past.after, past.event.seq, past.event.recorded_at
                ):
                    made.setdefault(row.key, row)
        yield from made.values()

    def write(self, prepared: None, change: Change) -> None:
        """Add the messages of this step, or withdraw those that may no longer be sent."""
        outcome, petition, facts, now = change.outcome, change.petition, change.facts, change.now
        if outcome.stage not in ("done", "confirmed"):
            return
        if outcome.code == StepCode.ENTER_REGIONAL:
            _entered_by_hand(petition, now)
            return
        if not may_be_sent(facts):
            if may_be_sent(outcome.before):
                _withhold(petition)
            return
        if not may_be_sent(outcome.before):
            _send_after_all(petition, now)
        rows = _rows(petition, outcome.code, outcome.step, facts, change.event.seq, now)
        insert_many(Outgoing, rows, unless_there=True)


def _rows(petition: Petition, code: str, step: Step, facts: Facts, seq: int, now: datetime) -> list[Outgoing]:
    return [
        Outgoing(
            key=f"{petition.number}-{'entry' if kind is Kind.ENTRY else seq}",
            petition=petition,
            seq=seq,
            kind=kind.value,
            created_at=now,
            next_try=now,
        )
        for kind in _kinds(code, step, facts)
    ]


def _kinds(code: str, step: Step, facts: Facts) -> list[Outgoing.Kind]:
    if code == StepCode.OBJECT:
        return [Kind.OBJECTION] if from_the_bureau(facts) else []
    # A notice that the petitioner opened is no service of the opinion.
    a_notice = code == StepCode.TAKE_DELIVERY and not serves_the_opinion(facts.history[-1])
    told = code in step_words() and not a_notice
    report = code == StepCode.REPORT_UP and "信访" in str(getattr(step, "body", ""))
    if facts.matter_class is None or not (told or report or code == StepCode.CLASSIFY):
        return []
    there = from_the_bureau(facts) or facts.last(StepCode.ENTER_REGIONAL) is not None
    kinds = [] if there else [Kind.ENTRY]
    if report:
        kinds.append(Kind.REPORT)
    elif told:
        kinds.append(Kind.STEP)
    return kinds


def _entered_by_hand(petition: Petition, now: datetime) -> None:
    entries = Outgoing.objects.filter(petition=petition, kind=Kind.ENTRY, state__in=PENDING_STATES)
    entries.update(state=State.BY_HAND, answered_at=now, content_sealed=None, reason="")


def _withhold(petition: Petition) -> None:
    """Withhold what wasn't sent of a case now sealed or destroyed, and drop here the content of what was sent."""
    rows = Outgoing.objects.filter(petition=petition)
    rows.update(content_sealed=None, reason="")
    rows.filter(state__in=PENDING_STATES).update(state=State.WITHHELD)


def _send_after_all(petition: Petition, now: datetime) -> None:
    """Let what was withheld of a case go: it was no report of wrongdoing."""
    Outgoing.objects.filter(petition=petition, state=State.WITHHELD).update(state=State.WAITING, next_try=now, tries=0)


PROJECTIONS = (OutgoingRows,)
