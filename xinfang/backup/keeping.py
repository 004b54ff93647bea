"""Backups of every day in one folder: the last ones are kept, and each is copied to a second place."""

import os
import re
import secrets
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from xinfang.core.clock import SHANGHAI

from .compression import file_digest
from .making import CannotBackUp

_NAME = re.compile(r"xinfang-\d{8}-\d{6}\.backup")
_PIECE = 1 << 20


def dated_name(now: datetime) -> str:
    """Return the name of a backup made at this moment: the time in Asia/Shanghai, so that names sort by age."""
    return f"xinfang-{now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}.backup"


def kept_in(folder: Path) -> list[Path]:
    """Return the dated backups in a folder, the newest first. Other files are nobody's business here.

    Raises:
        OSError: the folder can't be read.
    """
    return sorted((f for f in folder.iterdir() if _NAME.fullmatch(f.name) and f.is_file()), reverse=True)


def remove_older(folder: Path, keep: int) -> list[str]:
    """Delete dated backups but the newest `keep`; returns the names of those deleted.

    Raises:
        OSError: the folder can't be read, or a file can't be deleted.
    """
    gone = kept_in(folder)[keep:]
    for file in gone:
        file.unlink()
    return [file.name for file in gone]


def copy_to(file: Path, folder: Path, digest: str) -> Path:
    """Copy a backup into a second folder, and read the copy again. `digest` is the SM3 of the file (hex).

    Raises:
        CannotBackUp: the folder isn't there, the name is taken, or the copy isn't what it should be.
        OSError: the disk doesn't take it.
    """
    if not folder.is_dir():
        raise CannotBackUp(f"第二处文件夹 {folder} 不存在或没有挂载，备份只留在了第一处。")
    copied, part = folder / file.name, folder / f".{file.name}.{secrets.token_hex(4)}.part"
    if copied.exists():
        raise CannotBackUp(f"第二处已有 {copied}，没有改动它。")
    try:
        with file.open("rb") as source, part.open("xb") as target:
            part.chmod(0o600)
            shutil.copyfileobj(source, target, _PIECE)
            target.flush()
            os.fsync(target.fileno())
        if file_digest(part) != digest:
            raise CannotBackUp(f"复制到 {folder} 的备份读回时不一致，没有保留它。请检查那里的磁盘。")
        part.rename(copied)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return copied
