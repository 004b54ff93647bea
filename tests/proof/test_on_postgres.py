"""On PostgreSQL the chain is spelled the same, guarded the same, and shows the same tamperings."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests import postgres
from tests.proof.test_every_column import SEED, attack
from tests.proof.test_rebuild_damage import DAMAGED
from tests.proof.test_tampering import START, WAYS, build, run, tamper, without_guard
from tests.tables import T
from tests.world import make_department, register, take
from xinfang.audit import append_only_triggers
from xinfang.cases.models import Petition
from xinfang.procedure.step_codes import StepCode
from xinfang.proof.actions.rebuild import rebuild
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.proof.verify import verify


@pytest.fixture
def a_postgresql(django_db_setup, django_db_blocker) -> Iterator[None]:
    with postgres.server() as description, django_db_blocker.unblock(), postgres.as_default(description):
        postgres.migrate()
        yield


def test_damage_of_one_case_is_named_and_the_others_are_mended(a_postgresql: None) -> None:
    make_department()
    numbers = [register(START) for _ in range(5)]
    for number in numbers:
        take(number, StepCode.CLASSIFY, "clerk", START, matter_class="claim", route="six", purpose="claim")
    Petition.objects.update(next_due="2030-01-01")
    with without_guard():
        for number, what in zip(numbers, ("unknown code", "no object", "no key", "key of another"), strict=False):
            run(DAMAGED[what], Petition.objects.get(number=number).pk)
    damaged = {d.number for d in differences() if isinstance(d, RowDifference) and d.damaged}
    assert damaged == set(numbers[:4])
    assert rebuild(numbers)[T.cases_petition] == 1
    assert [n for n in numbers if str(Petition.objects.get(number=n).next_due) != "2030-01-01"] == numbers[4:]


def test_chain_guard_and_tamperings(a_postgresql: None) -> None:
    build()
    proof = verify()
    assert proof.whole and proof.events > 20 and proof.seals == 3
    for sql in (
        f"UPDATE {T.cases_event} SET code = 'close'",
        f"DELETE FROM {T.audit_seal}",
        f"TRUNCATE {T.cases_accesslogentry}",
    ):
        with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
            run(sql)
    with without_guard():
        assert len(tamper(len(WAYS) * 4)) == len(WAYS)
        _done, missed, _ = attack(12, SEED)
        assert not missed, f"SEED={SEED}, not found: {missed}"


def test_a_function_that_refuses_nothing_is_named(a_postgresql: None) -> None:
    build()
    assert verify().whole
    with transaction.atomic():
        run(
            "CREATE OR REPLACE FUNCTION xinfang_append_only() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$"
        )
        said = {b.place for b in verify().broken}
        assert said >= set(append_only_triggers.append_only_models())
    append_only_triggers.install()
    assert verify().whole
