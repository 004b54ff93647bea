"""Regular work: the sweep, calendars, categories, messages of a board."""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xinfang.casework.commands import imports
from xinfang.core.database import NOBODY
from xinfang.core.output import FAILED, OK, WRONG_CALL, CommandFailed, format_table, print_error, print_json, print_line
from xinfang.trusted_time.commands import clock_refusal_lines, refusal_as_json

_MIN_PAUSE_SECONDS = 5
_INCIDENTS_EVERY_SECONDS = 20
"""Seconds between two looks at the chains of reports of urgent events, whose limits are minutes (H15, H16)."""


def add(commands: Any) -> None:
    """Add `sweep` and the imports and lists to the `xinfang` command."""
    p = commands.add_parser("sweep", help="巡查期限：发出到期的提醒，记录逾期，发送邮件")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.add_argument("--every", type=int, metavar="秒", help="每隔若干秒巡查一次，直到停止")
    p.set_defaults(run=run_sweep, needs="database")

    calendars = commands.add_parser("calendar", help="放假安排：导入、列出").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = calendars.add_parser("import", help="导入一年或几年的放假安排，并重算未结期限")
    p.add_argument(
        "file",
        type=Path,
        metavar="文件",
        help="工作簿或 CSV，列：日期、类型（放假/上班）、名称；或节日、放假时间、调休上班",
    )
    p.add_argument("--source", default="", metavar="依据", help="通知的名称、文号")
    p.add_argument("--year", type=int, metavar="年份", help="表中的日期没有写年份时，是哪一年")
    p.add_argument("--confirmed", action="store_true", help="已对照通知核对：确无调休上班，或确要去掉现有的日子")
    _sheets(p)
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=imports.run_calendar, needs="set-up")
    p = calendars.add_parser("list", help="列出已公布的年份")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_calendar_list, needs="database")

    categories = commands.add_parser("categories", help="内容分类：导入").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = categories.add_parser("import", help="导入内容分类（列：一级分类、二级分类、三级分类）")
    p.add_argument("file", type=Path, metavar="文件", help="工作簿或 CSV")
    _sheets(p)
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=imports.run_categories, needs="set-up")

    p = commands.add_parser(
        "import-messages",
        help="导入留言工作簿：收到已超过 15 日的登记为历史件，其他登记为网上信访；重复导入不会重复登记",
    )
    p.add_argument("file", type=Path, metavar="文件", help="列：留言编号、留言用户、留言主题、留言时间、留言详情")
    p.add_argument("--dry-run", action="store_true", help="只检查，不登记")
    _sheets(p)
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=imports.run_messages, needs="database")


def _sheets(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--sheet", action="append", default=[], metavar="工作表", help="只读这个工作表（可多次）；隐藏的也读"
    )


def run_sweep(args: argparse.Namespace) -> int:
    """Sweep once, or with `--every` again and again until it is stopped.

    Raises:
        CommandFailed: there are no people yet, the clock isn't believed, or the pause is too short.
    """
    from xinfang.trusted_time.queries import ClockNotBelieved

    if args.every is None:
        if not _in_use():
            raise CommandFailed(FAILED, NOBODY)
        try:
            return _sweep_once(args.json)
        except ClockNotBelieved as e:
            refusal = clock_refusal_lines(e)
            raise refusal from None
    if args.every < _MIN_PAUSE_SECONDS:
        raise CommandFailed(WRONG_CALL, f"--every 至少 {_MIN_PAUSE_SECONDS} 秒。")
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    while not stop.is_set():
        _watched(lambda: _in_use() and _sweep_once(args.json), args.json)
        until = time.monotonic() + args.every
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            # Limits count days, and urgent events minutes: those are looked at more often.
            stop.wait(min(left, _INCIDENTS_EVERY_SECONDS))
            _watched(_events_once)
    return OK


def _in_use() -> bool:
    """Tell whether there is anybody yet.

    A new installation's watch is started beside its server, and must not give up before the first account.
    """
    from xinfang.core.installation import has_people

    return has_people()


def _events_once() -> None:
    from xinfang.incidents.actions.act import run_report_chains

    if _in_use():
        run_report_chains()


def _watched(look: Callable[[], object], as_json: bool = False) -> None:
    import structlog
    from django.db import DatabaseError, close_old_connections

    from xinfang.trusted_time.queries import ClockNotBelieved

    try:
        close_old_connections()
        look()
    except DatabaseError as e:
        # A database that is away for a while must not end the watch: the next round catches up.
        structlog.get_logger(__name__).error("sweep_failed", error=type(e).__name__)
    except ClockNotBelieved as e:
        # Nor a clock that isn't believed: the next round asks again, and goes on once it is put right or confirmed.
        print_error(str(e))
        if as_json:
            print_json(refusal_as_json(e))
            sys.stdout.flush()


def _sweep_once(as_json: bool) -> int:
    from django.utils import timezone

    from xinfang.mailbox.actions.taking import start_reader_if_needed
    from xinfang.monitoring.actions import give_sign_of_life, tell_faults
    from xinfang.operations.actions import exchange_worker
    from xinfang.operations.actions.news_worker import start_news_sender_if_needed
    from xinfang.operations.actions.ocr_worker import start_ocr_if_needed
    from xinfang.operations.actions.sweep import run_sweep
    from xinfang.registers.actions.writer import start_writer_if_needed

    swept = run_sweep()
    start_ocr_if_needed()
    start_writer_if_needed()
    exchange_worker.start_sender_if_needed()
    start_news_sender_if_needed()
    start_reader_if_needed()
    _exchange_with_window()
    tell_faults(timezone.now())
    give_sign_of_life()
    if as_json:
        print_json(asdict(swept))
    else:
        print_line(
            f"巡查 {swept.looked} 个期限：提醒 {swept.alerts}，记录逾期 {swept.overdue}，报厅主要领导 {swept.escalated}，"
            f"日期变动 {swept.moved}，失败 {swept.failed}；每周提要 {swept.weekly} 人；"
            f"邮件发出 {swept.mailed}，待重发 {swept.mail_failed}；"
            f"比较新来件 {swept.compared} 件，疑似同事 {swept.pairs} 组。"
        )
    sys.stdout.flush()
    return FAILED if swept.failed else OK


def _exchange_with_window() -> None:
    import structlog
    from django.conf import settings

    from xinfang.window.actions.apart import publish_all, take_all

    if settings.WINDOW_QUEUE is None:
        return
    try:
        take_all()
        publish_all()
    except OSError as e:
        # A folder that is away for a while must not end the sweep.
        structlog.get_logger(__name__).error("window_queue_away", error=type(e).__name__)


def run_calendar_list(args: argparse.Namespace) -> int:
    """List the years whose schedule is imported."""
    from xinfang.calendars.queries import calendar

    years = [y for _, y in sorted(calendar().years.items())]
    if args.json:
        rows = [{"year": y.year, "off": len(y.off), "work": len(y.work), "source": y.source} for y in years]
        print_json({"years": rows})
    else:
        lines = [(y.year, len(y.off), len(y.work), y.source) for y in years]
        print_line(format_table(("年份", "放假天数", "调休上班", "依据"), lines))
        print_line(f"{years[-1].year + 1}年及以后尚未公布，期限暂定。")
    return OK
