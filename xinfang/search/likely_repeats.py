"""Proposing petitions that may be repeats: same people, or the same matter by its text. Only a person decides.

The text's rarest pairs of characters lead to texts that share them. The best of these are compared whole: the cosine
of their weighted pairs, how much of each subject the other letter has, and whether the subjects name other places. What
both have, and where numbers and places differ, is said with each.

The two weights and two bounds were fitted to 200 pairs of a public message board that were judged by reading, and then
held on 200 others: docs/finding.md.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from math import fsum, log, sqrt
from operator import add
from zlib import crc32

from django.db.models import QuerySet

from xinfang.cases.models import Petition
from xinfang.search.folding import NamedPerson, fold_text, id_mark, name_mark, pairs, phone_marks
from xinfang.search.gram_backend import gram_backend
from xinfang.search.index import letter_of
from xinfang.search.models import SearchPerson, SearchText

MIN_SIMILARITY = 0.26
"""From here on a text is worth opening beside the new one."""
LIKELY_SIMILARITY = 0.385
"""From here on most are of the same matter."""
MAX_PROPOSED = 10

_ASKED_AT_ONCE, _MAX_ASKED = 64, 192
"""So many pairs are looked up at a time, and in all, until as many led to other texts."""
_EACH = 200
"""A pair in more texts than this says little; the newest of them are enough."""
_SEEN_THROUGH = 300
_LOOKED_AT, _COMPARED = 60, 20
"""So many of these are read, and so many of those that share most with the letter for their length compared whole."""
_SHOWN = ("number", "external_number", "subject", "state", "received_on")
_PEOPLE = 300
_PEOPLE_COMPARED = 30
_MAX_LETTER = 3_000
"""Characters of a letter that are compared; the rest adds nothing but time."""
_OF_SUBJECT, _OTHER_PLACE = 0.3, 0.15
"""What the subjects add to the cosine at most, and what two subjects with other places take off."""
_NO_SUBJECT, _SUBJECT_SHOWN = 4, 30
"""Up to this many characters a subject says nothing; so much of the body is taken for it then."""
_SHORT = 8
"""Below this many pairs even equal texts (“咨询项目申报”) don't tell of one matter."""
_PERSON_ALONE = 3
"""Of other letters by the same person so many are proposed: one who writes often must not fill all places."""
_VERY_ALIKE = 0.5
"""From here on differing numbers (a house, a year, an amount) are named: they may make two matters of one wording."""
_PASSAGES, _SHORTEST_PASSAGE, _PASSAGE_SHOWN = 3, 3, 16
_NUMBERS_NAMED = 3

_SAME_ID, _SAME_PHONE, _SAME_NAME = 1.0, 0.9, 0.5
_NOT_COMPARED = re.compile(r"[^\w\n]|_")
_NUMBER = re.compile(r"\d+(?:\.\d+)?[^\W\d_]?")
# Two characters before are enough to tell places apart, and no word before the name gets in.
_PLACE = re.compile(r"(?:[a-z]+[0-9]*|[^\W0-9a-z_市县区旗盟镇乡村]{2})[市县区旗盟镇乡村]")
_NO_PLACE = re.compile(r"[小社园校地辖城本全我该各贵外农新][市县区旗盟镇乡村]$")


@dataclass(frozen=True)
class SimilarPetition:
    """A petition worth opening beside the new one. The score only sorts; the reasons are what a person reads.

    `likely` tells the two groups apart: 很可能同事, and 可能有关.
    """

    petition_id: int
    number: str
    external_number: str
    subject: str
    state: str
    received_on: date
    score: float
    likely: bool
    reasons: list[str]


@dataclass
class _Found:
    """What speaks for one petition: how alike the letters are, and what of the people is the same."""

    similarity: float = 0.0
    people: tuple[tuple[float, str], ...] = ()

    @property
    def likely(self) -> bool:
        return self.similarity >= LIKELY_SIMILARITY or (self.is_near and self.sure_of_person)

    @property
    def is_near(self) -> bool:
        return self.similarity >= MIN_SIMILARITY

    @property
    def sure_of_person(self) -> bool:
        """Tell whether a number is the same; names are shared by many."""
        return any(weight > _SAME_NAME for weight, _ in self.people)

    @property
    def score(self) -> float:
        """Between 0 and 2: the likely ones above 1."""
        person = max((weight for weight, _ in self.people), default=0.0)
        return self.likely + min((self.similarity if self.is_near else 0.0) + person / 10, 1.0)


def find_similar(
    visible: QuerySet[Petition] | None,
    *,
    subject: str,
    body: str,
    people: Sequence[NamedPerson],
    requests: Sequence[str] = (),
    exclude: int | None = None,
    limit: int = MAX_PROPOSED,
) -> list[SimilarPetition]:
    """Return the petitions most worth opening, best first; of two alike the newer one first.

    `visible` is what the reader may see (None: everything); sealed cases are never proposed.
    """
    same = _same_people(people)
    letter = _Letter.typed([subject, body, *requests])
    own = _Weights([letter])
    shared = _sharing(letter, own)
    seen = Petition.objects.all() if visible is None else visible
    may_see = set(seen.filter(pk__in={*same, *shared} - {exclude}, sealed=False).values_list("pk", flat=True))
    looked_at = [pk for pk in shared if pk in may_see][:_LOOKED_AT]
    of_people = [pk for pk in sorted(same, reverse=True) if pk in may_see][:_PEOPLE_COMPARED]
    others = _closest(_letters_of({*looked_at, *of_people}), letter, own)
    weights = _Weights([letter, *others.values()])
    found = {pk: _Found(weights.similarity(letter, other)) for pk, other in others.items()}
    for pk, why in same.items():
        if pk in may_see:
            found.setdefault(pk, _Found()).people = why
    best = _best(found, limit)
    rows = {p.pk: p for p in Petition.objects.filter(pk__in=best).only(*_SHOWN)}
    return [
        SimilarPetition(
            p.pk,
            p.number,
            p.external_number,
            p.subject,
            p.state,
            p.received_on,
            round(found[pk].score, 4),
            found[pk].likely,
            [said for _, said in found[pk].people] + _what_is_alike(found[pk], letter, others.get(pk), weights),
        )
        for pk in best
        if (p := rows.get(pk))
    ]


def why_alike(of: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[str]]:
    """Return for pairs of petitions what is alike and what differs, as `find_similar` says it (4 queries for all).

    Of a pair of which one is sealed, or isn't in the index, nothing.
    """
    letters = _letters_of({pk for pair in of for pk in pair})
    known = [pair for pair in of if pair[0] in letters and pair[1] in letters]
    if not known:
        return {}
    weights = _Weights(letters.values())
    people: dict[int, set[int]] = {}
    for pk, mark in SearchPerson.objects.filter(petition_id__in=letters).values_list("petition_id", "mark"):
        people.setdefault(pk, set()).add(mark)
    said = {}
    for mine, theirs in known:
        found = _Found(max(weights.similarity(letters[mine], letters[theirs]), MIN_SIMILARITY))
        same = [_PERSON_ALIKE] if people.get(mine, set()) & people.get(theirs, set()) else []
        said[mine, theirs] = same + _what_is_alike(found, letters[mine], letters[theirs], weights)
    return said


_PERSON_ALIKE = "同人：信访人的姓名、电话或者证件号码有相同的"


def _best(found: Mapping[int, _Found], limit: int) -> list[int]:
    """Return the most worth opening; few of those for which only the person speaks."""
    ranked = sorted(found, key=lambda pk: (found[pk].score, len(found[pk].people), pk), reverse=True)
    chosen, alone = [], 0
    for pk in ranked:
        if found[pk].is_near:
            chosen.append(pk)
        elif found[pk].people and alone < _PERSON_ALONE:
            alone += 1
            chosen.append(pk)
    return chosen[:limit]


class _Letter:
    """One letter as it is compared: subject, body and requests, folded, without punctuation."""

    def __init__(self, folded: str) -> None:
        self.folded = folded[:_MAX_LETTER]
        self.text = _NOT_COMPARED.sub("", self.folded)
        self.pairs = pairs(self.text)

    @classmethod
    def typed(cls, lines: Iterable[str]) -> "_Letter":
        """Read what somebody typed."""
        return cls("\n".join(map(fold_text, lines)))

    @classmethod
    def kept(cls, text: str) -> "_Letter":
        """Read what the index keeps."""
        return cls(letter_of(text))

    @cached_property
    def times(self) -> Counter[str]:
        """How often each pair is there."""
        return Counter(chain.from_iterable(map(add, line, line[1:]) for line in self.text.split("\n")))

    @cached_property
    def subject(self) -> str:
        """The subject; where it was left out or says nothing (“来信”), the first words."""
        first, _, rest = self.text.partition("\n")
        return first if len(first) > _NO_SUBJECT else rest.lstrip("\n").partition("\n")[0][:_SUBJECT_SHOWN]

    @cached_property
    def places(self) -> set[str]:
        """The places that the subject names."""
        return {place for place in _PLACE.findall(self.subject) if not _NO_PLACE.search(place)}


class _Weights:
    """What each pair of some letters tells, by how many texts have it: one query for all of them."""

    def __init__(self, of: Iterable[_Letter]) -> None:
        known, counted = gram_backend().documents(sorted(set().union(*(letter.pairs for letter in of))))
        self._rarest = 1 + log(1 + counted)
        self._known = {pair: self._rarest - log(1 + documents) for pair, documents in known.items()}

    def of(self, pair: str) -> float:
        """Return the weight of a pair: 1 for what every text has."""
        return self._known.get(pair, self._rarest)

    def of_all(self, some: Iterable[str]) -> float:
        """Return the weight of several pairs together."""
        # The order of a set is another in each process: `fsum` gives the same sum for any.
        get, rarest = self._known.get, self._rarest
        return fsum(get(pair, rarest) for pair in some)

    def similarity(self, one: _Letter, other: _Letter) -> float:
        """Return how alike two letters are, between 0 and 1."""
        subjects = (self._share(one.subject, other) + self._share(other.subject, one)) / 2
        found = self.cosine(one, other) + _OF_SUBJECT * subjects - _OTHER_PLACE * bool(other_places(one, other))
        return max(found, 0.0) / (1 + _OF_SUBJECT)

    def _share(self, subject: str, other: _Letter) -> float:
        """Return how much of a subject's weight another letter has too."""
        own = pairs(subject)
        return self.of_all(own & other.pairs) / self.of_all(own) if own else 0.0

    def _vector(self, letter: _Letter) -> dict[str, float]:
        get, rarest = self._known.get, self._rarest
        # Most pairs are there once.
        return {
            pair: get(pair, rarest) if times == 1 else (1 + log(times)) * get(pair, rarest)
            for pair, times in letter.times.items()
        }

    def cosine(self, one: _Letter, other: _Letter) -> float:
        """Return the cosine of two letters' weighted pairs; 0 where one is too short to tell."""
        if min(len(one.pairs), len(other.pairs)) < _SHORT:
            return 0.0
        mine, theirs = self._vector(one), self._vector(other)
        common = fsum(mine[pair] * theirs[pair] for pair in one.pairs & other.pairs)
        return common / sqrt(fsum(w * w for w in mine.values()) * fsum(w * w for w in theirs.values()))


def other_places(one: _Letter, other: _Letter) -> tuple[str, str] | None:
    """Return the places that the subjects name, where both do and neither place is anywhere in the other letter."""
    if not one.places or not other.places:
        return None
    if any(p in other.text for p in one.places) or any(p in one.text for p in other.places):
        return None
    return min(one.places), min(other.places)


def _letters_of(petitions: Iterable[int]) -> dict[int, _Letter]:
    kept = SearchText.objects.filter(pk__in=petitions).values_list("pk", "text")
    return {pk: _Letter.kept(text) for pk, text in kept}


def _closest(others: Mapping[int, _Letter], letter: _Letter, own: _Weights) -> dict[int, _Letter]:
    """Return the letters that are worth comparing whole, by what they share with this one and how long they are."""

    def rank(pk: int) -> tuple[float, int]:
        theirs = others[pk].pairs
        return own.of_all(letter.pairs & theirs) / sqrt(len(theirs) + _SHORT), pk

    return {pk: others[pk] for pk in sorted(others, key=rank, reverse=True)[:_COMPARED]}


def _same_people(people: Sequence[NamedPerson]) -> dict[int, tuple[tuple[float, str], ...]]:
    """Return for each petition of one of these people what is the same, strongest first."""
    told: dict[int, tuple[float, str]] = {}
    for place, person in enumerate(people, 1):
        who = f"第{place}人" if len(people) > 1 else ""
        for own, weight, said in (
            ([name_mark(person.name)], _SAME_NAME, f"同人：{who}姓名相同"),
            (phone_marks(person.phone), _SAME_PHONE, f"同人：{who}电话相同"),
            ([id_mark(person.id_number)], _SAME_ID, f"同人：{who}证件号码相同"),
        ):
            told |= {mark: (weight, said) for mark in own if mark is not None}
    found: dict[int, set[tuple[float, str]]] = {}
    if told:
        rows = SearchPerson.objects.filter(mark__in=told).order_by("-petition_id").values_list("petition_id", "mark")
        for pk, mark in rows[:_PEOPLE]:
            found.setdefault(pk, set()).add(told[mark])
    return {pk: tuple(sorted(why, reverse=True)) for pk, why in found.items()}


def _sharing(letter: _Letter, weights: _Weights) -> list[int]:
    """Return petitions that share rare pairs of this letter, those that share the most weight first."""
    if len(letter.pairs) < _SHORT:
        return []
    subject = pairs(letter.subject)
    # The subject's pairs first. The counts are of one text in 32, so many weigh the same: among them any order will do
    # that is always the same.
    rarest = sorted(letter.pairs, key=lambda pair: (pair not in subject, -weights.of(pair), crc32(pair.encode())))
    rarest = rarest[:_MAX_ASKED]
    count: dict[int, float] = {}
    useful = 0
    for first in range(0, len(rarest), _ASKED_AT_ONCE):
        asked = rarest[first : first + _ASKED_AT_ONCE]
        for pair, ids in zip(asked, gram_backend().sharing(asked, _EACH), strict=True):
            useful += len(ids) > 1
            weight = weights.of(pair) * (1 + (pair in subject))
            for pk in ids:
                count[pk] = count.get(pk, 0.0) + weight
        if useful >= _ASKED_AT_ONCE:
            break
    # Of those that share equally much, the newest.
    return sorted(count, key=lambda pk: (round(count[pk], 6), pk), reverse=True)[:_SEEN_THROUGH]


def _what_is_alike(found: _Found, mine: _Letter, other: _Letter | None, weights: _Weights) -> list[str]:
    if other is None or not found.is_near:
        return []
    same = _passages(mine, other, weights)
    said = ["共同文字：" + "".join(f"“{passage}”" for passage in same)] if same else []
    if found.similarity >= _VERY_ALIKE:
        ours, theirs = (list(dict.fromkeys(_NUMBER.findall(letter.folded))) for letter in (mine, other))
        only = [
            [n for n in here if n not in there][:_NUMBERS_NAMED] for here, there in ((ours, theirs), (theirs, ours))
        ]
        if all(only):
            said.append(f"数字不同：本件{'、'.join(only[0])}，该件{'、'.join(only[1])}")
    if places := other_places(mine, other):
        said.append(f"地名不同：本件…{places[0]}，该件…{places[1]}")
    return said


def _passages(mine: _Letter, other: _Letter, weights: _Weights) -> list[str]:
    """Return the heaviest passages that both letters have, cut to a length that can be read."""
    found: dict[str, float] = {}
    for line in mine.text.split("\n"):
        start = 0
        while start < len(line) - 1:
            end = start + 1
            while end < len(line) and line[start : end + 1] in other.text:
                end += 1
            passage = line[start:end]
            if len(passage) >= _SHORTEST_PASSAGE:
                found[passage] = weights.of_all(map(add, passage, passage[1:]))
            start = max(start + 1, end - 1)
    heaviest = sorted(found, key=lambda passage: (-found[passage], passage))
    chosen: list[str] = []
    for passage in heaviest:
        if not any(passage in known for known in chosen):
            chosen.append(passage)
    return [p if len(p) <= _PASSAGE_SHOWN else f"{p[:_PASSAGE_SHOWN]}…" for p in chosen[:_PASSAGES]]
