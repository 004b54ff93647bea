"""How texts are made comparable, and what they are cut into. Changing anything here asks for `index.rebuild_index`."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from operator import add
from pathlib import Path

from django.utils.crypto import salted_hmac

# Blanks, line ends and control characters, soft hyphens, zero-width and direction marks, variation selectors, halves
# of characters: nothing a reader sees as part of a word. A letter copied from paper breaks its lines anywhere.
_UNSEEN = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\ud800-\udfff\U000e0000-\U000e01ef"
    # The dots between the parts of a name: each keyboard has another one, and some leave it out.
    r"\u00b7\u2022\u2027\u2219\u22c5\u30fb\u0387\u16eb]+"
    r"|(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])"
)
_NOT_A_LETTER = re.compile(r"[\W_]+")
_NOT_IN_A_KEY = re.compile(r"[^0-9a-z]+")
_CHINA = re.compile(r"^(?:00)?86(?=1\d{10}$)")
_SHORTEST_KEY = 5
"""Shorter phones or ID numbers ("无", "0") identify nobody."""
_LONG_NUMBER = 7
_LAST = 4
"""What people say of a phone or ID number on the phone."""
# Where a field holds several numbers; an extension is no part of one. Blanks, dashes and brackets may be within one.
_BETWEEN_NUMBERS = re.compile(r"[、，,；;/|\n]|或者?|和")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?).*", re.DOTALL | re.IGNORECASE)
_SPELLINGS = {
    ord(pair[0]): pair[1]
    for line in (Path(__file__).parent / "data/spellings.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for pair in line.split()
}
_NOBODY = frozenset({"匿名", "佚名", "无名", "无名氏", "不详", "未知", "未署名", "某某", "群众"})


@dataclass(frozen=True)
class NamedPerson:
    """A person of a petition, as far as search needs one."""

    name: str = ""
    phone: str = ""
    id_number: str = ""


def fold_text(text: str) -> str:
    """Return the text as compared: half-width, lower-case, simplified characters; no blanks, no dots within names.

    Ａ１ becomes a1, 停車 becomes 停车, a radical that a PDF has in place of a character becomes that character.
    """
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold().translate(_SPELLINGS))


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


def phone_keys(field: str) -> list[str]:
    """Return the numbers that a phone field holds, as compared: several may be in it, each with an extension."""
    keys = (
        number_key(_EXTENSION.sub("", part)) for part in _BETWEEN_NUMBERS.split(unicodedata.normalize("NFKC", field))
    )
    return list(dict.fromkeys(filter(None, keys)))


def phone_marks(field: str) -> list[int]:
    """Return the keyed hashes of the numbers that a phone field holds."""
    return [_mark("phone", key) for key in phone_keys(field)]


def last_digits_mark(name: str, last: str) -> int | None:
    """Return the keyed hash of a name with the last four of a phone or ID number; None where either is missing."""
    key, digits = name_key(name), _NOT_IN_A_KEY.sub("", fold_text(last))
    return _mark("last", f"{key}\n{digits}") if key and len(digits) == _LAST else None


def id_mark(number: str) -> int | None:
    """Return the keyed hash of an ID number, or None where it is too short."""
    return _mark("id", key) if (key := number_key(number)) else None


def marks(people: Iterable[NamedPerson]) -> set[int]:
    """Return all keyed hashes of these people."""
    found: set[int | None] = set()
    for person in people:
        numbers = [*phone_keys(person.phone), number_key(person.id_number)]
        found |= {name_mark(person.name), *phone_marks(person.phone), id_mark(person.id_number)}
        found |= {last_digits_mark(person.name, number[-_LAST:]) for number in numbers if number}
    return {mark for mark in found if mark is not None}
