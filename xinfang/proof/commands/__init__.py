"""Commands that prove, and that make derived rows again."""

from typing import Any

from . import proof, rebuild


def add(commands: Any) -> None:
    for group in (proof, rebuild):
        group.add(commands)
