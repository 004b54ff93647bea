"""The key cache knows committed rows only.

What is rolled back was never there, and its number may be somebody else's tomorrow.
"""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from tests import postgres
from xinfang.accounts.models import Staff, Unit
from xinfang.categories.models import Category
from xinfang.core import pk_cache


@pytest.fixture(autouse=True)
def _fast(settings: Any) -> None:
    settings.FAST_PATHS = True


@pytest.fixture
def committing(transactional_db: None) -> None:
    """The test's own transactions end as those of the product do."""


def create(code: str) -> int:
    return Unit.objects.create(code=code, name=code, kind="division").pk


def _begin() -> None:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")


class RolledBack(Exception):
    """Ends a transaction, or a savepoint, without committing it."""


@pytest.mark.usefixtures("committing")
class TestCommitted:
    def test_a_row_that_was_rolled_back_is_not_remembered(self) -> None:
        with pytest.raises(RolledBack), transaction.atomic():
            ghost = create("ghost")
            assert pk_cache.get_one(Unit, "ghost") == ghost
            raise RolledBack
        assert pk_cache.get_one(Unit, "ghost") is None
        real = create("real")
        assert pk_cache.get_one(Unit, "ghost") is None
        assert pk_cache.get_one(Unit, "real") == real

    def test_neither_is_one_of_a_savepoint_that_was_rolled_back_in_a_transaction_that_was_not(self) -> None:
        with transaction.atomic():
            kept = create("kept")
            assert pk_cache.get_one(Unit, "kept") == kept
            with pytest.raises(RolledBack), transaction.atomic():
                ghost = create("ghost")
                assert pk_cache.get(Unit, ["ghost", "kept"]) == {"ghost": ghost, "kept": kept}
                with transaction.atomic():
                    assert pk_cache.get_one(Unit, "ghost") == ghost
                raise RolledBack
            assert pk_cache.get_one(Unit, "ghost") is None
            real = create("real")
            assert pk_cache.get(Unit, ["ghost", "real", "kept"]) == {"real": real, "kept": kept}
        assert pk_cache.get(Unit, ["ghost", "real", "kept"]) == {"real": real, "kept": kept}

    def test_nor_one_of_a_released_savepoint_whose_transaction_was_rolled_back(self) -> None:
        with pytest.raises(RolledBack), transaction.atomic():
            with transaction.atomic():
                create("ghost")
                assert pk_cache.get_one(Unit, "ghost")
            assert pk_cache.get_one(Unit, "ghost")
            raise RolledBack
        create("real")
        assert pk_cache.get_one(Unit, "ghost") is None

    def test_what_was_committed_is_asked_for_once(self, django_assert_num_queries: Any) -> None:
        with transaction.atomic():
            new = create("new")
            assert pk_cache.get_one(Unit, "new") == new
        with django_assert_num_queries(0):
            assert pk_cache.get_one(Unit, "new") == new
        with transaction.atomic(), django_assert_num_queries(0):
            assert pk_cache.get(Unit, ["new", ""]) == {"new": new}

    def test_what_is_not_there_yet_is_asked_for_again(self) -> None:
        assert pk_cache.get_one(Unit, "late") is None
        late = create("late")
        assert pk_cache.get_one(Unit, "late") == late

    def test_other_threads_know_nothing_of_it_before_it_is_committed(self) -> None:
        seen: list[int | None] = []

        def look() -> None:
            try:
                seen.append(pk_cache.get_one(Unit, "open"))
            finally:
                connection.close()

        def ask() -> None:
            other = Thread(target=look)
            other.start()
            other.join()

        with transaction.atomic():
            made = create("open")
            assert pk_cache.get_one(Unit, "open") == made
            ask()
        ask()
        assert seen == [None, made]

    def test_without_autocommit_nothing_is_remembered(self) -> None:
        connection.set_autocommit(False)
        try:
            # A row is noted in a savepoint; releasing one outside a transaction would commit on SQLite.
            _begin()
            create("ghost")
            assert pk_cache.get_one(Unit, "ghost")
            connection.rollback()
            _begin()
            create("real")
            assert pk_cache.get_one(Unit, "ghost") is None
        finally:
            connection.rollback()
            connection.set_autocommit(True)


def test_within_a_transaction_a_key_is_asked_for_once(db: None, django_assert_num_queries: Any) -> None:
    codes = {code: create(code) for code in ("a", "b")}
    with django_assert_num_queries(1):
        for _ in range(2):
            assert pk_cache.get(Unit, ["a", "b"]) == codes
            with transaction.atomic(savepoint=False):
                assert pk_cache.get_one(Unit, "b") == codes["b"]


def test_units_people_and_categories_are_told_apart(database: str) -> None:
    unit = create("same")
    create("another")
    person = Staff.objects.create(username="same", name="其木格").pk
    category = Category.objects.create(code="same", name="其他", level=1).pk
    assert (pk_cache.get_one(Unit, "same"), pk_cache.get_one(Staff, "same"), pk_cache.get_one(Category, "same")) == (
        unit,
        person,
        category,
    )


@pytest.fixture
def empty_again(migrated_postgres: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield migrated_postgres
    with postgres.as_default(migrated_postgres):
        Unit.objects.all().delete()


@pytest.mark.usefixtures("committing")
def test_each_database_has_keys_of_its_own(empty_again: dict[str, Any]) -> None:
    here = create("shared")
    assert pk_cache.get_one(Unit, "shared") == here
    with postgres.as_default(empty_again):
        create("first")
        there = create("shared")
        assert pk_cache.get_one(Unit, "shared") == there
        assert pk_cache.get_one(Unit, "first") is not None
    assert pk_cache.get(Unit, ["first", "shared"]) == {"shared": here}


@pytest.mark.usefixtures("committing")
def test_turned_off_every_key_is_asked_for(settings: Any, django_assert_num_queries: Any) -> None:
    settings.FAST_PATHS = False
    made = create("off")
    with django_assert_num_queries(2):
        assert pk_cache.get_one(Unit, "off") == pk_cache.get_one(Unit, "off") == made
    with django_assert_num_queries(0):
        assert pk_cache.get(Unit, ["", ""]) == {}
    assert not pk_cache._known
