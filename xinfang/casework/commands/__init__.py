"""Commands about cases."""

from typing import Any

from . import cases, what_if

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add all commands of this package to the `xinfang` command."""
    for group in (cases, what_if):
        group.add(commands)
