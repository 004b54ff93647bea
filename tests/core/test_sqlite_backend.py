"""The SQLite backend.

Writers take turns, nothing is acknowledged before it is on the disk, and what was acknowledged stays.

The tests ask the backend itself, on a database of its own, so they hold whatever the suite's own database is.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import ConnectionHandler, IntegrityError, OperationalError, connections, transaction

from tests.cases.racing import ROOT, environment
from xinfang.core import env
from xinfang.core.sqlite import base

QUEUE = "queue"
NORMAL, FULL = 1, 2


@pytest.fixture
def file(tmp_path: Path, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database of this backend, set up as the product does it, with a table of numbers and one that refers to it."""
    described = env.database_settings("XINFANG_DATABASE_URL", tmp_path, {})
    configured = ConnectionHandler({"default": described}).settings["default"]
    monkeypatch.setitem(connections.settings, QUEUE, configured)
    with django_db_blocker.unblock():
        ask("CREATE TABLE number (n INTEGER PRIMARY KEY)")
        ask("CREATE TABLE refers (n INTEGER REFERENCES number (n) DEFERRABLE INITIALLY DEFERRED)")
        yield Path(str(described["NAME"]))
        connections[QUEUE].close()
        del connections[QUEUE]


def ask(sql: str, *params: Any) -> list[Any]:
    with connections[QUEUE].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def write(n: int) -> None:
    """One transaction; when this returns, the number is acknowledged."""
    with transaction.atomic(using=QUEUE):
        ask("INSERT INTO number VALUES (%s)", n)


def synchronous() -> int:
    return int(ask("PRAGMA synchronous")[0][0])


class Apart:
    """Another connection in a thread of its own, for a few lines."""

    def __init__(self, what: Callable[[], Any]) -> None:
        self._what, self._answer, self._error = what, None, None
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._answer = self._what()
        except BaseException as error:
            self._error = error
        finally:
            connections[QUEUE].close()

    def waits(self) -> bool:
        return self._thread.is_alive()

    def answer(self) -> Any:
        self._thread.join(20)
        assert not self.waits()
        if self._error:
            raise self._error
        return self._answer


def numbers() -> list[int]:
    return [n for (n,) in ask("SELECT n FROM number ORDER BY n")]


def at_the_disk(monkeypatch: pytest.MonkeyPatch, do: Callable[[], Any]) -> list[str]:
    """Do something each time the log is about to be brought to the disk; returns the names of what was."""
    brought: list[str] = []
    real = os.fdatasync

    def fdatasync(handle: int) -> None:
        do()
        real(handle)
        brought.append(Path(f"/proc/self/fd/{handle}").readlink().name)

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    return brought


class TestOrderOfACommit:
    def test_committed_then_the_next_writer_then_the_disk_then_acknowledged(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        acknowledged: list[int] = []
        found: list[Any] = []

        def meanwhile() -> None:
            if not found:
                found.append(list(acknowledged))
                found.append(Apart(numbers).answer())
                Apart(lambda: write(2)).answer()  # its own wait comes here too and finds the list filled

        brought = at_the_disk(monkeypatch, meanwhile)
        write(1)
        acknowledged.append(1)
        assert found == [[], [1]], "others read and write while the disk is waited for, and nobody was told yet"
        assert brought == [f"{file.name}-wal"] * 2
        assert numbers() == [1, 2]

    def test_readers_see_what_is_committed_and_never_wait(self, file: Path) -> None:
        write(1)
        with transaction.atomic(using=QUEUE):
            ask("INSERT INTO number VALUES (2)")
            assert synchronous() == NORMAL
            assert Apart(numbers).answer() == [1]
            assert numbers() == [1, 2]
        assert Apart(numbers).answer() == [1, 2]

    def test_who_only_reads_waits_for_no_disk(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        brought = at_the_disk(monkeypatch, lambda: None)
        with transaction.atomic(using=QUEUE):
            numbers()
        assert brought == []

    def test_outside_a_transaction_sqlite_itself_waits_for_the_disk(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        brought = at_the_disk(monkeypatch, lambda: None)
        assert synchronous() == FULL
        ask("INSERT INTO number VALUES (1)")
        assert brought == []

    def test_however_a_transaction_ends_the_next_statement_is_full_again_and_the_turn_is_free(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused() -> None:
            with transaction.atomic(using=QUEUE):
                ask("INSERT INTO refers VALUES (99)")

        def rolled_back() -> None:
            with transaction.atomic(using=QUEUE):
                ask("INSERT INTO number VALUES (98)")
                raise KeyError

        def not_begun() -> None:
            with monkeypatch.context() as patch:
                patch.setattr(base.base.DatabaseWrapper, "_start_transaction_under_autocommit", _no_disk)
                write(97)

        for n, (end, error) in enumerate(((refused, IntegrityError), (rolled_back, KeyError), (not_begun, OSError))):
            with pytest.raises(error):
                end()
            assert synchronous() == FULL
            Apart(lambda n=n: write(n)).answer()
        write(3)
        assert synchronous() == FULL
        assert numbers() == [0, 1, 2, 3]

    def test_closed_in_the_middle_it_is_rolled_back_and_the_turn_is_free(self, file: Path) -> None:
        with pytest.raises(Exception, match=r"closed|transaction"), transaction.atomic(using=QUEUE):
            ask("INSERT INTO number VALUES (1)")
            connections[QUEUE].close()
            Apart(lambda: write(2)).answer()
            ask("SELECT 1")
        assert numbers() == [2]


def _no_disk(*_: Any) -> None:
    raise OSError("no disk")


class TestFailingDisk:
    def test_it_is_reported_and_the_next_writer_goes_on(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", _no_disk)
            with pytest.raises(OperationalError, match="may not be on the disk"):
                write(1)
        # Documented: the row is committed all the same, and readers have seen it.
        assert Apart(numbers).answer() == [1]
        assert synchronous() == FULL
        Apart(lambda: write(2)).answer()
        write(3)
        assert numbers() == [1, 2, 3]

    def test_what_waits_for_the_commit_is_not_done(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        done: list[int] = []
        monkeypatch.setattr(os, "fdatasync", _no_disk)
        with pytest.raises(OperationalError), transaction.atomic(using=QUEUE):
            ask("INSERT INTO number VALUES (1)")
            transaction.on_commit(lambda: done.append(1), using=QUEUE)
        assert done == []

    def test_a_log_that_is_gone_is_reported(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        wrapper = connections[QUEUE]
        monkeypatch.setitem(wrapper.settings_dict, "NAME", str(file.with_name("gone")))
        with pytest.raises(OperationalError, match="may not be on the disk"):
            write(1)


class TestTurns:
    def test_the_second_writer_waits_until_the_first_has_ended(self, file: Path) -> None:
        with transaction.atomic(using=QUEUE):
            ask("INSERT INTO number VALUES (1)")
            second = Apart(lambda: (write(2), numbers())[1])
            assert Apart(numbers).answer() == []
            assert second.waits()
        assert second.answer() == [1, 2]

    def test_it_is_told_when_that_takes_too_long(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(connections.settings[QUEUE]["OPTIONS"], "timeout", 0.01)
        with transaction.atomic(using=QUEUE), pytest.raises(OperationalError, match="database is locked"):
            Apart(lambda: write(2)).answer()
        Apart(lambda: write(2)).answer()
        assert numbers() == [2]

    def test_many_writers_lose_nothing(self, file: Path) -> None:
        ask("INSERT INTO number VALUES (0)")

        def count() -> None:
            for _ in range(25):
                with transaction.atomic(using=QUEUE):
                    ((n,),) = ask("SELECT n FROM number")
                    ask("UPDATE number SET n = %s", n + 1)

        for writer in [Apart(count) for _ in range(4)]:
            writer.answer()
        assert numbers() == [100]

    def test_somebody_who_takes_no_turn_is_kept_out_by_sqlite(self, file: Path) -> None:
        """The plain backend, with the fast paths turned off in one process only, is safe beside this one."""
        other = sqlite3.connect(file, timeout=0, isolation_level=None)
        with transaction.atomic(using=QUEUE):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            ask("INSERT INTO number VALUES (1)")
        other.execute("BEGIN IMMEDIATE")
        held = Event()
        third = Apart(lambda: (held.set(), write(3)))
        assert held.wait(20)
        other.execute("INSERT INTO number VALUES (2)")
        other.execute("COMMIT")
        other.close()
        third.answer()
        assert numbers() == [1, 2, 3]

    def test_in_memory_nobody_waits(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        wrapper = base.DatabaseWrapper({**connections.settings[QUEUE], "NAME": ":memory:"}, QUEUE)
        wrapper._wait_for_turn()
        assert wrapper._turn is None

    def test_the_log_is_copied_outside_the_turn(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        turns: list[Any] = []
        real = base.DatabaseWrapper._copy_log
        monkeypatch.setattr(
            base.DatabaseWrapper,
            "_copy_log",
            lambda self: (turns.append(self._turn), Apart(numbers).answer(), real(self)),
        )
        for n in range(base.CHECKPOINT_COMMITS + 1):
            write(n)
        assert turns == [None]
        shutil.copy(file, file.with_name("copied"))
        copied = sqlite3.connect(f"file:{file.with_name('copied')}?immutable=1", uri=True)
        assert copied.execute("SELECT count(*) FROM number").fetchone()[0] == base.CHECKPOINT_COMMITS
        copied.close()


def after_power_cut(file: Path, log: bytes, place: Path) -> list[int]:
    """What is found when the machine starts again: the database as it is now, of its log only this."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    shutil.copy(file, place / "x")
    (place / "x-wal").write_bytes(log)
    found = sqlite3.connect(place / "x")
    try:
        assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [n for (n,) in found.execute("SELECT n FROM number ORDER BY n")]
    finally:
        found.close()


class TestPowerCut:
    """Before the disk is waited for, a power cut may leave any part of what was added to the log.

    What was there at the last wait stays.
    """

    def test_what_was_acknowledged_is_there_whenever_it_happens(
        self, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log, place = file.with_name(f"{file.name}-wal"), tmp_path / "cut"
        acknowledged: list[int] = []
        on_disk = [log.read_bytes()]

        def cut() -> None:
            assert after_power_cut(file, on_disk[0], place) == acknowledged
            on_disk[0] = log.read_bytes()

        at_the_disk(monkeypatch, cut)
        # Across a copy of the log into the database, after which the log begins from the start.
        for n in range(base.CHECKPOINT_COMMITS + 6):
            write(n)
            acknowledged.append(n)
            assert after_power_cut(file, on_disk[0], place) == acknowledged

    def test_a_torn_log_ends_with_a_whole_transaction(
        self, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log = file.with_name(f"{file.name}-wal")
        write(1)
        safe = log.stat().st_size
        at_the_disk(monkeypatch, lambda: None)
        with transaction.atomic(using=QUEUE):
            for n in range(2, 400):
                ask("INSERT INTO number VALUES (%s)", n)
            ask("CREATE TABLE wide AS SELECT n, zeroblob(500) AS filler FROM number")
        whole = log.read_bytes()
        assert len(whole) > safe + 10 * 4096
        for size in [*range(safe, len(whole), 3001), len(whole) - 1]:
            assert after_power_cut(file, whole[:size], tmp_path / "cut") == [1]
        damaged = bytearray(whole)
        damaged[safe + 5000] ^= 0xFF
        assert after_power_cut(file, bytes(damaged), tmp_path / "cut") == [1]
        assert after_power_cut(file, whole, tmp_path / "cut") == list(range(1, 400))


def process(folder: Path, code: str) -> subprocess.Popen[str]:
    """The product itself on this folder's database, with a few lines to do."""
    given = {**environment(folder), "XINFANG_FAST_PATHS": "on"}
    program = f"import django; django.setup()\nfrom django.db import connection, transaction\n{code}"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=given, text=True, **pipes)


WRITES = """
for n in range(10**9):
    with transaction.atomic():
        connection.cursor().execute("INSERT INTO number VALUES (%s)", [n])
    print(n, flush=True)
"""
HOLDS = """
with transaction.atomic():
    connection.cursor().execute("INSERT INTO number VALUES (1)")
    print("begun", flush=True)
    input()
"""


class TestKilled:
    def test_all_that_was_acknowledged_is_there(self, file: Path) -> None:
        with process(file.parent, WRITES) as writer:
            assert writer.stdout
            last = [int(writer.stdout.readline()) for _ in range(100)][-1]
            writer.send_signal(signal.SIGKILL)
            last = max([last, *(int(line) for line in writer.stdout if line.endswith("\n"))])
        assert numbers() in (list(range(last + 1)), list(range(last + 2))), "at most the one under way is more"

    def test_its_turn_is_free_and_its_transaction_was_never_there(self, file: Path) -> None:
        with process(file.parent, HOLDS) as holder:
            assert holder.stdout and holder.stdout.readline() == "begun\n"
            next_one = Apart(lambda: write(2))
            assert next_one.waits()
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            next_one.answer()
        assert numbers() == [2]
