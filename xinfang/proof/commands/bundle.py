"""A bundle from the command line: cases as proof, for a machine without the system."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinfang.accounts.commands import require_staff
from xinfang.core.output import FAILED, OK, REFUSED, WRONG_CALL, CommandFailed, print_json, print_line

if TYPE_CHECKING:
    from xinfang.procedure.facts import Actor

_MIN_REASON_CHARACTERS = 4
"""Characters, as for `show --reason`."""


def add(commands: Any) -> None:
    """Add `bundle`."""
    p = commands.add_parser("bundle", help="把事项连同封印导出成证据包，可在没有本系统的电脑上核验")
    p.add_argument("numbers", metavar="编号", nargs="+", help="一件或几件")
    p.add_argument("--out", type=Path, required=True, metavar="文件", help="写到哪个新的 ZIP 文件")
    p.add_argument("--by", required=True, metavar="用户名", help="由谁导出；只能导出此人能看的事项，密封件不能导出")
    p.add_argument("--reason", required=True, metavar="理由", help="导出的理由，记入查看记录")
    p.add_argument("--all-seals", action="store_true", help="带上每个封印所含的全部 SM3 值（文件较大）")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_bundle, needs="database")


def run_bundle(args: argparse.Namespace) -> int:
    """Export cases as a bundle, each with an entry in the access log.

    Raises:
        CommandFailed: a case may not be exported, doesn't prove itself, or the file can't be written.
    """
    from django.utils import timezone

    from xinfang.accounts.queries.actors import actor_of
    from xinfang.cases.actions.access_log import log_access
    from xinfang.procedure.words import AccessKind
    from xinfang.proof.bundle import CannotBundle, make_bundle

    reason, file = args.reason.strip(), args.out.absolute()
    if len(reason) < _MIN_REASON_CHARACTERS:
        raise CommandFailed(REFUSED, f"导出须写明理由，至少 {_MIN_REASON_CHARACTERS} 个字：请加 --reason 理由。")
    if file.exists():
        raise CommandFailed(WRONG_CALL, f"{file} 已经存在，没有改动它。请换一个文件名。")
    if not file.parent.is_dir():
        raise CommandFailed(WRONG_CALL, f"没有文件夹 {file.parent}。请先建立，或换一个位置。")
    numbers = list(dict.fromkeys(n.strip().upper() for n in args.numbers))
    staff = require_staff(args.by)
    actor = actor_of(staff)
    petitions = [_exportable(number, actor) for number in numbers]
    # Before the file is there: who can't be written down as having exported doesn't export.
    for petition in petitions:
        log_access(petition, staff, AccessKind.EXPORT, reason, revision=petition.revision, head=petition.head)
    try:
        made = make_bundle([p.pk for p in petitions], file, timezone.localtime(), all_seals=args.all_seals)
    except CannotBundle as e:
        raise CommandFailed(FAILED, str(e)) from None
    except OSError as e:
        raise CommandFailed(
            FAILED, f"写不下 {file}：{e.strerror or type(e).__name__}。没有导出，请检查磁盘和权限。"
        ) from None
    if args.json:
        print_json(asdict(made) | {"numbers": numbers})
        return OK
    print_line(
        f"已导出到 {made.file}：{made.cases} 件、{made.events} 条办理记录（{made.sealed} 条已封印）、{made.seals} 个封印，"
        f"{made.bytes / 1024:.0f} KB，已核验。"
    )
    print_line(f"文件的 SM3 值：{made.sm3}")
    print_line("对方解开后运行 python3 verify.py 即可核验；请另行告知最近的封印（xinfang seal --export），供其核对。")
    return OK


def _exportable(number: str, actor: "Actor") -> Any:
    """Return the petition, where this person may take all of it out of the department.

    Raises:
        CommandFailed: they can't see it, or not all of it, or it is sealed (条例第三十条).
    """
    from xinfang.cases.access import open_case
    from xinfang.casework.commands.cases import not_visible_message
    from xinfang.procedure.visibility import NotVisible

    try:
        case = open_case(actor, number)
    except NotVisible:
        refusal = not_visible_message(number)
        raise refusal from None
    petition = case.petition
    if petition.sealed:
        raise CommandFailed(REFUSED, f"{number} 是密封件，内容不导出（条例第三十条）。移送请按移送的步骤办理。")
    if case.only_advises:
        raise CommandFailed(REFUSED, f"您只看得到 {number} 送您审核的文稿，不能导出整件。请由承办处室或办公室导出。")
    if case.hides_links:
        # A record can't be masked without breaking the chain.
        raise CommandFailed(
            REFUSED, f"{number} 与一件您无权查看的事项相连，导出会带出它的编号。请由两件都能查看的人员导出。"
        )
    return petition
