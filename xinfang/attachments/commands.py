"""The command that takes what a scanner wrote into a folder."""

import argparse
import time
from pathlib import Path
from typing import Any

from xinfang.accounts.commands import require_staff
from xinfang.core.output import OK, REFUSED, CommandFailed, print_json, print_line

_EVERY_SECONDS = 5


def add(commands: Any) -> None:
    """Add `scans` to the command line."""
    p = commands.add_parser("scans", help="收下扫描仪存到文件夹里的文件：有标签的归入该件，其余放到登记页旁")
    p.add_argument("folder", metavar="文件夹", type=Path)
    p.add_argument("--for", dest="owner", required=True, metavar="用户名", help="由谁登记这些扫描件")
    p.add_argument("--watch", action="store_true", help="一直看着这个文件夹，直到中断（Ctrl+C）")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_scans, needs="database")


def run_scans(args: argparse.Namespace) -> int:
    """Take what is in the folder, once or until it is interrupted.

    Raises:
        CommandFailed: there is no such folder, or nobody of this name.
    """
    from xinfang.accounts.queries.actors import actor_of
    from xinfang.attachments.actions.scan_folder import take_scans

    if not args.folder.is_dir():
        raise CommandFailed(REFUSED, f"没有文件夹“{args.folder}”。")
    staff = require_staff(args.owner)
    failed = False
    while True:
        for scan in take_scans(args.folder, by=actor_of(staff), staff=staff):
            failed = failed or bool(scan.why_not)
            if args.json:
                print_json({"file": scan.name, "number": scan.number, "why_not": scan.why_not})
            else:
                where = f"归入 {scan.number}" if scan.number else "放到登记页旁，等待登记"
                print_line(f"{scan.name}：{f'没有收下，{scan.why_not}' if scan.why_not else where}")
        if not args.watch:
            return REFUSED if failed else OK
        try:
            time.sleep(_EVERY_SECONDS)
        except KeyboardInterrupt:
            return OK
