"""The worker that reads scans."""

import argparse
import signal
import threading
from dataclasses import asdict
from typing import Any

from xinfang.core.output import FAILED, OK, WRONG_CALL, CommandFailed, print_json, print_line


def add(commands: Any) -> None:
    """Add `read-scans` to the `xinfang` command."""
    p = commands.add_parser("read-scans", help="识别扫描件的文字（低优先级，断了接着读）；可同时运行几个")
    p.add_argument("--once", action="store_true", help="读完等待的就结束；不加则一直等待新的")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_read, needs="people")


def run_read(args: argparse.Namespace) -> int:
    """Read scans until it is stopped, or with `--once` until none waits.

    Raises:
        CommandFailed: reading scans isn't switched on.
    """
    from django.conf import settings

    from xinfang.operations.actions.ocr_worker import run_ocr_worker

    if not settings.OCR:
        raise CommandFailed(
            WRONG_CALL, "没有启用文字识别。要启用，请安装 xinfang[ocr] 并设置 XINFANG_OCR=on，再运行本命令。"
        )
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    read = run_ocr_worker(stop, once=args.once)
    if args.json:
        print_json(asdict(read))
    else:
        print_line(f"已识别 {read.done} 份，不能识别 {read.failed} 份。")
    return FAILED if read.failed else OK
