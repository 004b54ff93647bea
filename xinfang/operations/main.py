"""`xinfang`: the procedure, the cases and the upkeep from the command line.

Exit codes: 0 done, 1 failed in part, 2 wrongly called or set, 3 refused with reasons, 4 no such petition for this
person.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from xinfang.core.features import modules
from xinfang.core.output import FAILED, OK, WRONG_CALL, CommandFailed, print_error, print_json

from .chinese_arguments import install, whole_number


class _Parser(argparse.ArgumentParser):
    """argparse, speaking Chinese."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register("type", int, whole_number)

    def error(self, message: str) -> NoReturn:
        raise CommandFailed(WRONG_CALL, message, f"用法见：{self.prog} --help")


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command, with its Chinese help."""
    install()
    top = _Parser(prog="xinfang", description="信访事项办理系统", formatter_class=argparse.RawDescriptionHelpFormatter)
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
            _require_part(args)
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
        # The reader of the output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _require_part(args: argparse.Namespace) -> None:
    """Let a window apart do what it can: it has no database.

    Raises:
        CommandFailed: the command needs what is at the desk.
    """
    from django.conf import settings

    if settings.PART == "window" and not (args.command == "serve" or getattr(args, "at_the_window", False)):
        raise CommandFailed(
            WRONG_CALL, "这台机器只运行信访窗口（XINFANG_PART=window），没有数据库。请在内网的机器上运行。"
        )


def read_settings() -> None:
    """Read and check the settings; nothing is made until the database was looked at.

    Raises:
        CommandFailed: a setting is missing or wrong.
    """
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
