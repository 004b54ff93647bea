"""您是不是要找: words near to those that found nothing: one character of the same sound, two changed places, or pinyin.

Only what this reader would find is suggested, so that nothing is told of cases they don't see.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from xinfang.search.finding import count_found
from xinfang.search.folding import fold_text
from xinfang.search.gram_backend import gram_backend
from xinfang.search.models import SearchGram
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
_PAIRS_LOOKED_AT = 6_000
_FEWEST_LETTERS, _MOST_LETTERS, _LONGEST_BY_SOUND = 2, 24, 4


def suggestions(text: str, visible: "QuerySet[Petition]", *, reads: "Reads" = False) -> list[str]:
    """Return up to three ways to ask that find something, what finds most first; `text` found nothing."""
    query = read_query(text)
    if not query.is_plain:
        return []
    words = [group[0] for group in query.all_of]
    tried: dict[str, int] = {}
    for place, word in enumerate(words):
        if not 2 <= len(word) <= (_MOST_LETTERS if word.isascii() else _LONGEST_WORD) or count_found(
            word, visible, reads=reads
        ):
            continue
        others = _by_sound(word) if word.isascii() else _written_somewhere(list(dict.fromkeys(_near(word))))
        for other in others[: _MAX_TRIED - len(tried)]:
            asked = " ".join([*words[:place], other, *words[place + 1 :]])
            if found := count_found(asked, visible, reads=reads):
                tried[asked] = found
    return sorted(tried, key=lambda asked: (-tried[asked], asked))[:MAX_SUGGESTED]


def _by_sound(typed: str) -> list[str]:
    """Return words of two to four characters that sound so, or have these initials, the most frequent first.

    Looked for in pairs that are counted (one case in 32), so that only words of the register are offered.
    """
    if not typed.isalpha() or not _FEWEST_LETTERS <= len(typed) <= _MOST_LETTERS:
        return []
    counted = dict(SearchGram.objects.order_by("-documents").values_list("gram", "documents")[:_PAIRS_LOOKED_AT])
    follows: dict[str, list[str]] = {}
    for pair in counted:
        follows.setdefault(pair[0], []).append(pair[1])
    found: dict[str, int] = {}
    for initials in (False, True):
        begun = [(first, rest) for first in follows for rest in _after(first, typed, initials)]
        for _ in range(_LONGEST_BY_SOUND - 1):
            longer = [
                (text + following, left)
                for text, rest in begun
                for following in follows.get(text[-1], ())
                for left in _after(following, rest, initials)
            ]
            for text, left in longer:
                if not left:
                    found[text] = min(counted[a + b] for a, b in pairwise(text))
            begun = longer[:_PAIRS_LOOKED_AT]
    return sorted(found, key=lambda text: (-found[text], text))


def _after(character: str, typed: str, initials: bool) -> set[str]:
    """Return what is left of the typed letters after this character; nothing where it doesn't sound so."""
    sounds = {sound[0] if initials else sound for sound in readings(character)}
    return {typed[len(sound) :] for sound in sounds if typed.startswith(sound)}


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
