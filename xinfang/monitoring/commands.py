"""How the system is, for who keeps it running and for the machines that watch it."""

import argparse
import signal
import threading
from typing import Any

from xinfang.core.output import FAILED, OK, CommandFailed, format_table, print_json, print_line

METRICS_PORT = 9464


def add(commands: Any) -> None:
    """Add `status` and `metrics`."""
    p = commands.add_parser("status", help="系统状况：巡查、封印、备份、邮件、磁盘、时钟、密钥等是否正常")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_status, needs="settings")
    p = commands.add_parser("metrics", help="在单独的端口上向 Prometheus 提供系统状况")
    p.add_argument("--host", default="127.0.0.1", metavar="地址", help="在哪个地址上（默认只在本机）")
    p.add_argument("--port", type=int, default=METRICS_PORT, metavar="端口", help=f"默认 {METRICS_PORT}")
    p.set_defaults(run=run_metrics, needs="database")


def run_status(args: argparse.Namespace) -> int:
    """Print every check; the exit code is 1 if there is a fault.

    Raises:
        CommandFailed: there is no database yet, or it is another system's.
    """
    from django.db import DatabaseError

    from xinfang.core import installation

    from .check import Severity
    from .queries import checks, worst

    try:
        if not installation.database_has_tables():
            raise CommandFailed(FAILED, str(installation.NotSetUp()))
        installation.compare_mode()
    except (installation.OtherMode, installation.OtherTables) as e:
        raise CommandFailed(FAILED, str(e)) from None
    except DatabaseError:
        pass  # told below, as a fault
    found = checks()
    if args.json:
        told = [{"check": c.code, "level": c.level.name.lower(), "says": c.says, "measured": c.measured} for c in found]
        print_json({"ok": worst(found) is not Severity.FAULT, "checks": told})
    else:
        print_line(format_table(("项目", "情况", "说明"), [(c.label, c.level.label, c.says) for c in found]))
    return FAILED if worst(found) is Severity.FAULT else OK


def run_metrics(args: argparse.Namespace) -> int:
    """Answer Prometheus until stopped.

    Raises:
        CommandFailed: the port is taken.
    """
    from .metrics import serve_metrics

    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    try:
        server = serve_metrics(args.host, args.port)
    except OSError as e:
        raise CommandFailed(FAILED, f"端口 {args.port} 不能使用（{e.strerror}），请用 --port 换一个。") from None
    print_line(f"http://{args.host}:{args.port}/metrics")
    stop.wait()
    server.shutdown()
    return OK
