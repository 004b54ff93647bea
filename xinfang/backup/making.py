"""Making a backup while the system works: one moment of the database and the files it knows, checked at the end."""

import fcntl
import hashlib
import hmac
import importlib.metadata
import os
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from xinfang.attachments.models import Attachment
from xinfang.audit.actions import audit_log
from xinfang.backup.compression import compressed, file_chunks, file_digest
from xinfang.backup.file_format import (
    BackupMember,
    ChunkReader,
    ReportProgress,
    read_header,
    read_members,
    write_backup,
)
from xinfang.cases.models import Event, Petition
from xinfang.core import installation
from xinfang.core.file_store import path_of
from xinfang.incidents.models import Incident, IncidentFile
from xinfang.mailbox.models import IncomingMail
from xinfang.personnel_decisions.models import Decision, DecisionKey
from xinfang.procedure.errors import XinfangError
from xinfang.vault.chunked_cipher import decrypted_chunks
from xinfang.vault.keys import Keyring, keyring
from xinfang.vault.sm_ciphers import DecryptionFailed
from xinfang.window.models import WaitingFile, WaitingSubmission

from . import postgres, sqlite

ABOUT, SECRET, DATABASE, TABLES, FILES = "about.json", "secret.key", "database.sqlite3.gz", "tables/", "files/"
"""The members of a backup; tables and files are named behind their word."""
_ATTACHMENT, _PETITION = Attachment._meta.db_table, Petition._meta.db_table
_DECISION, _KEY = Decision._meta.db_table, DecisionKey._meta.db_table
_FILE, _INCIDENT = IncidentFile._meta.db_table, Incident._meta.db_table
_MAIL = IncomingMail._meta.db_table
_WAITING, _SUBMISSION = WaitingFile._meta.db_table, WaitingSubmission._meta.db_table
FILE_TABLES = {
    _ATTACHMENT: (
        f"SELECT a.address, a.wrapped_key, a.digest, p.number, a.place FROM {_ATTACHMENT} a"  # noqa: S608
        f" JOIN {_PETITION} p ON p.id = a.petition_id WHERE a.wrapped_key IS NOT NULL ORDER BY a.id",
        "{} 的附件{}",
    ),
    _DECISION: (
        f"SELECT d.file_address, k.wrapped_key, d.file_digest, d.number, '' FROM {_DECISION} d"  # noqa: S608
        f" JOIN {_KEY} k ON k.decision_id = d.id ORDER BY d.id",
        "{} 的决定文件{}",
    ),
    _FILE: (
        f"SELECT f.address, f.wrapped_key, f.digest, i.number, f.place FROM {_FILE} f"  # noqa: S608 - our own names
        f" JOIN {_INCIDENT} i ON i.id = f.incident_id ORDER BY f.id",
        "{} 的文件{}",
    ),
    _WAITING: (
        f"SELECT f.address, s.wrapped_key, f.digest, s.number, f.place FROM {_WAITING} f"  # noqa: S608 - our own names
        f" JOIN {_SUBMISSION} s ON s.id = f.submission_id WHERE s.wrapped_key IS NOT NULL ORDER BY f.id",
        "{} 的文件{}",
    ),
    _MAIL: (
        f"SELECT m.address, m.wrapped_key, m.digest, m.id, '' FROM {_MAIL} m"  # noqa: S608 - our own names
        " WHERE m.wrapped_key IS NOT NULL ORDER BY m.id",
        "第{}封邮件{}",
    ),
}
"""Every table with files: how they are found (address, wrapped key, digest, number, place), and what one is called."""
PETITIONS, EVENTS = "cases_petition", "cases_event"
COUNTED = {PETITIONS: _PETITION, EVENTS: Event._meta.db_table, "attachments_attachment": _ATTACHMENT}
"""The tables whose rows are counted, by what the backup calls their number: a name of the format, not of the table."""
BACKED_UP = "备份"
"""What the administrative log calls it."""


class CannotBackUp(XinfangError):
    """No backup was made. Its text says why and what to do."""


@dataclass(frozen=True)
class _File:
    """A file as the database knew it at the backup's moment."""

    address: str
    wrapped_key: bytes
    digest: str
    label: str


@dataclass
class MadeBackup:
    """A finished backup that was read again.

    `damaged` are attachments that are damaged or missing in the system itself.
    """

    file: str
    bytes: int = 0
    petitions: int = 0
    events: int = 0
    files: int = 0
    sm3: str = ""
    """Of the whole backup file."""
    seconds: float = 0.0
    damaged: list[str] = field(default_factory=list)


def make_backup(file: Path, report_progress: ReportProgress) -> MadeBackup:
    """Write a backup to a new file. Where it fails no file is left.

    Raises:
        CannotBackUp: the file is there already, its folder isn't, or another backup is being made.
        KeyMissing: a master key is gone.
        OSError: the disk is full, or doesn't take it.
    """
    began = time.perf_counter()
    if file.exists() or file.is_symlink():
        raise CannotBackUp(f"{file} 已经存在，没有改动它。请换一个文件名。")
    if not file.parent.is_dir():
        raise CannotBackUp(f"文件夹 {file.parent} 不存在，请先建立。")
    ring = keyring()
    with _alone() as work:
        part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
        try:
            made = _write_and_check(file, part, work, ring, report_progress)
            _name(part, file)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    made.seconds = round(time.perf_counter() - began, 1)
    with transaction.atomic():
        audit_log.record(
            None, BACKED_UP, file.name, bytes=made.bytes, sm3=made.sm3, petitions=made.petitions, files=made.files
        )
    return made


def _write_and_check(file: Path, part: Path, work: Path, ring: Keyring, say: ReportProgress) -> MadeBackup:
    made, known = MadeBackup(str(file)), []
    facts = {
        "made_at": timezone.localtime().isoformat(timespec="minutes"),
        "program": importlib.metadata.version("xinfang"),
        "database": connection.vendor,
    }
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        if connection.vendor == "postgresql":
            with postgres.snapshot_connection() as base:
                known = _files(postgres.tables(base), lambda sql: base.execute(sql).fetchall())
                write_backup(target, _of_postgres(base, known, made, say), ring, facts)
        else:
            copy = work / "copy.sqlite3"
            _copy_and_check(copy, say)
            known = _files(sqlite.tables(copy), partial(sqlite.rows, copy))
            write_backup(target, _of_sqlite(copy, known, made, say), ring, facts)
        target.flush()
        os.fsync(target.fileno())
        # What is read again comes from the disk, not from memory.
        os.posix_fadvise(target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    say("正在复核备份文件……")
    _check(part, ring, {f.address: f for f in known}, made)
    made.bytes = part.stat().st_size
    return made


def _copy_and_check(copy: Path, say: ReportProgress) -> None:
    said = [-1]

    def progress(share: float) -> None:
        if (tenth := int(share * 10)) > said[0]:
            said[0] = tenth
            say(f"正在复制数据库：{tenth * 10}%")

    sqlite.copy_database(copy, progress)
    say("正在检查数据库的副本……")
    if wrong := sqlite.problem_in(copy):
        raise CannotBackUp(
            f"数据库的副本没有通过检查（{'；'.join(wrong)}），没有生成备份。请保留现场，从最近的备份恢复到另一处比对。"
        )


def _files(tables: Collection[str], ask: Callable[[str], list[tuple[Any, ...]]]) -> list[_File]:
    """Return the files of this database, which may be older than the program.

    Content that is twice in a case lies there once.
    """
    found = {}
    for table, (sql, label) in FILE_TABLES.items():
        for address, wrapped, digest, number, place in ask(sql) if table in tables else ():
            found[address] = _File(address, bytes(wrapped), digest, label.format(number, place))
    return list(found.values())


def _of_sqlite(copy: Path, known: list[_File], made: MadeBackup, say: ReportProgress) -> Iterator[BackupMember]:
    applied = sqlite.rows(copy, "SELECT app, name FROM django_migrations ORDER BY id")
    counts = {
        name: sqlite.rows(copy, f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - our own names
        for name, table in COUNTED.items()
    }
    yield ABOUT, [postgres.as_json(_about(applied, counts, {"bytes": copy.stat().st_size}, made))]
    yield SECRET, [settings.SECRET_KEY.encode()]
    say("正在加密写入数据库……")
    yield DATABASE, compressed(file_chunks(copy))
    copy.unlink()
    yield from _of_files(known, made, say)


def _of_postgres(base: Any, known: list[_File], made: MadeBackup, say: ReportProgress) -> Iterator[BackupMember]:
    tables = postgres.tables(base)
    applied = base.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    counts = {
        name: base.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
        for name, table in COUNTED.items()
    }
    more = {"tables": tables, "sequences": postgres.sequences(base)}
    yield ABOUT, [postgres.as_json(_about(applied, counts, more, made))]
    yield SECRET, [settings.SECRET_KEY.encode()]
    for place, (table, columns) in enumerate(tables.items(), 1):
        say(f"正在写入第 {place}/{len(tables)} 个表……")
        yield f"{TABLES}{table}", compressed(postgres.copy_out(base, table, columns))
    yield from _of_files(known, made, say)


def _about(
    applied: list[tuple[Any, ...]], counts: dict[str, int], more: dict[str, Any], made: MadeBackup
) -> dict[str, Any]:
    made.petitions, made.events = counts[PETITIONS], counts[EVENTS]
    return {
        "migrations": [list(row) for row in applied],
        "counts": counts,
        "mode": installation.stored_mode(),
        "made_by": installation.stored_fingerprints(),
        **more,
    }


def _of_files(known: list[_File], made: MadeBackup, say: ReportProgress) -> Iterator[BackupMember]:
    """Yield the files as they lie there, encrypted under their own keys. Unreadable ones don't stop the rest."""
    for place, file in enumerate(known, 1):
        if place % 1000 == 0:
            say(f"正在写入第 {place}/{len(known)} 个附件……")
        try:
            lying = path_of(file.address)
            lying.open("rb").close()
        except OSError as e:
            made.damaged.append(f"{file.label}：文件读不出来（{e.strerror}），备份中没有它。")
            continue
        made.files += 1
        yield f"{FILES}{file.address}", file_chunks(lying)


def _check(part: Path, ring: Keyring, known: dict[str, _File], made: MadeBackup) -> None:
    """Read the file as a restore would: decrypt and compare every byte, and every attachment's plain content."""
    with part.open("rb") as source:
        for name, body in read_members(source, read_header(source).key(ring)):
            if name.startswith(FILES):
                file = known[name.removeprefix(FILES)]
                if not _same_content(body, ring, file):
                    made.damaged.append(f"{file.label}：内容与登记的摘要不符，已损坏或被改动；备份中原样保存。")
    made.sm3 = file_digest(part)


def _same_content(body: Iterator[bytes], ring: Keyring, file: _File) -> bool:
    digest = hashlib.new("sm3")
    try:
        for piece in decrypted_chunks(ChunkReader(body), ring.unwrap(file.wrapped_key)):
            digest.update(piece)
    except DecryptionFailed:
        return False
    return hmac.compare_digest(digest.hexdigest(), file.digest)


def _name(part: Path, file: Path) -> None:
    """Give the finished file its name.

    Raises:
        CannotBackUp: another file has taken the name meanwhile.
    """
    try:
        os.link(part, file)
    except FileExistsError:
        raise CannotBackUp(f"{file} 已经存在，没有改动它。请换一个文件名。") from None
    except OSError:
        # A file system without links, as on many memory sticks.
        if file.exists():
            raise CannotBackUp(f"{file} 已经存在，没有改动它。请换一个文件名。") from None
        part.rename(file)
    handle = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone() -> Iterator[Path]:
    """Make a work folder inside the data folder, for its owner only, and clear away what a killed backup left.

    Raises:
        CannotBackUp: another backup is being made.
    """
    data = Path(settings.DATA)
    with (data / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotBackUp("另一个备份正在进行，请等它完成。") from None
        work = data / ".backup"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
