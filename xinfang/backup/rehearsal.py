"""A drill: the newest backup is restored beside the running system and verified, so that it is known to be good.

The restore is the very command that would be used after a fire, in a process of its own with a data folder of its own;
only the keys are those of the system. What came of it is written down for the auditor.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from xinfang.audit.actions import audit_log
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition
from xinfang.core.background import command_line
from xinfang.procedure.errors import XinfangError

from .compression import file_digest
from .keeping import kept_in
from .making import BACKED_UP

REHEARSED = "恢复演练"
"""What the administrative log calls it."""
_BESIDE = ".rehearsal-"
_MOST_SENTENCES = 5
_MOST_CHARACTERS = 300


class CannotRehearse(XinfangError):
    """No drill was held. Its text says why and what to do."""


@dataclass(frozen=True)
class Rehearsal:
    """What a drill showed.

    `wrong` are the sentences of the restore, and what is less than the system noted when it made the backup.
    """

    file: str
    whole: bool
    petitions: int
    events: int
    files: int
    minutes: float
    wrong: tuple[str, ...] = ()


def rehearse(where: Path) -> Rehearsal:
    """Restore a backup, or the newest one of a folder, beside the system; verify it, remove it, and write it down.

    Raises:
        CannotRehearse: there is no backup, or on PostgreSQL no database to restore into.
        OSError: the disk doesn't take it.
    """
    file = _newest(where)
    began = time.perf_counter()
    for left in Path(settings.DATA).glob(f"{_BESIDE}*"):
        shutil.rmtree(left, ignore_errors=True)  # of one that was killed
    beside = Path(settings.DATA) / f"{_BESIDE}{secrets.token_hex(4)}"
    beside.mkdir(mode=0o700)
    try:
        told, wrong = _restored(file, beside)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    wrong += _less_than_noted(file, told)
    held = Rehearsal(
        file=file.name,
        whole=not wrong,
        petitions=told.get("petitions", 0),
        events=told.get("events", 0),
        files=told.get("files", 0),
        minutes=round((time.perf_counter() - began) / 60, 1),
        wrong=tuple(wrong[:_MOST_SENTENCES]),
    )
    with transaction.atomic():
        audit_log.record(None, REHEARSED, file.name, **{k: v for k, v in asdict(held).items() if k != "file"})
    return held


def _newest(where: Path) -> Path:
    if where.is_file():
        return where
    if not where.is_dir():
        raise CannotRehearse(f"{where} 不存在。请写备份文件，或存放备份的文件夹。")
    found = kept_in(where)
    if not found:
        raise CannotRehearse(f"{where} 里没有备份。请先运行 xinfang backup --into {where}。")
    return found[0]


def _restored(file: Path, beside: Path) -> tuple[dict[str, Any], list[str]]:
    """Run the restore; return what it tells as JSON, and what is wrong.

    Raises:
        CannotRehearse: on PostgreSQL no database is set to restore into.
    """
    env = {**os.environ, "XINFANG_DATA": str(beside), "XINFANG_KEYS": str(settings.KEYS_DIR)}
    env["XINFANG_DATABASE_URL"] = ""
    if connection.vendor == "postgresql":
        if not settings.REHEARSAL_DATABASE_URL:
            raise CannotRehearse("请用 XINFANG_REHEARSAL_DATABASE_URL 指明一个空的 PostgreSQL 数据库，供演练恢复。")
        env["XINFANG_DATABASE_URL"] = settings.REHEARSAL_DATABASE_URL
    try:
        done = subprocess.run(  # noqa: S603 - words of our own
            command_line("restore", str(file), "--json"), env=env, capture_output=True, text=True, check=False
        )
    finally:
        if connection.vendor == "postgresql":
            _emptied(env)
    told: dict[str, Any] = {}
    with suppress(ValueError):
        told = json.loads(done.stdout)
    if done.returncode == 0 and told.get("whole"):
        return told, []
    said = [row[:_MOST_CHARACTERS] for row in done.stderr.splitlines() if row and not row.startswith("正在")]
    return told, said or ["恢复没有完成"]


def _less_than_noted(file: Path, told: dict[str, Any]) -> list[str]:
    """Compare with what the system noted when it made this very file."""
    noted = AdminRecord.objects.filter(what=BACKED_UP, target=file.name).order_by("-id").first()
    if noted is None:
        return ["管理记录里没有这份备份，不能确认它是本系统做的"]
    if noted.detail["sm3"] != file_digest(file):
        return ["文件与做备份时记下的 SM3 摘要不同，已被改动或损坏"]
    lost = []
    for key, what, unit in (("petitions", "信访事项", "件"), ("files", "附件", "个")):
        if (less := noted.detail[key] - told.get(key, 0)) > 0:
            lost.append(f"{what}少了 {less} {unit}")
    if not told.get("petitions") and not lost and Petition.objects.exists():
        return ["备份里没有信访事项，而系统里有"]
    return lost


def _emptied(env: dict[str, str]) -> None:
    """Leave the drill's database as empty as it was, for the next one."""
    script = "import django; django.setup(); from xinfang.backup.unused_database import drop_all_tables as d; d()"
    env = {**env, "DJANGO_SETTINGS_MODULE": "xinfang.config.settings"}
    subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=False)  # noqa: S603
