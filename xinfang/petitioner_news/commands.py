"""Messages to petitioners from the command line: `xinfang news send`."""

import argparse
from dataclasses import asdict
from typing import Any

from xinfang.core.output import FAILED, OK, CommandFailed, print_json, print_line


def add(commands: Any) -> None:
    """Add `news` to the `xinfang` command."""
    below = commands.add_parser("news", help="给信访人的进展提醒（短信、邮件）").add_subparsers(
        title="做什么", metavar="做什么", required=True
    )
    p = below.add_parser("send", help="发送等待的提醒；安静时段不发，中断后再运行不会重复")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_send, needs="people")


def run_send(args: argparse.Namespace) -> int:
    """Send what waits, once.

    Raises:
        CommandFailed: another process is sending.
    """
    from xinfang.petitioner_news.actions import sending

    with sending.sole_news_sender() as alone:
        if not alone:
            raise CommandFailed(FAILED, "另一个发送程序正在运行，本次没有发送。")
        done = sending.send_waiting_news()
    if args.json:
        print_json(asdict(done))
    else:
        print_line(
            f"已交网关 {done.handed} 条，稍后再试 {done.failed} 条，没有发出 {done.given_up} 条，不再发送 {done.dropped} 条。"
        )
    return FAILED if done.given_up else OK
