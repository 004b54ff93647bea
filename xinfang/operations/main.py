"""`xinfang`: the procedure, the cases and the upkeep from the command line.

Exit codes: 0 done, 1 failed in part, 2 wrongly called or set, 3 refused with reasons, 4 no such petition for this person.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from xinfang.core.features import modules
from xinfang.core.output import FAILED, OK, WRONG_CALL, CommandFailed, print_error, print_json


class _Parser(argparse.ArgumentParser):
    """argparse, speaking Chinese."""

    _WORDS = (
        ("the following arguments are required:", "缺少参数："),
        ("unrecognized arguments:", "不认识的参数："),
        ("expected one argument", "后面要跟一个值"),
        ("invalid int value:", "应为整数："),
        ("invalid choice:", "没有这一项："),
        ("choose from", "可选"),
        ("not allowed with argument", "不能同时使用"),
        ("argument ", "参数 "),
    )

    def error(self, message: str) -> NoReturn:
        for english, chinese in self._WORDS:
            message = message.replace(english, chinese)
        raise CommandFailed(WRONG_CALL, message, f"用法见：{self.prog} --help")

    def format_help(self) -> str:
        text = super().format_help().replace("usage:", "用法：", 1)
        return text.replace("show this help message and exit", "显示本说明")


def parser() -> argparse.ArgumentParser:
    """Every command with its Chinese help."""
    top = _Parser(prog="xinfang", description="信访事项办理系统", formatter_class=argparse.RawDescriptionHelpFormatter)
    top._optionals.title = "选项"
    top.epilog = "数据位置由环境变量 XINFANG_DATA 指定，全部设置见 docs/operations.md。"
    commands = top.add_subparsers(title="命令", metavar="命令", required=True, dest="command", parser_class=_Parser)
    for feature in modules("commands"):
        feature.add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    wants_json = "--json" in (argv if argv is not None else sys.argv[1:])
    try:
        args = parser().parse_args(argv)
        if args.needs != "nothing":
            read_settings()
        if args.needs in ("database", "people", "set-up"):
            from xinfang.core.database import prepare_for_command

            prepare_for_command(args.needs)
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except CommandFailed as stop:
        if wants_json and stop.data is not None:
            print_json(stop.data)
        print_error(str(stop))
        return stop.code
    except KeyboardInterrupt:
        print_error("已停止。")
        return FAILED
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def read_settings() -> None:
    """Read and check them; nothing is made until the database was looked at."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from xinfang.vault import data_folder

    if not settings.configured:
        data_folder.defer_creation()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinfang.config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as e:
        raise CommandFailed(WRONG_CALL, str(e)) from None


if __name__ == "__main__":
    raise SystemExit(main())
