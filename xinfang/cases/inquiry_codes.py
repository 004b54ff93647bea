"""The inquiry code: by it, the number and a second proof a petitioner opens their own case, without an account (N18).

Sixteen of thirty-two characters, so 80 bits. Compared is a keyed digest. The code itself is kept, encrypted under the
case's key, where papers of the desk have yet to print it; who submits on the window takes it along, and the desk never
learns it.
"""

import secrets
import unicodedata

from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import equal_in_constant_time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No I, L, O and U: they are taken for 1, 0 and V."""
LENGTH = 16
BITS = 80
_READ_AS = str.maketrans("ILOU", "110V")
_MARK, _OF_FORM, _PRINTED = "inquiry code", "inquiry code of a form", "second proof printed on the notice"


def draw_code() -> str:
    """Return a new code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_of_form(key: str) -> str:
    """Return the code of a petition that was sent from the form with this key.

    The same form sent twice, because the answer to the first was lost, shows the same code; only who has the form can
    make it again.
    """
    digits = int(keyring().mark(_OF_FORM, key), 16)
    return "".join(ALPHABET[(digits >> 5 * place) % 32] for place in range(LENGTH))


def printed_digits(petition_number: str) -> str:
    """Return the six digits that prove it beside the code, for who gave neither telephone nor ID number.

    Papers print them; they are not kept.
    """
    return f"{int(keyring().mark(_PRINTED, petition_number), 16) % 10**6:06d}"


def second_proof_words(petition_number: str, *, has_number: bool) -> str:
    """Return what is asked for beside number and code, as papers tell it; `has_number`: somebody gave a number."""
    return "电话或者证件号码的后四位" if has_number else f"核验码{printed_digits(petition_number)}"


def mark_of(code: str) -> str:
    """Return what a case keeps of its code to compare with."""
    return keyring().mark(_MARK, code)


def is_code(typed: str, mark: str) -> bool:
    """Tell whether this is the code of the case that keeps this mark; takes as long either way."""
    return equal_in_constant_time(mark_of(as_typed(typed)).encode(), mark.encode())


def as_typed(text: str) -> str:
    """Return a code as it is kept, from what was typed: in any case and width, with or without separators."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_READ_AS)
    return "".join(c for c in plain if c in ALPHABET)[: LENGTH + 1]


def grouped(code: str) -> list[str]:
    """Return a code in groups of four, to be read and typed by people."""
    return [code[i : i + 4] for i in range(0, len(code), 4)]
