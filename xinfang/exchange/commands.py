"""The exchange with the regional system from the command line: send, package, receipts, reconcile."""

import argparse
import os
import signal
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinfang.core.output import FAILED, OK, WRONG_CALL, CommandFailed, print_error, print_json, print_line, wrong_call
from xinfang.trusted_time.commands import clock_refusal_lines

if TYPE_CHECKING:
    from xinfang.exchange.actions.transfers import ExchangeReport
    from xinfang.exchange.http_region import HttpRegion

PAUSE_SECONDS = 60
"""Seconds between two runs."""


def add(commands: Any) -> None:
    """Add `exchange` with its subcommands to the `xinfang` command."""
    group = commands.add_parser("exchange", help="与自治区信访信息系统交换：发送、装包、读回执、对账")
    below = group.add_subparsers(title="命令", metavar="命令", required=True, dest="what")
    p = below.add_parser("send", help="发送等待的消息，取回执和转来件；中断后再运行不会重复")
    p.add_argument("--once", action="store_true", help="处理完就结束；不加则每分钟一次")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_send, needs="people")
    p = below.add_parser("package", help="把等待的消息装成 zip 数据包（含个人信息）")
    p.add_argument("--out", required=True, type=Path, metavar="文件", help="不能已经存在")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_package, needs="people")
    p = below.add_parser("receipts", help="读入对方给的回执文件")
    p.add_argument("file", type=Path, metavar="文件")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_receipts, needs="people")
    p = below.add_parser("reconcile", help="对账：对方有的和我们有的，逐条指出不同")
    p.add_argument("--file", type=Path, metavar="文件", help="对方给的清单文件；不加则向接口查询")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_reconcile, needs="people")


def _region() -> "HttpRegion":
    from xinfang.exchange.actions.transfers import http_region

    region = http_region()
    if region is None:
        raise CommandFailed(
            WRONG_CALL, "没有设置自治区系统的地址。请设置 XINFANG_REGION_URL 和 XINFANG_REGION_TOKEN，或用数据包方式。"
        )
    return region


def _clock() -> None:
    """Refuse while the clock isn't believed: no case gets an entry of the program itself under such a date.

    Raises:
        CommandFailed: the clock isn't believed.
    """
    from xinfang.trusted_time import queries as trusted_time

    if doubt := trusted_time.clock_doubt():
        refusal = clock_refusal_lines(trusted_time.ClockNotBelieved(doubt))
        raise refusal


def run_send(args: argparse.Namespace) -> int:
    """Send what waits and take what came, once or every minute, until it is stopped.

    Raises:
        CommandFailed: another process is sending.
    """
    from xinfang.exchange.actions import transfers

    region, stop = _region(), threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    with transfers.sole_sender_lock() as alone:
        if not alone:
            raise CommandFailed(FAILED, "另一个发送程序正在运行，本次没有发送。")
        while True:
            ran = transfers.run_exchange(region, stop=stop)
            region.close()
            if args.once or stop.wait(PAUSE_SECONDS):
                break
    return _told(ran, args.json)


def _told(ran: "ExchangeReport", as_json: bool) -> int:
    if as_json:
        print_json(asdict(ran))
    else:
        print_line(
            f"发送 {ran.sent} 条，确认接收 {ran.accepted} 条，被退回 {ran.refused} 条，未送达 {ran.failed} 次；"
            f"登记转来件 {ran.registered} 件，未能登记 {ran.left} 件。"
        )
        if ran.trouble:
            print_error(f"最近一次失败：{ran.trouble}。稍后会自动再试。")
    return FAILED if ran.trouble or ran.dead or ran.left else OK


def run_package(args: argparse.Namespace) -> int:
    """Write the messages that wait into a zip file, which must not exist yet.

    Raises:
        CommandFailed: the file can't be written, or the clock isn't believed.
    """
    from django.db import transaction

    from xinfang.exchange import file_package
    from xinfang.exchange.actions import transfers
    from xinfang.procedure.facts import SYSTEM

    _clock()
    try:
        # What isn't on the disk must not be taken out of the queue.
        with (
            transaction.atomic(),
            os.fdopen(os.open(args.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
        ):
            messages = transfers.package_waiting(SYSTEM, staff=None, reason="命令行装包报送")
            file.write(file_package.write_package_file(messages))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        wrong_call(f"{args.out} 已经存在。请换一个名字，或先移走它。")
    except OSError as e:
        raise CommandFailed(FAILED, f"写不进 {args.out}（{e.strerror}），没有装包。") from None
    if args.json:
        print_json({"file": str(args.out), "messages": len(messages)})
    else:
        print_line(f"已装 {len(messages)} 条：{args.out}。内含个人信息，请按规定传递。")
    return OK


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as e:
        raise CommandFailed(WRONG_CALL, f"读不出 {file}（{e.strerror}）。") from None


def run_receipts(args: argparse.Namespace) -> int:
    """Read a file of receipts from the other side.

    Raises:
        CommandFailed: the file can't be read, or the clock isn't believed.
    """
    from xinfang.exchange import file_package
    from xinfang.exchange.actions import transfers
    from xinfang.exchange.protocol import InvalidExchangeData

    _clock()
    try:
        receipts = file_package.read_receipts(_bytes(args.file))
    except InvalidExchangeData as e:
        raise CommandFailed(FAILED, f"回执文件不能识别，没有读入：{e}。") from None
    ran = transfers.settle_receipts(receipts)
    if args.json:
        print_json({"receipts": len(receipts), "accepted": ran.accepted, "refused": ran.refused})
    else:
        print_line(f"回执 {len(receipts)} 条：确认接收 {ran.accepted} 条，被退回 {ran.refused} 条，其余早已记录。")
    return OK


def run_reconcile(args: argparse.Namespace) -> int:
    """Compare what the other side has, from a file or over HTTP, with what was sent.

    Raises:
        CommandFailed: the file can't be read, or the region isn't reached or refuses.
    """
    from xinfang.exchange import file_package
    from xinfang.exchange.actions import transfers
    from xinfang.exchange.protocol import InvalidExchangeData, RegionRefusesUs, RegionUnavailable

    try:
        theirs = file_package.read_held(_bytes(args.file)) if args.file else _region().held()
        result = transfers.reconcile(theirs)
    except InvalidExchangeData as e:
        raise CommandFailed(FAILED, f"清单文件不能识别：{e}。") from None
    except (RegionUnavailable, RegionRefusesUs) as e:
        raise CommandFailed(FAILED, f"没有对上账：{e}。") from None
    if args.json:
        print_json(result.data())
    else:
        print_line(
            f"我们 {result.ours} 条，对方 {result.theirs} 条，一致 {result.same} 条，补记回执 {len(result.late)} 条。"
        )
        for difference in result.differences:
            print_error(f"{difference.key}：{difference.words}")
        print_line("两边一致。" if result.green else f"有 {len(result.differences)} 处不同。")
    return OK if result.green else FAILED
