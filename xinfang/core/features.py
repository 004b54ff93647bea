"""What features add to the program, found by the name of a module in each.

`config.features` says which features there are.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

FEATURES: tuple[str, ...] = import_module("xinfang.config.features").FEATURES
"""By name, as the configuration is above everything; and without Django, as a command may need no settings."""


@cache
def modules(name: str) -> tuple[ModuleType, ...]:
    """Return the module of this name in every feature that has one, from the lowest layer up."""
    return tuple(import_module(path) for path in names(name))


@cache
def names(name: str) -> tuple[str, ...]:
    """Return the dotted names of these modules, without importing them: `xinfang --help` starts fast."""
    return tuple(path for path in (f"xinfang.{feature}.{name}" for feature in FEATURES) if _is_there(path))


def _is_there(path: str) -> bool:
    try:
        return find_spec(path) is not None
    except ModuleNotFoundError:
        # A part of the path isn't there.
        return False
