"""Commands of the regular work and the upkeep."""

from typing import Any

from . import duties, keys, law, scans, setup, upkeep


def add(commands: Any) -> None:
    """Add all commands of this package to the `xinfang` command."""
    for group in (law, duties, keys, scans, setup, upkeep):
        group.add(commands)
