"""The night's look through the register for letters about one matter: what came since, in bounded time."""

from dataclasses import dataclass
from time import monotonic

import structlog
from django.db import DatabaseError, transaction

from xinfang.cases.models import Petition
from xinfang.matters.models import ComparedCase, LikelyPair
from xinfang.matters.queries.likely import not_compared
from xinfang.matters.queries.ties import are_repeats, as_pair
from xinfang.search.index import named_person
from xinfang.search.likely_repeats import find_similar

MAX_CASES = 3_000
"""So many cases are compared at a time, the newest first."""
MAX_SECONDS = 10.0
"""Then the rest is left to the next sweep: the watch over urgent events, whose limits are minutes, waits for this."""
_BATCH = 50
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ComparedReport:
    """How many cases were compared with the register, and how many likely pairs came of it."""

    compared: int = 0
    pairs: int = 0


def compare_new_cases(max_cases: int = MAX_CASES, max_seconds: float = MAX_SECONDS) -> ComparedReport:
    """Compare each case that wasn't compared yet with the whole register, and keep the likely pairs.

    Only pairs that are called 很可能同事 are kept; nobody is told and no case changes. A case that can't be compared is
    noted in the log and isn't tried again.
    """
    until = monotonic() + max_seconds
    compared = pairs = 0
    while compared < max_cases and monotonic() < until:
        batch = list(
            not_compared().order_by("-pk").prefetch_related("requests", "petitioners")[: min(_BATCH, max_cases)]
        )
        if not batch:
            break
        for petition in batch:
            try:
                pairs += _compare(petition)
            except DatabaseError:
                # Nothing of this case is kept; the sweep has done its work already, and the next one tries again.
                _log.exception("pairs_not_kept", petition=petition.pk)
                return ComparedReport(compared, pairs)
            compared += 1
            if compared >= max_cases or monotonic() >= until:
                break
    return ComparedReport(compared, pairs)


def _compare(petition: Petition) -> int:
    try:
        found = find_similar(
            None,
            subject=petition.subject,
            body=petition.body,
            requests=[r.text for r in petition.requests.all()],
            people=[named_person(p) for p in petition.petitioners.all()],
            exclude=petition.pk,
        )
    except Exception:
        # One case that can't be read must not keep the others from being compared.
        _log.exception("compare_failed", petition=petition.pk)
        found = []
    alike = Petition.objects.filter(pk__in=[s.petition_id for s in found if s.likely]).only("repeat_of_id")
    rows = [as_pair(petition.pk, other.pk) for other in alike if not are_repeats(petition, other)]
    with transaction.atomic():
        known = set(LikelyPair.objects.filter(one__in=[r[0] for r in rows]).values_list("one_id", "other_id"))
        new = [LikelyPair(one_id=one, other_id=other) for one, other in rows if (one, other) not in known]
        # Two sweeps at once may find the same.
        LikelyPair.objects.bulk_create(new, ignore_conflicts=True)
        ComparedCase.objects.bulk_create([ComparedCase(petition=petition)], ignore_conflicts=True)
    return len(new)
