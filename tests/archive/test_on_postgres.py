"""On PostgreSQL a package proves itself and a destroyed file leaves no row of the person, as on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from tests import postgres
from tests.archive.test_disposal import BODY, PERSON, archived, department, proposed, staff
from tests.world import who
from xinfang.actions import disposal
from xinfang.documents.archive import standalone
from xinfang.documents.archive.gathering import Part, gather
from xinfang.documents.archive.package import FolderSink, write
from xinfang.people.actors import today
from xinfang.records.models import Petition
from xinfang.records.sealing import make_seal
from xinfang.records.verifying import verify
from xinfang.search import index


@pytest.fixture
def a_postgresql(django_db_setup, django_db_blocker) -> Iterator[None]:
    with postgres.server() as description, django_db_blocker.unblock(), postgres.as_default(description):
        postgres.migrate()
        yield


def holding(words: str) -> list[str]:
    """The tables whose rows hold these words anywhere."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT COUNT(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_a_package_and_a_destroyed_file(a_postgresql: None, tmp_path: Path) -> None:
    department()
    number = archived()
    make_seal(today())
    target = tmp_path / "package"
    for _ in write(gather(Petition.objects.get(number=number), today()), Part.BOTH, FolderSink(target)):
        pass
    assert standalone.check(str(target))[1] == []
    assert holding(PERSON["name"]) and holding(BODY)
    done = disposal.decide(proposed(number), agree=True, opinion="", by=who("office_head"), staff=staff("office_head"))
    assert done.done == (number,)
    for words in (*PERSON.values(), BODY):
        assert holding(words) == [], words
    assert verify().whole and index.check() == []
