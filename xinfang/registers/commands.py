"""The writer of exports from the command line."""

import argparse
from dataclasses import asdict
from typing import Any

from xinfang.core.output import FAILED, OK, print_json, print_line


def add(commands: Any) -> None:
    """Add `write-exports` to the command line."""
    p = commands.add_parser(
        "write-exports", help="写出等待导出的清单（低优先级，写完就结束）；页面和每日任务会自行启动它"
    )
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_write, needs="people")


def run_write(args: argparse.Namespace) -> int:
    """Write what waits, then end."""
    from xinfang.registers.actions.writer import write_exports

    report = write_exports()
    if args.json:
        print_json(asdict(report))
    else:
        print_line(f"已写出 {report.done} 份，没有写出 {report.failed} 份。")
    return FAILED if report.failed else OK
