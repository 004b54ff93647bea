"""The mailbox at the command line: taking what came, and whether every message is accounted for."""

import argparse
from dataclasses import asdict
from typing import Any

from xinfang.core.output import FAILED, OK, CommandFailed, print_json, print_line


def add(commands: Any) -> None:
    """Add `mailbox` to the `xinfang` command."""
    below = commands.add_parser("mailbox", help="邮箱来件").add_subparsers(
        title="做什么", metavar="做什么", required=True
    )
    p = below.add_parser("take", help="收取邮箱中的来件，每封一次；可重复运行，巡查时也会做")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_take, needs="database")
    p = below.add_parser("reconcile", help="核对邮箱中的每一封：已登记、不登记、待登记，有没有遗漏")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_reconcile, needs="database")


def run_take(args: argparse.Namespace) -> int:
    """Take what came: `xinfang mailbox take`.

    Raises:
        CommandFailed: the box can't be opened, or another process reads it.
    """
    from xinfang.mailbox.actions.taking import sole_reader, take_all
    from xinfang.mailbox.imap_box import MailboxUnavailable

    with sole_reader() as alone:
        if not alone:
            raise CommandFailed(FAILED, "另一个收取程序正在运行，本次没有收取。")
        try:
            done = take_all()
        except MailboxUnavailable as e:
            raise CommandFailed(FAILED, str(e)) from None
    if args.json:
        print_json(asdict(done))
    else:
        print_line(
            f"邮箱中 {done.in_box} 封：新收 {done.taken} 封（其中自动邮件 {done.automatic} 封，过大只收邮件头 "
            f"{done.heads} 封），已收过 {done.known} 封，失败 {done.failed} 封。"
        )
    return FAILED if done.failed else OK


def run_reconcile(args: argparse.Namespace) -> int:
    """Account for every message: `xinfang mailbox reconcile`.

    Raises:
        CommandFailed: the box can't be opened.
    """
    from xinfang.mailbox.imap_box import MailboxUnavailable
    from xinfang.mailbox.queries.accounting import account

    try:
        found = account()
    except MailboxUnavailable as e:
        raise CommandFailed(FAILED, str(e)) from None
    if args.json:
        print_json({**asdict(found), "balanced": found.balanced})
    else:
        print_line(
            f"邮箱中 {found.in_box} 封 = 已登记 {found.registered} + 不登记 {found.set_aside} + 等待决定 {found.proposed}"
            f" + 待登记 {found.waiting} + 过大待登记 {found.refused} + 没有收取 {found.not_taken}。"
        )
        print_line(f"系统中保存 {found.kept} 封，其中 {found.gone} 封已不在邮箱中。")
        for sentence in found.damaged:
            print_line(sentence)
        print_line("全部有着落。" if found.balanced else "有没有着落的，请运行 xinfang mailbox take 后再核对。")
    return OK if found.balanced else FAILED
