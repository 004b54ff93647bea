"""Other ways to ask, offered beside what was found: words for the same thing, and words that are filters.

Nothing is searched unasked: what was typed finds what it says, and one click asks the other way.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from xinfang.accounts.queries.staff import all_units, staff_names
from xinfang.registers.case_criteria import FilterChoices
from xinfang.search.field_filters import field_of
from xinfang.search.folding import fold_text
from xinfang.search.query_text import read_query

MAX_OFFERED = 4


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Return the other words of its group for each word that has some (read when first asked for)."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (Path(__file__).parent / "data/synonyms.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            words = line.split()
            found |= {fold_text(word): tuple(w for w in words if w != word) for word in words}
    return found


def with_synonyms(text: str) -> list[str]:
    """Return how to ask for the same with words of the same meaning: 噪声 或 噪音; nothing where none is known."""
    asked = read_query(text)
    if not asked.is_plain or asked.fields:
        return []
    others = [_groups().get(word, ()) for word in asked.words]
    if not any(others):
        return []
    return [" ".join(" 或 ".join([word, *more]) for word, more in zip(asked.words, others, strict=True))]


def as_fields(text: str) -> list[str]:
    """Return how to ask with the filter whose value somebody typed as a word: 来访 停车 as 渠道:来访 停车 (2 queries)."""
    asked = read_query(text)
    if not asked.is_plain or asked.fields:
        return []
    known = FilterChoices(list(all_units()), staff_names(), ())
    return list(_each_as_field(asked.words, known))[:MAX_OFFERED]


def _each_as_field(words: list[str], known: FilterChoices) -> Iterator[str]:
    for place, word in enumerate(words):
        for name, value in field_of(word, known):
            yield " ".join([*words[:place], f"{name}:{value}", *words[place + 1 :]])
