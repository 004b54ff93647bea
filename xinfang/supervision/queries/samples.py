"""The monthly samples, and what the leader said of each case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xinfang.cases.access import open_case
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.facts import Actor, CaseEvent, Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.supervision.models import MonthlySample, SampledDecision


@dataclass(frozen=True)
class SampledCase:
    """A case of a sample: the decision, and what was said of it since; None while nobody has."""

    number: str
    facts: Facts
    decision: CaseEvent
    checked: CaseEvent | None


def months() -> list[date]:
    """Return the months of which there is a sample, the latest first (1 query)."""
    return list(MonthlySample.objects.values_list("month", flat=True))


def sample_of(month: date, actor: Actor) -> tuple[int, Sequence[SampledCase], int]:
    """Return how many decisions the month had, the sampled ones this person sees, and how many they don't see.

    A query for the sample, and those of each case that is seen: samples are small.
    """
    sample = MonthlySample.objects.filter(month=month).first()
    if sample is None:
        return 0, (), 0
    rows = list(SampledDecision.objects.filter(sample=sample).select_related("event__petition"))
    seen = set(
        visible_to(actor, each=True).filter(pk__in=[r.event.petition_id for r in rows]).values_list("pk", flat=True)
    )
    found = []
    for row in rows:
        if row.event.petition_id not in seen:
            continue
        number = row.event.petition.number
        facts = open_case(actor, number).facts
        later = (h for h in facts.history if h.seq > row.event.seq and h.code == StepCode.SPOT_CHECK and h.took_effect)
        checked = next((h for h in later if h.recorded_at >= sample.drawn_at), None)
        found.append(SampledCase(number, facts, facts.history[row.event.seq - 1], checked))
    return sample.decisions, tuple(found), len(rows) - len(found)
