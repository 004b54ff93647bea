"""Journeys begin with the invented department of tests/world.py, in a database that the live server sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.people import Worker

# This file is read before Django is ready, so what needs its models is imported where it is used.


@pytest.fixture
def department(live_server) -> None:
    """Units, people and content categories."""
    from tests.world import make_department, set_up_authenticators
    from xinfang.categories.actions import add_starter_categories

    make_department()
    set_up_authenticators()
    add_starter_categories()


@pytest.fixture
def sign_in(department, open_page) -> Callable[..., Worker]:
    """`sign_in("clerk")`: that person, signed in, in a browser of their own."""
    from tests.journeys.people import Worker

    return lambda username, **options: Worker(open_page, username, **options)
