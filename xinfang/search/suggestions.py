"""您是不是要找: words near to those that found nothing, one character of the same sound or two changed places.

Only what this reader would find is suggested, so that nothing is told of cases they don't see.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from xinfang.search.finding import count_found
from xinfang.search.folding import fold_text
from xinfang.search.gram_backend import gram_backend
from xinfang.search.query_text import read_query
from xinfang.search.sounds import readings, same_sound

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from xinfang.cases.models import Petition
    from xinfang.search.finding import Reads

MAX_SUGGESTED = 3
_LONGEST_WORD = 8
_MAX_TRIED = 12
"""So many words whose pairs of characters all occur somewhere are counted."""
_ASKED_AT_ONCE = 200


def suggestions(text: str, visible: "QuerySet[Petition]", *, reads: "Reads" = False) -> list[str]:
    """Return up to three ways to ask that find something, what finds most first; `text` found nothing."""
    query = read_query(text)
    if not query.is_plain:
        return []
    words = [group[0] for group in query.all_of]
    tried: dict[str, int] = {}
    for place, word in enumerate(words):
        if not 2 <= len(word) <= _LONGEST_WORD or count_found(word, visible, reads=reads):
            continue
        for other in _written_somewhere(list(dict.fromkeys(_near(word))))[: _MAX_TRIED - len(tried)]:
            asked = " ".join([*words[:place], other, *words[place + 1 :]])
            if found := count_found(asked, visible, reads=reads):
                tried[asked] = found
    return sorted(tried, key=lambda asked: (-tried[asked], asked))[:MAX_SUGGESTED]


def _near(word: str) -> Iterator[str]:
    folded = {fold_text(character) for character in word}
    for place, character in enumerate(word):
        if place + 1 < len(word) and word[place + 1] != character:
            yield word[:place] + word[place + 1] + character + word[place + 2 :]
        if readings(character):
            for other in sorted(same_sound(character)):
                if other not in folded:
                    yield word[:place] + other + word[place + 1 :]


def _written_somewhere(words: list[str]) -> list[str]:
    """Return the words all of whose pairs of characters are in some text."""
    pairs = sorted({a + b for word in words for a, b in pairwise(word)})
    there: set[str] = set()
    for first in range(0, len(pairs), _ASKED_AT_ONCE):
        asked = pairs[first : first + _ASKED_AT_ONCE]
        there |= {pair for pair, ids in zip(asked, gram_backend().sharing(asked, 1), strict=True) if ids}
    return [word for word in words if all(a + b in there for a, b in pairwise(word))]
