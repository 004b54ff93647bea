"""The archive from the command line: export a file or the catalogue, check a package, see what is to be destroyed."""

import argparse
import os
from pathlib import Path
from typing import Any

from xinfang.core.output import (
    FAILED,
    OK,
    REFUSED,
    UNSEEN,
    CommandFailed,
    format_table,
    print_error,
    print_json,
    print_line,
    wrong_call,
)
from xinfang.procedure.words import Retention

_MIN_REASON_CHARACTERS = 4


def add(commands: Any) -> None:
    """Add `archive` with what it can do."""
    group = commands.add_parser("archive", help="归档：导出归档包和案卷目录，核验归档包，查看到期案卷")
    below = group.add_subparsers(title="命令", metavar="命令", required=True, dest="what")
    p = below.add_parser("export", help="把一件的案卷导出为归档包（BagIt），zip 文件或文件夹")
    p.add_argument("number", metavar="编号")
    p.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="文件",
        help="以 .zip 结尾的写成 zip 文件，否则写成文件夹；不能已经存在",
    )
    p.add_argument(
        "--part",
        choices=("open", "sealed", "both"),
        default="open",
        help="普通卷 open（默认）、密封卷 sealed、两者 both",
    )
    p.add_argument("--reason", required=True, metavar="理由", help="导出的理由，记入查看记录")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_export, needs="database")
    p = below.add_parser("check", help="核验一个归档包：文件、清单、办理记录的摘要链和封印；不需要数据库")
    p.add_argument("file", type=Path, metavar="文件", help="zip 文件或文件夹")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_check, needs="nothing")
    p = below.add_parser("catalogue", help="导出案卷目录，供档案系统读入：Excel（.xlsx）或 XML（.xml）")
    p.add_argument("--out", required=True, type=Path, metavar="文件", help="以 .xlsx 或 .xml 结尾；不能已经存在")
    p.add_argument("--year", type=int, metavar="年度", help="档号中的年度；不写为全部")
    p.add_argument("--retention", choices=[r.value for r in Retention], help="保管期限；不写为全部")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_catalogue, needs="database")
    p = below.add_parser("ending", help="保管期限已满或三个月内将满的案卷")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_ending, needs="database")


def run_export(args: argparse.Namespace) -> int:
    """Write the package of a case and print how far it is: `xinfang archive export`.

    Raises:
        CommandFailed: there is no such case, it may not be exported, or something can't be read or written.
    """
    from xinfang.archive.actions.exporting import DossierDamaged, DossierPart, export_package
    from xinfang.cases.access import open_case
    from xinfang.procedure.facts import SYSTEM
    from xinfang.procedure.visibility import NotVisible
    from xinfang.procedure.words import TERMINAL_STATES

    number, reason = args.number.strip().upper(), " ".join(args.reason.split())
    if len(reason) < _MIN_REASON_CHARACTERS:
        wrong_call(f"请写明导出的理由，至少 {_MIN_REASON_CHARACTERS} 个字。")
    try:
        case = open_case(SYSTEM, number)
    except NotVisible:
        raise CommandFailed(UNSEEN, f"没有编号为“{number}”的信访件。") from None
    petition, facts = case.petition, case.facts
    if facts.destroyed_on is not None:
        raise CommandFailed(REFUSED, f"{number} 已按保管期限销毁（{facts.destroyed_on}），没有可导出的内容。")
    if facts.state not in TERMINAL_STATES:
        raise CommandFailed(REFUSED, f"{number} 还在办理，办结后才能导出案卷。")
    part = DossierPart(args.part)
    if facts.sealed and part is DossierPart.OPEN:
        raise CommandFailed(REFUSED, f"{number} 是密封件，没有普通卷。请用 --part sealed。")
    said, progress = "", None
    try:
        for progress in export_package(petition, part, args.out, reason=reason):
            if progress.title != said and not args.json:
                said = progress.title
                print_error(f"{progress.place}/{progress.items} {said}")
    except FileExistsError:
        wrong_call(f"{args.out} 已经存在。请换一个名字，或先移走它。")
    except DossierDamaged as e:
        raise CommandFailed(FAILED, "没有导出：", *e.sentences) from None
    except OSError as e:
        raise CommandFailed(FAILED, f"写不进 {args.out}（{e.strerror}），没有导出。请检查磁盘和权限。") from None
    assert progress is not None
    if args.json:
        print_json({"number": number, "file": str(args.out), "items": progress.items, "pages": progress.pages})
    else:
        print_line(
            f"已导出 {number}：{progress.items} 件、{progress.pages} 页，{args.out}。可用 xinfang archive check 核验。"
        )
    return OK


def run_check(args: argparse.Namespace) -> int:
    """Check a package without the database: `xinfang archive check`."""
    from xinfang.archive.dossier.standalone import check

    if not args.file.exists():
        wrong_call(f"没有 {args.file}。")
    said, problems = check(str(args.file))
    if args.json:
        print_json({"whole": not problems, "problems": problems})
    elif problems:
        for problem in problems:
            print_error(problem)
        print_error(f"发现 {len(problems)} 处问题。请用另存的一份，或重新导出。")
    else:
        print_line(f"核验完好：{said}。")
    return FAILED if problems else OK


def run_catalogue(args: argparse.Namespace) -> int:
    """Write the catalogue of all volumes, or of a year and period: `xinfang archive catalogue`.

    Raises:
        CommandFailed: there are no such volumes, or the disk doesn't take the file.
    """
    from xinfang.archive.actions.catalogue import CatalogueForm, export_catalogue
    from xinfang.audit.actions.audit_log import AdminChangeRefused
    from xinfang.procedure.facts import SYSTEM

    form = next((f for f in CatalogueForm if args.out.suffix.lower() == f".{f.value}"), None)
    if form is None:
        wrong_call(f"{args.out} 应以 .xlsx 或 .xml 结尾。")
    if args.out.exists():
        wrong_call(f"{args.out} 已经存在。请换一个名字，或先移走它。")
    retention = next((r for r in Retention if r.value == args.retention), None)
    try:
        made, count = export_catalogue(form, year=args.year, retention=retention, by=SYSTEM, staff=None)
    except AdminChangeRefused as e:
        raise CommandFailed(REFUSED, *e.sentences) from None
    try:
        with os.fdopen(os.open(args.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made)
    except OSError as e:
        raise CommandFailed(FAILED, f"写不进 {args.out}（{e.strerror}），没有导出。请检查磁盘和权限。") from None
    if args.json:
        print_json({"file": str(args.out), "volumes": count})
    else:
        print_line(f"已导出 {count} 卷的目录：{args.out}。")
    return OK


def run_ending(args: argparse.Namespace) -> int:
    """List the files whose period is over or ends soon: `xinfang archive ending`."""
    from xinfang.archive.queries.volumes import files_whose_period_ends
    from xinfang.core.clock import today

    rows = [(f.volume, f.petition.number, f.get_retention_display(), f.until) for f in files_whose_period_ends(today())]
    if args.json:
        print_json([{"volume": v, "number": n, "retention": r, "until": u} for v, n, r, u in rows])
    elif rows:
        print_line(format_table(("档号", "编号", "保管期限", "保管至"), rows))
    else:
        print_line("没有保管期限已满或三个月内将满的案卷。")
    return OK
