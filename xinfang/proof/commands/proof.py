"""Proof from the command line: verify everything, seal, write seals down to be kept elsewhere."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinfang.core.output import FAILED, OK, WRONG_CALL, CommandFailed, print_error, print_json, print_line, write_file
from xinfang.trusted_time.commands import clock_refusal_lines

from . import bundle

if TYPE_CHECKING:
    from xinfang.audit.seals import KeptSeal


def add(commands: Any) -> None:
    """Add `verify`, `seal` and `bundle`."""
    verify = commands.add_parser("verify", help="核验全部记录未被改动")
    verify.add_argument("--seals", type=Path, metavar="文件", help="另存的封印（xinfang seal --export 所写），一并比对")
    verify.add_argument("--files", action="store_true", help="也逐一打开附件，核对内容（文件多时较慢）")
    verify.add_argument("--chains-only", action="store_true", help="只核验各链和封印，不核对其余数据行（较快）")
    verify.add_argument("--coverage", action="store_true", help="不核验，只列出每个表的每一列怎样核验、哪些不核验")
    verify.add_argument("--json", action="store_true", help="以 JSON 输出")
    verify.set_defaults(run=run_verify, needs="people")
    seal = commands.add_parser("seal", help="封印至今的全部记录；每次巡查时自动进行")
    seal.add_argument("--export", type=Path, metavar="文件", help="把全部封印写入文件，另存于他处或打印")
    seal.add_argument("--json", action="store_true", help="以 JSON 输出")
    seal.set_defaults(run=run_seal, needs="people")
    bundle.add(commands)


def run_verify(args: argparse.Namespace) -> int:
    """Verify every record, on request also every attachment; exit code FAILED where something doesn't prove itself."""
    from xinfang.proof.verify import verify

    if args.coverage:
        return _print_coverage(as_json=args.json)
    proof = verify(_kept(args.seals), rows=not args.chains_only)
    if args.files:
        from xinfang.core import file_store

        for sentence in file_store.check_files():
            proof.add("附件", "", sentence)
    if args.json:
        print_json(asdict(proof) | {"whole": proof.whole})
        return OK if proof.whole else FAILED
    print_line(
        f"核验 {proof.cases} 件、{proof.events} 条办理记录、{proof.looks} 条查看记录、{proof.administrative} 条管理记录、"
        f"{proof.seals} 个封印，用时 {proof.seconds:.1f} 秒。"
    )
    for remark in proof.remarks:
        print_error(f"注意：{remark}")
    if proof.whole:
        print_line(f"全部完好。最近的封印：{proof.last_seal or '尚无'}；其后有 {proof.unsealed} 条记录尚未封印。")
        return OK
    for broken in proof.broken:
        where = f"{broken.chain} {broken.place}".strip()
        print_error(f"{where}：{broken.what}")
    if proof.more:
        print_error(f"另有 {proof.more} 处。")
    print_error("请保留现场，停止写入，报告审计员；可从最近一次核验完好的备份比对。")
    return FAILED


def _print_coverage(*, as_json: bool) -> int:
    from xinfang.audit.coverage import coverage_lines

    lines = list(coverage_lines())
    if as_json:
        print_json([asdict(line) for line in lines])
        return OK
    for line in lines:
        why = f"（{line.why}）" if line.why else ""
        print_line(f"{line.table}：{'、'.join(line.columns)}\n    {line.how}{why}")
    return OK


def _kept(file: Path | None) -> "dict[int, KeptSeal]":
    """Return the seals of a file; without one those of the folder that is set up.

    Raises:
        CommandFailed: they can't be read.
    """
    from django.conf import settings

    from xinfang.proof.seal_places import FILE, UnreadableSeals, read_kept_seals, seals_in_folder

    place = file or (settings.SEALS_FOLDER and settings.SEALS_FOLDER / FILE)
    try:
        return read_kept_seals(file.read_text("utf-8").splitlines()) if file else seals_in_folder()
    except OSError as e:
        raise CommandFailed(
            WRONG_CALL, f"无法读取 {place}：{e.__class__.__name__}。请给出 xinfang seal --export 所写的文件。"
        ) from None
    except UnreadableSeals as e:
        raise CommandFailed(WRONG_CALL, f"{place} 第 {e.line} 行不是封印（序号 日期 64位）。") from None
    except UnicodeDecodeError:
        raise CommandFailed(
            WRONG_CALL, f"无法读取 {place}：不是文本。请给出 xinfang seal --export 所写的文件。"
        ) from None


def run_seal(args: argparse.Namespace) -> int:
    """Seal what was recorded since the last seal, and write all seals to a file where one is named.

    Raises:
        CommandFailed: the server's clock can't be believed.
    """
    from django.utils import timezone

    from xinfang.audit.queries import all_seals
    from xinfang.audit.seals import seal_line
    from xinfang.core.clock import today
    from xinfang.proof.actions.sealing import make_seal
    from xinfang.trusted_time import queries as trusted_time
    from xinfang.trusted_time.actions import accept_time

    now = timezone.now()
    try:
        accept_time(now)
    except trusted_time.ClockNotBelieved as e:
        refusal = clock_refusal_lines(e)
        raise refusal from None
    made = make_seal(today(now), now)
    if args.export:
        lines = [seal_line(s) for s in all_seals()]
        write_file(args.export, ("# 信访系统封印：序号 日期 SM3 行状态的SM3\n" + "\n".join(lines) + "\n").encode())
    if args.json:
        print_json({"number": made.number, "records": made.records, "hash": made.hash} if made else {"number": None})
    elif made:
        print_line(f"第 {made.number} 号封印，含 {made.records} 条记录：{made.hash}")
    else:
        print_line("上次封印之后没有新的记录。")
    return OK
