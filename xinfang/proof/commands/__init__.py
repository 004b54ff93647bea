"""Commands that prove."""

from .proof import add

__all__ = ["add"]
