"""A new installation: `xinfang setup`, asked at the terminal or answered in a file."""

import argparse
import sys
from pathlib import Path
from typing import Any

from xinfang.core.output import FAILED, OK, REFUSED, WRONG_CALL, CommandFailed, format_table, print_error, print_line


def add(commands: Any) -> None:
    """Add `setup`."""
    p = commands.add_parser(
        "setup", help="新装系统：管理员、设置、人员、放假安排、密钥份额、备份；逐项提问或读答案文件，可中断后再运行"
    )
    p.add_argument("--answers", type=Path, metavar="文件", help="从答案文件读")
    p.add_argument("--template", type=Path, metavar="文件", help="只生成一份空的答案文件")
    p.add_argument("--people-template", type=Path, metavar="文件", help="只生成一份空的人员表（xlsx）")
    p.set_defaults(run=run_setup, needs="settings")


def run_setup(args: argparse.Namespace) -> int:
    """Set a new installation up as far as it is answered, and say what is still missing.

    Raises:
        CommandFailed: something that was answered can't be used; what was done before stays.
    """
    from xinfang.accounts.actions.people import AdminChangeRefused
    from xinfang.backup.making import CannotBackUp
    from xinfang.core.database import prepare_for_command
    from xinfang.monitoring.check import Severity
    from xinfang.monitoring.queries import checks
    from xinfang.operations.new_installation.answers import WrongAnswers, read_answers, template
    from xinfang.operations.new_installation.asking import ask_for_answers
    from xinfang.operations.new_installation.steps import people_template, set_up

    if args.template or args.people_template:
        if args.template:
            _write(args.template, template().encode())
        if args.people_template:
            _write(args.people_template, people_template())
        return OK
    prepare_for_command("set-up")
    again = "改正后再运行一次，已经完成的不会重做。"
    try:
        answers = read_answers(args.answers) if args.answers else ask_for_answers(_ask)
        set_up(answers, print_error, print_line)
    except (AdminChangeRefused, WrongAnswers) as e:
        raise CommandFailed(REFUSED, *e.sentences, again) from None
    except CannotBackUp as e:
        raise CommandFailed(FAILED, str(e), again) from None
    except OSError as e:
        raise CommandFailed(FAILED, f"不能写入 {e.filename}（{e.strerror}）。{again}") from None
    missing = [c for c in checks() if c.level is not Severity.WELL]
    if missing:
        print_error("还缺：")
        print_error(format_table(("项目", "情况", "说明"), [(c.label, c.level.label, c.says) for c in missing]))
    print_error("以后在“系统状况”页或用 xinfang status 查看；启动见 docs/operations.md。")
    return OK


def _ask(question: str) -> str:
    print_error(question)
    answer = sys.stdin.readline()
    return answer.strip()


def _write(file: Path, content: bytes) -> None:
    """Write a new file.

    Raises:
        CommandFailed: it is there already, or can't be written.
    """
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise CommandFailed(WRONG_CALL, f"{file} 已经存在，没有改动它。") from None
    except OSError as e:
        raise CommandFailed(FAILED, f"不能写入 {file}（{e.strerror}）。") from None
    print_line(f"已生成 {file}。")
