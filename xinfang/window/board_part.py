"""What waits at the window, on the board of limits: its fifteen days run, though no case holds it yet."""

from xinfang.window.home_part import parts

__all__ = ["parts"]
