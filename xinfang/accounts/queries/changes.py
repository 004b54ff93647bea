"""The changes that take two people: those that wait for the second one, and those that were decided."""

from django.db.models import QuerySet

from xinfang.accounts.models import PendingChange, Staff

KIND_LABELS: dict[str, str] = dict(PendingChange.Kind.choices)
"""What each kind of change is called, by its stored code."""


def pending_changes() -> QuerySet[PendingChange]:
    """Return what waits for a second person, newest first, with everybody named in it (1 query when read)."""
    return _with_people().filter(decided_at=None)


def decided_changes(most: int) -> QuerySet[PendingChange]:
    """Return the last `most` changes that were confirmed, refused or withdrawn (1 query when read).

    Everybody named in them is read too.
    """
    return _with_people().exclude(decided_at=None)[:most]


def pending_changes_of(person: Staff) -> QuerySet[PendingChange]:
    """Return the changes about this person that wait for a second one, with their proposers (1 query when read)."""
    return PendingChange.objects.filter(staff=person, decided_at=None).select_related("proposed_by")


def change_by_key(pk: int) -> PendingChange | None:
    """Return the change of this primary key, waiting or decided (1 query)."""
    return PendingChange.objects.filter(pk=pk).first()


def _with_people() -> QuerySet[PendingChange]:
    return PendingChange.objects.select_related("staff", "proposed_by", "decided_by")
