"""Commands that prove, and that make derived rows again."""

from typing import Any

from . import proof, rebuild


def add(commands: Any) -> None:
    """Add the commands of this feature."""
    for group in (proof, rebuild):
        group.add(commands)
