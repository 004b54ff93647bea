"""Making the export: one moment of the whole system, encrypted as a backup is, read again before it gets its name."""

import hashlib
import importlib.metadata
import json
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.backup.compression import file_chunks, file_digest
from xinfang.backup.file_format import BackupMember, ReportProgress, read_header, read_members, write_backup
from xinfang.cases.actions.export_approvals import ask_to_export, use_approval
from xinfang.cases.models import ExportRequest, Petition
from xinfang.cases.queries.export_approvals import own_request
from xinfang.core import file_store, installation
from xinfang.core.clock import today
from xinfang.core.features import modules
from xinfang.core.snapshots import read_snapshot
from xinfang.portability.tables import exported_models, table_lines
from xinfang.procedure.errors import XinfangError
from xinfang.procedure.exports import ASKS_FOR_ALL, ExportKind
from xinfang.proof.bundle import make_bundle
from xinfang.registers.case_rows import read_rows
from xinfang.registers.columns import LEDGER, cell_of, read_columns
from xinfang.registers.files import CSV, XLSX, Sheet, write_csv, write_workbook
from xinfang.vault.keys import keyring

from .case_folders import case_folder, readable_cases

DATABASE = "open-export"
"""What the head of the file says in place of a database: no backup is taken for it, nor it for a backup."""
ABOUT, PATHS, TABLES, FILES, PROOFS = "about.json", "paths.json", "tables/", "files/", "proofs.zip"
SM3_LIST, SHA_LIST = "manifest-sm3.txt", "manifest-sha256.txt"
EXPORTED = "整体导出"
README = """整套数据

cases/编号/case.json      每件的内容、信访人、诉求、期限、每一步办理记录、文书、附件清单（密封件、已销毁的件没有）
cases/编号/files/         每件的附件和文书
registers/                信访事项总台账（Excel、CSV）
proofs.zip                证据包：全部办理记录的哈希链和封印，解开后 python3 verify.py 即可核验，不需要本系统
tables/                   全部数据表，每行一条 JSON；加密的列仍是密文，只有带着密钥文件夹的系统能打开
files/                    其余文件的密文（密封件的附件、突发事件的文件、原始邮件等）
paths.json                cases/ 中的文件对应哪一个存放处
manifest-sm3.txt          每个文件的 SM3；manifest-sha256.txt 可用 sha256sum -c 核对

检举控告等密封件只有密文，只有专管员在迁入后的系统里能看到。
"""


class CannotExport(XinfangError):
    """Nothing was exported. Its text says why and what to do."""


@dataclass
class ExportReport:
    """What was written. `sealed` cases are in it only as ciphertext; `sm3` is of the whole file."""

    file: str
    cases: int = 0
    sealed: int = 0
    files: int = 0
    rows: int = 0
    bytes: int = 0
    sm3: str = ""
    seconds: float = 0.0


def ask_for_all(staff: Staff, reason: str) -> ExportRequest:
    """Ask to export the whole system; another agrees on the page of exports.

    Raises:
        CannotExport: this person can't ask for it, or gives no reason.
    """
    if not actor_of(staff, today()).has(*ASKS_FOR_ALL):
        raise CannotExport("只有办公室主任和系统管理员可以申请整体导出。")
    if not reason.strip():
        raise CannotExport("请写明为什么要整体导出。")
    return ask_to_export(ExportKind.WHOLE_SYSTEM, None, "", staff=staff, reason=reason)


def make_export(file: Path, staff: Staff, report_progress: ReportProgress) -> ExportReport:
    """Write the export that this person asked for and another agreed to. Where it fails no file is left.

    Raises:
        CannotExport: nobody agreed, or the file is there already.
        DecryptionFailed: something of a case can't be read, or what was written isn't what is read again.
        OSError: the disk doesn't take it.
    """
    began, now = time.perf_counter(), timezone.now()
    if file.exists():
        raise CannotExport(f"{file} 已经存在，没有改动它。请换一个文件名。")
    state = own_request(ExportKind.WHOLE_SYSTEM, None, "", staff, now)
    if state is None or not state.open:
        raise CannotExport(state.words if state else "还没有申请。请先用 --ask 申请，由厅主要领导同意。")
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    report, ring = ExportReport(str(file)), keyring()
    facts = {
        "made_at": timezone.localtime().isoformat(timespec="minutes"),
        "program": importlib.metadata.version("xinfang"), "database": DATABASE,
    }  # fmt: skip
    try:
        # Used up first: what was made is known even where the disk failed at the end.
        mark = use_approval(state.request, now=now)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target, read_snapshot():
            write_backup(target, _listed(_members(report, mark, report_progress)), ring, facts)
            target.flush()
            os.fsync(target.fileno())
        report_progress("正在复核导出的文件……")
        with part.open("rb") as source:
            for _ in read_members(source, read_header(source).key(ring)):
                pass  # what nobody reads is read and checked there
        report.bytes, report.sm3 = part.stat().st_size, file_digest(part)
        part.rename(file)
    except AdminChangeRefused as e:
        raise CannotExport(str(e)) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    with transaction.atomic():
        audit_log.record(staff, EXPORTED, file.name, sm3=report.sm3, petitions=report.cases, sealed=report.sealed)
    report.seconds = round(time.perf_counter() - began, 1)
    return report


def _members(report: ExportReport, mark: str, say: ReportProgress) -> Iterator[BackupMember]:
    yield ABOUT, [_as_json(_about(mark))]
    yield "说明.txt", [README.encode()]
    paths: dict[str, str] = {}
    for petition in readable_cases():
        report.cases += 1
        if report.cases % 500 == 0:
            say(f"已写出 {report.cases} 件……")
        for name, content in case_folder(petition, paths):
            report.files += not name.endswith("/case.json")
            yield name, content
    report.sealed = Petition.objects.filter(sealed=True).count()
    yield PATHS, [_as_json(paths)]
    yield from _registers(mark)
    yield from _proofs()
    for model in exported_models():
        say(f"正在写出表 {model._meta.label}……")
        yield f"{TABLES}{model._meta.label}.jsonl", _counted(table_lines(model), report)
    for feature in modules("stores"):
        for store in feature.STORES:
            for stored in store.files():
                if stored.content is not None and stored.address not in paths:
                    paths[stored.address] = ""
                    report.files += 1
                    yield f"{FILES}{stored.address}", file_chunks(file_store.path_of(stored.address))


def _about(mark: str) -> dict[str, Any]:
    return {
        "format": "xinfang-export-1",
        "department": settings.DEPARTMENT,
        "mode": installation.stored_mode(),
        "made_by": installation.stored_fingerprints(),
        "mark": mark,
        "rows": {m._meta.label: m._base_manager.count() for m in exported_models()},
    }


def _registers(mark: str) -> Iterator[BackupMember]:
    known = Petition.objects.filter(sealed=False).order_by("received_on", "pk")
    columns = read_columns(LEDGER, personal=True)
    found = read_rows(
        known, list(known.values_list("pk", flat=True)), [c.needs for c in columns], today(), personal=True
    )
    rows = [[cell_of(column, row) for column in columns] for row in found]
    sheet = Sheet("信访事项总台账", "", mark, columns)
    yield f"registers/all.{CSV}", [write_csv(sheet, rows)]
    yield f"registers/all.{XLSX}", [write_workbook(sheet, rows)]


def _proofs() -> Iterator[BackupMember]:
    work = Path(settings.DATA) / f".proofs-{secrets.token_hex(4)}.zip"
    try:
        ids = list(Petition.objects.order_by("pk").values_list("pk", flat=True))
        make_bundle(ids, work, timezone.now(), all_seals=True)
        yield PROOFS, file_chunks(work)
    finally:
        work.unlink(missing_ok=True)


def _counted(lines: Iterator[bytes], report: ExportReport) -> Iterator[bytes]:
    for chunk in lines:
        report.rows += chunk.count(b"\n")
        yield chunk


def _listed(members: Iterable[BackupMember]) -> Iterator[BackupMember]:
    """Yield the members and behind them the lists of their digests."""
    lists: dict[str, list[str]] = {SM3_LIST: [], SHA_LIST: []}
    for name, content in members:
        digests = (hashlib.new("sm3"), hashlib.sha256())
        yield name, _digested(content, digests)
        for lines, digest in zip(lists.values(), digests, strict=True):
            lines.append(f"{digest.hexdigest()}  {name}\n")
    for name, lines in lists.items():
        yield name, ["".join(lines).encode()]


def _digested(content: Iterable[bytes], digests: Iterable[Any]) -> Iterator[bytes]:
    for chunk in content:
        for digest in digests:
            digest.update(chunk)
        yield chunk


def _as_json(found: Any) -> bytes:
    return json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1).encode()
