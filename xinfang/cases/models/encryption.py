"""What is kept encrypted under the key of a petition.

Personal fields, which are read as if they were plain, and the text of events.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from xinfang.vault.hash_chain import canonical
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal, unseal

if TYPE_CHECKING:
    from .case import Petition, Petitioner

_KIND = "event text"
INQUIRY_CODE_PLACE = b"inquiry code"


def case_key(petition: "Petition") -> bytes | None:
    """Return the petition's own key, made with its first secret; None once it was erased."""
    if petition.wrapped_key is not None:
        return keyring().unwrap(bytes(petition.wrapped_key))
    return None


def create_case_key(petition: "Petition") -> bytes:
    """Give a petition its key; one that is being made is saved by the caller."""
    key, petition.wrapped_key = keyring().new_key()
    if petition.pk is not None:
        petition.save(update_fields=["wrapped_key"])
    return key


def seal_inquiry_code(petition: "Petition", code: str) -> None:
    """Keep the inquiry code so that papers of the desk can print it."""
    key = case_key(petition) or create_case_key(petition)
    petition.inquiry_sealed = seal(key, code.encode(), INQUIRY_CODE_PLACE)


def open_inquiry_code(petition: "Petition") -> str:
    """Return the inquiry code; empty where the desk never had it, or the key of the case was erased."""
    sealed = petition.inquiry_sealed
    key = case_key(petition) if sealed is not None else None
    return unseal(key, bytes(sealed), INQUIRY_CODE_PLACE).decode() if sealed is not None and key else ""


def encrypt_field(person: "Petitioner", field: str, value: str) -> bytes | None:
    """Return the encrypted value of a person's field; None for an empty one."""
    if not value:
        return None
    key = case_key(person.petition) or create_case_key(person.petition)
    return seal(key, value.encode("utf-8", "surrogatepass"), _place(person, field))


def decrypt_field(person: "Petitioner", field: str) -> str:
    """Return the plain value of a person's field; empty where there is none, or its key was erased."""
    blob = getattr(person, f"{field}_sealed")
    key = case_key(person.petition) if blob is not None else None
    return unseal(key, bytes(blob), _place(person, field)).decode("utf-8", "surrogatepass") if key else ""


def _place(person: "Petitioner", field: str) -> bytes:
    # A value copied into another field or to another person of the case can't be opened there.
    return f"{field}:{person.place}".encode()


def encrypted_property(field: str) -> Any:
    """Return a property over `<field>_sealed`, so that forms, imports and tests go on saying `phone="…"`."""

    def read(person: "Petitioner") -> str:
        return decrypt_field(person, field)

    def write(person: "Petitioner", value: str) -> None:
        setattr(person, f"{field}_sealed", encrypt_field(person, field, value))

    return property(read, write)


def encrypt_event_text(key: bytes, seq: int, answers: dict[str, Any]) -> bytes:
    """Return all answers of an event, encrypted; `seq` is its number in the petition."""
    return seal(key, canonical(answers).encode("utf-8", "surrogatepass"), _event(seq))


def decrypt_event_text(key: bytes, seq: int, sealed: bytes | memoryview) -> dict[str, Any]:
    """Return all answers of an event.

    Raises:
        DecryptionFailed: they were altered or belong to another event.
    """
    answers: dict[str, Any] = json.loads(unseal(key, bytes(sealed), _event(seq)))
    return answers


def text_digest(sealed: bytes | memoryview) -> str:
    """Return what binds the encrypted text to its event.

    It is 64 hexadecimal digits that nobody can make without the lookup key.
    """
    return keyring().mark(_KIND, bytes(sealed))


def text_digests() -> Callable[[bytes], str]:
    """Return `text_digest` for many texts, with the key taken in once."""
    return keyring().marks_of_many(_KIND)


def _event(seq: int) -> bytes:
    return f"event:{seq}".encode()
