"""Finding petitions again: by number, phone, ID number or name, and by any words of their text.

A word is found anywhere in a text, at any length; several words must all occur, but for 或 and 非 (`query_text`). A
sealed petition has no text here: it is found by its number, people's numbers and names, by those who see it.

What the department wrote in a case is a second text (`answered`). A word of it counts like one of the letter, where
the reader reads the whole case; `reads` says where that is.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Length, Replace, StrIndex

from xinfang.cases.models import Petition
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.papers.models import Paper
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import without
from xinfang.procedure.words import Role, State
from xinfang.search.folding import id_mark, is_long_number, last_digits_mark, name_mark, phone_marks
from xinfang.search.gram_backend import gram_backend
from xinfang.search.models import SearchAnswer, SearchGram, SearchPerson, SearchText
from xinfang.search.query_text import SearchQuery, read_query
from xinfang.search.typed_fields import DOCUMENT, NUMBER, SENDER

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
_BRACKET_PAIRS = (("(", ")"), ("（", "）"), ("[", "]"), ("［", "］"), ("【", "】"))
MOST_COUNTED = 1_000
"""Hits beyond this are not counted for a page: `1,000+`."""


@dataclass(frozen=True)
class _Looked:
    """What is looked for: words that must all be there, the grams to look up, and the words these don't settle."""

    words: list[str]
    grams: list[str]
    longer: list[str]


RELEVANCE = "relevance"
"""What `with_relevance` calls how well a case fits."""
_IN_SUBJECT, _EXACTLY, _MOST_TIMES = 8, 100, 4
Reads = QuerySet[Petition] | bool
"""In which cases somebody reads what the department wrote: in all that they see, in none, or in these."""


def reads_answers(actor: Actor) -> Reads:
    """Return where this person reads what the department wrote.

    A legal adviser does in no case that they see only as that (H13), and a petitioner in none.
    """
    if actor.has(Role.LEGAL_ADVISER):
        return visible_to(without(actor, Role.LEGAL_ADVISER))
    return not actor.has(Role.PETITIONER)


def find_petitions(text: str, *, reads: Reads = False) -> QuerySet[Any, Any]:
    """Return the ids of the petitions that fit, for `visible.filter(pk__in=find_petitions(…))`; in no order."""
    asked = read_query(text)
    if not asked:
        return Petition.objects.none().values("pk")
    if not asked.all_of:
        return _by_fields(Petition.objects.all(), asked, reads).values("pk")
    fitting = _fitting_any(asked, reads)
    exact = _exact(asked, None)
    if not exact and not asked.fields:
        return fitting
    return Petition.objects.filter(_in_fields(asked) & (Q(pk__in=exact) | Q(pk__in=fitting))).values("pk")


def count_found(text: str, visible: QuerySet[Petition], *, reads: Reads = False) -> int:
    """Return how many visible petitions fit, counting no further than one beyond `MOST_COUNTED`."""
    return visible.filter(pk__in=find_petitions(text, reads=reads)).order_by()[: MOST_COUNTED + 1].count()


def find_page(
    text: str, visible: QuerySet[Petition], limit: int, before_id: int | None = None, *, reads: Reads = False
) -> list[Petition]:
    """Return the newest visible petitions that fit, of those registered before the given one.

    It is quick for frequent words too. `visible` is what the reader may see (`visible_to`), with everything it should
    load beside.
    """
    asked = read_query(text)
    if not asked or limit < 1:
        return []
    visible = visible.filter(_in_fields(asked))
    if not asked.is_plain or not asked.all_of:
        if asked.all_of:
            newest = visible.filter(pk__in=_fitting_any(asked, reads)).order_by("-pk")
        else:
            newest = _by_fields(visible, asked, reads).order_by("-pk")
        return list((newest.filter(pk__lt=before_id) if before_id else newest)[:limit])
    looked = _looked_for(asked.words)
    exact = _exact(asked, before_id)
    found: list[Petition] = []
    below, step = before_id, max(_FIRST_STEP, 2 * limit)
    while True:
        ids = gram_backend().newest(looked.grams, looked.longer, below, step)
        last = len(ids) < step
        lowest = 0 if last else ids[-1]
        if reads is not False:
            answered = _newest_answered(asked, looked, lowest, below, step, reads)
            if len(answered) == step:
                last, lowest = False, max(lowest, answered[-1])
            ids = [pk for pk in {*ids, *answered} if pk >= lowest]
        wanted = {*ids, *(pk for pk in exact if lowest <= pk and (below is None or pk < below))}
        if wanted:
            found += visible.filter(pk__in=wanted).order_by("-pk")[: limit - len(found)]
        if last or len(found) >= limit:
            return found
        below = lowest
        if step < _LARGEST_STEP:
            few = list(visible.filter(pk__lt=below).order_by().values_list("pk", flat=True)[: _FEW + 1])
            if len(few) <= _FEW:
                hits = _reading_through(few, asked, reads)
                rest = {*hits, *exact} & set(few)
                return found + list(visible.filter(pk__in=rest).order_by("-pk")[: limit - len(found)])
        step = _LARGEST_STEP


def with_relevance(petitions: QuerySet[Petition], text: str) -> QuerySet[Petition]:
    """Return the same cases with how well each fits, as `RELEVANCE`: more is better, and the same every time.

    A word in the subject counts most; then how often the letter has it, up to a few times. What has exactly this
    number, phone or person comes before all others.
    """
    asked = read_query(text)
    score: Any = Value(0)
    for word in asked.words:
        value = Value(word, output_field=TextField())
        ends = StrIndex("text", Value("\n", output_field=TextField()))
        in_subject = Case(
            When(Q(at__gt=0, at__lt=ends), then=Value(_IN_SUBJECT)), default=Value(0), output_field=IntegerField()
        )
        without_it = Length(Replace("text", value, Value("", output_field=TextField())))
        times = (Length("text") - without_it) / len(word)
        places = SearchText.objects.filter(pk=OuterRef("pk")).alias(at=StrIndex("text", value))
        fewer = Case(
            When(times__lt=_MOST_TIMES, then=F("times")), default=Value(_MOST_TIMES), output_field=IntegerField()
        )
        found = places.annotate(times=times).annotate(fits=in_subject + fewer).values("fits")
        score = score + Coalesce(Subquery(found, output_field=IntegerField()), 0)
    if exact := _exact(asked, None):
        score = score + Case(When(pk__in=exact, then=Value(_EXACTLY)), default=Value(0), output_field=IntegerField())
    return petitions.annotate(**{RELEVANCE: ExpressionWrapper(score, output_field=IntegerField())})


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


def _by_fields(petitions: QuerySet[Petition], asked: SearchQuery, reads: Reads) -> QuerySet[Petition]:
    """Return those of these cases that the fields name, without those that have a word of `none_of`."""
    found = petitions.filter(_in_fields(asked))
    for word in asked.none_of:
        found = found.exclude(_holding(word, reads))
    return found


def _in_fields(asked: SearchQuery) -> Q:
    """Return the condition that a case has what was typed for fields, each as part of that number or name."""
    fits = Q()
    for name, value in asked.fields:
        fits &= reduce(or_, (_in_field(name, spelled) for spelled in _spellings(value)))
    return fits


def _in_field(name: str, value: str) -> Q:
    if name == NUMBER:
        return Q(number__icontains=value)
    if name == DOCUMENT:
        return Q(pk__in=Paper.objects.filter(number__icontains=value).values("petition_id"))
    if name == SENDER:
        return Q(sender__icontains=value)
    return Q(sender_number__icontains=value) | Q(external_number__icontains=value)


def _spellings(value: str) -> set[str]:
    """Return how a number may be written: as typed, half-width, and with each kind of brackets."""
    plain = "".join(unicodedata.normalize("NFKC", value).split()).translate(_BRACKETS)
    return {value, plain, *(plain.replace("〔", left).replace("〕", right) for left, right in _BRACKET_PAIRS)}


def _fitting_any(asked: SearchQuery, reads: Reads, low: int = 0, below: int | None = None) -> QuerySet[Any, Any]:
    """Return the ids of all texts that fit, from `low` on, with one of several words and without others too."""
    if reads is False and asked.is_plain:
        # All words at once is quicker where there is one text alone.
        return _fitting(asked.words, low, below)
    found = SearchText.objects.all()
    looked = {word: _looked_for([word]) for word in asked.words}
    # First by grams, which are looked up; then the texts of what is left are read.
    for group in asked.all_of:
        found = found.filter(reduce(or_, (_may_hold(looked[word], reads, low, below) for word in group)))
    found = found.alias(answers=Subquery(_answers(reads).filter(pk=OuterRef("pk")).values("text")))
    for group in asked.all_of:
        if any(_compared(looked[word]) for word in group):
            found = _reading(found, group, reads)
    for word in asked.none_of:
        found = found.exclude(_holding(word, reads))
    return found.values("pk")


def _answers(reads: Reads) -> QuerySet[SearchAnswer]:
    """Return what the department wrote, as far as it is read."""
    if isinstance(reads, QuerySet):
        return SearchAnswer.objects.filter(pk__in=reads.order_by().values("pk"))
    return SearchAnswer.objects.all() if reads else SearchAnswer.objects.none()


def _may_hold(looked: _Looked, reads: Reads, low: int, below: int | None) -> Q:
    """Return the condition that a case has the grams of a word, in its letter or in what the department wrote."""
    fits = Q(pk__in=SearchText.objects.filter(gram_backend().holds(looked.grams, low, below)).values("pk"))
    if reads is not False:
        fits |= Q(
            pk__in=_answers(reads).filter(gram_backend().holds(looked.grams, low, below, answers=True)).values("pk")
        )
    return fits


def _reading(texts: QuerySet[SearchText], group: Sequence[str], reads: Reads) -> QuerySet[SearchText]:
    """Return those that have one of these words, by looking into each text and its `answers`."""
    fits, place = Q(), len(texts.query.annotations)
    for n, word in enumerate(group, place):
        value = Value(word, output_field=TextField())
        texts = texts.alias(**{f"at_{n}": StrIndex("text", value)})
        fits |= Q(**{f"at_{n}__gt": 0})
        if reads is not False:
            texts = texts.alias(**{f"in_{n}": StrIndex("answers", value)})
            fits |= Q(**{f"in_{n}__gt": 0})
    return texts.filter(fits)


def _holding(word: str, reads: Reads) -> Q:
    """Return the condition that a case has this word, in its letter or in what the department wrote."""
    letter = Q(pk__in=_fitting([word]))
    return letter if reads is False else letter | Q(pk__in=_answered([word], reads))


def _fitting(words: list[str], low: int = 0, below: int | None = None) -> QuerySet[Any, Any]:
    looked = _looked_for(words)
    found = SearchText.objects.filter(gram_backend().holds(looked.grams, low, below))
    return _containing(found, _compared(looked)).values("pk")


def _answered(words: list[str], reads: Reads) -> QuerySet[Any, Any]:
    looked = _looked_for(words)
    found = _answers(reads).filter(gram_backend().holds(looked.grams, answers=True))
    return _containing(found, _compared(looked)).values("pk")


def _compared(looked: _Looked) -> list[str]:
    # A number that means a gram may mean two (`postgres`), so there every word is compared.
    return looked.words if connection.vendor == "postgresql" else looked.longer


def _newest_answered(
    asked: SearchQuery, looked: _Looked, low: int, below: int | None, most: int, reads: Reads
) -> list[int]:
    """Return the newest cases, from `low` on, that have all words, some of them perhaps in what was answered."""
    if len(looked.words) == 1 and reads is True:
        return [pk for pk in gram_backend().newest(looked.grams, looked.longer, below, most, answers=True) if pk >= low]
    found = _fitting_any(asked, reads, low, below)
    return [pk for (pk,) in found.order_by("-pk").values_list("pk")[:most]]


def _reading_through(few: list[int], asked: SearchQuery, reads: Reads) -> list[int]:
    """Return those of a few cases that have all words, by looking into each text."""
    texts = SearchText.objects.filter(pk__in=few)
    texts = texts.alias(answers=Subquery(_answers(reads).filter(pk=OuterRef("pk")).values("text")))
    for group in asked.all_of:
        texts = _reading(texts, group, reads)
    return list(texts.values_list("pk", flat=True))


def _containing(texts: QuerySet[Any], compared: Sequence[str]) -> QuerySet[Any]:
    for place, word in enumerate(compared):
        at = StrIndex("text", Value(word, output_field=TextField()))
        texts = texts.alias(**{f"at_{place}": at}).filter(**{f"at_{place}__gt": 0})
    return texts


_NEWEST = (
    f"SELECT petition_id FROM (SELECT p.petition_id FROM {_PERSON} p"  # noqa: S608 - our own names
    " WHERE {} ORDER BY p.petition_id DESC LIMIT %s) {}"
)
_SEALED = f"EXISTS (SELECT 1 FROM {_PETITION} s WHERE s.id = p.petition_id AND s.sealed)"  # noqa: S608 - our own name


def _exact(asked: SearchQuery, before_id: int | None) -> list[int]:
    """Return petitions with this very number, phone or ID number, or a paper of this number (1 query).

    And those of a name with the last four digits of a phone or ID number, and sealed ones of this very name.
    """
    if not asked.is_plain or not asked.all_of:
        return []
    typed = unicodedata.normalize("NFKC", asked.typed).strip()
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
        f"SELECT id FROM {_PETITION} WHERE number = %s"  # noqa: S608
        f" OR (external_number IN ({one_of}) AND state <> %s)",
        f"SELECT petition_id FROM {_PAPER} WHERE number = %s",  # noqa: S608
    ]
    values: list[Any] = [joined, *spelled, State.UNDONE.value, document]
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
