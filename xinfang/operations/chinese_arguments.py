"""argparse in Chinese.

It asks gettext for each message it prints; here is the catalogue that answers, for Python 3.11 to 3.14. A message that
isn't in the catalogue (one that a later Python brings) is printed in English, whole.
"""

import argparse
import gettext
from collections.abc import Mapping

MESSAGES: Mapping[str, str] = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "subcommands": "子命令",
    "%(heading)s:": "%(heading)s：",
    " (default: %(default)s)": "（默认 %(default)s）",
    "show this help message and exit": "显示本说明",
    "show program's version number and exit": "显示版本号",
    "%(prog)s: error: %(message)s\n": "%(prog)s：错误：%(message)s\n",
    "%(prog)s: warning: %(message)s\n": "%(prog)s：注意：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少参数：%s",
    "one of the arguments %s is required": "以下参数须给出一个：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "unexpected option string: %s": "不认识的选项：%s",
    "not allowed with argument %s": "不能与参数 %s 同时使用",
    "ignored explicit argument %r": "后面不能跟值：%r",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确，可能是 %(matches)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "没有 %(parser_name)r 这个命令（可选：%(choices)s）",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有这一项：%(value)r（可选：%(choices)s）",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "没有这一项：%(value)r，是否想用 %(closest)r（可选：%(choices)s）"
    ),
    "invalid %(type)s value: %(value)r": "不能用作 %(type)s：%(value)r",
    "can't open '%(filename)s': %(error)s": "打不开“%(filename)s”：%(error)s",
    "expected one argument": "后面要跟一个值",
    "expected at most one argument": "后面最多跟一个值",
    "expected at least one argument": "后面至少要跟一个值",
    "expected %s argument": "后面要跟 %s 个值",
    "argument '%(argument_name)s' is deprecated": "参数“%(argument_name)s”将不再使用",
    "command '%(parser_name)s' is deprecated": "命令“%(parser_name)s”将不再使用",
    "option '%(option)s' is deprecated": "选项“%(option)s”将不再使用",
}


class Catalogue(gettext.NullTranslations):
    """Answers from MESSAGES; Chinese has one form for every number."""

    def gettext(self, message: str) -> str:
        """Return the Chinese for a message, or the message itself."""
        return MESSAGES.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the Chinese for a message with a number; Chinese has one form for all numbers."""
        return MESSAGES.get(msgid1) or super().ngettext(msgid1, msgid2, n)


def install() -> None:
    """Let argparse ask this catalogue. It calls `_` and `ngettext` of its own module, which came from gettext."""
    catalogue = Catalogue()
    vars(argparse).update(_=catalogue.gettext, ngettext=catalogue.ngettext)


def whole_number(text: str) -> int:
    """Return what `type=int` reads.

    Raises:
        ArgumentTypeError: it is no whole number, said in Chinese: argparse would name the type instead.
    """
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"应为整数，不能是“{text[:20]}”") from None
