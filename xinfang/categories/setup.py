"""What setting up a database does for this feature."""

from xinfang.categories.actions import add_starter_categories


def set_up() -> int:
    """Put the starter categories in place; returns how many were new."""
    return add_starter_categories()
