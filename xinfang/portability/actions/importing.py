"""The export becomes a system: into an empty one that has the department's keys. Everything is checked before it stays.

All tables are filled in one transaction, and the files take their place just before it ends: broken off, the system is
still an empty one, onto which it may be repeated.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from xinfang.attachments.models import Attachment
from xinfang.audit import append_only_triggers
from xinfang.audit.actions import audit_log
from xinfang.backup import unused_database
from xinfang.backup.file_format import NotABackup, ReportProgress, read_header, read_members
from xinfang.backup.restoring import CannotRestore, alone_with_stage, is_address, keep, key_of, opened, require_empty
from xinfang.core import file_store, installation
from xinfang.portability.tables import empty_tables, exported_models, insert_lines, reset_sequences, split_lines
from xinfang.proof.verify import VerificationReport, verify
from xinfang.search import index
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import DecryptionFailed

from .case_folders import CASES
from .exporting import ABOUT, DATABASE, FILES, PATHS, TABLES

IMPORTED = "整体迁入"
_DAMAGED = "导出文件已损坏、不完整或被改动过，没有迁入任何内容。请换另一份。"


@dataclass
class ImportReport:
    """What was put into place, and what the checks afterwards found."""

    made_at: str
    rows: int = 0
    files: int = 0
    proof: VerificationReport | None = None
    wrong: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was found wrong and every record could be verified."""
        return not self.wrong and self.proof is not None and self.proof.whole


def require_export(file: Path) -> None:
    """Check that a file is an export which the keys that are here open, before an empty system is set up for it.

    Raises:
        CannotRestore: it isn't.
    """
    with opened(file) as source:
        try:
            head = read_header(source)
        except NotABackup as e:
            raise CannotRestore(str(e)) from None
        if head.database != DATABASE:
            raise CannotRestore("这不是整体导出的文件。备份请用 xinfang restore 恢复。")
        key_of(head)


def make_system_of(file: Path, report_progress: ReportProgress) -> ImportReport:
    """Fill this empty, set-up system with an export, and check it.

    Raises:
        CannotRestore: there is data already, or the file is no export, damaged or doesn't fit.
        OtherMode: it is of the demo and this is not, or the other way round.
        OtherTables: its tables are of another version.
    """
    with opened(file) as source, alone_with_stage() as stage:
        try:
            head = read_header(source)
            key = key_of(head)
            require_empty(file)
            report = ImportReport(head.made_at)
            with transaction.atomic():
                _fill(read_members(source, key), stage, report, report_progress)
        except (DecryptionFailed, ValueError, KeyError) as e:
            raise CannotRestore(str(e) if isinstance(e, NotABackup) else _DAMAGED) from None
        except NotABackup as e:
            raise CannotRestore(str(e)) from None
        except DatabaseError:
            raise CannotRestore(_DAMAGED) from None
    _check(report, report_progress)
    return report


def _fill(
    members: Iterator[tuple[str, Iterator[bytes]]], stage: Path, report: ImportReport, say: ReportProgress
) -> None:
    found, known, paths, about = exported_models(), {m._meta.label for m in exported_models()}, {}, None
    if not unused_database.is_unused():
        raise CannotRestore("这个系统里已经有人录入了内容，没有改动任何内容。")
    append_only_triggers.remove()
    empty_tables(found)
    for name, body in members:
        if name == ABOUT:
            about = _about(b"".join(body), known)
        elif name == PATHS:
            paths = json.loads(b"".join(body))
        elif name.startswith(CASES) and "/files/" in name:
            keep(_staged(stage, name), body)
        elif name.startswith(TABLES) and about is not None:
            label = name.removeprefix(TABLES).removesuffix(".jsonl")
            say(f"正在放入表 {label}……")
            count = insert_lines(apps.get_model(label), split_lines(body))
            if count != about["rows"][label]:
                raise DecryptionFailed
            report.rows += count
        elif name.startswith(FILES) and is_address(address := name.removeprefix(FILES)):
            keep(stage / "files" / address[:2] / address, body)
            report.files += 1
    if about is None:
        raise DecryptionFailed
    connection.check_constraints()
    reset_sequences(found)
    _encrypt_again(paths, stage, report, say)
    append_only_triggers.install()
    if (stage / "files").exists():
        with suppress(OSError):
            Path(settings.FILES_DIR).rmdir()  # an empty one
        (stage / "files").rename(settings.FILES_DIR)


def _about(raw: bytes, known: set[str]) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(raw)
    installation.compare_tables(about.get("made_by") or {})
    if about["mode"] != settings.MODE:
        raise installation.OtherMode(about["mode"])
    if set(about["rows"]) != known:
        raise CannotRestore("导出它的程序与本程序的数据表不同，没有迁入任何内容。请用同一版本的程序。")
    return about


def _staged(stage: Path, name: str) -> Path:
    """Return where the plain content of a case's file waits: by its digest of the name, which is never a path here."""
    return stage / "plain" / keyring().mark("staged file", name)


def _encrypt_again(paths: dict[str, str], stage: Path, report: ImportReport, say: ReportProgress) -> None:
    """Encrypt the files of the cases under the keys that their rows hold.

    Raises:
        DecryptionFailed: one is missing, or isn't what its row says.
    """
    say("正在加密保存附件……")
    rows: dict[str, Attachment] = {}
    for attachment in Attachment.objects.exclude(wrapped_key=None).iterator(chunk_size=500):
        if paths.get(attachment.address):
            rows.setdefault(attachment.address, attachment)
    for address, name in paths.items():
        if not name:
            continue
        key = rows[address].key()
        plain = _staged(stage, name)
        if key is None or not plain.exists():
            raise DecryptionFailed
        fresh = file_store.write_encrypted(plain.read_bytes(), key)
        target = stage / "files" / address[:2] / address
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.replace(target)
        plain.unlink()
        report.files += 1


def _check(report: ImportReport, say: ReportProgress) -> None:
    say("正在重建搜索索引……")
    index.rebuild_index(lambda n: None)
    say("正在核对附件……")
    report.wrong += file_store.check_files()
    say("正在核验全部记录……")
    report.proof = verify()
    with transaction.atomic():
        audit_log.record(None, IMPORTED, report.made_at, rows=report.rows, files=report.files)
