"""How characters sound, without tones, for names typed by sound and for slips of a keyboard that works by sound."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import islice, product
from pathlib import Path

_MOST_SPELLINGS = 6
"""A name of characters with several readings is kept in so many ways at most."""


@cache
def _table() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return the readings of each character, and the characters of each sound (read when first asked for)."""
    readings: dict[str, list[str]] = defaultdict(list)
    characters: dict[str, str] = {}
    for line in (Path(__file__).parent / "data/sounds.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        sound, _, read_so = line.partition(" ")
        characters[sound] = characters.get(sound, "") + read_so
        for character in read_so:
            readings[character].append(sound)
    return {c: tuple(sounds) for c, sounds in readings.items()}, characters


def readings(character: str) -> Sequence[str]:
    """Return how a character may be read; nothing where it isn't known."""
    return _table()[0].get(character, ())


def same_sound(character: str) -> set[str]:
    """Return the other characters that may be read like this one."""
    of_sound = _table()[1]
    return {other for sound in readings(character) for other in of_sound[sound]} - {character}


def spelled(name: str) -> list[str]:
    """Return a folded name by sound, whole and by its initials: qimuge, qmg. Nothing where it isn't of characters."""
    of_each = [readings(character) for character in name]
    if len(name) < 2 or not all(of_each):
        return []
    whole = list(islice(product(*of_each), _MOST_SPELLINGS))
    found = ["".join(sounds) for sounds in whole] + ["".join(sound[0] for sound in sounds) for sounds in whole]
    return list(dict.fromkeys(found))
