"""Which of the two holders of grams is in use."""

from types import ModuleType

from django.db import connection

from . import postgres, sqlite


def gram_backend() -> ModuleType:
    """Return the module for the database in use; both have the same functions."""
    return postgres if connection.vendor == "postgresql" else sqlite
