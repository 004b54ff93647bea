"""Where a case has what was looked for, to be shown with the place marked: in its letter, or in what was answered.

Of names, numbers of people and what scans say nothing is shown, though they are searched; long numbers within a text
are masked, and petitioners' names where the department wrote them.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NotRequired

from django.db.models import OuterRef, Subquery

from xinfang.cases.models import Petition, Petitioner
from xinfang.cases.queries.list_rows import CaseLine
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import without
from xinfang.procedure.words import Role
from xinfang.search.answered import WHERE_WORDS
from xinfang.search.folding import fold_text
from xinfang.search.index import letter_of
from xinfang.search.models import SearchAnswer, SearchText
from xinfang.search.query_text import read_query

_AROUND = 16
"""Characters before and after the place."""
_LONG_NUMBER = re.compile(r"[0-9][0-9-]{5,}[0-9x]")


@dataclass(frozen=True)
class Excerpt:
    """A place in a text, as search compares it: without blanks, in simplified characters."""

    before: str
    word: str
    after: str
    where: str = ""
    """In what the department wrote it: 答复, 批示, …; empty in a letter."""


class FoundCase(CaseLine):
    """A case that was found, and where it has what was looked for."""

    excerpt: NotRequired[Excerpt]


def excerpts(text: str, petitions: Sequence[Petition], actor: Actor) -> dict[int, Excerpt]:
    """Return for each of these cases where it has one of the words, as far as this person reads it (up to 3 queries).

    What only the subject has needs no excerpt: a row shows the subject. A word that is only in what the department
    wrote is shown before one in the letter. An adviser sees of a case what was sent to them, and nothing here.
    """
    words = read_query(text).words
    keys = [p.pk for p in petitions]
    if actor.has(Role.LEGAL_ADVISER):
        seen = visible_to(without(actor, Role.LEGAL_ADVISER)).filter(pk__in=keys)
        keys = list(seen.values_list("pk", flat=True))
    answer = SearchAnswer.objects.filter(pk=OuterRef("pk"))
    texts = SearchText.objects.filter(pk__in=keys).annotate(
        answers=Subquery(answer.values("text")), kinds=Subquery(answer.values("kinds"))
    )
    found: dict[int, Excerpt] = {}
    answered: dict[int, tuple[str, str, list[str]]] = {}
    for pk, whole, answers, kinds in texts.values_list("pk", "text", "answers", "kinds"):
        subject, _, letter = letter_of(whole).partition("\n")
        if place := _first_place(letter, [word for word in words if word not in subject]):
            found[pk] = place
        elsewhere = [word for word in words if word not in whole]
        if elsewhere and answers:
            answered[pk] = answers, kinds, elsewhere
    return found | _in_answers(answered)


def _in_answers(answered: dict[int, tuple[str, str, list[str]]]) -> dict[int, Excerpt]:
    """Return where the department wrote one of the words of each case: its text, the kinds of its rows, the words."""
    if not answered:
        return {}
    found: dict[int, Excerpt] = {}
    names: dict[int, list[str]] = {}
    for pk, name in Petitioner.objects.filter(petition__in=list(answered)).values_list("petition_id", "name"):
        names.setdefault(pk, []).append(fold_text(name))
    for pk, (text, kinds, words) in answered.items():
        for row, kind in zip(text.split("\n"), kinds, strict=False):
            if place := _first_place(row, words, names.get(pk, ()), WHERE_WORDS.get(kind, "")):
                found[pk] = place
                break
    return found


def _first_place(text: str, words: Sequence[str], names: Collection[str] = (), where: str = "") -> Excerpt | None:
    masked = _LONG_NUMBER.sub(lambda m: "*" * len(m.group()), text)
    for name in filter(None, names):
        masked = masked.replace(name, name[0] + "*" * (len(name) - 1))
    for word in words:
        at = masked.find(word)
        if at >= 0:
            before = masked[max(0, at - _AROUND) : at].rpartition("\n")[2]
            after = masked[at + len(word) : at + len(word) + _AROUND].partition("\n")[0]
            return Excerpt(before, masked[at : at + len(word)], after, where)
    return None
