"""Attachments on a real PostgreSQL: binary columns, the lock of the case, and two who send the same file at once."""

import threading
from datetime import date

import pytest
from django.conf import settings
from django.db import connections

from tests import postgres
from tests.world import make_department, register, take, who
from xinfang.actions.attach import attach
from xinfang.people.models import Staff
from xinfang.procedure.rules import Refused
from xinfang.procedure.words import Material
from xinfang.records import files
from xinfang.records.models import Attachment

from . import made


@pytest.fixture
def on_postgres(django_db_blocker, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    with django_db_blocker.unblock(), postgres.server() as description, postgres.as_default(description):
        postgres.migrate()
        make_department()
        yield description


def add(number: str, data: bytes) -> Attachment:
    staff = Staff.objects.get(username="clerk")
    return attach(number, data, "来信.pdf", what=Material.LETTER, by=who("clerk"), staff=staff)


def test_kept_withdrawn_and_read_again(on_postgres):
    number = register(date(2026, 3, 2))
    found = add(number, made.pdf())
    take(number, "withdraw_attachment", "clerk", attachment=1, reason="传错了")
    again = Attachment.objects.get(pk=found.pk)
    assert again.name == "来信.pdf" and again.withdrawal is not None
    assert b"".join(files.read(again)) == made.pdf()
    assert add(number, made.pdf()).place == 2 and files.check() == []


def test_the_same_file_from_two_at_once_is_one_attachment(on_postgres):
    number = register(date(2026, 3, 2))
    together, outcomes = threading.Barrier(2), []

    def send() -> None:
        with postgres.as_default(on_postgres):
            together.wait()
            try:
                outcomes.append(str(add(number, made.pdf()).place))
            except Refused as e:
                outcomes.append(e.reasons[0].code)
            finally:
                connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["1", "not_attached_already"]
    assert files.check() == [] and len([p for p in settings.FILES_DIR.rglob("*") if p.is_file()]) == 1
