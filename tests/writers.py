"""Who writes to the database, checked while the tests run: `actions`, projections and `core` of the program, and nobody else.

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
_WRITERS = re.compile(
    r"[a-z_]+/(?:actions|projections)(?:/.+)?\.py|[a-z_]+/(?:projections|actions)\.py|core/.+\.py|.+/migrations/.+\.py"
)
ELSEWHERE = {
    "archive/projections.py",
    "audit/append_only_triggers.py",
    "backup/",
    "cases/models/encryption.py",
    "operations/demo/",
    "search/",
}
"""Modules with other names that write: the backup puts whole tables back, the demo plays people, the index is its own table, and a
case gets its key with its first secret."""


class WrittenElsewhere(AssertionError):
    """Code of the program changes a table outside actions, projections and core."""


def may_write(frame: FrameType | None) -> bool:
    """Whether the stack above a statement may write: code that isn't the program's may, as a test prepares what it needs."""
    ours = False
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_PACKAGE):
            module = file.removeprefix(_PACKAGE)
            ours = True
            if _WRITERS.fullmatch(module) or any(module.startswith(known) for known in ELSEWHERE):
                return True
        frame = frame.f_back
    return not ours


def check(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A wrapper for every statement (`connection.execute_wrappers`)."""
    if _WRITES.match(sql) and not may_write(sys._getframe(1)):
        raise WrittenElsewhere(f"written outside actions, projections and core: {sql[:120]}")
    return execute(sql, params, many, context)


def watch(connection: Any, **_: Any) -> None:
    """Check this connection from now on."""
    if check not in connection.execute_wrappers:
        connection.execute_wrappers.append(check)
