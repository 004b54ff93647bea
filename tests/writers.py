"""Who writes to the database, checked while the tests run: `actions` and projections of the features, and nobody else.

The contracts of import-linter see who may call whom; they can't see a view that saves a row which a query gave it.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import xinfang

_WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|MERGE|WITH\b.*\b(?:INSERT|UPDATE|DELETE)\s)", re.I | re.S
)
_PACKAGE = f"{Path(xinfang.__file__).parent}/"
_WRITERS = re.compile(r"[a-z_]+/(?:(?:actions|projections)(?:/.+)?|migrations/.+)\.py")
_TOOLS = re.compile(
    r"(?:core/(?!database).+|audit/noted_rows|cases/models/.+|[a-z_]+/series|"
    r"search/(?:gram_backend|index_merge|index|postgres|sqlite))\.py"
)
"""Who calls these decides: they write for others, and frames of `core` are around every request (its middleware)."""
ELSEWHERE = (
    "audit/append_only_triggers.py",
    "backup/",
    "core/database.py",
    "operations/demo/",
)
"""Modules with other names that write.

The backup puts whole tables back, migrations note themselves, the demo plays people,
and that the database refuses a change is tried and undone.
"""


class WrittenElsewhere(AssertionError):
    """Code of the program changes a table outside actions and projections."""


def may_write(frame: FrameType | None) -> bool:
    """Whether the innermost frame of a feature may write.

    Code that isn't the program's may, as a test prepares what it needs.
    """
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_PACKAGE):
            module = file.removeprefix(_PACKAGE)
            if not _TOOLS.fullmatch(module):
                return bool(_WRITERS.fullmatch(module)) or module.startswith(ELSEWHERE)
        frame = frame.f_back
    return True


def check(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A wrapper for every statement (`connection.execute_wrappers`)."""
    if _WRITES.match(sql) and not may_write(sys._getframe(1)):
        raise WrittenElsewhere(f"written outside actions and projections: {sql[:120]}")
    return execute(sql, params, many, context)


def watch(connection: Any, **_: Any) -> None:
    """Check this connection from now on."""
    if check not in connection.execute_wrappers:
        connection.execute_wrappers.append(check)
