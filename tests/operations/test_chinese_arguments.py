"""Whatever argparse can print, in each Python we support, is printed in Chinese.

A message of a later one is printed whole.
"""

import argparse
import ast
import inspect
import re
import subprocess

import pytest

from xinfang.core.output import CommandFailed
from xinfang.operations import chinese_arguments
from xinfang.operations.main import parser

TO_PROGRAMMERS = {
    "%r is not callable",
    "'required' is an invalid argument for positionals",
    ".__call__() not defined",
    'argument "-" with mode %r',
    "cannot have multiple subparser arguments",
    "cannot merge actions - two groups are named %r",
    "conflicting option string: %s",
    "conflicting subparser alias: %s",
    "conflicting subparser: %s",
    "dest= is required for options like %r",
    "invalid conflict_resolution value: %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "mutually exclusive arguments must be optional",
}
"""Raised where a parser is built wrongly (ValueError, TypeError …), never for what somebody typed."""
_PUT_IN = re.compile(r"%(?:\(\w+\))?[a-z]")


def messages(source: str) -> set[str]:
    """Every message that argparse looks up, the singular where there are two forms."""
    calls = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call) and n.args)
    firsts = (n.args[0] for n in calls if getattr(n.func, "id", "") in ("_", "ngettext"))
    return {a.value for a in firsts if isinstance(a, ast.Constant)}


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_every_message_has_a_chinese_text(version: str) -> None:
    ask = (
        "import argparse, inspect; print(inspect.getsource(argparse)); assert {'_', 'ngettext'} <= set(vars(argparse))"
    )
    try:
        said = subprocess.run([f"python{version}", "-c", ask], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"no Python {version} here")
    known = messages(said.stdout)
    assert len(known) > 30
    assert not known - set(chinese_arguments.MESSAGES) - TO_PROGRAMMERS


def test_this_python_asks_the_catalogue() -> None:
    chinese_arguments.install()
    asked = messages(inspect.getsource(argparse))
    assert asked - TO_PROGRAMMERS and asked <= set(chinese_arguments.MESSAGES) | TO_PROGRAMMERS


def test_nothing_that_is_put_in_is_lost() -> None:
    for english, chinese in chinese_arguments.MESSAGES.items():
        assert sorted(_PUT_IN.findall(english)) == sorted(_PUT_IN.findall(chinese)), english


def test_a_message_that_nobody_translated_is_shown_whole() -> None:
    catalogue = chinese_arguments.Catalogue()
    assert catalogue.gettext("not here yet: %s") == "not here yet: %s"
    assert catalogue.ngettext("%s thing", "%s things", 2) == "%s things"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "缺少参数：命令"),
        ("nonsense", "参数 命令：没有这一项：'nonsense'（可选："),
        ("due", "缺少参数：期限, --from"),
        ("due notice --from", "参数 --from：后面要跟一个值"),
        ("due notice --from 2026-01-01 --days three", "参数 --days：应为整数，不能是“three”"),
        ("due notice --from 2026-01-01 --nonsense", "不认识的参数：--nonsense"),
        ("due notice --from 2026-01-01 --json=1", "参数 --json：后面不能跟值：'1'"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(typed: str, says: str) -> None:
    with pytest.raises(CommandFailed) as stopped:
        parser().parse_args(typed.split())
    assert says in str(stopped.value)


def test_help_is_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["due", "--help"])
    said = capsys.readouterr().out
    assert said.startswith("用法：") and "显示本说明" in said and "选项" in said
    assert not re.search(r"usage|options|positional|show this", said)
