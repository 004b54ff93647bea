"""How commands answer: JSON on standard output, sentences for people, one exit code for each kind of end."""

import json
import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from xinfang.procedure.errors import XinfangError

OK, FAILED, WRONG_CALL, REFUSED, UNSEEN = 0, 1, 2, 3, 4


class CommandFailed(XinfangError):
    """A command ends here, with a sentence on standard error and an exit code."""

    def __init__(self, code: int, *sentences: str, data: Any = None) -> None:
        super().__init__("\n".join(sentences))
        self.code = code
        self.data = data
        """What a program that asked for JSON gets on standard output."""


def wrong_call(*sentences: str) -> NoReturn:
    """End a command that was called in a way that can't be understood.

    Raises:
        CommandFailed: always, with these sentences.
    """
    raise CommandFailed(WRONG_CALL, *sentences)


def print_line(text: str = "") -> None:
    """Print a line to standard output."""
    print(text)


def print_json(data: Any) -> None:
    """Print data as JSON to standard output, Chinese as it is."""
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def print_error(text: str) -> None:
    """Print a line to standard error."""
    print(text, file=sys.stderr)


def write_file(path: Path, content: bytes) -> None:
    """Write a file that was asked for, readable by its owner only, also where an older file was open to others."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)


def format_table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """Return columns that line up, a Chinese character being as wide as two Latin ones."""
    lines = [tuple("" if c is None else str(c) for c in row) for row in (heads, *rows)]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(heads))]
    return "\n".join(
        "  ".join(c + " " * (w - _width(c)) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if ord(ch) > 0x2E7F else 1 for ch in text)


def day_argument(text: str, option: str) -> date:
    """Return the day that an argument names (Asia/Shanghai); what is none is a wrong call."""
    from xinfang.procedure.step_schema import read_date

    try:
        return read_date(text, option)
    except ValueError as e:
        wrong_call(str(e))
