"""Commands about cases."""

from .cases import add

__all__ = ["add"]
