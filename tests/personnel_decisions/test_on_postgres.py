"""On PostgreSQL decisions are recorded, guarded, rotated and proven as on SQLite."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests import postgres
from tests.personnel_decisions.recording import DISCIPLINE, SECRET, confirmed, recorded
from tests.personnel_decisions.test_tampering import WAYS
from tests.world import make_department, who
from xinfang.audit import append_only_triggers
from xinfang.core import file_store
from xinfang.operations.actions import key_rotation
from xinfang.personnel_decisions.models import Decision
from xinfang.personnel_decisions.queries import decisions as rewards
from xinfang.proof.verify import verify


@pytest.fixture
def a_postgresql(django_db_setup, django_db_blocker) -> Iterator[None]:
    with postgres.server() as description, django_db_blocker.unblock(), postgres.as_default(description):
        postgres.migrate()
        yield


class _Undone(Exception):
    pass


def test_recorded_guarded_and_proven(a_postgresql: None) -> None:
    make_department()
    row = confirmed("handler", **DISCIPLINE)
    recorded("unit")
    assert rewards.decrypt_decision(rewards.readable_decisions(who("handler")).get()).what.text == SECRET
    with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
        Decision.objects.filter(pk=row.pk).update(number="JC2026-0099")
    key_rotation.rotate_master_key()
    key_rotation.rewrap_all(lambda done: None)
    assert verify().whole and file_store.check_files() == []
    append_only_triggers.remove()
    for name, way in WAYS.items():
        if name == "content as text":
            continue
        try:
            with transaction.atomic():
                way()
                assert [b for b in verify().broken if b.chain != "数据库"], name
                raise _Undone
        except _Undone:
            pass
    append_only_triggers.install()
    assert verify().whole
