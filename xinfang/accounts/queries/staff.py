"""Who there is: units and people, looked up by code, user name or key, and the lists of them that pages offer."""

from collections.abc import Iterable

from django.db.models import QuerySet

from xinfang.accounts.models import Staff, Unit

UNIT_KINDS: list[tuple[str, str]] = list(Unit.Kind.choices)
"""The kinds of units: stored code and label."""


def staff_by_username(username: str) -> Staff | None:
    """Return the person of this user name, also one who has left or whose account is closed (1 query)."""
    return Staff.objects.filter(username=username).first()


def staff_by_key(pk: int) -> Staff | None:
    """Return the person of this primary key, also one who has left or whose account is closed (1 query)."""
    return Staff.objects.filter(pk=pk).first()


def staff_by_keys(pks: Iterable[int]) -> dict[int, Staff]:
    """Return the people of these primary keys (1 query)."""
    return {s.pk: s for s in Staff.objects.filter(pk__in=list(pks))}


def staff_names() -> list[Staff]:
    """Return everybody with user name and name, and nothing else read: what a filter by person offers (1 query)."""
    return list(Staff.objects.only("id", "username", "name"))


def all_staff() -> QuerySet[Staff]:
    """Return everybody who has or had an account (1 query when read)."""
    return Staff.objects.all()


def staff_without(pks: Iterable[int]) -> QuerySet[Staff]:
    """Return everybody but the people of these primary keys (1 query when read)."""
    return Staff.objects.exclude(pk__in=list(pks))


def other_active_staff(person: Staff) -> QuerySet[Staff]:
    """Return everybody else whose account is open and for whom no day of leaving is set (1 query when read)."""
    return Staff.objects.filter(is_active=True, left_on=None).exclude(pk=person.pk)


def unit_by_code(code: str) -> Unit | None:
    """Return the unit of this code with its leader in charge, also one that has ended (1 query)."""
    return Unit.objects.select_related("leader").filter(code=code).first()


def all_units() -> QuerySet[Unit]:
    """Return every unit there is or was (1 query when read)."""
    return Unit.objects.all()


def units_with_leaders() -> QuerySet[Unit]:
    """Return every unit there is or was, with its leader in charge (1 query when read)."""
    return Unit.objects.select_related("leader")


def active_units() -> QuerySet[Unit]:
    """Return the units for which no end is set (1 query when read)."""
    return Unit.objects.filter(ended_on=None)
