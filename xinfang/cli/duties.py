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

from .output import FAILED, OK, REFUSED, WRONG_CALL, Stop, complain, say, say_json, table
from .trusted_time import not_believed, refusal

_SHORTEST_PAUSE = 5
_EVENTS_EVERY = 20
"""Seconds between two looks at the chains of reports of urgent events, whose limits are minutes (H15, H16)."""


def add(commands: Any) -> None:
    p = commands.add_parser("sweep", help="巡查期限：发出到期的提醒，记录逾期，发送邮件")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.add_argument("--every", type=int, metavar="秒", help="每隔若干秒巡查一次，直到停止")
    p.set_defaults(run=run_sweep, needs="database")

    calendars = commands.add_parser("calendar", help="放假安排：导入、列出").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = calendars.add_parser("import", help="导入一年或几年的放假安排，并重算未结期限")
    p.add_argument("file", type=Path, metavar="文件", help="工作簿或 CSV，列：日期、类型（放假/上班）、名称")
    p.add_argument("--source", default="", metavar="依据", help="通知的名称、文号")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_calendar_import, needs="database")
    p = calendars.add_parser("list", help="列出已公布的年份")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_calendar_list, needs="database")

    categories = commands.add_parser("categories", help="内容分类：导入").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = categories.add_parser("import", help="导入内容分类（列：一级分类、二级分类、三级分类）")
    p.add_argument("file", type=Path, metavar="文件", help="工作簿或 CSV")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_categories, needs="database")

    p = commands.add_parser("import-messages", help="导入留言工作簿，登记为网上信访；重复导入不会重复登记")
    p.add_argument("file", type=Path, metavar="文件", help="列：留言编号、留言用户、留言主题、留言时间、留言详情")
    p.add_argument("--dry-run", action="store_true", help="只检查，不登记")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_messages, needs="database")


def run_sweep(args: argparse.Namespace) -> int:
    from xinfang.records.trusted_time import NotBelieved

    if args.every is None:
        try:
            return _sweep_once(args.json)
        except NotBelieved as e:
            raise not_believed(e) from None
    if args.every < _SHORTEST_PAUSE:
        raise Stop(WRONG_CALL, f"--every 至少 {_SHORTEST_PAUSE} 秒。")
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    while not stop.is_set():
        _watched(lambda: _sweep_once(args.json), args.json)
        until = time.monotonic() + args.every
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            # Limits count days, and urgent events minutes: those are looked at more often.
            stop.wait(min(left, _EVENTS_EVERY))
            _watched(_events_once)
    return OK


def _events_once() -> None:
    from xinfang.actions.incidents import run_chains

    run_chains()


def _watched(look: Callable[[], object], as_json: bool = False) -> None:
    import structlog
    from django.db import DatabaseError, close_old_connections

    from xinfang.records.trusted_time import NotBelieved

    try:
        close_old_connections()
        look()
    except DatabaseError as e:
        # A database that is away for a while must not end the watch: the next round catches up.
        structlog.get_logger(__name__).error("sweep_failed", error=type(e).__name__)
    except NotBelieved as e:
        # Nor a clock that isn't believed: the next round asks again, and goes on once it is put right or confirmed.
        complain(str(e))
        if as_json:
            say_json(refusal(e))
            sys.stdout.flush()


def _sweep_once(as_json: bool) -> int:
    from xinfang.jobs import exchange
    from xinfang.jobs.reading import start_if_needed
    from xinfang.jobs.sweep import sweep

    swept = sweep()
    start_if_needed()
    exchange.start_if_needed()
    if as_json:
        say_json(asdict(swept))
    else:
        say(
            f"巡查 {swept.looked} 个期限：提醒 {swept.alerts}，记录逾期 {swept.overdue}，报厅主要领导 {swept.escalated}，"
            f"日期变动 {swept.moved}，失败 {swept.failed}；每周提要 {swept.weekly} 人；"
            f"邮件发出 {swept.mailed}，待重发 {swept.mail_failed}。"
        )
    sys.stdout.flush()
    return FAILED if swept.failed else OK


def run_calendar_import(args: argparse.Namespace) -> int:
    from xinfang.actions.calendars import Rejected, import_year

    try:
        report = import_year(args.file, by=None, origin=args.source)
    except Rejected as e:
        raise _rejected(e) from None
    if args.json:
        say_json(asdict(report))
    else:
        years = "、".join(f"{y}年" for y in report.years)
        say(f"已导入{years}放假安排（{report.days} 天）。")
        say(
            f"核对未结期限 {report.looked} 个：日期变动 {report.moved}，日期不变而确定 {report.confirmed}，"
            f"失败 {report.failed}；用时 {report.seconds:.1f} 秒。"
        )
    for warning in report.warnings:
        complain(f"注意：{warning}")
    return FAILED if report.failed else OK


def _rejected(e: Any) -> Stop:
    reasons = [{"reason": s, "cites": []} for s in e.sentences]
    return Stop(REFUSED, *e.sentences, data={"refused": reasons})


def run_calendar_list(args: argparse.Namespace) -> int:
    from xinfang.records.queries import calendar

    years = [y for _, y in sorted(calendar().years.items())]
    if args.json:
        rows = [{"year": y.year, "off": len(y.off), "work": len(y.work), "source": y.source} for y in years]
        say_json({"years": rows})
    else:
        rows = [(y.year, len(y.off), len(y.work), y.source) for y in years]
        say(table(("年份", "放假天数", "调休上班", "依据"), rows))
        say(f"{years[-1].year + 1}年及以后尚未公布，期限暂定。")
    return OK


def run_categories(args: argparse.Namespace) -> int:
    from xinfang.actions.categories import Rejected, import_categories

    try:
        done = import_categories(args.file, by=None)
    except Rejected as e:
        raise _rejected(e) from None
    if args.json:
        say_json(asdict(done))
    else:
        say(f"{done.rows} 行：新增 {done.added} 类，恢复 {done.revived} 类，已有 {done.already} 类。")
    return OK


def run_messages(args: argparse.Namespace) -> int:
    from xinfang.intake.messages import Unreadable, import_messages

    try:
        done = import_messages(args.file, dry_run=args.dry_run, progress=_progress)
    except Unreadable as e:
        raise Stop(REFUSED, str(e), data={"refused": [{"reason": str(e), "cites": []}]}) from None
    if args.json:
        refusals = [asdict(r) for r in done.refusals]
        say_json(
            {
                "rows": done.rows,
                "registered": done.registered,
                "already": done.already,
                "refused": len(refusals),
                "refusals": refusals,
                "dry_run": args.dry_run,
            }
        )
    else:
        head = "试运行，没有登记任何一件。若正式导入：" if args.dry_run else ""
        say(
            f"{head}共 {done.rows} 行，登记 {done.registered} 件，此前已登记 {done.already} 件，未登记 {len(done.refusals)} 行。"
        )
        for r in done.refusals:
            say(f"第 {r.row} 行：{r.reason}")
    return REFUSED if done.refusals else OK


def _progress(done: int, rows: int) -> None:
    end = "\n" if done >= rows or not sys.stderr.isatty() else "\r"
    print(f"已处理 {done} / {rows} 行", end=end, file=sys.stderr, flush=True)
