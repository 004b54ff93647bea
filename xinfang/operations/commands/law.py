"""What the procedure says: `printed_procedure` prints the rules, `due` counts a limit. Neither needs a database."""

import argparse
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xinfang.core.output import (
    FAILED,
    OK,
    CommandFailed,
    day_argument,
    format_table,
    print_error,
    print_json,
    print_line,
    write_file,
    wrong_call,
)
from xinfang.procedure import printed_procedure
from xinfang.procedure.calendar import SHANGHAI, Calendar, seed_calendar
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.dated_rules import DAYS
from xinfang.procedure.printed_plain_fields import as_plain_list
from xinfang.procedure.timing import Clock


def add(commands: Any) -> None:
    """Add `explain` and `due` to the `xinfang` command."""
    p = commands.add_parser("explain", help="打印整部规程：步骤、条件、期限、文书和出处")
    form = p.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="以 JSON 输出")
    form.add_argument("--diagram", action="store_true", help="输出状态图（SVG 图片）")
    form.add_argument("--plain", action="store_true", help="输出各步骤的办理记录中不加密的内容")
    form.add_argument("--scenarios", action="store_true", help="输出情形表：情形、依据、处理结果")
    form.add_argument("--pdf", metavar="文件", help="全文写入 PDF 文件")
    form.add_argument("--word", metavar="文件", help="全文写入 Word 文件")
    p.set_defaults(run=run_explain, needs="nothing")

    p = commands.add_parser("due", help="计算一个期限的到期日，逐日说明理由")
    p.add_argument("clock", metavar="期限", help=f"期限代码：{'、'.join(CLOCKS)}")
    p.add_argument("--from", dest="start", required=True, metavar="日期", help="起算的日期（当日不计），如 2026-09-29")
    p.add_argument("--to", metavar="日期", help="指定的日期（只用于没有固定天数的期限）")
    p.add_argument("--days", type=int, default=0, metavar="天数", help="依法另加的天数（批准延期、听证）")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_due, needs="nothing")


def run_explain(args: argparse.Namespace) -> int:
    """Print the whole procedure: as tables, as JSON, as a picture, into a file, or only what is kept in plain.

    Raises:
        CommandFailed: the file can't be written, or no font has a character.
    """
    if os.environ.get("XINFANG_DATA", "").strip():
        _calendar()  # which brings the department's numbers along
    if args.pdf or args.word:
        _write(args.pdf or args.word, as_pdf=bool(args.pdf))
    elif args.json:
        print_json(printed_procedure.as_json())
    else:
        printed = (
            printed_procedure.as_svg()
            if args.diagram
            else as_plain_list()
            if args.plain
            else printed_procedure.as_scenarios()
            if args.scenarios
            else printed_procedure.as_tables()
        )
        print_line(printed.rstrip("\n"))
    return OK


def _write(file: str, *, as_pdf: bool) -> None:
    """Write the print as a file, as it is today (Asia/Shanghai), with the fonts of this machine.

    Raises:
        CommandFailed: no font has a character, or the file can't be written.
    """
    from xinfang.papers.pdf.fonts import fonts_of_this_machine
    from xinfang.papers.pdf.rendering import render_pdf
    from xinfang.papers.procedure_paper import procedure_paper
    from xinfang.papers.source import PaperError
    from xinfang.papers.word import render_docx

    paper = procedure_paper(datetime.now(SHANGHAI).date())
    try:
        made = render_pdf(paper, fonts_of_this_machine()) if as_pdf else render_docx(paper)
    except PaperError as e:
        raise CommandFailed(FAILED, str(e)) from None
    try:
        write_file(Path(file), made)
    except OSError:
        raise CommandFailed(FAILED, f"不能写入 {file}：没有这个文件夹，或者不许写入。请换一个位置。") from None
    print_line(f"已写入 {file}（{len(made) // 1024} KB）。")


def run_due(args: argparse.Namespace) -> int:
    """Count a limit and print each day with its reason. Days are in Asia/Shanghai."""
    clock = CLOCKS.get(args.clock)
    if clock is None:
        wrong_call(f"没有名为“{args.clock}”的期限。可选：{'、'.join(f'{c}（{k.label}）' for c, k in CLOCKS.items())}。")
    start = day_argument(args.start, "--from")
    stated = day_argument(args.to, "--to") if args.to else None
    _fits(clock, start, stated, args.days)
    try:
        due = clock.compute(start, _calendar(), stated=stated, extra=args.days)
    except ValueError as e:
        wrong_call(f"{e}" + ("请加上 --to 日期。" if clock.limit is None else ""))
    if args.json:
        print_json(
            {
                "clock": clock.code,
                "label": clock.label,
                "from": start,
                "due": due.due,
                "alarm": due.alarm,
                "provisional": due.provisional,
                "cites": [a.id for a in clock.cites],
                "derivation": [{"date": d.day, "counted": d.counted, "why": d.why} for d in due.derivation],
            }
        )
        return OK
    unsure = "（暂定）" if due.provisional else ""
    print_line(f"{clock.label}：{due.due}{unsure}   {'、'.join(str(a) for a in clock.cites)}")
    print_line(
        format_table(("日期", "计入", "理由"), [(d.day, "是" if d.counted else "否", d.why) for d in due.derivation])
    )
    if due.alarm != due.due:
        print_line(f"提醒日：{due.alarm}")
    return OK


def _fits(clock: Clock, start: date, stated: date | None, extra: int) -> None:
    if stated and clock.limit is not None:
        wrong_call(f"“{clock.label}”有固定的天数（{clock.limit}），不用 --to。")
    if stated and stated < start:
        wrong_call(f"--to {stated} 早于 --from {start}，请核对。")
    if extra and (clock.added is None or clock.limit is None or clock.limit.unit != DAYS):
        wrong_call(f"“{clock.label}”依法不能另加天数，不用 --days。")
    if not 0 <= extra <= 365:
        wrong_call("--days 应在 0 至 365 之间。")


def _calendar() -> Calendar:
    """Return the calendar with the imported years.

    Without a system, it is the one that comes with the program, and that is said.
    """
    if not os.environ.get("XINFANG_DATA", "").strip():
        print_error("没有设置 XINFANG_DATA，按程序自带的放假安排计算；本厅另行导入的年份未计入。")
        return seed_calendar()
    from xinfang.operations.main import read_settings

    read_settings()
    from xinfang.calendars.queries import calendar
    from xinfang.core import installation
    from xinfang.core.database import database_errors_in_a_sentence, prepare_for_command

    with database_errors_in_a_sentence():
        if not installation.database_has_tables():
            return seed_calendar()
    prepare_for_command("database")
    return calendar()
