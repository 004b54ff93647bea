"""One department for all of these tests: building it takes longer than a test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

if TYPE_CHECKING:
    from tests.fuzz.cases import Form


class _Back(Exception):
    """Takes a department back out of the database."""


@pytest.fixture(scope="package")
def department(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[list["Form"], dict[str, str]]]:
    """The forms of all steps, and the numbers of the cases by how far they are."""
    from tests.fuzz import cases  # only now is Django ready

    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield cases.build()
                raise _Back
        except _Back:
            pass


@pytest.fixture
def forms(department: tuple[list["Form"], dict[str, str]]) -> list["Form"]:
    """A test marked `django_db` leaves everything as it was."""
    return department[0]


@pytest.fixture
def numbers(department: tuple[list["Form"], dict[str, str]]) -> dict[str, str]:
    return department[1]
