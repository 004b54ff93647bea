"""The rows of the search index are mended like all others: after one run nothing differs."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from tests.tables import T
from tests.world import make_department, register
from xinfang.cases.models import Petition
from xinfang.operations.main import main
from xinfang.proof.actions.rebuild import rebuild
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.search.index import check_index

pytestmark = pytest.mark.django_db


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def lose_the_text(pk: int) -> None:
    run(f"DELETE FROM {T.search_searchtext} WHERE petition_id = %s", pk)


def add_a_mark_twice(pk: int) -> None:
    person = T.search_searchperson
    run(f"INSERT INTO {person} (petition_id, mark) SELECT petition_id, mark FROM {person} WHERE petition_id = %s", pk)


def add_a_strange_mark(pk: int) -> None:
    run(f"INSERT INTO {T.search_searchperson} (petition_id, mark) VALUES (%s, 12345)", pk)


@pytest.mark.parametrize("damage", [lose_the_text, add_a_mark_twice, add_a_strange_mark])
def test_one_run_mends_it(damage: Callable[[int], None]) -> None:
    make_department()
    petition = Petition.objects.get(number=register(date(2026, 3, 2)))
    damage(petition.pk)
    wrong = [d for d in differences() if isinstance(d, RowDifference)]
    assert {d.number for d in wrong} == {petition.number}
    assert sum(rebuild([petition.number]).values()) == len(wrong)
    assert not [d for d in differences() if isinstance(d, RowDifference)] and check_index() == []
    assert not rebuild([petition.number]), "a second run has nothing to mend"


def test_a_number_that_no_case_has_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    make_department()
    number = register(date(2026, 3, 2))
    assert main(["rebuild", "--check", number.lower(), "LX2026999999"]) == 4
    assert "没有编号为“LX2026999999”的信访件" in capsys.readouterr().err


def test_a_case_below_the_first_is_compared_too() -> None:
    make_department()
    petition = Petition.objects.get(number=register(date(2026, 3, 2)))
    run("PRAGMA defer_foreign_keys = ON")
    run(f"UPDATE {T.cases_petition} SET id = -5, subject = '别的' WHERE id = %s", petition.pk)
    try:
        assert petition.number in {d.number for d in differences() if isinstance(d, RowDifference)}
    finally:
        run(f"UPDATE {T.cases_petition} SET id = %s WHERE id = -5", petition.pk)
