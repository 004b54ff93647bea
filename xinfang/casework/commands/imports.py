"""Tables that are brought in at the command line: schedules, categories, old messages.

Each says where every row went.
"""

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from xinfang.core.output import FAILED, OK, REFUSED, CommandFailed, print_error, print_json, print_line

_NAMED = 20
"""Numbers of messages that are listed; --json has all."""

if TYPE_CHECKING:
    from xinfang.core.table_rows import ImportAccount


def _rejected(*sentences: str) -> CommandFailed:
    return CommandFailed(REFUSED, *sentences, data={"refused": [{"reason": s, "cites": []} for s in sentences]})


def _plain(account: "ImportAccount") -> dict[str, Any]:
    return {
        "rows": account.rows,
        "left_out": account.left_out,
        "left": [asdict(entry) for entry in account.left],
        "columns_not_taken": [asdict(column) for column in account.unused],
        "notes": list(account.notes),
    }


def _tell(account: "ImportAccount") -> None:
    print_line(str(account))
    for sentence in account.asides:
        print_error(f"注意：{sentence}")


def run_calendar(args: argparse.Namespace) -> int:
    """Import a published schedule and recompute open deadlines; the exit code says whether one couldn't be written.

    Raises:
        CommandFailed: the file has problems, or questions that `--confirmed` must answer.
    """
    from xinfang.casework.actions.calendar_import import AdminChangeRefused, ScheduleDoubtful, import_year

    try:
        report = import_year(
            args.file,
            by=None,
            origin=args.source,
            year=args.year,
            sheets=args.sheet,
            agreed=None if args.confirmed else (),
        )
    except AdminChangeRefused as e:
        refusal = _rejected(*e.sentences)
        raise refusal from None
    except ScheduleDoubtful as e:
        refusal = _rejected(*e.questions, "没有导入。核对无误的，请加 --confirmed 再导入。")
        raise refusal from None
    if args.json:
        print_json({**asdict(report), "account": _plain(report.account), "used": dict(report.account.parts)["采用"]})
    else:
        years = "、".join(f"{y}年" for y in report.years)
        print_line(f"已导入{years}放假安排（{report.days} 天）。")
        print_line(str(report.account))
        print_line(
            f"核对未结期限 {report.looked} 个：日期变动 {report.moved}，日期不变而确定 {report.confirmed}，"
            f"失败 {report.failed}；用时 {report.seconds:.1f} 秒。"
        )
    for warning in report.warnings:
        print_error(f"注意：{warning}")
    return FAILED if report.failed else OK


def run_categories(args: argparse.Namespace) -> int:
    """Import content categories and print how many were added, revived and known.

    Raises:
        CommandFailed: the file has problems.
    """
    from xinfang.categories.actions import AdminChangeRefused, import_categories

    try:
        done = import_categories(args.file, by=None, sheets=args.sheet)
    except AdminChangeRefused as e:
        refusal = _rejected(*e.sentences)
        raise refusal from None
    if args.json:
        print_json({**asdict(done), "account": _plain(done.account), "used": dict(done.account.parts)["采用"]})
    else:
        print_line(f"{done.rows} 行：新增 {done.added} 类，恢复 {done.revived} 类，已有 {done.already} 类。")
        _tell(done.account)
    return OK


def run_messages(args: argparse.Namespace) -> int:
    """Import old messages, or with `--dry-run` say what would become of them.

    The exit code says whether a row was refused.

    Raises:
        CommandFailed: the workbook as a whole can't be used.
    """
    from xinfang.ledgers.actions.message_import import UnreadableWorkbook, import_messages

    try:
        done = import_messages(args.file, dry_run=args.dry_run, progress=_progress, sheets=args.sheet)
    except UnreadableWorkbook as e:
        refusal = _rejected(str(e))
        raise refusal from None
    if args.json:
        refusals = [asdict(r) for r in done.refusals]
        print_json(
            {
                "registered": done.registered,
                "history": done.history,
                "open": done.open,
                "history_without_reply": list(done.unanswered),
                "next_sweep": asdict(done.next_sweep),
                "already": done.already,
                "refused": len(refusals),
                "refusals": refusals,
                "dry_run": args.dry_run,
                **_plain(done.account),
            }
        )
    else:
        if args.dry_run:
            print_line("试运行，没有登记任何一件。若正式导入：")
        _tell(done.account)
        print_line(
            f"登记的 {done.registered} 件中，历史件 {done.history} 件（收到已超过 15 日，不走期限），在办件 {done.open} 件。"
        )
        if done.unanswered:
            print_line(
                f"历史件中有 {len(done.unanswered)} 件原表没有记载答复，请办公室核对，尚未答复的请在该件上“恢复办理”："
                f"留言编号 {'、'.join(done.unanswered[:_NAMED])}{'等' if len(done.unanswered) > _NAMED else ''}。"
            )
        print_line(f"下一次期限巡查将：{done.next_sweep}。")
        for r in done.refusals:
            print_line(str(r))
    return REFUSED if done.refusals else OK


def _progress(done: int, rows: int) -> None:
    end = "\n" if done >= rows or not sys.stderr.isatty() else "\r"
    print(f"已处理 {done} / {rows} 行", end=end, file=sys.stderr, flush=True)
