"""What setting up a database does for this feature."""

from xinfang.audit import append_only_triggers


def set_up() -> int:
    """Put the triggers in place again: a migration that rebuilds a table loses them. No rows."""
    append_only_triggers.install()
    return 0
