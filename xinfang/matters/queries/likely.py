"""The pairs that the night found and nobody looked at yet (疑似同事清单)."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from xinfang.cases.models import Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.pagination import KeysetPage, count_up_to, paginate
from xinfang.matters.models import ComparedCase, LikelyPair, PairJudgement
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import OPEN_STATES, State
from xinfang.search.likely_repeats import why_alike

PAGE_SIZE = 20
_SHOWN = tuple(
    f"{side}__{name}"
    for side in ("one", "other")
    for name in ("number", "subject", "state", "received_on", "channel", "sealed")
)


@dataclass(frozen=True)
class WaitingPair:
    """Two cases to be looked at: the later one, the earlier one, what is alike and what differs."""

    later: Petition
    earlier: Petition
    reasons: list[str]


@dataclass(frozen=True)
class WaitingPairs:
    """A page of them, how many there are in all, and how many cases the night has still to compare."""

    page: KeysetPage
    pairs: list[WaitingPair]
    count: tuple[int, bool]
    not_compared: int


def not_compared() -> QuerySet[Petition]:
    """Return the cases that the night has still to compare; a sealed one is compared with none."""
    there = ComparedCase.objects.filter(petition=OuterRef("pk"))
    return Petition.objects.filter(~Exists(there), sealed=False).exclude(state=State.UNDONE.value)


def waiting_pairs(actor: Actor, *, every: bool, cursor: str, direction: str) -> WaitingPairs:
    """Return the pairs of which this person sees both cases and nobody said anything, the newest first (10 queries).

    Tied as repeats or waiting to be, they are left out; without `every` those too of which both cases are over.

    Raises:
        InvalidCursor: the place is none.
    """
    rows = _waiting(actor)
    if not every:
        open_states = [s.value for s in OPEN_STATES]
        rows = rows.filter(Q(one__state__in=open_states) | Q(other__state__in=open_states))
    page = paginate(
        rows.select_related("one", "other").only(*_SHOWN),
        ("id",),
        limit=PAGE_SIZE,
        descending=True,
        cursor=cursor,
        direction=direction,
    )
    # By the day of receipt, as an old matter may be brought in late.
    found = [sorted((row.one, row.other), key=lambda p: (p.received_on, p.pk), reverse=True) for row in page.rows]
    why = why_alike([(later.pk, earlier.pk) for later, earlier in found])
    pairs = [WaitingPair(later, earlier, why.get((later.pk, earlier.pk), [])) for later, earlier in found]
    matters = Petition.objects.filter(sealed=False).exclude(state=State.UNDONE.value)
    left = matters.count() - ComparedCase.objects.exclude(petition__state=State.UNDONE.value).count()
    return WaitingPairs(page, pairs, count_up_to(rows), max(left, 0))


def _waiting(actor: Actor) -> QuerySet[LikelyPair]:
    said = PairJudgement.objects.filter(one=OuterRef("one"), other=OuterRef("other"))
    seen = visible_to(actor, each=True).filter(sealed=False).exclude(state=State.UNDONE.value)
    rows = LikelyPair.objects.filter(
        ~Exists(said), Exists(seen.filter(pk=OuterRef("one"))), Exists(seen.filter(pk=OuterRef("other")))
    )
    # One of the other, or both of one first case.
    first, second = Coalesce("one__repeat_of", "one"), Coalesce("other__repeat_of", "other")
    return rows.alias(first=first, second=second).exclude(first=F("second"))
