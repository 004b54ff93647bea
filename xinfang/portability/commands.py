"""Leaving with everything, and arriving: `export-all`, `import-all`."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xinfang.core.output import FAILED, OK, REFUSED, WRONG_CALL, CommandFailed, print_error, print_json, print_line


def add(commands: Any) -> None:
    """Add `export-all` and `import-all` to the `xinfang` command."""
    p = commands.add_parser(
        "export-all", help="整体导出：全部信访件、文书、附件、台账和证据，开放格式，加密；须经主要领导同意"
    )
    p.add_argument(
        "file", type=Path, nargs="?", metavar="文件", help="写到哪个新文件；与 --unpack 一起用时是导出的文件"
    )
    p.add_argument("--for", dest="owner", metavar="用户名", help="由谁申请、导出")
    p.add_argument("--ask", metavar="理由", help="申请导出，写明理由；同意之后再运行一次，写出文件")
    p.add_argument("--unpack", type=Path, metavar="文件夹", help="把导出的文件解开到新的文件夹，供查看、转入其他系统")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_export, needs="database")
    p = commands.add_parser("import-all", help="整体迁入：把整体导出的文件放进空的系统；先放好原来的密钥文件夹")
    p.add_argument("file", type=Path, metavar="文件", help="整体导出的文件")
    p.add_argument("--json", action="store_true", help="以 JSON 输出")
    p.set_defaults(run=run_import, needs="settings")


def run_export(args: argparse.Namespace) -> int:
    """Ask for the export, write it, or unpack one.

    Raises:
        CommandFailed: it can't be; with what to do.
    """
    from xinfang.accounts.commands import require_staff
    from xinfang.portability.actions.exporting import CannotExport, ask_for_all, make_export
    from xinfang.portability.unpacking import CannotUnpack, unpack
    from xinfang.vault.sm_ciphers import VaultError

    try:
        if args.unpack is not None:
            count = unpack(_file(args), args.unpack.absolute())
            print_line(f"已解开 {count} 个文件到 {args.unpack}。其中有个人信息，用完请删除。")
            return OK
        if not args.owner:
            raise CommandFailed(WRONG_CALL, "请用 --for 写明由谁申请、导出。")
        staff = require_staff(args.owner)
        if args.ask is not None:
            ask_for_all(staff, args.ask)
            print_line("已申请，等待厅主要领导在“导出审批”页同意。同意后请再运行本命令，写出文件。")
            return OK
        made = make_export(_file(args), staff, print_error)
    except (CannotExport, CannotUnpack) as e:
        raise CommandFailed(REFUSED, str(e)) from None
    except VaultError:
        raise CommandFailed(
            FAILED, "有内容读不出来，没有导出。请运行 xinfang verify 和 xinfang files check。"
        ) from None
    except OSError as e:
        raise CommandFailed(FAILED, f"写不成（{e.strerror}），没有导出。") from None
    if args.json:
        print_json(asdict(made))
    else:
        print_line(
            f"已导出到 {made.file}：{made.cases} 件（另有密封件 {made.sealed} 件，只有密文）、{made.files} 个文件、"
            f"{made.rows} 行数据，{made.bytes / 2**20:.1f} MB，已复核。"
        )
        print_line(f"文件的 SM3 摘要：{made.sm3}")
        print_line("文件里没有主密钥：解开、迁入时还需要密钥文件夹，或凑齐密钥份额。请把两者分开保存、分开交接。")
    return OK


def _file(args: argparse.Namespace) -> Path:
    if args.file is None:
        raise CommandFailed(WRONG_CALL, "请写明文件。")
    found: Path = args.file.absolute()
    return found


def run_import(args: argparse.Namespace) -> int:
    """Make this empty system what an export holds, and check it.

    Raises:
        CommandFailed: there is data already, or the file can't be read or doesn't fit.
    """
    from xinfang.backup.restoring import CannotRestore
    from xinfang.core.database import set_up
    from xinfang.core.installation import OtherMode, OtherTables
    from xinfang.portability.actions.importing import make_system_of, require_export
    from xinfang.vault.keys import KeyMissing

    try:
        require_export(args.file.absolute())
        set_up()
        report = make_system_of(args.file.absolute(), print_error)
    except (CannotRestore, KeyMissing) as e:
        raise CommandFailed(REFUSED, str(e)) from None
    except (OtherMode, OtherTables) as e:
        raise CommandFailed(WRONG_CALL, str(e)) from None
    except OSError as e:
        raise CommandFailed(FAILED, f"写不成（{e.strerror}），没有迁入任何内容。") from None
    proof = report.proof
    if args.json:
        print_json(
            {"made_at": report.made_at, "rows": report.rows, "files": report.files, "whole": report.whole,
             "wrong": report.wrong}
        )  # fmt: skip
    else:
        print_line(f"已迁入 {report.made_at} 导出的数据：{report.rows} 行、{report.files} 个文件。")
        for sentence in report.wrong + [str(b) for b in (proof.broken if proof else ())]:
            print_error(sentence)
        print_line("全部记录核验无误。" if report.whole else "核验发现问题，请不要使用，先查明原因。")
    return OK if report.whole else FAILED
