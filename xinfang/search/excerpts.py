"""Where in its letter a case has what was looked for, to be shown with the place marked.

Of the letter only: names, numbers of people and what scans say are searched, and never shown here. Long numbers
within a letter are masked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xinfang.search.index import letter_of
from xinfang.search.models import SearchText
from xinfang.search.query_text import read_query

_AROUND = 16
"""Characters before and after the place."""
_LONG_NUMBER = re.compile(r"[0-9][0-9-]{5,}[0-9x]")


@dataclass(frozen=True)
class Excerpt:
    """A place in a letter, as search compares it: without blanks, in simplified characters."""

    before: str
    word: str
    after: str


def excerpts(text: str, petitions: Sequence[int]) -> dict[int, Excerpt]:
    """Return for each of these petitions where its body or a request has one of the words first (1 query).

    What only the subject has needs no excerpt: a row shows the subject.
    """
    words = read_query(text).words
    kept = SearchText.objects.filter(pk__in=petitions).values_list("pk", "text")
    return {pk: found for pk, whole in kept if (found := _first_place(whole, words))}


def _first_place(whole: str, words: Sequence[str]) -> Excerpt | None:
    subject, _, letter = letter_of(whole).partition("\n")
    masked = _LONG_NUMBER.sub(lambda m: "*" * len(m.group()), letter)
    for word in words:
        at = -1 if word in subject else masked.find(word)
        if at >= 0:
            before = masked[max(0, at - _AROUND) : at].rpartition("\n")[2]
            after = masked[at + len(word) : at + len(word) + _AROUND].partition("\n")[0]
            return Excerpt(before, masked[at : at + len(word)], after)
    return None
