"""The state of one submission as a file: encrypted by its inquiry code, shown by a window apart to who has the code."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from xinfang.vault.sm_ciphers import DecryptionFailed, equal_in_constant_time, hmac_sm3, seal, unseal
from xinfang.window.second_proof import as_typed, last_digits

from .queue import file_name_of, key_of


@dataclass(frozen=True, slots=True)
class PublishedPaper:
    """A paper that was sent to the petitioner: its file, as base64."""

    name: str
    content_type: str
    data: str


@dataclass(frozen=True, slots=True)
class Status:
    """What a window apart shows. `body` is made at the desk, of the same templates as its own window."""

    numbers: list[str]
    proofs: list[tuple[int, bool, str]]
    """Second proofs: as which person, whether it is a secret of their own, and a keyed digest."""
    subject: str
    body: str
    papers: dict[str, PublishedPaper] = field(default_factory=dict)
    receipt: str = ""
    """The window's own receipt, text and signature; only in what the window keeps itself."""
    due: str = ""
    has_contact: bool = False


def proof_mark(key: bytes, typed: str) -> str:
    """Return what a state keeps of a second proof."""
    return hmac_sm3(key, b"second proof " + as_typed(typed).encode()).hex()


def proofs_of(key: bytes, persons: Sequence[Any], word: str) -> list[tuple[int, bool, str]]:
    """Return the second proofs of a submission: the last digits of each person's numbers, and the word."""
    found = [(1, True, proof_mark(key, word))] if word else []
    for place, person in enumerate(persons, 1):
        for number in (person.get("phone", ""), person.get("id_number", "")):
            if last := last_digits(number):
                found.append((place, False, proof_mark(key, last)))
    return found


def is_proven(status: Status, code: str, typed: str) -> bool:
    """Tell whether this is one of the second proofs."""
    given = proof_mark(key_of(code), typed).encode()
    # All of them, so that the time tells nothing of which.
    return sum(equal_in_constant_time(mark.encode(), given) for _, _, mark in status.proofs) > 0


def encrypted(status: Status, key: bytes, name: str) -> bytes:
    """Return a state as it is published."""
    return seal(key, json.dumps(asdict(status), ensure_ascii=False).encode(), _place(name))


def read(content: bytes, code: str) -> Status:
    """Return the state of the submission with this code.

    Raises:
        DecryptionFailed: it is of another, or altered.
    """
    data = json.loads(unseal(key_of(code), content, _place(file_name_of(code))))
    try:
        data["papers"] = {place: PublishedPaper(**paper) for place, paper in data["papers"].items()}
        return Status(**data)
    except (KeyError, TypeError):
        raise DecryptionFailed from None


def _place(name: str) -> bytes:
    return b"window status " + name.encode()
