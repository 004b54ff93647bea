"""What setting up a database does for this feature."""

from .actions import plant


def set_up() -> int:
    """Put the starter categories in place; returns how many were new."""
    return plant()
