"""Whether this process may let people in without password and second factor: in a demo only.

A variable alone is never enough. The database says what it is (`core/installation.py`); each start of the program
compares that with XINFANG_MODE and confirms it here.
"""

from django.conf import settings

MODES = ("production", "demo", "test")
"""Real data, invented people to try it with, or the tests' own."""
_confirmed = ""


def confirm(mode: str) -> None:
    """Note that the database is of this mode, as the setting is."""
    global _confirmed
    _confirmed = mode


def is_demo() -> bool:
    """Tell whether setting and database agree that this is a demo. A process that asked no database is none."""
    return settings.MODE == _confirmed == "demo"
