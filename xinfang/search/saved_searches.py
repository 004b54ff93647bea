"""Reading the searches that somebody saved: nobody else sees them."""

from dataclasses import dataclass

from xinfang.accounts.models import Staff
from xinfang.search.models import SavedSearch
from xinfang.vault.sm_ciphers import VaultError

UNREADABLE = "（无法读出，请删除）"


@dataclass(frozen=True)
class OwnSearch:
    """A saved search; one that can't be opened any more has no words, and a name that says so."""

    pk: int
    name: str
    words: str
    given: dict[str, str]


def read_saved(staff: Staff) -> list[OwnSearch]:
    """Return what this person saved, the oldest first (1 query)."""
    found = []
    for row in SavedSearch.objects.filter(staff=staff).order_by("id"):
        try:
            found.append(OwnSearch(row.pk, *row.asked()))
        except VaultError:
            found.append(OwnSearch(row.pk, UNREADABLE, "", {}))
    return found
