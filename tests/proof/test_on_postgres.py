"""On PostgreSQL the chain is spelled the same, guarded the same, and shows the same tamperings."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests import postgres
from tests.proof.test_tampering import WAYS, build, run, tamper, without_guard
from xinfang.proof.verify import verify


@pytest.fixture
def a_postgresql(django_db_setup, django_db_blocker) -> Iterator[None]:
    with postgres.server() as description, django_db_blocker.unblock(), postgres.as_default(description):
        postgres.migrate()
        yield


def test_chain_guard_and_tamperings(a_postgresql: None) -> None:
    build()
    proof = verify()
    assert proof.whole and proof.events > 20 and proof.seals == 3
    for sql in ("UPDATE cases_event SET code = 'close'", "DELETE FROM audit_seal", "TRUNCATE cases_accesslogentry"):
        with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
            run(sql)
    with without_guard():
        assert len(tamper(len(WAYS) * 4)) == len(WAYS)
