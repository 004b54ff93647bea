"""The clock of the server: is it believed, and an administrator's word that it is right."""

import argparse
from typing import Any

from xinfang.accounts.commands import require_staff
from xinfang.core.output import FAILED, OK, REFUSED, CommandFailed, print_json, print_line


def add(commands: Any) -> None:
    """Add `time` with what it can do."""
    below = commands.add_parser("time", help="服务器时间：是否可信；确认无误").add_subparsers(
        metavar="做什么", required=True, title="做什么"
    )
    p = below.add_parser("show", help="现在的时间、上次可信的时间，是否可信")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_show, needs="database")
    p = below.add_parser("confirm", help="系统管理员确认时间无误，巡查和封印随之恢复；记入管理记录并告知审计员")
    p.add_argument("--by", required=True, metavar="用户名", help="由哪位系统管理员确认")
    p.add_argument("--reason", required=True, metavar="理由", help="怎样核对的，此前为什么没有运行")
    p.add_argument("--if-needed", action="store_true", help="时间本来可信时什么也不做")
    p.set_defaults(run=run_confirm, needs="database")


def clock_refusal_lines(e: Any) -> CommandFailed:
    """Return how a command ends that would have written under a clock that isn't believed."""
    return CommandFailed(REFUSED, str(e), data=refusal_as_json(e))


def refusal_as_json(e: Any) -> dict[str, Any]:
    """Return what a program that asked for JSON is told."""
    return {"refused": [{"reason": str(e), "cites": []}]}


def run_show(args: argparse.Namespace) -> int:
    """Print the time, the trusted time and whether the clock is believed: `xinfang time show`."""
    from django.utils import timezone

    from xinfang.trusted_time.queries import doubt_sentence

    from . import queries as trusted_time

    now = timezone.now()
    before, doubt = trusted_time.trusted_now(), trusted_time.clock_doubt(now)
    if args.json:
        print_json(
            {
                "now": now.isoformat(),
                "trusted": before.isoformat() if before else None,
                "believed": doubt is None,
                "says": doubt.sentence if doubt else "",
            }
        )
    else:
        print_line(f"服务器时间 {doubt_sentence(now)}；上次可信的时间 {doubt_sentence(before) if before else '尚无'}。")
        print_line(doubt.sentence if doubt else "时间可信。")
    return FAILED if doubt else OK


def run_confirm(args: argparse.Namespace) -> int:
    """Confirm that the clock is right, as a named system administrator: `xinfang time confirm`.

    Raises:
        CommandFailed: this person may not, something is missing, or the clock is believed anyway.
    """
    from xinfang.audit.actions.audit_log import AdminChangeRefused
    from xinfang.trusted_time.queries import doubt_sentence

    from . import queries as trusted_time
    from .actions import confirm_time

    staff = require_staff(args.by)
    if args.if_needed and trusted_time.clock_doubt() is None:
        return OK
    try:
        confirmed = confirm_time(by=staff, reason=args.reason, how="服务器命令行")
    except AdminChangeRefused as e:
        raise CommandFailed(REFUSED, *e.sentences) from None
    print_line(
        f"{staff.name}已确认服务器时间 {doubt_sentence(confirmed)} 无误，巡查和封印随之恢复。已记入管理记录，并告知审计员和安全管理员。"
    )
    return OK
