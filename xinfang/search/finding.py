"""Finding petitions again: by number, phone, ID number or name, and by any words of their text.

A word is found anywhere in a text, at any length; several words must all occur, but for 或 and 非 (`query_text`). A
sealed petition has no text here: it is found by its number, people's numbers and names, by those who see it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import StrIndex

from xinfang.cases.models import Petition
from xinfang.papers.models import Paper
from xinfang.search.folding import id_mark, is_long_number, last_digits_mark, name_mark, phone_marks
from xinfang.search.gram_backend import gram_backend
from xinfang.search.models import SearchGram, SearchPerson, SearchText
from xinfang.search.query_text import SearchQuery, read_query

_MAX_GRAMS = 48
"""A long quotation is looked up by this many of its pairs, then compared whole."""
_FEW_GRAMS = 4
"""A long number is looked up by this many of its pairs, then compared whole."""
_MAX_EXACT_MATCHES = 1_000
_FIRST_STEP, _LARGEST_STEP = 100, 4_000
_FEW = 1_500
"""Somebody who sees no more than this many petitions has these read through, instead of all hits filtered."""
_PETITION, _GRAM, _PERSON = Petition._meta.db_table, SearchGram._meta.db_table, SearchPerson._meta.db_table
_PAPER = Paper._meta.db_table
_BRACKETS = str.maketrans("[［【(（{]］】)）}", "〔〔〔〔〔〔〕〕〕〕〕〕")
"""What people type for the brackets of a document number."""
MOST_COUNTED = 1_000
"""Hits beyond this are not counted for a page: `1,000+`."""


@dataclass(frozen=True)
class _Looked:
    """What is looked for: words that must all be there, the grams to look up, and the words these don't settle."""

    words: list[str]
    grams: list[str]
    longer: list[str]


def find_petitions(text: str) -> QuerySet[Any, Any]:
    """Return the ids of the petitions that fit, for `visible.filter(pk__in=find_petitions(text))`; in no order."""
    asked = read_query(text)
    if not asked.all_of:
        return Petition.objects.none().values("pk")
    fitting = _fitting_any(asked)
    exact = _exact(text, asked, None)
    if not exact:
        return fitting
    return Petition.objects.filter(Q(pk__in=exact) | Q(pk__in=fitting)).values("pk")


def count_found(text: str, visible: QuerySet[Petition]) -> int:
    """Return how many visible petitions fit, counting no further than one beyond `MOST_COUNTED`."""
    return visible.filter(pk__in=find_petitions(text)).order_by()[: MOST_COUNTED + 1].count()


def find_page(text: str, visible: QuerySet[Petition], limit: int, before_id: int | None = None) -> list[Petition]:
    """Return the newest visible petitions that fit, of those registered before the given one.

    It is quick for frequent words too. `visible` is what the reader may see (`visible_to`), with everything it should
    load beside.
    """
    asked = read_query(text)
    if not asked.all_of or limit < 1:
        return []
    if not asked.is_plain:
        newest = visible.filter(pk__in=_fitting_any(asked)).order_by("-pk")
        return list((newest.filter(pk__lt=before_id) if before_id else newest)[:limit])
    looked = _looked_for(asked.words)
    exact = _exact(text, asked, before_id)
    found: list[Petition] = []
    below, step = before_id, max(_FIRST_STEP, 2 * limit)
    while True:
        ids = gram_backend().newest(looked.grams, looked.longer, below, step)
        last = len(ids) < step
        lowest = 0 if last else ids[-1]
        wanted = {*ids, *(pk for pk in exact if lowest <= pk and (below is None or pk < below))}
        if wanted:
            found += visible.filter(pk__in=wanted).order_by("-pk")[: limit - len(found)]
        if last or len(found) >= limit:
            return found
        below = lowest
        if step < _LARGEST_STEP:
            few = list(visible.filter(pk__lt=below).order_by().values_list("pk", flat=True)[: _FEW + 1])
            if len(few) <= _FEW:
                hits = _containing(SearchText.objects.filter(pk__in=few), looked.words).values_list("pk", flat=True)
                rest = {*hits, *exact} & set(few)
                return found + list(visible.filter(pk__in=rest).order_by("-pk")[: limit - len(found)])
        step = _LARGEST_STEP


def _looked_for(found: list[str]) -> _Looked:
    grams: dict[str, None] = {}
    longer = []
    for word in found:
        own = [word] if len(word) == 1 else [a + b for a, b in pairwise(word)]
        spread = own[:: len(own) // (_MAX_GRAMS // 2) + 1]
        if is_long_number(word):
            spread = _rarest(own)
        taken = not grams or len(grams) + len(spread) <= _MAX_GRAMS
        if taken:
            grams.update(dict.fromkeys(spread))
        if len(word) > 2 or not taken:
            longer.append(word)
    return _Looked(found, list(grams), longer)


def _rarest(grams: list[str]) -> list[str]:
    """Return the few grams that tell most.

    All pairs of a telephone number are frequent, and together take five times as long to look up.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT gram, documents FROM {_GRAM} WHERE gram IN ({_places(grams)})", grams)  # noqa: S608
        known = dict(cursor.fetchall())
    return sorted(dict.fromkeys(grams), key=lambda g: known.get(g, 0))[:_FEW_GRAMS]


def _fitting_any(asked: SearchQuery) -> QuerySet[Any, Any]:
    """Return the ids of all texts that fit, with one of several words and without others too."""
    found = SearchText.objects.all()
    if plain := [group[0] for group in asked.all_of if len(group) == 1]:
        found = found.filter(pk__in=_fitting(plain))
    for group in asked.all_of:
        if len(group) > 1:
            found = found.filter(reduce(or_, (Q(pk__in=_fitting([word])) for word in group)))
    for word in asked.none_of:
        found = found.exclude(pk__in=_fitting([word]))
    return found.values("pk")


def _fitting(words: list[str]) -> QuerySet[Any, Any]:
    looked = _looked_for(words)
    found = SearchText.objects.filter(gram_backend().holds(looked.grams))
    # A number that means a gram may mean two (`postgres`), so there every word is compared.
    compared = looked.words if connection.vendor == "postgresql" else looked.longer
    return _containing(found, compared).values("pk")


def _containing(texts: QuerySet[SearchText], compared: Sequence[str]) -> QuerySet[SearchText]:
    for place, word in enumerate(compared):
        at = StrIndex("text", Value(word, output_field=TextField()))
        texts = texts.alias(**{f"at_{place}": at}).filter(**{f"at_{place}__gt": 0})
    return texts


_NEWEST = (
    f"SELECT petition_id FROM (SELECT p.petition_id FROM {_PERSON} p"  # noqa: S608 - our own names
    " WHERE {} ORDER BY p.petition_id DESC LIMIT %s) {}"
)
_SEALED = f"EXISTS (SELECT 1 FROM {_PETITION} s WHERE s.id = p.petition_id AND s.sealed)"  # noqa: S608 - our own name


def _exact(text: str, asked: SearchQuery, before_id: int | None) -> list[int]:
    """Return petitions with this very number, phone or ID number, or a paper of this number (1 query).

    And those of a name with the last four digits of a phone or ID number, and sealed ones of this very name.
    """
    if not asked.is_plain:
        return []
    typed = unicodedata.normalize("NFKC", text).strip()
    joined = "".join(asked.words).upper()
    spelled = list({typed, typed.upper(), joined})
    document = "".join(typed.split()).translate(_BRACKETS)
    marks = [*phone_marks(typed), id_mark(typed)]
    if len(asked.words) == 2:
        first, second = asked.words
        marks += [last_digits_mark(first, second), last_digits_mark(second, first)]
    marks = [m for m in marks if m is not None]
    before, limit = ("", []) if before_id is None else (" AND p.petition_id < %s", [before_id])
    one_of = _places(spelled)
    # The values are parameters.
    parts = [
        f"SELECT id FROM {_PETITION} WHERE number = %s OR external_number IN ({one_of})",  # noqa: S608
        f"SELECT petition_id FROM {_PAPER} WHERE number = %s",  # noqa: S608
    ]
    values: list[Any] = [joined, *spelled, document]
    if marks:
        parts.append(_NEWEST.format(f"p.mark IN ({_places(marks)}){before}", "people"))
        values += [*marks, *limit, _MAX_EXACT_MATCHES]
    # Names of all others are part of their text. A sealed case has none, and is found by the whole name only.
    # SearchQuery of each person of that name and not of all cases there are.
    parts.append(_NEWEST.format(f"p.mark = %s AND {_SEALED}{before}", "sealed"))
    values += [name_mark(typed), *limit, _MAX_EXACT_MATCHES]
    with connection.cursor() as cursor:
        # By the ORM this took half the time of a whole search: everybody who looks up a telephone number waits for it.
        cursor.execute(" UNION ".join(parts), values)
        return sorted(pk for (pk,) in cursor.fetchall() if before_id is None or pk < before_id)


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
