"""Commands of the regular work and the upkeep."""

from typing import Any

from . import duties, keys, law, scans, upkeep


def add(commands: Any) -> None:
    for group in (law, duties, keys, scans, upkeep):
        group.add(commands)
