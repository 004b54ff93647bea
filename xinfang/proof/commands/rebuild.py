"""Derived rows from the command line: compared with the events, and mended."""

import argparse
import time
from typing import Any

from xinfang.core.output import FAILED, OK, UNSEEN, CommandFailed, print_error, print_json, print_line

_MAX_NAMED = 50
"""How many differences are named; the first are what matters."""


def add(commands: Any) -> None:
    """Add `rebuild`."""
    rebuild = commands.add_parser("rebuild", help="按办理记录重建各件的派生数据；加 --check 只核对，不改动")
    rebuild.add_argument("numbers", nargs="*", metavar="编号", help="只看这些事项；不写则为全部")
    rebuild.add_argument("--check", action="store_true", help="只核对并列出差异，不改动任何数据")
    rebuild.add_argument("--json", action="store_true", help="以 JSON 输出")
    rebuild.set_defaults(run=run_rebuild, needs="people")


def run_rebuild(args: argparse.Namespace) -> int:
    """Compare derived rows with the events, and make the different ones again unless `--check` is given.

    Raises:
        CommandFailed: a derived table isn't in the database, or there is no case of a number.
    """
    from xinfang.proof.actions.rebuild import rebuild
    from xinfang.proof.derived_rows import RowDifference, differences, missing_tables, unknown_numbers

    if missing := missing_tables():
        sentence = f"数据库中没有这些表：{'、'.join(missing)}。请先生成升级（makemigrations），再运行 xinfang migrate。"
        raise CommandFailed(FAILED, sentence)
    numbers = [n.upper() for n in args.numbers]
    if unknown := unknown_numbers(numbers):
        raise CommandFailed(UNSEEN, f"没有编号为“{'”、“'.join(unknown)}”的信访件。")
    begun, compared, found = time.monotonic(), 0, []
    for one in differences(numbers or None):
        if isinstance(one, RowDifference):
            found.append(one)
        else:
            compared = one
    seconds = time.monotonic() - begun
    mended = 0
    if not args.check and found:
        mended = sum(rebuild(sorted({d.number for d in found if d.number})).values())
    if args.json:
        differing = [{"number": d.number, "table": d.table, "what": d.what} for d in found]
        print_json({"cases": compared, "seconds": round(seconds, 1), "differences": differing, "mended": mended})
        return FAILED if len(found) > mended else OK
    print_line(f"核对 {compared} 件，用时 {seconds:.1f} 秒：{f'{len(found)} 处差异' if found else '没有差异'}。")
    for d in found[:_MAX_NAMED]:
        print_line(f"{d.number} {d.table}：{d.what}".strip())
    if len(found) > _MAX_NAMED:
        print_line(f"另有 {len(found) - _MAX_NAMED} 处。")
    if mended:
        print_line(f"已按办理记录重建 {mended} 行，记入管理记录。")
    if left := 0 if args.check else len(found) - mended:
        print_error(f"仍有 {left} 处没有重建，请保留现场，报告审计员。")
    if any(d.damaged for d in found):
        print_error("记录、密钥或附件有损坏的事项一律不重建，以免按不完整的记录改动数据。")
    elif found and args.check:
        print_error("派生数据与办理记录不一致。请先查明原因（xinfang verify），再运行 xinfang rebuild 重建。")
    return FAILED if len(found) > mended else OK
