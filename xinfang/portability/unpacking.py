"""The export as a folder, for people and other programs: only who has the department's keys can make it."""

import os
from pathlib import Path

from xinfang.backup.file_format import NotABackup, read_header, read_members
from xinfang.backup.restoring import CannotRestore, key_of, opened
from xinfang.procedure.errors import XinfangError
from xinfang.vault.sm_ciphers import DecryptionFailed


class CannotUnpack(XinfangError):
    """Nothing more was written. Its text says why."""


def unpack(file: Path, folder: Path) -> int:
    """Write the members of an export into a new folder, for its owner only; returns how many.

    Raises:
        CannotUnpack: the folder is there already, or the file is no export, damaged or of other keys.
        OSError: the disk doesn't take it.
    """
    if folder.exists():
        raise CannotUnpack(f"{folder} 已经存在，没有改动它。请换一个文件夹。")
    count = 0
    try:
        with opened(file) as source:
            head = read_header(source)
            members = read_members(source, key_of(head))
            for name, body in members:
                if not _is_safe(name):
                    raise CannotUnpack(f"导出文件里有不该有的名称，没有再解开：{name[:60]}")
                target = folder / name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened_file:
                    for chunk in body:
                        opened_file.write(chunk)
                count += 1
    except (CannotRestore, NotABackup) as e:
        raise CannotUnpack(str(e)) from None
    except DecryptionFailed:
        raise CannotUnpack("导出文件已损坏、不完整或被改动过。已写出的部分不要使用。") from None
    return count


def _is_safe(name: str) -> bool:
    return bool(name) and not name.startswith("/") and not {"", ".", ".."} & set(name.split("/")) and "\0" not in name
