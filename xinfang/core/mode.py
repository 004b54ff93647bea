"""Whether this process may let people in without password and second factor: in a demo only, and never by a variable alone.

The database says what it is (`core/installation.py`); whoever starts the program compares that with XINFANG_MODE and confirms it here.
"""

from django.conf import settings

MODES = ("production", "demo", "test")
"""Real data, invented people to try it with, or the tests' own."""
_confirmed = ""


def confirm(mode: str) -> None:
    """The database said so, and the setting too."""
    global _confirmed
    _confirmed = mode


def is_demo() -> bool:
    """Whether setting and database agree that this is a demo. A process that asked no database is none."""
    return settings.MODE == _confirmed == "demo"
