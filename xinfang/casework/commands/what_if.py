"""What if, from the command line: a number or a calendar is tried on every open case, and nothing is written."""

import argparse
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinfang.core.output import (
    OK,
    REFUSED,
    CommandFailed,
    day_argument,
    format_table,
    print_json,
    print_line,
    wrong_call,
)

if TYPE_CHECKING:
    from xinfang.casework.queries.what_if import WhatIf
    from xinfang.procedure.calendar import Calendar
    from xinfang.procedure.dated_rules import EnteredNumbers


def add(commands: Any) -> None:
    """Add `what-if` to the `xinfang` command."""
    p = commands.add_parser("what-if", help="试算：一个数字或者放假安排改变，在办事项的到期日会怎样变动；不写入")
    p.add_argument("number", metavar="数字=值", nargs="?", help="如 handling=45；数字的代码见 explain --json")
    p.add_argument("--from", dest="since", metavar="日期", help="新数字自哪一天起，如 2027-01-01")
    p.add_argument("--running", action="store_true", help="施行时尚未届满的期限也适用")
    p.add_argument("--calendar", type=Path, metavar="文件", help="试用这份放假安排（工作簿或 CSV）")
    p.add_argument("--year", type=int, metavar="年份", help="放假安排里没有写年份的日期，属于这一年")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_what_if, needs="database")


def run_what_if(args: argparse.Namespace) -> int:
    """Print how many dates would move, of which limits and units, and what would be late today."""
    from xinfang.casework.queries.what_if import what_if
    from xinfang.core.clock import today

    if not args.number and not args.calendar:
        wrong_call("请写明要试算的数字（如 handling=45），或者用 --calendar 指定一份放假安排。")
    changes = _changes(args) if args.number else {}
    other = _calendar(args.calendar, args.year) if args.calendar else None
    found = what_if(changes, today(), other)
    if args.json:
        print_json({**vars(found), "moved": found.moved})
    else:
        _tell(found)
    return OK


def _changes(args: argparse.Namespace) -> "EnteredNumbers":
    from xinfang.procedure.clocks import counted_limits
    from xinfang.procedure.dated_rules import LimitVersion
    from xinfang.procedure.limits import BY_CODE

    code, _, value = args.number.partition("=")
    limit = BY_CODE.get(code)
    if limit is None or code not in counted_limits():
        wrong_call(f"没有名为“{code}”的期限。可选：{'、'.join(counted_limits())}。")
    if not re.fullmatch("[1-9][0-9]{0,2}", value):
        wrong_call(f"“{args.number}”应写成 {code}={limit.first_value} 的样子，值为 1 至 999。")
    since = _day(args.since)
    return {code: (LimitVersion(since, int(value), limit.unit, limit.cites, holds_for_running=args.running),)}


def _day(text: str | None) -> date:
    if not text:
        wrong_call("请用 --from 写明新数字自哪一天起。")
    return day_argument(text, "--from")


def _calendar(file: Path, year: int | None) -> "Calendar":
    from xinfang.audit.actions.audit_log import AdminChangeRefused
    from xinfang.calendars.queries import calendar
    from xinfang.calendars.schedule_files import read_schedule, with_schedule

    try:
        return with_schedule(calendar(), read_schedule(file, year=year))
    except AdminChangeRefused as e:
        raise CommandFailed(REFUSED, *e.sentences) from None
    except OSError:
        wrong_call(f"无法读取文件“{file}”。")


def _tell(found: "WhatIf") -> None:
    from xinfang.casework.queries.what_if import moved_rows

    print_line(
        f"{found.cases} 件在办事项的 {found.limits} 个期限中，{found.moved_cases} 件的 {found.moved} 个到期日会变动："
        f"提前 {found.sooner} 个，推后 {found.later} 个。没有写入任何内容。"
    )
    print_line(f"本厅的期限今天已经逾期的：现在 {found.late_today} 个，改变后为 {found.late_then} 个。")
    if found.unreadable:
        print_line(f"{found.unreadable} 件的办理记录读不出，没有算入。")
    if found.moved:
        rows = moved_rows(found)
        print_line(format_table(("期限", "变动"), rows["by_clock"]))
        print_line(format_table(("单位", "变动", "会变为逾期"), rows["by_unit"]))
