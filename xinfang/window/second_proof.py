"""The second proof beside the inquiry code: what the petitioner knows of themselves, or a word that they chose (N18).

The last four digits of a telephone or an ID number of a person of the case; or the word. Who gave neither at the desk
is told digits with the notice. Compared without telling which of them was meant.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from xinfang.cases.inquiry_codes import printed_digits
from xinfang.cases.models import Petition, Petitioner
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import equal_in_constant_time

from .submission import Submission

DIGITS = 4
SHORTEST_WORD, LONGEST_WORD = 4, 40
_WORD = "second proof"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven: as which person of the case, and whether by a secret that the office never saw."""

    person: int
    own_secret: bool


def as_typed(text: str) -> str:
    """Return a word as it is compared: in any width and case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def mark_of_word(petition_number: str, word: str) -> str:
    """Return what is kept of a word that was chosen for this case."""
    return keyring().mark(_WORD, f"{petition_number} {as_typed(word)}")


def proven_by(typed: str, petition: Petition, people: Iterable[Petitioner], word_mark: str) -> Proof | None:
    """Return what this proves; None where it proves nothing.

    Raises:
        VaultError: what people gave can't be read.
    """
    given = as_typed(typed)
    if word_mark and equal_in_constant_time(mark_of_word(petition.number, given).encode(), word_mark.encode()):
        return Proof(1, own_secret=True)
    numbered = False
    for person in people:
        for number in (person.phone, person.id_number):
            last = last_digits(number)
            numbered = numbered or bool(last)
            if last and equal_in_constant_time(last.encode(), given.encode()):
                return Proof(person.place, own_secret=False)
    # Where somebody gave a number, the digits on the notice prove nothing: they lie beside the code on one sheet.
    if (
        not numbered
        and not word_mark
        and equal_in_constant_time(printed_digits(petition.number).encode(), given.encode())
    ):
        return Proof(1, own_secret=False)
    return None


def proven_by_submission(typed: str, submission: Submission) -> Proof | None:
    """Return what this proves of a submission that has no case yet; None where it proves nothing."""
    given = as_typed(typed)
    if submission.word and equal_in_constant_time(as_typed(submission.word).encode(), given.encode()):
        return Proof(1, own_secret=True)
    for place, person in enumerate(submission.answers.get("persons", ()), 1):
        for number in (person.get("phone", ""), person.get("id_number", "")):
            last = last_digits(number)
            if last and equal_in_constant_time(last.encode(), given.encode()):
                return Proof(place, own_secret=False)
    return None


def last_digits(number: str) -> str:
    """Return the last four of a telephone or ID number, by which it is proven; empty where it is too short for that."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", number).casefold() if c.isascii() and c.isalnum())
    return plain[-DIGITS:] if len(plain) >= DIGITS + 2 else ""
