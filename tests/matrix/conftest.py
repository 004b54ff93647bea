"""The world of the matrix: made once, and taken back as a whole."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """One department and one case of every kind, in a transaction that is taken back at the end."""
    from django.db import transaction
    from django.test import override_settings

    from tests.matrix.asking import made
    from xinfang.cases import sealed_case_reason

    # Asking everything takes longer than half an hour, and the test whose turn comes last has waited all of it.
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(SESSION_IDLE_MINUTES=24 * 60),
        patch.object(sealed_case_reason, "REASON_VALID_MINUTES", 24 * 60),
    ):
        yield made()
        transaction.set_rollback(True)
