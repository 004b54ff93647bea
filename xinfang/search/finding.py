"""Finding petitions again: by number, phone, ID number or name, and by any words of their text.

A word is found anywhere in a text, at any length; several words must all occur. Nothing typed is syntax. A sealed
petition has no text here: it is found by its number, people's numbers and names, by those who see it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import StrIndex

from xinfang.cases.models import Petition
from xinfang.search.folding import id_mark, is_long_number, name_mark, phone_mark, words
from xinfang.search.gram_backend import gram_backend
from xinfang.search.models import SearchGram, SearchPerson, SearchText

_MAX_GRAMS = 48
"""A long quotation is looked up by this many of its pairs, then compared whole."""
_FEW_GRAMS = 4
"""A long number is looked up by this many of its pairs, then compared whole."""
_MAX_EXACT_MATCHES = 1_000
_FIRST_STEP, _LARGEST_STEP = 100, 4_000
_FEW = 1_500
"""Somebody who sees no more than this many petitions has these read through, instead of all hits filtered."""
_PETITION, _GRAM, _PERSON = Petition._meta.db_table, SearchGram._meta.db_table, SearchPerson._meta.db_table


@dataclass(frozen=True)
class _Asked:
    """What was typed: its words, the grams to look up, and the words these grams don't settle."""

    typed: str
    words: list[str]
    grams: list[str]
    longer: list[str]


def find_petitions(text: str) -> QuerySet[Any, Any]:
    """Return the ids of the petitions that fit, for `visible.filter(pk__in=find_petitions(text))`; in no order."""
    asked = _read(text)
    if asked is None:
        return Petition.objects.none().values("pk")
    fitting = _fitting(asked)
    exact = _exact(asked, None)
    if not exact:
        return fitting
    return Petition.objects.filter(Q(pk__in=exact) | Q(pk__in=fitting)).values("pk")


def find_page(text: str, visible: QuerySet[Petition], limit: int, before_id: int | None = None) -> list[Petition]:
    """Return the newest visible petitions that fit, of those registered before the given one.

    It is quick for frequent words too. `visible` is what the reader may see (`visible_to`), with everything it should
    load beside.
    """
    asked = _read(text)
    if asked is None or limit < 1:
        return []
    exact = _exact(asked, before_id)
    found: list[Petition] = []
    below, step = before_id, max(_FIRST_STEP, 2 * limit)
    while True:
        ids = gram_backend().newest(asked.grams, asked.longer, below, step)
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
                hits = _containing(SearchText.objects.filter(pk__in=few), asked.words).values_list("pk", flat=True)
                rest = {*hits, *exact} & set(few)
                return found + list(visible.filter(pk__in=rest).order_by("-pk")[: limit - len(found)])
        step = _LARGEST_STEP


def _read(text: str) -> _Asked | None:
    found = words(text)
    if not found:
        return None
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
    return _Asked(unicodedata.normalize("NFKC", text).strip(), found, list(grams), longer)


def _rarest(grams: list[str]) -> list[str]:
    """Return the few grams that tell most.

    All pairs of a telephone number are frequent, and together take five times as long to look up.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT gram, documents FROM {_GRAM} WHERE gram IN ({_places(grams)})", grams)  # noqa: S608
        known = dict(cursor.fetchall())
    return sorted(dict.fromkeys(grams), key=lambda g: known.get(g, 0))[:_FEW_GRAMS]


def _fitting(asked: _Asked) -> QuerySet[Any, Any]:
    found = SearchText.objects.filter(gram_backend().holds(asked.grams))
    # A number that means a gram may mean two (`postgres`), so there every word is compared.
    compared = asked.words if connection.vendor == "postgresql" else asked.longer
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


def _exact(asked: _Asked, before_id: int | None) -> list[int]:
    """Return petitions with this very number, phone or ID number (1 query).

    And sealed ones whose petitioner has this very name.
    """
    joined = "".join(asked.words).upper()
    spelled = list({asked.typed, asked.typed.upper(), joined})
    marks = [m for m in (phone_mark(asked.typed), id_mark(asked.typed)) if m is not None]
    before, limit = ("", []) if before_id is None else (" AND p.petition_id < %s", [before_id])
    one_of = _places(spelled)
    # The values are parameters.
    parts = [f"SELECT id FROM {_PETITION} WHERE number = %s OR external_number IN ({one_of})"]  # noqa: S608
    values: list[Any] = [joined, *spelled]
    if marks:
        parts.append(_NEWEST.format(f"p.mark IN ({_places(marks)}){before}", "people"))
        values += [*marks, *limit, _MAX_EXACT_MATCHES]
    # Names of all others are part of their text. A sealed case has none, and is found by the whole name only.
    # Asked of each person of that name and not of all cases there are.
    parts.append(_NEWEST.format(f"p.mark = %s AND {_SEALED}{before}", "sealed"))
    values += [name_mark(asked.typed), *limit, _MAX_EXACT_MATCHES]
    with connection.cursor() as cursor:
        # By the ORM this took half the time of a whole search: everybody who looks up a telephone number waits for it.
        cursor.execute(" UNION ".join(parts), values)
        return sorted(pk for (pk,) in cursor.fetchall() if before_id is None or pk < before_id)


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
