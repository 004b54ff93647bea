"""Backup, drill and restore: the whole system in one encrypted file, and back onto an empty machine."""

import argparse
import errno
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xinfang.core.output import FAILED, OK, REFUSED, WRONG_CALL, CommandFailed, print_error, print_json, print_line


def add(commands: Any) -> None:
    """Add `backup`, `rehearse` and `restore`."""
    p = commands.add_parser("backup", help="把数据库和附件备份成一个加密文件；不必停机，写完即复核；不含主密钥")
    p.add_argument("file", type=Path, nargs="?", metavar="文件", help="写到哪个新文件")
    p.add_argument("--into", type=Path, metavar="文件夹", help="写到这个文件夹，按时间取名（定时备份用）")
    p.add_argument("--keep", type=int, metavar="份数", help="--into 的文件夹里只留最近几份")
    p.add_argument("--copy", type=Path, metavar="文件夹", help="再复制到第二处，读回核对，也只留最近几份")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_backup, needs="people")
    p = commands.add_parser("rehearse", help="恢复演练：把最近的备份恢复到一旁，核验后删除，记下结果")
    p.add_argument("where", type=Path, metavar="备份", help="备份文件，或存放备份的文件夹（取最近一份）")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_rehearsal, needs="people")
    p = commands.add_parser("restore", help="把备份恢复到空的数据文件夹；先放好密钥文件夹，或运行 key recover")
    p.add_argument("file", type=Path, metavar="文件", help="备份文件")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_restore, needs="settings")


def run_backup(args: argparse.Namespace) -> int:
    """Write a backup and check it: `xinfang backup`.

    Raises:
        CommandFailed: the file is there already, or the backup can't be written or isn't as it should be.
    """
    import sqlite3

    from django.db import DatabaseError

    from xinfang.vault.keys import KeyMissing
    from xinfang.vault.sm_ciphers import DecryptionFailed

    from .keeping import copy_to, remove_older
    from .making import CannotBackUp, make_backup

    file = _new_file(args)
    if file.exists():
        raise CommandFailed(WRONG_CALL, f"{file} 已经存在，没有改动它。请换一个文件名。")
    removed: list[str] = []
    try:
        made = make_backup(file, print_error)
        if args.copy:
            copy_to(file, args.copy.absolute(), made.sm3)
        if args.keep:
            for folder in filter(None, (args.into, args.copy)):
                removed += remove_older(folder.absolute(), args.keep)
    except (CannotBackUp, KeyMissing) as e:
        raise CommandFailed(FAILED, str(e)) from None
    except DecryptionFailed:
        raise CommandFailed(FAILED, "刚写好的备份读回时不一致，没有保留它。请检查目标磁盘，再试一次。") from None
    except (OSError, sqlite3.Error, DatabaseError) as e:
        raise CommandFailed(FAILED, _disk(e, "没有生成备份")) from None
    if args.json:
        print_json(asdict(made) | {"copied_to": str(args.copy or ""), "removed": removed})
    else:
        print_line(
            f"已备份到 {made.file}：{made.petitions} 件、{made.events} 条办理记录、{made.files} 个附件，"
            f"{made.bytes / 2**20:.1f} MB，用时 {made.seconds:.0f} 秒，已复核。"
        )
        print_line(f"文件的 SM3 摘要：{made.sm3}")
        if args.copy:
            print_line(f"已复制到 {args.copy}，读回一致。")
        if removed:
            print_line(f"已删除较早的 {len(removed)} 份，每处留最近 {args.keep} 份。")
        print_line("备份里没有主密钥：恢复时还需要密钥文件夹，或凑齐密钥份额。请把两者分开保存。")
    for sentence in made.damaged:
        print_error(sentence)
    return FAILED if made.damaged else OK


def _new_file(args: argparse.Namespace) -> Path:
    """Return the file to be written: the one named, or one of now in the folder named.

    Raises:
        CommandFailed: neither or both are named, or what belongs to a folder is asked of a file.
    """
    from django.utils import timezone

    from .keeping import dated_name

    if (args.file is None) == (args.into is None):
        raise CommandFailed(WRONG_CALL, "请写备份文件，或者用 --into 写存放备份的文件夹，二者选一。")
    if args.keep is not None and args.into is None:
        raise CommandFailed(WRONG_CALL, "--keep 只用于 --into 的文件夹。")
    if args.keep is not None and args.keep < 2:
        raise CommandFailed(WRONG_CALL, "--keep 至少 2 份：只留一份时，它坏了就没有别的了。")
    found: Path = args.file or args.into / dated_name(timezone.now())
    return found.absolute()


def run_rehearsal(args: argparse.Namespace) -> int:
    """Restore the newest backup beside the system and verify it: `xinfang rehearse`.

    Raises:
        CommandFailed: there is no backup, or it can't be restored beside the system.
    """
    from .rehearsal import CannotRehearse, rehearse

    try:
        held = rehearse(args.where.absolute())
    except CannotRehearse as e:
        raise CommandFailed(FAILED, str(e)) from None
    except OSError as e:
        raise CommandFailed(FAILED, _disk(e, "演练没有完成")) from None
    if args.json:
        print_json(asdict(held))
    elif held.whole:
        print_line(
            f"{held.file} 可以恢复：{held.petitions} 件、{held.events} 条办理记录、{held.files} 个附件，"
            f"用时 {held.minutes} 分钟，丢失 0。"
        )
    for sentence in held.wrong:
        print_error(sentence)
    return OK if held.whole else FAILED


def run_restore(args: argparse.Namespace) -> int:
    """Restore a backup into an empty data folder and check it: `xinfang restore`.

    Raises:
        CommandFailed: there is data already, or the backup can't be read or doesn't fit.
    """
    from django.db import DatabaseError

    from xinfang.backup.restoring import CannotRestore, check_restored, put_into_place
    from xinfang.core.database import set_up
    from xinfang.core.installation import OtherMode, OtherTables
    from xinfang.trusted_time import queries as trusted_time
    from xinfang.trusted_time.queries import doubt_sentence
    from xinfang.vault.keys import KeyMissing

    began = time.perf_counter()
    try:
        restored = put_into_place(args.file.absolute(), print_error)
    except (CannotRestore, KeyMissing) as e:
        raise CommandFailed(REFUSED, str(e)) from None
    except (OtherMode, OtherTables) as e:
        raise CommandFailed(WRONG_CALL, str(e)) from None
    except (OSError, DatabaseError) as e:
        raise CommandFailed(FAILED, _disk(e, "没有恢复任何内容")) from None
    print_error("正在升级数据库……")
    applied, _ = set_up()
    check_restored(restored, applied, print_error)
    doubt = trusted_time.clock_doubt()
    proof = restored.proof
    assert proof is not None
    seconds = round(time.perf_counter() - began, 1)
    if args.json:
        print_json(
            asdict(restored) | {"whole": restored.whole, "seconds": seconds, "clock": doubt.sentence if doubt else ""}
        )
    else:
        print_line(
            f"已恢复 {restored.made_at} 的备份：{restored.petitions} 件、{restored.events} 条办理记录、"
            f"{restored.files} 个附件；升级 {restored.upgraded} 项；用时 {seconds:.0f} 秒。"
        )
        if restored.whole:
            print_line(f"核验 {proof.events} 条办理记录、{proof.seals} 个封印：全部完好。所有人需重新登录。")
    for sentence in restored.wrong:
        print_error(sentence)
    for broken in proof.broken:
        print_error(f"{broken.chain} {broken.place}：{broken.what}")
    if doubt:
        # An old backup ends long before now: what the first sweep will ask is better known at once.
        print_error(f"注意：备份中可信的时间止于 {doubt_sentence(doubt.known)}。{doubt.sentence}")
    return OK if restored.whole else FAILED


def _disk(error: Exception, so: str) -> str:
    """Say in one sentence what the machine refused.

    Database errors may hold personal data, so their words stay out.
    """
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "is full" in str(error):
        return f"磁盘空间不足，{so}。请清理磁盘，或写到另一块磁盘，再试一次。"
    if isinstance(error, OSError):
        return f"读写失败（{error.strerror or type(error).__name__}），{so}。请检查磁盘和权限，再试一次。"
    return f"数据库没有答应（{type(error).__name__}），{so}。请检查数据库是否正常、有没有足够的空间，再试一次。"
