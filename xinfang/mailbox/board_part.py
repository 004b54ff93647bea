"""What waits in the mailbox, on the board of limits: its fifteen days run, though no case holds it yet."""

from xinfang.mailbox.home_part import parts

__all__ = ["parts"]
