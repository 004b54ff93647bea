"""What somebody typed into a search box, read as words that must, may or must not be there.

Words are separated as people type them: by blanks, 、 ， ； + and line ends. What is in quotes stays one. `或` (OR, |)
between two words: one of them; `非` (NOT) before a word, or a minus sign: without it, and `非 甲 或 乙` without either.
Fields (编号:…, `typed_fields`) are taken out before. Anything else is looked for as it is typed.
"""

import re
from dataclasses import dataclass

from xinfang.search.folding import fold_text
from xinfang.search.typed_fields import TEXT_FIELDS, split_fields

# A comma within a number (1,000) and a plus within a name of Latin letters (C++) are no separators.
_SEPARATED = re.compile(r"[\s、，；]+|(?<![0-9]),|,(?![0-9])|;|(?<=[^\x00-\x7f])\+|\+(?=[^\x00-\x7f])")
_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|「([^「」]+)」|＂([^＂]+)＂")
_EITHER, _WITHOUT = frozenset({"或", "或者", "or", "|", "｜"}), frozenset({"非", "不含", "not"})
_BAR = re.compile(r"[|｜]")
_MINUS = re.compile(r"[-－](?=[^\x00-\x7f])")


@dataclass(frozen=True)
class SearchQuery:
    """What was asked: of each of `all_of` one word must be there (most have one only), of `none_of` none may be."""

    all_of: tuple[tuple[str, ...], ...] = ()
    none_of: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """Numbers and senders that were asked for by name."""
    typed: str = ""
    """What was typed without these fields."""

    def __bool__(self) -> bool:
        """Tell whether anything is looked for."""
        return bool(self.all_of or self.fields)

    @property
    def words(self) -> list[str]:
        """Every word that is looked for, in the order typed."""
        return [word for group in self.all_of for word in group]

    @property
    def is_plain(self) -> bool:
        """Tell whether all words must be there, and that is all."""
        return not self.none_of and all(len(group) == 1 for group in self.all_of)


def read_query(typed: str) -> SearchQuery:
    """Read what was typed, folded as texts are; nothing to look for is an empty one."""
    typed, fields, _ = split_fields(typed, TEXT_FIELDS)
    groups: list[list[str]] = []
    without: list[str] = []
    joins = leaves_out = left_out = False
    for part, is_quoted in _parts(typed):
        token = part.casefold()
        if not is_quoted and token in _EITHER and (groups or without):
            joins = True
            continue
        if not is_quoted and token in _WITHOUT:
            leaves_out = True
            continue
        if not is_quoted and _MINUS.match(part):
            part, leaves_out = part[1:], True
        word = fold_text(part)
        if not word:
            continue
        left_out = leaves_out or (joins and left_out)
        if left_out:
            without.append(word)
        elif joins and groups:
            groups[-1].append(word)
        else:
            groups.append([word])
        joins = leaves_out = False
    kept = dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups)
    return SearchQuery(tuple(kept), tuple(dict.fromkeys(without)), fields, typed)


def _parts(typed: str) -> list[tuple[str, bool]]:
    """Return the pieces of what was typed, and of each whether it was in quotes."""
    found: list[tuple[str, bool]] = []
    at = 0
    for quoted in _QUOTED.finditer(typed):
        found += [(piece, False) for piece in _pieces(typed[at : quoted.start()])]
        found.append((next(filter(None, quoted.groups())), True))
        at = quoted.end()
    found += [(piece, False) for piece in _pieces(typed[at:])]
    return [(piece, is_quoted) for piece, is_quoted in found if piece]


def _pieces(typed: str) -> list[str]:
    return _SEPARATED.split(_BAR.sub(" | ", typed))
