"""Restoring a backup onto an empty machine that has the keys. Everything is proven before anything takes its place."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from xinfang.accounts.models import SignIn
from xinfang.audit import append_only_triggers
from xinfang.audit.actions import audit_log
from xinfang.backup import postgres, sqlite, unused_database
from xinfang.backup.compression import decompressed
from xinfang.backup.file_format import BackupHeader, NotABackup, ReportProgress, read_header, read_members
from xinfang.core import file_store, installation
from xinfang.core.master_key_usage import record_keys_by_master
from xinfang.procedure.errors import XinfangError
from xinfang.proof.verify import VerificationReport, verify
from xinfang.search import index
from xinfang.vault import data_folder
from xinfang.vault.keys import Keyring, keyring
from xinfang.vault.sm_ciphers import DecryptionFailed

from .making import ABOUT, COUNTED, DATABASE, EVENTS, FILES, PETITIONS, SECRET, TABLES

_STAGE = ".restoring"
_OWN = {data_folder.SECRET, "migrate.lock", "backup.lock", ".backup", _STAGE, "xinfang.sqlite3-turn"}
_OWN |= {f"limits.sqlite3{rest}" for rest in ("", "-wal", "-shm")}
"""What may lie in an empty data folder: the keys, and what every command makes by itself."""
_TABLES_THERE = "这个 PostgreSQL 数据库里已经有表和内容，没有改动任何内容。请新建一个空的数据库再恢复。"
_WORDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class CannotRestore(XinfangError):
    """Nothing was restored. Its text says why and what to do."""


@dataclass
class RestoreReport:
    """What was put into place, and what the checks afterwards found."""

    made_at: str
    petitions: int = 0
    events: int = 0
    files: int = 0
    upgraded: int = 0
    """Migrations the backup was behind."""
    index_rebuilt: bool = False
    proof: VerificationReport | None = None
    wrong: list[str] = field(default_factory=list)
    """Sentences about what isn't right, beside the proof."""

    @property
    def whole(self) -> bool:
        """Whether nothing was found wrong and every record could be verified."""
        return not self.wrong and self.proof is not None and self.proof.whole


def put_into_place(file: Path, report_progress: ReportProgress) -> RestoreReport:
    """Read the whole backup and check it, then let it take its place.

    Until the last moment everything lies in a folder of its own (PostgreSQL: in one transaction), so a restore that was
    cut off leaves an empty system, onto which it may be repeated. `check_restored` is called once migrations have run.

    Raises:
        CannotRestore: there is data already, or the file is no backup, damaged or doesn't fit.
        OtherMode: the backup is of the demo and this is not, or the other way round.
        OtherTables: the backup's tables are of another version.
        KeyMissing: the key that wraps the backup's key is gone.
        OSError: the disk doesn't take it, or the file can't be read.
    """
    with opened(file) as source, alone_with_stage() as stage:
        try:
            head = read_header(source)
            key = key_of(head)
            require_empty(file)
            _must_be_of_this_kind(head)
            restored = RestoreReport(head.made_at)
            _unpack(read_members(source, key), stage, restored, report_progress)
        except NotABackup as e:
            raise CannotRestore(str(e)) from None
        except DecryptionFailed:
            raise CannotRestore("备份文件已损坏、不完整或被改动过，没有恢复任何内容。请换另一份备份。") from None
    return restored


def check_restored(restored: RestoreReport, upgraded: int, report_progress: ReportProgress) -> None:
    """End all sessions and check records, keys, files and index, after the migrations."""
    restored.upgraded = upgraded
    with transaction.atomic():
        # Who had signed out since would be signed in again.
        Session.objects.all().delete()
        SignIn.objects.filter(ended_at=None).update(ended_at=timezone.now(), ended_why=SignIn.Why.GONE)
        audit_log.record(None, "从备份恢复", restored.made_at, petitions=restored.petitions, files=restored.files)
    versions = keyring().versions
    for version, count in record_keys_by_master().items():
        if version not in versions:
            restored.wrong.append(
                f"有 {count} 个内容密钥由第 {version} 版主密钥加密，而密钥文件夹中没有这一版。"
                "请找回这一版的密钥文件，或用较新的份额运行 xinfang key recover。"
            )
    report_progress("正在核对附件……")
    restored.wrong += file_store.check_files()
    report_progress("正在核验全部记录……")
    # After an upgrade rows of a table that came with it are still to be made (`xinfang rebuild`).
    restored.proof = verify(rows=not upgraded)
    if restored.index_rebuilt:
        report_progress("签名密钥与备份时不同，正在重建搜索索引……")
        index.rebuild_index(lambda n: None)


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """Open a file to read.

    Raises:
        CannotRestore: it can't be.
    """
    try:
        source = file.open("rb")
    except OSError as e:
        raise CannotRestore(f"无法读取 {file}：{e.strerror}。") from None
    with source:
        yield source


def key_of(head: BackupHeader) -> bytes:
    """Return the key of the stream, from the department's own keys.

    Raises:
        CannotRestore: they aren't here, or aren't those that it was made with.
    """
    folder = Path(settings.KEYS_DIR)
    # The vault would make the first keys of an empty system; those open no backup.
    if not any(folder.glob("master-*.key")):
        raise CannotRestore(
            f"密钥文件夹 {folder} 中没有主密钥，备份里也不含密钥。"
            "请先放回原来的密钥文件夹，或用份额运行 xinfang key recover，再恢复。"
        )
    ring: Keyring = keyring()
    try:
        return head.key(ring)
    except DecryptionFailed:
        raise CannotRestore(
            f"密钥文件夹 {folder} 中的密钥打不开这份备份：不是做备份时的那套密钥，或备份文件的开头被改动过。"
        ) from None


def require_empty(file: Path) -> None:
    """Check that nobody has entered anything here; `file` itself may lie in the data folder.

    Raises:
        CannotRestore: somebody has.
    """
    data, keys = Path(settings.DATA), Path(settings.KEYS_DIR)
    own = _OWN | (_database_files() if _may_give_way() else set())
    found = sorted(
        p.name for p in data.iterdir() if p.name not in own and p not in (keys, file.absolute()) and not _hollow(p)
    )
    if found:
        raise CannotRestore(
            f"数据文件夹 {data} 不是空的（{'、'.join(found[:5])}），没有改动任何内容。"
            "请用 XINFANG_DATA 指定一个空文件夹，或先把原有内容移到别处。"
        )
    if connection.vendor == "postgresql" and not postgres.is_empty() and not unused_database.is_unused():
        raise CannotRestore(_TABLES_THERE)


def _database_files() -> set[str]:
    return {f"{sqlite.path().name}{rest}" for rest in ("", "-wal", "-shm")}


def _may_give_way() -> bool:
    """Tell whether there is a database file that some command made, and into which nobody has entered anything."""
    return connection.vendor == "sqlite" and sqlite.path().exists() and unused_database.is_unused()


def _hollow(path: Path) -> bool:
    """Tell whether it is a folder with nothing in it, or a file without content: SQLite makes one when it is asked."""
    return not any(path.iterdir()) if path.is_dir() else path.stat().st_size == 0


def _must_be_of_this_kind(head: BackupHeader) -> None:
    if head.database != connection.vendor:
        raise CannotRestore(
            f"这份备份出自 {_WORDS.get(head.database, head.database)}，而现在设置的是 {_WORDS[connection.vendor]}。"
            "请按原来的数据库设置 XINFANG_DATABASE_URL，再恢复。"
        )


def _unpack(
    parts: Iterator[tuple[str, Iterator[bytes]]], stage: Path, restored: RestoreReport, say: ReportProgress
) -> None:
    about = _about(parts, restored)
    if connection.vendor == "postgresql":
        with transaction.atomic():
            say("正在建立数据库的表……")
            _make_room()
            _tables_of(about)
            _rest(parts, about, stage, restored, say)
            postgres.set_sequences(about["sequences"])
            connection.check_constraints()
            _take_place(stage, restored)
        return
    _rest(parts, about, stage, restored, say)
    say("正在检查数据库……")
    if wrong := sqlite.problem_in(stage / "database", quick=True):
        raise CannotRestore(f"恢复出来的数据库没有通过检查（{'；'.join(wrong)}），没有放到位。请检查磁盘，再试一次。")
    _take_place(stage, restored)


def _about(parts: Iterator[tuple[str, Iterator[bytes]]], restored: RestoreReport) -> dict[str, Any]:
    name, body = next(parts)
    if name != ABOUT:
        raise DecryptionFailed
    about: dict[str, Any] = json.loads(b"".join(body))
    installation.compare_tables(about.get("made_by") or {})
    known = MigrationExecutor(None).loader.disk_migrations
    newer = [f"{app}.{step}" for app, step in about["migrations"] if (app, step) not in known]
    if newer:
        raise CannotRestore(
            f"这份备份出自更新的程序（{'、'.join(newer[:3])}），没有恢复任何内容。请先把程序升级到同一版本。"
        )
    if about["mode"] != settings.MODE:
        raise installation.OtherMode(about["mode"])
    restored.petitions = about["counts"][PETITIONS]
    restored.events = about["counts"][EVENTS]
    return about


def _rest(
    parts: Iterator[tuple[str, Iterator[bytes]]],
    about: dict[str, Any],
    stage: Path,
    restored: RestoreReport,
    say: ReportProgress,
) -> None:
    counts = {table: about["counts"].get(name) for name, table in COUNTED.items()}
    for name, body in parts:
        if name == SECRET:
            keep(stage / "secret", body)
        elif name == DATABASE and connection.vendor == "sqlite":
            say("正在恢复数据库……")
            keep(stage / "database", decompressed(body))
        elif name.startswith(TABLES) and (table := name.removeprefix(TABLES)) in about.get("tables", {}):
            say(f"正在恢复表 {table}……")
            rows = postgres.copy_in(table, about["tables"][table], decompressed(body))
            if counts.get(table) not in (rows, None):
                raise DecryptionFailed
        elif name.startswith(FILES) and is_address(address := name.removeprefix(FILES)):
            keep(stage / "files" / address[:2] / address, body)
            restored.files += 1
            if restored.files % 1000 == 0:
                say(f"已恢复 {restored.files} 个附件……")
        else:
            raise DecryptionFailed


def is_address(text: str) -> bool:
    """Tell whether this is the address of a stored file."""
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def keep(file: Path, chunks: Iterable[bytes]) -> None:
    """Write a file for its owner only, and bring it to the disk."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        for chunk in chunks:
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())


def _make_room() -> None:
    """Remove tables that were only set up, if they are still unused when nobody else can write any more.

    Raises:
        CannotRestore: somebody has entered something.
    """
    if postgres.is_empty():
        return
    unused_database.lock_all_tables()
    if not unused_database.is_unused():
        raise CannotRestore(_TABLES_THERE)
    unused_database.drop_all_tables()


def _tables_of(about: dict[str, Any]) -> None:
    """Make the tables as they were when the backup was made: by its own migrations and no later ones."""
    executor = MigrationExecutor(connection)
    applied = {(app, step) for app, step in about["migrations"]}
    # A target with an applied child would mean going back to it.
    nodes = executor.loader.graph.node_map
    last = [n for n in applied if not any(c.key in applied and c.key[0] == n[0] for c in nodes[n].children)]
    executor.migrate(last)
    # It is made again when the database is set up, which is the next thing that happens.
    append_only_triggers.remove()
    postgres.clear_tables()


def _take_place(stage: Path, restored: RestoreReport) -> None:
    """Put everything into its place. The database comes last: without it the system is still an empty one.

    Raises:
        CannotRestore: somebody has entered something meanwhile.
    """
    data = Path(settings.DATA)
    if (stage / "database").exists() and sqlite.path().exists() and not _hollow(sqlite.path()):
        # Unpacking took its time, so this is asked once more, in the writers' turn.
        with transaction.atomic():
            if not unused_database.is_unused():
                raise CannotRestore(f"恢复期间有人在 {sqlite.path()} 中录入了内容，没有改动它，也没有恢复任何内容。")
    _secret(stage / "secret", data, restored)
    if (stage / "files").exists():
        for folder in sorted((stage / "files").rglob("*")):
            if folder.is_dir():
                _to_disk(folder)
        with suppress(OSError):
            Path(settings.FILES_DIR).rmdir()  # an empty one
        (stage / "files").rename(settings.FILES_DIR)
    if (stage / "database").exists():
        connections.close_all()
        for name in _database_files():
            sqlite.path().with_name(name).unlink(missing_ok=True)
        (stage / "database").rename(sqlite.path())
    _to_disk(data)


def _secret(kept: Path, data: Path, restored: RestoreReport) -> None:
    """Take over the key that signs, and marks people in the search index; one that the environment sets stays."""
    then = kept.read_text()
    if then == settings.SECRET_KEY:
        return
    if settings.SECRET_KEY_IS_GIVEN:
        restored.index_rebuilt = True
        return
    kept.replace(data / data_folder.SECRET)
    settings.SECRET_KEY = then


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone_with_stage() -> Iterator[Path]:
    """Make a folder inside the data folder, on the same disk, and clear away what a killed restore left.

    Raises:
        CannotRestore: another backup or restore is running.
    """
    data = Path(settings.DATA)
    data_folder.create(data)
    with (data / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRestore("另一个备份或恢复正在进行，请等它完成。") from None
        stage = data / _STAGE
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(mode=0o700)
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)
