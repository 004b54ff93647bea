"""What SQLite keeps in a form that the program never writes is named and mended, though it reads back as right."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Model

from tests.world import make_department, register, walk
from xinfang.cases.models import Deadline, Petition, Task
from xinfang.proof.actions.rebuild import rebuild
from xinfang.proof.derived_rows import RowDifference, derived_tables, differences
from xinfang.proof.stored_form import columns_in_another_form

pytestmark = pytest.mark.django_db


def found() -> list[RowDifference]:
    return [d for d in differences() if isinstance(d, RowDifference)]


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Petition, "sealed = 2 WHERE sealed = 0"),
        (Petition, "sealed = 'f' WHERE sealed = 0"),
        (Petition, "closed_on = 'x' WHERE closed_on IS NULL"),
        (Petition, "received_on = replace(received_on, '-0', '-')"),
        (Petition, "subject = CAST(subject AS BLOB)"),
        (Deadline, "stopped_on = 'x' WHERE stopped_on IS NULL"),
        (Deadline, "due = due || ' 00:00:00'"),
        (Deadline, "next_alert = replace(next_alert, '-0', '-') WHERE next_alert LIKE '%%-0%%'"),
        (Task, "due = replace(due, '-0', '-') WHERE due LIKE '%%-0%%'"),
    ],
)
def test_it_is_named_and_mended(model: type[Model], change: str) -> None:
    make_department()
    number = register(date(2026, 3, 2))
    walk(number, "assigned", date(2026, 3, 2))
    assert found() == []
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {change}", [])
        assert cursor.rowcount > 0
    assert {d.table for d in found()} == {model._meta.db_table}
    assert sum(rebuild([number]).values()) > 0
    assert found() == []


def test_whatever_the_program_writes_is_in_its_form() -> None:
    """Every derived table after a whole path: a form that is too strict would name rows that nobody altered."""
    make_department()
    number = register(date(2026, 3, 2))
    walk(number, "archived", date(2026, 3, 2))
    pk = Petition.objects.get(number=number).pk
    looked_at = 0
    for d in derived_tables():
        by = "id" if d.model is Petition else "petition_id"
        names = [f.attname for f in d.model._meta.concrete_fields]
        assert columns_in_another_form(d.model, names, by, [pk]) == {}, d.model
        looked_at += d.model._default_manager.filter(**{"pk" if d.model is Petition else "petition_id": pk}).count()
    assert looked_at > 20
