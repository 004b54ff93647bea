"""The master keys from the server's command line. No command ever prints a key; `key shares` prints shares of them."""

import argparse
import sys
from typing import Any

from xinfang.core.output import FAILED, OK, REFUSED, CommandFailed, format_table, print_error, print_line, wrong_call
from xinfang.vault.sm_ciphers import VaultError


def add(commands: Any) -> None:
    """Add `key` with its subcommands to the `xinfang` command."""
    keys = commands.add_parser("key", help="主密钥：查看、轮换、制作份额、用份额恢复").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = keys.add_parser("show", help="有哪些版本、在哪里、各加密了多少（不显示密钥）")
    p.set_defaults(run=run_show, needs="set-up")
    p = keys.add_parser("rotate", help="启用新的主密钥，并把已有内容的密钥换由它加密；不必停机，中断后可重新运行")
    p.add_argument("--resume", action="store_true", help="不造新密钥，只把上次没换完的换完")
    p.set_defaults(run=run_rotate, needs="set-up")
    p = keys.add_parser("shares", help="把密钥制成若干份纸质份额，凑够几份即可恢复")
    p.add_argument("--of", type=int, required=True, metavar="份数", help="共制作几份，每份交一人保管")
    p.add_argument("--need", type=int, required=True, metavar="份数", help="恢复时需要几份")
    p.set_defaults(run=run_shares, needs="set-up")
    p = keys.add_parser("recover", help="用份额恢复密钥：由标准输入给出，每行一份，空行或文件结束为止")
    p.set_defaults(run=run_recover, needs="settings")


def run_show(args: argparse.Namespace) -> int:
    """Show which versions of the master key there are, where, and how much each encrypts; never a key."""
    from django.conf import settings

    from xinfang.core.master_key_usage import record_keys_by_master
    from xinfang.vault.keys import LOOKUP

    ring, used = _ring(), record_keys_by_master()
    marks = ring.fingerprints()
    print_line(f"密钥文件夹：{settings.KEYS_DIR}")
    rows: list[tuple[Any, ...]] = [
        (f"主密钥第 {v} 版", marks[str(v)], used.get(v, 0), "现用" if v == ring.newest else "") for v in ring.versions
    ]
    rows.append(("检索密钥", marks[LOOKUP], "", "不轮换"))
    print_line(format_table(("密钥", "核对码", "加密的密钥数", "说明"), rows))
    lost = {v: n for v, n in used.items() if v not in ring.versions}
    for version, count in lost.items():
        name = f"需要第 {version} 版主密钥，而文件夹中没有这一版" if version else "已损坏"
        print_error(f"有 {count} 个内容密钥{name}。")
    if lost:
        print_error("请从备份恢复密钥文件夹，或用较新的份额运行 xinfang key recover。")
    return FAILED if lost else OK


def run_rotate(args: argparse.Namespace) -> int:
    """Begin a new master key and wrap every record key by it; `--resume` only does the rest of an earlier run.

    Raises:
        CommandFailed: a key is missing, or some record keys can't be opened.
    """
    from xinfang.core.master_key_usage import record_keys_by_master
    from xinfang.operations.actions.key_rotation import rewrap_all, rotate_master_key
    from xinfang.vault.keys import KeyMissing

    _ring()
    try:
        if not args.resume:
            print_line(
                f"已启用第 {rotate_master_key()} 版主密钥。此前制作的份额不含这一版，请随后运行 xinfang key shares 重新制作。"
            )
        done = rewrap_all(lambda n: print_error(f"已处理 {n} 个"))
    except KeyMissing as e:
        raise CommandFailed(FAILED, str(e)) from None
    newest = _ring().newest
    left = sum(n for version, n in record_keys_by_master().items() if version < newest)
    print_line(f"已把 {done} 个内容密钥换由第 {newest} 版主密钥加密。")
    if left:
        raise CommandFailed(
            FAILED, f"另有 {left} 个未能更换（日志 record_key_unreadable 列出了是哪些），请勿删除旧版密钥文件。"
        )
    return OK


def run_shares(args: argparse.Namespace) -> int:
    """Print the keys as shares, of which some together give them back; the one command that prints secrets."""
    from xinfang.vault.key_shares import split_keys

    _ring()
    try:
        shares = split_keys(args.of, args.need)
    except ValueError as e:
        wrong_call(str(e))
    print_error(
        f"共 {args.of} 份，凑够任意 {args.need} 份即可恢复密钥。请分别打印或抄写，各交一人保管，不要存在本机或放在一处；"
        "轮换主密钥后要重新制作。"
    )
    for share in shares:
        print_line(share)
    return OK


def run_recover(args: argparse.Namespace) -> int:
    """Put the keys back from shares that are typed or piped in, one a row.

    Raises:
        CommandFailed: the shares don't give the keys, or there are other keys already.
    """
    from django.conf import settings

    from xinfang.vault.key_shares import recover_keys

    if sys.stdin.isatty():
        print_error("请输入份额，每行一份，输完后再按一次回车：")
    lines: list[str] = []
    for line in sys.stdin:
        if not line.strip() and lines:
            break
        lines.append(line)
    try:
        versions = recover_keys(lines)
    except VaultError as e:
        raise CommandFailed(REFUSED, str(e)) from None
    print_line(f"已恢复 {len(versions)} 个版本的主密钥和检索密钥到 {settings.KEYS_DIR}，最新为第 {versions[-1]} 版。")
    print_line(
        "数据库要从备份恢复的，现在就运行 xinfang restore；数据库还在的，请运行 xinfang key show，核对其中的内容是否都有对应的密钥。"
    )
    return OK


def _ring() -> Any:
    from xinfang.vault.keys import KeyMissing, keyring

    try:
        return keyring()
    except KeyMissing as e:
        raise CommandFailed(FAILED, str(e)) from None
