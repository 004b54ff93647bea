"""However a verification reads the events (spelled by SQLite, by Python, by several processes), it says the same."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction

from tests import postgres
from tests.proof.test_tampering import START, build, one, run, without_guard
from tests.tables import T
from tests.world import register
from xinfang.audit.canonical import event_fields
from xinfang.audit.chain_queries import canonical_json_reader, events_sql, rows_in_batches, usernames
from xinfang.cases.models import Petition
from xinfang.proof import case_chains
from xinfang.proof.case_chains import EVENT_FIELDS_BY_SQLITE, event_line
from xinfang.proof.verify import verify
from xinfang.vault.hash_chain import CHAIN_FORMAT, hashed_line

ODD = 'a"b\\c\n\t\r\b\f\x01\x1f\x7f/<é信𠮷\u2028😀'


def spelled_by_python(previous: str = "p") -> dict[int, bytes]:
    people, spelled, found = usernames(), canonical_json_reader(), {}
    numbers = dict(Petition.objects.values_list("pk", "number"))
    for (
        pk,
        case,
        seq,
        code,
        stage,
        data,
        text_digest,
        on,
        at,
        by,
        typed,
        role,
        acting,
        before,
        after,
        key,
        _,
    ) in rows_in_batches(events_sql()):
        fields = event_fields(
            numbers[case], seq, code, stage, spelled(data), text_digest, on, at,
            people[by], people[typed], role, people[acting], before, after, key,
        )  # fmt: skip
        found[pk] = hashed_line(previous, fields).encode()
    return found


@pytest.mark.django_db
def test_sqlite_spells_as_python_does() -> None:
    build()
    with without_guard():
        for column in ("code", "stage", "by_role", "state_before", "state_after", "key"):
            run(f"UPDATE {T.cases_event} SET {column} = %s WHERE id = %s", ODD, pick_of(column))
        run(f"UPDATE {T.cases_event} SET recorded_at = %s WHERE seq = 1", "2026-01-15 04:00:00.000001")
    numbers = dict(Petition.objects.values_list("pk", "number"))
    with connection.cursor() as cursor:
        cursor.execute(EVENT_FIELDS_BY_SQLITE.replace("SELECT ", "SELECT e.id, ", 1))
        spelled = {pk: event_line("p", f'"{numbers[case]}"', fields) for pk, case, _, fields, _ in cursor.fetchall()}
    by_python = spelled_by_python()
    assert spelled == by_python and len(spelled) > 20
    assert all(text.startswith(f'["{CHAIN_FORMAT}","p","'.encode()) for text in spelled.values())
    assert any(b"\\u001f" in text for text in by_python.values())


def pick_of(column: str) -> int:
    """Another event for each column."""
    return (
        1
        + ("code", "stage", "by_role", "state_before", "state_after", "key").index(column)
        + one(f"SELECT MIN(id) FROM {T.cases_event}")[0]
    )


@pytest.mark.django_db
def test_the_untouched_is_never_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the short way would be no way at all."""
    build()
    read: list[str] = []
    monkeypatch.setattr(case_chains, "_case", lambda _, number, *rest: read.append(number))
    assert verify().whole and not read


class _Undone(Exception):
    pass


FORCED = [
    ("code", "CAST(code AS BLOB)"),
    ("data", "CAST(data AS BLOB)"),
    ("state_after", "CAST(x'e4bfa1ff' AS TEXT)"),
    ("state_after", "state_after || char(0) || 'x'"),
    ("happened_on", "20260302"),
    ("happened_on", "'2026-3-2'"),
    ("recorded_at", "'not a time'"),
    ("recorded_at", "recorded_at || '+08:00'"),
    ("recorded_at", "recorded_at || '.5'"),
    ("text_digest", "X'ff'"),
    ("by_id", "99999"),
    ("by_id", "NULL"),
    ("entered_by_id", "99999"),
    ("acting_for_id", "99999"),
    ("hash", "upper(hash)"),
    ("hash", "CAST(hash AS BLOB)"),
]


@pytest.mark.django_db
def test_what_no_program_of_ours_writes_is_named_and_stops_nothing() -> None:
    """Bytes for texts, texts that aren't UTF-8, people who don't exist: each is found, and the later break too."""
    build()
    last = Petition.objects.order_by("-pk")[0]
    with without_guard():
        for column, value in FORCED:
            for pk in (pick_first(), one(f"SELECT MAX(id) FROM {T.cases_event} WHERE petition_id <> %s", last.pk)[0]):
                try:
                    with transaction.atomic():
                        run("PRAGMA ignore_check_constraints = ON")
                        run("PRAGMA defer_foreign_keys = ON")
                        run(f"UPDATE {T.cases_event} SET {column} = {value} WHERE id = %s", pk)
                        run(f"UPDATE {T.cases_event} SET stage = 'x' WHERE petition_id = %s AND seq = 1", last.pk)
                        run(
                            f"UPDATE {T.cases_accesslogentry} SET reason = CAST(x'e4ff' AS TEXT),"
                            " what = CAST(what AS BLOB) WHERE seq = 2"
                        )
                        run(
                            f"UPDATE {T.audit_adminrecord} SET detail = CAST(detail AS BLOB), hash = CAST(hash AS BLOB)"
                        )
                        run(f"UPDATE {T.cases_petition} SET number = CAST(number AS BLOB) WHERE id = %s", last.pk - 3)
                        proof = verify(rows=pk == pick_first())
                        # Nor does what is done so elsewhere stop it.
                        places = [b.place for b in proof.broken if b.chain == "事项"]
                        (number,) = one(
                            f"SELECT p.number FROM {T.cases_event} e JOIN {T.cases_petition} p ON p.id = e.petition_id"
                            " WHERE e.id = %s",
                            pk,
                        )
                        assert any(p.startswith(number) for p in places), (column, value, proof.broken)
                        assert f"{last.number} 第1步" in places
                        raise _Undone
                except _Undone:
                    pass
        run("PRAGMA ignore_check_constraints = OFF")
        assert verify().whole


def pick_first() -> int:
    return one(f"SELECT MIN(id) FROM {T.cases_event}")[0]


def several_processes_say_the_same() -> None:
    alone, shared = verify(processes=1), verify(processes=2)
    assert alone.whole and shared.whole
    assert (alone.events, alone.cases) == (shared.events, shared.cases) and alone.cases > 5
    with without_guard():
        cases = list(Petition.objects.order_by("pk").values_list("pk", "number"))
        for pk, _ in (cases[0], cases[-1]):
            run(f"UPDATE {T.cases_event} SET stage = 'x' WHERE petition_id = %s AND seq = 2", pk)
        alone, shared = verify(processes=1, rows=False), verify(processes=2, rows=False)
    assert shared.broken == alone.broken and (alone.events, alone.cases) == (shared.events, shared.cases)
    assert [b.place for b in shared.broken[:2]] == [f"{number} 第2步" for _, number in (cases[0], cases[-1])]


@pytest.mark.django_db(transaction=True)
def test_several_processes_on_sqlite() -> None:
    build()
    several_processes_say_the_same()


@pytest.mark.django_db
def test_where_no_process_can_run_one_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    monkeypatch.setattr(case_chains, "map_in_processes", lambda *_: None)
    assert verify(processes=2).whole and verify(processes=2).events > 20


@pytest.mark.django_db
def test_ranges_leave_nothing_out() -> None:
    build()
    for day in range(3):
        register(START + timedelta(days=day))
    for count in (1, 2, 3, 7, 8, 9, 100):
        ranges = case_chains._ranges(count)
        assert ranges[0][0] == -(2**63) and ranges[-1][1] == 2**63 - 1
        assert all(a[1] == b[0] for a, b in pairwise(ranges)) and all(a < b for a, b in ranges)


@pytest.fixture
def a_postgresql(django_db_setup, django_db_blocker) -> Iterator[None]:
    with postgres.server() as description, django_db_blocker.unblock(), postgres.as_default(description):
        postgres.migrate()
        yield


def test_several_processes_on_postgresql(a_postgresql: None) -> None:
    build()
    several_processes_say_the_same()
