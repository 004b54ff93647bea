"""Proposing petitions that may be repeats: same people, or the same matter by its text. Only a person decides.

The text's rarest pairs of characters lead to the few texts that share them; these are then compared whole.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from xinfang.cases.models import Petition
from xinfang.search.folding import NamedPerson, fold_text, id_mark, letters, name_mark, pairs, phone_mark
from xinfang.search.gram_backend import gram_backend
from xinfang.search.models import SearchGram, SearchPerson, SearchText

MIN_SIMILARITY = 0.57
"""The share of common pairs from which two texts are proposed; to be measured again on an office's real repeats."""

_RAREST = 32
_MAX_PAIRS = 800
_EACH = 200
"""A pair in more texts than this says little; the newest of them are enough."""
_FEWEST = 3
"""Texts that share fewer of the rarest pairs aren't compared, nor those that share far fewer than the best."""
_SEEN_THROUGH = 300
_COMPARED = 50
_PEOPLE = 300
_SHORT = 20
"""Below this many pairs even equal texts (“咨询项目申报”) don't tell of one matter."""

_SAME_ID, _SAME_PHONE, _SAME_NAME = 1.0, 0.9, 0.5


@dataclass(frozen=True)
class SimilarPetition:
    """A petition worth opening beside the new one. The score only sorts; the reasons are what a person reads."""

    petition_id: int
    number: str
    subject: str
    state: str
    received_on: date
    score: float
    reasons: list[str]


def _how_alike(score: float) -> str:
    return "文字大部分相同" if score >= 0.8 else "文字较多相同" if score >= 0.6 else "文字部分相同"


def find_similar(
    visible: QuerySet[Petition],
    *,
    subject: str,
    body: str,
    people: Sequence[NamedPerson],
    exclude: int | None = None,
    limit: int = 5,
) -> list[SimilarPetition]:
    """Return the petitions most worth opening, best first; of two alike the newer one first."""
    same = _same_people(people)
    text = f"{fold_text(subject)}\n{fold_text(body)}"
    shared = _sharing(text)
    may_see = set(visible.filter(pk__in={*same, *shared} - {exclude}, sealed=False).values_list("pk", flat=True))
    alike = _alike(text, [pk for pk in shared if pk in may_see][:_COMPARED])
    reasons: dict[int, list[tuple[float, str]]] = {pk: list(why) for pk, why in same.items() if pk in may_see}
    for pk, score in alike.items():
        reasons.setdefault(pk, []).append((score, f"同事：{_how_alike(score)}"))
    scores = {pk: max(score for score, _ in why) for pk, why in reasons.items()}
    best = sorted(scores, key=lambda pk: (scores[pk], len(reasons[pk]), pk), reverse=True)[:limit]
    rows = {p.pk: p for p in Petition.objects.filter(pk__in=best).only("number", "subject", "state", "received_on")}
    return [
        SimilarPetition(
            p.pk, p.number, p.subject, p.state, p.received_on, scores[pk], [said for _, said in reasons[pk]]
        )
        for pk in best
        if (p := rows.get(pk))
    ]


def _same_people(people: Sequence[NamedPerson]) -> dict[int, list[tuple[float, str]]]:
    """Return for each petition of one of these people what is the same, strongest first."""
    told: dict[int, tuple[float, str]] = {}
    for person in people:
        for mark, weight, said in (
            (name_mark(person.name), _SAME_NAME, "同人：姓名相同"),
            (phone_mark(person.phone), _SAME_PHONE, "同人：电话相同"),
            (id_mark(person.id_number), _SAME_ID, "同人：证件号码相同"),
        ):
            if mark is not None:
                told[mark] = (weight, said)
    found: dict[int, set[tuple[float, str]]] = {}
    if told:
        rows = SearchPerson.objects.filter(mark__in=told).order_by("-petition_id").values_list("petition_id", "mark")
        for pk, mark in rows[:_PEOPLE]:
            found.setdefault(pk, set()).add(told[mark])
    return {pk: sorted(why, reverse=True) for pk, why in found.items()}


def _sharing(text: str) -> list[int]:
    """Return petitions that share the rarest pairs of this text, those sharing most first."""
    own = sorted(pair for pair in pairs(text) if pair.isalnum())
    own = own[:: len(own) // _MAX_PAIRS + 1]
    if not own:
        return []
    known = dict(SearchGram.objects.filter(gram__in=own).values_list("gram", "documents"))
    rarest = sorted(own, key=lambda pair: known.get(pair, 0))[:_RAREST]
    count: Counter[int] = Counter()
    for ids in gram_backend().sharing(rarest, _EACH):
        count.update(ids)
    fewest = max(min(_FEWEST, len(rarest) // 4), max(count.values(), default=0) // 5)
    close = [pk for pk, shared in count.items() if shared >= fewest]
    # Of those that share equally many, the newest.
    return sorted(close, key=lambda pk: (count[pk], pk), reverse=True)[:_SEEN_THROUGH]


def _alike(text: str, candidates: list[int]) -> dict[int, float]:
    """Return how much of the shorter text's pairs the other one has, where that is enough."""
    mine = pairs(letters(text))
    found = {}
    for pk, kept in SearchText.objects.filter(pk__in=candidates).values_list("pk", "text"):
        # The lines after subject and body (requests, numbers, names) are not the letter.
        theirs = pairs(letters("".join(kept.split("\n", 2)[:2])))
        score = len(mine & theirs) / max(min(len(mine), len(theirs)), _SHORT)
        if score >= MIN_SIMILARITY:
            found[pk] = score
    return found
