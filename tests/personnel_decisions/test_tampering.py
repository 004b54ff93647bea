"""Whatever somebody with the database's own password does to a decision is found by `verify`."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests.personnel_decisions.recording import DISCIPLINE, answered, confirmed, recorded
from tests.proof.test_tampering import one, run, without_guard
from tests.tables import T
from tests.world import make_department
from xinfang.accounts.models import Staff
from xinfang.personnel_decisions.queries import decisions as rewards
from xinfang.proof.verify import verify

pytestmark = pytest.mark.django_db


class _Undone(Exception):
    pass


def first() -> int:
    return int(one(f"SELECT MIN(id) FROM {T.personnel_decisions_decision}")[0])


def change(column: str, value: object) -> Callable[[], None]:
    return lambda: (
        run(f"UPDATE {T.personnel_decisions_decision} SET {column} = %s WHERE id = %s", value, first()) and None
    )


def change_answer(column: str, value: object) -> Callable[[], None]:
    return lambda: run(f"UPDATE {T.personnel_decisions_decisionanswer} SET {column} = %s", value) and None


def remove_one() -> None:
    run(f"DELETE FROM {T.personnel_decisions_decisionanswer}")
    run(f"DELETE FROM {T.personnel_decisions_decisionkey} WHERE decision_id = %s", first())
    run(f"DELETE FROM {T.personnel_decisions_decision} WHERE id = %s", first())


def remove_the_answer() -> None:
    run(f"DELETE FROM {T.personnel_decisions_decisionanswer}")


def remove_the_key() -> None:
    run(f"DELETE FROM {T.personnel_decisions_decisionkey} WHERE decision_id = %s", first())


def add_one() -> None:
    """A whole record, made in plain as the program would, by somebody who leaves the administrative log alone."""
    run(
        f"INSERT INTO {T.personnel_decisions_decision}"
        " (number, decided_on, concerns, by_id, at, sealed, file_address, file_digest, file_size)"
        " SELECT 'JC2026-0009', decided_on, concerns, by_id, at, sealed, %s, file_digest, file_size"
        f" FROM {T.personnel_decisions_decision}"
        " WHERE id = %s",
        "f" * 64,
        first(),
    )


def add_an_answer() -> None:
    (waiting,) = one(f"SELECT MAX(id) FROM {T.personnel_decisions_decision}")
    run(
        f"INSERT INTO {T.personnel_decisions_decisionanswer} (decision_id, agree, sealed, by_id, at)"
        f" SELECT %s, agree, sealed, by_id, at FROM {T.personnel_decisions_decisionanswer}",
        waiting,
    )


def exchange_two() -> None:
    (a, b) = (first(), one(f"SELECT MAX(id) FROM {T.personnel_decisions_decision}")[0])
    for was, now in ((a, "x"), (b, one(f"SELECT number FROM {T.personnel_decisions_decision} WHERE id = %s", a)[0])):
        run(f"UPDATE {T.personnel_decisions_decision} SET number = %s WHERE id = %s", now, was)


def forge_the_log() -> None:
    run(
        f"UPDATE {T.audit_adminrecord} SET detail = %s WHERE what = %s",
        '{"digest":"' + "0" * 64 + '"}',
        rewards.RECORDED,
    )


def somebody_else() -> int:
    return int(Staff.objects.get(username="clerk").pk)


WAYS: dict[str, Callable[[], object]] = {
    "content": change("sealed", b"\x01" * 90),
    "content as text": change("sealed", "x"),
    "day": change("decided_on", "2026-01-15"),
    "whom": change("concerns", "0" * 64),
    "recorded at": change("at", "2026-01-15 04:00:00+00:00"),
    "file": change("file_digest", "0" * 64),
    "where the file lies": change("file_address", "0" * 64),
    "who recorded": lambda: change("by_id", somebody_else())(),
    "what it corrects": lambda: change("corrects_id", first())(),
    "refused made agreed": change_answer("agree", False),
    "the opinion": change_answer("sealed", b"\x01" * 40),
    "who confirmed": lambda: change_answer("by_id", somebody_else())(),
    "removed": remove_one,
    "answer removed": remove_the_answer,
    "key removed": remove_the_key,
    "added": add_one,
    "answer added": add_an_answer,
    "exchanged": exchange_two,
    "log": forge_the_log,
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_found(way: str) -> None:
    make_department()
    confirmed("handler", **DISCIPLINE)
    recorded("unit")
    assert verify().whole
    with without_guard():
        assert verify().whole
        try:
            with transaction.atomic():
                if connection.vendor == "postgresql" and way == "content as text":
                    raise _Undone
                WAYS[way]()
                assert not verify().whole, way
                raise _Undone
        except _Undone:
            pass
        assert verify().whole


def test_an_untouched_log_of_many_verifies() -> None:
    make_department()
    for n in range(5):
        row = recorded("unit" if n % 2 else "handler")
        answered(row.number, agree=n != 3, opinion="" if n != 3 else "不符")
    new = recorded("unit", corrects=confirmed("unit").number, reason="文号有误")
    answered(new.number)
    assert verify().whole
