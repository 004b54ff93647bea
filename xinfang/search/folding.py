"""How texts are made comparable, and what they are cut into. Changing anything here asks for `index.rebuild_index`."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from operator import add

from django.utils.crypto import salted_hmac

# Blanks, line ends and control characters, soft hyphens, zero-width and direction marks, variation selectors, halves
# of characters: nothing a reader sees as part of a word. A letter copied from paper breaks its lines anywhere.
_UNSEEN = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\ud800-\udfff\U000e0000-\U000e01ef]+"
)
_NOT_A_LETTER = re.compile(r"[\W_]+")
_NOT_IN_A_KEY = re.compile(r"[^0-9a-z]+")
_CHINA = re.compile(r"^(?:00)?86(?=1\d{10}$)")
_SHORTEST_KEY = 5
"""Shorter phones or ID numbers ("无", "0") identify nobody."""
_LONG_NUMBER = 7
_NOBODY = frozenset({"匿名", "佚名", "无名", "无名氏", "不详", "未知", "未署名", "某某", "群众"})


@dataclass(frozen=True)
class NamedPerson:
    """A person of a petition, as far as search needs one."""

    name: str = ""
    phone: str = ""
    id_number: str = ""


def fold_text(text: str) -> str:
    """Return the text without blanks, with half-width, lower-case characters: Ａ１ becomes a1."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def words(asked: str) -> list[str]:
    """Return what was typed, cut at blanks and folded; no other character means anything special."""
    return list(dict.fromkeys(word for part in asked.split() if (word := fold_text(part))))


def is_long_number(word: str) -> bool:
    """Tell whether a word is digits only and as long as a telephone number may be: few texts hold any one of these."""
    return len(word) >= _LONG_NUMBER and word.isdigit()


def pairs(text: str) -> set[str]:
    """Return neighbouring characters of each row of a folded text."""
    found: set[str] = set()
    for line in text.split("\n"):
        found.update(map(add, line, line[1:]))
    return found


def grams(text: str) -> set[str]:
    """Return what the index holds of a folded text: its characters and its pairs of characters."""
    found = pairs(text)
    found.update(text)
    found.discard("\n")
    return found


def letters(text: str) -> str:
    """Return a folded text without punctuation, for comparing two texts."""
    return _NOT_A_LETTER.sub("", text)


def name_key(name: str) -> str:
    """Return the name as compared, or nothing where it names nobody."""
    key = fold_text(name)
    return "" if len(key) < 2 or key in _NOBODY else key


def number_key(number: str) -> str:
    """Return a phone or ID number as compared: digits and letters only, without the country.

    Nothing if it is too short.
    """
    key = _CHINA.sub("", _NOT_IN_A_KEY.sub("", fold_text(number)))
    return key if len(key) >= _SHORTEST_KEY and sum(map(str.isdigit, key)) >= _SHORTEST_KEY - 1 else ""


def _mark(kind: str, key: str) -> int:
    digest = salted_hmac(f"xinfang.search.{kind}", key, algorithm="sha256").digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def name_mark(name: str) -> int | None:
    """Return the keyed hash of a name, or None where it names nobody."""
    return _mark("name", key) if (key := name_key(name)) else None


def phone_mark(number: str) -> int | None:
    """Return the keyed hash of a phone number, or None where it is too short."""
    return _mark("phone", key) if (key := number_key(number)) else None


def id_mark(number: str) -> int | None:
    """Return the keyed hash of an ID number, or None where it is too short."""
    return _mark("id", key) if (key := number_key(number)) else None


def marks(people: Iterable[NamedPerson]) -> set[int]:
    """Return all keyed hashes of these people."""
    found = {m for p in people for m in (name_mark(p.name), phone_mark(p.phone), id_mark(p.id_number))}
    found.discard(None)
    return found  # type: ignore[return-value]
