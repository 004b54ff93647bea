"""What was said of two cases, and what belongs to one matter.

A tie holds between its two cases and is never carried on to a third: what is tied only to a tied case is named as a
question.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from xinfang.cases.models import Petition
from xinfang.matters.models import PairJudgement
from xinfang.procedure.same_matter import PairVerdict

Pair = tuple[int, int]


def as_pair(one: int, other: int) -> Pair:
    """Return two cases in the order in which a pair is kept."""
    return (one, other) if one < other else (other, one)


def last_judgements() -> QuerySet[PairJudgement]:
    """Return of each pair what was said last."""
    same_pair = PairJudgement.objects.filter(one=OuterRef("one"), other=OuterRef("other"))
    return PairJudgement.objects.filter(~Exists(same_pair.filter(turn__gt=OuterRef("turn"))))


def judgements_of(one: int, other: int) -> list[PairJudgement]:
    """Return all that was said of two cases, the latest first (1 query)."""
    first, second = as_pair(one, other)
    rows = PairJudgement.objects.filter(one=first, other=second).select_related("by")
    return list(rows.order_by("-turn"))


def ties_of(petitions: Collection[int]) -> list[PairJudgement]:
    """Return the ties that hold with any of these cases, with who said so (1 query)."""
    rows = last_judgements().filter(verdict=PairVerdict.SAME.value)
    found = rows.filter(Q(one__in=petitions) | Q(other__in=petitions))
    return list(found.select_related("by").order_by("id"))


def ties_that_count() -> QuerySet[PairJudgement]:
    """Return the ties that hold, for counting; without those of a sealed case."""
    return last_judgements().filter(verdict=PairVerdict.SAME.value, one__sealed=False, other__sealed=False)


def tied_with(petition: int) -> set[int]:
    """Return the cases that are tied to this one itself as 同事 (1 query)."""
    return {row.other_id if row.one_id == petition else row.one_id for row in ties_of([petition])}


def looked_at_with(petition: int) -> set[int]:
    """Return the cases that were found to be about the same matter as this one, or about another (1 query)."""
    rows = last_judgements().exclude(verdict=PairVerdict.UNDONE.value).filter(Q(one=petition) | Q(other=petition))
    return {pk for pair in rows.values_list("one_id", "other_id") for pk in pair} - {petition}


@dataclass(frozen=True)
class Matter:
    """What is gathered around one case: the keys of cases, seen or not by who asks.

    `own` are the case and the repeats of the same people; `tied` are those tied to one of them, with the repeats of
    these; `ties` are the rows that say so; `beyond` are tied only to one of `tied`.
    """

    own: frozenset[int]
    tied: frozenset[int]
    beyond: frozenset[int]
    ties: tuple[PairJudgement, ...]

    @property
    def all(self) -> frozenset[int]:
        """What is looked at side by side."""
        return self.own | self.tied


def matter_of(petition: Petition) -> Matter:
    """Return what belongs to the matter of a case (2 queries, 4 where it is tied)."""
    own = _with_repeats([petition.pk, petition.repeat_of_id or petition.pk])
    ties = ties_of(own)
    partners = {pk for row in ties for pk in (row.one_id, row.other_id)} - own
    tied = (_with_repeats(partners) if partners else set()) - own
    beyond = {pk for row in ties_of(tied) for pk in (row.one_id, row.other_id)} - own - tied if tied else set()
    if beyond:
        beyond -= _told_apart(own)
    return Matter(frozenset(own), frozenset(tied), frozenset(beyond), tuple(ties))


def _told_apart(petitions: Collection[int]) -> set[int]:
    """Return the cases of which somebody said that they are about another matter than one of these (1 query)."""
    rows = last_judgements().filter(verdict=PairVerdict.APART.value)
    found = rows.filter(Q(one__in=petitions) | Q(other__in=petitions)).values_list("one_id", "other_id")
    return {pk for pair in found for pk in pair}


def _with_repeats(petitions: Iterable[int]) -> set[int]:
    """Return these cases, the first of each and all its repeats (1 query)."""
    known = set(petitions)
    firsts = Petition.objects.filter(pk__in=known, repeat_of__isnull=False).values("repeat_of")
    rows = Petition.objects.filter(
        Q(pk__in=known) | Q(pk__in=firsts) | Q(repeat_of__in=known) | Q(repeat_of__in=firsts)
    )
    return known | set(rows.values_list("pk", flat=True))


def are_repeats(one: Petition, other: Petition) -> bool:
    """Tell whether two cases are tied as repeats: one of the other, or both of one first case."""
    firsts = {one.repeat_of_id or one.pk, other.repeat_of_id or other.pk}
    return len(firsts) == 1
